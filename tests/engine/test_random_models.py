"""Random models as text: read, compiled, and run to the same bits on both engines."""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random

import pytest

from engine.bits import assert_same
from engine.models import ENGINE_NAMES, METHOD_NAMES
from penstock.builtins import BUILTINS
from penstock.builtins.table import Builtin
from penstock.compiler import Compiled, compile_text
from penstock.errors import PenstockError
from penstock.run import Simulation, simulate

Scale = Callable[[int, int], int]

CHUNKS = 10
EQUATIONS = 12

NUMBERS = [
    "0",
    "1",
    "2",
    "0.5",
    "3",
    "10",
    "0.1",
    "1e-3",
    "1e300",
    "5e-324",
    "2.2250738585072014e-308",
    "1e16",
]
SPECIAL = ["(0/0)", "(1/0)", "(-1/0)", "(-0)", "4503599627370496.5", "2147483648", "9007199254740993"]
INFIX = ["+", "-", "*", "/", "^", "mod", "=", "<>", "<", "<=", ">", ">=", "and", "or"]


@cache
def called() -> list[Builtin]:
    """The functions that take any numbers, which those do not that want a constant or a name somewhere."""

    def takes(row: Builtin) -> bool:
        counts = range(row.fewest, int(min(row.most, row.fewest + 2)) + 1)
        calls = [
            f"{row.name}({', '.join(given[:count])})"
            for count in counts
            for given in ("abcdefgh", ["0.5"] * 8)
        ]
        lines = [f"aux {name} = sin(time)" for name in "abcdefgh"]
        lines += [f"aux result {number} = {call}" for number, call in enumerate(calls)]
        try:
            compile_text("\n".join(["time 0 to 1 by 1 using rk4", *lines, ""]), "m.pen")
        except PenstockError as problem:
            if any(item.code not in REFUSALS for item in problem.diagnostics):
                raise
            return False
        return True

    rows = [
        row
        for name, row in BUILTINS.items()
        if not row.reduces and (name in DRAWS or not any(word in name for word in LONG)) and takes(row)
    ]
    assert len(rows) > len(BUILTINS) / 3
    return rows


REFUSALS = {"PEN401", "PEN206"}

LONG = ("random_", "bounded_", "delay_n", "delayn", "smooth_n", "smthn", "delay_fixed")
"""In names of functions that take as many turns as an argument says: seconds in the VM where that is odd."""

DRAWS = {"random_0_1", "random_uniform"}
"""Those that take one turn."""


class Writer:
    """Writes one model from a seed. Auxiliaries use what stands above them; stocks may use everything."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.names = ["time"]

    def model(self) -> str:
        rng = self.rng
        dt = rng.choice(["1", "0.25", "0.1"])
        lines = [
            f"time 0 to {rng.choice(['3', '1.1', '5'])} by {dt}",
            "lookup curve = (-2, 1) (0, 4) (1, -3) (9, 0)",
        ]
        lines.append("lookup stairs = (-1, 2) (0.5, 5) (3, 7) discrete")
        for number in range(3):
            lines.append(
                f"const c{number} = {rng.choice(['', '-'])}{rng.choice([*NUMBERS, repr(rng.uniform(0, 9))])}"
            )
            self.names.append(f"c{number}")
        stocks = [f"s{number}" for number in range(2)]
        self.names += stocks
        for number in range(EQUATIONS):
            lines.append(f"aux a{number} = {self.expression(rng.randint(1, 5), rng.random() < 0.5)}")
            self.names.append(f"a{number}")
        for stock in stocks:
            lines += [f"stock {stock} = {rng.choice(NUMBERS)}", f"  net {self.expression(3, False)}"]
        return "\n".join([*lines, ""])

    def expression(self, depth: int, states: bool) -> str:
        rng = self.rng
        if depth <= 0 or rng.random() < 0.12:
            return rng.choice(
                [rng.choice(NUMBERS), rng.choice(SPECIAL), *(rng.choice(self.names) for _ in range(3))]
            )

        def inner() -> str:
            return self.expression(depth - 1, states)

        kind = rng.random()
        if kind < 0.45:
            return f"({inner()} {rng.choice(INFIX)} {inner()})"
        if kind < 0.55:
            return f"({rng.choice(['-', 'not ', '+'])}{inner()})"
        if kind < 0.68:
            return f"(if {inner()} then {inner()} else {inner()})"
        if kind < 0.74:
            return f"{rng.choice(['curve', 'stairs'])}({inner()})"
        row = rng.choice(called())
        if row.lower is None and (not states or depth < 2):
            return inner()
        count = rng.randint(row.fewest, int(min(row.most, row.fewest + 2)))
        if row.lower is None:  # initial values must not depend on what comes later
            return f"{row.name}({', '.join(self.expression(1, False) for _ in range(count))})"
        return f"{row.name}({', '.join(inner() for _ in range(count))})"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_random_model_gives_the_same_bits_on_both_engines(chunk: int, scale: Scale) -> None:
    count = scale(10, 500)  # of a dozen equations each
    for seed in range(chunk * count, (chunk + 1) * count):
        text = Writer(seed).model()
        model = compile_text(text, f"{seed}.pen", method=METHOD_NAMES[seed % len(METHOD_NAMES)])
        vm, wasm = (outcome(model, engine) for engine in ENGINE_NAMES)
        assert vm.keys() == wasm.keys(), text
        for name in vm:
            assert_same(vm[name], wasm[name], f"{name} of\n{text}")


def outcome(model: Compiled, engine: str) -> dict[str, Sequence[float]]:
    """The series by name; where the run stops with an error, that by its message."""
    simulation = Simulation(model, engine)
    try:
        simulation.run()
    except PenstockError as problem:
        return {str(problem): simulation.engine.row}
    results = simulation.results()
    return {name: results[name] for name in results.names}


@pytest.mark.smoke
def test_many_values_of_random_models_are_numbers() -> None:
    found = []
    for seed in range(10):
        results = simulate(compile_text(Writer(seed).model(), "m.pen"))
        found += [results[f"a{number}"][-1] for number in range(EQUATIONS)]
    assert sum(value == value for value in found) > len(found) / 2
    assert len(set(found)) > len(found) / 4
