"""What the passes know of a model: symbols by identifier, their parts, and dimensions.

A *part* is one equation with the elements it is for. Hidden symbols stand for the states that built-ins
expand to; their names start with ``#``, which no format allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import prod

from ..expr import Expr
from ..methods import Method
from ..model import Ident, Points
from ..place import NOWHERE, Span


class Role(Enum):
    """How a symbol gets its value during a run."""

    CLOCK = "clock"  # time and the simulation settings
    CONSTANT = "constant"  # a number that can be set
    INVARIANT = "invariant"  # follows from constants alone
    STOCK = "stock"  # integrated
    MEMORY = "memory"  # takes a new value once a step
    HELD = "held"  # keeps its initial value
    VARYING = "varying"  # evaluated at every stage
    LOOKUP = "lookup"  # points; has no value of its own


@dataclass(frozen=True, slots=True)
class Dim:
    """A dimension or subrange: element identifiers in order, and names as written."""

    ident: Ident
    name: str
    elements: tuple[Ident, ...]
    names: tuple[str, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Axis:
    """One subscript on the left of an equation: the positions it covers in the variable's dimension.

    `dim` is the dimension or subrange that the equation runs over, None for a single element.
    """

    dim: Ident | None
    positions: tuple[int, ...]

    @property
    def start(self) -> int | None:
        """The first position where all follow each other, else None."""
        first = self.positions[0]
        return first if self.positions == tuple(range(first, first + len(self.positions))) else None


@dataclass(frozen=True, slots=True)
class Part:
    """One equation. `expr` is the value, a stock's or memory's initial value; `rate` a stock's net flow;
    `following` what a memory takes next; `initial` replaces `expr` while initial values are computed."""

    expr: Expr
    axes: tuple[Axis, ...] = ()
    rate: Expr | None = None
    following: Expr | None = None
    initial: Expr | None = None
    points: Points | None = None
    span: Span = NOWHERE


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
    dims: Mapping[Ident, Dim]
    elements: Mapping[Ident, tuple[Ident, int]] = field(
        default_factory=dict
    )  # element → a dimension, position

    def size(self, symbol: Symbol) -> int:
        """How many elements a symbol has; 1 for a scalar."""
        return prod(len(self.dims[dim].elements) for dim in symbol.dims)

    def element_names(self, symbol: Symbol) -> list[str]:
        """``name`` or ``name[a,b]`` for every element, row-major."""
        names = [""]
        for dim in symbol.dims:
            names = [
                f"{name},{element}" if name else element for name in names for element in self.dims[dim].names
            ]
        return [f"{symbol.name}[{name}]" for name in names] if symbol.dims else [symbol.name]
