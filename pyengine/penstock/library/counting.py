"""How many arrangements and choices there are; exact as long as the count is below 2^53.

For anything but whole numbers that are not negative they are NaN.
"""

from __future__ import annotations

from ..ir import Node, Set, While, apply, binary, constant, equal, local, where
from ..ops import F64
from .building import INFINITY
from .registry import Body, function

_NAN = float("nan")


def _counts(n: Node, r: Node) -> Node:
    """Whether both are numbers that one can count to."""
    whole = equal(apply("f64.floor", n), n) & equal(apply("f64.floor", r), r)
    return whole & (n >= 0.0) & (r >= 0.0)


@function(n=F64, r=F64)
def permutations(n: Node, r: Node) -> Body:
    """n (n - 1) … of r factors; stops once it is zero or infinite, so that it is quick for any r."""
    product, turn = local("product", F64), local("turn", F64)
    goes_on = (turn < r) & (product > 0.0) & (product < INFINITY)
    body = (
        Set("product", constant(1.0)),
        Set("turn", constant(0.0)),
        While(goes_on, (Set("product", product * (n - turn)), Set("turn", turn + 1.0))),
    )
    return body, where(_counts(n, r), product, _NAN)


@function(n=F64, r=F64)
def combinations(n: Node, r: Node) -> Body:
    """(n - r + 1) / 1 · (n - r + 2) / 2 … of r or n - r factors; every product of the first ones is whole."""
    product, turn, least = local("product", F64), local("turn", F64), local("least", F64)
    body = (
        Set("least", binary("min", r, n - r)),
        Set("product", where(least < 0.0, 0.0, constant(1.0))),
        Set("turn", constant(0.0)),
        While(
            (turn < least) & (product > 0.0) & (product < INFINITY),
            (
                Set("turn", turn + 1.0),
                Set("product", product * (n - least + turn) / turn),
            ),
        ),
    )
    return body, where(_counts(n, r), product, _NAN)
