"""The points of lookups in their region, and lookups as nodes; each set of points stands there once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from ..changing import replace
from ..ir import Node, apply, differ, load, where
from ..library.data import BY_KIND
from ..model import Points
from ..ops import I64
from .allocate import cell_numbers
from .effects import Effects
from .elements import Element
from .symbols import Part, Symbol, Symbols

_SETTABLE = ("continuous", "extrapolate", "discrete")
_NONE = Points((0.0, 1.0), (math.nan, math.nan))


@dataclass(frozen=True, slots=True)
class Graphical:
    """Lowers lookups; their points, and what arrays of them need, are entered in `effects`."""

    symbols: Symbols
    effects: Effects

    def one(self, points: Points, *x: Node) -> Node:
        if len(points.x) == 1 and points.kind in ("continuous", "extrapolate", "discrete"):
            return where(differ(x[0], x[0]), x[0], points.y[0])
        return BY_KIND[points.kind](*x, self.effects.place(points), len(points.x))

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
        if not self.effects.has(names[0]):
            found = [_NONE] * self.symbols.size(symbol)
            for part in symbol.parts:
                points = part.points
                assert points is not None
                if len(points.x) == 1 and points.kind == "extrapolate":
                    points = replace(points, x=(points.x[0], points.x[0] + 1.0), y=points.y * 2)
                for cell in cell_numbers(symbol, part, self.symbols):
                    found[cell] = points
            self.effects.table(names[0], tuple(map(self.effects.place, found)))
            self.effects.table(names[1], tuple(len(points.x) for points in found))
        return names

    def settable(self, symbol: Symbol) -> Iterator[tuple[str, int, int]]:
        """The lookups of a variable whose points are used: name, where they begin, and how many they are."""
        for part in symbol.parts:
            points = part.points
            at = None if points is None else self.effects.at(points)
            if points is None or at is None or points.kind not in _SETTABLE:
                continue
            whole = len(symbol.parts) == 1 and self.shared(symbol) is points
            for label in [symbol.name] if whole else self._labels(symbol, part):
                yield label, at, len(points.x)

    def _labels(self, symbol: Symbol, part: Part) -> Iterator[str]:
        dims = [self.symbols.dims[dim].names for dim in symbol.dims]
        for chosen in product(*(axis.positions for axis in part.axes)):
            yield f"{symbol.name}[{','.join(names[at] for names, at in zip(dims, chosen, strict=True))}]"
