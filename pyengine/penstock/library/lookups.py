"""Graphical functions: the segment of a point and the value there.

The points of all lookups of a program stand in the region ``points``: for each, n values of x, n of y and
n - 1 slopes from one point to the next (0 between points of equal x).
"""

from __future__ import annotations

import math

from ..ir import If, Node, Set, Statement, While, binary, constant, equal, load, local, negate, where
from ..ops import F64, I32
from .registry import Body, function

POINTS = "points"
NA = -(2.0**109)
"""Vensim's :NA:, a number like any other."""


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


@function(x=F64, at=I32, n=I32)
def lookup_next(x: Node, at: Node, n: Node) -> Body:
    """Steps: the y of the first point that is not below x; the last y beyond it."""
    body, i = search(x, at, n)
    last, first = n - 1, constant(0, I32)
    step = where(equal(point(at, i), x), point(at + n, i), point(at + n, i + 1))
    after = where(x >= point(at, last), point(at + n, last), step)
    return body, where(equal(x, x), where(x <= point(at, first), point(at + n, first), after), x)


@function(x=F64, at=I32, n=I32)
def lookup_area(x: Node, at: Node, n: Node) -> Body:
    """The area from the first point up to x, negative before it; the end values go on beyond the points."""
    i, area, width = local("i", I32), local("area"), local("width")
    first, last = constant(0, I32), n - 1
    height = point(at + n, i) + 0.5 * point(at + n + n, i) * width
    body: tuple[Statement, ...] = (
        Set("i", first),
        Set("area", constant(0.0)),
        While(
            where(i < last, point(at, i) < x, first),
            (
                Set("width", binary("min", x, point(at, i + 1)) - point(at, i)),
                Set("area", area + width * height),
                Set("i", i + 1),
            ),
        ),
    )
    beyond = where(x > point(at, last), point(at + n, last) * (x - point(at, last)), 0.0)
    before = point(at + n, first) * (x - point(at, first))
    return body, where(x < point(at, first), before, where(equal(x, x), area + beyond, x))


@function(y=F64, at=I32, n=I32)
def lookup_inverse(y: Node, at: Node, n: Node) -> Body:
    """The smallest x at which the lines have the value y; Vensim's :NA: where there is none."""
    i, found, x = local("i", I32), local("found", I32), local("x")
    y0, y1, x0, x1 = point(at + n, i), point(at + n, i + 1), point(at, i), point(at, i + 1)
    within = (binary("min", y0, y1) <= y) & (y <= binary("max", y0, y1))
    between = x0 + (y - y0) * ((x1 - x0) / (y1 - y0))
    body: tuple[Statement, ...] = (
        Set("i", constant(0, I32)),
        Set("found", constant(0, I32)),
        Set("x", constant(NA)),
        While(
            (i < n - 1) & equal(found, 0),
            (
                Set("found", within),
                If(found, (Set("x", where(equal(y0, y), x0, where(equal(y1, y), x1, between))),)),
                Set("i", i + 1),
            ),
        ),
    )
    return body, where(equal(y, y), x, y)


@function(x=F64, mode=F64, at=I32, n=I32)
def lookup_slope(x: Node, mode: Node, at: Node, n: Node) -> Body:
    """The slope of the line at x, at a point the mean of both sides, :NA: where there are points of equal x.

    Beyond the points it is 0 for mode 0, the end line's for mode 1, :NA: for mode -1. At an end of the points the
    missing side has the slope 0 for mode 0, else that of the other side.
    """
    body, i = search(x, at, n)
    first, last, j, k = constant(0, I32), n - 1, local("j", I32), local("k", I32)
    left, right = point(at + n + n, k), point(at + n + n, i)
    body = (
        *body,
        Set("j", where(x >= point(at, last), last, i)),
        Set("k", where(first < j, j - 1, first)),
    )
    missing = where(equal(mode, 0.0), 0.0, where(first < j, left, right))
    sides = where(first < j, left, missing) + where(j < last, right, missing)
    doubled = where(first < j, equal(point(at, k), x), first)
    inside = where(equal(point(at, j), x), where(doubled, NA, 0.5 * sides), right)
    end = where(x < point(at, first), point(at + n + n, first), point(at + n + n, last - 1))
    outside = where(equal(mode, -1.0), NA, where(equal(mode, 0.0), 0.0, end))
    beyond = negate(x >= point(at, first)) | (x > point(at, last))
    return body, where(equal(x, x), where(beyond, outside, inside), x)


BY_KIND = {
    "continuous": lookup,
    "extrapolate": lookup_extrapolate,
    "discrete": lookup_discrete,
    "next": lookup_next,
    "area": lookup_area,
    "inverse": lookup_inverse,
    "slope": lookup_slope,
}
