"""XMILE's macros: parameters with defaults, values as equations, and what is refused."""

import pytest

from modules.running import errors, series
from penstock.read import read_text

SPECS = "<sim_specs><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>"

FOLLOW = """
<macro name="FOLLOW">
  <parm>goal</parm>
  <parm default="4/2">delay time</parm>
  <eqn>level</eqn>
  <variables>
    <aux name="goal" access="input"><eqn>77</eqn></aux>
    <stock name="level"><eqn>goal/2</eqn><inflow>change</inflow></stock>
    <flow name="change"><eqn>(goal - level)/delay_time</eqn></flow>
  </variables>
</macro>"""


def model(variables: str, macros: str = FOLLOW, root: str = "") -> str:
    return f"<xmile>{SPECS}{root}<model><variables>{variables}</variables></model>{macros}</xmile>"


def aux(name: str, equation: str, more: str = "") -> str:
    return f'<aux name="{name}"><eqn>{equation}</eqn>{more}</aux>'


def followed(goal: float, delay: float) -> list[float]:
    level, levels = goal / 2, []
    for _ in range(9):
        levels.append(level)
        level = level + 0.5 * ((goal - level) / delay)
    return levels


def test_a_macro_with_stocks_and_flows_and_a_default() -> None:
    saved = series(model(aux("a", "FOLLOW(8, 4)") + aux("b", "follow(6) + 1")), "test.xmile")
    assert list(saved["a"]) == followed(8, 4)
    assert list(saved["b"]) == [value + 1 for value in followed(6, 2)]
    assert set(saved) == {"Time", "a", "b"}


def test_the_value_may_be_an_equation_or_the_variable_of_the_macros_name() -> None:
    sum_ = "<macro name='ADD'><parm>x</parm><parm>y</parm><eqn>x + 2*y</eqn></macro>"
    own = "<variables><aux name='MY SUM'><eqn>x + 1</eqn></aux></variables>"
    named = f"<macro name='MY SUM'><parm>x</parm><eqn>MY SUM</eqn>{own}</macro>"
    saved = series(model(aux("a", "ADD(3, 4)") + aux("b", "MY_SUM(a)"), sum_ + named), "test.xmile")
    assert (saved["a"][0], saved["b"][0]) == (11.0, 12.0)


def test_a_macro_of_a_built_in_functions_name_counts_first() -> None:
    macro = "<macro name='SMTH1'><parm>x</parm><parm>y</parm><eqn>x - y</eqn></macro>"
    assert series(model(aux("a", "SMTH1(9, 2)"), macro), "test.xmile")["a"][0] == 7.0


def test_a_call_in_an_array_has_a_stock_for_each_element() -> None:
    dims = "<dimensions><dim name='town'><elem name='north'/><elem name='south'/></dim></dimensions>"
    over = "<dimensions><dim name='town'/></dimensions>"
    goals = (
        "<element subscript='north'><eqn>8</eqn></element><element subscript='south'><eqn>6</eqn></element>"
    )
    variables = f'<aux name="goal">{over}{goals}</aux>' + aux("a", "FOLLOW(goal, 4)", over)
    saved = series(model(variables, root=dims), "test.xmile")
    assert list(saved["a[north]"]) == followed(8, 4)
    assert list(saved["a[south]"]) == followed(6, 4)


def test_reading_keeps_the_macro_for_writers() -> None:
    (macro,) = read_text(model(aux("a", "FOLLOW(8)")), "test.xmile").model.macros
    assert [(item.name, item.default is None) for item in macro.parameters] == [
        ("goal", True),
        ("delay time", False),
    ]
    assert [item.name for item in macro.variables] == ["goal", "level", "change"]
    assert macro.span.text.startswith('<macro name="FOLLOW">')
    assert "delay_time" in macro.span.text


X = "<parm>x</parm><eqn>x</eqn>"


@pytest.mark.parametrize(
    ("macro", "code", "pointed"),
    [
        ("<macro name='M'><parm>x</parm><eqn>x + lost</eqn></macro>", "PEN201", "lost"),
        ("<macro name='M'><parm>x</parm><eqn>M(x)</eqn></macro>", "PEN205", "M(x)"),
        ("<macro name='M'><eqn>1</eqn></macro>", "PEN204", "M(1)"),
        (f"<macro name='M'><parm>x</parm><eqn>x</eqn>{SPECS}</macro>", "PEN401", "<sim_specs>"),
        (
            f"<macro name='M'>{X}<variables><module name='y'/></variables></macro>",
            "PEN401",
            "<module name='y'/>",
        ),
        ("<macro><parm>x</parm><eqn>x</eqn></macro>", "PEN101", "<macro>"),
        (
            f"<macro name='M'>{X.replace('>x</e', '>y</e')}<variables><aux name='y'/></variables></macro>",
            "PEN208",
            "<aux name='y'/>",
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(macro: str, code: str, pointed: str) -> None:
    assert errors(model(aux("a", "M(1)"), macro), "test.xmile")[0] == (code, pointed)
