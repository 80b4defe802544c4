"""XMILE's modules: the same bits as the same model written flat, and what is refused."""

import pytest

from modules.running import bits, errors, messages, series
from penstock.compiler import compile_text
from penstock.model import Connection
from penstock.read import read_text

CLOCK = "<start>0</start><stop>12</stop><dt>0.5</dt>"
SPECS = f"<sim_specs>{CLOCK}</sim_specs>"

HARES = """
<model name="hares"><variables>
  <stock name="hares"><eqn>50000</eqn><inflow>births</inflow><outflow>deaths</outflow></stock>
  <flow name="births"><eqn>hares*birth_fraction</eqn><units>hare/year</units></flow>
  <flow name="deaths"><eqn>lynxes*density/2</eqn></flow>
  <aux name="birth fraction"><eqn>1.25</eqn></aux>
  <aux name="density" access="output"><eqn>hares/area</eqn></aux>
  <aux name="area" access="input"><eqn>{none}</eqn></aux>
  <stock name="lynxes" access="input"><eqn>{none}</eqn><non_negative/></stock>
</variables></model>"""
LYNXES = """
<model name="lynxes"><variables>
  <stock name="lynxes" access="output"><eqn>1250</eqn><inflow>births</inflow><outflow>deaths</outflow></stock>
  <flow name="births"><eqn>lynxes*birth_fraction</eqn></flow>
  <flow name="deaths"><eqn>lynxes*10/(prey + 10)</eqn></flow>
  <aux name="birth fraction"><eqn>0.25</eqn></aux>
  <aux name="prey" access="input"/>
</variables></model>"""
FLAT = """
time 0 to 12 by 0.5
const area = 1000
stock hares.hares = 50000
  in hares.births
  out hares.deaths
flow hares.births = hares.hares * hares.birth fraction {hare/year}
flow hares.deaths = hares.lynxes * hares.density / 2
const hares.birth fraction = 1.25
aux hares.density = hares.hares / hares.area
aux hares.area = area
aux hares.lynxes = lynxes.lynxes
stock lynxes.lynxes = 1250
  in lynxes.births
  out lynxes.deaths
flow lynxes.births = lynxes.lynxes * lynxes.birth fraction
flow lynxes.deaths = lynxes.lynxes * 10 / (lynxes.prey + 10)
const lynxes.birth fraction = 0.25
aux lynxes.prey = hares.density
"""
FULL_NAMES = """
<module name="hares">
  <connect to="hares.area" from=".area"/><connect2 to="hares.area" from="area"/>
  <connect to="lynxes.prey" from="hares.density"/><connect2 to="lynxes.prey" from="hares.density"/>
  <connect to="hares.lynxes" from="lynxes.lynxes"/>
</module>
<module name="lynxes">
  <connect to="lynxes.prey" from="hares.density"/>
</module>"""
PLAIN_NAMES = """
<module name="hares"><connect to="area" from=".area"/><connect to="lynxes" from="lynxes.lynxes"/></module>
<module name="lynxes"><connect to="prey" from="hares.density"/></module>"""
ONLY_SECOND = FULL_NAMES.replace("<connect to", "<ignored to").replace(
    '<module name="lynxes">', '<module name="lynxes"><connect2 to="hares.lynxes" from="lynxes.lynxes"/>'
)
AREA = '<aux name="area" access="output"><eqn>1000</eqn></aux>'


def whole(main: str, *models: str, root: str = "") -> str:
    return f"<xmile>{SPECS}{root}<model><variables>{main}</variables></model>{''.join(models)}</xmile>"


def aux(name: str, equation: str) -> str:
    return f'<aux name="{name}"><eqn>{equation}</eqn></aux>'


def module(name: str, **connections: str) -> str:
    """A module whose inputs, by their plain names, are connected."""
    rows = "".join(f"<connect to='{to}' from='{source}'/>" for to, source in connections.items())
    return f"<module name='{name}'>{rows}</module>"


def value(text: str, name: str) -> float:
    """The first saved value of a variable."""
    return series(text, "test.xmile")[name][0]


def model(name: str, *variables: str) -> str:
    return f'<model name="{name}"><variables>{"".join(variables)}</variables></model>'


@pytest.mark.parametrize("modules", [FULL_NAMES, PLAIN_NAMES, ONLY_SECOND])
def test_two_modules_have_the_bits_of_the_same_model_written_flat(modules: str) -> None:
    saved = series(whole(modules + AREA, HARES, LYNXES), "test.xmile")
    assert bits(saved) == bits(series(FLAT, "test.pen"))
    assert list(saved["hares.hares"])[:2] == [50000.0, 50000 + 0.5 * (62500 - 1250 * 50 / 2)]


def test_results_name_variables_of_modules_with_a_dot_and_keep_units() -> None:
    compiled = compile_text(whole(FULL_NAMES + AREA, HARES, LYNXES), "test.xmile")
    rows = {row["name"]: row.get("units") for row in compiled.program.variables}
    hares = ("hares", "births", "deaths", "birth fraction", "density", "area", "lynxes")
    lynxes = ("lynxes", "births", "deaths", "birth fraction", "prey")
    names = [*(f"hares.{name}" for name in hares), *(f"lynxes.{name}" for name in lynxes)]
    assert list(rows) == ["Time", "area", *names]
    assert rows["hares.births"] == "hare/year"
    described = {row["name"]: row for row in compiled.document["variables"]}
    assert described["hares.births"]["equation"] == "hares*birth_fraction"


def test_modules_hold_modules_and_names_reach_up_and_down() -> None:
    inner = model("Inner", aux("x", "10*given"), aux("given", "3"))
    held = "<module name='Inner'><connect to='Inner.given' from='base'/></module>"
    outer = model("Outer", aux("y", "Inner.x + base"), aux("base", "{open}"), held)
    main = aux("top", "Outer.Inner.x + Outer.y") + aux("base", "7") + module("Outer", base=".base")
    saved = series(whole(main, inner, outer), "test.xmile")
    assert {name: values[0] for name, values in saved.items() if name != "Time"} == {
        "top": 70.0 + 77.0,
        "base": 7.0,
        "Outer.y": 77.0,
        "Outer.base": 7.0,
        "Outer.Inner.x": 70.0,
        "Outer.Inner.given": 7.0,
    }


def test_stella_connects_nested_modules_by_names_from_the_top() -> None:
    inner = model("Outer.Inner", aux("x", "10*given"), aux("given", ""))
    links = "<connect to='Outer.Inner.given' from='Outer.base'/><connect2 to='Inner.given' from='base'/>"
    outer = model("Outer", aux("base", "5"), f"<module name='Inner'>{links}</module>")
    assert value(whole(module("Outer") + aux("base", "2"), outer, inner), "Outer.Inner.x") == 50.0


def test_a_module_may_reach_the_main_model_by_a_dot_in_front() -> None:
    inside = model("M", aux("x", "3"), aux("y", "10*.x + x"))
    assert value(whole(module("M") + aux("x", "2"), inside), "M.y") == 23.0


def test_an_output_may_be_connected_to_an_input_of_the_main_model() -> None:
    main = "<module name='M'><connect to='.result' from='M.y'/></module><aux name='result' access='input'/>"
    assert value(whole(main, model("M", aux("y", "3"))), "result") == 3.0


def test_one_model_in_two_modules_has_two_states() -> None:
    cash = "<stock name='cash'><eqn>start</eqn><inflow>gain</inflow></stock>"
    firm = model("Firm", cash, "<flow name='gain'><eqn>cash/4</eqn></flow>", aux("start", "1"))
    modules = "<module name='A' vendor:model_name='Firm'/>" + module("B", start="ten")
    modules = modules.replace("<module name='B'", "<module name='B' vendor:model_name='Firm'")
    saved = series(whole(aux("ten", "10") + modules, firm), "test.xmile")
    assert saved["A.cash"][-1] == 1.125**24
    # Twenty-four steps, each of which rounds twice.
    assert saved["B.cash"][-1] == pytest.approx(10 * 1.125**24, rel=48 * 2**-53)


def test_an_input_of_its_own_counts_where_nothing_is_connected() -> None:
    inside = model("M", '<aux name="x" access="input"><eqn>4</eqn></aux>')
    assert value(whole(module("M"), inside), "M.x") == 4.0


def test_inputs_may_be_lookups_arrays_and_flows() -> None:
    dims = "<dimensions><dim name='town'><elem name='north'/><elem name='south'/></dim></dimensions>"
    over = "<dimensions><dim name='town'/></dimensions>"
    goals = (
        "<element subscript='north'><eqn>8</eqn></element>",
        "<element subscript='south'><eqn>6</eqn></element>",
    )
    main = (
        f"<aux name='goal'>{over}{''.join(goals)}</aux>",
        "<gf name='curve'><xscale min='0' max='10'/><ypts>0,20</ypts></gf>",
        "<flow name='rain'><eqn>2</eqn></flow>",
        module("M", curve="curve", goal="goal", rain="rain"),
    )
    inside = model(
        "M",
        "<aux name='curve' access='input'/>",
        "<aux name='goal' access='input'/>",
        "<flow name='rain' access='input'/>",
        "<stock name='lake'><eqn>1</eqn><inflow>rain</inflow></stock>",
        f"<aux name='half'><eqn>goal/2</eqn>{over}</aux>",
        aux("looked", "curve(3)"),
    )
    text = whole("".join(main), inside, root=dims)
    kinds = {row["name"]: row["kind"] for row in compile_text(text, "test.xmile").program.variables}
    assert (kinds["M.rain"], kinds["M.goal"]) == ("flow", "auxiliary")
    saved = series(text, "test.xmile")
    assert saved["M.looked"][0] == 6.0
    assert (saved["M.half[north]"][0], saved["M.half[south]"][0]) == (4.0, 3.0)
    assert saved["M.lake"][-1] == 25.0


def test_macros_may_be_called_in_modules() -> None:
    macro = "<macro name='TWICE'><parm>x</parm><eqn>x*2</eqn></macro>"
    inside = model("M", aux("x", "3"), aux("y", "TWICE(x)"))
    assert value(whole(module("M"), inside, macro), "M.y") == 6.0


def test_reading_keeps_modules_and_their_models_for_writers() -> None:
    made = read_text(whole(PLAIN_NAMES + AREA, HARES, LYNXES), "test.xmile").model
    assert [item.name for item in made.variables] == ["area"]
    assert [item.name for item in made.submodels] == ["hares", "lynxes"]
    assert made.modules[0].connections == (Connection("area", ".area"), Connection("lynxes", "lynxes.lynxes"))
    assert made.variables[0].access == "output"
    assert made.submodels[0].variables[5].equations == ()


def test_a_model_that_no_module_holds_is_reported() -> None:
    result = read_text(whole(aux("x", "1"), HARES), "test.xmile")
    assert [(item.code, item.span.text) for item in result.findings] == [("PEN403", '<model name="hares">')]


M = model("M", aux("x", "3"))
HOLDS_M = "<module name='M'/>"
INPUT = '<aux name="x" access="input"/>'
LATE = M.replace("<variables>", f"<sim_specs>{CLOCK.replace('0.5', '0.25')}</sim_specs><variables>")
TO_X = "<connect to='M.x' from='a'/>"
TO_X_TOO = "<connect to='M.x' from='b'/>"


@pytest.mark.parametrize(
    ("text", "code", "pointed"),
    [
        (whole(HOLDS_M + aux("outside", "1"), model("M", aux("x", "outside"))), "PEN201", "outside"),
        (whole(HOLDS_M + aux("y", "M.lost"), M), "PEN201", "M.lost"),
        (whole(HOLDS_M, model("M", INPUT)), "PEN208", INPUT),
        (whole("<module name='N'/>", M), "PEN201", "<module name='N'/>"),
        (whole(HOLDS_M, model("M", aux("x", "1"), HOLDS_M)), "PEN205", HOLDS_M),
        (
            whole("<module name='M' resource='m.xmile'/>", M),
            "PEN401",
            "<module name='M' resource='m.xmile'/>",
        ),
        (whole("<module name='M'><dimensions/></module>", M), "PEN401", "<module name='M'>"),
        (whole("<module/>", M), "PEN101", "<module/>"),
        (whole(HOLDS_M + HOLDS_M, M), "PEN202", HOLDS_M),
        (whole(HOLDS_M + aux("M", "1"), M), "PEN202", HOLDS_M),
        (whole(HOLDS_M, M, M), "PEN202", '<model name="M">'),
        (whole(module("M", y="z") + aux("z", "1"), M), "PEN201", "<connect to='y' from='z'/>"),
        (whole(module("M", x="z"), M), "PEN201", "<connect to='x' from='z'/>"),
        (whole("<module name='M'><connect to='M.x'/></module>", M), "PEN101", "<connect to='M.x'/>"),
        (
            whole(f"<module name='M'>{TO_X}{TO_X_TOO}</module>" + aux("a", "1") + aux("b", "1"), M),
            "PEN106",
            TO_X_TOO,
        ),
        (whole(HOLDS_M, LATE), "PEN401", HOLDS_M),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(text: str, code: str, pointed: str) -> None:
    assert errors(text, "test.xmile") == [(code, pointed)]


def test_a_module_with_the_main_models_clock_runs() -> None:
    same = f"<model name='M'>{SPECS}<variables>{aux('x', '1')}</variables></model>"
    assert series(whole("<module name='M'/>", same), "test.xmile")["M.x"][0] == 1.0


def test_a_module_within_itself_says_its_path() -> None:
    text = whole(
        "<module name='A'/>" + aux("x", "1"),
        model("A", "<module name='B'/>"),
        model("B", "<module name='A'/>"),
    )
    assert "A → B → A" in messages(text, "test.xmile")[0]


def test_inputs_connected_in_a_circle_are_an_error_with_the_path() -> None:
    models = (model(name, f"<aux name='{own}' access='input'/>") for name, own in (("A", "x"), ("B", "y")))
    text = whole(module("A", x="B.y") + module("B", y="A.x"), *models)
    assert "A.x → B.y → A.x" in messages(text, "test.xmile")[0]


def test_modules_that_multiply_are_refused_before_they_fill_the_memory() -> None:
    models = [model("M0", aux("x", "1"))]
    for number in range(1, 40):
        held = "".join(f"<module name='{side}' v:model_name='M{number - 1}'/>" for side in "AB")
        models.append(model(f"M{number}", held, aux("x", "1")))
    (message,) = messages(whole("<module name='M39'/>", *models), "test.xmile")
    assert "more than 10000 modules" in message
