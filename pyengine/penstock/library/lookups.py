"""Graphical functions: the segment of a point and the value there.

The points of all lookups of a program stand in the region ``points``, one behind the other, as `records` says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from ..ir import (
    If,
    Node,
    Set,
    Statement,
    Store,
    While,
    apply,
    binary,
    constant,
    equal,
    load,
    local,
    negate,
    where,
)
from ..ops import F64, I32, I64
from .registry import FUNCTIONS, Body, LibraryFunction, function

POINTS = "points"
NA = -(2.0**109)
"""Vensim's :NA:, a number like any other."""


def records(x: tuple[float, ...], y: tuple[float, ...], at: int) -> Iterator[float | int]:
    """What a program stores for a lookup whose points begin at double `at` of the region: for each point x, y and
    the slope to the next (0 between points of equal x). The last has none; there stands the double, as an
    integer, where the segment begins in which a point was found last, at first the first. What is behind a
    single point is NaN."""
    for i in range(len(x) - 1):
        yield from (x[i], y[i], 0.0 if x[i] == x[i + 1] else (y[i + 1] - y[i]) / (x[i + 1] - x[i]))
    yield from (x[-1], y[-1], at)
    if len(x) == 1:
        yield math.nan


def room(count: int) -> int:
    """How many doubles `records` yields for so many points."""
    return 3 * count + (count == 1)


def placed(points: Sequence[float | int]) -> Iterator[tuple[int, int]]:
    """Where each lookup of a region begins, and how many points it has."""
    at = 0
    for place, value in enumerate(points):
        if isinstance(value, int):
            n = (place + 1 - at) // 3
            yield at, n
            at = place + 1 + (n == 1)


def x_of(at: Node, index: Node) -> Node:
    return load(POINTS, 0, at + index * 3)


def y_of(at: Node, index: Node) -> Node:
    return load(POINTS, 1, at + index * 3)


def slope_of(at: Node, index: Node) -> Node:
    return load(POINTS, 2, at + index * 3)


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
                If(x_of(at, middle) <= x, (Set("low", middle),), (Set("high", middle),)),
            ),
        ),
    )
    return body, low


def _line(x: Node, at: Node, i: Node) -> Node:
    return y_of(at, i) + slope_of(at, i) * (x - x_of(at, i))


def _continuous(x: Node, at: Node, last: Node, i: Node) -> Node:
    first = constant(0, I32)
    inside = where(x < math.inf, _line(x, at, i), math.nan)
    above = where(x >= x_of(at, last), y_of(at, last), inside)
    return where(x <= x_of(at, first), y_of(at, first), above)


def _extrapolated(x: Node, at: Node, last: Node, i: Node) -> Node:
    beyond = y_of(at, last) + slope_of(at, last - 1) * (x - x_of(at, last))
    return where(x >= x_of(at, last), beyond, _line(x, at, i))


def _discrete(x: Node, at: Node, last: Node, i: Node) -> Node:
    step = where(x >= x_of(at, last), y_of(at, last), y_of(at, i))
    return where(x < math.inf, step, where(x > 0.0, step, math.nan))


@function(x=F64, at=I32, n=I32)
def lookup(x: Node, at: Node, n: Node) -> Body:
    """Lines between the points; the end values beyond them."""
    body, i = search(x, at, n)
    return body, _continuous(x, at, n - 1, i)


@function(x=F64, at=I32, n=I32)
def lookup_extrapolate(x: Node, at: Node, n: Node) -> Body:
    """Lines between the points; the end lines go on beyond them."""
    body, i = search(x, at, n)
    return body, _extrapolated(x, at, n - 1, i)


@function(x=F64, at=I32, n=I32)
def lookup_discrete(x: Node, at: Node, n: Node) -> Body:
    """Steps: the y of the last point that is not above x; the first y before it."""
    body, i = search(x, at, n)
    return body, _discrete(x, at, n - 1, i)


@function(x=F64, at=I32, n=I32)
def lookup_next(x: Node, at: Node, n: Node) -> Body:
    """Steps: the y of the first point that is not below x; the last y beyond it."""
    body, i = search(x, at, n)
    last, first = n - 1, constant(0, I32)
    step = where(equal(x_of(at, i), x), y_of(at, i), y_of(at, i + 1))
    after = where(x >= x_of(at, last), y_of(at, last), step)
    return body, where(equal(x, x), where(x <= x_of(at, first), y_of(at, first), after), x)


@function(x=F64, at=I32, n=I32)
def lookup_area(x: Node, at: Node, n: Node) -> Body:
    """The area from the first point up to x, negative before it; the end values go on beyond the points."""
    i, area, width = local("i", I32), local("area"), local("width")
    first, last = constant(0, I32), n - 1
    height = y_of(at, i) + 0.5 * slope_of(at, i) * width
    body: tuple[Statement, ...] = (
        Set("i", first),
        Set("area", constant(0.0)),
        While(
            where(i < last, x_of(at, i) < x, first),
            (
                Set("width", binary("min", x, x_of(at, i + 1)) - x_of(at, i)),
                Set("area", area + width * height),
                Set("i", i + 1),
            ),
        ),
    )
    beyond = where(x > x_of(at, last), y_of(at, last) * (x - x_of(at, last)), 0.0)
    before = y_of(at, first) * (x - x_of(at, first))
    return body, where(x < x_of(at, first), before, where(equal(x, x), area + beyond, x))


@function(x=F64, at=I32, n=I32)
def lookup_area_within(x: Node, at: Node, n: Node) -> Node:
    """The area from the first point up to x, or up to the last point; there is none outside the points."""
    low, high = x_of(at, constant(0, I32)), x_of(at, n - 1)
    return lookup_area(binary("min", binary("max", x, low), high), at, n)


@function(area=F64, at=I32, n=I32)
def lookup_quantile(area: Node, at: Node, n: Node) -> Body:
    """The x up to which there is so much area from the first point on; the lines must not go below zero."""
    i, rest, width, goes_on = local("i", I32), local("rest"), local("width"), local("goes on", I32)
    segment = width * (y_of(at, i) + 0.5 * slope_of(at, i) * width)
    body: tuple[Statement, ...] = (
        Set("i", constant(0, I32)),
        Set("rest", area),
        Set("goes on", constant(1, I32)),
        While(
            goes_on,
            (
                Set("width", x_of(at, i + 1) - x_of(at, i)),
                Set("goes on", (i < n - 2) & (segment < rest)),
                If(goes_on, (Set("rest", rest - segment), Set("i", i + 1))),
            ),
        ),
    )
    y = y_of(at, i)
    into = (rest + rest) / (y + apply("f64.sqrt", y * y + 2.0 * slope_of(at, i) * rest))
    inside = binary("min", where(rest <= 0.0, 0.0, into), width)
    return body, x_of(at, i) + inside


@function(y=F64, at=I32, n=I32)
def lookup_inverse(y: Node, at: Node, n: Node) -> Body:
    """The smallest x at which the lines have the value y; Vensim's :NA: where there is none."""
    i, found, x = local("i", I32), local("found", I32), local("x")
    y0, y1, x0, x1 = y_of(at, i), y_of(at, i + 1), x_of(at, i), x_of(at, i + 1)
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


@function(y=F64, at=I32, n=I32)
def lookup_inverse_within(y: Node, at: Node, n: Node) -> Body:
    """The smallest x at which the lines have the value y, else the end whose value is nearer; NaN if they turn."""
    i, rises, falls, x = local("i", I32), local("rises", I32), local("falls", I32), local("x")
    here, following = y_of(at, i), y_of(at, i + 1)
    body: tuple[Statement, ...] = (
        Set("i", constant(0, I32)),
        Set("rises", constant(1, I32)),
        Set("falls", constant(1, I32)),
        Set("x", lookup_inverse(y, at, n)),
        While(
            i < n - 1,
            (
                Set("rises", rises & (here <= following)),
                Set("falls", falls & (following <= here)),
                Set("i", i + 1),
            ),
        ),
    )
    first, last = constant(0, I32), n - 1
    is_first = abs(y - y_of(at, first)) < abs(y - y_of(at, last))
    end = where(is_first, x_of(at, first), x_of(at, last))
    return body, where(equal(x, NA), where(rises | falls, end, math.nan), x)


@function(x=F64, mode=F64, at=I32, n=I32)
def lookup_slope(x: Node, mode: Node, at: Node, n: Node) -> Body:
    """The slope of the line at x, at a point the mean of both sides, :NA: where there are points of equal x.

    Beyond the points it is 0 for mode 0, the end line's for mode 1, :NA: for mode -1. At an end of the points the
    missing side has the slope 0 for mode 0, else that of the other side.
    """
    body, i = search(x, at, n)
    first, last, j, k = constant(0, I32), n - 1, local("j", I32), local("k", I32)
    left, right = slope_of(at, k), slope_of(at, i)
    body = (
        *body,
        Set("j", where(x >= x_of(at, last), last, i)),
        Set("k", where(first < j, j - 1, first)),
    )
    missing = where(equal(mode, 0.0), 0.0, where(first < j, left, right))
    sides = where(first < j, left, missing) + where(j < last, right, missing)
    doubled = where(first < j, equal(x_of(at, k), x), first)
    inside = where(equal(x_of(at, j), x), where(doubled, NA, 0.5 * sides), right)
    end = where(x < x_of(at, first), slope_of(at, first), slope_of(at, last - 1))
    outside = where(equal(mode, -1.0), NA, where(equal(mode, 0.0), 0.0, end))
    beyond = negate(x >= x_of(at, first)) | (x > x_of(at, last))
    return body, where(equal(x, x), where(beyond, outside, inside), x)


# --- remembering the segment

_Shape = Callable[[Node, Node, Node, Node], Node]


def _remembering(name: str, shape: _Shape, inside: Callable[[Node, Node, Node], Node]) -> LibraryFunction:
    """A lookup with the same values that begins to search only where x has left the segment of the last search."""

    def found(x: Node, at: Node, n: Node) -> Body:
        body, i = search(x, at, n)
        last = n - 1
        segment = apply("f64.reinterpret_i64", apply("i64.extend_i32_u", at + i * 3))
        between = (x >= x_of(at, constant(0, I32))) & (x < x_of(at, last))
        again = If(between, (*body, Store(POINTS, 2, segment, at + last * 3)))
        return (Set("low", constant(0, I32)), again), shape(x, at, last, i)

    def remembered(x: Node, at: Node, n: Node) -> Node:
        here = apply("i32.wrap_i64", load(POINTS, 2, at + (n - 1) * 3, I64))
        between = (x > load(POINTS, 0, here)) & (x < load(POINTS, 3, here))
        return where(between, inside(x, here, constant(0, I32)), search_again(x, at, n))

    found.__name__ = f"{name}_found"
    search_again = function(x=F64, at=I32, n=I32)(found)
    return LibraryFunction(f"{name}_remembered", search_again.params, remembered)


REMEMBERING = {
    "lookup": _remembering("lookup", _continuous, _line),
    "lookup_extrapolate": _remembering("lookup_extrapolate", _extrapolated, _line),
    "lookup_discrete": _remembering("lookup_discrete", _discrete, lambda x, at, i: y_of(at, i)),
}
"""What the optimiser puts in place of a lookup that is evaluated at every step, written out where it is called."""

SEARCHING = {name: FUNCTIONS[f"{name}_found"] for name in REMEMBERING}
"""What it puts in place of one that is evaluated once a run."""

BY_KIND = {
    "continuous": lookup,
    "extrapolate": lookup_extrapolate,
    "discrete": lookup_discrete,
    "next": lookup_next,
    "area": lookup_area,
    "area_within": lookup_area_within,
    "quantile": lookup_quantile,
    "inverse": lookup_inverse,
    "inverse_within": lookup_inverse_within,
    "slope": lookup_slope,
}
