"""What the next step follows from, apart from what only a saved row shows.

The stages of a method, and steps that no row is saved of, evaluate no more than the first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from ..changing import replace
from ..ir import Do, Function, Node, Reserve, Statement, Store, nodes, statements
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
        self.touched = Touched(program.starts)
        self.stored = [self._stored(statement) for statement in self.body]
        self.loaded = [self.touched.loaded(statement) for statement in self.body]

    def needed(self) -> set[int]:
        """The places of statements that rates, followers, the clock, kernels and initial values follow from, and of
        those that must not be put off because what they read is overwritten."""
        program = self.program
        roots = self.touched.between(0, len(CLOCK))
        for block in (program.rates, program.followers):
            roots |= self.touched.between(block.start, block.end)
        calls = any(isinstance(statement, Do) for statement in program.initials.body)
        for function in (program.advance, program.settle, *((program.initials,) if calls else ())):
            roots |= self.touched.loaded(*function.body)
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

    def _stored(self, statement: Statement) -> _Slots | None:
        """The variables that a statement writes; None where it does more than that."""
        for inner in statements((statement,)):
            if isinstance(inner, Reserve) or (isinstance(inner, Store) and inner.region != ROW):
                return None
        return self.touched.stored(statement)

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


class Touched:
    """Which variables of the row statements touch; `starts` are their first slots."""

    def __init__(self, starts: Sequence[int]) -> None:
        self.starts = starts

    def stored(self, *body: Statement) -> _Slots:
        """The variables that statements write."""
        stores = (item for item in statements(body) if isinstance(item, Store) and item.region == ROW)
        return frozenset(self._variable(store.offset) for store in stores)

    def loaded(self, *body: Statement) -> _Slots:
        """The variables that statements read."""
        return self.among(nodes(Function("", (), body)))

    def among(self, read: Iterable[Node]) -> _Slots:
        """The variables that nodes read."""
        return frozenset(
            self._variable(node.imm[1])
            for node in read
            if node.op == "load" and isinstance(node.imm, tuple) and node.imm[0] == ROW
        )

    def between(self, first: int, end: int) -> _Slots:
        """The variables that the slots from one to another belong to."""
        return frozenset(map(self._variable, range(first, end)))

    def _variable(self, slot: int) -> int:
        return self.starts[bisect_right(self.starts, slot) - 1] if self.starts else 0
