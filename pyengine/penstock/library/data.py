"""Time series: values that are held, looked forward to, or there only at their times.

Times of a run are `start + k*dt`, which may miss the time of a datum by a rounding; a time counts as reached
when it is nearer than `NEAR` of its size. The points stand as those of graphical functions do.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..ir import Node, Statement, apply, constant, load, where
from ..ops import F64, I32
from . import lookups
from .lookups import POINTS, point, search
from .registry import Body, LibraryFunction, function

NEAR = 2.0**-40
NA = -(2.0**109)
"""Vensim's :NA:, a number like any other."""


def _last_until(x: Node, at: Node, n: Node) -> tuple[tuple[Statement, ...], Node]:
    """The last i with x[i] ≤ x, or 0."""
    later = x + abs(x) * NEAR
    body, low = search(later, at, n)
    last = n - 1
    return body, where(point(at, last) <= later, last, low)


def _reached(x: Node, at: Node, index: Node) -> Node:
    """Whether a point that is not later than x is at x itself, or later than the first one is."""
    return point(at, index) >= x - abs(x) * NEAR


def _or_nan(x: Node, value: Node) -> Node:
    return where(x <= float("inf"), value, x)


@function(x=F64, at=I32, n=I32)
def data_hold(x: Node, at: Node, n: Node) -> Body:
    """The value of the last point until now; the first one's before it."""
    body, index = _last_until(x, at, n)
    return body, _or_nan(x, point(at + n, index))


@function(x=F64, at=I32, n=I32)
def data_forward(x: Node, at: Node, n: Node) -> Body:
    """The value of the first point from now on; the last one's after it."""
    body, index = _last_until(x, at, n)
    following = where(index < n - 1, index + 1, index)
    return body, _or_nan(x, point(at + n, where(_reached(x, at, index), index, following)))


@function(x=F64, at=I32, n=I32)
def data_before(x: Node, at: Node, n: Node) -> Body:
    """The value of the last point before now; the first one's where there is none."""
    body, index = _last_until(x, at, n)
    before = where(index > 0, index - 1, index)
    return body, _or_nan(x, point(at + n, where(_reached(x, at, index), before, index)))


@function(x=F64, at=I32, n=I32)
def data_raw(x: Node, at: Node, n: Node) -> Body:
    """The value of the point at x, and :NA: where there is none."""
    body, index = _last_until(x, at, n)
    return body, _or_nan(x, where(_is_at(x, at, index), point(at + n, index), NA))


def _is_at(x: Node, at: Node, index: Node) -> Node:
    near = abs(x) * NEAR
    return (point(at, index) >= x - near) & (point(at, index) <= x + near)


@function(x=F64, at=I32, n=I32)
def data_covers(x: Node, at: Node, n: Node) -> Node:
    """1 between the first point and the last, both included, and 0 elsewhere."""
    near = abs(x) * NEAR
    first, last = point(at, constant(0, I32)), point(at, n - 1)
    return where((first <= x + near) & (x - near <= last), 1.0, 0.0)


# --- what is known of a series as a whole


@function(x=F64, at=I32, n=I32)
def data_first_time(x: Node, at: Node, n: Node) -> Node:
    return load(POINTS, 0, at)


@function(x=F64, at=I32, n=I32)
def data_last_time(x: Node, at: Node, n: Node) -> Node:
    return point(at, n - 1)


@function(x=F64, at=I32, n=I32)
def data_count(x: Node, at: Node, n: Node) -> Node:
    return apply("f64.convert_i32_s", n)


BY_KIND: Mapping[str, LibraryFunction] = {
    **lookups.BY_KIND,
    "hold": data_hold,
    "forward": data_forward,
    "raw": data_raw,
}
"""The function that takes the value of points of each kind."""
