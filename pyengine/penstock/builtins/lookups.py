"""Functions of a lookup, which their first argument names."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from ..expr import Binary, Call, Expr, Number
from ..model import LookupKind, Reading
from .table import Builtin, Expansion


def _reading(kind: LookupKind | Reading | None) -> Callable[..., Expr]:
    return lambda expansion, lookup, *arguments: expansion.table(kind, lookup, *arguments)


def _area(expansion: Expansion, lookup: Expr, start: Expr, end: Expr) -> Expr:
    return Binary("-", expansion.table("area", lookup, end), expansion.table("area", lookup, start))


def _area_within(
    expansion: Expansion, lookup: Expr, to: Expr | None = None, start: Expr | None = None
) -> Expr:
    """The ends may change places."""
    to, start = to or Number(inf), start or Number(-inf)
    ends = (Call("max", (to, start)), Call("min", (to, start)))
    high, low = (expansion.table("area_within", lookup, end) for end in ends)
    return Binary("-", high, low)


ROWS = (
    Builtin(
        name="lookup",
        params=("lookup", "x"),
        slopes={"x": "+lookup"},
        units="a, * -> a",
        meaning="The value of a lookup at x, as `lookup(x)`.",
        xmile=("LOOKUP",),
        expand=_reading(None),
    ),
    Builtin(
        name="lookup_extrapolate",
        params=("lookup", "x"),
        slopes={"x": "+lookup"},
        units="a, * -> a",
        meaning="The value of a lookup at x; the end lines go on beyond the points.",
        mdl=("LOOKUP EXTRAPOLATE",),
        xmile=("LOOKUP EXTRAPOLATE",),
        expand=_reading("extrapolate"),
    ),
    Builtin(
        name="lookup_forward",
        params=("lookup", "x"),
        slopes={"x": "+lookup"},
        units="a, * -> a",
        meaning="The y of the next point, one at x itself included; no lines between points.",
        mdl=("LOOKUP FORWARD",),
        xmile=("LOOKUP FORWARD",),
        expand=_reading("next"),
    ),
    Builtin(
        name="lookup_backward",
        params=("lookup", "x"),
        slopes={"x": "+lookup"},
        units="a, * -> a",
        meaning="The y of the point before, one at x itself included; no lines between points.",
        mdl=("LOOKUP BACKWARD",),
        xmile=("LOOKUP BACKWARD",),
        expand=_reading("discrete"),
    ),
    Builtin(
        name="lookup_area",
        params=("lookup", "start", "end"),
        units="a, b, b -> a*b",
        meaning="The area under a lookup between two x; the end values go on beyond the points.",
        mdl=("LOOKUP AREA",),
        xmile=("LOOKUP AREA",),
        expand=_area,
    ),
    Builtin(
        name="lookup_area_within",
        params=("lookup", "to?", "from?"),
        units="a, b, b -> *",
        meaning="The area under a lookup between two x, whichever comes first, or from the first point on, or under"
        " all of it; there is none outside the points.",
        xmile=("LOOKUPAREA",),
        expand=_area_within,
    ),
    Builtin(
        name="lookup_invert",
        params=("lookup", "y"),
        slopes={"y": "+lookup"},
        units="a, a -> *",
        meaning="The smallest x at which a lookup has the value y; :NA:, which is -2^109, where there is none.",
        mdl=("LOOKUP INVERT",),
        xmile=("LOOKUP INVERT",),
        expand=_reading("inverse"),
    ),
    Builtin(
        name="lookup_invert_within",
        params=("lookup", "y"),
        slopes={"y": "+lookup"},
        units="a, a -> *",
        meaning="The smallest x at which a lookup has the value y, else the first or the last x, whose value is nearer;"
        " NaN there for a lookup that both rises and falls.",
        xmile=("LOOKUPINV",),
        expand=_reading("inverse_within"),
    ),
    Builtin(
        name="lookup_slope",
        params=("lookup", "x", "mode"),
        units="a, b, * -> a/b",
        meaning="The slope of a lookup at x, at a point the mean of both sides. Beyond them it is 0 for mode 0, the"
        " end line's for mode 1, :NA: for mode -1.",
        mdl=("LOOKUP SLOPE",),
        xmile=("LOOKUP SLOPE",),
        expand=_reading("slope"),
    ),
)
