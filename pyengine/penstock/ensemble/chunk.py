"""A chunk of a study: some runs, made anywhere, whose result is the same bytes wherever and however often."""

from __future__ import annotations

import hashlib
import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from ..sweep import run_lanes
from .parcel import Parcel, opened
from .statistics import numpy_or_none


@dataclass(frozen=True, slots=True)
class Task:
    """Runs `first`, `first` + 1, … of a job; `rows` are their values of `names`, run by run, as bytes of doubles."""

    job: str
    number: int
    first: int
    parcel: Parcel
    names: tuple[str, ...]
    rows: bytes
    outputs: tuple[str, ...]
    times: tuple[float, ...]
    values: Mapping[str, float]
    settings: Mapping[str, float]
    engine: str

    @property
    def runs(self) -> int:
        return len(self.rows) // (8 * len(self.names))


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task: runs × times × outputs as bytes of doubles, and why runs failed, by their numbers in the
    study. `digest` is over all that but the time it took."""

    job: str
    number: int
    first: int
    runs: int
    values: bytes
    failures: Mapping[int, str]
    digest: str
    lanes: int
    seconds: float


def run_chunk(task: Task) -> Done:
    """Make the runs of a task. Raises `PenstockError` for what no run can be made with."""
    began = monotonic()
    rows = array("d")
    rows.frombytes(task.rows)
    width = len(task.names)
    sweep = run_lanes(
        opened(task.parcel),
        task.names,
        [rows[at : at + width] for at in range(0, len(rows), width)],
        task.outputs,
        task.times,
        fixed=task.values,
        specs=task.settings,
        engine=task.engine,
    )
    values = _one_nan(sweep.values).tobytes()
    failures = {task.first + run: _reason(problem) for run, problem in sweep.errors.items()}
    made = digest(task.job, task.number, values, failures)
    seconds = monotonic() - began
    return Done(task.job, task.number, task.first, task.runs, values, failures, made, sweep.lanes, seconds)


def _reason(problem: Exception) -> str:
    return str(problem).splitlines()[0]


def _one_nan(values: array[float]) -> array[float]:
    """Every NaN as the same bits, for engines and machines may differ there."""
    numpy = numpy_or_none()
    if numpy is not None:
        table = numpy.frombuffer(values)
        table[numpy.isnan(table)] = math.nan
        return values
    for place, x in enumerate(values):
        if x != x:
            values[place] = math.nan
    return values


def digest(job: str, number: int, values: bytes, failures: Mapping[int, str]) -> str:
    """SHA-256 of a chunk's result, in hexadecimal digits."""
    found = hashlib.sha256(f"{job}\0{number}\0{sorted(failures.items())}\0".encode())
    found.update(values)
    return found.hexdigest()
