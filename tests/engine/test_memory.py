"""A disposed run gives back what it took."""

import gc
import resource
import sys
from pathlib import Path

import pytest

from engine.models import ENGINE_NAMES, compiled, with_lines
from penstock.run import Simulation

SMALL = with_lines("stock level = 1", "  net rate * level", "const rate = 0.1", "aux twice = 2 * level")
CYCLES = 10_000


def resident() -> int:
    """Bytes of memory that this process has in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def cycles(engine: str, count: int) -> float:
    total = 0.0
    for number in range(count):
        with Simulation(compiled(SMALL), engine) as simulation:
            simulation.set_value("rate", number / count)
            simulation.run()
            total += simulation.series("level")[-1]
    return total


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_ten_thousand_runs_leave_memory_where_it_was(engine: str) -> None:
    cycles(engine, CYCLES // 10)
    gc.collect()
    before = resident()
    cycles(engine, CYCLES)
    gc.collect()
    # What one run holds is some 100 kB under wasmtime and 20 kB in the VM; 2 MB is less than a run in fifty.
    assert resident() - before < 2_000_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_a_disposed_run_is_released_at_once(engine: str) -> None:
    """Without waiting for the garbage collector, though somebody still holds the simulation."""
    long = compiled(with_lines("stock level = 1", "  net 1", time="time 0 to 200000 by 1"))
    if engine == "wasm":
        simulations = [Simulation(long, engine) for _ in range(5)]
        gc.disable()
        try:
            for simulation in simulations:
                simulation.run()
            held = resident()
            for simulation in simulations:
                simulation.dispose()
            assert held - resident() > 4 * 200_000 * 16  # four of the five tables of rows at least
        finally:
            gc.enable()
    else:
        simulation = Simulation(compiled(SMALL), engine)
        machine = simulation.engine
        references = sys.getrefcount(machine)
        simulation.dispose()
        assert sys.getrefcount(machine) == references - 1


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_other_runs_in_between_do_not_show(engine: str) -> None:
    simulation = Simulation(compiled(SMALL), engine)
    simulation.run_to(2.0)
    first = list(simulation.series("level"))
    cycles(engine, 50)
    assert list(simulation.series("level")) == first
    simulation.run_to(4.0)
    with Simulation(compiled(SMALL), engine) as other:
        other.run()
        assert list(other.series("level")) == list(simulation.series("level"))
