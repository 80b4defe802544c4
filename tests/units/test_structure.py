"""Units through arrays, lookups, macros, modules, conveyors, and what can be told of variables without units."""

import pytest

import penstock
from penstock.errors import Diagnostic
from penstock.passes.units import UnitReport, check_units
from penstock.read import read_text

pytestmark = pytest.mark.smoke


def report(text: str, name: str = "model.pen") -> UnitReport:
    return check_units(read_text(text, name).model)


def warnings(text: str, name: str = "model.pen") -> list[Diagnostic]:
    return [item for item in report(text, name).findings if item.severity == "warning"]


def test_one_element_of_an_array_may_be_at_fault() -> None:
    found = warnings(
        """
        time 0 to 10 by 1 {year}
        dim region = north, south
        dim both = here, there
        const land[region] = 1, 2 {hectare}
        const herd[region] = 3 {cow}
        aux density[north] = herd[north] / land[north] {cow/hectare}
        aux density[south] = herd[south] * land[south]
        aux total = sum(land[*]) {hectare}
        aux most = max(land) + mean(land) {hectare}
        aux elements = size(land) + region_at * 0 {dmnl}
        const region_at = 1 {dmnl}
        """
    )
    assert [item.span.text for item in found] == ["herd[south] * land[south]"]


def test_a_lookup_has_the_units_of_its_values_and_takes_any() -> None:
    found = warnings(
        """
        time 0 to 10 by 1 {year}
        lookup demand = (0, 10) (5, 2) {widget/year}
        const price = 2 {$/widget}
        aux sales = demand(price) {widget/year}
        aux wrong = demand(price) {widget}
        aux drawn = lookup(price; (0, 1) (2, 3)) {cow}
        aux area = lookup_area(demand, 0, price) {$/year}
        """
    )
    assert [item.message for item in found] == ["wrong is in widget, and its equation in widget/year"]


def test_time_and_its_settings_are_in_the_units_of_time() -> None:
    found = warnings(
        """
        time 0 to 10 by 1 {year}
        const start = 1940 {year}
        const length = 5 {day}
        aux age = time - start {year}
        aux steps = age / dt {dmnl}
        aux late = time - length {year}
        """
    )
    assert [(item.span.text, item.code) for item in found] == [("length", "PEN702")]


MACRO = """{UTF-8}
:MACRO: SHARE(part, whole)
SHARE = kept / whole ~~|
kept = INTEG(part - kept / 1, part) ~~|
:END OF MACRO:
:MACRO: GAP(goal, state, delay)
GAP = (goal - state) / delay ~~|
:END OF MACRO:
land = 3 ~ hectare ~|
farms = 2 ~ farm ~|
herd = 5 ~ cow ~|
wait = 4 ~ year ~|
growth = GAP(land, land * 2, wait) ~ hectare/year ~|
births = GAP(herd, 2 * herd, wait) ~ cow/year ~|
CALL
INITIAL TIME = 0 ~ year ~|
FINAL TIME = 9 ~ year ~|
TIME STEP = 1 ~ year ~|
"""


def test_every_call_of_a_macro_has_units_of_its_own() -> None:
    text = MACRO[: MACRO.index(":MACRO: SHARE")] + MACRO[MACRO.index(":MACRO: GAP") :].replace("CALL", "")
    assert warnings(text, "model.mdl") == []


def test_a_call_that_does_not_fit_a_macro_is_told_at_the_call() -> None:
    text = MACRO[: MACRO.index(":MACRO: SHARE")] + MACRO[MACRO.index(":MACRO: GAP") :]
    (found,) = warnings(text.replace("CALL", "bad = GAP(land, farms, wait) ~~|"), "model.mdl")
    assert found.code == "PEN702"
    assert found.span.text == "GAP(land, farms, wait)"
    assert found.message.endswith("(in the macro GAP)")


def test_a_fault_in_a_macro_is_told_once_however_often_it_is_called() -> None:
    calls = "share = SHARE(land, farms) ~~|\nother = SHARE(herd, farms) ~~|"
    (found,) = warnings(MACRO.replace("CALL", calls).replace("kept / 1", "kept * wait$"), "model.mdl")
    assert "(in the macro SHARE)" in found.message
    assert found.span.line_column()[0] < 10


def test_modules_are_checked_where_they_stand() -> None:
    text = """<xmile><header/><sim_specs time_units="Day"><start>0</start><stop>9</stop></sim_specs>
    <model><variables><aux name="herd"><eqn>3</eqn><units>cow</units></aux>
    <aux name="milk"><eqn>farm.yield * 2</eqn><units>litre/Day</units></aux>
    <module name="farm"><connect to="farm.cows" from="herd"/></module></variables></model>
    <model name="farm"><variables>
    <aux name="cows" access="input"><eqn>1</eqn><units>UNITS</units></aux>
    <aux name="each"><eqn>20</eqn><units>litre/(cow*Day)</units></aux>
    <aux name="yield" access="output"><eqn>cows * each</eqn></aux></variables></model></xmile>"""
    assert warnings(text.replace("UNITS", "cow"), "model.xmile") == []
    (found,) = warnings(text.replace("UNITS", "goat"), "model.xmile")
    assert "farm.cows is in goat" in found.message
    told = report(text.replace("UNITS", "cow"), "model.xmile").variables["farm.yield"]
    assert (told.given, told.inferred) == ("", "litre/Day")


def test_conveyors_take_times_and_contents() -> None:
    text = """<xmile><header/><sim_specs time_units="Day"><start>0</start><stop>9</stop></sim_specs>
    <model><variables>
    <stock name="belt"><eqn>0</eqn><inflow>in</inflow><outflow>out</outflow><outflow>lost</outflow>
      <conveyor><len>length</len><capacity>most</capacity></conveyor><units>box</units></stock>
    <flow name="in"><eqn>4</eqn><units>box/Day</units></flow>
    <flow name="out"><eqn>0</eqn><units>box/Day</units></flow>
    <flow name="lost"><eqn>share</eqn><leak/><units>box/Day</units></flow>
    <aux name="share"><eqn>0.1</eqn><units>SHARE</units></aux>
    <aux name="most"><eqn>50</eqn><units>MOST</units></aux>
    <aux name="length"><eqn>3</eqn><units>LENGTH</units></aux></variables></model></xmile>"""

    def with_units(share: str = "dmnl", most: str = "box", length: str = "Day") -> list[Diagnostic]:
        filled = text.replace("SHARE", share).replace("MOST", most).replace("LENGTH", length)
        return warnings(filled, "model.xmile")

    assert with_units() == []
    for faulty in (with_units(share="1/Day"), with_units(most="box/Day"), with_units(length="Week")):
        assert [item.code for item in faulty] == ["PEN704"]


def test_units_that_follow_are_suggested() -> None:
    text = """
    time 0 to 10 by 1 {month}
    stock infected = 1 {person}
      in infection
    flow infection = contacts * infectivity * infected
    const contacts = 6 {contact/(person*month)}
    const infectivity = 0.25
    const unused = 3
    aux doubled = infection * 2
    """
    found = report(text)
    told = {name: item.inferred for name, item in found.variables.items() if item.inferred}
    assert told == {"infection": "person/month", "infectivity": "person/contact", "doubled": "person/month"}
    assert {item.code for item in found.findings} == {"PEN708"}
    assert found.variables["contacts"].given == "contact/(person*month)"


def test_a_number_without_a_name_does_not_decide_against_what_is_known() -> None:
    """0.1 may be 1/month: the flow's units are those that its stock needs, and the number is the fault."""
    text = "time 0 to 9 {month}\nstock s = 1 {cow}\n  out f\nflow f = s * 0.1"
    (warning,) = warnings(text)
    assert (warning.code, warning.span.text) == ("PEN703", "s * 0.1")
    assert report(text).variables["f"].inferred == "cow/month"


def test_the_models_time_may_follow_from_its_flows() -> None:
    text = """
    time 0 to 9
    stock s = 1 {cow}
      out f
    flow f = s / t {cow/week}
    const t = 1 {week}
    aux late = time > t
    """
    assert warnings(text) == []


def test_numbers_beside_units_fit_and_zero_fits_all() -> None:
    text = """
    time 0 to 9 by 1 {month}
    const a = 1/12 {cow}
    const n = 5 {dmnl}
    aux b = max(a, 0) + 3 {cow}
    aux c = if a > 2 then 0 else a {cow}
    aux d = 1 - n {dmnl}
    aux e = 0 * a {goat}
    aux f = -1 * 12 {month}
    aux g = a ^ 0.5 * a ^ 0.5 {cow}
    aux h = sqrt(a * a) {cow}
    aux i = (a / a) ^ n {dmnl}
    """
    assert warnings(text) == []


def test_a_model_without_units_of_its_own_gives_nothing() -> None:
    text = "time 0 to 9 {month}\nstock s = 1\n  out f\nflow f = s * 0.1\naux x = exp(time) + s"
    assert report(text).findings == ()


def test_the_report_is_made_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr("penstock.compiler.check_units", lambda *models: calls.append(models))
    model = penstock.loads("time 0 to 9 {month}\nconst a = 1 {cow}")
    assert not calls
    assert model.units is model.units is None
    assert len(calls) == 1
