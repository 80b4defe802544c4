"""What the next step follows from, apart from what only a saved row shows.

The stages of a method, and steps that no row is saved of, evaluate no more than the first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from ..ir import Function, Node, Reserve, Statement, Store, nodes, postorder, statements, uses
from ..program import CLOCK, ROW, Program
from ..rewrite.lazy import before, prepares, written

_Slots = frozenset[int]
"""Variables by their first slot."""


def staged(program: Program) -> Program:
    """The same program; `evaluate` yields what steps need, `complete` the rest of the row."""
    parts = _Parts(program)
    needed = parts.needed()
    rest = parts.rest(needed)
    if not rest:
        return program
    body = program.evaluate.body
    return replace(
        program,
        evaluate=replace(program.evaluate, body=tuple(body[place] for place in sorted(needed))),
        complete=Function("complete", (), tuple(body[place] for place in rest)),
    )


class _Parts:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.body = program.evaluate.body
        self.stored = [self._stored(statement) for statement in self.body]
        self.loaded = [self._loaded(_roots(statement)) for statement in self.body]

    def needed(self) -> set[int]:
        """The places of statements that rates, followers, the clock and kernels follow from, and of those that
        must not be put off because what they read is overwritten."""
        program = self.program
        roots = self._between(0, len(CLOCK))
        for block in (program.rates, program.followers):
            roots |= self._between(block.start, block.end)
        for function in (program.advance, program.settle):
            roots |= self._loaded(node for node in nodes(function))
        found: set[int] = set()
        locals_, overwritten = frozenset[str](), frozenset[int]()
        for place in range(len(self.body) - 1, -1, -1):
            statement = self.body[place]
            stored = self.stored[place]
            if (
                stored is None
                or not stored.isdisjoint(roots)
                or not written(statement).isdisjoint(locals_)
                or not self.loaded[place].isdisjoint(overwritten)
            ):
                found.add(place)
                roots |= self.loaded[place]
                locals_ = before(statement, locals_)
                overwritten |= stored or frozenset()
        return found

    def rest(self, needed: set[int]) -> list[int]:
        """The other places, with what gives locals their values there once more."""
        found: list[int] = []
        locals_, overwritten = frozenset[str](), frozenset[int]()
        for place in range(len(self.body) - 1, -1, -1):
            statement = self.body[place]
            if place in needed:
                overwritten |= self.stored[place] or frozenset()
                if written(statement).isdisjoint(locals_):
                    continue
                if not prepares(statement) or not self.loaded[place].isdisjoint(overwritten):
                    return []
            found.append(place)
            locals_ = before(statement, locals_)
        return found[::-1]

    def _variable(self, slot: int) -> int:
        starts = self.program.starts
        return starts[bisect_right(starts, slot) - 1] if starts else 0

    def _between(self, first: int, end: int) -> _Slots:
        return frozenset(map(self._variable, range(first, end)))

    def _stored(self, statement: Statement) -> _Slots | None:
        """The variables that a statement writes; None where it does more than that."""
        found = set()
        for inner in statements((statement,)):
            if isinstance(inner, Store) and inner.region == ROW:
                found.add(self._variable(inner.offset))
            elif isinstance(inner, (Store, Reserve)):
                return None
        return frozenset(found)

    def _loaded(self, roots: Iterable[Node]) -> _Slots:
        seen: set[int] = set()
        return frozenset(
            self._variable(node.imm[1])
            for root in roots
            for node in postorder(root, seen)
            if node.op == "load" and isinstance(node.imm, tuple) and node.imm[0] == ROW
        )


def _roots(statement: Statement) -> Iterable[Node]:
    return (root for inner in statements((statement,)) for root in uses(inner))
