"""Many runs of one model with other values, of which only asked-for numbers are kept; lanes of SIMD where they can be.

Whatever runs them, the numbers are those of single runs to the last bit.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .compiler import Compiled
from .errors import PenstockError, error
from .run import Simulation, apply_specs

Rows = Sequence[Sequence[float]]
"""Numbers by run and name; an array of numpy will do."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """`values` are runs × times × outputs, the last index the fastest; `numpy.frombuffer(values).reshape(shape)` sees
    them as that. A run that could not be made has NaNs there, and what is wrong in `errors` by its number.
    `lanes` of them ran side by side: 1 where they were single runs, and then `reason` says why.
    """

    values: array[float]
    shape: tuple[int, int, int]
    lanes: int
    reason: str = ""
    errors: Mapping[int, PenstockError] = field(default_factory=dict)


def run_lanes(
    compiled: Compiled,
    names: Sequence[str],
    values: Rows,
    outputs: Sequence[str],
    at: Sequence[float] | None = None,
    *,
    fixed: Mapping[str, float] | None = None,
    specs: Mapping[str, Any] | None = None,
    engine: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Sweep:
    """A run for each row of `values`, which gives the inputs `names` (constants, elements ``name[a]`` of them, stocks
    for their initial values, ``seed``) their values; `fixed` are values that are the same in all runs, `specs` the
    same of settings.

    Yields the values of `outputs`, scalars or elements, at the times `at` (that of the last step which is not later;
    NaN before the start), or at the end where that is left out. `progress` is told how many runs are done, now and
    then. Raises `PenstockError` where a name, a setting or the shape of `values` is wrong.
    """
    times = [math.inf] if at is None else ascending(at)
    rows = flat(values, len(names))
    with Simulation(compiled, engine) as simulation:
        plan = _Plan(
            simulation,
            tuple(names),
            [simulation.input_of(name) for name in names],
            [simulation.place_of(name) for name in outputs],
            times,
            specs or {},
            fixed or {},
            progress or (lambda done: None),
        )
        plan.set_all(simulation)
        reason = plan.why_single(engine, len(rows))
        if not reason:
            try:
                return _beside(plan, create_lanes(compiled), rows)
            except PenstockError as problem:
                if problem.diagnostics[0].code not in ("PEN406", "PEN505"):
                    raise
                reason = problem.diagnostics[0].message
        found, errors = _single(plan, range(plan.runs(rows)), rows)
        return Sweep(found, plan.shape(rows), 1, reason, errors)


@dataclass(frozen=True)
class _Plan:
    simulation: Simulation
    names: tuple[str, ...]
    inputs: list[int]
    places: list[int]
    times: list[float]
    specs: Mapping[str, Any]
    fixed: Mapping[str, float]
    progress: Callable[[int], None]

    def set_all(self, simulation: Simulation) -> None:
        """Give a simulation what is the same in all runs."""
        apply_specs(simulation, self.specs)
        for name, value in self.fixed.items():
            simulation.set_value(name, value)

    def runs(self, rows: array[float]) -> int:
        return len(rows) // len(self.names) if self.names else 1

    def shape(self, rows: array[float]) -> tuple[int, int, int]:
        return self.runs(rows), len(self.times), len(self.places)

    @property
    def per_run(self) -> int:
        """Numbers that a run yields."""
        return len(self.times) * len(self.places)

    def why_single(self, engine: str | None, n_values: int) -> str:
        """Why runs cannot stand side by side, if what is asked for tells; else nothing."""
        program = self.simulation.compiled.program
        n = len(program.defaults)
        settings = [n + SETTINGS.index(name) for name in SETTINGS if name != "seed"]
        if engine == "vm":
            return "the VM has no lanes"
        if not self.names or n_values < FEW * len(self.names):
            return "there are few runs"
        for name, number in zip(self.names, self.inputs, strict=True):
            if number < program.clock_constants or number in settings:
                return f"{name} changes the simulation settings"
        if LANES * 8 * (len(self.names) + self.per_run + 1) > ROOM:
            return "each run yields many numbers"
        return ""


def _beside(plan: _Plan, lanes: Lanes, rows: array[float]) -> Sweep:
    """Runs side by side; those that stood beside one that failed are made again, one by one."""
    program, width, size = plan.simulation.compiled.program, len(plan.names), plan.per_run
    before = plan.simulation.engine.snapshot()
    inputs = snapshot_inputs(program, before)
    for number, value in inputs:
        assert lanes.set_value(number, value) == SET_VALUE["OK"]
    n_runs = plan.runs(rows)
    at_once = max(LANES, ROOM // (8 * (width + size + 1)) // LANES * LANES)
    found = array("d")
    errors: dict[int, PenstockError] = {}
    for first in range(0, n_runs, at_once):
        some = rows[first * width : (first + at_once) * width]
        seen, statuses = lanes.sweep(plan.inputs, plan.places, plan.times, some)
        again = [first + place for place, status in enumerate(statuses) if status]
        for run, numbers in _one_by_one(plan, again, rows, errors):
            seen[(run - first) * size : (run - first + 1) * size] = numbers
        found.extend(seen)
        plan.progress(min(first + at_once, n_runs))
    return Sweep(found, plan.shape(rows), LANES, "", errors)


def _single(
    simulation: Simulation,
    names: Sequence[str],
    inputs: Sequence[int],
    rows: array[float],
    places: Sequence[int],
    times: Sequence[float],
    progress: Callable[[int], None] | None,
) -> Sweep:
    """One run after the other, in one instance."""
    n_runs = len(rows) // len(names) if names else 1
    found = array("d")
    errors: dict[int, PenstockError] = {}
    for run in range(n_runs):
        try:
            simulation.reset()
            for index, (name, number) in enumerate(zip(names, inputs, strict=True), run * len(names)):
                simulation.set_input(number, name, rows[index])
            seen = array("d")
            for time in times:
                simulation.run_to(time)
                row = simulation.engine.row
                seen.extend(row[place] for place in places)
            found.extend(seen)
        except PenstockError as problem:
            errors[run] = problem
            found.extend([math.nan] * (len(times) * len(places)))
        if progress is not None and (run + 1) % 64 == 0:
            progress(run + 1)
    return Sweep(found, (n_runs, len(times), len(places)), 1, "", errors)


def flat(values: Rows, width: int) -> array[float]:
    """The numbers row by row. Raises PEN514 where a row is not `width` long."""
    numbers = array("d")
    shape = getattr(values, "shape", None)
    if shape is not None and len(shape) == 2 and hasattr(values, "astype"):
        if shape[1] != width:
            raise _misfit(shape[1], width)
        numbers.frombytes(values.astype("float64").tobytes())
        return numbers
    for row in values:
        if len(row) != width:
            raise _misfit(len(row), width)
        numbers.extend(map(float, row))
    return numbers


def _misfit(found: int, width: int) -> PenstockError:
    advice = "Each row of values holds one value for each name."
    return error("PEN514", what="the number of values", value=f"{found} for {width} names", advice=advice)


def ascending(times: Iterable[float]) -> list[float]:
    """The same times. Raises PEN514 where one is NaN or earlier than the one before."""
    found = [float(time) for time in times]
    if not all(a <= b for a, b in zip([-math.inf, *found], [*found, math.inf], strict=True)):
        raise error(
            "PEN514", what="the times", value=str(found)[:60], advice="Give times in ascending order."
        )
    return found
