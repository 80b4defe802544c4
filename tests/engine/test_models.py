"""Models whose results are known otherwise: closed forms, loops in plain Python, scipy."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from scipy.integrate import solve_ivp

from engine.bits import assert_same
from engine.models import ENGINE_NAMES, FIXED_METHODS, METHOD_NAMES, OSCILLATOR, SIR, TEACUP, compiled
from penstock.methods import METHODS
from penstock.run import simulate

pytestmark = pytest.mark.parametrize("engine", ENGINE_NAMES)


@pytest.mark.smoke
def test_a_teacup_cools_by_the_formula_of_eulers_method(engine: str) -> None:
    results = simulate(compiled(TEACUP), engine=engine)
    assert results.rows == 241
    for step, temperature in enumerate(results["Teacup Temperature"]):
        # Each of up to 240 steps rounds three times.
        assert temperature == pytest.approx(70 + 110 * (1 - 0.125 / 10) ** step, rel=240 * 3 * 2**-53)


def test_a_teacup_cools_to_the_last_bit_as_a_loop_says(engine: str) -> None:
    results = simulate(compiled(TEACUP), engine=engine)
    temperature, expected = 180.0, []
    for _ in range(results.rows):
        expected.append(temperature)
        temperature = temperature + 0.125 * -((temperature - 70.0) / 10.0)
    assert_same(results["Teacup Temperature"], expected)


def test_an_epidemic_is_to_the_last_bit_what_a_loop_says(engine: str) -> None:
    results = simulate(compiled(SIR), engine=engine)
    susceptible, infected, recovered = 9999.0, 1.0, 0.0
    expected: list[tuple[float, ...]] = []
    for step in range(801):
        infection = 6.0 * 0.05 * susceptible * infected / 10000.0
        recovery = infected / 5.0
        if step % 8 == 0:
            expected.append((step * 0.125, susceptible, infected, recovered, infection, recovery))
        susceptible = susceptible + 0.125 * -infection
        infected = infected + 0.125 * (infection - recovery)
        recovered = recovered + 0.125 * recovery
    names = ("time", "susceptible", "infected", "recovered", "infection", "recovery")
    for name, series in zip(names, zip(*expected, strict=True), strict=True):
        assert_same(results[name], series, name)


def rates_of_sir(_: float, state: Sequence[float]) -> list[float]:
    susceptible, infected, _recovered = state
    infection = 6 * 0.05 * susceptible * infected / 10000
    return [-infection, infection - infected / 5, infected / 5]


@pytest.mark.parametrize(("method", "tolerance"), [("euler", 0.1), ("rk2", 2e-3), ("rk4", 2e-6)])
def test_an_epidemic_is_close_to_what_scipy_integrates(engine: str, method: str, tolerance: float) -> None:
    results = simulate(compiled(SIR, method), engine=engine)
    start = [9999.0, 1.0, 0.0]
    times = list(results["time"])
    exact = solve_ivp(rates_of_sir, (0, 100), start, method="DOP853", t_eval=times, rtol=1e-12, atol=1e-9)
    found = results["infected"]
    error = max(abs(a - b) for a, b in zip(found, exact.y[1], strict=True))
    # The tolerances are a few times the errors of the methods at this dt, of a peak of some 600 people.
    assert error < tolerance * max(found)


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_halving_dt_divides_the_error_by_two_to_the_order(engine: str, method: str) -> None:
    """On an equation whose rate depends on time as well, so that the times of the stages count."""
    model = "time 0 to 2 by 0.1\nstock y = 1\n  net y * cos(time) - 0.1 * time * y\n"

    def error(dt: float) -> float:
        results = simulate(compiled(model, method), engine=engine, specs={"dt": dt, "save_step": dt})
        return results["y"][-1] - math.exp(math.sin(2.0) - 0.05 * 4.0)

    errors = [error(2.0**-power) for power in (4, 5, 6)]
    orders = [math.log2(coarse / fine) for coarse, fine in pairwise(errors)]
    # The order is a limit; at these steps it is off by less than a fifth.
    assert orders == pytest.approx([METHODS[method].order] * 2, abs=0.2)


def test_an_oscillator_comes_back_by_rk4(engine: str) -> None:
    results = simulate(compiled(OSCILLATOR, "rk4"), engine=engine)
    for time, position, velocity in zip(
        results["time"], results["position"], results["velocity"], strict=True
    ):
        # dt^4 / 120 per unit of time, at most 10 of them
        assert position == pytest.approx(math.cos(time), abs=1e-5)
        assert velocity == pytest.approx(-math.sin(time), abs=1e-5)


def test_an_oscillator_gains_energy_by_euler_as_the_formula_says(engine: str) -> None:
    results = simulate(compiled(OSCILLATOR), engine=engine)
    energy = results["position"][-1] ** 2 + results["velocity"][-1] ** 2
    assert energy == pytest.approx((1 + 0.1**2) ** 100, rel=1e-12)  # some hundred roundings


TABLEAUX: dict[str, tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]] = {
    "euler": ((), (1.0,)),
    "rk2": (((1.0,),), (0.5, 0.5)),
    "rk4": (((0.5,), (0.0, 0.5), (0.0, 0.0, 1.0)), (1 / 6, 1 / 3, 1 / 3, 1 / 6)),
}
"""Heun's method and the classical one, as textbooks have them."""


def stepped(
    method: str, rate: Callable[[float, float], float], y: float, dt: float, steps: int
) -> list[float]:
    """The method of the table, in the association that it prescribes."""
    stages, weights = TABLEAUX[method]
    found = [y]
    for step in range(steps):
        time = step * dt
        slopes = [rate(time, y)]
        for a in stages:
            slopes.append(rate(time + sum(a) * dt, y + dt * weighted(a, slopes)))
        y = y + dt * weighted(weights, slopes)
        found.append(y)
    return found


def weighted(weights: Sequence[float], slopes: Sequence[float]) -> float:
    total = None
    for weight, slope in zip(weights, slopes, strict=False):
        if weight:
            total = weight * slope if total is None else total + weight * slope
    assert total is not None
    return total


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_a_step_adds_up_in_the_order_that_the_manual_gives(engine: str, method: str) -> None:
    model = "time 0 to 20 by 0.1\nstock y = 0.3\n  net 3.7 * y * (1 - y) + 0.01 * time\n"
    results = simulate(compiled(model, method), engine=engine)
    expected = stepped(method, lambda time, y: 3.7 * y * (1 - y) + 0.01 * time, 0.3, 0.1, 200)
    assert_same(results["y"], expected)


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_saved_rows_hold_what_the_first_stage_sees(engine: str, method: str) -> None:
    """An auxiliary fits the stock and the time of its own row, not those of a stage before it."""
    model = "time 0 to 3 by 0.25\nstock y = 1\n  net rate\naux rate = y * sin(time)\naux now = time\n"
    results = simulate(compiled(model, method), engine=engine)
    sines = simulate(compiled("time 0 to 3 by 0.25\naux s = sin(time)\n"), engine=engine)["s"]
    assert_same(results["rate"], [y * s for y, s in zip(results["y"], sines, strict=True)])
    assert_same(results["now"], results["time"])


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_memories_take_one_value_a_step_whatever_the_stages_do(engine: str, method: str) -> None:
    model = "time 0 to 3 by 0.25\nstock y = 1\n  net y\naux before = previous(y, -1)\n"
    model += "aux twice = previous(before, -2)\n"
    results = simulate(compiled(model, method), engine=engine)
    series = list(results["y"])
    assert_same(results["before"], [-1.0, *series[:-1]])
    assert_same(results["twice"], [-2.0, -1.0, *series[:-2]])
