"""Models run on both engines, in full, in two parts and after a reset: the bits must be the same each time."""

import struct
from collections.abc import Mapping

import pytest

from penstock.compiler import Compiled, compile_text
from penstock.errors import PenstockError
from penstock.run import Simulation

Series = Mapping[str, tuple[float, ...]]


def series(text: str, name: str = "test.mdl") -> Series:
    """The saved values of every variable by its name; those of an element by ``name[element]``."""
    compiled = compile_text(text, name)
    runs = [run for engine in ("vm", "wasm") for run in _runs(compiled, engine)]
    for other in runs[1:]:
        assert bits(other) == bits(runs[0])
    return runs[0]


def _runs(compiled: Compiled, engine: str) -> list[Series]:
    with Simulation(compiled, engine) as simulation:
        simulation.run()
        full = _saved(simulation)
        simulation.reset()
        last = full["Time"][-1]
        simulation.run_to((full["Time"][0] + last) / 2)
        simulation.run_to(last)
        in_parts = _saved(simulation)
        simulation.run()
        return [full, in_parts, _saved(simulation)]


def _saved(simulation: Simulation) -> Series:
    results = simulation.results()
    return {name: tuple(results[name]) for name in results.names}


def bits(saved: Series) -> dict[str, list[bytes]]:
    return {name: [struct.pack("<d", value) for value in values] for name, values in saved.items()}


def errors(text: str, name: str = "test.mdl") -> list[tuple[str, str]]:
    """The codes of all errors, and the text that each points at."""
    with pytest.raises(PenstockError) as caught:
        compile_text(text, name)
    return [(item.code, item.span.text) for item in caught.value.diagnostics]


def messages(text: str, name: str = "test.mdl") -> list[str]:
    with pytest.raises(PenstockError) as caught:
        compile_text(text, name)
    return [item.message for item in caught.value.diagnostics]
