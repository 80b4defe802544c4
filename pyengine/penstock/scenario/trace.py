"""What is kept of a run: records of states, the transcript of messages, and where two traces part.

A trace's hash is over the bits of all values, so that equal hashes mean equal runs wherever they were made.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal

Outcome = Literal["delivered", "dropped", "parked", "corrupted", "failed"]
_NAN = struct.pack("<d", math.nan)


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A role's stocks, in the order of its model, and then its outputs, after a round; step 0 is the beginning."""

    step: int
    role: str
    state: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What became of a message. `due` is 0 where it does not arrive; `sha` is of the value's eight bytes."""

    tick: int
    source: str
    target: str
    number: int
    kind: str
    sha: str
    due: int
    outcome: Outcome

    def to_json(self) -> dict[str, Any]:
        return {
            "tick": self.tick,
            "from": self.source,
            "to": self.target,
            "link_seq": self.number,
            "kind": self.kind,
            "bytes_sha": self.sha,
            "due": self.due,
            "outcome": self.outcome,
        }


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where two traces part: the first record that differs, and the first of its values; `here` and `there` are None
    where one of the two has no such value."""

    step: int
    role: str
    index: int
    here: float | None
    there: float | None


@dataclass(slots=True)
class Trace:
    """Records in the order (step, role). `columns` are the names of each role's values."""

    roles: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    records: list[StepRecord] = field(default_factory=list)

    def records_for_role(self, role: str) -> list[StepRecord]:
        return [record for record in self.records if record.role == role]

    def final_state(self, role: str) -> tuple[float, ...]:
        return self.records_for_role(role)[-1].state

    def series(self, role: str, name: str) -> list[float]:
        """The recorded values of a role's stock or output."""
        index = self.columns[role].index(name)
        return [record.state[index] for record in self.records if record.role == role]

    @property
    def sha256(self) -> str:
        """Over (step u64, role index u32, count u32, values f64), little-endian, all NaN as one."""
        digest = hashlib.sha256()
        number = {role: i for i, role in enumerate(self.roles)}
        for record in self.records:
            digest.update(struct.pack("<QII", record.step, number[record.role], len(record.state)))
            digest.update(b"".join(bits(value) for value in record.state))
        return digest.hexdigest()

    def first_divergence(self, other: Trace) -> Divergence | None:
        """Where this trace and another part, None where they are equal to the bit."""
        for here, there in zip_longest(self.records, other.records):
            if here is None or there is None or (here.step, here.role) != (there.step, there.role):
                first = min((record for record in (here, there) if record), key=lambda record: record.step)
                return Divergence(first.step, first.role, 0, None, None)
            for index, (a, b) in enumerate(zip_longest(here.state, there.state)):
                if a is None or b is None or bits(a) != bits(b):
                    return Divergence(here.step, here.role, index, a, b)
        return None

    def to_json(self) -> dict[str, Any]:
        return {
            "roles": list(self.roles),
            "columns": {role: list(names) for role, names in self.columns.items()},
            "sha256": self.sha256,
            "records": [record_to_json(record) for record in self.records],
        }

    def to_jsonl(self) -> Iterator[str]:
        """A line for each record."""
        for record in self.records:
            yield json.dumps(record_to_json(record))


def record_to_json(record: StepRecord) -> dict[str, Any]:
    return {"step": record.step, "role": record.role, "state": [number_to_json(v) for v in record.state]}


def bits(value: float) -> bytes:
    """The eight bytes of a double, little-endian; every NaN has the same."""
    return struct.pack("<d", value) if value == value else _NAN


def number_to_json(value: float) -> float | str:
    """JSON has no NaN and no infinities; they are texts."""
    return value if math.isfinite(value) else repr(value)


def pack(values: Sequence[float]) -> bytes:
    return array("d", values).tobytes()
