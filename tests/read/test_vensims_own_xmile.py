"""XMILE files as Vensim itself exports them: its own functions, names before equations, bare ampersands."""

from __future__ import annotations

import pytest

from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.model import Auxiliary, Stock
from penstock.read import read_text
from penstock.vm import Machine


def exported(variables: str, vendor: str = "Ventana Systems, Inc.", dt: str = " TIME_STEP=0.5") -> str:
    return f"""<?xml version="1.0" encoding="utf-8" ?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <header><product version="1.0" lang="en">Vensim</product><vendor>{vendor}</vendor></header>
  <sim_specs method="Euler"><start> 0</start><stop> 4</stop><dt>{dt}</dt></sim_specs>
  <model><variables>{variables}</variables></model>
</xmile>"""


def series(text: str, name: str) -> list[float]:
    compiled = compile_text(text, "model.xmile")
    machine = Machine(compiled.program)
    machine.run()
    column = next(item["column"] for item in compiled.program.variables if item["name"] == name)
    return list(machine.column(column))


def test_the_time_step_may_be_given_with_its_name() -> None:
    assert len(series(exported('<aux name="a"><eqn>1</eqn></aux>'), "a")) == 9


def test_functions_mean_what_they_mean_in_vensim() -> None:
    pulse = exported('<aux name="a"><eqn>PULSE(1, 1)</eqn></aux>')
    assert series(pulse, "a") == [0, 0, 1, 1, 0, 0, 0, 0, 0]
    # A volume of 1 within one step at time 1, wherever the functions are XMILE's.
    assert (
        series(exported('<aux name="a"><eqn>PULSE(1, 1)</eqn></aux>', "xmutil"), "a") == [0, 0, 2] + [0] * 6
    )
    others = exported('<aux name="a"><eqn>LOG(8, 2) + GAME (1) + SMOOTHi(TIME_STEP, 3, 0.5)</eqn></aux>')
    assert series(others, "a") == [4.5] * 9


@pytest.mark.parametrize("written", ["late", "Late inflow", "late_inflow"])
def test_a_level_that_is_no_integral_has_its_name_before_the_equation(written: str) -> None:
    name = "late" if written == "late" else "Late_inflow"
    text = exported(
        f'<stock name="{name}"><eqn>\n{written}= DELAY_FIXED (\n in, 1, 7)\n</eqn></stock>'
        '<aux name="in"><eqn>Time</eqn></aux>'
        f'<stock name="S"><eqn>0</eqn><outflow>\n{written}\n</outflow></stock>'
    )
    assert series(text, name) == [7, 7, 0, 0.5, 1, 1.5, 2, 2.5, 3]
    kinds = {item.name: type(item) for item in read_text(text, "model.xmile").model.variables}
    assert (kinds[name], kinds["S"]) == (Auxiliary, Stock)


def test_elsewhere_a_name_and_an_equals_sign_are_a_comparison() -> None:
    text = exported('<aux name="a"><eqn>b = 3</eqn></aux><aux name="b"><eqn>Time</eqn></aux>')
    assert series(text, "a") == [0, 0, 0, 0, 0, 0, 1, 0, 0]
    with pytest.raises(PenstockError, match="depends on itself"):
        series(exported('<aux name="a"><eqn>a = 3</eqn></aux>', "someone"), "a")


def test_an_ampersand_that_begins_no_reference_is_one() -> None:
    documentation = "R&D & more, AT&T; 1 &lt; 2 &#38; R&amp;D <![CDATA[a & b &amp;]]>"
    text = exported(
        f'<aux name="R&D"><doc>{documentation}</doc><eqn>1 + nosuch</eqn></aux>'.replace("AT&T;", "AT&T,")
    )
    (variable,) = read_text(text, "model.xmile").model.variables
    assert variable.name == "R&D"
    assert variable.documentation == "R&D & more, AT&T, 1 < 2 & R&D a & b &amp;"
    with pytest.raises(PenstockError) as caught:
        compile_text(text, "model.xmile")
    place = caught.value.diagnostics[0].span
    assert text[place.start : place.end] == "nosuch"


def test_what_is_not_xml_for_other_reasons_is_still_refused() -> None:
    for broken in ("<aux name='a'><eqn>1 & 2</aux>", "<aux name='a'><eqn>&nosuch;</eqn></aux>"):
        with pytest.raises(PenstockError, match=r"PEN00[56]"):
            compile_text(exported(broken), "model.xmile")
