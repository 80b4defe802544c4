"""Functions of a lookup, which their first argument names."""

from __future__ import annotations

from collections.abc import Callable

from ..expr import Binary, Expr
from ..model import LookupKind, Reading
from .table import Builtin, Expansion


def _reading(kind: LookupKind | Reading | None) -> Callable[..., Expr]:
    return lambda expansion, lookup, *arguments: expansion.table(kind, lookup, *arguments)


def _area(expansion: Expansion, lookup: Expr, start: Expr, end: Expr) -> Expr:
    return Binary("-", expansion.table("area", lookup, end), expansion.table("area", lookup, start))


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
        xmile=("LOOKUPAREA", "LOOKUP AREA"),
        expand=_area,
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
