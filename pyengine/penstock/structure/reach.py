"""What feeds a variable and what it feeds, directly and through others, with the distance."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..model import Ident
from .graph import Graph, Link


@dataclass(frozen=True, slots=True)
class Reached:
    """`distance` is the least number of links between; `via` the neighbour through which a shortest way goes."""

    ident: Ident
    distance: int
    via: Ident


def fed_by(graph: Graph, ident: Ident, depth: int | None = None) -> tuple[Reached, ...]:
    """All that a variable follows from, nearest first; not further than `depth` links away where that is given."""
    return _reached(ident, lambda here: ((link.source, link) for link in graph.into.get(here, ())), depth)


def feeding(graph: Graph, ident: Ident, depth: int | None = None) -> tuple[Reached, ...]:
    """All that follows from a variable, nearest first."""
    return _reached(ident, lambda here: ((link.target, link) for link in graph.out_of.get(here, ())), depth)


def _reached(
    start: Ident, neighbours: Callable[[Ident], Iterable[tuple[Ident, Link]]], depth: int | None
) -> tuple[Reached, ...]:
    found: dict[Ident, Reached] = {}
    waiting = deque([(start, 0)])
    while waiting:
        here, distance = waiting.popleft()
        if distance == depth:
            continue
        for other, _ in neighbours(here):
            if other != start and other not in found:
                found[other] = Reached(other, distance + 1, here)
                waiting.append((other, distance + 1))
    return tuple(found.values())
