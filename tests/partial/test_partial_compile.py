"""A model with errors in some parts: the rest runs with the values of the whole model, and the report says the rest."""

import random

import pytest

from penstock.compiler import Compiled, compile_text
from penstock.errors import PenstockError
from penstock.run import simulate

CONTROL = "INITIAL TIME = 0 ~~|\nFINAL TIME = 4 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"
XMILE = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>
{}</xmile>"""


def partial(text: str, name: str = "m.mdl") -> Compiled:
    return compile_text(text, name, partial=True)


def there(compiled: Compiled) -> set[str]:
    return {row["name"] for row in compiled.program.variables} - {"Time"}


def wrong(compiled: Compiled) -> dict[str, list[str]]:
    """What is left out for errors of its own, with their codes."""
    return {item.name: [r.code for r in item.reasons] for item in compiled.missing if not item.needs}


def fallen(compiled: Compiled) -> dict[str, tuple[str, ...]]:
    """What is left out for another part, with the way to that."""
    return {item.name: item.needs for item in compiled.missing if item.needs}


def mdl(*equations: str) -> str:
    return "{UTF-8}\n" + "".join(f"{equation} ~~|\n" for equation in equations) + CONTROL


# What goes, and what stays ---------------------------------------------------------------------------------


def test_findings_of_reading_and_of_every_later_pass_are_reported_together():
    found = partial(
        mdl(
            "data = GET VDF DATA('a', 'b')",
            "half = 3 *",
            "name = nope + 1",
            "function = NO SUCH FUNCTION(3)",
            "a = b",
            "b = a",
            "n = SMOOTH N(good, 3, good)",
            "good = 4 + Time",
        )
    )
    assert wrong(found) | {"a": None, "b": None} == {
        "data": ["PEN401"],
        "half": ["PEN101"],
        "name": ["PEN201"],
        "function": ["PEN203"],
        "n": wrong(found)["n"],
        "a": None,
        "b": None,
    }
    assert there(found) == {"good"}


def test_what_needs_a_missing_part_is_left_out_with_the_way_to_it():
    found = partial(mdl("x = 3 *", "y = x + 1", "S = INTEG(y, 0)", "z = S", "free = 1"))
    assert fallen(found) == {"y": ("x",), "S": ("y", "x"), "z": ("S", "y", "x")}
    text = next(item.reasons[0].message for item in found.missing if item.name == "S")
    assert text == "S is left out: it needs y, which needs x, which has an error (line 2)"
    assert there(found) == {"free"}


def test_an_array_of_which_one_equation_cannot_be_read_is_missing_as_a_whole():
    found = partial(
        mdl("A: a1, a2", "v[a1] = 1", "v[a2] = 2 +", "total = SUM(v[A!])", "first = v[a1]", "w[A] = 3")
    )
    assert set(wrong(found)) == {"v"}
    assert set(fallen(found)) == {"total", "first"}
    assert there(found) == {"w"}


def test_a_dimension_that_cannot_be_read_takes_along_what_has_its_elements():
    # v would otherwise get the larger dimension B, with an element that has no equation.
    found = partial(
        mdl("B: a1, a2, a3", "A: a1,, a2", "v[a1] = 1", "v[a2] = 2", "u[B] = 5", "x[A] = 1", "k = 2")
    )
    assert set(wrong(found)) == {"A"}
    assert set(fallen(found)) == {"v", "x"}
    assert there(found) == {"u", "k"}


def test_a_name_that_is_missing_does_not_fall_back_on_a_function_of_that_name():
    text = XMILE.format(
        '<model><variables><aux name="pi"><eqn>3 +</eqn></aux><aux name="area"><eqn>pi * 4</eqn></aux>'
        '<aux name="k"><eqn>1</eqn></aux></variables></model>'
    )
    found = partial(text, "m.xmile")
    assert fallen(found) == {"area": ("pi",)}
    assert there(found) == {"k"}


def test_random_draws_are_missing_with_the_noise_seed_that_they_need():
    found = partial(mdl("NOISE SEED = 3 +", "r = RANDOM UNIFORM(0, 1, 0)", "k = 2"))
    assert fallen(found) == {"r": ("NOISE SEED",)}
    assert there(found) == {"k"}


def test_flows_that_a_missing_stock_limits_are_missing_and_others_are_not():
    text = XMILE.format(
        """<model><variables>
        <stock name="Full"><eqn>3 +</eqn><outflow>drain</outflow><non_negative/></stock>
        <stock name="Plain"><eqn>3 +</eqn><outflow>free</outflow></stock>
        <stock name="Next"><eqn>0</eqn><inflow>drain</inflow></stock>
        <stock name="Other"><eqn>0</eqn><inflow>free</inflow></stock>
        <flow name="drain"><eqn>5</eqn></flow><flow name="free"><eqn>5</eqn></flow>
        </variables></model>"""
    )
    found = partial(text, "m.xmile")
    assert set(wrong(found)) == {"Full", "Plain"}
    assert set(fallen(found)) == {"drain", "Next"}
    assert there(found) == {"free", "Other"}


@pytest.mark.parametrize(
    "stock",
    [
        "non-negative stock S = 3 )\n  in a\n  out b",
        "non-negative stock S = 3\n  in a\n  out b,",
        "non-negative stock S = nothing\n  in a\n  out b",
    ],
)
def test_the_same_in_penstock_text(stock: str):
    found = partial(f"time 0 to 4\n{stock}\nflow a = 1\nflow b = 2\naux c = b\nconst k = 1\n", "m.pen")
    assert set(wrong(found)) == {"S"}
    assert set(fallen(found)) == {"a", "b", "c"}
    assert there(found) == {"k"}


def test_a_macro_with_an_error_takes_its_callers_along():
    macro = ":MACRO: F(a)\nF = a * nowhere ~~|\n:END OF MACRO:\n"
    found = partial("{UTF-8}\n" + macro + mdl("k = F(m)", "l = k + 1", "m = 2").removeprefix("{UTF-8}\n"))
    assert there(found) == {"m"}
    assert {"k", "l"} == {item.name for item in found.missing}
    assert any("in the macro F, called by k" in r.message for item in found.missing for r in item.reasons)


def test_what_is_wrong_in_a_part_that_nothing_uses_is_reported_too():
    macro = ":MACRO: F(a)\nF = a * ~~|\n:END OF MACRO:\n"
    found = partial("{UTF-8}\n" + macro + mdl("m = 2").removeprefix("{UTF-8}\n"))
    assert wrong(found) == {"F": ["PEN101"]}
    assert there(found) == {"m"}


def test_connections_in_a_circle_stop_a_partial_model_too():
    text = XMILE.format(
        """<model><variables><module name="M"><connect to="M.i" from="M.i"/></module>
        <aux name="h"><eqn>M.i</eqn></aux></variables></model>
        <model name="M"><variables><aux name="i" access="input"><eqn>7</eqn></aux></variables></model>"""
    )
    with pytest.raises(PenstockError, match="PEN205"):
        partial(text, "m.xmile")


def test_an_input_of_a_module_is_missing_with_what_it_is_connected_to():
    text = XMILE.format(
        """<model><variables><module name="M"><connect to="M.i" from="bad"/></module>
        <aux name="bad"><eqn>4 +</eqn></aux><aux name="g"><eqn>M.o</eqn></aux><aux name="h"><eqn>M.k</eqn></aux>
        </variables></model><model name="M"><variables><aux name="i" access="input"><eqn>7</eqn></aux>
        <aux name="o"><eqn>i * 2</eqn></aux><aux name="k"><eqn>3</eqn></aux></variables></model>"""
    )
    found = partial(text, "m.xmile")
    assert fallen(found)["g"] == ("M.o", "M.i", "bad")
    assert there(found) == {"h", "M.k"}


def test_the_lines_below_a_stock_that_cannot_be_read_are_not_reported_again():
    found = partial("time 0 to 4\nstock S = 3 )\n  in f\nflow f = 2\nconst k = 1\n", "m.pen")
    assert wrong(found) == {"S": ["PEN101"]}
    assert there(found) == {"k"}


def test_a_model_without_errors_is_the_same_compiled_partially():
    text = mdl("S = INTEG(f, 10)", "f = 0.1 * S")
    whole, part = compile_text(text, "m.mdl"), partial(text)
    assert part.missing == ()
    assert part.blob == whole.blob


# Nothing runs where it is not known what is missing -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (mdl("k = 1").replace("FINAL TIME = 4", "FINAL TIME = 4 +"), "PEN101"),
        (mdl("k = 1", "end = 3 +").replace("FINAL TIME = 4", "FINAL TIME = end"), "PEN405"),
        (mdl("k = 1").replace("FINAL TIME = 4 ~~|\n", "") + "bad = 3 + ~~|", "PEN208"),
        (mdl("k = 1", '"open = 3'), "PEN103"),
        (mdl("k = 1") + "\\\\\\---/// Sketch\n///---\\\\\\\n:L\x7f<%^E!@\n15:0,0,0,9,0,0\n", "PEN402"),
    ],
)
def test_errors_of_the_whole_model_stop_a_partial_one_too(text: str, code: str):
    with pytest.raises(PenstockError) as refusal:
        partial(text)
    assert code in [item.code for item in refusal.value.diagnostics]


def test_an_unread_part_still_refuses_the_whole_model_where_nobody_asked_for_parts():
    with pytest.raises(PenstockError, match="PEN101"):
        compile_text(mdl("x = 3 *", "free = 1"), "m.mdl")


# The values of what stays ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("damage", ["3 +", "GET VDF DATA('f', 'v')", "no such name", "NO SUCH FUNCTION(1)"])
def test_what_stays_has_the_values_of_the_whole_model_and_all_that_needs_the_damage_goes(
    seed: int, damage: str
):
    draw = random.Random(seed)
    names = [f"v{number}" for number in range(12)]
    needs = {
        name: draw.sample(names[:number], min(number, draw.randint(0, 2)))
        for number, name in enumerate(names)
    }
    stocks = set(draw.sample(names, 4))

    def equation(name: str, expr: str) -> str:
        return f"{name} = INTEG({expr}, {len(name)})" if name in stocks else f"{name} = {expr}"

    lines = {name: equation(name, " + ".join([*needs[name], "0.5 * Time"])) for name in names}
    broken = set(draw.sample(names, 2))
    gone = set(broken)
    for name in names:  # needs come first
        if gone & set(needs[name]):
            gone.add(name)
    whole = simulate(compile_text(mdl(*lines.values()), "m.mdl"), engine="vm")
    damaged = partial(
        mdl(*(equation(name, damage) if name in broken else line for name, line in lines.items()))
    )
    assert {item.name for item in damaged.missing} == gone
    assert set(wrong(damaged)) == broken
    if gone != set(names):
        part = simulate(damaged, engine="vm")
        assert set(part.names) - {"Time", "time"} == set(names) - gone
        for name in set(names) - gone:
            assert list(part.series(name)) == list(whole.series(name))
