"""Where chunks are run: here, in processes of our own, or on any executor of `concurrent.futures`.

What is submitted is a function of this package and plain data, so executors on other machines will do where Penstock
is installed. A chunk whose worker died is submitted again; chunks may arrive twice, and in any order.
"""

from __future__ import annotations

import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from ..errors import PenstockError
from .chunk import Done, Task, run_chunk

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 3
WINDOW = 16
"""Chunks that are under way at a time: enough for many workers, few enough to stop early."""
PATIENCE = 120.0
"""Seconds after which a process that has not answered is taken for dead."""
_LENGTH = struct.Struct("<Q")


class WorkerDiedError(RuntimeError):
    """A worker ended, or was ended, before it had answered."""


class Inline(Executor):
    """Runs what is submitted at once, in this thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as problem:
            future.set_exception(problem)
        return future


class Processes(Executor):
    """Processes of our own, started when they are first needed and again when they died.

    They do not import the caller's main module, as those of `multiprocessing` do, so scripts and notebooks need no
    guard. One that takes longer than `patience` seconds for a task is killed.
    """

    def __init__(self, count: int | None = None, patience: float = PATIENCE) -> None:
        self.count = count or os.cpu_count() or 1
        self.patience = patience
        self.processes: list[subprocess.Popen[bytes] | None] = [None] * self.count
        self._tasks: queue.SimpleQueue[tuple[Future[Any], bytes, float] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, args=(place,), daemon=True) for place in range(self.count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return self.submit_within(self.patience, fn, *args, **kwargs)

    def submit_within(
        self, seconds: float, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """The same with a patience of its own."""
        future: Future[T] = Future()
        self._tasks.put((future, pickle.dumps((fn, args, kwargs), protocol=5), seconds))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            with suppress(queue.Empty):
                while True:
                    item = self._tasks.get_nowait()
                    if item is not None:
                        item[0].cancel()
        for _ in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self, place: int) -> None:
        """Give tasks to one process, one after the other."""
        while (item := self._tasks.get()) is not None:
            future, message, patience = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                fine, value = pickle.loads(self._asked(place, message, patience))
            except (OSError, EOFError, pickle.PickleError, ValueError) as problem:
                self._end(place)
                future.set_exception(WorkerDiedError(f"a worker process ended: {problem}"))
            else:
                future.set_result(value) if fine else future.set_exception(value)
        self._end(place)

    def _asked(self, place: int, message: bytes, patience: float) -> bytes:
        process = self.processes[place]
        if process is None or process.poll() is not None:
            self._end(place)
            process = self.processes[place] = _started()
            with _watched(process, PATIENCE):
                _received(process.stdout)  # that it is there
        with _watched(process, patience):
            _send(process.stdin, message)
            return _received(process.stdout)

    def _end(self, place: int) -> None:
        process, self.processes[place] = self.processes[place], None
        if process is None:
            return
        with suppress(OSError):
            process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()


@contextmanager
def _watched(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """Kill the process if what is done here takes longer, which ends it."""
    watchdog = threading.Timer(seconds, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _started() -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", "penstock.ensemble.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


def _send(stream: Any, message: bytes) -> None:
    stream.write(_LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def _received(stream: Any) -> bytes:
    """The next message; EOFError where the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError("it said nothing")
    (length,) = _LENGTH.unpack(head)
    message: bytes = stream.read(length)
    if len(message) < length:
        raise EOFError("it stopped in the middle")
    return message


def serve() -> None:
    """What a process of `Processes` does: answer until there is nobody to answer to."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints goes where errors go
    _send(sink, b"")
    while True:
        try:
            message = _received(source)
        except EOFError:
            return
        try:
            fn, args, kwargs = pickle.loads(message)
            answer: tuple[bool, Any] = True, fn(*args, **kwargs)
        except Exception as problem:
            answer = False, problem
        _send(sink, pickle.dumps(answer, protocol=5))


def carried_out(
    tasks: Iterable[Task],
    executor: Executor,
    run: Callable[[Task], Done] = run_chunk,
    attempts: int = ATTEMPTS,
) -> Iterator[tuple[Task, Done | str]]:
    """Each task with what became of it, as they come; a text says why a chunk failed for good.

    Raises `PenstockError` where a task cannot be run by anybody.
    """
    waiting = iter(tasks)
    tried: dict[int, int] = {}
    under_way: dict[Future[Done], Task] = {}

    def submit(task: Task) -> str | None:
        tried[task.number] = tried.get(task.number, 0) + 1
        try:
            under_way[executor.submit(run, task)] = task
        except RuntimeError as problem:  # the executor is broken, or shut down
            return f"the executor takes nothing any more: {problem}"
        return None

    try:
        while True:
            while len(under_way) < WINDOW and not any(future.done() for future in under_way):
                if (task := next(waiting, None)) is None:
                    break
                if (refused := submit(task)) is not None:
                    yield task, refused
            if not under_way:
                return
            finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=lambda future: under_way[future].number):
                task = under_way.pop(future)
                try:
                    done = future.result()
                except PenstockError:
                    raise
                except Exception as problem:
                    said: str | None = f"{type(problem).__name__}: {problem}"[:200]
                    if tried[task.number] < attempts:
                        said = submit(task)
                    if said is not None:
                        yield task, said
                else:
                    yield task, done
    finally:
        for future in under_way:
            future.cancel()
