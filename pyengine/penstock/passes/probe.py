"""Beside the pipeline: a program that computes every part of some expressions from the live row of another one.

Each part is lowered as in its equation, over the same row, so it has the bits that it has in a run. What is computed
follows the row, in slots of its own; both sides of a choice are computed, whichever is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod

from ..builtins.table import number
from ..changing import replace
from ..expr import Binary, Call, Expr, Reference, Unary, indices
from ..ir import For, Function, Node, Set, Statement, Store, constant, local
from ..model import Ident
from ..ops import I32
from ..program import POINTS, ROW, Program
from .allocate import Places
from .equations import Lowering, reduces
from .linked import linked
from .subscripts import Counter, Scope, reduced, scope_of
from .symbols import Part, Symbols

Cell = Mapping[Ident, Ident]
"""The element of each loop that an equation is looked at for, by the loop's key."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a part's values stand: one for each element of the loops that run around it."""

    slot: int
    loops: tuple[Counter, ...] = ()

    @property
    def count(self) -> int:
        return prod(len(loop.elements) for loop in self.loops)


class Probe(Lowering):
    """Takes expressions, and yields the program that computes their parts."""

    def __init__(self, program: Program, symbols: Symbols, places: Places) -> None:
        super().__init__(symbols, places)
        self.original = program
        self.n_slots = program.n_slots
        self._spots: dict[int, Spot] = {}
        self._locals = 0
        self._statements: list[Statement] = []

    def ask(self, part: Part, root: Expr, cell: Cell) -> Mapping[int, Spot]:
        """Add the parts of an expression that stands in an equation; where each will be, by the node's identity."""
        self._spots = {}
        scope = scope_of(part.axes, self.symbols)
        loops: list[Counter] = []
        for key, counter in scope.items():
            if key in cell and cell[key] in counter.elements:
                place = constant(counter.elements.index(cell[key]), I32)
                self._statements.append(Set(counter.name, place))
            else:
                loops.append(counter)
        self._statements += _around(loops, self._parts(root, scope, tuple(loops)))
        return self._spots

    def program(self) -> Program:
        """Its `evaluate` reads a row of the original, and writes behind it."""
        evaluate = Function("evaluate", (), tuple(self._statements))
        functions, tables = linked((evaluate,))
        return replace(
            self.original,
            n_slots=self.n_slots,
            invariants=Function("invariants"),
            initials=Function("initials"),
            evaluate=evaluate,
            advance=Function("advance"),
            settle=Function("settle"),
            functions=functions,
            tables={**tables, **self.effects.tables, POINTS: self.effects.points().values},
            varying=(),
            fixed=(),
        )

    def _parts(self, root: Expr, scope: Scope, loops: tuple[Counter, ...]) -> list[Statement]:
        made: list[Statement] = []
        done: dict[int, Node] = {}
        for expr in reversed(list(_below(root))):
            self._before = []
            node = self._one(expr, done, scope)
            made += self._before
            made += self._kept(expr, node, done, loops)
            for inner, counters in self._inside(expr, scope):
                around = {**scope, **counters}
                parts = self._parts(inner, around, (*loops, *counters.values()))
                made += _around(list(counters.values()), parts)
        return made

    def _kept(
        self, expr: Expr, node: Node, done: dict[int, Node], loops: tuple[Counter, ...]
    ) -> Iterator[Statement]:
        """A part's value in a local for the parts around it, and in its place behind the row."""
        self._locals += 1
        here = done[id(expr)] = local(f"part{self._locals}", node.type)
        spot = self._spots[id(expr)] = Spot(self.n_slots, loops)
        self.n_slots += spot.count
        yield Set(str(here.imm), node)
        yield Store(ROW, spot.slot, number(here), _index(loops))

    def _inside(self, expr: Expr, scope: Scope) -> Iterator[tuple[Expr, dict[Ident, Counter]]]:
        """Expressions inside a node that are not its operands: what it runs over, computed subscripts."""
        if isinstance(expr, Call) and reduces(expr):
            yield expr.arguments[0], reduced(expr.arguments[0], scope, self.symbols)
        if isinstance(expr, (Call, Reference)):
            yield from ((index, {}) for index in indices(expr.subscripts))
        if isinstance(expr, Reference) and expr.offset is not None:
            yield expr.offset, {}


def _below(root: Expr) -> Iterator[Expr]:
    """A node and its operands, parents first; arguments of reductions are left out."""
    stack = [root]
    while stack:
        expr = stack.pop()
        yield expr
        match expr:
            case Unary(operand=operand):
                stack.append(operand)
            case Binary(left=left, right=right):
                stack += [left, right]
            case Call(arguments=arguments) if not reduces(expr):
                stack += arguments


def _around(loops: Sequence[Counter], body: Sequence[Statement]) -> list[Statement]:
    for loop in reversed(loops):
        body = [For(loop.name, len(loop.elements), tuple(body))]
    return list(body)


def _index(loops: Sequence[Counter]) -> Node | None:
    """The row-major number of an element of some loops."""
    if not loops:
        return None
    places = [local(loop.name, I32) for loop in loops]
    return reduce(
        lambda so_far, item: so_far * len(item[0].elements) + item[1],
        list(zip(loops, places, strict=True))[1:],
        places[0],
    )
