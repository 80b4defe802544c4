"""What the passes know of a model: symbols by identifier, their parts, and dimensions.

A *part* is one equation with the elements it is for. Hidden symbols stand for the states that built-ins
expand to; their names start with ``#``, which no format allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from ..changing import replace
from ..expr import Expr
from ..methods import Method
from ..model import Ident, Points
from ..place import NOWHERE, Span

if TYPE_CHECKING:
    from .dimensions import Dimensions
    from .kernels import Kernel


class Role(Enum):
    """How a symbol gets its value during a run."""

    CLOCK = "clock"  # time and the simulation settings
    CONSTANT = "constant"  # a number that can be set
    INVARIANT = "invariant"  # follows from constants alone
    STOCK = "stock"  # integrated
    MEMORY = "memory"  # takes a new value once a step
    HELD = "held"  # keeps its initial value
    KEPT = "kept"  # a kernel's state
    VARYING = "varying"  # evaluated at every stage
    LOOKUP = "lookup"  # points; has no value of its own


@dataclass(frozen=True)
class Dim:
    """A dimension or subrange: element identifiers in order, and names as written."""

    ident: Ident
    name: str
    elements: tuple[Ident, ...]
    names: tuple[str, ...]
    span: Span = field(default=NOWHERE, compare=False)

    @cached_property
    def places(self) -> Mapping[Ident, int]:
        """The position of each element."""
        return {element: place for place, element in reversed(list(enumerate(self.elements)))}


@dataclass(frozen=True, slots=True)
class Axis:
    """One subscript on the left of an equation: the elements it covers, and their positions in the variable's
    dimension.

    `dim` is the dimension or subrange that was written, None for a single element. Exceptions may leave only
    some of its elements.
    """

    dim: Ident | None
    positions: tuple[int, ...]
    elements: tuple[Ident, ...]

    def only(self, chosen: Iterable[int]) -> Axis:
        """The same axis with some of its elements, by their place in it."""
        chosen = list(chosen)
        positions = tuple(self.positions[place] for place in chosen)
        return Axis(self.dim, positions, tuple(self.elements[place] for place in chosen))


@dataclass(frozen=True, slots=True)
class Part:
    """One equation. `expr` is the value, a stock's or memory's initial value; `rate` a stock's net flow;
    `following` what a memory takes next; `initial` replaces `expr` while initial values are computed. A
    `kernel` computes all elements of the symbol at once, in place of `expr`."""

    expr: Expr
    axes: tuple[Axis, ...] = ()
    rate: Expr | None = None
    following: Expr | None = None
    initial: Expr | None = None
    points: Points | None = None
    kernel: Kernel | None = None
    span: Span = NOWHERE


def cells(part: Part) -> list[Part]:
    """One part for each element; an axis keeps its dimension, with one element."""
    parts = [part]
    for level, axis in enumerate(part.axes):
        parts = [
            replace(here, axes=(*here.axes[:level], axis.only([place]), *here.axes[level + 1 :]))
            for here in parts
            for place in range(len(axis.positions))
        ]
    return parts


@dataclass(frozen=True, slots=True)
class Symbol:
    """`kind` is the word for people: time, stock, flow, auxiliary, constant, lookup."""

    ident: Ident
    name: str
    kind: str
    role: Role
    parts: tuple[Part, ...]
    dims: tuple[Ident, ...] = ()
    units: str = ""
    hidden: bool = False
    non_negative: bool = False
    inflows: tuple[Ident, ...] = ()
    outflows: tuple[Ident, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Symbols:
    """All symbols in the order of the file, hidden ones where they were made."""

    name: str
    method: Method
    by_ident: Mapping[Ident, Symbol]
    dimensions: Dimensions

    @property
    def dims(self) -> Mapping[Ident, Dim]:
        return self.dimensions.dims

    def size(self, symbol: Symbol) -> int:
        """How many elements a symbol has; 1 for a scalar."""
        return prod(len(self.dims[dim].elements) for dim in symbol.dims) if symbol.dims else 1
