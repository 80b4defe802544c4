"""Where a flow's pipe runs in a Vensim sketch: from the symbol that it leaves, by its valve, to the one it enters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ...model import Connector, ViewItem

Point = tuple[float, float]

AWAY = 64  # of an arrow's shape bits: it has no head, so that the flow comes from there
_HANDLE = re.compile(r"\|\((-?[0-9]+),(-?[0-9]+)\)\|")


def pipe_points(
    valve: ViewItem, halves: Iterable[Connector], symbols: Mapping[int, ViewItem]
) -> tuple[Point, ...]:
    """The corners of the pipe in the direction of the flow, the valve's own place left out."""
    ways: dict[bool, list[Point]] = {}
    for half in halves:
        away = bool(_shape(half.style) & AWAY)
        if away in ways:
            away = not away  # a flow both ways has a head at both ends
        ways[away] = _half(valve, half.style, symbols[half.ends[1]])
    here = [(valve.x, valve.y)]
    return (*reversed(ways.get(True, here)), *ways.get(False, here)) if ways else ()


def _half(valve: ViewItem, style: str, end: ViewItem) -> list[Point]:
    """From the valve to the edge of a symbol: straight where it lies opposite, else around one corner."""
    if abs(valve.y - end.y) <= end.height:
        return [(_edge(end.x, end.width, valve.x), valve.y)]
    if abs(valve.x - end.x) <= end.width:
        return [(valve.x, _edge(end.y, end.height, valve.y))]
    handle = _HANDLE.search(style)
    x, y = map(float, handle.groups()) if handle else (end.x, valve.y)
    if abs(x - end.x) + abs(y - valve.y) <= abs(x - valve.x) + abs(y - end.y):
        return [(end.x, valve.y), (end.x, _edge(end.y, end.height, valve.y))]
    return [(valve.x, end.y), (_edge(end.x, end.width, valve.x), end.y)]


def _edge(middle: float, half: float, towards: float) -> float:
    return middle + half if towards > middle else middle - half


def _shape(style: str) -> int:
    first = style.partition(",")[0]
    return int(first) if re.fullmatch("[0-9]{1,9}", first) else 0
