"""A run that goes on from a snapshot is the run that was never interrupted, on whichever engine either of them is."""

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random

import pytest

from conveyors.writing import aux, conveyor, flow, stock, xmile
from engine.bits import assert_same
from engine.models import ENGINE_NAMES, EVERYTHING, SIR, TEACUP, compiled
from engine.test_lockstep import VARYING_CLOCK
from engine.test_random_models import Writer
from penstock.compiler import Compiled, compile_text
from penstock.errors import PenstockError
from penstock.hosts.wasmtime import Instance
from penstock.program import DT
from penstock.run import Simulation

Scale = Callable[[int, int], int]

KEEPING = """\
time 0 to 6 by 0.25 save every 0.5
stock level = 3
  net random_normal(-9, 9, 0, 1, 3) + delay fixed(step(5, 2), 1.5, 1) - delay3(level, 2)
aux draw = random_uniform(0, 1, 4)
aux late = delay fixed(level, pause, level)
aux smooth draw = smooth(draw, 2)
aux seen = previous(draw, -1)
const pause = 2
lookup curve = (0, 2) (10, 1) (20, 0.5)
aux bent = curve(level * draw)
"""

BELTS = xmile(
    stock("line", "4", "in", "taken", "<queue/>"),
    stock("belt", "3", "taken", "leaves", conveyor("length", 'discrete="true"', capacity="9")),
    flow("in", "3 + 2 * SIN(TIME)"),
    flow("taken"),
    flow("leaves"),
    aux("length", "1.5"),
    stop=8.0,
    dt=0.25,
)

MODELS: Mapping[str, Callable[[], Compiled]] = {
    "stocks": lambda: compiled(TEACUP),
    "four stages": lambda: compiled(SIR, "rk4"),
    "everything": lambda: compiled(EVERYTHING, "rk2"),
    "pieces of steps": lambda: compiled(EVERYTHING, "rk4_auto"),
    "a clock that varies": lambda: compiled(VARYING_CLOCK),
    "draws and delays": lambda: compiled(KEEPING),
    "draws and delays in four stages": lambda: compiled(KEEPING, "rk4"),
    "belts and queues": lambda: compile_text(BELTS, "m.xmile"),
}


def rows(simulation: Simulation) -> dict[str, Sequence[float]]:
    results = simulation.results()
    return {name: results[name] for name in results.names}


def cut_at(model: Compiled, engine: str, steps: int) -> Simulation:
    """A simulation after so many steps."""
    simulation = Simulation(model, engine)
    if steps >= 0:
        simulation.run_initials()
    for _ in range(steps):
        simulation.run_to(simulation.time + simulation.engine.row[DT])
    return simulation


@pytest.mark.parametrize("title", MODELS)
def test_a_run_goes_on_from_any_step_as_if_nothing_had_happened(title: str, scale: Scale) -> None:
    model = MODELS[title]()
    whole = Simulation(model)
    whole.run()
    expected, n_steps = rows(whole), int(whole.engine.row[6])
    every = max(1, n_steps // scale(6, n_steps))
    for taking in ENGINE_NAMES:
        for steps in range(-1, n_steps + 1, every):
            before = cut_at(model, taking, steps)
            snapshot, saved = before.snapshot(), before.saved_steps
            for going in ENGINE_NAMES:
                after = Simulation(model, going)
                after.restore(snapshot)
                assert after.saved_steps == 0
                after.run_to(math.inf)
                found = rows(after)
                for name, series in expected.items():
                    assert_same(
                        found[name], series[saved:], f"{name} of {title}, {steps} steps, {taking}, {going}"
                    )


@pytest.mark.parametrize("chunk", range(4))
def test_random_models_go_on_from_random_steps(chunk: int, scale: Scale) -> None:
    for seed in range(chunk * scale(3, 100), (chunk + 1) * scale(3, 100)):
        text, rng = Writer(seed).model(), Random(seed)
        model = compile_text(text, "m.pen", method=rng.choice(["euler", "rk4"]))
        whole = Simulation(model)
        try:
            whole.run()
        except PenstockError:
            continue
        expected, n_steps = rows(whole), int(whole.engine.row[6])
        steps, taking, going = rng.randint(0, n_steps), rng.choice(ENGINE_NAMES), rng.choice(ENGINE_NAMES)
        before = cut_at(model, taking, steps)
        after = Simulation(model, going)
        after.restore(before.snapshot())
        after.run_to(math.inf)
        for name, series in rows(after).items():
            assert_same(series, expected[name][before.saved_steps :], f"{name} of\n{text}")


@pytest.mark.parametrize("going", ENGINE_NAMES)
@pytest.mark.parametrize("taking", ENGINE_NAMES)
def test_what_was_set_goes_along(taking: str, going: str) -> None:
    model = compiled(KEEPING)

    def prepared(engine: str) -> Simulation:
        simulation = Simulation(model, engine)
        simulation.set_setting("stop", 9.0)
        simulation.set_setting("seed", 5)
        simulation.set_value("level", -2.5)
        simulation.set_point("curve", 1, x=4.0, y=7.0)
        simulation.run_to(2.5)
        simulation.set_value("pause", 3.0)
        simulation.set_point("curve", 1, y=8.0)
        return simulation

    whole = prepared(going)
    saved = whole.saved_steps
    whole.run_to(math.inf)
    after = Simulation(model, going)
    after.restore(prepared(taking).snapshot())
    after.run_to(math.inf)
    for name, series in rows(after).items():
        assert_same(series, rows(whole)[name][saved:], name)
    whole.reset()
    after.reset()
    whole.run_to(math.inf)
    after.run_to(math.inf)
    for name, series in rows(after).items():
        assert_same(series, rows(whole)[name], f"{name} after a reset")
    after.clear_values()
    after.run()
    fresh = Simulation(model, going)
    fresh.run()
    for name, series in rows(after).items():
        assert_same(series, rows(fresh)[name], f"{name} after all was cleared")


@pytest.mark.parametrize("title", MODELS)
def test_both_engines_write_the_same_bytes(title: str) -> None:
    """But for what values do not depend on: the room for rows, and what a lookup remembers of its last point."""
    program = (model := MODELS[title]()).program
    for steps in (-1, 0, 1, 5):
        vm, wasm = (cut_at(model, engine, steps).snapshot() for engine in ENGINE_NAMES)
        assert (len(vm), vm[:8]) == (len(wasm), wasm[:8])
        if not program.n_points and not program.clock_varies:
            assert_same(memoryview(vm[8:]).cast("d").tolist(), memoryview(wasm[8:]).cast("d").tolist(), title)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_a_snapshot_can_be_taken_again_and_again_and_taken_back(engine: str) -> None:
    simulation = Simulation(compiled(KEEPING), engine)
    simulation.run_to(2.0)
    snapshot = simulation.snapshot()
    assert simulation.snapshot() == snapshot
    ends = []
    for pause in (2.0, 0.5, 2.0):
        simulation.restore(snapshot)
        simulation.set_value("pause", pause)
        simulation.run_to(math.inf)
        ends.append(simulation.value("level"))
    assert ends[0] == ends[2]


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_bytes_that_are_no_snapshot_of_the_model_are_refused_and_change_nothing(engine: str) -> None:
    simulation = Simulation(compiled(TEACUP), engine)
    simulation.run_to(5.0)
    own = simulation.snapshot()
    before = list(simulation.engine.row)
    others = [
        Simulation(compiled(text, method), engine).snapshot()
        for text, method in ((SIR, None), (TEACUP, "rk4"))
    ]
    for wrong in (b"", own[:-8], own + bytes(8), bytes(len(own)), b"\1" + own[1:], *others):
        with pytest.raises(PenstockError, match="PEN520"):
            simulation.restore(wrong)
    assert_same(simulation.engine.row, before)
    assert simulation.saved_steps == 41


def test_memory_does_not_grow_with_snapshots() -> None:
    model = compiled(KEEPING)
    instance = Instance(model.program, model.blob)
    instance.run_to(2.0)
    snapshot = instance.snapshot()
    pages = set()
    for _ in range(200):
        instance.restore(snapshot)
        instance.run()
        instance.snapshot()
        pages.add(instance._exports["memory"].size(instance._store))
    assert len(pages) == 1
