"""Taking a middle role out of a path without a message overtaking another: the flush handshake.

A coupling may lead through forwarders. When one hands on, its upstream neighbour U shall send straight to its
downstream neighbour S, while older messages are still on their way through the middle B:

1. B sends `flush` to U, and forwards what still arrives.
2. U keeps back what it sends from now on, and answers `done` behind all that it has sent.
3. B has everything once it has `done`. It forwards the rest, then sends `deposit` to S and `give` to U.
4. U sends `withdraw` to S. S answers `ok` once it has both, so everything that came through B is there.
5. U sends what it kept back straight to S, in order.

A role with a model and stocks of its own is removed in the same way, from all its couplings at once: in step 3 it waits
until it has `done` of all, takes a last step in which its model gives away what it has, sends that on, and halts.

It holds where each link keeps its order. If it takes longer than a timeout, U sends what it kept back through B as
before, and the handoff counts as aborted. Without the flush U switches as soon as it hears `give`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .network import Message, Post
from .spec import Coupling
from .trace import number_to_json

CONTROLS = ("flush", "done", "deposit", "give", "withdraw", "ok")
PHASES = ("forwarding", "flushed", "drained", "direct")
"""What a handoff goes through, in this order."""


@dataclass(slots=True)
class Handoff:
    """Taking the role `middle` out of a coupling's path; `kept` are values and serials that U keeps back.

    `phase` is one of `PHASES` or ``aborted``; `here` is what S has of `deposit` and `withdraw`. `onward` is the
    coupling from a removed role that this one is joined to.
    """

    coupling: int
    middle: str
    upstream: str
    downstream: str
    began: int
    with_flush: bool
    timeout: int
    phase: str = "forwarding"
    keeping: bool = False
    kept: list[tuple[float, int]] = field(default_factory=list)
    most_kept: int = 0
    has_done: bool = False
    here: list[str] = field(default_factory=list)
    ended: int | None = None
    onward: int | None = None


class Paths:
    """The path of each coupling, what forwarders are working at, and the handoffs of a run."""

    def __init__(self, couplings: Sequence[Coupling], post: Post) -> None:
        self.couplings = couplings
        self.post = post
        self.next: list[dict[str, str]] = []
        self.serials = [0] * len(couplings)
        self.work: dict[str, list[tuple[int, int, float, int]]] = {}
        self.handoffs: list[Handoff] = []
        self.ends = [(row.target, row.input) for row in couplings]
        for row in couplings:
            path = [row.source, *row.via, row.target]
            self.next.append(dict(itertools.pairwise(path)))
            for source, target in itertools.pairwise(path):
                post.link(source, target)

    # --- data

    def send(self, coupling: int, value: float, tick: int) -> None:
        """The source of a coupling sends a value."""
        serial = self.serials[coupling]
        self.serials[coupling] += 1
        self._pass(coupling, self.couplings[coupling].source, value, serial, tick)

    def fail(self, coupling: int, tick: int) -> None:
        """The source would have sent, and is crashed."""
        serial = self.serials[coupling]
        self.serials[coupling] += 1
        source = self.couplings[coupling].source
        target = self.next[coupling][source]
        self.post.lose(self.post.new(tick, source, target, coupling, 0.0, serial), tick, "failed")

    def _pass(self, coupling: int, role: str, value: float, serial: int, tick: int) -> None:
        handoff = self._of(coupling, role)
        if handoff is not None and handoff.keeping:
            handoff.kept.append((value, serial))
            handoff.most_kept = max(handoff.most_kept, len(handoff.kept))
            return
        target = self.next[coupling][role]
        self.post.send(self.post.new(tick, role, target, coupling, value, serial), tick)

    def _of(self, coupling: int, upstream: str) -> Handoff | None:
        """The handoff that is under way below a role."""
        for handoff in self.handoffs:
            if (handoff.coupling, handoff.upstream, handoff.ended) == (coupling, upstream, None):
                return handoff
        return None

    def receive(self, message: Message, tick: int) -> bool:
        """Whether a message that has arrived is data for the end of its path; others are seen to here."""
        if message.control:
            self._control(message, tick)
            return False
        role = self.post.links[message.link].target
        if role == self.ends[message.coupling][0]:
            return True
        entry = (
            tick + self.couplings[message.coupling].work,
            message.coupling,
            message.value,
            message.serial,
        )
        self.work.setdefault(role, []).append(entry)
        return False

    def forward(self, role: str, tick: int) -> None:
        """A forwarder that is up passes on what it is done with."""
        waiting = self.work.get(role, [])
        self.work[role] = [entry for entry in waiting if entry[0] > tick]
        for ready, coupling, value, serial in waiting:
            if ready <= tick:
                self._pass(coupling, role, value, serial, tick)
        for handoff in self.handoffs:
            of_mine = handoff.middle == role and handoff.onward is None
            if of_mine and handoff.phase == "flushed" and handoff.has_done:
                self._drained(handoff, tick)

    def on_the_way(self, coupling: int) -> float:
        """The sum of a coupling's values that were sent and neither lost nor taken."""
        messages = [
            message
            for link in self.post.links
            for message in [*link.queue, *(message for _, message in link.parked)]
            if message.coupling == coupling and not message.control
        ]
        worked = [entry[2] for rows in self.work.values() for entry in rows if entry[1] == coupling]
        kept = [value for h in self.handoffs if h.coupling == coupling for value, _ in h.kept]
        return math.fsum([*(message.value for message in messages), *worked, *kept])

    # --- handoffs

    def begin(self, coupling: int, middle: str, tick: int, with_flush: bool, timeout: int) -> bool:
        """Start to take a middle out; False where another handoff of the path is under way, or it is out already."""
        path = self.next[coupling]
        upstream = next((role for role, target in path.items() if target == middle), None)
        busy = any(h.coupling == coupling and h.ended is None for h in self.handoffs)
        if upstream is None or busy or middle not in path:
            return False
        handoff = Handoff(coupling, middle, upstream, path[middle], tick, with_flush, timeout)
        self.handoffs.append(handoff)
        self._say(handoff, "flush" if with_flush else "give", middle, upstream, tick)
        return True

    def begin_removal(self, middle: str, joins: Sequence[tuple[int, int]], tick: int, timeout: int) -> bool:
        """Start to remove a role from all its couplings; False where a handoff of one of them is under way."""
        couplings = {into for into, _ in joins}
        if any(h.coupling in couplings and h.ended is None for h in self.handoffs):
            return False
        for into, onward in joins:
            upstream, downstream = self.couplings[into].source, self.ends[onward][0]
            self.handoffs.append(
                Handoff(into, middle, upstream, downstream, tick, True, timeout, onward=onward)
            )
            self._say(self.handoffs[-1], "flush", middle, upstream, tick)
        return True

    def leaving(self, role: str) -> list[Handoff]:
        """The handoffs of a removed role that has all it will ever get, and has its last step before it."""
        mine = [h for h in self.handoffs if h.middle == role and h.onward is not None and h.ended is None]
        return mine if mine and all(h.phase == "flushed" and h.has_done for h in mine) else []

    def leave(self, role: str, tick: int) -> None:
        """A removed role has taken its last step and sent what came of it."""
        for handoff in self.leaving(role):
            self._drained(handoff, tick)

    def _say(self, handoff: Handoff, control: str, source: str, target: str, tick: int) -> None:
        message = self.post.new(tick, source, target, handoff.coupling, 0.0, -1)
        message.control, message.about = control, handoff.middle
        self.post.send(message, tick)

    def _control(self, message: Message, tick: int) -> None:
        """The steps of the handshake; what comes after an abort is of no consequence."""
        handoff = next(
            (
                h
                for h in self.handoffs
                if (h.coupling, h.middle, h.ended) == (message.coupling, message.about, None)
            ),
            None,
        )
        if handoff is None:
            return
        up, middle, down = handoff.upstream, handoff.middle, handoff.downstream
        match message.control:
            case "flush":
                handoff.keeping = True
                handoff.phase = "flushed"
                self._say(handoff, "done", up, middle, tick)
            case "done":
                handoff.has_done = True
            case "give" if handoff.with_flush:
                self._say(handoff, "withdraw", up, down, tick)
            case "give":
                self._switch(handoff, tick)
            case "deposit" | "withdraw":
                handoff.here.append(message.control)
                if len(handoff.here) == 2:
                    self._say(handoff, "ok", down, up, tick)
            case "ok":
                self._switch(handoff, tick)

    def _drained(self, handoff: Handoff, tick: int) -> None:
        if any(entry[1] == handoff.coupling for entry in self.work.get(handoff.middle, [])):
            return
        handoff.phase = "drained"
        self._say(handoff, "deposit", handoff.middle, handoff.downstream, tick)
        self._say(handoff, "give", handoff.middle, handoff.upstream, tick)

    def _switch(self, handoff: Handoff, tick: int) -> None:
        """U sends straight to S from now on, first what it has kept back."""
        if handoff.onward is not None:
            self.ends[handoff.coupling] = self.ends[handoff.onward]
        self.next[handoff.coupling][handoff.upstream] = handoff.downstream
        self._end(handoff, "direct", tick)

    def _end(self, handoff: Handoff, phase: str, tick: int) -> None:
        handoff.phase, handoff.ended, handoff.keeping = phase, tick, False
        kept, handoff.kept = handoff.kept, []
        for value, serial in kept:
            self._pass(handoff.coupling, handoff.upstream, value, serial, tick)

    def expire(self, tick: int, up: Iterable[str]) -> None:
        """Give up handoffs that take too long, once U is there to do so."""
        there = set(up)
        for handoff in self.handoffs:
            late = handoff.ended is None and tick - handoff.began > handoff.timeout
            gone = handoff.onward is not None and handoff.phase == "drained"
            if late and not gone and handoff.upstream in there:
                self._end(handoff, "aborted", tick)

    def name(self, handoff: Handoff) -> str:
        row = self.couplings[handoff.coupling]
        return f"{row.source}.{row.output}/{handoff.middle}"

    def report(self) -> list[dict[str, Any]]:
        """What became of each handoff; `kept` counts messages that the end of the run found kept back."""
        return [
            {
                "path": self.name(handoff),
                "began": handoff.began,
                "ended": handoff.ended,
                "phase": handoff.phase,
                "most_kept": handoff.most_kept,
                "kept": len(handoff.kept),
            }
            for handoff in self.handoffs
        ]

    # --- state

    def save(self) -> dict[str, Any]:
        return {
            "next": self.next,
            "ends": [list(end) for end in self.ends],
            "serials": self.serials,
            "work": {
                role: [
                    [ready, coupling, number_to_json(value), serial]
                    for ready, coupling, value, serial in rows
                ]
                for role, rows in self.work.items()
                if rows
            },
            "handoffs": [
                {
                    **asdict(handoff),
                    "kept": [[number_to_json(value), serial] for value, serial in handoff.kept],
                }
                for handoff in self.handoffs
            ],
        }

    def load(self, state: Mapping[str, Any]) -> None:
        self.next = [dict(row) for row in state["next"]]
        self.ends = [(role, name) for role, name in state["ends"]]
        self.serials = list(state["serials"])
        self.work = {
            role: [(ready, coupling, float(value), serial) for ready, coupling, value, serial in rows]
            for role, rows in state["work"].items()
        }
        self.handoffs = [
            Handoff(**{**row, "kept": [(float(value), serial) for value, serial in row["kept"]]})
            for row in state["handoffs"]
        ]
