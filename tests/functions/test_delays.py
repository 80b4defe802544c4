"""Delays, trends and present values against loops in plain Python, written from their definitions."""

import math
from collections.abc import Sequence

import pytest

from engine.covers import covers
from functions.models_in_text import aux, compiled, mdl, run, xmile
from penstock.errors import PenstockError

CLOSE = 1e-12
"""Relative; the loops here add up in another order than the engines."""


def fixed(x: Sequence[float], time: float, initial: float, dt: float) -> list[float]:
    n = max(1, math.floor(time / dt + 0.500001))
    return [initial if k < n else x[k - n] for k in range(len(x))]


@covers("delay_fixed")
@pytest.mark.parametrize("time", [0.0, 0.3, 1.0, 1.25, 2.4, 2.3, 50.0])
def test_a_fixed_delay_shows_the_input_so_many_steps_ago(time: float) -> None:
    text = mdl(f"x = Time * Time\nT = {time}\ny = DELAY FIXED(x, T, -3)", stop=12, dt=0.5)
    found = run(text, "x", "y", ending="mdl")
    assert found["y"] == fixed(found["x"], time, -3.0, 0.5)


def test_a_fixed_delay_reads_a_time_that_can_be_set_at_the_start_of_each_run() -> None:
    text = mdl("x = Time\nT = 2\ny = DELAY FIXED(x, T, 0)", stop=9)
    for time in (1.0, 5.0, 3.0):
        assert run(text, "y", ending="mdl", T=time)["y"] == fixed(
            [float(k) for k in range(10)], time, 0.0, 1.0
        )
    moving = mdl("x = Time\ny = DELAY FIXED(x, 2 + STEP(3, 4), 0)", stop=9)
    assert run(moving, "y", ending="mdl")["y"] == fixed([float(k) for k in range(10)], 2.0, 0.0, 1.0)


def test_a_fixed_delay_of_a_fixed_delay_sees_it_as_it_was_before_the_step() -> None:
    text = mdl("x = Time\ny = DELAY FIXED(x, 2, 0)\nz = DELAY FIXED(y, 3, -1)", stop=12)
    found = run(text, "x", "y", "z", ending="mdl")
    assert found["z"] == fixed(found["y"], 3, -1.0, 1.0)


def test_every_element_has_a_delay_of_its_own_length() -> None:
    text = mdl(
        "Dim: A, B, C\nT[Dim] = 1, 4, 2\nx[Dim] = Time * Dim\n"
        "y[Dim] = DELAY FIXED(x[Dim], T[Dim], T[Dim])\nz[B] = DELAY FIXED(x[C], 3, 0)\n"
        "z[A] = 5\nz[C] = DELAY FIXED(y[A], 1, 7)"
    )
    names = [f"{v}[{e}]" for v in "xyz" for e in "ABC"]
    found = run(text, *names, ending="mdl")
    for element, time in zip("ABC", (1.0, 4.0, 2.0), strict=True):
        assert found[f"y[{element}]"] == fixed(found[f"x[{element}]"], time, time, 1.0)
    assert found["z[B]"] == fixed(found["x[C]"], 3, 0.0, 1.0)
    assert found["z[C]"] == fixed(found["y[A]"], 1, 7.0, 1.0)


def test_a_fixed_delay_longer_than_any_run_takes_little_room() -> None:
    found = run(mdl("x = Time\ny = DELAY FIXED(x, 1e15, 4)"), "y", ending="mdl")
    assert found["y"] == [4.0] * 11


def test_xmile_delays_by_steps_and_starts_with_the_first_value() -> None:
    variables = aux("x", "TIME + 1") + aux("y", "DELAY(x, 3)") + aux("z", "DELAY(x, 3, 0) + 1")
    found = run(xmile(variables), "x", "y", "z", ending="xmile")
    assert found["y"] == fixed(found["x"], 3, 1.0, 1.0)
    assert found["z"] == [value + 1 for value in fixed(found["x"], 3, 0.0, 1.0)]


def orders(order: float, time: float, dt: float) -> int:
    return max(1, min(math.floor(order + 0.5), math.floor(time / dt + 1e-6)))


def information(x: list[float], time: list[float], initial: float, order: float, dt: float) -> list[float]:
    n = orders(order, time[0], dt)
    levels, found = [initial] * n, [initial]
    for value, t in zip(x[:-1], time, strict=False):
        share = max(t / n, dt)
        levels = [
            level + dt * (before - level) / share
            for level, before in zip(levels, [value, *levels[:-1]], strict=True)
        ]
        found.append(levels[-1])
    return found


def material(x: list[float], time: list[float], initial: float, order: float, dt: float) -> list[float]:
    """What is seen left the last stage by the time of the step before, and that is what leaves it."""
    n = orders(order, time[0], dt)
    contents, found = [initial * time[0] / n] * n, [initial]
    for value, t in zip(x[:-1], time, strict=False):
        share = max(t / n, dt)
        flows = [value, *(content / share for content in contents[:-1]), found[-1]]
        contents = [c + dt * (flows[i] - flows[i + 1]) for i, c in enumerate(contents)]
        found.append(contents[-1] / share)
    return found


@covers("smooth_n", "delay_n", "vensim_smthn", "vensim_delayn")
@pytest.mark.parametrize("order", [1, 2, 3.4, 7, 500])
def test_vensims_delays_of_an_order_that_is_read_at_the_start(order: float) -> None:
    lines = f"""
        x = 3 + STEP(5, 2) + Time / 7
        T = 3 + STEP(2, 5)
        N = {order} + STEP(4, 1)
        s = SMOOTH N(x, T, 5, N)
        d = DELAY N(x, T, 5, N)
        """
    found = run(mdl(lines, stop=20, dt=0.5), "x", "T", "s", "d", ending="mdl")
    assert found["s"] == pytest.approx(information(found["x"], found["T"], 5.0, order, 0.5), rel=CLOSE)
    assert found["d"] == pytest.approx(material(found["x"], found["T"], 5.0, order, 0.5), rel=CLOSE)
    variables = (
        aux("x", "3 + STEP(5, 2) + TIME / 7")
        + aux("T", "3 + STEP(2, 5)")
        + aux("N", f"{order} + STEP(4, 1)")
        + aux("s", "SMTHN(x, T, N, 5)")
        + aux("d", "DELAYN(x, T, N, 5)")
    )
    exported = run(xmile(variables, 20, 0.5, "Ventana Systems, Inc."), "s", "d", ending="xmile")
    assert exported == {name: found[name] for name in "sd"}


def test_vensims_delay_of_an_order_conserves_what_flows_through_it() -> None:
    lines = "x = 3 + STEP(5, 2)\nT = 3 + STEP(4, 5)\nd = DELAY N(x, T, 3, 3)\nS = INTEG(x - d, 9)"
    found = run(mdl(lines, stop=200, dt=0.5), "S", "d", ending="mdl")
    # In equilibrium the content is flow times time.
    assert (found["S"][-1], found["d"][-1]) == pytest.approx((56.0, 8.0), rel=1e-6)


@covers("smthn", "delayn")
def test_stellas_delays_of_an_order_are_chains_of_stocks() -> None:
    three = aux("s", "SMTHN(x, T, 3, 5)") + aux("d", "DELAYN(x, T, 3, 5)")
    chained = aux("s", "SMTH3(x, T, 5)") + aux("d", "DELAY3(x, T, 5)")
    named = three.replace(", 3,", ", N,") + aux("N", "3")
    inputs = aux("x", "3 + STEP(5, 2)") + aux("T", "3 + STEP(2, 5)")
    found = [run(xmile(inputs + v, dt=0.5), "s", "d", ending="xmile") for v in (three, chained, named)]
    assert found[0] == found[1]
    for name in "sd":
        assert found[2][name] == pytest.approx(found[0][name], rel=CLOSE)


def test_a_computed_order_is_refused_where_the_method_looks_inside_a_step() -> None:
    text = xmile(aux("N", "3") + aux("s", "SMTHN(TIME, 5, N)")).replace(
        "<sim_specs>", '<sim_specs method="RK4">'
    )
    with pytest.raises(PenstockError, match="PEN401"):
        compiled(text, "xmile")


@covers("trend", "forecast")
def test_a_trend_is_the_gap_to_an_average_as_a_share_of_it() -> None:
    lines = "x = 10 + RAMP(1, 3, 60)\nt = TREND(x, 4, 0.1)\nf = FORECAST(x, 5, 7)"
    found = run(mdl(lines, stop=30, dt=0.5), "x", "t", "f", ending="mdl")
    slow, level, trends, forecasts = 10 / 1.4, 10.0, [], []
    for x in found["x"]:
        trends.append((x - slow) / (4 * abs(slow)))
        forecasts.append(x * (1 + 7 * (x - level) / (5 * level)))
        slow += 0.5 * (x - slow) / 4
        level += 0.5 * (x - level) / 5
    assert found["t"] == pytest.approx(trends, rel=CLOSE)
    assert found["f"] == pytest.approx(forecasts, rel=CLOSE)


def test_a_forecast_may_start_with_a_trend() -> None:
    text = xmile(
        aux("x", "100 + 3 * TIME") + aux("f", "FORCST(x, 4, 7, 0.05)") + aux("t", "TREND(x, 4, 0.05)")
    )
    found = run(text, "x", "f", "t", ending="xmile")
    expected = [x * (1 + 7 * trend) for x, trend in zip(found["x"], found["t"], strict=True)]
    assert (found["f"][0], found["t"][0]) == pytest.approx((135.0, 0.05), rel=CLOSE)
    assert found["f"] == pytest.approx(expected, rel=CLOSE)


@covers("npv", "npve")
def test_present_values_are_discounted_sums() -> None:
    lines = "x = 100 + Time\nr = 0.04\nn = NPV(x, r, 50, 2)\ne = NPVE(x, r, 0, 1)"
    found = run(mdl(lines, stop=30, dt=0.5), "x", "n", "e", ending="mdl")
    factors = [1.02**-k for k in range(61)]
    sums = [sum(0.5 * x * f for x, f in zip(found["x"][: k + 1], factors, strict=False)) for k in range(61)]
    assert found["n"] == pytest.approx([2 * (50 + total) for total in sums], rel=CLOSE)
    assert found["e"] == pytest.approx([total / 1.02 for total in sums], rel=CLOSE)


@covers("depreciate_straightline")
def test_straight_line_depreciation_writes_every_cost_off_in_equal_parts() -> None:
    lines = "x = 100 + STEP(50, 3) - STEP(150, 6)\nd = DEPRECIATE STRAIGHTLINE(x, 4, 0, 0)"
    found = run(mdl(lines, stop=20, dt=0.5), "x", "d", ending="mdl")
    assert found["d"] == pytest.approx(
        [sum(found["x"][max(0, k - 7) : k + 1]) * 0.5 / 4 for k in range(41)], rel=CLOSE
    )
    assert sum(found["d"]) == pytest.approx(sum(found["x"]), rel=CLOSE)


def test_straight_line_depreciation_goes_on_from_what_the_stream_was_before() -> None:
    lines = "x = 100 + STEP(60, 3)\nd = DEPRECIATE STRAIGHTLINE(x, 4, 0, 100)"
    expected = [100.0, 100.0, 100.0, 115.0, 130.0, 145.0, *[160.0] * 5]
    assert run(mdl(lines), "d", ending="mdl")["d"] == expected


def test_fiscal_years_longer_than_a_step_are_refused() -> None:
    text = mdl("x = 100\nd = DEPRECIATE STRAIGHTLINE(x, 4, 1, 0)", dt=0.5)
    with pytest.raises(PenstockError, match="PEN401"):
        compiled(text, "mdl")


@covers("previous")
def test_previous_of_self_keeps_a_value_and_starts_at_zero_without_another() -> None:
    variables = (
        aux("x", "TIME * TIME")
        + aux("p", "PREVIOUS(x)")
        + aux("m", "MAX(PREVIOUS(SELF, 20), x)")
        + aux("n", "PREVIOUS(self, 1) * 2")
    )
    found = run(xmile(variables), "x", "p", "m", "n", ending="xmile")
    assert found["p"] == [0.0, *found["x"][:-1]]
    assert found["m"] == [max(20.0, value) for value in found["x"]]
    assert found["n"] == [2.0 ** (k + 1) for k in range(11)]


@pytest.mark.parametrize("call", ["DELAY BATCH(x, 2, 3, 0, 0, 0)", "DELAY CONVEYOR(x, 2, 0, x, 0, 2)"])
def test_delays_that_are_not_supported_are_refused_by_name(call: str) -> None:
    with pytest.raises(PenstockError, match=f"PEN401 {call.partition('(')[0]}"):
        compiled(mdl(f"x = 1\ny = {call}"), "mdl")


def test_a_lookup_whose_name_begins_like_a_refused_function_is_none() -> None:
    text = mdl("Integrity effect((0,0),(10,10))\ny = Integrity effect(Time)")
    assert run(text, "y", ending="mdl")["y"] == [float(k) for k in range(11)]


def test_a_fixed_delay_may_close_a_feedback_loop() -> None:
    """In each step s grows by x, and x then is what both were: they double."""
    text = "time 0 to 12 by 1\nstock s = 1\n  in x\nflow x = delay_fixed(s + x, 1, 1)\n"
    found = run(text, "s", "x")
    assert found["s"] == found["x"] == [2.0**k for k in range(13)]


def test_a_fixed_delay_of_an_array_may_lead_from_element_to_element() -> None:
    text = """\
time 0 to 6 by 1
dim D = a, b, c
aux x[D] = delay_fixed(y, 2, 0)
aux y[a] = time
aux y[b] = x[a]
aux y[c] = x[b]
"""
    assert run(text, "x[c]")["x[c]"] == [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    longer = run(text.replace("6 by", "12 by"), "x[c]")["x[c]"]
    assert longer == [max(0.0, time - 6.0) for time in range(13)]


@pytest.mark.parametrize(
    "call",
    ["smooth_n(y, 3, 5, 2)", "delay_n(y, 3, 5, 2)", "vensim_delayn(y, 3, 2, 5)", "smthn(y, 3, 2, 5)"],
)
def test_chains_of_stages_may_close_a_feedback_loop(call: str) -> None:
    found = run(f"time 0 to 6 by 1\naux x = {call}\naux y = x\n", "x")["x"]
    assert found == pytest.approx([5.0] * 7, rel=CLOSE)  # what comes out goes in: nothing changes
