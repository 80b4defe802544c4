"""Vensim's VECTOR LOOKUP: an array as the y values of a lookup whose x values stand in equal distances."""

from __future__ import annotations

from collections.abc import Sequence

from ..expr import Binary, Call, Expr, Number, Reference
from ..ir import For, local
from ..ops import I32
from .markets import from_first
from .table import Body, Builtin, Desk, Expansion
from .vectors import rows

_AREAS = (1.0, 7.0)
_BEYOND = (3.0, 7.0)
_STEPS = {2.0: "floor", 4.0: "ceil"}
_MODES = (0.0, *_AREAS, *_STEPS, 3.0)
_ONE = Number(1.0)


def _op(operator: str, left: Expr, right: Expr) -> Expr:
    return Binary(operator, left, right)


def _lookup(expansion: Expansion, vector: Expr, x: Expr, low: Expr, high: Expr, mode: Expr) -> Expr:
    given, number = from_first(expansion, vector), expansion.constant(mode)
    if given is None:
        advice = "Name its first element, as in v[first]."
        return expansion.refuse("VECTOR LOOKUP of anything but an array", advice)
    if number not in _MODES:
        advice = (
            "Modes 0 (lines), 2 and 4 (steps), 3 (extrapolated), 1 and 7 (areas) are supported, as numbers."
        )
        return expansion.refuse("such a mode of VECTOR LOOKUP", advice)
    key = given[1]
    last = expansion.length(key) - 1
    if last < 1:
        return expansion.refuse("VECTOR LOOKUP of a single element", "Give at least two elements.")
    loops = (*(loop for loop in expansion.loops(given[0]) if loop != key), key)
    values = expansion.array("vector", given[0], loops)
    width = expansion.auxiliary("width", _op("/", _op("-", high, low), Number(float(last))))
    place: Expr = expansion.auxiliary("place", _op("/", _op("-", x, low), width))
    end = Number(float(last))
    inside = expansion.auxiliary("inside", Call("max", (Call("min", (place, end)), Number(0.0))))

    def at(array: Reference, position: Expr) -> Expr:
        """An element, counted from 0."""
        return expansion.element(array, loops, {key: _op("+", position, _ONE)})

    if number in _STEPS:
        return at(values, Call(_STEPS[number], (inside,)))
    segment = expansion.auxiliary("segment", Call("min", (Call("floor", (inside,)), Number(float(last - 1)))))
    share = expansion.auxiliary("share", _op("-", place if number in _BEYOND else inside, segment))
    left, right = at(values, segment), at(values, _op("+", segment, _ONE))
    rise = _op("-", right, left)
    if number not in _AREAS:
        return _op("+", left, _op("*", rise, share))
    sizes = [expansion.length(loop) for loop in loops]
    sums = expansion.calculated("areas", {"vector": values}, loops, lambda desk: _summed(desk, sizes))
    mean = _op("+", left, _op("*", _op("*", Number(0.5), rise), share))
    area = _op("+", at(sums, segment), _op("*", mean, share))
    if number == 1.0:  # the end values go on beyond the points
        outside = _op("-", place, inside)
        area = _op("+", area, _op("*", outside, at(values, Call("floor", (inside,)))))
    return _op("*", area, width)


def _summed(desk: Desk, sizes: Sequence[int]) -> Body:
    """The area from the first element up to each, in widths."""
    size = sizes[-1]
    at = local("row", I32) * size + local("i", I32)
    step = (desk.read("vector", at) + desk.read("vector", at + 1)) * 0.5
    start = desk.write(0.0, local("row", I32) * size)
    return rows(sizes[:-1], (start, For("i", size - 1, (desk.write(desk.own(at) + step, at + 1),))))


ROWS = (
    Builtin(
        name="vector_lookup",
        params=("vector", "x", "low", "high", "mode"),
        units="a, b, b, b, * -> *",
        meaning="The lookup whose y values are a vector, named by its first element, at x from `low` to `high` in equal"
        " distances: by lines (mode 0), like `lookup_backward` (2), `lookup_extrapolate` (3), `lookup_forward` (4), the"
        " area from `low` on (1), the same with end lines that go on (7).",
        mdl=("VECTOR LOOKUP",),
        xmile=("VECTOR LOOKUP",),
        expand=_lookup,
        arrays=True,
    ),
)
