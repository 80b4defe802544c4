"""XMILE's graphical functions: ``<xpts>`` or ``<xscale>``, with ``<ypts>``."""

from __future__ import annotations

from math import isfinite

from ...errors import error
from ...model import LookupKind, Points
from ..points import Range, make_points
from .tree import Element


def read_points(gf: Element, name: str) -> Points:
    """The points of a ``<gf>``; without ``<xpts>`` they are spread evenly over the ``<xscale>``."""
    x_range, y_range = _scale(gf, "xscale"), _scale(gf, "yscale")
    y = _values(gf, "ypts")
    x = _values(gf, "xpts")
    if gf.get("xpts") is None and x_range is not None:
        x = spread(x_range, len(y))
    kind = _kind(gf, name)
    return make_points(name, x, y, kind=kind, x_range=x_range, y_range=y_range, span=gf.span)


def _kind(gf: Element, name: str) -> LookupKind:
    """The type; early XMILE had an attribute `discrete` instead."""
    written = gf.attributes.get("type", "").strip().lower()
    if not written and gf.attributes.get("discrete", "").lower() == "true":
        return "discrete"
    match written:
        case "" | "continuous":
            return "continuous"
        case "extrapolate":
            return "extrapolate"
        case "discrete":
            return "discrete"
    advice = "The types are continuous, extrapolate and discrete."
    raise error(
        "PEN401", gf.span, construct=f"the type {written} of the graphical function {name}", advice=advice
    )


def _scale(gf: Element, tag: str) -> Range:
    scale = gf.get(tag)
    if scale is None:
        return None
    low, high = scale.number("min"), scale.number("max")
    if low is None or high is None:
        raise error("PEN104", scale.span, text=scale.span.text)
    return low, high


def _values(gf: Element, tag: str) -> list[float]:
    """The numbers of ``<xpts>`` or ``<ypts>``, separated by `sep`, a comma unless given."""
    child = gf.get(tag)
    if child is None or not child.text:
        return []
    separator = child.attributes.get("sep", "") or ","
    parts = child.text.split(separator) if separator.strip() else child.text.split()
    values: list[float] = []
    for part in parts:
        try:
            values.append(float(part))
        except ValueError:
            values.append(float("nan"))
        if not isfinite(values[-1]):
            raise error("PEN104", child.content.whole(), text=part.strip()[:40] or "between two separators")
    return values


def spread(limits: tuple[float, float], count: int) -> list[float]:
    """`count` values from the one limit to the other."""
    low, high = limits
    return [low + (high - low) * index / max(1, count - 1) for index in range(count)]
