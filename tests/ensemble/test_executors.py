"""The same bits on every executor; workers that die, answers that come twice or late, and what is reported."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from random import Random
from typing import Any

import pytest

from engine.models import compiled
from ensemble.models import GROWTH, spec
from penstock.ensemble import Outcome, Processes, run_study
from penstock.ensemble.aggregate import Aggregator
from penstock.ensemble.chunk import Done, digest, run_chunk
from penstock.ensemble.collector import STATUS, Collector, from_json, to_json
from penstock.ensemble.parcel import Parcel, opened, packed
from penstock.ensemble.samples import samples
from penstock.ensemble.study import planned
from penstock.errors import PenstockError

SPEC = spec(runs=120, chunk=10)


def everything(outcome: Outcome) -> tuple[Any, ...]:
    percentiles = b"".join(row.tobytes() for row in outcome.fan("level").values())
    return outcome.job, outcome.results_bytes(), percentiles, dict(outcome.digests), dict(outcome.failures)


@pytest.fixture(scope="module")
def alone() -> tuple[Any, ...]:
    return everything(run_study(compiled(GROWTH), SPEC, workers=1))


class Late(Executor):
    """Answers in an order of its own, and now and then not at all, but never three times for the same chunk."""

    def __init__(self, deaths: float = 0.0) -> None:
        self.random = Random(1)
        self.deaths = deaths
        self.died: Counter[int] = Counter()
        self.calls = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.calls += 1
        chunk = args[0].number
        dies = self.random.random() < self.deaths and self.died[chunk] < 2
        self.died[chunk] += dies

        def answer() -> None:
            if dies:
                future.set_exception(ConnectionError("the worker is gone"))
            else:
                future.set_result(fn(*args, **kwargs))

        threading.Timer(self.random.random() / 20, answer).start()
        return future


@pytest.mark.parametrize(
    "make",
    [
        lambda: Processes(2),
        lambda: ThreadPoolExecutor(3),
        pytest.param(lambda: ProcessPoolExecutor(2, get_context("spawn")), marks=pytest.mark.long),
        Late,
        lambda: Late(deaths=0.2),
    ],
    ids=["processes", "threads", "pool", "late", "dying"],
)
def test_results_do_not_depend_on_the_executor(make: Callable[[], Executor], alone: tuple[Any, ...]) -> None:
    with make() as executor:
        found = run_study(compiled(GROWTH), SPEC, executor=executor)
    assert not found.gaps
    assert everything(found) == alone


def test_results_are_the_same_on_dask(alone: tuple[Any, ...]) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, protocol="tcp://"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = run_study(compiled(GROWTH), SPEC, executor=client.get_executor())
    assert everything(found) == alone


def test_killed_workers_lose_nothing(alone: tuple[Any, ...], scale: Callable[[int, int], int]) -> None:
    """Killed at random while they work; with --long, a hundred times."""
    random, kills = Random(2), 0
    while kills < scale(2, 100):
        with Processes(2) as executor:

            def kill(_: object, executor: Processes = executor) -> None:
                nonlocal kills
                alive = [process for process in executor.processes if process is not None]
                if alive and random.random() < 0.4:
                    os.kill(random.choice(alive).pid, signal.SIGKILL)
                    kills += 1

            found = run_study(compiled(GROWTH), SPEC, executor=executor, progress=kill)
        assert set(found.digests) | set(found.gaps) == set(range(12))
        if not found.gaps:
            assert everything(found) == alone


def test_a_chunk_that_nobody_can_run_is_a_gap_and_the_rest_is_there() -> None:
    class Unlucky(Late):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            if args[0].number == 3:
                future: Future[Any] = Future()
                future.set_exception(ConnectionError("the worker is gone"))
                self.calls += 1
                return future
            return super().submit(fn, *args, **kwargs)

    executor = Unlucky()
    found = run_study(compiled(GROWTH), SPEC, executor=executor)
    assert list(found.gaps) == [3]
    assert executor.calls == 12 + 2  # it was tried three times
    assert list(found.failures) == list(range(30, 40))
    assert "the worker is gone" in found.failures[30]
    assert found.count("level")[0] == 110


def test_a_worker_that_hangs_is_killed_and_its_chunk_reported() -> None:
    with Processes(1, patience=1.0) as executor:
        future = executor.submit(signal.pause)
        with pytest.raises(RuntimeError, match="ended"):
            future.result(timeout=30)
        assert executor.submit(abs, -3).result(timeout=30) == 3


def test_an_executor_that_is_shut_down_is_reported() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    found = run_study(compiled(GROWTH), SPEC, executor=executor)
    assert set(found.gaps) == set(range(12))
    assert found.mean("level")[0] != found.mean("level")[0]


def test_errors_of_the_model_come_through_processes_as_they_are() -> None:
    with Processes(1) as executor, pytest.raises(PenstockError) as caught:
        executor.submit(run_chunk, replace(task(), names=("nonsense",))).result(timeout=60)
    assert caught.value.diagnostics[0].code == "PEN201"


# --- chunks and their four outcomes


def task() -> Any:
    plan = planned(compiled(GROWTH), ["rate"], ["level"])
    return next(plan.tasks("job", samples(SPEC), 10))


def test_a_chunk_is_accepted_once_and_a_second_answer_is_compared() -> None:
    first = task()
    done = run_chunk(first)
    assert run_chunk(first).digest == done.digest
    aggregator = Aggregator("job", SPEC, 17)
    assert aggregator.take(done) == "accepted"
    assert aggregator.take(run_chunk(first)) == "idempotent"
    other = bytes(len(done.values))
    changed = replace(done, values=other, digest=digest("job", 0, other, {}))
    assert aggregator.take(changed) == "conflict"
    assert aggregator.conflicts == [0]
    assert aggregator.take(replace(done, job="another")) == "stale"
    list(aggregator.merge_ready())
    aggregator.finish()
    assert aggregator.take(replace(done, number=5)) == "stale"
    assert aggregator.moments.runs == 10


def test_chunks_are_merged_in_the_order_of_their_numbers() -> None:
    plan = planned(compiled(GROWTH), ["rate"], ["level"])
    chunks: list[Done] = [run_chunk(each) for each in plan.tasks("job", samples(SPEC), 10)]
    found = []
    for order in (range(12), reversed(range(12)), Random(3).sample(range(12), 12)):
        aggregator = Aggregator("job", SPEC, plan.cells)
        for number in order:
            aggregator.take(chunks[number])
            list(aggregator.merge_ready())
        found.append(
            (aggregator.moments.mean.tobytes(), aggregator.moments.squares.tobytes(), aggregator.values)
        )
    assert found[0] == found[1] == found[2]


def test_a_parcel_that_changed_on_the_way_is_not_opened() -> None:
    parcel = packed(compiled(GROWTH))
    with pytest.raises(ValueError, match="not what was sent"):
        opened(Parcel(parcel.model, parcel.data[:-1] + b"x", parcel.digest))


# --- a collector


@pytest.fixture
def collecting() -> Iterator[tuple[str, Aggregator]]:
    """An address that puts chunks together as a study does."""
    aggregator = Aggregator(SPEC.digest(compiled(GROWTH).model_hash), SPEC, 17)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(STATUS[aggregator.take(from_json(content))])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", aggregator
        server.shutdown()


def test_a_collector_is_sent_every_chunk_and_says_what_became_of_it(
    collecting: tuple[str, Aggregator], alone: tuple[Any, ...]
) -> None:
    address, aggregator = collecting
    first, again = Collector(address), Collector(address)
    assert everything(run_study(compiled(GROWTH), SPEC, workers=1, collector=first)) == alone
    assert first.outcomes == {"accepted": 12}
    list(aggregator.merge_ready())
    assert aggregator.digests == alone[3]
    run_study(compiled(GROWTH), SPEC, workers=1, collector=again)
    assert again.outcomes == {"idempotent": 12}
    done = run_chunk(task())
    other = bytes(len(done.values))
    job = aggregator.job
    wrong = replace(done, job=job, values=other, digest=digest(job, 0, other, {}))
    assert Collector(address).send(wrong) == "conflict"
    assert Collector(address).send(done) == "stale"


def test_a_study_does_not_need_its_collector(alone: tuple[Any, ...]) -> None:
    nobody = Collector("http://127.0.0.1:9/")
    assert everything(run_study(compiled(GROWTH), SPEC, workers=1, collector=nobody)) == alone
    assert nobody.outcomes == {"failed": 12}


def test_a_chunk_that_was_changed_on_the_way_is_not_collected() -> None:
    content = to_json(run_chunk(task()))
    assert from_json(content).runs == 10
    for changed in (content.replace(b'"number": 0', b'"number": 1'), content[:-9], b"[]", b'{"values": 3}'):
        with pytest.raises(ValueError, match=r"\w"):
            from_json(changed)
