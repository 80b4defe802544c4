"""The round: what arrives, the roles' steps, what they send, what is recorded and what is checked.

A round takes every role that is up from tick n - 1 to n. It reads what arrived before it began, so roles do not see
each other's steps of the same round, and their order does not matter; a value sent at the end of round n over a link
without latency is read by round n + 1, as a model of all roles in one would with Euler's method and a dt of one tick.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..errors import PenstockError, error
from ..passes.declare import did_you_mean
from .faults import Event, Faults, fires
from .fields import couplings as couplings_of
from .handoff import Paths
from .network import Post
from .properties import ON_THE_WAY, WORDS, Properties, Violation, check_links, off_simplex
from .roles import Handler, Player
from .spec import Coupling, CouplingKind, Reconfiguration, Scenario
from .streams import Streams
from .trace import Line, StepRecord, Trace


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What a run gave. `stats` are the seed, rounds, ticks, counts of events by kind, and writes of checkpoints."""

    trace: Trace
    violations: tuple[Violation, ...]
    transcript: tuple[Line, ...]
    stats: Mapping[str, Any]
    decisions: tuple[tuple[int, str, str, float], ...] = ()

    @property
    def ok(self) -> bool:
        return not self.violations


@dataclass(slots=True)
class Seat:
    """A role in the run: `local` counts its own steps."""

    name: str
    handler: Handler
    local: int = 0
    halted: bool = False


class Run:
    """One run of a scenario, round by round. `save` and `load` of `checkpoint` take all of its state."""

    def __init__(
        self,
        scenario: Scenario,
        handlers: Mapping[str, Handler],
        players: Mapping[str, Player] | None = None,
    ) -> None:
        self.scenario = scenario
        self.players = dict(players or {})
        humans = [role.name for role in scenario.roles if role.player == "human"]
        stranger = next((name for name in self.players if name not in humans), None)
        if stranger is not None:
            advice = f'Write player = "human" for it; those who have it: {", ".join(humans) or "none"}.'
            raise error("PEN552", reason=f"{stranger} is no role that is played by hand", advice=advice)
        self.couplings: tuple[Coupling, ...] = scenario.couplings
        if scenario.material is not None:
            self.couplings += couplings_of(scenario.material, scenario.role_names)
        self.references = [f"{row.source}.{row.output}" for row in self.couplings]
        self.seats = {name: Seat(name, handlers[name]) for name in scenario.role_names}
        self.streams = Streams(scenario.seed)
        self.faults = Faults(scenario.events, scenario.max_concurrent, self.streams)
        self.post = Post(scenario.network, self.streams, self.faults)
        self.events = self.post.events
        self.paths = Paths(self.couplings, self.post)
        self._kinds = _kinds(self.couplings)
        self.properties = Properties(scenario.properties)
        self.tick = self.rounds = self.cursor = self.preloaded = 0
        self.fired: set[int] = set()
        self.decisions: list[tuple[int, str, str, float]] = []
        self.arrived: list[tuple[str, int]] = []
        columns = {name: seat.handler.columns for name, seat in self.seats.items()}
        self.trace = Trace(scenario.role_names, columns)
        self._check_names()

    def _check_names(self) -> None:
        """Every name that the scenario uses is one of a role's. Raises PEN551."""
        check_links(self.scenario, [link.name for link in self.post.links] + self.references)
        for i, row in enumerate(self.couplings):
            self._require("require", row.source, row.output, f"couplings[{i}].out")
            self._require("require_input", row.target, row.input, f"couplings[{i}].in")
        for name, owner in self.properties.names():
            if name.endswith(ON_THE_WAY) and name.removesuffix(ON_THE_WAY) in self.references:
                continue
            if name not in WORDS:
                role, variable = self.split(name, f"the property {owner}")
                self._require("require", role, variable, f"the property {owner}")

    def _require(self, check: str, role: str, variable: str, path: str) -> None:
        """Ask a role that is able to tell before the run whether it has a variable."""
        ask: Callable[[str], None] | None = getattr(self.seats[role].handler, check, None)
        try:
            if ask is not None:
                ask(variable)
        except PenstockError as problem:
            reason = str(problem).splitlines()[0]
            raise error(
                "PEN551", path=path, problem=f"names nothing of {role}: {reason}", advice=""
            ) from None

    def split(self, name: str, path: str = "the name") -> tuple[str, str]:
        """Role and variable of ``role.variable``. Raises PEN551."""
        for role in sorted(self.seats, key=len, reverse=True):
            if name.startswith(f"{role}."):
                return role, name[len(role) + 1 :]
        known = [f"{role}.…" for role in self.seats] + list(WORDS)
        advice = did_you_mean(name.partition(".")[0], self.seats, f"Write one of {', '.join(known)}.")
        raise error("PEN551", path=path, problem=f"names no role's variable: {name}", advice=advice)

    # --- the round

    def begin(self) -> None:
        """The initial states, what is on its way already, and the first messages."""
        for seat in self.seats.values():
            seat.handler.begin()
        self.events += [Event(0, "opened") for _ in self.post.links]
        first: dict[tuple[str, str], list[float]] = {}
        for i, row in enumerate(self.couplings):
            if row.initial is not None:
                first.setdefault(self.paths.ends[i], []).append(row.initial)
                if row.kind == "order":
                    self._preload(i, row, row.initial)
        for end, kind in self._kinds.items():
            if end in first or kind == "order":
                self._apply(end, first.get(end, []))
        self._send(list(self.seats), set())
        self._sample()
        self.properties.check(self)

    def _preload(self, i: int, row: Coupling, value: float) -> None:
        """Orders that are on their way when all begins: one for each round that the last link's latency lasts."""
        source = row.via[-1] if row.via else row.source
        link = self.post.links[self.post.link(source, row.target)]
        latency = self.post.latency_ms(self.post.rule(link, 0))
        for due in range(1, math.ceil(latency / self.scenario.network.tick_ms) + 1):
            message = self.post.new(0, source, row.target, i, value, self.paths.serials[i])
            self.paths.serials[i] += 1
            self.post.preload(message, due)
            self.preloaded += 1

    def round(self, pool: ThreadPoolExecutor | None = None) -> None:
        """One tick further."""
        tick = self.tick + 1
        self._change(tick)
        crashed = self.faults.crashed()
        up = [name for name, seat in self.seats.items() if name not in crashed and not seat.halted]
        self.post.release(tick)
        self._take(tick, up)
        self._decide(tick, up)
        self._step(up, pool)
        self.tick = tick
        self.rounds += bool(up)
        self.events += [Event(tick, "invoked", (name,)) for name in up]
        for name in up:
            seat = self.seats[name]
            if seat.handler.done:
                seat.halted = True
                self.events.append(Event(tick, "halted"))
        self._send(up, crashed)
        if tick % self.scenario.sample_every == 0:
            self._sample()
        self.properties.check(self)

    def _change(self, tick: int) -> None:
        """Reconfigurations, then faults, from what has happened since the tick before."""
        news = self.events[self.cursor :]
        self.cursor = len(self.events)
        for i, row in enumerate(self.scenario.reconfigurations):
            if i in self.fired or not fires(row.trigger, tick, self.rounds, news, self.streams, "reconf"):
                continue
            if self._begin_handoff(row, tick - 1):
                self.fired.add(i)
            if row.link is not None:
                self.post.rules.append(row.link)
            if row.partition is not None:
                self.post.partitions.append(row.partition)
        self.events += self.faults.update(tick, self.rounds, news)

    def _begin_handoff(self, row: Reconfiguration, tick: int) -> bool:
        """False where one has to wait for another that is under way."""
        match row.action:
            case "handoff":
                return self.paths.begin(row.coupling, row.middle, tick, row.flush, row.timeout)
            case "remove":
                return self.paths.begin_removal(row.middle, row.joins, tick, row.timeout)
            case _:
                return True

    def _take(self, tick: int, up: Sequence[str]) -> None:
        """What has arrived: data for a role's inputs; the rest goes on its path."""
        inboxes: dict[tuple[str, str], list[float]] = {}
        self.arrived = []
        for message in self.post.take(tick, up):
            self.arrived.append((self.post.links[message.link].name, message.number))
            if self.paths.receive(message, tick):
                self.arrived.append((self.references[message.coupling], message.serial))
                inboxes.setdefault(self.paths.ends[message.coupling], []).append(message.value)
        for end in dict.fromkeys(self.paths.ends):
            if end[0] in up and (end in inboxes or self._kinds[end] == "order"):
                self._apply(end, inboxes.get(end, []))
        for role in up:
            if self.paths.leaving(role):
                for name, value in self._last_values(role).items():
                    self.seats[role].handler.set(name, value)

    def _last_values(self, role: str) -> Mapping[str, float]:
        """What constants of a removed role become for its last round."""
        rows = self.scenario.reconfigurations
        return next(row.values for i, row in enumerate(rows) if i in self.fired and row.middle == role)

    def _apply(self, end: tuple[str, str], values: Sequence[float]) -> None:
        """What arrived becomes the input: orders add up, of values the last one holds."""
        role, name = end
        value = _sum(values) if self._kinds[end] == "order" else values[-1]
        if not math.isfinite(value):
            reason = f"{role}.{name} is told {value} in round {self.tick + 1}"
            advice = "Look at where it begins: the property finite says so."
            raise error("PEN552", reason=reason, advice=advice)
        self.seats[role].handler.set(name, value)

    def _decide(self, tick: int, up: Sequence[str]) -> None:
        for role in self.scenario.roles:
            player = self.players.get(role.name)
            if player is None or role.name not in up:
                continue
            handler = self.seats[role.name].handler
            seen = dict(zip(handler.columns, handler.recorded(), strict=True))
            for name, value in player(tick, seen).items():
                handler.set(name, value)
                self.decisions.append((tick, role.name, name, value))

    def _step(self, up: Sequence[str], pool: ThreadPoolExecutor | None) -> None:
        for name in up:
            self.seats[name].local += 1
        steps = [(self.seats[name].handler.step, self.seats[name].local) for name in up]
        if pool is None:
            for step, n in steps:
                step(n)
        else:
            for future in [pool.submit(step, n) for step, n in steps]:
                future.result()

    def _send(self, up: Sequence[str], crashed: Collection[str]) -> None:
        """At the end of a round roles tell what they are, and pass on what they have worked at."""
        self.paths.expire(self.tick, up)
        for name, seat in self.seats.items():
            for i, row in enumerate(self.couplings):
                if row.source != name:
                    continue
                if name in up:
                    self.paths.send(i, seat.handler.value(row.output), self.tick)
                elif name in crashed:
                    self.paths.fail(i, self.tick)
            if name not in up:
                continue
            self.paths.forward(name, self.tick)
            if self.paths.leaving(name):
                self.paths.leave(name, self.tick)
                seat.halted = True
                self.events.append(Event(self.tick, "halted"))

    # --- looking: what properties see

    def _sample(self) -> None:
        self.trace.records += [
            StepRecord(self.tick, name, seat.handler.recorded()) for name, seat in self.seats.items()
        ]

    def value(self, name: str) -> float:
        match name:
            case "tick":
                return float(self.tick)
            case "no_faults":
                return float(not self.faults_so_far())
            case "simplex":
                return float(off_simplex(self.states(), 1e-8) is None)
            case "distance_to_equilibrium":
                return max((_distance(state) for state in self.states().values() if state), default=0.0)
        if name.endswith(ON_THE_WAY):
            return self.paths.on_the_way(self.references.index(name.removesuffix(ON_THE_WAY)))
        role, variable = self.split(name)
        return self.seats[role].handler.value(variable)

    def states(self) -> dict[str, tuple[float, ...]]:
        return {name: seat.handler.stocks() for name, seat in self.seats.items()}

    def recorded(self) -> dict[str, tuple[float, ...]]:
        return {name: seat.handler.recorded() for name, seat in self.seats.items()}

    def faults_so_far(self) -> int:
        return len(self.faults.begun)

    def waiting(self) -> dict[str, int]:
        return {link.name: sum(m.due <= self.tick for m in link.queue) for link in self.post.links}

    def oldest(self) -> dict[str, int]:
        found = {link.name: link.oldest() for link in self.post.links}
        return {name: sent for name, sent in found.items() if sent is not None}

    def arrivals(self) -> list[tuple[str, int]]:
        return self.arrived

    def phases(self) -> dict[str, str]:
        return {self.paths.name(handoff): handoff.phase for handoff in self.paths.handoffs}

    def differing(self) -> list[str]:
        return [
            name
            for name, seat in self.seats.items()
            if (differs := getattr(seat.handler, "differs", None)) is not None and differs()
        ]

    # --- the end

    def is_over(self) -> bool:
        """All steps taken, all roles done, or none that will ever step again."""
        if self.tick >= self.scenario.steps:
            return True
        gone = self.faults.for_ever()
        return all(seat.halted or name in gone for name, seat in self.seats.items())

    def restore_events(self, news: Sequence[Mapping[str, Any]]) -> None:
        """Go on with the events that no trigger has seen yet."""
        self.events[:] = [Event(**{**row, "roles": tuple(row["roles"])}) for row in news]
        self.cursor = 0

    def finish(self) -> None:
        self.events += [Event(self.tick, "closed") for _ in self.post.links]

    def result(self, extra: Mapping[str, Any] | None = None) -> ScenarioResult:
        counts: dict[str, int] = {}
        for event in self.events:
            counts[event.kind] = counts.get(event.kind, 0) + 1
        stats = {
            "seed": self.scenario.seed,
            "concurrency": self.scenario.concurrency,
            "rounds": self.rounds,
            "final_tick": self.tick,
            "events": counts,
            "preloaded": self.preloaded,
            "handoffs": self.paths.report(),
            **(extra or {}),
        }
        violations = tuple(self.properties.violations)
        return ScenarioResult(
            self.trace, violations, tuple(self.post.transcript), stats, tuple(self.decisions)
        )


def _sum(values: Sequence[float]) -> float:
    """In the order of arrival, so that the bits are the same everywhere."""
    total = 0.0
    for value in values:
        total += value
    return total


def _distance(state: Sequence[float]) -> float:
    total = 0.0
    for value in state:
        total += (value - 1.0 / len(state)) ** 2
    return math.sqrt(total)


def _kinds(couplings: Sequence[Coupling]) -> dict[tuple[str, str], CouplingKind]:
    """By role and input, whether orders or values come in. Raises PEN551 where both do."""
    kinds: dict[tuple[str, str], CouplingKind] = {}
    for i, row in enumerate(couplings):
        if kinds.setdefault((row.target, row.input), row.kind) != row.kind:
            problem = (
                f"brings {row.kind}s to {row.target}.{row.input}, which another brings the other kind to"
            )
            raise error("PEN551", path=f"couplings[{i}]", problem=problem, advice="Use two inputs.")
    return kinds
