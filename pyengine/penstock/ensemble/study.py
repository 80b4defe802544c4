"""A study carried out: from its description to its outcome, on any executor, the same to the bit."""

from __future__ import annotations

import math
import os
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from ..compiler import Compiled
from ..errors import error
from ..results import key
from ..run import Simulation, apply_specs, simulate
from ..sweep import FEW
from .aggregate import Aggregator
from .chunk import Done, Task
from .collector import Collector
from .executors import Inline, Processes, carried_out
from .outcome import Outcome
from .parcel import packed
from .samples import samples
from .spec import Spec, unfit

_CLOCK = ("start", "stop", "dt", "save_step")
MOST_VALUES = 1 << 27
"""Doubles that exact statistics may keep: 1 GiB."""
WORTH_PROCESSES = 1.0
"""Seconds of work from which processes of our own are started."""


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int
    failed: int
    seconds: float


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What all runs of a job have in common, once the model has been asked."""

    compiled: Compiled
    names: tuple[str, ...]
    outputs: tuple[str, ...]
    times: tuple[float, ...]
    values: Mapping[str, float]
    settings: Mapping[str, float]
    engine: str
    run_seconds: float

    @property
    def cells(self) -> int:
        return len(self.times) * len(self.outputs)

    def tasks(self, job: str, rows: array[float], chunk: int) -> Iterator[Task]:
        """The runs of `rows` in chunks."""
        width = len(self.names)
        runs = len(rows) // width
        parcel = packed(self.compiled, self.engine == "wasm" and runs >= FEW)
        for number, first in enumerate(range(0, runs, chunk)):
            part = rows[first * width : min(first + chunk, runs) * width].tobytes()
            yield Task(
                job,
                number,
                first,
                parcel,
                self.names,
                part,
                self.outputs,
                self.times,
                dict(self.values),
                dict(self.settings),
                self.engine,
            )


def planned(
    compiled: Compiled,
    names: Sequence[str],
    outputs: Sequence[str],
    times: Sequence[float] | None = None,
    values: Mapping[str, float] | None = None,
    settings: Mapping[str, float] | None = None,
    engine: str = "wasm",
) -> Plan:
    """Names checked, arrays among the outputs taken apart, times found, by a run with the model's own inputs.

    Raises what such a run raises, PEN201 and PEN502 for names, PEN532 for inputs that cannot vary.
    """
    values, settings = values or {}, settings or {}
    numbers: dict[int, str] = {}
    with Simulation(compiled, "vm" if engine == "vm" else None) as simulation:
        for name in (*names, *values):
            number = simulation.input_of(name)
            if number in numbers:
                raise unfit(f"{numbers[number]} and {name} are the same input", "Keep one of the two.")
            numbers[number] = name
        clock = {row["input"] for row in compiled.program.inputs if row["kind"] in _CLOCK}
        clock |= set(range(compiled.program.clock_constants))
        for name in names:
            if simulation.input_of(name) in clock:
                raise unfit(f"{name} decides when runs are saved", "Keep it the same, under settings.")
    baseline = simulate(compiled, engine=engine, overrides=values, specs=settings, save=outputs)
    found = [name for name in baseline.names if key(name) != key(baseline.columns[0])]
    if not found:
        raise unfit("no output is asked for but time", "Name the variables to look at in outputs.")
    if times is None:
        looked = tuple(baseline.time)
    else:
        looked, first, last = tuple(sorted(set(map(float, times)))), baseline.time[0], baseline.time[-1]
        if not looked or not all(first <= time <= last for time in looked):
            raise unfit("its times do not lie within the run", f"Give times from {first:g} to {last:g}.")
    return Plan(compiled, tuple(names), tuple(found), looked, values, settings, engine, baseline.seconds)


class Held(Protocol):
    """What is the same in all runs."""

    @property
    def values(self) -> Mapping[str, float]: ...
    @property
    def settings(self) -> Mapping[str, float]: ...
    @property
    def engine(self) -> str: ...


def own_values(compiled: Compiled, held: Held, names: Sequence[str]) -> list[float]:
    """What inputs are where nothing varies."""
    with Simulation(compiled, held.engine) as simulation:
        apply_specs(simulation, held.settings)
        for name, value in held.values.items():
            simulation.set_value(name, value)
        simulation.run_initials()
        return [simulation.value(name) for name in names]


@contextmanager
def executor_for(given: Executor | None, seconds: float, workers: int | None = None) -> Iterator[Executor]:
    """The executor that is given, or one of our own: processes where it is worth starting them."""
    if given is not None:
        yield given
        return
    count = workers if workers is not None else os.cpu_count() or 1
    if workers is None and seconds < WORTH_PROCESSES:
        count = 1
    if count <= 1 or sys.platform == "emscripten":
        yield Inline()
        return
    with Processes(count) as processes:
        try:
            yield processes
        finally:
            processes.shutdown(wait=False, cancel_futures=True)


def run_study(
    compiled: Compiled,
    spec: Spec,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Listener | None = None,
    collector: Collector | None = None,
) -> Outcome:
    """The outcome of a study. `executor` is any of `concurrent.futures`; else `workers` processes, where left out as
    many as there are cores, or none for a small study. `progress` is told of every chunk; what it raises stops the
    study. A `collector` is sent every chunk that is accepted. Raises `PenstockError`."""
    began = monotonic()
    plan = planned(
        compiled, list(spec.inputs), spec.outputs, spec.times, spec.values, spec.settings, spec.engine
    )
    if spec.statistics == "exact" and spec.runs * plan.cells > MOST_VALUES:
        raise unfit(
            f"it would keep {spec.runs * plan.cells * 8 / 1e9:.1f} GB of values",
            'Ask for fewer outputs or times, or for statistics = "sketch".',
        )
    rows = samples(spec)
    job = spec.digest(compiled.model_hash)
    aggregator = Aggregator(job, spec, plan.cells)
    lanes, stopped = 1, False
    stops = _stops(spec, plan, aggregator)
    with executor_for(executor, spec.runs * plan.run_seconds, workers) as chosen:
        for task, done in carried_out(plan.tasks(job, rows, spec.chunk), chosen):
            if isinstance(done, Done):
                if aggregator.take(done) == "accepted" and collector is not None:
                    collector.send(done)
                lanes = max(lanes, done.lanes)
            else:
                aggregator.give_up(task.number, task.runs, done)
            stopped = any(stops() for _ in aggregator.merge_ready())
            if progress is not None:
                failed = len(aggregator.failures)
                progress(Progress(aggregator.runs, spec.runs, failed, monotonic() - began))
            if stopped:
                break
    aggregator.finish()
    if aggregator.conflicts:
        raise AssertionError(f"chunks {aggregator.conflicts} came with different results")
    return Outcome(
        spec,
        compiled.model_hash,
        job,
        list(plan.outputs),
        list(plan.times),
        rows[: aggregator.runs * len(plan.names)],
        aggregator.values,
        aggregator.moments,
        aggregator.sketch,
        dict(sorted(aggregator.failures.items())),
        aggregator.gaps,
        dict(sorted(aggregator.digests.items())),
        stopped,
        lanes,
        monotonic() - began,
    )


def evaluated(
    plan: Plan,
    job: str,
    rows: array[float],
    chunk: int,
    executor: Executor,
    listener: Callable[[int], None] | None = None,
) -> tuple[array[float], dict[int, str]]:
    """The plan's outputs for every row of inputs, runs × times × outputs, and why runs failed; those are NaN there."""
    runs = len(rows) // len(plan.names)
    values = array("d", [math.nan]) * (runs * plan.cells)
    failures: dict[int, str] = {}
    done_runs = 0
    for task, done in carried_out(plan.tasks(job, rows, chunk), executor):
        if isinstance(done, Done):
            found = array("d")
            found.frombytes(done.values)
            values[task.first * plan.cells : (task.first + task.runs) * plan.cells] = found
            failures.update(done.failures)
        else:
            failures.update(dict.fromkeys(range(task.first, task.first + task.runs), done))
        done_runs += task.runs
        if listener is not None:
            listener(done_runs)
    return values, dict(sorted(failures.items()))


def _stops(spec: Spec, plan: Plan, aggregator: Aggregator) -> Callable[[], bool]:
    """Whether the study is accurate enough after the chunks that are merged."""
    until = spec.until
    if until is None:
        return lambda: False
    wanted = key(until.output)
    outputs = [place for place, name in enumerate(plan.outputs) if key(name) == wanted]
    times = [place for place, time in enumerate(plan.times) if until.time is None or time <= until.time]
    if not outputs or not times:
        raise error("PEN201", name=until.output, advice="Stop by one element of an output, within the study.")
    cell = times[-1] * len(plan.outputs) + outputs[0]

    def enough() -> bool:
        moments = aggregator.moments
        if moments.runs < until.least:
            return False
        limit = (
            until.absolute
            if until.absolute is not None
            else (until.relative or 0.0) * abs(moments.mean[cell])
        )
        return moments.half_width(cell) <= limit

    return enough
