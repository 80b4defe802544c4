"""How a series is taken at any time, against a search in plain Python, and what functions ask of one."""

import math
from bisect import bisect_left, bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.making import NA, compiled, series
from engine.bits import assert_same
from engine.covers import covers
from penstock.errors import PenstockError
from penstock.run import Simulation

ENGINES = pytest.mark.parametrize("engine", ["vm", "wasm"])


def held(x: list[float], y: list[float], time: float) -> float:
    return y[max(bisect_right(x, time) - 1, 0)]


def ahead(x: list[float], y: list[float], time: float) -> float:
    return y[min(bisect_left(x, time), len(y) - 1)]


def before(x: list[float], y: list[float], time: float) -> float:
    return y[max(bisect_left(x, time) - 1, 0)]


def exact(x: list[float], y: list[float], time: float) -> float:
    return y[x.index(time)] if time in x else NA


def lines(x: list[float], y: list[float], time: float) -> float:
    if time <= x[0]:
        return y[0]
    if time >= x[-1]:
        return y[-1]
    i = bisect_right(x, time) - 1
    return y[i] + (y[i + 1] - y[i]) / (x[i + 1] - x[i]) * (time - x[i])


TAKEN = {":HOLD BACKWARD:": held, ":LOOK FORWARD:": ahead, ":RAW:": exact, ":INTERPOLATE:": lines, "": lines}

points = st.dictionaries(
    st.integers(-4, 12).map(lambda k: k / 2), st.integers(-50, 50).map(float), min_size=1, max_size=8
)


@given(points)
def test_every_way_of_taking_data_is_what_a_search_finds(found: dict[float, float]) -> None:
    x = sorted(found)
    y = [found[time] for time in x]
    text = "".join(f"{time}\t{found[time]}\n" for time in x)
    names = [f"v{number}" for number in range(len(TAKEN))]
    equations = "".join(f"{name} {word} ~~|\n" for name, word in zip(names, TAKEN, strict=True))
    data = {"run.dat": "".join(f"{name}\n{text}" for name in names)}
    model = compiled(equations, data=data, clock=(-3, 7, 0.25))
    times = [-3 + k * 0.25 for k in range(41)]
    for name, take in zip(names, TAKEN.values(), strict=True):
        expected = [take(x, y, time) for time in times]
        for engine in ("vm", "wasm"):
            assert_same(series(model, name, engine), expected, name)


@ENGINES
def test_a_time_that_rounding_moved_still_counts_as_reached(engine: str) -> None:
    times = [k * 0.1 for k in range(61)]
    # 0.1 does not divide evenly: 3 * 0.1 lies above 0.3, and 69 * 0.1 would lie below 6.9.
    text = "".join(f"{k / 10!r}\t{k}\n" for k in range(61))
    assert any(time != k / 10 for k, time in enumerate(times))
    words = (":HOLD BACKWARD:", ":LOOK FORWARD:", ":RAW:")
    equations = "".join(f"v{i} {word} ~~|\n" for i, word in enumerate(words))
    data = {"run.dat": "".join(f"v{i}\n{text}" for i in range(3))}
    model = compiled(equations, data=data, clock=(0, 6, 0.1))
    for i in range(3):
        assert series(model, f"v{i}", engine) == list(range(61))


X, Y = [1.0, 2.0, 4.0, 7.0], [10.0, 30.0, 20.0, 50.0]
SALES = {"run.dat": "sales\n" + "".join(f"{x}\t{y}\n" for x, y in zip(X, Y, strict=True))}
TIMES = [k * 0.5 for k in range(17)]


def asked(expression: str, engine: str) -> list[float]:
    model = compiled(f"sales ~~|\nmode = 1 ~~|\nx = {expression} ~~|", data=SALES, clock=(0, 8, 0.5))
    return series(model, "x", engine)


def inside(time: float, value: float) -> float:
    return value if X[0] <= time <= X[-1] else NA


@covers("get_data_between_times")
@ENGINES
def test_data_between_times_are_taken_by_lines_ahead_or_before(engine: str) -> None:
    # Times between two steps go back to the first of them, except for lines.
    for expression, take, shift in (
        ("GET DATA BETWEEN TIMES(sales, Time, 0)", lines, 0.0),
        ("GET DATA BETWEEN TIMES(sales, Time + 0.2, 0)", lines, 0.2),
        ("GET DATA BETWEEN TIMES(sales, Time, mode)", ahead, 0.0),
        ("GET DATA BETWEEN TIMES(sales, Time + 1, 1)", ahead, 1.0),
        ("GET DATA BETWEEN TIMES(sales, Time, -1)", before, 0.0),
        ("GET DATA BETWEEN TIMES(sales, Time - 1.5, -mode)", before, -1.5),
    ):
        expected = [inside(time + shift, take(X, Y, time + shift)) for time in TIMES]
        assert_same(asked(expression, engine), expected, expression)
    between = [inside(time + 0.3, ahead(X, Y, time)) for time in TIMES]
    assert_same(asked("GET DATA BETWEEN TIMES(sales, Time + 0.3, 1)", engine), between)


@covers("get_data_at_time")
@ENGINES
def test_data_at_a_time_are_there_or_not(engine: str) -> None:
    assert asked("GET DATA AT TIME(sales, Time)", engine) == [exact(X, Y, time) for time in TIMES]


@covers(
    "get_data_first_time",
    "get_data_last_time",
    "get_data_max",
    "get_data_mean",
    "get_data_min",
    "get_data_total_points",
)
@ENGINES
@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("GET DATA FIRST TIME(sales)", 1),
        ("GET DATA LAST TIME(sales)", 7),
        ("GET DATA TOTAL POINTS(sales)", 4),
        ("GET DATA MIN(sales, 2, 7)", 20),
        ("GET DATA MAX(sales, 0, 6)", 30),
        ("GET DATA MEAN(sales, 1, 4)", 20),
        ("GET DATA MEAN(sales, 5, 6)", NA),
        ("INITIAL(GET DATA MAX(sales, INITIAL TIME, FINAL TIME))", 50),
    ],
)
def test_a_series_can_be_asked_as_a_whole(expression: str, value: float, engine: str) -> None:
    assert set(asked(expression, engine)) == {value}


@ENGINES
def test_elements_are_asked_in_loops_and_one_without_data_has_none(engine: str) -> None:
    model = compiled(
        "a: a1, a2, a3 ~~|\nx[a] ~~|\ny[a] = GET DATA BETWEEN TIMES(x[a], Time, 1) ~~|\n"
        "n[a] = GET DATA TOTAL POINTS(x[a]) ~~|\nlate = GET DATA LAST TIME(x[a3]) ~~|",
        data={"run.dat": "x[a1]\n0 0\n2 20\n3 30\nx[a3]\n0 5\n3 8\n"},
    )
    assert series(model, "y[a1]", engine) == [0, 20, 20, 30]
    assert series(model, "y[a2]", engine) == [NA] * 4
    assert series(model, "y[a3]", engine) == [5, 8, 8, 8]
    assert [series(model, f"n[a{i}]", engine)[0] for i in (1, 2, 3)] == [3, 0, 2]
    assert series(model, "late", engine) == [3] * 4


@covers("get_data_stdv", "get_data_median")
@pytest.mark.parametrize("statistic", ["STDV", "MEDIAN"])
def test_statistics_that_are_not_documented_are_refused(statistic: str) -> None:
    with pytest.raises(PenstockError, match="PEN401"):
        asked(f"GET DATA {statistic}(sales, 0, 9)", "vm")


def test_only_data_variables_can_be_asked() -> None:
    with pytest.raises(PenstockError, match="PEN401 GET DATA AT TIME of anything but a data variable"):
        compiled("x = Time ~~|\ny = GET DATA AT TIME(x, 1) ~~|")


@ENGINES
def test_a_run_in_pieces_or_after_a_reset_is_the_same_run(engine: str) -> None:
    equations = "sales :LOOK FORWARD: ~~|\nx = INTEG(GET DATA BETWEEN TIMES(sales, Time, 0) * sales, 0) ~~|"
    model = compiled(equations, data=SALES, clock=(1, 7, 0.125))
    expected = series(model, "x", "vm")
    assert len(set(expected)) > 40
    with Simulation(model, engine) as simulation:
        for stops in ((2.3, 5.0, math.inf), (math.inf,)):
            for stop in stops:
                simulation.run_to(stop)
            assert_same(list(simulation.series("x")), expected)
            simulation.reset()
