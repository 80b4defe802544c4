"""Hints about models that compile: given where something may be meant otherwise, and nowhere else."""

import pytest

from conveyors.writing import flow, stock, xmile
from penstock.compiler import compile_text
from penstock.errors import Diagnostic
from penstock.hints import hints

TEACUP = """\
time 0 to 30 by 0.125
stock Temperature = 180
  out cooling
flow cooling = (Temperature - room) / tau
const room = 70
const tau = 10
"""


def hinted(text: str, name: str = "model.pen") -> list[Diagnostic]:
    return list(hints(compile_text(text, name)))


def told(text: str, name: str = "model.pen") -> list[tuple[str, str]]:
    """Codes, and the texts that the hints are about."""
    return [(item.code, item.span.text.split("=")[0].strip()) for item in hinted(text, name)]


def test_a_model_without_oddities_gets_no_hint() -> None:
    assert told(TEACUP) == []


@pytest.mark.parametrize(
    ("line", "kind", "about"),
    [
        ("const spare = -3", "constant", "spare"),
        ("lookup effect = (0, 1) (1, 2)", "lookup", "effect"),
        ("dim Region = North, South", "dimension", "Region"),
    ],
)
def test_what_nothing_uses_is_pointed_out(line: str, kind: str, about: str) -> None:
    (item,) = hinted(f"{TEACUP}{line}\n")
    assert item.code == "PEN801"
    assert item.message == f"nothing uses the {kind} {about}"
    assert item.severity == "hint"
    assert about in item.span.text


def test_an_auxiliary_that_nothing_uses_is_an_output() -> None:
    assert told(f"{TEACUP}aux gap = Temperature - room\n") == []


def test_a_constant_that_only_sets_the_clock_is_used() -> None:
    assert told("time 0 to last by 1\nconst last = 10\naux a = time\n") == []


def test_a_constant_that_only_a_macro_takes_is_used() -> None:
    text = """{UTF-8}
:MACRO: TWICE(x)
TWICE = x + x
~ ~ |
:END OF MACRO:
a = TWICE(b) ~ ~ |
b = 2 ~ ~ |
INITIAL TIME = 0 ~ ~ |
FINAL TIME = 1 ~ ~ |
TIME STEP = 1 ~ ~ |
SAVEPER = TIME STEP ~ ~ |
"""
    assert told(text, "m.mdl") == []


def test_a_flow_of_no_stock_is_pointed_out() -> None:
    assert told(f"{TEACUP}flow leak = 3\n") == [("PEN802", "leak")]


def test_a_stock_without_flows_is_pointed_out() -> None:
    assert told(f"{TEACUP}stock Cups = 3\n") == [("PEN804", "Cups")]


@pytest.mark.parametrize(("name", "meaning"), [("max", "built-in function"), ("Delay1", "built-in function")])
def test_a_name_that_hides_a_function_is_pointed_out(name: str, meaning: str) -> None:
    (item,) = hinted(f"{TEACUP}aux {name} = Temperature\n")
    assert item.code == "PEN803"
    assert meaning in item.message


@pytest.mark.parametrize("tau", [0.3, 1.0, 2.0, 4.0])
@pytest.mark.parametrize("dt", [0.125, 0.25, 0.5, 1.0])
def test_dt_is_coarse_when_it_is_more_than_half_of_a_time_constant(tau: float, dt: float) -> None:
    text = TEACUP.replace("tau = 10", f"tau = {tau}").replace("0.125", str(dt))
    items = [item for item in hinted(text) if item.code == "PEN805"]
    assert bool(items) == (dt > tau / 2 and dt != tau)  # what empties in exactly one step is meant to
    for item in items:
        assert f"time constant of {tau:.3g}" in item.message
        assert "Temperature" in item.message
        advised = float(item.advice.split()[3])
        assert tau / 8 < advised <= tau / 4  # the power of two at or below a quarter of it


def test_the_time_constant_is_found_through_auxiliaries_and_lookups() -> None:
    """The net flow is -table(s) with slope 4 at s = 1, so gaps close with a time constant of 1/4."""
    text = """\
time 0 to 4 by 0.5
stock s = 1
  out draining
flow draining = strength
aux strength = table(s)
lookup table = (0, 0) (2, 8)
"""
    (item,) = hinted(text)
    assert "time constant of 0.25" in item.message


def test_a_smooth_that_is_faster_than_dt_is_pointed_out() -> None:
    (item,) = hinted("time 0 to 10 by 1\naux seen = smooth(time, 0.5)\n")
    assert item.code == "PEN805"
    assert "time constant of 0.5" in item.message


def test_growth_is_no_time_constant_that_dt_must_follow() -> None:
    assert told("time 0 to 4 by 1\nstock s = 1\n  in growth\nflow growth = 5 * s\n") == []


def test_each_element_of_an_array_has_a_time_constant_of_its_own() -> None:
    text = """\
time 0 to 4 by 0.5
dim Pipe = slow, quick
stock s[Pipe] = 1
  out draining
flow draining[Pipe] = s / tau
const tau[Pipe] = 10, 0.2
"""
    (item,) = hinted(text)
    assert "time constant of 0.2" in item.message


def test_a_queue_goes_by_whole_steps_and_has_no_time_constant() -> None:
    text = xmile(
        stock("line", "7", "in", "out", "<queue/>"),
        flow("in", "10"),
        flow("out", "0"),
        stock("served", "0", "out"),
    )
    assert told(text, "m.xmile") == []


def test_a_variable_of_the_clocks_name_is_pointed_out() -> None:
    (item,) = hinted(f"{TEACUP}aux dt = Temperature\n")
    assert item.code == "PEN803"
    assert "the clock's" in item.message
