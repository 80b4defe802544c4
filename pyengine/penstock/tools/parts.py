"""The parts of an equation as it was written, each with the node of the compiled model that has its value.

Compiling replaces calls by hidden states and macros by hidden variables. What stands there keeps the place of what
it stands for, so the written parts are found again by place: hidden variables are looked into for the arguments of a
call, and what only the compiler wrote is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ..expr import Binary, Call, Expr, Number, Reference, Unary, children
from ..model import Ident, canonical
from ..passes.probe import Cell
from ..passes.resolve import target
from ..passes.symbols import Part, Role, Symbol, Symbols
from ..place import Span

Phase = Literal["step", "start"]
"""When an expression is evaluated: at every step, or once while initial values are computed."""

STATES = (Role.STOCK, Role.MEMORY, Role.HELD, Role.KEPT)

Sides = tuple[tuple[Expr, bool], ...]
"""The choices that a part stands in: each a condition, and what it must be."""


@dataclass(frozen=True, slots=True)
class Root:
    """An expression of a symbol's part that is evaluated as a whole."""

    symbol: Symbol
    part: Part
    name: str  # value, net flow, next value, initial value
    expr: Expr
    phase: Phase

    @property
    def is_implied(self) -> bool:
        """Whether a format only names the flows of a stock, and does not write what they add up to."""
        return self.expr is self.part.rate and self.expr.span == self.part.span


@dataclass(slots=True)
class Piece:
    """A written part; `parent` is the place of the part around it, -1 for the outermost."""

    expr: Expr
    parent: int
    phase: Phase
    sides: Sides
    span: Span | None
    states: list[Symbol] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """One equation taken apart: its pieces, parents first, all that must be evaluated for them, and variables of
    macros that it calls."""

    roots: list[Root]
    pieces: list[Piece]
    inner: list[Symbol]


def roots_of(symbol: Symbol, part: Part) -> Iterator[Root]:
    """The expressions of a part, the one that people ask for first."""
    at_start = symbol.role in STATES
    if part.rate is not None:
        yield Root(symbol, part, "net flow", part.rate, "step")
    if part.following is not None:
        yield Root(symbol, part, "next value", part.following, "step")
    if part.kernel is None:
        name = "initial value" if at_start else "value"
        yield Root(symbol, part, name, part.expr, "start" if at_start else "step")
    if part.initial is not None:
        yield Root(symbol, part, "initial value", part.initial, "start")


def taken_apart(root: Root, cell: Cell, symbols: Symbols) -> Written:
    return _Walk(root, cell, symbols).written


_Waiting = tuple[Expr, int, Phase, Sides]


class _Walk:
    def __init__(self, root: Root, cell: Cell, symbols: Symbols) -> None:
        self.symbols = symbols
        self.cell = cell
        self.by_place = not root.is_implied
        self.written = Written([root], [], [])
        self.seen: set[Span] = set()
        self.visited: set[Ident] = {root.symbol.ident}
        self.waiting: list[_Waiting] = [(root.expr, -1, root.phase, ())]
        while self.waiting:
            expr, parent, phase, sides = self.waiting.pop()
            here = self._piece(expr, parent, phase, sides)
            self.waiting += reversed(
                [
                    *_inside(expr, here, phase, sides),
                    *(self._hidden(expr, here, phase) if isinstance(expr, Reference) else ()),
                ]
            )

    def _piece(self, expr: Expr, parent: int, phase: Phase, sides: Sides) -> int:
        """The number of a node's piece; its parent's where nothing of its own was written for it."""
        pieces = self.written.pieces
        if self.by_place:
            if not expr.span.source.text or expr.span in self.seen:
                return parent
            around = pieces[parent].span if parent >= 0 else None
            if around is not None and not _within(expr.span, around):
                return parent
            self.seen.add(expr.span)
        pieces.append(Piece(expr, parent, phase, sides, expr.span if self.by_place else None))
        return len(pieces) - 1

    def _hidden(self, expr: Reference, here: int, phase: Phase) -> Iterator[_Waiting]:
        """What a hidden variable is made from, whichever side of a choice it stands in: it is always computed."""
        symbol = target(expr, self.symbols)
        if symbol is None or not symbol.hidden or symbol.ident in self.visited or symbol.role is Role.CLOCK:
            return
        self.visited.add(symbol.ident)
        piece = self.written.pieces[here] if here >= 0 else None
        if symbol.role in STATES and piece is not None:
            piece.states.append(symbol)
        for part in symbol.parts:
            if part.kernel is not None:
                yield from ((reference, here, phase, ()) for reference in part.kernel.inputs.values())
                continue
            for root in roots_of(symbol, part):
                span = root.expr.span
                around = piece.span if piece is not None else None
                elsewhere = span.source.text and around is not None and not _within(span, around)
                if elsewhere and symbol not in self.written.inner:
                    self.written.inner.append(symbol)  # a macro's text; the call's arguments are behind it
                inner: Phase = "start" if phase == "start" else root.phase
                self.written.roots.append(Root(symbol, part, root.name, root.expr, inner))
                yield root.expr, here, inner, ()


def _inside(expr: Expr, here: int, phase: Phase, sides: Sides) -> list[_Waiting]:
    if isinstance(expr, Call) and expr.function == "if_then_else" and len(expr.arguments) == 3:
        condition, then, otherwise = expr.arguments
        return [
            (condition, here, phase, sides),
            (then, here, phase, (*sides, (condition, True))),
            (otherwise, here, phase, (*sides, (condition, False))),
        ]
    return [(child, here, phase, sides) for child in children(expr)]


def _within(span: Span, around: Span) -> bool:
    return span.source is around.source and around.start <= span.start and span.end <= around.end


def kind_of(expr: Expr, symbols: Symbols) -> tuple[str, str]:
    """What a piece is, and its name: a number, an operator, a call or a reference."""
    match expr:
        case Number():
            return "number", ""
        case Unary(operator=operator) | Binary(operator=operator):
            return "operator", operator
        case Call(function=function):
            return "call", function
        case Reference(name=name):
            symbol = symbols.by_ident.get(canonical(name))
            return ("call", "") if symbol is not None and symbol.hidden else ("reference", name)
    return "list", ""
