"""Chunks put together: each once, in the order of their numbers, whatever order they come in."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Literal

from .chunk import Done
from .spec import Spec
from .statistics import Moments, Sketch

Outcome = Literal["accepted", "idempotent", "conflict", "stale"]


class Aggregator:
    """Takes chunks of one job. Statistics grow by the chunks that have no gap before them, in order.

    The first result of a chunk is accepted; the same again is idempotent, another one a conflict, which means that
    two machines disagree; chunks of other jobs, and of a job that is finished, are stale.
    """

    def __init__(self, job: str, spec: Spec, cells: int) -> None:
        self.job = job
        self.spec = spec
        self.cells = cells
        self.moments = Moments(cells)
        self.sketch = Sketch(cells) if spec.statistics == "sketch" else None
        self.values = array("d")
        self.failures: dict[int, str] = {}
        self.gaps: dict[int, str] = {}
        self.digests: dict[int, str] = {}
        self.conflicts: list[int] = []
        self.merged = 0
        self.runs = 0
        self.finished = False
        self._waiting: dict[int, Done | tuple[int, str]] = {}

    def take(self, done: Done) -> Outcome:
        if done.job != self.job:
            return "stale"
        known = self.digests.get(done.number)
        if known is not None:
            if known != done.digest:
                self.conflicts.append(done.number)
            return "idempotent" if known == done.digest else "conflict"
        if self.finished or done.number in self.gaps:
            return "stale"
        self.digests[done.number] = done.digest
        self._waiting[done.number] = done
        return "accepted"

    def give_up(self, number: int, runs: int, reason: str) -> None:
        """A chunk that nobody could run; its runs count as failed."""
        self.gaps[number] = reason
        self._waiting[number] = (runs, reason)

    def merge_ready(self) -> Iterator[int]:
        """Merge what has no gap before it, chunk by chunk; yields the number of runs that are in."""
        while (item := self._waiting.pop(self.merged, None)) is not None:
            self.merged += 1
            if isinstance(item, Done):
                self._merge(item)
            else:
                self._skip(*item)
            yield self.runs

    def _merge(self, done: Done) -> None:
        values = array("d")
        values.frombytes(done.values)
        part = Moments(self.cells)
        part.add(values)
        self.moments.merge(part)
        if self.sketch is not None:
            self.sketch.add(values)
        else:
            self.values.extend(values)
        self.failures.update(done.failures)
        self.runs += done.runs

    def _skip(self, runs: int, reason: str) -> None:
        nothing = array("d", [float("nan")]) * (runs * self.cells)
        if self.sketch is None:
            self.values.extend(nothing)
        self.moments.runs += runs
        self.failures.update({self.runs + run: reason for run in range(runs)})
        self.runs += runs

    def finish(self) -> None:
        """Drop what came early and is not needed: a study that stops early ends with the same chunk everywhere."""
        self.finished = True
        self._waiting.clear()
        for number in [number for number in self.digests if number >= self.merged]:
            del self.digests[number]
