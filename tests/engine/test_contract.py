"""What every engine promises, for each engine and each method."""

import math
import sys
from random import Random

import pytest

from engine.bits import assert_same, same
from engine.models import ENGINE_NAMES, EVERYTHING, METHOD_NAMES, SIR, TEACUP, compiled, with_lines
from penstock import engines
from penstock.abi import SET_VALUE
from penstock.compiler import Compiled
from penstock.engines import create
from penstock.errors import PenstockError
from penstock.program import CLOCK, DT, SETTINGS, START, STOP, TIME
from penstock.protocol import DEFAULT_ENGINE
from penstock.run import Simulation, simulate, slices

each_engine = pytest.mark.parametrize("engine", ENGINE_NAMES)
each_method = pytest.mark.parametrize("method", METHOD_NAMES)


def code_of(problem: pytest.ExceptionInfo[PenstockError]) -> str:
    return problem.value.diagnostics[0].code


def everything_of(simulation: Simulation) -> dict[str, list[float]]:
    """All series by name in lower case, each of exactly as many values as rows were saved."""
    results = simulation.results()
    found = {name.lower(): list(simulation.series(name)) for name in results.names}
    for name, values in found.items():
        assert len(values) == simulation.saved_steps == results.rows, name
        assert_same(values, results[name], name)
    return found


def assert_same_series(a: dict[str, list[float]], b: dict[str, list[float]]) -> None:
    assert a.keys() == b.keys()
    for name in a:
        assert_same(a[name], b[name], name)


def full_run(model: Compiled, engine: str, **overrides: float) -> dict[str, list[float]]:
    simulation = Simulation(model, engine)
    for name, value in overrides.items():
        simulation.set_value(name, value)
    simulation.run()
    return everything_of(simulation)


# --- the choice of an engine


@pytest.mark.smoke
def test_without_an_engine_the_documented_default_runs() -> None:
    results = simulate(compiled(TEACUP))
    assert results.engine == DEFAULT_ENGINE == "wasm"
    assert Simulation(compiled(TEACUP)).engine_name == DEFAULT_ENGINE


@each_engine
def test_results_name_the_engine_that_made_them(engine: str) -> None:
    assert simulate(compiled(TEACUP), engine=engine).engine == engine


@pytest.mark.parametrize("name", ["", "WASM", "jit", "vm ", "default"])
def test_an_unknown_engine_is_an_error_that_names_the_known_ones(name: str) -> None:
    with pytest.raises(PenstockError) as problem:
        create(compiled(TEACUP), name)
    assert code_of(problem) == "PEN501"
    assert "wasm, vm" in str(problem.value)


@pytest.mark.smoke
def test_an_engine_that_cannot_run_is_an_error_and_no_other_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setitem(sys.modules, "penstock.hosts.wasmtime", None)
    vm = engines._CREATE["vm"]
    monkeypatch.setitem(engines._CREATE, "vm", lambda model: made.append("vm") or vm(model))
    for engine in ("wasm", None):
        with pytest.raises(PenstockError) as problem:
            simulate(compiled(TEACUP), engine=engine)
        assert code_of(problem) == "PEN505"
        assert problem.value.diagnostics[0].advice
    assert not made
    assert simulate(compiled(TEACUP), engine="vm").rows == 241


# --- what can be set


@each_engine
def test_what_is_computed_cannot_be_set_and_the_message_says_so(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    before = list(simulation.engine.row)
    for name in (
        "effective",
        "inflow",
        "growth[south]",
        "share[north]",
        "at first",
        "sampled",
        "hours",
        "time",
    ):
        with pytest.raises(PenstockError) as problem:
            simulation.set_value(name, 1.0)
        assert code_of(problem) == "PEN502", name
    for name in ("nothing", "people", "people[west]", "weight[north", "#level", "levle"):
        with pytest.raises(PenstockError) as problem:
            simulation.set_value(name, 1.0)
        assert code_of(problem) == "PEN201", name
    assert "level" in str(problem.value)
    assert_same(simulation.engine.row, before)


@each_engine
def test_numbers_that_name_no_input_are_not_settable(engine: str) -> None:
    model = compiled(EVERYTHING)
    instance = create(model, engine)
    points = model.program.n_inputs + model.program.n_points
    for number in (-1, -(2**31), points, 2**31 - 1):
        assert instance.set_value(number, 1.0) == SET_VALUE["NOT_SETTABLE"]
        assert instance.set_value(number, math.nan) == SET_VALUE["NOT_SETTABLE"]


@each_engine
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_only_finite_numbers_are_values(engine: str, value: float) -> None:
    model = compiled(EVERYTHING)
    instance = create(model, engine)
    for number in range(model.program.n_inputs):
        assert instance.set_value(number, value) == SET_VALUE["BAD_VALUE"]
    with pytest.raises(PenstockError) as problem:
        Simulation(model, engine).set_value("rate", value)
    assert code_of(problem) == "PEN504"


@each_engine
@pytest.mark.parametrize("value", ["1", True, None, 10**400, [1]], ids=lambda value: type(value).__name__)
def test_only_numbers_are_values(engine: str, value: object) -> None:
    with pytest.raises(PenstockError) as problem:
        Simulation(compiled(EVERYTHING), engine).set_value("rate", value)  # type: ignore[arg-type]
    assert code_of(problem) == "PEN504"


@each_engine
def test_after_the_start_only_constants_can_be_set(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_initials()
    for name in ("level", "people[east]", "begin", "finish", *SETTINGS):
        with pytest.raises(PenstockError) as problem:
            simulation.set_value(name, 1.0)
        assert code_of(problem) == "PEN503", name
    simulation.set_value("rate", 0.2)
    simulation.reset()
    for name in ("level", "people[east]", "begin"):
        simulation.set_value(name, 1.0)


@each_engine
def test_names_are_found_however_they_are_spelled(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    for name in ("Rate", "RATE", " rate "):
        simulation.set_value(name, 0.5)
        assert simulation.value(name) == 0.5
    simulation.set_value("Weight[ South ]", 5.0)
    assert simulation.value("weight[south]") == 5.0
    for name in ("stop", "final time", "FINAL TIME", "finaltime", "stoptime"):
        if name != "finaltime":
            simulation.set_value(name, 9.0)


@each_engine
def test_a_variable_that_is_called_like_a_setting_is_itself(engine: str) -> None:
    model = compiled(with_lines("const stop = 3", "aux start = 2 + 3", "stock dt = 1", "  net stop * start"))
    simulation = Simulation(model, engine)
    simulation.set_value("stop", 4.0)
    simulation.set_value("dt", 2.0)
    with pytest.raises(PenstockError) as problem:
        simulation.set_value("start", 1.0)
    assert code_of(problem) == "PEN502"
    simulation.run()
    assert list(simulation.series("dt")) == [2, 22, 42, 62, 82]
    results = simulate(model, engine=engine, specs={"stop": 2.0, "start": 1.0, "dt": 0.5, "save_step": 0.5})
    assert list(results["time"]) == [1, 1.5, 2]
    assert list(results["dt"]) == [1, 8.5, 16]


# --- overrides


@each_engine
@each_method
def test_an_override_acts_only_from_where_it_is_made(engine: str, method: str) -> None:
    model = compiled(SIR, method)
    plain = full_run(model, engine)
    simulation = Simulation(model, engine)
    simulation.run_to(30.0)
    simulation.set_value("contact rate", 2.0)
    simulation.run_to(math.inf)
    found = everything_of(simulation)
    for name in plain:
        assert_same(found[name][:31], plain[name][:31], name)
    assert found["infected"][31] != plain["infected"][31]
    assert found["contact rate"] == [6.0] * 31 + [2.0] * 70

    # The state at the cursor is where the other run starts from.
    other = Simulation(model, engine)
    other.set_value("contact rate", 2.0)
    other.set_value("start", 30.0)
    for name in ("susceptible", "infected", "recovered"):
        other.set_value(name, plain[name][30])
    other.run()
    assert_same(other.series("infected"), found["infected"][30:])


@each_engine
def test_an_override_shows_in_the_live_row_at_once_and_nowhere_else(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_to(5.0)
    row = list(simulation.engine.row)
    rows = simulation.saved_steps
    level = list(simulation.series("level"))
    simulation.set_value("rate", 0.75)
    assert simulation.value("rate") == 0.75
    changed = [slot for slot, value in enumerate(simulation.engine.row) if not same(value, row[slot])]
    assert len(changed) == 1
    assert simulation.saved_steps == rows
    assert list(simulation.series("level")) == level


@each_engine
def test_what_depends_on_an_override_follows_with_the_next_run_to(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_to(5.0)
    simulation.set_value("rate", 0.75)
    assert simulation.value("double rate") == 0.2
    simulation.run_to(5.0)  # takes no step
    assert simulation.time == 5.0
    assert simulation.value("double rate") == 1.5
    assert simulation.value("effective") == 4.5
    assert simulation.value("at first") == 1.0
    assert simulation.series("double rate")[-1] == 0.2


@each_engine
def test_constants_and_what_follows_from_them_are_told_apart_row_by_row(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_to(4.0)
    assert not simulation.engine.full_rows
    simulation.set_value("weight[south]", 7.0)
    assert simulation.engine.full_rows
    simulation.run_to(6.0)
    simulation.set_value("rate", 0.3)
    simulation.run_to(math.inf)
    found = everything_of(simulation)
    assert found["weight[south]"] == [2.0] * 5 + [7.0] * 12
    assert found["share[south]"] == [2 / 6] * 5 + [7 / 11] * 12
    assert found["share[east]"] == [3 / 6] * 5 + [3 / 11] * 12
    assert found["rate"] == [0.1] * 9 + [0.3] * 8
    assert found["double rate"] == [0.2] * 9 + [0.6] * 8
    assert found["tau"] == [3.0] * 17


@each_engine
def test_an_initial_value_can_be_set_before_the_run(engine: str) -> None:
    model = compiled(with_lines("stock a = 5", "  net b", "stock b = a * 2", "aux first = initial(a)"))
    found = full_run(model, engine)
    assert (found["a"][0], found["b"][0], found["first"][-1]) == (5, 10, 5)
    found = full_run(model, engine, a=7.0)
    assert (found["a"][0], found["b"][0], found["first"][-1]) == (7, 14, 7)
    found = full_run(model, engine, b=1.0)
    assert found["a"] == [5, 6, 7, 8, 9]


@each_engine
def test_dropping_the_overrides_gives_the_models_own_run(engine: str) -> None:
    model = compiled(EVERYTHING)
    plain = full_run(model, engine)
    simulation = Simulation(model, engine)
    for name, value in (
        ("rate", 0.5),
        ("level", 3.0),
        ("people[south]", 1.0),
        ("finish", 4.0),
        ("dt", 0.125),
    ):
        simulation.set_value(name, value)
    simulation.run()
    assert simulation.saved_steps == 5
    simulation.clear_values()
    assert simulation.value("rate") == 0.1
    simulation.run()
    assert_same_series(everything_of(simulation), plain)


@each_engine
def test_dropping_the_overrides_in_a_run_leaves_its_clock_alone(engine: str) -> None:
    """Settings and initial values act when a run begins, so they are dropped for the next one."""
    model = compiled(with_lines("aux step length = time step", "aux end = stop time", "const k = 1"))
    simulation = Simulation(model, engine)
    simulation.set_value("dt", 0.5)
    simulation.set_value("stop", 3.0)
    simulation.run_to(1.0)
    simulation.clear_values()
    simulation.run_to(math.inf)
    assert list(simulation.series("time")) == [0, 0.5, 1, 1.5, 2, 2.5, 3]
    assert list(simulation.series("step length")) == [0.5] * 7
    assert list(simulation.series("end")) == [3.0] * 7
    simulation.run()
    assert list(simulation.series("step length")) == [1.0] * 5


# --- partial runs


@each_engine
@each_method
def test_a_run_in_pieces_is_the_whole_run_to_the_last_bit(engine: str, method: str) -> None:
    model = compiled(EVERYTHING, method)
    plain = full_run(model, engine)
    rng = Random(3)
    for _ in range(8):
        simulation = Simulation(model, engine)
        for t in sorted(rng.uniform(1.0, 11.0) for _ in range(rng.randint(1, 6))):
            simulation.run_to(t)
            assert simulation.time <= max(t, 2.0) + 1e-9
            partial = everything_of(simulation)
            assert_same(partial["level"], plain["level"][: simulation.saved_steps])
        simulation.run_to(math.inf)
        assert_same_series(everything_of(simulation), plain)


@each_engine
def test_a_time_that_is_none_or_has_passed_does_nothing(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_to(math.nan)
    simulation.run_to(1.9)
    simulation.run_to(-math.inf)
    assert simulation.saved_steps == 0
    assert math.isnan(simulation.value("level"))
    simulation.run_to(5.0)
    row, rows = list(simulation.engine.row), simulation.saved_steps
    for t in (math.nan, 2.0, 4.9, -math.inf, 0.0):
        simulation.run_to(t)
        assert_same(simulation.engine.row, row)
        assert simulation.saved_steps == rows
    simulation.run_to(5.0)
    assert_same(simulation.engine.row, row)
    assert simulation.saved_steps == rows


@each_engine
def test_the_row_between_two_saved_ones_is_complete_too(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_to(4.25)
    assert simulation.time == 4.25
    assert simulation.saved_steps == 5
    assert simulation.value("outflow") == simulation.value("level") / 3.0
    whole = Simulation(compiled(EVERYTHING), engine)
    whole.set_value("save_step", 0.25)
    whole.run()
    assert simulation.value("late") == whole.series("late")[9]


@each_engine
def test_nothing_of_a_longer_run_stays_behind(engine: str) -> None:
    model = compiled(SIR)
    simulation = Simulation(model, engine)
    simulation.run()
    assert simulation.saved_steps == 101
    simulation.reset()
    assert simulation.saved_steps == 0
    assert all(values == [] for values in everything_of(simulation).values())
    simulation.run_to(3.0)
    assert simulation.saved_steps == 4
    found = everything_of(simulation)
    assert found["time"] == [0, 1, 2, 3]
    assert found["population"] == [10000.0] * 4


@each_engine
def test_series_do_not_change_when_the_run_goes_on(engine: str) -> None:
    simulation = Simulation(compiled(SIR), engine)
    simulation.run_to(3.0)
    series, row = simulation.series("infected"), simulation.engine.row
    before, row_before = list(series), list(row)
    simulation.run_to(10.0)
    assert list(series) == before
    assert list(row) == row_before


# --- starting over


@each_engine
def test_a_fresh_row_has_constants_and_the_start_time_and_nothing_else(engine: str) -> None:
    model = compiled(EVERYTHING)
    program = model.program
    simulation = Simulation(model, engine)

    def assert_fresh(constants: list[float], start: float) -> None:
        expected = [math.nan] * program.n_slots
        expected[program.constants.start : program.constants.end] = constants
        expected[TIME] = start
        assert_same(simulation.engine.row, expected)
        assert simulation.saved_steps == 0
        assert not simulation.engine.full_rows
        assert simulation.engine.get_error() == 0

    assert_fresh(list(program.defaults), 2.0)
    simulation.run()
    simulation.reset()
    assert_fresh(list(program.defaults), 2.0)
    simulation.run_to(4.0)
    simulation.set_value("rate", 0.9)
    simulation.run_to(5.0)
    simulation.reset()
    changed = list(program.defaults)
    changed[2] = 0.9
    assert_fresh(changed, 2.0)
    simulation.set_value("begin", 3.0)
    changed[0] = 3.0
    assert_fresh(changed, 3.0)
    simulation.set_value("start", 1.0)
    assert simulation.time == 1.0
    simulation.reset()
    assert_fresh(changed, 1.0)
    simulation.clear_values()
    assert_fresh(list(program.defaults), 2.0)


@each_engine
def test_overrides_outlive_a_reset(engine: str) -> None:
    model = compiled(EVERYTHING)
    overrides = {"rate": 0.5, "level": 3.0, "people[south]": 1.0, "finish": 4.0, "dt": 0.125}
    expected = full_run(model, engine, **overrides)
    simulation = Simulation(model, engine)
    for name, value in overrides.items():
        simulation.set_value(name, value)
    for _ in range(2):
        simulation.run_to(3.0)
        simulation.reset()
    simulation.run_to(math.inf)
    assert_same_series(everything_of(simulation), expected)


@each_engine
@each_method
def test_a_run_after_a_reset_is_the_same_run(engine: str, method: str) -> None:
    model = compiled(EVERYTHING, method)
    plain = full_run(model, engine)
    simulation = Simulation(model, engine)
    instance = simulation.engine
    for t in (2.0, 3.1, 7.0, math.inf):
        simulation.run_to(t)
        simulation.reset()
        simulation.run_to(math.inf)
        assert_same_series(everything_of(simulation), plain)
        simulation.run()
        assert_same_series(everything_of(simulation), plain)
        simulation.reset()
    assert simulation.engine is instance


@each_engine
def test_initial_values_are_evaluated_once(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_initials()
    row = list(simulation.engine.row)
    assert simulation.value("level") == 10.0
    assert simulation.value("outflow") == 10.0 / 3.0
    assert simulation.saved_steps == 0
    simulation.run_initials()
    assert_same(simulation.engine.row, row)
    simulation.run_to(2.0)
    assert_same(simulation.engine.row, row)
    assert simulation.saved_steps == 1
    simulation.run_to(6.0)
    row = list(simulation.engine.row)
    simulation.run_initials()
    assert_same(simulation.engine.row, row)


@each_engine
def test_a_constant_set_after_the_initial_values_leaves_them_alone(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_initials()
    simulation.set_value("weight[south]", 50.0)
    simulation.run_to(2.0)
    assert simulation.value("people[south]") == 200.0
    assert simulation.series("weight[south]")[0] == 50.0
    simulation.run()
    assert simulation.series("people[south]")[0] == 5000.0


@each_engine
def test_an_error_is_gone_once_its_cause_is(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.set_value("stop", 1.0)
    with pytest.raises(PenstockError) as problem:
        simulation.run()
    assert code_of(problem) == "PEN312"
    assert simulation.saved_steps == 0
    simulation.set_value("stop", 3.0)
    simulation.run_to(math.inf)
    assert simulation.saved_steps == 3


# --- runs as functions of their request


@each_engine
def test_a_result_does_not_depend_on_the_runs_before_it(engine: str) -> None:
    model, other = compiled(EVERYTHING), compiled(SIR)
    first = simulate(model, engine=engine).data.tobytes()
    simulate(other, engine=engine, overrides={"contact rate": 1.0})
    simulate(model, engine=engine, overrides={"rate": 0.9, "level": -5.0}, specs={"stop": 30.0})
    simulate(model, engine=engine, overrides=[{"name": "tau", "value": 1.0, "at": 5.0}])
    assert simulate(model, engine=engine).data.tobytes() == first


@each_engine
def test_a_run_in_slices_is_the_run(engine: str) -> None:
    model = compiled(EVERYTHING)
    overrides = [{"name": "rate", "value": 0.3, "at": 6.1}, {"name": "tau", "value": 2.0}]
    whole = simulate(model, engine=engine, overrides=overrides)
    steps = slices(model, engine=engine, overrides=overrides, seconds=0.0)
    turns = 0
    try:
        while True:
            next(steps)
            turns += 1
    except StopIteration as end:
        results = end.value
    assert turns > 1
    assert results.names == whole.names
    assert results.data.tobytes() == whole.data.tobytes()


@each_engine
def test_a_timed_override_acts_from_its_time_on(engine: str) -> None:
    results = simulate(
        compiled(EVERYTHING),
        engine=engine,
        overrides=[
            {"name": "rate", "value": 0.4, "at": 6.0},
            {"name": "rate", "value": 0.2},
            {"name": "rate", "value": 0.3, "at": 4.0},
        ],
    )
    assert list(results["rate"]) == [0.2] * 5 + [0.3] * 4 + [0.4] * 8


@each_engine
@pytest.mark.parametrize("sliced", [False, True])
def test_a_run_that_cannot_start_is_an_error_however_it_is_run(engine: str, sliced: bool) -> None:
    model = compiled("time zero / zero to 10 by 1\nconst zero = 0\nstock a = 1\n  net 1\n")
    with pytest.raises(PenstockError) as problem:
        list(slices(model, engine=engine, seconds=0.0)) if sliced else simulate(model, engine=engine)
    assert code_of(problem) == "PEN315"


@each_engine
def test_saved_variables_can_be_chosen(engine: str) -> None:
    results = simulate(compiled(EVERYTHING), engine=engine, save=["Level", "people", "share[east]", "tau"])
    assert results.columns == ["Time", "level", "people[north]", "people[south]", "people[east]"]
    assert results.fixed == ["tau", "share[east]"] or results.fixed == ["share[east]", "tau"]
    whole = simulate(compiled(EVERYTHING), engine=engine)
    for name in results.names:
        assert_same(results[name], whole[name], name)
    with pytest.raises(PenstockError) as problem:
        simulate(compiled(EVERYTHING), engine=engine, save=["levl"])
    assert code_of(problem) == "PEN201"
    assert "level" in str(problem.value)


@each_engine
def test_settings_that_there_are_not_are_refused(engine: str) -> None:
    for specs, code in (({"method": "rk4"}, "PEN502"), ({"steps": 5}, "PEN514"), ({"stop": "5"}, "PEN504")):
        with pytest.raises(PenstockError) as problem:
            simulate(compiled(TEACUP), engine=engine, specs=specs)
        assert code_of(problem) == code, specs
    simulate(compiled(TEACUP), engine=engine, specs={"method": "euler", "stop": None})


# --- the end


@each_engine
def test_a_disposed_run_cannot_be_used(engine: str) -> None:
    with Simulation(compiled(EVERYTHING), engine) as simulation:
        simulation.run()
    uses = [
        lambda: simulation.run(),
        lambda: simulation.run_to(5.0),
        lambda: simulation.run_initials(),
        lambda: simulation.reset(),
        lambda: simulation.set_value("rate", 1.0),
        lambda: simulation.clear_values(),
        lambda: simulation.value("rate"),
        lambda: simulation.series("level"),
        lambda: simulation.results(),
        lambda: simulation.time,
        lambda: simulation.saved_steps,
    ]
    for use in uses:
        with pytest.raises(PenstockError) as problem:
            use()
        assert code_of(problem) == "PEN506"
    simulation.dispose()


# --- the row


@each_engine
def test_the_clock_stands_at_the_slots_that_the_interface_names(engine: str) -> None:
    simulation = Simulation(compiled(EVERYTHING), engine)
    simulation.run_to(4.0)
    row = simulation.engine.row
    assert (row[TIME], row[DT], row[START], row[STOP]) == (4.0, 0.25, 2.0, 10.0)
    assert len(row) == compiled(EVERYTHING).program.n_slots > len(CLOCK)


@pytest.mark.smoke
@each_method
def test_both_engines_give_the_same_bits(method: str) -> None:
    for text in (TEACUP, SIR, EVERYTHING):
        model = compiled(text, method)
        vm, wasm = (simulate(model, engine=engine) for engine in ENGINE_NAMES)
        assert vm.names == wasm.names
        assert_same(vm.data, wasm.data)
        assert vm.rows > 16
