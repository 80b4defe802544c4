"""The schedule of faults: when each begins and ends, and what the active ones do to a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .formulas import Formula
from .spec import Fault, Partition, Trigger
from .streams import Streams

STREAM = "fault"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `roles` are sender and receiver, or the role that was invoked; else empty."""

    tick: int
    kind: str
    roles: tuple[str, ...] = ()
    detail: str = ""


def fires(
    trigger: Trigger, tick: int, rounds: int, events: Sequence[Event], streams: Streams, stream: str
) -> bool:
    """Whether a trigger that has not fired does so now; `events` are those since the tick before."""
    match trigger.kind:
        case "immediate":
            return True
        case "at_tick":
            return tick >= trigger.n
        case "after_step":
            return rounds >= trigger.n
        case "random":
            return streams.happens(stream, trigger.p)
        case "on_event":
            return any(
                event.kind == trigger.event and (not trigger.role or trigger.role in event.roles)
                for event in events
            )


class Faults:
    """Which faults have been and which are; `active` holds indices with the tick at which each ends."""

    def __init__(self, rows: Sequence[Fault], most: int | None, streams: Streams) -> None:
        self.rows = rows
        self.most = most
        self.streams = streams
        self.begun: set[int] = set()
        self.active: dict[int, int | None] = {}
        # Box's and Muller's method through the models' own functions, so that the bits are the same everywhere.
        self._normal = Formula("sqrt(-2 * ln(1 - u)) * cos(6.283185307179586 * v)", "noise")

    def update(self, tick: int, rounds: int, events: Sequence[Event]) -> list[Event]:
        """End what is over, then begin what is triggered, in the order of the file."""
        self.active = {i: end for i, end in self.active.items() if end is None or tick < end}
        begun = []
        for i, row in enumerate(self.rows):
            if i in self.begun or (self.most is not None and len(self.active) >= self.most):
                continue
            if fires(row.trigger, tick, rounds, events, self.streams, STREAM):
                self.begun.add(i)
                self.active[i] = None if row.duration is None else tick + row.duration
                begun.append(Event(tick, "faulted", detail=row.kind))
        return begun

    def _of(self, kind: str) -> list[Fault]:
        return [self.rows[i] for i in sorted(self.active) if self.rows[i].kind == kind]

    def crashed(self) -> set[str]:
        return {row.role for row in self._of("node_crash")}

    def for_ever(self) -> set[str]:
        """Roles that will never come back."""
        return {
            self.rows[i].role
            for i, end in self.active.items()
            if end is None and self.rows[i].kind == "node_crash"
        }

    def cut(self, source: str, target: str) -> bool:
        return any(Partition(row.groups).cuts(source, target) for row in self._of("network_partition"))

    def drops(self) -> bool:
        return self.streams.happens(STREAM, _together(self._of("message_drop")))

    def corrupted(self, value: float, last: float) -> float | None:
        """What becomes of a value, `last` being the one sent before it; None where it stays."""
        rows = [row for row in self._of("message_corruption") if row.probability > 0.0]
        if not rows or not self.streams.happens(STREAM, _together(rows)):
            return None
        row = rows[-1]
        match row.mode:
            case "negate":
                return -value
            case "stuck":
                return last
            case "noise":
                u, v = self.streams.uniform(STREAM), self.streams.uniform(STREAM)
                return value + row.sigma * self._normal((u, v))

    def delay(self) -> int:
        """How many ticks a message is parked: the longest of what is active."""
        return max((row.ticks for row in self._of("message_delay")), default=0)


def _together(rows: Sequence[Fault]) -> float:
    """The probability that at least one strikes."""
    spared = 1.0
    for row in rows:
        spared *= 1.0 - row.probability
    return 1.0 - spared
