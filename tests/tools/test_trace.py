"""`traceRun` shows the run's own bits, and for parts of equations values that can be computed by hand."""

import json
import struct
from pathlib import Path

import pytest

import penstock
from penstock import Compiled, PenstockError
from penstock.tools import call

TEXT = """
stock Tea = 180
  out cooling
flow cooling = (Tea - room) / 10
aux room = if time > 2 then 70 else 60 + 1
aux seen = smooth(Tea, 2, 5 + 1) * 2
aux before = previous(Tea + 1, 7)
lookup table = (0, 0) (100, 50)
aux bent = table(room + 20)
dim leaf = green, black
const share[leaf] = 1, 3
aux parts[leaf] = Tea * share
aux all = sum(parts[*] / 2) + 1
aux wrong = ln(0 - Tea) + 1
time 0 to 4 by 1
"""


@pytest.fixture(scope="module")
def tea() -> Compiled:
    return penstock.loads(TEXT)


def traced(model: Compiled, *equations: str, **asked: object) -> dict:
    answer = call("traceRun", {"equations": list(equations), **asked}, {model.model_hash: model})
    json.dumps(answer, allow_nan=False)
    return answer


def parts(model: Compiled, equation: str, part: str = "value", **asked: object) -> dict[str, list]:
    """The values of an equation's parts by their text."""
    rows = [row for row in traced(model, equation, **asked)["equations"] if row["part"] == part]
    return {piece["text"]: piece["values"] for piece in rows[0]["pieces"]}


@pytest.mark.smoke
def test_every_part_has_its_value_at_every_saved_step(tea: Compiled) -> None:
    found = parts(tea, "cooling", first=0, last=1)
    # 180 - 61 = 119, a tenth of it flows; then 168.1 - 61 = 107.1
    assert found == {
        "(Tea - room) / 10": [11.9, (180 - 11.9 - 61) / 10],
        "Tea - room": [119.0, 180 - 11.9 - 61],
        "Tea": [180.0, 180 - 11.9],
        "room": [61.0, 61.0],
        "10": [10.0, 10.0],
    }


@pytest.mark.smoke
def test_only_the_side_that_is_taken_has_a_value(tea: Compiled) -> None:
    found = parts(tea, "room")
    assert found["time > 2"] == [0.0, 0.0, 0.0, 1.0, 1.0]
    assert found["70"] == [None, None, None, 70.0, 70.0]
    assert found["60 + 1"] == found["room"] if "room" in found else [61.0, 61.0, 61.0, None, None]
    assert found["60"] == [60.0, 60.0, 60.0, None, None]


def test_a_function_with_a_memory_shows_its_state(tea: Compiled) -> None:
    (row,) = traced(tea, "seen")["equations"]
    smooth = next(piece for piece in row["pieces"] if piece["text"] == "smooth(Tea, 2, 5 + 1)")
    (state,) = smooth["states"]
    assert state["kind"] == "stock"
    assert state["values"] == smooth["values"]
    # each step closes half of the gap: 6, then 6 + (180 - 6)/2
    assert state["values"][:2] == [6.0, 93.0]
    start = next(piece for piece in row["pieces"] if piece["text"] == "5 + 1")
    assert (start["when"], start["values"]) == ("start", [6.0])


def test_a_memory_of_one_step_shows_what_it_takes_next(tea: Compiled) -> None:
    found = parts(tea, "before")
    own = found["previous(Tea + 1, 7)"]
    assert own[0] == 7.0
    assert own[1:] == found["Tea + 1"][:-1]


def test_a_stock_is_told_by_its_flows_and_by_its_start(tea: Compiled) -> None:
    assert parts(tea, "Tea", "net flow")["cooling"] == parts(tea, "cooling")["(Tea - room) / 10"]
    assert parts(tea, "Tea", "initial value") == {"180": [180.0]}


def test_a_call_of_a_graphical_function_shows_its_argument(tea: Compiled) -> None:
    found = parts(tea, "bent", first=0, last=0)
    assert found["room + 20"] == [81.0]
    assert found["table(room + 20)"] == [40.5]


def test_an_array_is_traced_by_element_and_a_sum_through_its_elements(tea: Compiled) -> None:
    rows = traced(tea, "parts", first=0, last=0)["equations"]
    assert {row["variable"]: row["values"] for row in rows} == {
        "parts[green]": [180.0],
        "parts[black]": [540.0],
    }
    (row,) = traced(tea, "parts[black]", first=0, last=0)["equations"]
    assert {piece["text"]: piece["values"] for piece in row["pieces"]}["share"] == [3.0]
    (row,) = traced(tea, "all", first=0, last=1)["equations"]
    inner = next(piece for piece in row["pieces"] if piece["text"] == "parts[*] / 2")
    assert inner["elements"] == ["green", "black"]
    assert inner["values"] == [90.0, 84.05, 270.0, 3 * 168.1 / 2]


def test_a_sum_over_two_dimensions_lists_its_elements_row_by_row() -> None:
    model = penstock.loads(
        "dim a = one, two\ndim b = x, y, z\nconst m[a, b] = 1, 2, 3, 4, 5, 6\naux whole = sum(m[*, *] * 10)\n"
        "aux t[b, a] = m[a, b]\ntime 0 to 1 by 1"
    )
    (row,) = traced(model, "whole", first=0, last=0)["equations"]
    inner = next(piece for piece in row["pieces"] if piece["text"] == "m[*, *] * 10")
    assert inner["values"] == [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
    assert inner["elements"] == ["one,x", "one,y", "one,z", "two,x", "two,y", "two,z"]
    (row,) = traced(model, "t[y, two]", first=0, last=0)["equations"]
    assert (row["values"], row["pieces"][0]["values"]) == ([5.0], [5.0])


def test_numbers_that_are_none_are_words(tea: Compiled) -> None:
    assert parts(tea, "wrong")["ln(0 - Tea)"] == ["NaN"] * 5


def test_what_is_set_from_outside_is_told_from_the_equation(tea: Compiled) -> None:
    overrides = [{"name": "share[black]", "value": 5, "at": 2.0}, {"name": "Tea", "value": 100}]
    answer = traced(tea, "share[black]", "Tea", overrides=overrides)
    share, _, start = answer["equations"]
    assert (share["outcome"], share["values"]) == ("set", [3.0, 3.0, 3.0, 5.0, 5.0])
    assert share["pieces"][0]["values"] == [3.0] * 5
    assert (start["outcome"], start["values"], start["pieces"][0]["values"]) == ("set", [100.0], [180.0])


def test_a_flow_that_a_stock_limits_says_so() -> None:
    text = (
        '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>x</vendor>'
        "<product>y</product></header><sim_specs><start>0</start><stop>2</stop><dt>1</dt></sim_specs><model>"
        '<variables><stock name="tank"><eqn>5</eqn><outflow>drain</outflow><non_negative/></stock>'
        '<flow name="drain"><eqn>1 + 2</eqn></flow></variables></model></xmile>'
    )
    model = penstock.loads(text, "m.xmile")
    (row,) = traced(model, "drain")["equations"]
    assert row["outcome"] == "limited"
    assert row["values"] == [3.0, 2.0, 0.0]
    assert row["pieces"][0]["values"] == [3.0, 3.0, 3.0]


def test_a_macro_is_traced_inside() -> None:
    text = (
        ":MACRO: TWICE(x)\nTWICE = inner + x ~~|\ninner = x * 1 ~~|\n:END OF MACRO:\n"
        "a = TWICE(Time + 3) + 1 ~~|\nINITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"
    )
    rows = traced(penstock.loads(text, "m.mdl"), "a")["equations"]
    assert [row["within"] for row in rows] == ["", "a", "a"]
    assert [row["variable"] for row in rows] == ["a", "TWICE 1: inner", "TWICE 1: TWICE"]
    assert "Time + 3" in [piece["text"] for piece in rows[0]["pieces"]]
    found = {piece["text"]: piece["values"] for row in rows for piece in row["pieces"]}
    assert found["Time + 3"] == [3.0, 4.0]
    assert found["TWICE(Time + 3)"] == [6.0, 8.0]
    assert found["inner + x"] == [6.0, 8.0]
    assert found["x * 1"] == [3.0, 4.0]


def test_a_module_is_traced_by_its_qualified_name() -> None:
    text = (
        '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>x</vendor>'
        "<product>y</product></header><sim_specs><start>0</start><stop>1</stop><dt>1</dt></sim_specs><model>"
        '<variables><aux name="a"><eqn>4</eqn></aux><module name="m"><connect to="m.in" from="a"/></module>'
        '</variables></model><model name="m"><variables><aux name="in" access="input"><eqn>0</eqn></aux>'
        '<aux name="out"><eqn>in * in</eqn></aux></variables></model></xmile>'
    )
    (row,) = traced(penstock.loads(text, "m.xmile"), "m.out")["equations"]
    assert [piece["values"] for piece in row["pieces"]] == [[16.0, 16.0], [4.0, 4.0], [4.0, 4.0]]


def test_ranges_count_utf16_units() -> None:
    model = penstock.loads("# 🍵🍵\naux a = 1 + time\ntime 0 to 1 by 1")
    (row,) = traced(model, "a")["equations"]
    text = model.source.text.encode("utf-16-le")
    for piece in row["pieces"]:
        first, last = piece["range"]
        assert text[2 * first : 2 * last].decode("utf-16-le") == piece["text"]


def test_what_cannot_be_traced_is_refused(tea: Compiled) -> None:
    for asked, code in (
        ({"equations": ["coffee"]}, "PEN201"),
        ({"equations": ["table"]}, "PEN516"),
        ({"equations": ["parts[white]"]}, "PEN201"),
        ({"save": ["coffee"]}, "PEN201"),
        ({"engine": "steam"}, "PEN501"),
        ({"specs": {"dt": -1.0}}, "PEN504"),
    ):
        with pytest.raises(PenstockError, match=code):
            call("traceRun", asked, {"m": tea})


def bits(values: list) -> list[bytes]:
    numbers = [float(value) for value in values]
    return [b"NaN" if number != number else struct.pack("d", number) for number in numbers]


MODELS = (
    "bobby-consts/consts.mdl",
    "tm-delays/test_delays.mdl",
    "tm-subscript_2d_arrays/test_subscript_2d_arrays.mdl",
    "tm-macro_multi_macros/test_macro_multi_macros.mdl",
    "tm-dynamic_final_time/test_dynamic_final_time.mdl",
    "tm-smooth/test_smooth.mdl",
    "tm-active_initial/test_active_initial.mdl",
    "simlin-conveyors-leaky_conveyor/leaky_conveyor.xmile",
    "tm-with_lookup/test_with_lookup.mdl",
    "sde-sample/sample.mdl",
)


@pytest.mark.parametrize("engine", ["wasm", "vm"])
@pytest.mark.parametrize("name", MODELS)
def test_a_traced_run_has_the_bits_of_the_run(name: str, engine: str, corpus: Path) -> None:
    """And wherever an equation's value is the variable's, its outermost part has these bits too."""
    if not (corpus / name).exists():
        pytest.skip(f"the corpus has no {name}")
    model = penstock.load(corpus / name)
    results = penstock.simulate(model, engine=engine)
    symbols = model.schedule.symbols.by_ident.values()
    names = [item.name for item in symbols if not item.hidden and item.role.value not in ("lookup", "clock")]
    answer = traced(model, *names, engine=engine)
    assert answer["engine"] == engine
    for row in answer["variables"]:
        assert bits(row["values"]) == bits(list(results[row["name"]])), row["name"]
    for row in answer["equations"]:
        assert row["outcome"] != "set", row["variable"]
        if row["outcome"] == "equation" and row["values"] and row["pieces"]:
            assert bits(row["pieces"][0]["values"]) == bits(row["values"]), row["variable"]
