"""Many runs of one model with other values, of which only asked-for numbers are kept; lanes of SIMD where they can be.

Whatever runs them, the numbers are those of single runs to the last bit.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .abi import SET_VALUE
from .compiler import Compiled
from .engines import create_lanes
from .errors import PenstockError, error
from .program import SETTINGS
from .run import Simulation, apply_specs
from .wasm.lanes import LANES, ROOM

Rows = Sequence[Sequence[float]]
"""Numbers by run and name; an array of numpy will do."""

FEW = 16
"""For fewer runs a lane blob is not worth making."""


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
    with Simulation(compiled, engine) as simulation:
        apply_specs(simulation, specs or {})
        for name, value in (fixed or {}).items():
            simulation.set_value(name, value)
        plan = _Plan(
            simulation,
            list(names),
            [simulation.input_of(name) for name in names],
            [simulation.place_of(name) for name in outputs],
            [math.inf] if at is None else ascending(at),
            flat(values, len(names)),
            progress or (lambda done: None),
        )
        reason = plan.why_single(engine)
        if not reason:
            common = {
                simulation.setting_of(name): value
                for name, value in (specs or {}).items()
                if name in SETTINGS
            }
            common |= {simulation.input_of(name): value for name, value in (fixed or {}).items()}
            try:
                return plan.beside(
                    {number: float(value) for number, value in common.items() if value is not None}
                )
            except PenstockError as problem:
                if problem.diagnostics[0].code not in ("PEN406", "PEN505"):
                    raise
                reason = problem.diagnostics[0].message
        return plan.one_by_one(reason)


@dataclass(frozen=True)
class _Plan:
    """`simulation` has what is the same in all runs; `rows` are the values of `names`, run by run."""

    simulation: Simulation
    names: list[str]
    inputs: list[int]
    places: list[int]
    times: list[float]
    rows: array[float]
    progress: Callable[[int], None]

    @property
    def shape(self) -> tuple[int, int, int]:
        runs = len(self.rows) // len(self.names) if self.names else 1
        return runs, len(self.times), len(self.places)

    @property
    def per_run(self) -> int:
        """Numbers that a run yields."""
        return len(self.times) * len(self.places)

    def why_single(self, engine: str | None) -> str:
        """Why runs cannot stand side by side, where what is asked for tells."""
        program = self.simulation.compiled.program
        n = len(program.defaults)
        settings = [n + SETTINGS.index(name) for name in SETTINGS if name != "seed"]
        if engine == "vm":
            return "the VM has no lanes"
        if self.shape[0] < FEW:
            return "there are few runs"
        for name, number in zip(self.names, self.inputs, strict=True):
            if number < program.clock_constants or number in settings:
                return f"{name} changes the simulation settings"
        if self._at_once() < LANES:
            return "each run yields too many numbers"
        return ""

    def _at_once(self) -> int:
        """How many runs there is room for."""
        head = 32 + 4 * (len(self.inputs) + len(self.places)) + 8 * len(self.times)
        return (ROOM - head) // (8 * (len(self.names) + self.per_run + 1)) // LANES * LANES

    def beside(self, common: Mapping[int, float]) -> Sweep:
        """Runs side by side. Those that stood beside one that failed are made again, one by one."""
        lanes = create_lanes(self.simulation.compiled)
        for number, value in common.items():
            assert lanes.set_value(number, value) == SET_VALUE["OK"], number
        width, at_once = len(self.names), self._at_once()
        found, errors = array("d"), dict[int, PenstockError]()
        for first in range(0, self.shape[0], at_once):
            some = self.rows[first * width : (first + at_once) * width]
            seen, statuses = lanes.sweep(self.inputs, self.places, self.times, some)
            again = [first + place for place, status in enumerate(statuses) if status]
            for run, numbers in self.singles(again, errors):
                at = (run - first) * self.per_run
                seen[at : at + self.per_run] = numbers
            found.extend(seen)
            self.progress(first + len(statuses))
        return Sweep(found, self.shape, LANES, "", errors)

    def one_by_one(self, reason: str) -> Sweep:
        found, errors = array("d"), dict[int, PenstockError]()
        for run, numbers in self.singles(range(self.shape[0]), errors):
            found.extend(numbers)
            if (run + 1) % 64 == 0:
                self.progress(run + 1)
        return Sweep(found, self.shape, 1, reason, errors)

    def singles(
        self, runs: Iterable[int], errors: dict[int, PenstockError]
    ) -> Iterator[tuple[int, array[float]]]:
        """Some runs by their numbers, one after the other in one instance, and what they yield."""
        simulation, width = self.simulation, len(self.names)
        for run in runs:
            seen = array("d")
            try:
                simulation.reset()
                for place, name in enumerate(self.names):
                    simulation.set_input(self.inputs[place], name, self.rows[run * width + place])
                for time in self.times:
                    simulation.run_to(time)
                    row = simulation.engine.row
                    seen.extend(row[place] for place in self.places)
            except PenstockError as problem:
                errors[run] = problem
                seen = array("d", [math.nan]) * self.per_run
            yield run, seen


def flat(values: Rows, width: int) -> array[float]:
    """The numbers row by row. Raises PEN514 where a row is not `width` long."""
    numbers = array("d")
    shape = getattr(values, "shape", None)
    if shape is not None and len(shape) == 2:
        if shape[1] != width:
            raise _misfit(shape[1], width)
        numbers.frombytes(values.astype("float64").tobytes())  # type: ignore[attr-defined]
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
        advice = "Give times in ascending order."
        raise error("PEN514", what="the times", value=str(found)[:60], advice=advice)
    return found
