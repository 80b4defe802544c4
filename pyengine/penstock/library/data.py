"""Time series: values that are held, looked forward to, or there only at their times.

Times of a run are `start + k*dt`, which may miss the time of a datum by a rounding; a time counts as reached
when it is nearer than `NEAR` of its size. The points stand as those of graphical functions do.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..ir import If, Node, Set, Statement, While, apply, binary, constant, equal, load, local, where
from ..ops import F64, I32
from . import lookups
from .lookups import NA, POINTS, search, x_of, y_of
from .registry import Body, LibraryFunction, function

NEAR = 2.0**-40


def _last_until(x: Node, at: Node, n: Node) -> tuple[tuple[Statement, ...], Node]:
    """The last i with x[i] ≤ x, or 0."""
    later = x + abs(x) * NEAR
    body, low = search(later, at, n)
    last = n - 1
    return body, where(x_of(at, last) <= later, last, low)


def _reached(x: Node, at: Node, index: Node) -> Node:
    """Whether a point that is not later than x is at x itself, or later than the first one is."""
    return x_of(at, index) >= x - abs(x) * NEAR


def _or_nan(x: Node, value: Node) -> Node:
    return where(x <= float("inf"), value, x)


@function(x=F64, at=I32, n=I32)
def data_hold(x: Node, at: Node, n: Node) -> Body:
    """The value of the last point until now; the first one's before it."""
    body, index = _last_until(x, at, n)
    return body, _or_nan(x, y_of(at, index))


@function(x=F64, at=I32, n=I32)
def data_forward(x: Node, at: Node, n: Node) -> Body:
    """The value of the first point from now on; the last one's after it."""
    body, index = _last_until(x, at, n)
    following = where(index < n - 1, index + 1, index)
    return body, _or_nan(x, y_of(at, where(_reached(x, at, index), index, following)))


@function(x=F64, at=I32, n=I32)
def data_before(x: Node, at: Node, n: Node) -> Body:
    """The value of the last point before now; the first one's where there is none."""
    body, index = _last_until(x, at, n)
    before = where(constant(0, I32) < index, index - 1, index)
    return body, _or_nan(x, y_of(at, where(_reached(x, at, index), before, index)))


@function(x=F64, at=I32, n=I32)
def data_raw(x: Node, at: Node, n: Node) -> Body:
    """The value of the point at x, and :NA: where there is none."""
    body, index = _last_until(x, at, n)
    return body, _or_nan(x, where(_is_at(x, at, index), y_of(at, index), NA))


def _is_at(x: Node, at: Node, index: Node) -> Node:
    near = abs(x) * NEAR
    return (x_of(at, index) >= x - near) & (x_of(at, index) <= x + near)


@function(x=F64, at=I32, n=I32)
def data_covers(x: Node, at: Node, n: Node) -> Node:
    """1 between the first point and the last, both included, and 0 elsewhere."""
    near = abs(x) * NEAR
    first, last = x_of(at, constant(0, I32)), x_of(at, n - 1)
    return where((first <= x + near) & (x - near <= last), 1.0, 0.0)


# --- what is known of a series as a whole


@function(at=I32, n=I32)
def data_first_time(at: Node, n: Node) -> Node:
    return load(POINTS, 0, at)


@function(at=I32, n=I32)
def data_last_time(at: Node, n: Node) -> Node:
    return x_of(at, n - 1)


@function(at=I32, n=I32)
def data_count(at: Node, n: Node) -> Node:
    """How many points there are; none where the only one says that there are none."""
    return where(equal(load(POINTS, 0, at), NA), 0.0, apply("f64.convert_i32_s", n))


def _folded(
    low: Node, high: Node, at: Node, n: Node, start: float, operation: str
) -> tuple[tuple[Statement, ...], Node]:
    """A left fold over the values from one time to another, and :NA: where there are none."""
    i, total, count = local("i", I32), local("total"), local("count")
    inside = (x_of(at, i) >= low - abs(low) * NEAR) & (x_of(at, i) <= high + abs(high) * NEAR)
    taken = (
        Set("total", binary(operation, total, y_of(at, i))),
        Set("count", count + 1.0),
    )
    body: tuple[Statement, ...] = (
        Set("i", constant(0, I32)),
        Set("total", constant(start)),
        Set("count", constant(0.0)),
        While(i < n, (If(inside, taken, ()), Set("i", i + 1))),
    )
    return body, total


def _or_na(total: Node) -> Node:
    return where(local("count") > 0.0, total, NA)


@function(low=F64, high=F64, at=I32, n=I32)
def data_least(low: Node, high: Node, at: Node, n: Node) -> Body:
    body, total = _folded(low, high, at, n, float("inf"), "min")
    return body, _or_na(total)


@function(low=F64, high=F64, at=I32, n=I32)
def data_greatest(low: Node, high: Node, at: Node, n: Node) -> Body:
    body, total = _folded(low, high, at, n, float("-inf"), "max")
    return body, _or_na(total)


@function(low=F64, high=F64, at=I32, n=I32)
def data_mean(low: Node, high: Node, at: Node, n: Node) -> Body:
    body, total = _folded(low, high, at, n, 0.0, "add")
    return body, _or_na(total / local("count"))


BY_KIND: Mapping[str, LibraryFunction] = {
    **lookups.BY_KIND,
    "hold": data_hold,
    "forward": data_forward,
    "raw": data_raw,
    "before": data_before,
    "covers": data_covers,
    "first_time": data_first_time,
    "last_time": data_last_time,
    "count": data_count,
    "least": data_least,
    "greatest": data_greatest,
    "mean": data_mean,
}
"""The function that answers for points of each kind, or the question that is asked of them."""
