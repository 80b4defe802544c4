"""Initial values without a second copy of the equations: `evaluate` computes what follows from the same values.

The initial values of a large model need nearly all its equations, so `initials` is as long as `evaluate`, and an
engine makes code of both before the first step. Here it stores what it can, calls `evaluate`, stores what follows
from that, and so on. In between, some variables follow from states that have no value yet; such values are
computed again before anything reads them. Variables with an initial equation of their own are left alone by
`evaluate` while the slot `STARTING` holds 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..changing import replace
from ..ir import (
    Do,
    For,
    Function,
    If,
    Node,
    Set,
    Statement,
    Store,
    While,
    constant,
    differ,
    load,
    nodes,
    statements,
)
from ..program import CLOCK, DT, RING_TOP, ROW, START, STOP, Program
from ..rewrite.lazy import before, written
from .staged import Touched

STARTING = RING_TOP
"""A program that this is done to keeps no rings."""

_LEAST = 1000
"""Nodes that all calls together must stand for."""
_CALL = 100
"""Nodes that a call must stand for."""
_SHARE = 40
"""Of the steps of a run, a call for each so many: a call costs what a step costs."""


def started(program: Program) -> Program:
    """The same program; `initials` calls `evaluate` for what both compute in the same way."""
    initials, evaluate = program.initials, program.evaluate
    if program.clock_varies or not _plain((*initials.body, *evaluate.body)):
        return program
    rounds = _Rounds(program)
    body = rounds.body(_steps(program) * program.method.stages // _SHARE)
    guarded = None if body is None else rounds.guarded()
    if body is None or guarded is None:
        return program
    return replace(
        program,
        initials=replace(initials, body=tuple(body)),
        evaluate=replace(evaluate, body=tuple(guarded)),
    )


def _plain(body: Sequence[Statement]) -> bool:
    """Whether statements do no more than give variables values: nothing is left of that once it is done again."""
    return all(
        isinstance(item, (Set, For, If, While))
        or (isinstance(item, Store) and item.region == ROW and item.offset >= len(CLOCK))
        for item in statements(tuple(body))
    )


def _steps(program: Program) -> int:
    """How many steps a run takes as the model is written; none where that is not plain to see."""
    settings = {item.offset: item.value for item in program.invariants.body if isinstance(item, Store)}
    start, stop, dt = (_default(settings.get(slot), program) for slot in (START, STOP, DT))
    if start is None or stop is None or not dt:
        return 0
    return int(min(max((stop - start) / dt, 0.0), 1e9))


def _default(value: Node | None, program: Program) -> float | None:
    """The value of a setting that is not given, where that is a number or a constant of the model."""
    if value is not None and value.op == "if":
        value = value.args[2]
    if value is not None and value.op == "load" and not value.args and isinstance(value.imm, tuple):
        number = value.imm[1] - program.constants.start
        return program.defaults[number] if 0 <= number < len(program.defaults) else None
    return value.imm if value is not None and isinstance(value.imm, float) else None


@dataclass(eq=False, slots=True)
class _Group:
    """Statements that belong together because locals pass between them.

    `shared` if `evaluate` computes the same; `needs` are the numbers of groups before it that it reads from; `size`
    counts nodes.
    """

    body: list[Statement]
    shared: bool
    needs: set[int]
    size: int


class _Rounds:
    """The statements of initial values with calls among them."""

    def __init__(self, program: Program) -> None:
        self.apart = program.apart
        self.touched = touched = Touched(program.starts)
        self.evaluate = program.evaluate
        varying = touched.stored(*program.evaluate.body)
        self.groups: list[_Group] = []
        stores: dict[int, set[int]] = {}
        for number, body in enumerate(_parts(program.initials.body)):
            stored = touched.stored(*body)
            read = list(nodes(Function("", (), tuple(body))))
            needs = set[int]().union(*(stores.get(variable, ()) for variable in touched.among(read)))
            shared = stored <= varying and stored.isdisjoint(self.apart)
            self.groups.append(_Group(body, shared, needs, len(read)))
            for variable in stored:
                stores.setdefault(variable, set()).add(number)

    def body(self, most: int) -> list[Statement] | None:
        """The statements, with so many calls at most; None where calls stand for too little."""
        found = list(self.rounds())[:most]
        gains = [sum(size for _, _, size in found[:calls]) - calls * _CALL for calls in range(len(found) + 1)]
        calls = gains.index(max(gains))
        if not calls or max(gains) < _LEAST:
            return None
        made: list[Statement] = [Store(ROW, STARTING, constant(1.0))]
        done: set[int] = set()
        for stored, computed, _ in found[:calls]:
            made += (*self.statements(stored), Do("evaluate"))
            done.update(stored, computed)
        rest = self.statements(number for number in range(len(self.groups)) if number not in done)
        return [*made, *rest, Store(ROW, STARTING, constant(0.0))]

    def rounds(self) -> Iterator[tuple[list[int], list[int], int]]:
        """What can be stored, what `evaluate` can compute then, and how many nodes that is; until nothing is left."""
        left = list(range(len(self.groups)))
        done: set[int] = set()
        while True:
            found: tuple[list[int], list[int]] = ([], [])
            for shared in (False, True):
                for number in left:
                    if self.groups[number].shared is shared and self.groups[number].needs <= done:
                        found[shared].append(number)
                        done.add(number)
                left = [number for number in left if number not in done]
            if not found[True]:
                return
            yield *found, sum(self.groups[number].size for number in found[True])

    def statements(self, numbers: Iterable[int]) -> list[Statement]:
        return [item for number in numbers for item in self.groups[number].body]

    def guarded(self) -> list[Statement] | None:
        """The statements of `evaluate`; None where one stores what starts in a way of its own, and more."""
        runs = differ(load(ROW, STARTING), 1.0)
        made: list[Statement] = []
        for part in _parts(self.evaluate.body) if self.apart else [list(self.evaluate.body)]:
            stored = self.touched.stored(*part)
            if stored.isdisjoint(self.apart):
                made += part
            elif stored <= self.apart:
                made.append(If(runs, tuple(part)))
            else:
                return None
        return made


def _parts(body: Sequence[Statement]) -> list[list[Statement]]:
    """The statements in their order; those that locals pass between are in one part."""
    parts: list[list[Statement]] = []
    first: dict[str, int] = {}  # in which part a local was given its value
    for statement in body:
        begin = min((first[name] for name in before(statement, frozenset())), default=len(parts))
        joined = [item for part in parts[begin:] for item in part]
        parts[begin:] = [[*joined, statement]]
        first = {name: min(number, begin) for name, number in first.items()}
        first |= dict.fromkeys(written(statement), begin)
    return parts
