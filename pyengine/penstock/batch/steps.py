"""A batch as its file says it: steps, what each depends on, and what happens when one fails.

The payload of a step comes from the dependency that transforms and has the highest rank, ties by id; the rank of a
step is one more than the highest of what it depends on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..ensemble.files import read_table
from ..errors import PenstockError, error
from ..passes.declare import did_you_mean
from ..strict import Table
from .kinds import KINDS

STRATEGIES: Mapping[str, str] = {
    "level": "all steps of a rank, then all of the next",
    "work_queue": "whatever is ready, as soon as there is room",
    "reactive": "each step starts those that waited for it alone",
}
FAILURES: Mapping[str, str] = {
    "fail_fast": "nothing is started after the first failure",
    "continue_on_error": "what depends on a failed step is left out, all else is run",
    "best_effort": "as before, and steps run that can do with what is left of their dependencies",
}


@dataclass(frozen=True, slots=True)
class Step:
    """`options` are as the kind's row reads them. `timeout` in seconds ends a try, `retries` more are made."""

    id: str
    kind: str
    depends_on: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    retries: int = 0
    timeout: float | None = None

    @property
    def transforms(self) -> bool:
        return KINDS[self.kind].transforms


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps by id in the file's order; `ranks` says how deep each stands. Paths are relative to the folder."""

    steps: Mapping[str, Step]
    ranks: Mapping[str, int]
    folder: Path
    strategy: str = "work_queue"
    failure: str = "fail_fast"
    concurrency: int | None = None

    def priority(self, id_: str) -> tuple[int, bool, str]:
        """Ascending: deeper steps first, those that transform before others, then by id."""
        return -self.ranks[id_], not self.steps[id_].transforms, id_

    def source(self, id_: str, among: frozenset[str] | None = None) -> str | None:
        """The dependency whose payload a step takes, of those in `among`; None where there is none."""
        options = [
            other
            for other in self.steps[id_].depends_on
            if self.steps[other].transforms and (among is None or other in among)
        ]
        return min(options, key=lambda other: (-self.ranks[other], other), default=None)

    def dependents(self, id_: str) -> list[str]:
        return [other for other, step in self.steps.items() if id_ in step.depends_on]


def read_batch(path: Path) -> Batch:
    """A batch file. Raises PEN001, PEN550, PEN551."""
    return batch_of(read_table(path), path.resolve().parent)


def batch_of(table: Table, folder: Path) -> Batch:
    strategy = table.text("strategy", "work_queue", tuple(STRATEGIES))
    failure = table.text("failure", "fail_fast", tuple(FAILURES))
    concurrency = table.whole("concurrency", None, 1)
    steps: dict[str, Step] = {}
    for row in table.tables("steps"):
        step = _step(row)
        if step.id in steps:
            raise row.wrong("id", f"is {step.id}, which another step has", "Give each step an id of its own.")
        steps[step.id] = step
    table.finish()
    if not steps:
        raise table.wrong("steps", "are missing", "Write [[steps]] with an id and a kind.")
    for step in steps.values():
        for other in step.depends_on:
            if other not in steps:
                advice = did_you_mean(other, steps, f"Steps are {', '.join(steps)}.")
                raise error(
                    "PEN551", path=step.id, problem=f"depends on {other}, which is no step", advice=advice
                )
    ranks = _ranks(steps)
    batch = Batch(steps, ranks, folder, strategy, failure, concurrency)
    for id_ in steps:
        _check_payload(batch, id_)
    return batch


def _step(table: Table) -> Step:
    id_ = table.text("id")
    kind = table.text("kind", choices=tuple(KINDS))
    options = table.table("options")
    read = KINDS[kind].options(options)
    options.finish()
    step = Step(
        id_,
        kind,
        table.texts("depends_on", ()),
        read,
        table.whole("retries", 0, 0),
        table.number("timeout", None, 0.001),
    )
    table.finish()
    return step


def _ranks(steps: Mapping[str, Step]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    while ready := [
        id_ for id_ in steps if id_ not in ranks and all(d in ranks for d in steps[id_].depends_on)
    ]:
        for id_ in ready:
            ranks[id_] = 1 + max((ranks[other] for other in steps[id_].depends_on), default=-1)
    left = [id_ for id_ in steps if id_ not in ranks]
    if left:
        problem = f"depends on itself, by way of {', '.join(left)}"
        raise error("PEN551", path=left[0], problem=problem, advice="Break the circle.")
    return ranks


def _check_payload(batch: Batch, id_: str) -> None:
    """Whether a step is given what its kind works on."""
    step = batch.steps[id_]
    wanted = KINDS[step.kind].takes
    source = batch.source(id_)
    given = None if source is None else KINDS[batch.steps[source].kind].gives
    if wanted and given not in wanted:
        found = "nothing" if source is None else f"what {source} yields"
        raise _misfit(step, f"is given {found}, and needs {' or '.join(wanted)}")
    if not wanted and step.depends_on:
        raise _misfit(step, "depends on other steps, and needs nothing of them")


def _misfit(step: Step, problem: str) -> PenstockError:
    advice = "Steps go from load to compile to run; analyze and export may follow those."
    return error("PEN551", path=step.id, problem=problem, advice=advice)
