"""Checkpoints: everything that matters of a run at a tick, to go on from as if nothing had been.

One JSON document; its digest is over the document without the digest. `save` and `load` are the whole list of what a
run's state is: what is not here does not survive, so it may not exist.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import PenstockError, error
from .network import Message
from .properties import Violation
from .runner import Run
from .spec import LinkRule, Partition, Window
from .trace import number_to_json

SCHEMA = "penstock.checkpoint/1"
LIMIT_MB = 64


def save(run: Run) -> dict[str, Any]:
    """The state of a run after a round. Numbers keep their bits; those that JSON has not are texts."""
    document = {
        "schema": SCHEMA,
        "scenario_sha": run.scenario.sha256,
        "seed": run.scenario.seed,
        "artifacts": {name: seat.handler.artifact for name, seat in run.seats.items()},
        "tick": run.tick,
        "round": run.rounds,
        "roles": {
            name: {"local": seat.local, "halted": seat.halted, "state": seat.handler.save()}
            for name, seat in run.seats.items()
        },
        "links": [
            {
                "ends": [link.source, link.target],
                "sent": link.sent,
                "last_due": link.last_due,
                "first_lost": link.first_lost,
                "queue": [_message(message) for message in link.queue],
                "parked": [[release, _message(message)] for release, message in link.parked],
            }
            for link in run.post.links
        ],
        "last_sent": {str(i): number_to_json(value) for i, value in run.post.last_sent.items()},
        "paths": run.paths.save(),
        "network": {
            "rules": [asdict(row) for row in run.post.rules[len(run.scenario.network.links) :]],
            "partitions": [
                asdict(row) for row in run.post.partitions[len(run.scenario.network.partitions) :]
            ],
            "fired": sorted(run.fired),
        },
        "faults": {"begun": sorted(run.faults.begun), "active": sorted(run.faults.active.items())},
        "rng": run.streams.counters,
        "properties": {
            "memories": run.properties.memories,
            "violations": [asdict(row) for row in run.properties.violations],
        },
        "news": [asdict(event) for event in run.events[run.cursor :]],
        "trace_len": len(run.trace.records),
        "trace_hash": run.trace.sha256,
    }
    return {**document, "sha256": _digest(document)}


def load(run: Run, document: Mapping[str, Any]) -> None:
    """Take a run that has not begun to where a checkpoint was made. Its trace then starts there.

    Raises PEN553 where the checkpoint is damaged, of another version, or of another scenario or model.
    """
    check(document)
    document = deepcopy(document)  # the run changes what it takes over
    if document["scenario_sha"] != run.scenario.sha256 or document["seed"] != run.scenario.seed:
        raise _refused("it was made by another scenario")
    for name, seat in run.seats.items():
        if document["artifacts"].get(name) != seat.handler.artifact:
            raise _refused(f"the model of {name} has changed since")
    run.tick, run.rounds = document["tick"], document["round"]
    for name, part in document["roles"].items():
        seat = run.seats[name]
        seat.local, seat.halted = part["local"], part["halted"]
        seat.handler.load(part["state"])
    for part in document["links"]:
        link = run.post.links[run.post.link(*part["ends"])]
        link.sent, link.last_due, link.first_lost = part["sent"], part["last_due"], part["first_lost"]
        link.queue = [_to_message(row) for row in part["queue"]]
        link.parked = [(release, _to_message(row)) for release, row in part["parked"]]
    run.post.last_sent = {int(i): float(value) for i, value in document["last_sent"].items()}
    run.paths.load(document["paths"])
    network = document["network"]
    run.post.rules += [LinkRule(**{**row, "window": Window(**row["window"])}) for row in network["rules"]]
    run.post.partitions += [
        Partition(tuple(map(tuple, row["groups"])), Window(**row["window"])) for row in network["partitions"]
    ]
    run.fired = set(network["fired"])
    run.faults.begun = set(document["faults"]["begun"])
    run.faults.active = {int(i): end for i, end in document["faults"]["active"]}
    run.streams.counters = dict(document["rng"])
    run.properties.memories = [dict(memory) for memory in document["properties"]["memories"]]
    run.properties.violations = [Violation(**row) for row in document["properties"]["violations"]]
    run.restore_events(document["news"])


def check(document: Mapping[str, Any]) -> None:
    """That a document is a checkpoint, and whole. Raises PEN553."""
    if document.get("schema") != SCHEMA:
        raise _refused(f"its schema is {document.get('schema')!r}, not {SCHEMA!r}")
    rest = {key: value for key, value in document.items() if key != "sha256"}
    if document.get("sha256") != _digest(rest):
        raise _refused("its digest does not match its content")


def write(document: Mapping[str, Any], path: str | Path) -> None:
    """Raises PEN015."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(json.dumps(document), encoding="utf-8")
    except OSError as problem:
        raise error("PEN015", name=str(path), reason=str(problem)) from None


def read(path: str | Path) -> dict[str, Any]:
    """The checkpoint in a file. Raises PEN001, PEN553."""
    try:
        if Path(path).stat().st_size > LIMIT_MB * 1_000_000:
            raise _refused(f"it is larger than {LIMIT_MB} MB", str(path))
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as problem:
        raise error("PEN001", name=str(path), reason=str(problem)) from None
    except (ValueError, RecursionError):
        raise _refused("it is not JSON", str(path)) from None
    if not isinstance(document, dict):
        raise _refused("it is not a JSON object", str(path))
    check(document)
    return document


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _refused(reason: str, name: str = "") -> PenstockError:
    advice = "Use the scenario, the models and the version of Penstock that made it, or run from the start."
    return error("PEN553", name=name or "given", reason=reason, advice=advice)


def _message(message: Message) -> dict[str, Any]:
    return {**asdict(message), "value": number_to_json(message.value)}


def _to_message(row: Mapping[str, Any]) -> Message:
    return Message(**{**row, "value": float(row["value"])})
