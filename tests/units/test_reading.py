"""Definitions of units as the three languages write them."""

import pytest

from penstock.errors import PenstockError
from penstock.model import UnitDefinition
from penstock.read import read_text

pytestmark = pytest.mark.smoke


def test_vensim_lists_names_of_a_unit_in_its_settings() -> None:
    text = """{UTF-8}
x = 1 ~ $ ~|
INITIAL TIME = 0 ~~|
FINAL TIME = 1 ~~|
TIME STEP = 1 ~~|
\\\\\\---/// Sketch information
V300
///---\\\\\\
:L<%^E!@
22:$,Dollar,Dollars,$s
15:0,0,0,0,0,0
22:tons CO2, tonsCO2
"""
    assert read_text(text, "m.mdl").model.units == (
        UnitDefinition("$", ("Dollar", "Dollars", "$s")),
        UnitDefinition("tons CO2", ("tonsCO2",)),
    )


def test_xmile_has_equations_that_may_be_only_another_name() -> None:
    text = """<xmile><header/><sim_specs><start>0</start><stop>1</stop></sim_specs><model_units>
    <unit name="Dollar"><eqn>$</eqn><alias>Dollars</alias></unit><unit name="N"><eqn>kg*m/s^2</eqn></unit>
    <unit name="off" disabled="true"><alias>on</alias></unit><unit name="Day"><eqn/></unit></model_units>
    <model><variables><aux name="x"><eqn>1</eqn></aux></variables></model></xmile>"""
    assert read_text(text, "m.xmile").model.units == (
        UnitDefinition("Dollar", ("$", "Dollars")),
        UnitDefinition("N", (), "kg*m/s^2"),
        UnitDefinition("Day"),
    )


def test_penstock_text_has_a_line_for_a_unit() -> None:
    text = "const x = 1\nunit $ = Dollar = tons CO2\nunit N = kg*m/s^2 = newton"
    assert read_text(text, "m.pen").model.units == (
        UnitDefinition("$", ("Dollar", "tons CO2")),
        UnitDefinition("N", ("newton",), "kg*m/s^2"),
    )


@pytest.mark.parametrize("line", ["unit", "unit = a", "unit a = = b", "unit a/b = c", "unit a = b/c = d/e"])
def test_a_line_that_names_no_unit_is_refused_at_its_place(line: str) -> None:
    with pytest.raises(PenstockError) as problem:
        read_text(f"const x = 1\n{line}", "m.pen")
    (found,) = problem.value.diagnostics
    assert found.code == "PEN101"
    assert found.span.line_column()[0] == 2
