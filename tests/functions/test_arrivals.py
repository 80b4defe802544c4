"""Delays whose time may change, against schedules in plain Python."""

from __future__ import annotations

import pytest

from engine.covers import covers
from functions.models_in_text import aux, compiled, mdl, run, xmile
from penstock.errors import PenstockError

TIMES = {
    "steady": "4",
    "shorter": "4 - STEP(2, 6)",
    "longer": "2 + STEP(3, 6)",
    "both": "4 - STEP(2, 6) + STEP(3, 9) - RAMP(0.5, 12, 16)",
    "none": "STEP(1.3, 5)",
    "to and fro": "3 + 2 * SIN(Time * 4)",
    "beyond the run": "2 + STEP(1000, 3)",
}


def scheduled(values: list[float], times: list[float], initial: float, missing: float | None) -> list[float]:
    """Entries by step; for information, `missing` is None, newer entries cross out those that come later."""
    ahead = [max(1, int(time / 0.5 + 0.500001)) for time in times]
    entries: dict[int, list[float]] = {step: [initial] for step in range(ahead[0])}
    shown = []
    for now, (value, steps) in enumerate(zip(values, ahead, strict=True)):
        if missing is None:
            entries = {step: list for step, list in entries.items() if step < now + steps}
        entries.setdefault(now + steps, []).append(value)
        shown.append(sum(entries[now]) if now in entries else shown[-1] if missing is None else missing)
    return shown


@covers("delay_material", "delay_information")
@pytest.mark.parametrize("time", TIMES.values(), ids=TIMES)
def test_what_goes_in_comes_out_after_the_time_that_held_then(time: str) -> None:
    lines = f"""
        x = 3 + STEP(5, 2) + Time / 7
        T = {time}
        m = DELAY MATERIAL(x, T, 1, -5)
        i = DELAY INFORMATION(x, T, 1)
        """
    found = run(mdl(lines, stop=20, dt=0.5), "x", "T", "m", "i", ending="mdl")
    assert found["m"] == pytest.approx(scheduled(found["x"], found["T"], 1.0, -5.0), rel=1e-14)
    assert found["i"] == scheduled(found["x"], found["T"], 1.0, None)


def test_a_steady_time_makes_all_three_delays_equal() -> None:
    lines = """
        x = 3 + STEP(5, 2) + Time / 7
        f = DELAY FIXED(x, 3, 8)
        m = DELAY MATERIAL(x, 3, 8, 0)
        i = DELAY INFORMATION(x, 3, 8)
        """
    found = run(mdl(lines, stop=20, dt=0.5), "f", "m", "i", ending="mdl")
    assert found["f"] == found["m"] == found["i"]


def test_material_is_conserved_while_the_time_changes() -> None:
    lines = """
        in = 7 + SIN(Time)
        T = 4 + 2 * SIN(Time / 3)
        out = DELAY MATERIAL(in, T, 0, 0)
        entered = INTEG(in, 0)
        left = INTEG(out, 0)
        transit = INTEG(in - out, 0)
        shut = IF THEN ELSE(Time < 40, 1, 0)
        closed = DELAY MATERIAL(in * shut, T, 0, 0)
        kept = INTEG(in * shut - closed, 0)
        """
    found = run(mdl(lines, stop=60, dt=0.5), "transit", "kept", ending="mdl")
    assert found["kept"][-1] == pytest.approx(0.0, abs=1e-12)
    assert min(found["transit"]) >= 0.0


def test_each_element_has_a_schedule_of_its_own() -> None:
    lines = """
        who: a, b
        T[who] = 1, 3
        d[who] = DELAY MATERIAL(Time * T[who], T[who], 0, -1)
        """
    found = run(mdl(lines, stop=6, dt=1), "d[a]", "d[b]", ending="mdl")
    assert found == {"d[a]": [0, 0, 1, 2, 3, 4, 5], "d[b]": [0, 0, 0, 0, 3, 6, 9]}


def test_a_computed_time_step_is_refused() -> None:
    text = mdl("d = DELAY MATERIAL(Time, 2, 0, 0)").replace(
        "TIME STEP = 1.0", "TIME STEP = IF THEN ELSE(Time < 3, 1, 0.5)"
    )
    with pytest.raises(PenstockError, match="PEN401"):
        compiled(text, "mdl")


@covers("history")
def test_history_is_what_was_and_0_before_the_run() -> None:
    variables = (
        aux("x", "3 + TIME * TIME")
        + aux("lag", "2")
        + aux("a", "HISTORY(x, TIME - 1.5)")
        + aux("b", "HISTORY(x + 1, TIME - lag)")
    )
    found = run(xmile(variables, 10, 0.5), "x", "a", "b", ending="xmile")
    assert found["a"] == [0.0] * 3 + found["x"][:-3]
    assert found["b"] == [0.0] * 4 + [value + 1 for value in found["x"][:-4]]


@pytest.mark.parametrize("time", ["TIME", "TIME - 0.3", "TIME + 1", "TIME - x", "3", "x - 1", "TIME - 0"])
def test_history_at_other_times_is_refused(time: str) -> None:
    with pytest.raises(PenstockError, match="PEN401 HISTORY"):
        compiled(xmile(aux("x", "TIME / 2") + aux("a", f"HISTORY(x, {time})")), "xmile")
