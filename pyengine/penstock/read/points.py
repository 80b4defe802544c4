"""The points of graphical functions, checked the same way whatever they were written in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..errors import error
from ..model import LookupKind, Points
from ..place import NOWHERE, Span

Range = tuple[float, float] | None


def make_points(
    name: str,
    x: Sequence[float],
    y: Sequence[float],
    *,
    kind: LookupKind = "continuous",
    x_range: Range = None,
    y_range: Range = None,
    span: Span = NOWHERE,
) -> Points:
    """Points with as many y as x, at least one, x never going back (a step may stand as two equal x)."""
    if len(x) != len(y):
        raise error("PEN302", span, name=name, xs=len(x), ys=len(y))
    if not x:
        raise error("PEN303", span, name=name)
    for before, after in pairwise(x):
        if not before <= after:
            raise error("PEN301", span, name=name, before=f"{before:g}", after=f"{after:g}")
    return Points(tuple(x), tuple(y), kind, x_range, y_range, span)
