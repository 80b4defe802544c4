"""Where an element stands among those of its symbol, in row-major order, as nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from ..expr import Expr
from ..ir import Node, apply, binary, constant, load, local, where
from ..ops import I32, I64
from .effects import Effects
from .subscripts import Index
from .symbols import Symbol, Symbols


@dataclass(frozen=True, slots=True)
class Element:
    """A fixed number and what loops add to it. `inside` is not zero where all subscripts lie in their dimensions;
    elsewhere the number is that of some element."""

    offset: int
    index: Node | None
    inside: Node | None = None

    @property
    def number(self) -> Node:
        return constant(self.offset, I32) if self.index is None else self.index + self.offset


@dataclass(frozen=True, slots=True)
class Elements:
    """Finds elements; positions that follow no rule become tables."""

    symbols: Symbols
    effects: Effects

    def find(self, symbol: Symbol, index: tuple[Index, ...], number: Callable[[Expr], Node]) -> Element:
        """The element that indices mean; `number` lowers a computed subscript."""
        offset, running, inside = 0, [], []
        stride = self.symbols.size(symbol)
        for dim, along in zip(symbol.dims, index, strict=True):
            size = len(self.symbols.dims[dim].elements)
            stride //= size
            if along.computed is None and not along.counter and along.positions[0] >= 0:
                offset += along.positions[0] * stride
                continue
            first, place, test = self._position(along, size, number)
            offset += first * stride
            running.append(place if stride == 1 else place * stride)
            if test is not None:
                inside.append(test)
        together = reduce(lambda a, b: a & b, inside) if inside else None
        return Element(offset, reduce(lambda a, b: a + b, running) if running else None, together)

    def _position(
        self, along: Index, size: int, number: Callable[[Expr], Node]
    ) -> tuple[int, Node, Node | None]:
        """A fixed part of the position, the rest of it, and where it may lie outside, whether it lies inside."""
        if along.computed is not None:
            return 0, *_checked(apply("i32.trunc_sat_f64_s", number(along.computed)) - 1, size)
        if not along.counter:
            return 0, constant(0, I32), constant(0, I32)
        counter = local(along.counter, I32)
        rule = _rule(along.positions, size)
        if rule is not None:
            first, step = rule
            place = counter if step == 1 else counter * step
            if min(along.positions) >= 0:  # an index must not be negative by itself
                return (first, place, None) if step >= 0 else (0, place + first, None)
            return 0, *_checked(place + first, size)
        name = self.effects.name(along.positions)
        self.effects.table(name, tuple(max(position, 0) for position in along.positions))
        place = apply("i32.wrap_i64", load(name, 0, counter, I64))
        if min(along.positions) >= 0:
            return 0, place, None
        flags = f"{name} inside"
        self.effects.table(flags, tuple(int(position >= 0) for position in along.positions))
        return 0, place, apply("i32.wrap_i64", load(flags, 0, counter, I64))


def _checked(place: Node, size: int) -> tuple[Node, Node]:
    inside = binary("lt_u", place, size)
    return where(inside, place, constant(0, I32)), inside


def _rule(positions: tuple[int, ...], size: int) -> tuple[int, int] | None:
    """First and step, where positions follow each other evenly; those outside (-1) too, beyond the ends."""
    known = [(place, position) for place, position in enumerate(positions) if position >= 0]
    if len(known) < 2:
        step = 1
    else:
        step = (known[1][1] - known[0][1]) // (known[1][0] - known[0][0])
    if not known:
        return None
    first = known[0][1] - step * known[0][0]
    for place, position in enumerate(positions):
        expected = first + step * place
        if position != (expected if 0 <= expected < size else -1):
            return None
    return first, step
