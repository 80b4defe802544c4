"""Graphical functions: the segment of a point and the value there.

The points of all lookups of a program stand in the region ``points``: for each, n values of x, n of y and
n - 1 slopes from one point to the next (0 between points of equal x).
"""

from __future__ import annotations

import math

from ..ir import If, Node, Set, Statement, While, constant, load, local, where
from ..ops import F64, I32
from .registry import Body, function

POINTS = "points"


def slopes(x: tuple[float, ...], y: tuple[float, ...]) -> tuple[float, ...]:
    """What a program stores beside the points."""
    return tuple(
        0.0 if x[i] == x[i + 1] else (y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in range(len(x) - 1)
    )


def point(at: Node, index: Node) -> Node:
    return load(POINTS, 0, at + index)


def search(x: Node, at: Node, n: Node) -> tuple[tuple[Statement, ...], Node]:
    """By halving, the last i below n - 1 with x[i] ≤ x, or 0; for NaN the outcome is of no matter."""
    low, high, middle = (local(name, I32) for name in ("low", "high", "middle"))
    body: tuple[Statement, ...] = (
        Set("low", constant(0, I32)),
        Set("high", n - 1),
        While(
            low + 1 < high,
            (
                Set("middle", (low + high) >> 1),
                If(point(at, middle) <= x, (Set("low", middle),), (Set("high", middle),)),
            ),
        ),
    )
    return body, low


@function(x=F64, at=I32, n=I32)
def lookup(x: Node, at: Node, n: Node) -> Body:
    """Lines between the points; the end values beyond them."""
    body, i = search(x, at, n)
    last = n - 1
    line = point(at + n, i) + point(at + n + n, i) * (x - point(at, i))
    value = where(
        x <= point(at, constant(0, I32)),
        point(at, n),
        where(x >= point(at, last), point(at + n, last), where(x < math.inf, line, math.nan)),
    )
    return body, value


@function(x=F64, at=I32, n=I32)
def lookup_extrapolate(x: Node, at: Node, n: Node) -> Body:
    """Lines between the points; the end lines go on beyond them."""
    body, i = search(x, at, n)
    last = n - 1
    beyond = point(at + n, last) + point(at + n + n, last - 1) * (x - point(at, last))
    line = point(at + n, i) + point(at + n + n, i) * (x - point(at, i))
    return body, where(x >= point(at, last), beyond, line)


@function(x=F64, at=I32, n=I32)
def lookup_discrete(x: Node, at: Node, n: Node) -> Body:
    """Steps: the y of the last point that is not above x; the first y before it."""
    body, i = search(x, at, n)
    last = n - 1
    step = where(x >= point(at, last), point(at + n, last), point(at + n, i))
    return body, where(x < math.inf, step, where(x > 0.0, step, math.nan))


BY_KIND = {"continuous": lookup, "extrapolate": lookup_extrapolate, "discrete": lookup_discrete}
