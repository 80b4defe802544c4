"""Chunks sent to an address where somebody collects them; off unless an address is given.

A chunk is posted as JSON: job, number, first, runs, digest, failures, and values as base64 of little-endian doubles.
The answer's status says what became of it: 200 accepted, 208 the same was there already, 409 another result was there,
410 the job is finished or not known.
"""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..errors import error
from .aggregate import Outcome
from .chunk import Done, digest

STATUS: Mapping[Outcome, int] = {"accepted": 200, "idempotent": 208, "conflict": 409, "stale": 410}
_OUTCOMES: Mapping[int, Outcome] = {status: outcome for outcome, status in STATUS.items()}


class Collector:
    """Sends chunks; `outcomes` counts what became of them, ``failed`` those that could not be sent."""

    def __init__(self, address: str, patience: float = 30.0) -> None:
        if not address.startswith(("https://", "http://")):
            advice = "Give one that begins with https://."
            raise error("PEN514", what="the collector's address", value=address[:60], advice=advice)
        self.address, self.patience = address, patience
        self.outcomes: Counter[str] = Counter()

    def send(self, done: Done) -> str:
        """The outcome, or ``failed``: a study does not wait for a collector that is not there."""
        request = urllib.request.Request(
            self.address, to_json(done), {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=self.patience) as reply:
                outcome = _OUTCOMES.get(reply.status, "failed")
        except urllib.error.HTTPError as problem:
            problem.close()
            outcome = _OUTCOMES.get(problem.code, "failed")
        except (OSError, ValueError):
            outcome = "failed"
        self.outcomes[outcome] += 1
        return outcome


def to_json(done: Done) -> bytes:
    return json.dumps(
        {
            "job": done.job,
            "number": done.number,
            "first": done.first,
            "runs": done.runs,
            "digest": done.digest,
            "failures": {str(run): reason for run, reason in done.failures.items()},
            "values": base64.b64encode(done.values).decode("ascii"),
        }
    ).encode()


def from_json(content: bytes) -> Done:
    """The chunk that was posted, for who collects. Raises ValueError where it is none, or not what its digest says."""
    try:
        given: dict[str, Any] = json.loads(content)
        values = base64.b64decode(given["values"], validate=True)
        failures = {int(run): str(reason) for run, reason in given["failures"].items()}
        done = Done(
            str(given["job"]),
            int(given["number"]),
            int(given["first"]),
            int(given["runs"]),
            values,
            failures,
            str(given["digest"]),
            1,
            0.0,
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"it is no chunk: {problem}") from None
    if digest(done.job, done.number, values, failures) != done.digest:
        raise ValueError("it is not what its digest says")
    return done
