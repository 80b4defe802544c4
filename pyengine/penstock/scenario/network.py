"""The network: which messages are lost, how long the others take, and in which order they come."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from .faults import Event, Faults
from .spec import LinkRule, Network, Partition
from .streams import Streams
from .trace import Line, Outcome, pack


@dataclass(slots=True)
class Message:
    """What travels over one link. `number` counts the messages of the link, `serial` those of the coupling; `due` is
    the first round that may take it. A `control` message is one of `handoff.CONTROLS` about the role `about`."""

    sent: int
    coupling: int
    link: int
    number: int
    value: float
    serial: int
    due: int = 0
    control: str = ""
    about: str = ""


@dataclass(slots=True)
class Link:
    """One direction between two roles. `queue` is in the order in which messages will be taken; `parked` have the tick
    that releases them; `first_lost` is when the first message was sent that never arrives."""

    source: str
    target: str
    sent: int = 0
    last_due: int = 0
    queue: list[Message] = field(default_factory=list)
    parked: list[tuple[int, Message]] = field(default_factory=list)
    first_lost: int | None = None

    @property
    def name(self) -> str:
        return f"{self.source}->{self.target}"

    def oldest(self) -> int | None:
        """When the oldest message was sent that has not arrived."""
        there = [message.sent for message in self.queue] + [message.sent for _, message in self.parked]
        return min([*there, *([] if self.first_lost is None else [self.first_lost])], default=None)


class Post:
    """Takes messages over links by the rules of the network and the faults that are active.

    Reconfigurations add to `rules` and `partitions`. Control messages are neither lost nor spoiled: they stand for
    ones that are repeated until they arrive.
    """

    def __init__(self, network: Network, streams: Streams, faults: Faults) -> None:
        self.network = network
        self.streams = streams
        self.faults = faults
        self.links: list[Link] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self.rules: list[LinkRule] = list(network.links)
        self.partitions: list[Partition] = list(network.partitions)
        self.last_sent: dict[int, float] = {}
        self.transcript: list[Line] = []
        self.events: list[Event] = []

    def link(self, source: str, target: str) -> int:
        """The number of a link, which is there from now on."""
        if (source, target) not in self._numbers:
            self._numbers[source, target] = len(self.links)
            self.links.append(Link(source, target))
        return self._numbers[source, target]

    def new(self, tick: int, source: str, target: str, coupling: int, value: float, serial: int) -> Message:
        """A message that is about to be sent."""
        number = self.link(source, target)
        link = self.links[number]
        message = Message(tick, coupling, number, link.sent, value, serial)
        link.sent += 1
        return message

    def preload(self, message: Message, due: int) -> None:
        """Put a message on its way that was sent before all began."""
        link = self.links[message.link]
        message.due = due
        link.last_due = max(link.last_due, due)
        link.queue.append(message)
        link.queue.sort(key=lambda there: there.due)

    def send(self, message: Message, tick: int) -> None:
        """A role that is up sends: faults first, then the network."""
        link = self.links[message.link]
        self.events.append(Event(tick, "sent", (link.source, link.target)))
        if not message.control:
            last = self.last_sent.get(message.coupling, message.value)
            self.last_sent[message.coupling] = message.value
            if self.faults.cut(link.source, link.target) or self.faults.drops():
                self.lose(message, tick, "dropped")
                return
            spoiled = self.faults.corrupted(message.value, last)
            if spoiled is not None:
                message.value = spoiled
                self._note(tick, message, "corrupted")
        delay = self.faults.delay()
        behind = max((release for release, _ in link.parked), default=0)
        if delay or (behind and not self.network.reorder_window):
            link.parked.append((max(tick + 1 + delay, behind), message))
            self._note(tick, message, "parked")
        else:
            self._carry(message, tick)

    def release(self, tick: int) -> None:
        """Parked messages whose time has come enter the network."""
        for link in self.links:
            ready = [message for release, message in link.parked if release <= tick]
            link.parked = [pair for pair in link.parked if pair[0] > tick]
            for message in ready:
                self._carry(message, tick - 1)

    def take(self, tick: int, up: Sequence[str]) -> list[Message]:
        """What roles that are up take in a round, in the order (due, link, number). What others get waits at its
        link."""
        taken = []
        for link in self.links:
            if link.target in up:
                here = [message for message in link.queue if message.due <= tick]
                link.queue = link.queue[len(here) :]
                taken += here
        taken.sort(key=lambda message: (message.due, message.link))
        for message in taken:
            link = self.links[message.link]
            self.events.append(Event(tick, "received", (link.source, link.target)))
            self._note(tick, message, "delivered")
        return taken

    def lose(self, message: Message, tick: int, outcome: Outcome) -> None:
        link = self.links[message.link]
        if link.first_lost is None:
            link.first_lost = message.sent
        self._note(tick, message, outcome)

    def _carry(self, message: Message, tick: int) -> None:
        link, network = self.links[message.link], self.network
        rule, stream = self.rule(link, tick), f"net:{link.name}"
        if not message.control and self._is_lost(link, rule, tick, stream):
            self.lose(message, tick, "dropped")
            return
        latency = self.latency_ms(rule)
        variance = network.variance if rule is None or rule.variance is None else rule.variance
        if variance:
            latency = max(0.0, latency * (1.0 + variance * (2.0 * self.streams.uniform(stream) - 1.0)))
        ticks = math.ceil(latency / network.tick_ms)
        message.due = max(tick + 1 + ticks, link.last_due - network.reorder_window)
        link.last_due = max(link.last_due, message.due)
        place = len(link.queue)
        while place and link.queue[place - 1].due > message.due:
            place -= 1
        link.queue.insert(place, message)

    def _is_lost(self, link: Link, rule: LinkRule | None, tick: int, stream: str) -> bool:
        if any(row.window.holds(tick) and row.cuts(link.source, link.target) for row in self.partitions):
            return True
        if rule is not None and not rule.enabled:
            return True
        loss = self.network.loss if rule is None or rule.loss is None else rule.loss
        return self.streams.happens(stream, loss)

    def latency_ms(self, rule: LinkRule | None) -> float:
        return self.network.latency_ms if rule is None or rule.latency_ms is None else rule.latency_ms

    def rule(self, link: Link, tick: int) -> LinkRule | None:
        """The last one listed that is in force."""
        found = None
        for row in self.rules:
            if (row.source, row.target) == (link.source, link.target) and row.window.holds(tick):
                found = row
        return found

    def _note(self, tick: int, message: Message, outcome: Outcome) -> None:
        link = self.links[message.link]
        sha = hashlib.sha256(pack([message.value])).hexdigest()[:16]
        kind = message.control or "data"
        self.transcript.append(
            Line(tick, link.source, link.target, message.number, kind, sha, message.due, outcome)
        )
