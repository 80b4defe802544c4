"""The points of lookups in their region, and lookups as nodes; each set of points stands there once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod

from ..ir import Node, apply, differ, load, where
from ..library.data import BY_KIND
from ..library.lookups import records
from ..model import Points
from ..ops import I64
from .allocate import cell_numbers
from .elements import Element
from .symbols import Symbol, Symbols

_NONE = Points((0.0, 1.0), (math.nan, math.nan))


@dataclass(frozen=True, slots=True)
class Graphical:
    """`points` grows with the points that are used, `tables` with what arrays of lookups need."""

    symbols: Symbols
    tables: dict[str, tuple[float | int, ...]]
    points: list[float | int] = field(default_factory=list)
    _placed: dict[tuple[int, int], int] = field(default_factory=dict)
    _kept: list[Points] = field(default_factory=list)  # so that identities stay taken

    def one(self, points: Points, *x: Node) -> Node:
        if len(points.x) == 1 and points.kind in ("continuous", "extrapolate", "discrete"):
            return where(differ(x[0], x[0]), x[0], points.y[0])
        return BY_KIND[points.kind](*x, self._place(points), len(points.x))

    def shared(self, symbol: Symbol) -> Points | None:
        """The points that all elements of a lookup have; None where each may have its own."""
        first = symbol.parts[0]
        whole = prod(len(axis.positions) for axis in first.axes) == self.symbols.size(symbol)
        return first.points if len(symbol.parts) == 1 and whole else None

    def of(self, symbol: Symbol, place: Element, x: Sequence[Node]) -> Node:
        """An element of an array of lookups, applied to its arguments; NaN for one without points."""
        points = symbol.parts[0].points
        assert points is not None
        at, count = (
            apply("i32.wrap_i64", load(region, place.offset, place.index, I64))
            for region in self._regions(symbol)
        )
        value = BY_KIND[points.kind](*x, at, count)
        return value if place.inside is None else where(place.inside, value, 0.0)

    def _regions(self, symbol: Symbol) -> tuple[str, str]:
        """Tables of where each element's points stand, and of how many they are."""
        names = f"points of {symbol.ident}", f"sizes of {symbol.ident}"
        if names[0] not in self.tables:
            found = [_NONE] * self.symbols.size(symbol)
            for part in symbol.parts:
                points = part.points
                assert points is not None
                if len(points.x) == 1 and points.kind == "extrapolate":
                    points = replace(points, x=(points.x[0], points.x[0] + 1.0), y=points.y * 2)
                for cell in cell_numbers(symbol, part, self.symbols):
                    found[cell] = points
            self.tables[names[0]] = tuple(map(self._place, found))
            self.tables[names[1]] = tuple(len(points.x) for points in found)
        return names

    def _place(self, points: Points) -> int:
        """Where points stand; the same ones taken in two ways stand there once."""
        key = id(points.x), id(points.y)
        at = self._placed.get(key)
        if at is None:
            self._kept.append(points)
            at = self._placed[key] = len(self.points)
            self.points.extend(records(points.x, points.y, at))
        return at
