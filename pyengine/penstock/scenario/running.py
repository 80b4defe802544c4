"""Whole runs: a scenario to its end, many of them, and one from a checkpoint on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import PenstockError
from . import checkpoint
from .roles import Handler, Player, make_roles
from .runner import Run, ScenarioResult
from .spec import Scenario

_NONE: Mapping[str, Any] = MappingProxyType({})


def run_scenario(
    scenario: Scenario,
    *,
    folder: str | Path = ".",
    texts: Mapping[str, str] = _NONE,
    handlers: Mapping[str, Handler] | None = None,
    players: Mapping[str, Player] = _NONE,
    checkpoints: str | Path | None = None,
) -> ScenarioResult:
    """A scenario from its beginning to its end.

    `folder` is where its models stand, `texts` are models by name in place of files; `handlers` play roles in place of
    models. `players` decide for roles; `checkpoints` is a folder for those of the scenario's interval. A checkpoint
    that cannot be written does not end the run: the last error stands in ``stats["checkpoint_error"]``.
    Raises `PenstockError`.
    """
    run = start(scenario, folder=folder, texts=texts, handlers=handlers, players=players)
    run.begin()
    return _to_the_end(run, None, None if checkpoints is None else Path(checkpoints))


def resume(
    scenario: Scenario,
    document: Mapping[str, Any],
    *,
    rounds: int | None = None,
    folder: str | Path = ".",
    texts: Mapping[str, str] = _NONE,
    handlers: Mapping[str, Handler] | None = None,
    players: Mapping[str, Player] = _NONE,
    values: Mapping[str, float] = _NONE,
) -> ScenarioResult:
    """The rest of a run from a checkpoint, or so many rounds of it; the trace has those alone.

    `values` make it a branch: ``role.constant`` with other values from here on. Raises `PenstockError`.
    """
    run = start(scenario, folder=folder, texts=texts, handlers=handlers, players=players)
    checkpoint.load(run, document)
    for name, value in values.items():
        role, constant = run.split(name, f"the value of {name}")
        run.seats[role].handler.set(constant, value)
    return _to_the_end(run, None if rounds is None else run.tick + rounds, None)


def run_concurrent(scenarios: Sequence[Scenario], *, workers: int = 2, **given: Any) -> list[ScenarioResult]:
    """Several scenarios, the results in the order of the scenarios whatever ends first; `given` as for
    `run_scenario`."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda scenario: run_scenario(scenario, **given), scenarios))


def start(
    scenario: Scenario,
    *,
    folder: str | Path = ".",
    texts: Mapping[str, str] = _NONE,
    handlers: Mapping[str, Handler] | None = None,
    players: Mapping[str, Player] = _NONE,
) -> Run:
    """A run that has not begun, for going round by round."""
    return Run(scenario, handlers or make_roles(scenario, Path(folder), texts), players)


def _to_the_end(run: Run, last: int | None, folder: Path | None) -> ScenarioResult:
    interval = run.scenario.checkpoint_interval
    extra: dict[str, Any] = {"checkpoint_writes": 0}
    with _workers(run.scenario.concurrency) as pool:
        while not run.is_over() and (last is None or run.tick < last):
            run.round(pool)
            if folder is not None and interval is not None and run.tick % interval == 0:
                try:
                    checkpoint.write(checkpoint.save(run), folder / f"checkpoint_{run.tick}.json")
                    extra["checkpoint_writes"] += 1
                except PenstockError as problem:
                    extra["checkpoint_error"] = str(problem)
    run.finish()
    return run.result(extra)


@contextmanager
def _workers(count: int) -> Iterator[ThreadPoolExecutor | None]:
    """Threads that roles step in; the result is the same for any number of them."""
    if count == 1:
        yield None
        return
    with ThreadPoolExecutor(count) as pool:
        yield pool
