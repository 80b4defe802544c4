"""Functions that run over the elements of an array: left folds in declared order.

Their argument names the dimensions to run over: Vensim's ``x[dim!]``, XMILE's and our own ``x[*]`` or a
bare array name. `lower` builds the fold's next value from the value so far and the element.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..ir import Node, binary, constant
from .table import Builtin


@dataclass(frozen=True, slots=True)
class Fold:
    """How a reduction starts, goes on with each element, and ends once the count of elements is known."""

    start: float
    operation: str
    mean: bool = False

    def next(self, so_far: Node, element: Node) -> Node:
        return binary(self.operation, so_far, element)

    def end(self, total: Node, count: int) -> Node:
        return total / constant(float(count)) if self.mean else total


FOLDS = {
    "sum": Fold(0.0, "add"),
    "prod": Fold(1.0, "mul"),
    "vmin": Fold(float("inf"), "min"),
    "vmax": Fold(float("-inf"), "max"),
    "mean": Fold(0.0, "add", mean=True),
}

ROWS = (
    Builtin(
        name="sum",
        params=("array",),
        meaning="The sum of the elements.",
        mdl=("SUM",),
        xmile=("SUM",),
        reduces=True,
    ),
    Builtin(
        name="prod",
        params=("array",),
        meaning="The product of the elements.",
        mdl=("PROD",),
        xmile=("PROD",),
        reduces=True,
    ),
    Builtin(name="vmin", params=("array",), meaning="The smallest element.", mdl=("VMIN",), reduces=True),
    Builtin(name="vmax", params=("array",), meaning="The largest element.", mdl=("VMAX",), reduces=True),
    Builtin(
        name="mean",
        params=("array",),
        meaning="The arithmetic mean of the elements.",
        xmile=("MEAN",),
        reduces=True,
    ),
)
