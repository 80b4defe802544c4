"""Functions that run over the elements of an array: left folds in declared order.

Their argument names the dimensions to run over: Vensim's ``x[dim!]``, XMILE's and our own ``x[*]`` or a
bare array name. `lower` builds the fold's next value from the value so far and the element.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from math import prod

from ..expr import Binary, Call, Expr, Number
from ..ir import Node, binary
from .table import Builtin, Expansion


@dataclass(frozen=True, slots=True)
class Fold:
    """How a reduction starts, and goes on with each element."""

    start: float
    operation: str

    def next(self, so_far: Node, element: Node) -> Node:
        return binary(self.operation, so_far, element)


FOLDS = {
    "sum": Fold(0.0, "add"),
    "prod": Fold(1.0, "mul"),
    "vmin": Fold(float("inf"), "min"),
    "vmax": Fold(float("-inf"), "max"),
}

_Row = Callable[..., Expr]


def over_arrays(fold: str, name: str) -> _Row:
    """A function of several numbers that also takes arrays: each counts with all its elements."""

    def expand(expansion: Expansion, *values: Expr) -> Expr:
        if len(values) == 1:
            return Call(fold, values) if expansion.reductions(values[0]) else values[0]
        each = tuple(Call(fold, (value,)) if expansion.is_array(value) else value for value in values)
        return Call(name, each)

    return expand


def _folded(expansion: Expansion, fold: str, value: Expr, *, alone: bool) -> Expr:
    whole = expansion.reductions(value) if alone else expansion.is_array(value)
    return Call(fold, (value,)) if whole else value


def _total(expansion: Expansion, *values: Expr) -> Expr:
    each = [_folded(expansion, "sum", value, alone=len(values) == 1) for value in values]
    return reduce(lambda a, b: Binary("+", a, b), each)


def _product(expansion: Expansion, *values: Expr) -> Expr:
    each = [_folded(expansion, "prod", value, alone=len(values) == 1) for value in values]
    return reduce(lambda a, b: Binary("*", a, b), each)


def _count(expansion: Expansion, value: Expr, *, alone: bool = True) -> int:
    if not alone and not expansion.is_array(value):
        return 1
    return prod(map(expansion.length, expansion.reductions(value)))


def _mean(expansion: Expansion, *values: Expr) -> Expr:
    count = sum(_count(expansion, value, alone=len(values) == 1) for value in values)
    return Binary("/", _total(expansion, *values), Number(float(count)))


def _standard_deviation(expansion: Expansion, *values: Expr) -> Expr:
    loops = expansion.loops(_mean(expansion, *values))
    mean = expansion.array("mean", _mean(expansion, *values), loops)
    squares = []
    for value in values:
        gap = Binary("-", value, mean)
        squares.append(_folded(expansion, "sum", Binary("*", gap, gap), alone=len(values) == 1))
    count = sum(_count(expansion, value, alone=len(values) == 1) for value in values)
    variance = Binary("/", reduce(lambda a, b: Binary("+", a, b), squares), Number(float(count)))
    return Call("sqrt", (variance,))


def _size(expansion: Expansion, value: Expr) -> Expr:
    dimension = expansion.names_dimension(value)
    return Number(float(expansion.length(dimension) if dimension is not None else _count(expansion, value)))


ROWS = (
    Builtin(
        name="sum",
        params=("array*",),
        slopes={"array": "+"},
        units="a -> a",
        meaning="The sum of the elements, or of several numbers and arrays.",
        mdl=("SUM",),
        xmile=("SUM",),
        expand=_total,
        reduces=True,
        examples=(("sum(1, 2, 4)", 7.0),),
    ),
    Builtin(
        name="prod",
        params=("array*",),
        units="* -> *",
        meaning="The product of the elements, or of several numbers and arrays.",
        mdl=("PROD",),
        xmile=("PROD",),
        expand=_product,
        reduces=True,
        examples=(("prod(2, 3, 4)", 24.0),),
    ),
    Builtin(
        name="vmin",
        params=("array",),
        slopes={"array": "+"},
        units="a -> a",
        meaning="The smallest element; NaN where any is NaN.",
        mdl=("VMIN",),
        reduces=True,
    ),
    Builtin(
        name="vmax",
        params=("array",),
        slopes={"array": "+"},
        units="a -> a",
        meaning="The largest element; NaN where any is NaN.",
        mdl=("VMAX",),
        reduces=True,
    ),
    Builtin(
        name="mean",
        params=("array*",),
        slopes={"array": "+"},
        units="a -> a",
        meaning="The arithmetic mean of the elements, or of several numbers and arrays: each element counts once.",
        mdl=("MEAN",),
        xmile=("MEAN",),
        expand=_mean,
        arrays=True,
        examples=(("mean(1, 2, 6)", 3.0),),
    ),
    Builtin(
        name="stddev",
        params=("array*",),
        units="a -> a",
        meaning="The standard deviation of the elements as a whole population (divided by their number).",
        xmile=("STDDEV",),
        expand=_standard_deviation,
        arrays=True,
        examples=(("stddev(1, 3)", 1.0), ("stddev(2, 4, 4, 4, 5, 5, 7, 9)", 2.0)),
    ),
    Builtin(
        name="size",
        params=("array",),
        units="* -> 1",
        meaning="How many elements an array, its part that is written, or a dimension has.",
        mdl=("ELMCOUNT",),
        xmile=("SIZE", "ELMCOUNT"),
        expand=_size,
        arrays=True,
        examples=(("size(3)", 1.0),),
    ),
)
