"""What an error offers to put in the place that it points at: the text with it has the error no more."""

from __future__ import annotations

import pytest

from penstock.compiler import compile_text
from penstock.errors import Diagnostic, PenstockError

PEN = "model M\ntime 0 to 1 by 1\nconst recovery time = 5\nlookup effect = (0, 0), (1, 1)\naux a = {}\n"
CLOCK = "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = TIME STEP ~~|\n"
MDL = "recovery time = 5 ~~|\na = {} ~~|\n" + CLOCK
XMILE = """<?xml version="1.0"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>M</name><vendor>x</vendor><product version="1">x</product></header>
<sim_specs><start>0</start><stop>1</stop><dt>1</dt></sim_specs>
<model><variables>
<aux name="recovery time"><eqn>5</eqn></aux>
<aux name="a"><eqn>{}</eqn></aux>
</variables></model></xmile>
"""


def first_error(text: str, name: str) -> Diagnostic:
    with pytest.raises(PenstockError) as caught:
        compile_text(text, name)
    return caught.value.diagnostics[0]


@pytest.mark.parametrize(
    ("template", "file", "equation", "fix"),
    [
        (PEN, "m.pen", "2 * recovry time", "recovery time"),
        (PEN, "m.pen", "2 * recoverytime", "recovery time"),
        (PEN, "m.pen", "efect(0.5) + 1", "effect(0.5)"),
        (PEN, "m.pen", "sqrtt(4)", "sqrt(4)"),
        (MDL, "m.mdl", "2 * recovry_time", "recovery time"),
        (XMILE, "m.xmile", "2 * recovry_time", "recovery_time"),
    ],
)
def test_a_slip_of_a_name_is_mended_by_the_first_fix(
    template: str, file: str, equation: str, fix: str
) -> None:
    text = template.format(equation)
    found = first_error(text, file)
    assert found.fixes[0].casefold() == fix.casefold()
    low, high = found.to_json()["range"]
    assert found.to_json()["fixes"] == list(found.fixes)
    compile_text(text[:low] + found.fixes[0] + text[high:], file)


def test_a_name_that_resembles_nothing_has_no_fix() -> None:
    found = first_error(PEN.format("zzz"), "m.pen")
    assert found.fixes == ()
    assert "fixes" not in found.to_json()


def test_a_name_that_needs_quotes_is_not_offered() -> None:
    text = PEN.format("2 * recovry-time").replace("recovery time", "`recovery-time`")
    assert first_error(text, "m.pen").fixes == ()
