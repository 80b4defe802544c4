"""The clock and the save rule: which steps are taken, which rows are saved, and what is refused."""

import math
from itertools import pairwise
from random import Random

import pytest

from engine.bits import assert_same
from engine.models import ENGINE_NAMES, compiled
from penstock.errors import PenstockError
from penstock.run import Simulation, simulate

pytestmark = pytest.mark.parametrize("engine", ENGINE_NAMES)

COUNT = "stock count = 0\n  net 1\naux now = time\n"


def times(engine: str, line: str) -> list[float]:
    return list(simulate(compiled(f"{line}\n{COUNT}"), engine=engine)["time"])


def refusal(engine: str, line: str, **specs: float) -> PenstockError:
    with pytest.raises(PenstockError) as caught:
        simulate(compiled(f"{line}\n{COUNT}"), engine=engine, specs=specs)
    return caught.value


@pytest.mark.smoke
def test_no_row_is_lost_where_dt_is_a_tenth_and_rows_are_saved_at_whole_times(engine: str) -> None:
    """A run that adds up times and compares them loses half of these rows."""
    found = times(engine, "time 0 to 100 by 0.1 save every 1")
    assert_same(found, [10 * row * 0.1 for row in range(101)])


@pytest.mark.parametrize("dt", [0.1, 0.01, 0.3, 1 / 3, 0.7, 0.0625])
def test_time_is_start_plus_steps_times_dt_to_the_last_bit(engine: str, dt: float) -> None:
    found = times(engine, f"time 5 to {5 + 300 * dt!r} by {dt!r}")
    assert_same(found, [5 + step * dt for step in range(301)])


def test_the_last_row_is_saved_where_it_is_no_multiple_of_the_save_step(engine: str) -> None:
    assert times(engine, "time 0 to 10 by 1 save every 4") == [0, 4, 8, 10]


def test_the_last_step_lies_at_or_before_the_stop_time(engine: str) -> None:
    assert times(engine, "time 0 to 2.9 by 1") == [0, 1, 2]
    assert times(engine, "time 0 to 2.9 by 1 save every 2") == [0, 2]
    assert times(engine, "time 0 to 3.9 by 1 save every 2") == [0, 2, 3]


def test_a_run_may_start_anywhere(engine: str) -> None:
    assert times(engine, "time -3 to 3 by 2") == [-3, -1, 1, 3]
    assert times(engine, "time 1900 to 1900.5 by 0.25") == [1900, 1900.25, 1900.5]


def test_a_run_of_no_steps_saves_one_row(engine: str) -> None:
    assert times(engine, "time 7 to 7 by 1") == [7]
    assert times(engine, "time 7 to 7.5 by 1 save every 5") == [7]


def test_a_save_step_of_many_steps_is_counted_in_steps(engine: str) -> None:
    found = times(engine, "time 0 to 70 by 0.07 save every 7")
    assert_same(found, [100 * row * 0.07 for row in range(11)])


@pytest.mark.parametrize("save", ["0.5", "1.5", "1.0000001", "0.25", "2.9999999"])
def test_a_save_step_that_is_no_multiple_of_dt_is_refused(engine: str, save: str) -> None:
    problem = refusal(engine, f"time 0 to 10 by 1 save every {save}")
    assert "PEN313" in str(problem)
    assert save in str(problem)


def test_a_save_step_may_miss_a_multiple_by_rounding(engine: str) -> None:
    """0.3 is not three times 0.1 among doubles."""
    assert_same(times(engine, "time 0 to 1 by 0.1 save every 0.3"), [0, 3 * 0.1, 6 * 0.1, 9 * 0.1, 10 * 0.1])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("time 0 to 10 by 0", "PEN311"),
        ("time 0 to 10 by -1", "PEN311"),
        ("time 0 to 10 by 1 / 0", "PEN311"),
        ("time 0 to 10 by 0 / 0", "PEN311"),
        ("time 10 to 0 by 1", "PEN312"),
        ("time 0 to 10 by 1 save every 0", "PEN313"),
        ("time 0 to 10 by 1 save every -1", "PEN313"),
        ("time 0 to 10 by 1 save every 0 / 0", "PEN313"),
        ("time 0 to 10 by 1 save every 1 / 0", "PEN313"),
        ("time 0 to 1 / 0 by 1", "PEN315"),
        ("time 0 / 0 to 10 by 1", "PEN315"),
        ("time -1 / 0 to 10 by 1", "PEN315"),
        ("time 0 to 1e9 by 1e-3", "PEN314"),
        ("time 0 to 1e300 by 1e-300 save every 1e-300", "PEN314"),
        ("time 0 to 1e8 by 1", "PEN314"),
    ],
)
def test_settings_that_make_no_run_are_refused(engine: str, line: str, code: str) -> None:
    problem = refusal(engine, line)
    assert [item.code for item in problem.diagnostics] == [code]
    assert problem.diagnostics[0].advice


def test_a_run_of_many_steps_and_few_rows_is_not_too_large(engine: str) -> None:
    if engine == "wasm":  # the VM would take seconds for it
        assert len(times(engine, "time 0 to 1000000 by 1 save every 100000")) == 11


def test_an_override_of_a_setting_acts_like_the_setting(engine: str) -> None:
    model = compiled(f"time 0 to 10 by 1\n{COUNT}")
    for specs, line in (
        ({"start": 4.0}, "time 4 to 10 by 1 save every 1"),
        ({"stop": 20.0}, "time 0 to 20 by 1 save every 1"),
        ({"dt": 0.5}, "time 0 to 10 by 0.5 save every 0.5"),  # rows follow dt where no save step is given
        ({"save_step": 5.0}, "time 0 to 10 by 1 save every 5"),
        ({"start": -1.0, "stop": 0.0, "dt": 0.1, "save_step": 0.2}, "time -1 to 0 by 0.1 save every 0.2"),
    ):
        results = simulate(model, engine=engine, specs=specs)
        assert_same(results["now"], times(engine, line), str(specs))


def test_a_setting_that_makes_no_run_is_refused_as_an_override_too(engine: str) -> None:
    for specs, code in (
        ({"dt": 0.0}, "PEN504"),
        ({"dt": -1.0}, "PEN504"),
        ({"dt": math.nan}, "PEN504"),
        ({"save_step": 0.0}, "PEN504"),
        ({"save_step": 1.5}, "PEN313"),
        ({"stop": -1.0}, "PEN312"),
        ({"stop": math.inf}, "PEN504"),
        ({"start": 11.0}, "PEN312"),
        ({"stop": 1e15}, "PEN314"),
    ):
        assert refusal(engine, "time 0 to 10 by 1", **specs).diagnostics[0].code == code, specs


def test_memory_grows_with_the_rows_that_settings_ask_for(engine: str) -> None:
    simulation = Simulation(compiled(f"time 0 to 1 by 1\n{COUNT}"), engine)
    simulation.run()
    for stop in (3_000.0, 30_000.0, 10.0):
        simulation.reset()
        simulation.set_value("stop", stop)
        simulation.run()
        assert simulation.saved_steps == stop + 1
        assert_same(simulation.series("count"), [float(row) for row in range(int(stop) + 1)])
        assert_same(simulation.series("now"), simulation.series("count"))


def test_a_run_far_from_zero_takes_the_steps_that_its_times_allow(engine: str) -> None:
    """Where the spacing of doubles is no longer small beside dt, the count of steps is a question of rounding."""
    model = compiled(f"time 0 to 10 by 1\n{COUNT}")
    rng = Random(1)
    for _ in range(300):
        dt = rng.choice([0.1, 0.001, 0.125, 1 / 3, 0.01, 1e-4, 1 / 365])
        start = rng.choice([0.0, 1e6, 2000.0, 1e3, -5.0, 0.1, 1e9, -1e8])
        steps = rng.randint(1, 20)
        stop = float(f"{start + steps * dt:.{rng.choice([9, 11, 17])}g}")
        if stop < start:
            continue
        specs = {"start": start, "stop": stop, "dt": dt, "save_step": dt}
        results = simulate(model, engine=engine, specs=specs)
        expected = [start]
        while (following := start + len(expected) * dt) <= stop + 1e-9 * dt:
            expected.append(following)
        assert_same(results["now"], expected, str(specs))
        count, counted = 0.0, []
        for _ in expected:
            counted.append(count)
            count = count + dt * 1.0
        assert_same(results["count"], counted, str(specs))


def test_run_to_takes_whole_steps_only(engine: str) -> None:
    simulation = Simulation(compiled(f"time 0 to 10 by 0.1\n{COUNT}"), engine)
    for t, steps in ((0.0, 0), (0.05, 0), (0.1, 1), (0.3, 3), (0.39, 3), (0.7, 7), (0.9999, 9), (1.0, 10)):
        simulation.run_to(t)
        assert simulation.time == steps * 0.1, t
        assert simulation.saved_steps == steps + 1
    simulation.run_to(1e300)
    assert simulation.time == 10.0
    assert simulation.saved_steps == 101


VARYING = """\
time 0 to last by if time < 1 then 0.5 else if time < 2 then 0.25 else pace save every gap
const pace = 0.1
aux last = 2.5 + step(1, 2)
aux gap = if time < 2 then 0.5 else 0.2
stock count = 0
  net 1
aux length = time step
"""


def varying_clock(pace: float) -> tuple[list[float], list[float]]:
    """All times and dts of that model: t0 and k start anew where dt changes."""
    base, since, dt = 0.0, 0, 0.5
    found, lengths = [0.0], [0.5]
    while True:
        time = base + (since + 1) * dt
        if time > (3.5 if found[-1] + dt / 2 > 2 else 2.5) + 1e-9 * dt:
            return found, lengths
        since += 1
        new = 0.5 if time < 1 else 0.25 if time < 2 else pace
        found.append(time)
        lengths.append(new)
        if new != dt:
            base, since, dt = time, 0, new


def test_a_clock_that_varies_counts_anew_from_every_change(engine: str) -> None:
    model = compiled(VARYING)
    assert model.program.clock_varies
    simulation = Simulation(model, engine)
    times_, lengths = varying_clock(0.1)
    taken = []
    for time in times_:
        simulation.run_to(time)
        taken.append(simulation.time)
    assert_same(taken, times_)
    simulation.run()
    saved = list(simulation.series("time"))
    assert saved[:4] == [0.0, 0.5, 1.0, 1.5]
    assert saved[-1] == times_[-1]
    assert set(saved) <= set(times_)
    # From 2 on, rows are two steps of a tenth apart; the last one is saved whatever its distance.
    later = [times_.index(time) for time in saved if time > 2.05][:-1]
    assert {b - a for a, b in pairwise(later)} == {2}
    count = 0.0
    by_time = {}
    for time, length in zip(times_, lengths, strict=True):
        by_time[time] = count
        count = count + length * 1.0
    assert_same(simulation.series("count"), [by_time[time] for time in saved])


@pytest.mark.parametrize("pace", ["0", "-1", "0/0", "1/0"])
def test_a_dt_that_becomes_none_stops_the_run_with_an_error(engine: str, pace: str) -> None:
    model = compiled(VARYING.replace("const pace = 0.1", f"aux pace = {pace}"))
    simulation = Simulation(model, engine)
    with pytest.raises(PenstockError) as caught:
        simulation.run()
    assert caught.value.diagnostics[0].code == "PEN311"
    assert list(simulation.series("time"))[-1] <= 2.0 + 1e-9


def test_rows_of_a_clock_that_grows_finer_find_room(engine: str) -> None:
    """Far more rows than the settings at the start let expect, so that the blob makes room on the way."""
    model = compiled(
        "time 0 to 10 by if time < 1 then 1 else 0.001 save every if time < 1 then 1 else 0.001\n"
        + COUNT
        + "const k = 1\n"
    )
    simulation = Simulation(model, engine)
    simulation.run_to(1.5)
    simulation.set_value("k", 2.0)
    simulation.run_to(math.inf)
    assert simulation.saved_steps == 9002
    assert_same(simulation.series("now"), simulation.series("time"))
    assert list(simulation.series("k")) == [1.0] * 502 + [2.0] * 8500
    assert simulation.series("count")[-1] == pytest.approx(10.0, rel=1e-12)  # nine thousand roundings
