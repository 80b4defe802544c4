"""What must hold while a scenario runs: one row per kind of property. Each reports its first violation only.

A check sees the world after a round and has a memory of its own, plain data that a checkpoint keeps. It returns what
is wrong in words, or None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..errors import error
from .formulas import Formula
from .handoff import PHASES
from .spec import Property, Scenario


class World(Protocol):
    """What a property may look at."""

    @property
    def tick(self) -> float: ...

    def value(self, name: str) -> float:
        """Of ``role.variable``, or of one of `WORDS`."""

    def states(self) -> Mapping[str, Sequence[float]]:
        """Each role's stocks."""

    def recorded(self) -> Mapping[str, Sequence[float]]:
        """Each role's stocks and outputs."""

    def faults_so_far(self) -> int: ...
    def waiting(self) -> Mapping[str, int]:
        """By link, how many messages are due and not taken."""

    def oldest(self) -> Mapping[str, int]:
        """By link, when the oldest message was sent that has not arrived, lost ones included."""

    def arrivals(self) -> Sequence[tuple[str, int]]:
        """Link and number of each message that has arrived in this round, in order."""

    def phases(self) -> Mapping[str, str]:
        """By path and middle of each handoff, one of `handoff.PHASES`, or aborted."""

    def differing(self) -> Sequence[str]:
        """Roles whose state on the other engine has other bits."""


Memory = dict[str, Any]
Check = Callable[[Property, Memory, World, Mapping[str, Formula]], "str | None"]


def _no_faults(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    count = world.faults_so_far()
    return f"{count} faults have happened" if count else None


def _simplex(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    return off_simplex(world.states(), row.tolerance)


def off_simplex(states: Mapping[str, Sequence[float]], tolerance: float) -> str | None:
    """The first role whose stocks are not shares of 1."""
    for role, state in states.items():
        total = math.fsum(state) if all(map(math.isfinite, state)) else math.nan
        if state and not (abs(total - 1.0) <= tolerance and min(state) >= -tolerance):
            return f"the stocks of {role} add up to {total:.12g}, the least is {min(state):.6g}"
    return None


def _finite(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    for role, state in world.recorded().items():
        if not all(map(math.isfinite, state)):
            return f"{role} has a value that is not finite"
    return None


def _range(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    value = world.value(row.variable)
    if row.low <= value <= row.high:
        return None
    return f"{row.variable} is {value:.6g}, not from {row.low:g} to {row.high:g}"


def _nonneg(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    value = world.value(row.variable)
    return None if value >= 0.0 else f"{row.variable} is {value:.6g}"


def _monotone(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    value = world.value(row.variable)
    before = memory.get("before", value)
    memory["before"] = value
    fine = value >= before if row.direction == "up" else value <= before
    return None if fine else f"{row.variable} went from {before:.6g} to {value:.6g}"


def _conserved(row: Property, memory: Memory, world: World, formulas: Mapping[str, Formula]) -> str | None:
    value = formulas["formula"].of(world.value)
    first = memory.setdefault("first", value)
    if abs(value - first) <= row.tolerance * max(1.0, abs(first)):
        return None
    return f"{row.formula} was {first:.12g} and is {value:.12g}"


def _always(row: Property, memory: Memory, world: World, formulas: Mapping[str, Formula]) -> str | None:
    formula = formulas["formula"]
    if formula.of(world.value) != 0.0:
        return None
    return ", ".join(
        [f"not {row.formula}", *(f"{name} is {world.value(name):.6g}" for name in formula.names)]
    )


def _liveness(row: Property, memory: Memory, world: World, formulas: Mapping[str, Formula]) -> str | None:
    """A window opens when the precondition becomes true, and the goal closes it."""
    opened = memory.get("opened")
    late = opened is not None and world.tick - opened > row.bound
    if opened is None and formulas["formula"].of(world.value) != 0.0:
        opened = world.tick
    if opened is not None and formulas["goal"].of(world.value) != 0.0:
        memory["opened"] = None
    else:
        memory["opened"] = opened
    if not late:
        return None
    return f"{row.formula} at tick {opened}, and not {row.goal} within {row.bound} ticks"


def _fifo(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    for link, number in world.arrivals():
        if link != row.variable:
            continue
        last = memory.get("last", -1)
        if number < last:
            return f"message {number} of {link} arrived after message {last}"
        memory["last"] = number
    return None


def _buffer_bound(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    for link, count in world.waiting().items():
        if count > row.bound:
            return f"{count} messages wait on {link}"
    return None


def _send_recv(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    for link, sent in world.oldest().items():
        if world.tick - sent > row.bound:
            return f"a message of tick {sent} on {link} has not arrived"
    return None


def _phases(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    for name, phase in world.phases().items():
        before = memory.get(name, phase)
        memory[name] = phase
        if phase not in PHASES or PHASES.index(phase) < PHASES.index(before):
            return f"{name} went back from {before} to {phase}"
    return None


def _parity(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    differing = world.differing()
    return f"the engines differ on {', '.join(differing)}" if differing else None


def _amplification(row: Property, memory: Memory, world: World, _: Mapping[str, Formula]) -> str | None:
    """How far the second has gone from where it began, against how far the first has."""
    swings = []
    for key, name in (("first", row.variable), ("second", row.other)):
        value = world.value(name)
        begin, most = memory.get(key, (value, 0.0))
        memory[key] = (begin, max(most, abs(value - begin)))
        swings.append(memory[key][1])
    if swings[1] <= row.high * swings[0]:
        return None
    return f"{row.other} has swung by {swings[1]:.6g}, {row.variable} by {swings[0]:.6g}"


@dataclass(frozen=True, slots=True)
class Kind:
    """`keys` are those of the file; `meaning` is what the manual says; `alone` where one model can have it."""

    keys: tuple[str, ...]
    check: Check
    meaning: str
    alone: bool = True


KINDS: Mapping[str, Kind] = {
    "no_faults": Kind((), _no_faults, "No fault has happened.", alone=False),
    "simplex": Kind(
        ("tolerance",), _simplex, "Each role's stocks are shares: none below 0, together 1.", alone=False
    ),
    "finite": Kind((), _finite, "No stock or output is infinite or not a number."),
    "nonneg": Kind(("variable",), _nonneg, "The variable is not below 0."),
    "range": Kind(("variable", "low", "high"), _range, "The variable stays within its bounds."),
    "monotone": Kind(("variable", "direction"), _monotone, "The variable goes only up, or only down."),
    "conserved": Kind(("predicate", "tolerance"), _conserved, "The formula keeps its first value."),
    "always": Kind(("predicate",), _always, "The formula is true after every round."),
    "fifo": Kind(
        ("link",),
        _fifo,
        "Messages of the link (`from->to`) or coupling (`role.variable`) arrive in the order they were sent in.",
        alone=False,
    ),
    "buffer_bound": Kind(
        ("bound",), _buffer_bound, "No more messages than `bound` wait on a link.", alone=False
    ),
    "send_recv_liveness": Kind(
        ("bound",), _send_recv, "What is sent arrives within `bound` ticks.", alone=False
    ),
    "type_monotonicity": Kind(
        (), _phases, "A handoff never goes back a phase, nor is given up.", alone=False
    ),
    "engine_parity": Kind((), _parity, "Both engines give every stock the same bits.", alone=False),
    "amplification": Kind(
        ("variable", "other", "most"),
        _amplification,
        "`other` swings at most `most` times as far as `variable`.",
    ),
    "liveness": Kind(
        ("precondition", "goal", "bound"),
        _liveness,
        "If the precondition, then the goal within `bound` ticks.",
    ),
}

WORDS = ("tick", "no_faults", "simplex", "distance_to_equilibrium")
"""What formulas may name beside variables of roles. The distance is the largest one of a role's stocks, as a point,
to where they are all the same share of 1."""

ON_THE_WAY = " on the way"
"""Behind ``role.variable`` of a coupling: the sum of what was sent and has not arrived."""


@dataclass(frozen=True, slots=True)
class Violation:
    """`tick` is model time where it is about one model."""

    name: str
    tick: float
    details: str

    def __str__(self) -> str:
        return f"{self.name} @ {self.tick:g}: {self.details}"


@dataclass(slots=True)
class Properties:
    """The properties of one run: their formulas, and all that they remember."""

    rows: Sequence[Property]
    memories: list[Memory] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    _formulas: list[dict[str, Formula]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.memories = [{} for _ in self.rows]
        self._formulas = [
            {
                key: Formula(getattr(row, key), f"the property {row.name}")
                for key in ("formula", "goal")
                if getattr(row, key)
            }
            for row in self.rows
        ]

    def names(self) -> list[tuple[str, str]]:
        """Every variable that a property names, and the property."""
        return [
            (name, row.name)
            for row, formulas in zip(self.rows, self._formulas, strict=True)
            for name in [
                *(formula_name for formula in formulas.values() for formula_name in formula.names),
                *([row.variable] if row.variable and row.kind != "fifo" else []),
                *([row.other] if row.other else []),
            ]
        ]

    def check(self, world: World) -> None:
        found = {violation.name for violation in self.violations}
        for row, memory, formulas in zip(self.rows, self.memories, self._formulas, strict=True):
            if row.name in found:
                continue
            details = KINDS[row.kind].check(row, memory, world, formulas)
            if details is not None:
                self.violations.append(Violation(row.name, world.tick, details))


def check_links(scenario: Scenario, links: Sequence[str]) -> None:
    """That properties of links name some. Raises PEN551."""
    for row in scenario.properties:
        if row.kind == "fifo" and row.variable not in links:
            advice = f"The links are {', '.join(links)}." if links else "The scenario has no couplings."
            problem = f"names no link: {row.variable}"
            raise error("PEN551", path=f"the property {row.name}", problem=problem, advice=advice)
