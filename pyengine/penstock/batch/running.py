"""A batch carried out: steps in processes, by one of three strategies that yield the same, failures as it says."""

from __future__ import annotations

import os
import queue
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from ..ensemble.executors import Processes
from ..ensemble.parcel import Parcel
from ..errors import PenstockError, error
from .kinds import Product, kept_product, kept_text, perform, run_key
from .steps import Batch, Step

Status = Literal["done", "failed", "blocked", "cancelled"]
Listener = Callable[[str, Status], None]
_NO_TIMEOUT = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every step, in the file's order. `metadata` are those of steps that are done; nothing but
    `seconds`, `tries` and `resumed` depends on the machine, the strategy and earlier runs."""

    status: Mapping[str, Status]
    metadata: Mapping[str, Mapping[str, Any]]
    failures: Mapping[str, PenstockError]
    products: Mapping[str, Product] = field(repr=False)
    tries: Mapping[str, int]
    resumed: tuple[str, ...]
    seconds: Mapping[str, float]

    @property
    def fine(self) -> bool:
        return all(status == "done" for status in self.status.values())


def run_batch(
    batch: Batch,
    *,
    state: Path | None = None,
    listener: Listener | None = None,
    strategy: str | None = None,
    processes: Processes | None = None,
) -> Report:
    """Carry a batch out, in `processes` of its own unless some are there already. With a `state` folder, results of
    runs are kept there and not made again.

    Failures are in the report; only a fault of ours is raised.
    """
    carry_out, listen = _STRATEGIES[strategy or batch.strategy], listener or (lambda _id, _status: None)
    if processes is not None:
        run = _Run(batch, processes, state, listen)
        carry_out(run)
        return run.report()
    with Processes(batch.concurrency or os.cpu_count() or 1) as own:
        run = _Run(batch, own, state, listen)
        carry_out(run)
    return run.report()


class _Run:
    """What strategies share: which steps can be started, starting them, and taking what comes of them."""

    def __init__(self, batch: Batch, processes: Processes, state: Path | None, listener: Listener) -> None:
        self.batch, self.processes, self.state, self.listener = batch, processes, state, listener
        self.room = batch.concurrency or processes.count
        self.status: dict[str, Status] = {}
        self.products: dict[str, Product] = {}
        self.failures: dict[str, PenstockError] = {}
        self.tries: dict[str, int] = {}
        self.resumed: list[str] = []
        self.began: dict[str, float] = {}
        self.seconds: dict[str, float] = {}
        self.stopping = False

    def settled(self, id_: str) -> bool:
        """Whether all that a step depends on has come to an end."""
        return all(other in self.status for other in self.batch.steps[id_].depends_on)

    def start(self, id_: str) -> Future[Product] | None:
        """Start a step whose dependencies are settled; None where it cannot be, and is marked as that."""
        if self.stopping:
            self.end(id_, "cancelled")
            return None
        done = frozenset(name for name, status in self.status.items() if status == "done")
        step = self.batch.steps[id_]
        source = self.batch.source(id_, done)
        lacking = not set(step.depends_on) <= done
        cannot = bool(step.depends_on) and source is None
        if lacking and (self.batch.failure != "best_effort" or cannot):
            self.end(id_, "blocked")
            return None
        payload = None if source is None else self.products[source].payload
        self.began.setdefault(id_, monotonic())
        if step.kind == "run" and (kept := self._kept(step, payload)) is not None:
            self.resumed.append(id_)
            future: Future[Product] = Future()
            future.set_result(kept)
            return future
        self.tries[id_] = self.tries.get(id_, 0) + 1
        return self.processes.submit_within(
            step.timeout or _NO_TIMEOUT, perform, step.kind, step.options, payload, str(self.batch.folder)
        )

    def end(self, id_: str, status: Status) -> None:
        self.status[id_] = status
        self.seconds[id_] = monotonic() - self.began.get(id_, monotonic())
        self.listener(id_, status)

    def take(self, id_: str, future: Future[Product]) -> bool:
        """What came of a step; true where it is to be started again."""
        step = self.batch.steps[id_]
        try:
            product = future.result()
        except Exception as problem:
            if self.tries[id_] <= step.retries:
                return True
            self.failures[id_] = self._failure(step, problem)
            self.stopping = self.stopping or self.batch.failure == "fail_fast"
            self.end(id_, "failed")
            return False
        self.products[id_] = product
        if step.kind == "run" and id_ not in self.resumed:
            self._keep(step, product)
        self.end(id_, "done")
        return False

    def _failure(self, step: Step, problem: Exception) -> PenstockError:
        if isinstance(problem, PenstockError):
            return problem
        took = monotonic() - self.began[step.id]
        if step.timeout is not None and took >= step.timeout:
            reason = f"it took longer than {step.timeout:g} seconds"
            return error("PEN535", step=step.id, reason=reason, advice="Give it more time, or less to do.")
        reason = f"{type(problem).__name__}: {problem}"[:200]
        return error("PEN535", step=step.id, reason=reason, advice="Try again; if it stays so, report it.")

    # --- results kept from run to run

    def _place(self, step: Step, payload: Any) -> Path | None:
        if self.state is None or not isinstance(payload, Parcel):
            return None
        return self.state / f"{run_key(step.options, payload)}.run"

    def _kept(self, step: Step, payload: Any) -> Product | None:
        place = self._place(step, payload)
        if place is None:
            return None
        with suppress(OSError):
            return kept_product(place.read_bytes())
        return None

    def _keep(self, step: Step, product: Product) -> None:
        """Whole or not at all: the next line may be the machine's last."""
        source = self.batch.source(step.id, frozenset(self.products))
        place = self._place(step, None if source is None else self.products[source].payload)
        if place is None:
            return
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
                file.write(kept_text(product))
            Path(file.name).replace(place)
        except OSError as problem:
            raise error("PEN015", name=place.parent, reason=problem.strerror or problem) from None

    def report(self) -> Report:
        ids = list(self.batch.steps)
        return Report(
            {id_: self.status[id_] for id_ in ids},
            {id_: self.products[id_].metadata for id_ in ids if id_ in self.products},
            {id_: self.failures[id_] for id_ in ids if id_ in self.failures},
            {id_: self.products[id_] for id_ in ids if id_ in self.products},
            {id_: self.tries[id_] for id_ in ids if id_ in self.tries},
            tuple(self.resumed),
            {id_: self.seconds[id_] for id_ in ids},
        )


def _levels(run: _Run) -> None:
    """Kahn's levels, a barrier behind each."""
    batch = run.batch
    for rank in range(max(batch.ranks.values()) + 1):
        waiting = sorted((id_ for id_ in batch.steps if batch.ranks[id_] == rank), key=batch.priority)
        _drain(run, waiting, lambda _id: [])


def _work_queue(run: _Run) -> None:
    """Counts of dependencies that are not settled; a step joins the queue when its count is zero."""
    batch = run.batch
    counts = {id_: len(set(step.depends_on)) for id_, step in batch.steps.items()}

    def released(id_: str) -> list[str]:
        free = []
        for other in batch.dependents(id_):
            counts[other] -= 1
            if not counts[other]:
                free.append(other)
        return free

    _drain(run, [id_ for id_, count in counts.items() if not count], released)


def _drain(run: _Run, waiting: list[str], released: Callable[[str], list[str]]) -> None:
    """Start what waits, the highest priority first, as there is room, until nothing is left."""
    under_way: dict[Future[Product], str] = {}
    while waiting or under_way:
        waiting.sort(key=run.batch.priority)
        while waiting and len(under_way) < run.room:
            id_ = waiting.pop(0)
            future = run.start(id_)
            if future is None:
                waiting += released(id_)
                waiting.sort(key=run.batch.priority)
            else:
                under_way[future] = id_
        if not under_way:
            continue
        finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in sorted(finished, key=lambda future: run.batch.priority(under_way[future])):
            id_ = under_way.pop(future)
            waiting += [id_] if run.take(id_, future) else released(id_)


def _reactive(run: _Run) -> None:
    """Ends of steps are events; each looks only at the steps that waited for it."""
    events: queue.SimpleQueue[tuple[str, Future[Product] | None]] = queue.SimpleQueue()
    pending: list[str] = []
    busy = 0

    def begin(id_: str) -> None:
        nonlocal busy
        future = run.start(id_)
        busy += 1
        if future is None:
            events.put((id_, None))
        else:
            future.add_done_callback(lambda done: events.put((id_, done)))

    def offer(ids: list[str]) -> None:
        pending.extend(ids)
        pending.sort(key=run.batch.priority)
        while pending and busy < run.room:
            begin(pending.pop(0))

    offer([id_ for id_, step in run.batch.steps.items() if not step.depends_on])
    while busy:
        id_, future = events.get()
        busy -= 1
        again = future is not None and run.take(id_, future)
        offer([id_] if again else [other for other in run.batch.dependents(id_) if run.settled(other)])


_STRATEGIES: Mapping[str, Callable[[_Run], None]] = {
    "level": _levels,
    "work_queue": _work_queue,
    "reactive": _reactive,
}
