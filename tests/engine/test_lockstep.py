"""Random sequences of calls on the machine and on a blob, compared in all that can be seen after every call."""

import math
from collections.abc import Callable
from random import Random

import pytest

from engine.bits import assert_same
from engine.models import EVERYTHING, METHOD_NAMES, SIR, compiled, with_lines
from penstock.compiler import Compiled, compile_text
from penstock.hosts.wasmtime import Instance
from penstock.program import SETTINGS
from penstock.vm import Machine
from penstock.wasm.driver import shorthand

Scale = Callable[[int, int], int]

VARYING_CLOCK = """\
time 0 to 12 by if time < 3 then 0.5 else if time < 6 then 0.25 else pace save every 1
const pace = 1
stock level = 10
  net growth * level
const growth = 0.1
aux longest = max(level, previous(level, 0))
"""

NO_STOCKS = with_lines("aux wave = sin(time) * size", "const size = 2", "aux half = size / 2")

CURVES = """\
time 0 to 8 by 0.5
dim place = near, far
lookup shape[near] = (0, 2) (3, 1) (6, 0.5)
lookup shape[far] = (1, 1) (1, 3) (4, 0.5)
lookup scale = (0, 1) (2, 4)
stock level[place] = scale(1)
  in flow
flow flow[place] = shape[place](time) * size
aux size = scale(reach)
const reach = 0.5
aux smell = lookup(time; (0, 0) (2, 0.25) (9, 1) discrete)
"""

CURVED_CLOCK = """\
time 0 to ending(reach) by 0.5
lookup ending = (0, 2) (4, 9)
const reach = 3
stock level = 1
  net ending(time)
"""

NOTHING_FIXED = "time 1 to 4 by 0.5\nstock a = 1\n  net a\n"

MODELS = {
    "everything": EVERYTHING,
    "sir": SIR,
    "varying clock": VARYING_CLOCK,
    "no stocks": NO_STOCKS,
    "nothing fixed": NOTHING_FIXED,
    "curves": CURVES,
    "curved clock": CURVED_CLOCK,
}


class Pair:
    """A machine and an instance that are told the same."""

    def __init__(self, model: Compiled) -> None:
        self.program = model.program
        self.vm = Machine(model.program)
        self.wasm = Instance(model.program, model.blob)
        self.calls: list[str] = []
        self.compare()

    def call(self, name: str, *arguments: float) -> None:
        self.calls.append(f"{name}{arguments}")
        codes = [getattr(engine, name)(*arguments) for engine in (self.vm, self.wasm)]
        assert codes[0] == codes[1], self.calls
        self.compare()

    def compare(self) -> None:
        vm, wasm, calls = self.vm, self.wasm, f"after {self.calls}"
        assert_same(vm.row, wasm.row, calls)
        assert vm.saved_steps == wasm.saved_steps, calls
        assert vm.get_error() == wasm.get_error(), calls
        assert vm.full_rows == wasm.full_rows, calls
        for column in range(self.program.n_columns):
            values = vm.column(column)
            assert len(values) == vm.saved_steps, calls
            assert_same(values, wasm.column(column), f"column {column} {calls}")


def times(rng: Random) -> float:
    return rng.choice([math.inf, -math.inf, math.nan, 0.0, 2.0, *(rng.uniform(-1, 13) for _ in range(5))])


def values(rng: Random) -> float:
    return rng.choice(
        [math.nan, math.inf, 0.0, -0.0, 1e300, -1.0, *(rng.uniform(0.05, 12) for _ in range(10))]
    )


def settings(rng: Random, kind: str) -> float:
    """Mostly such that there is a run, and not too long a one."""
    choices = {
        "start": [0.0, 1.0, 2.0, -1.0, 0.5, 20.0],
        "stop": [3.0, 10.0, 12.5, 0.0, -5.0, 40.0, 1e12],
        "dt": [0.5, 0.25, 0.125, 1.0, 0.1, 0.0, -1.0, 1e-9, math.nan],
        "save_step": [1.0, 0.5, 0.25, 2.0, 0.3, 0.0, 5.0],
        "seed": [0.0, 1.0, -1.0, 1.5, 1e300],
    }
    return rng.choice(choices[kind])


def tell(pair: Pair, rng: Random) -> None:
    """One random call."""
    kinds = {row["input"]: row["kind"] for row in pair.program.inputs}
    kind = rng.random()
    if kind < 0.4:
        pair.call("run_to", times(rng))
    elif kind < 0.75:
        clock = [number for number, name in kinds.items() if name in SETTINGS]
        number = rng.choice([rng.randrange(-1, pair.program.n_inputs + 1), rng.choice(clock)])
        if pair.program.n_points and rng.random() < 0.3:
            number = pair.program.n_inputs + rng.randrange(pair.program.n_points + 1)
        setting = kinds.get(number, "")
        pair.call("set_value", number, settings(rng, setting) if setting in SETTINGS else values(rng))
    elif kind < 0.85:
        pair.call("reset")
    elif kind < 0.92:
        pair.call("run_initials")
    elif kind < 0.96:
        pair.call("clear_values")
    else:
        pair.call("run")


@pytest.mark.parametrize("title", MODELS)
@pytest.mark.parametrize("method", METHOD_NAMES)
def test_both_engines_look_alike_after_every_call(title: str, method: str, scale: Scale) -> None:
    model = compiled(MODELS[title], method)
    for seed in range(scale(6, 100)):
        rng = Random(f"{title} {method} {seed}")
        pair = Pair(model)
        for _ in range(20):
            tell(pair, rng)


@pytest.mark.parametrize("title", ["everything", "varying clock"])
def test_rows_of_many_columns_look_alike_too(
    title: str, scale: Scale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait for each other before they are written to their columns; here a few columns are many."""
    monkeypatch.setattr(shorthand, "FEW_COLUMNS", 1)
    monkeypatch.setattr(shorthand, "WAITING_ROWS", 5)
    model = compile_text(MODELS[title], "model.pen")
    for seed in range(scale(6, 100)):
        rng = Random(f"{title} {seed}")
        pair = Pair(model)
        for _ in range(20):
            tell(pair, rng)


@pytest.mark.smoke
def test_random_calls_reach_every_state() -> None:
    """The test above is worth what it reaches: errors, rows in full, refusals, ends of runs."""
    model = compiled(EVERYTHING)
    errors, codes, full, ended = set(), set(), 0, 0
    for seed in range(40):
        rng = Random(f"everything euler {seed}")
        pair = Pair(model)
        for _ in range(20):
            tell(pair, rng)
            errors.add(pair.vm.get_error())
            full += pair.vm.full_rows
            ended += pair.vm.saved_steps > 16
        for number in range(-1, model.program.n_inputs):
            codes.add(pair.vm.set_value(number, rng.choice([1.0, math.nan])))
    assert len(errors) >= 4
    assert codes == {0, 1, 2, 3}
    assert full
    assert ended
