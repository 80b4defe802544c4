"""Functions with a memory, functions of time, and folds over arrays, against loops in plain Python."""

import math
from collections.abc import Sequence
from random import Random

import pytest
from scipy import linalg

from engine.bits import assert_same
from engine.covers import covers
from engine.models import ENGINE_NAMES, METHOD_NAMES, with_lines
from penstock.compiler import compile_text
from penstock.results import Results
from penstock.run import simulate

pytestmark = pytest.mark.parametrize("engine", ENGINE_NAMES)


def run(engine: str, *lines: str, time: str = "time 0 to 20 by 0.25", method: str | None = None) -> Results:
    return simulate(compile_text(with_lines(*lines, time=time), "m.pen", method=method), engine=engine)


INPUT = "aux x = sin(time) * 10 + time"


def stages(x: Sequence[float], time: float, order: int, dt: float, start: float) -> list[float]:
    """An information delay by Euler: each level closes the gap to the one before it."""
    share = time if order == 1 else time / order
    levels = [start] * order
    found = []
    for value in x:
        found.append(levels[-1])
        before = [value, *levels[:-1]]
        levels = [level + dt * ((b - level) / share) for b, level in zip(before, levels, strict=True)]
    return found


@covers("smooth", "smooth3")
def test_smooths_are_chains_of_levels(engine: str) -> None:
    results = run(
        engine,
        INPUT,
        "aux one = smooth(x, 4)",
        "aux three = smooth3(x, 4)",
        "aux one from 7 = smooth(x, 4, 7)",
        "aux three from 7 = smooth3(x, 4, 7)",
    )
    x = results["x"]
    assert_same(results["one"], stages(x, 4.0, 1, 0.25, x[0]))
    assert_same(results["three"], stages(x, 4.0, 3, 0.25, x[0]))
    assert_same(results["one from 7"], stages(x, 4.0, 1, 0.25, 7.0))
    assert_same(results["three from 7"], stages(x, 4.0, 3, 0.25, 7.0))


def material(x: Sequence[float], times: Sequence[float], order: int, dt: float, start: float) -> list[float]:
    """A material delay by Euler: what flows in leaves each content at content / share."""
    first = times[0] if order == 1 else times[0] / order
    contents = [start * first] * order
    found = []
    for value, time in zip(x, times, strict=True):
        share = time if order == 1 else time / order
        flows = [value, *(content / share for content in contents)]
        found.append(flows[-1])
        contents = [
            content + dt * (inflow - content / share)
            for content, inflow in zip(contents, flows[:-1], strict=True)
        ]
    return found


@covers("delay1", "delay3")
def test_delays_are_chains_of_contents(engine: str) -> None:
    results = run(
        engine,
        INPUT,
        "aux longer = 4 + step(3, 10)",
        "aux one = delay1(x, 4)",
        "aux three = delay3(x, 4)",
        "aux one from 7 = delay1(x, 4, 7)",
        "aux three from 7 = delay3(x, longer, 7)",
    )
    x = results["x"]
    four = [4.0] * len(x)
    assert_same(results["one"], material(x, four, 1, 0.25, x[0]))
    assert_same(results["three"], material(x, four, 3, 0.25, x[0]))
    assert_same(results["one from 7"], material(x, four, 1, 0.25, 7.0))
    assert_same(results["three from 7"], material(x, list(results["longer"]), 3, 0.25, 7.0))


@pytest.mark.parametrize("order", [1, 3])
def test_a_step_through_a_delay_follows_the_matrix_exponential(engine: str, order: int) -> None:
    """In the limit of small steps, here by RK4: the chain is a linear system."""
    name = {1: "smooth", 3: "smooth3"}[order]
    results = run(engine, f"aux y = {name}(1, 4, 0)", time="time 0 to 20 by 0.125 save every 1", method="rk4")
    matrix = [[0.0] * (order + 1) for _ in range(order + 1)]
    for row in range(order):
        matrix[row][row] = -order / 4
        matrix[row][row - 1 if row else order] = order / 4
    for time, value in zip(results["time"], results["y"], strict=True):
        exact = (linalg.expm([[cell * time for cell in row] for row in matrix]))[order - 1][order]
        # dt^4 over the time constant of a stage
        assert value == pytest.approx(exact, abs=1e-5)


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_delays_conserve_what_flows_through(engine: str, method: str) -> None:
    results = run(
        engine,
        "aux x = pulse(2, 3)",
        "aux y = delay3(x, 2)",
        "stock gone in = 0",
        "  net x",
        "stock come out = 0",
        "  net y",
        time="time 0 to 80 by 0.25",
        method=method,
    )
    assert results["gone in"][-1] == pytest.approx(3.0, abs=0.3)  # RK samples the edges of the pulse
    # What is still inside after 26 time constants is below 1e-20; some hundred roundings are not.
    assert results["come out"][-1] == pytest.approx(results["gone in"][-1], rel=1e-12)


@covers("initial", "previous", "sample_if_true")
def test_held_values_and_memories_keep_what_they_are_given(engine: str) -> None:
    results = run(
        engine,
        INPUT,
        "aux first = initial(x + 5)",
        "aux before = previous(x, -1)",
        "aux sampled = sample_if_true(modulo(time, 2) < 0.5, x, -3)",
        "aux never = sample_if_true(time < -1, x, -3)",
        time="time 1 to 9 by 0.25",
    )
    x, times = results["x"], results["time"]
    assert list(results["first"]) == [x[0] + 5] * len(x)
    assert list(results["before"]) == [-1.0, *x[:-1]]
    held, expected = -3.0, []
    for time, value in zip(times, x, strict=True):
        held = value if time % 2 < 0.5 else held
        expected.append(held)
    assert list(results["sampled"]) == expected
    assert expected[0] == -3.0
    assert list(results["never"]) == [-3.0] * len(x)


@covers("step", "ramp", "pulse", "pulse_train")
@pytest.mark.parametrize("dt", [1.0, 0.25, 0.1, 0.3])
def test_shapes_of_time_begin_and_end_at_the_step_they_were_meant_for(engine: str, dt: float) -> None:
    results = run(
        engine,
        "aux stepped = step(5, 6)",
        "aux ramped = ramp(2, 3)",
        "aux ramped to = ramp(2, 3, 6)",
        "aux pulsed = pulse(3, 3)",
        "aux short = pulse(3, 0)",
        "aux train = pulse_train(3, 0.6, 3, 12)",
        time=f"time 0 to 18 by {dt}",
    )
    count = results.rows
    # The steps that the instants fall on, which are multiples of every dt.
    three, six, twelve = round(3 / dt), round(6 / dt), round(12 / dt)
    times = list(results["time"])
    assert list(results["stepped"]) == [5.0 if k >= six else 0.0 for k in range(count)]
    assert list(results["pulsed"]) == [float(three <= k < six) for k in range(count)]
    assert list(results["short"]) == [float(k == three) for k in range(count)]
    for k, (value, bounded) in enumerate(zip(results["ramped"], results["ramped to"], strict=True)):
        assert value == pytest.approx(2 * max(0.0, k * dt - 3), abs=1e-12), times[k]
        assert bounded == pytest.approx(2 * max(0.0, min(k * dt, 6) - 3), abs=1e-12), times[k]
    width = max(1, round(0.6 / dt))
    expected = [float(three <= k <= twelve and (k - three) % three < width) for k in range(count)]
    if dt != 0.25:  # 0.6 is no multiple of it
        assert list(results["train"]) == expected


@covers("sum", "prod", "vmin", "vmax", "mean")
def test_folds_run_over_elements_in_declared_order(engine: str) -> None:
    rng = Random(5)
    rows = [[rng.uniform(-1e3, 1e3) for _ in range(4)] for _ in range(3)]
    results = run(
        engine,
        "dim a = a1, a2, a3",
        "dim b = b1, b2, b3, b4",
        "const v[a, b] = " + "; ".join(", ".join(map(repr, row)) for row in rows),
        "aux whole = sum(v[*, *])",
        "aux by row[a] = sum(v[a, *])",
        "aux by column[b] = sum(v[*, b])",
        "aux product = prod(v[a2, *])",
        "aux least = vmin(v[*, *])",
        "aux most = vmax(v[*, *])",
        "aux middle = mean(v[*, *])",
        "aux middle of row[a] = mean(v[a, *])",
        "aux weighted = sum(v[*, b2] * v[*, b3])",
        "aux nested = sum(by row[*]) / vmax(by row[*])",
        time="time 0 to 0 by 1",
    )

    def total(values: Sequence[float]) -> float:
        """A left fold; Python's own `sum` of floats is none."""
        so_far = 0.0
        for value in values:
            so_far = so_far + value
        return so_far

    flat = [value for row in rows for value in row]
    assert results["whole"][0] == total(flat)
    assert total(flat) != math.fsum(flat), "an order that shows"
    for place, row in enumerate(rows):
        assert results[f"by row[a{place + 1}]"][0] == total(row)
        assert results[f"middle of row[a{place + 1}]"][0] == total(row) / 4.0
    for place in range(4):
        assert results[f"by column[b{place + 1}]"][0] == total([row[place] for row in rows])
    expected = 1.0
    for value in rows[1]:
        expected = expected * value
    assert results["product"][0] == expected
    assert results["least"][0] == min(flat)
    assert results["most"][0] == max(flat)
    assert results["middle"][0] == total(flat) / 12.0
    assert results["weighted"][0] == total([row[1] * row[2] for row in rows])
    sums = list(map(total, rows))
    assert results["nested"][0] == total(sums) / max(sums)


def test_folds_with_nan_among_the_elements_are_nan(engine: str) -> None:
    results = run(
        engine,
        "dim a = a1, a2, a3",
        "aux v[a] = 1, 0 / 0, 3",
        *(f"aux {name}ed = {name}(v[*])" for name in ("sum", "prod", "vmin", "vmax", "mean")),
        time="time 0 to 0 by 1",
    )
    for name in ("sum", "prod", "vmin", "vmax", "mean"):
        assert math.isnan(results[f"{name}ed"][0])


def test_states_keep_a_value_for_each_element(engine: str) -> None:
    results = run(
        engine,
        "dim a = a1, a2, a3",
        "const tau[a] = 1, 2, 4",
        "aux x[a] = sin(time + tau[a])",
        "aux y[a] = smooth3(x[a], tau[a])",
        "aux z[a] = previous(x[a], tau[a])",
    )
    for place, tau in ((1, 1.0), (2, 2.0), (3, 4.0)):
        x = results[f"x[a{place}]"]
        assert_same(results[f"y[a{place}]"], stages(x, tau, 3, 0.25, x[0]))
        assert_same(results[f"z[a{place}]"], [tau, *x[:-1]])


def test_a_graphical_function_is_the_formula_between_and_the_rule_beyond_its_points(engine: str) -> None:
    xs, ys = [-2.0, 0.0, 0.5, 3.0, 3.0, 7.0], [1.0, 5.0, -4.0, 0.25, 2.0, 2.5]
    points = " ".join(f"({x}, {y})" for x, y in zip(xs, ys, strict=True))
    results = run(
        engine,
        "aux x = 0.37 * time - 5",
        f"lookup line = {points}",
        f"lookup longer = {points} extrapolate",
        f"lookup stairs = {points} discrete",
        "aux a = line(x)",
        "aux b = longer(x)",
        "aux c = stairs(x)",
        f"aux d = lookup(x * 2; {points})",
        "aux e = line(0 / 0)",
        "lookup one point = (3, 4)",
        "aux f = one point(x)",
        time="time 0 to 40 by 1",
    )

    def between(x: float) -> float:
        i = max(i for i in range(len(xs) - 1) if xs[i] <= x or i == 0)
        slope = 0.0 if xs[i + 1] == xs[i] else (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
        return ys[i] + slope * (x - xs[i])

    def line(x: float) -> float:
        return ys[0] if x <= xs[0] else ys[-1] if x >= xs[-1] else between(x)

    def longer(x: float) -> float:
        if x < xs[-1]:
            return between(x)
        return ys[-1] + (ys[-1] - ys[-2]) / (xs[-1] - xs[-2]) * (x - xs[-1])

    def stairs(x: float) -> float:
        return ys[max((i for i in range(len(xs)) if xs[i] <= x), default=0)]

    for row, x in enumerate(results["x"]):
        assert results["a"][row] == line(x), x
        assert results["b"][row] == longer(x), x
        assert results["c"][row] == stairs(x), x
        assert results["d"][row] == line(x * 2), x
        assert math.isnan(results["e"][row])
        assert results["f"][row] == 4.0


def test_a_graphical_function_goes_through_all_of_its_points(engine: str) -> None:
    rng = Random(2)
    xs = sorted(rng.uniform(-50, 50) for _ in range(40))
    ys = [rng.uniform(-1, 1) for _ in xs]
    points = " ".join(f"({x!r}, {y!r})" for x, y in zip(xs, ys, strict=True))
    for kind in ("", "extrapolate", "discrete"):
        elements = ", ".join(f"e{place}" for place in range(len(xs)))
        results = run(
            engine,
            f"dim d = {elements}",
            f"const x[d] = {', '.join(map(repr, xs))}",
            f"lookup f = {points} {kind}",
            "aux y[d] = f(x[d])",
            time="time 0 to 0 by 1",
        )
        assert [results[f"y[e{place}]"][0] for place in range(len(xs))] == ys
