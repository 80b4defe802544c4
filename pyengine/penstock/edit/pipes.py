"""Where pipes run when what they join has moved: straight where that lies opposite the valve, else by one corner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ..model import ViewItem

Point = tuple[float, float]
_NEAR = 15.0  # how far from a stock's edge, in pixels, a pipe may end that is meant to end there
_SIZES = {"stock": (22.0, 17.0), "cloud": (8.0, 8.0)}  # half sizes of what has none of its own
_REACH = 40.0, 20.0  # half the size of a stock without one, for telling what ends at it


def followed(items: Sequence[ViewItem], places: Mapping[int, Point]) -> dict[int, ViewItem]:
    """The symbols that change when some get other places, by their numbers: those, the pipes between them, and
    clouds, which go with their valves."""
    found = {number: replace(items[number], x=x, y=y) for number, (x, y) in places.items()}
    for number, flow in enumerate(items):
        if flow.kind != "flow" or len(flow.points) < 2:
            continue
        valve = found.get(number, flow)
        upright, sides = _sides(flow)
        new: list[list[Point]] = []
        for side in sides:
            anchor = _anchor(items, side[-1])
            if (
                anchor is not None
                and items[anchor].kind == "cloud"
                and anchor not in places
                and valve is not flow
            ):
                cloud = items[anchor]
                found[anchor] = replace(cloud, x=cloud.x + valve.x - flow.x, y=cloud.y + valve.y - flow.y)
            end = None if anchor is None else (items[anchor], found.get(anchor, items[anchor]))
            new.append(_side(flow, valve, side, end, upright))
        points = tuple((round(x, 6), round(y, 6)) for x, y in (*reversed(new[0]), *new[1]))
        if points != flow.points or valve is not flow:
            found[number] = replace(valve, points=points)
    return found


def led_to(flow: ViewItem, goal: ViewItem, away: bool) -> tuple[Point, ...]:
    """The course of a pipe whose one end, where it comes from if `away`, is at another symbol."""
    upright, (back, ahead) = _sides(flow)
    side = half(flow, goal, upright)
    points = [*reversed(side), *ahead] if away else [*reversed(back), *side]
    return tuple((round(x, 6), round(y, 6)) for x, y in points)


def half(valve: ViewItem, goal: ViewItem, upright: bool) -> list[Point]:
    """From a valve to the edge of a symbol; `upright` where the pipe runs vertically by the valve."""
    if upright:
        turned = half(replace(valve, x=valve.y, y=valve.x), _turned(goal), False)
        return [(y, x) for x, y in turned]
    wide, high = (goal.width, goal.height) if goal.width else _SIZES.get(goal.kind, (8.0, 8.0))
    if goal.kind == "cloud":
        wide = 0.0
    if abs(valve.y - goal.y) <= high:
        return [(_edge(goal.x, wide, valve.x), valve.y)]
    if goal.kind == "cloud":
        high = 0.0
    if abs(valve.x - goal.x) <= max(wide, 8.0):
        return [(valve.x, _edge(goal.y, high, valve.y))]
    return [(goal.x, valve.y), (goal.x, _edge(goal.y, high, valve.y))]


def _turned(item: ViewItem) -> ViewItem:
    wide, high = (item.width, item.height) if item.width else _SIZES.get(item.kind, (8.0, 8.0))
    return replace(item, x=item.y, y=item.x, width=high, height=wide)


def _edge(middle: float, size: float, towards: float) -> float:
    return middle + size if towards > middle else middle - size


def _sides(flow: ViewItem) -> tuple[bool, tuple[list[Point], list[Point]]]:
    """Whether a pipe is upright by its valve, and its corners from there: back to where it comes from, and ahead."""
    best, where = None, 0
    for place, (p, q) in enumerate(pairwise(flow.points)):
        dx, dy = q[0] - p[0], q[1] - p[1]
        length = dx * dx + dy * dy
        share = ((flow.x - p[0]) * dx + (flow.y - p[1]) * dy) / length if length else 0.0
        share = min(max(share, 0.0), 1.0)
        away = (p[0] + dx * share - flow.x) ** 2 + (p[1] + dy * share - flow.y) ** 2
        if best is None or away < best:
            best, where = away, place
    p, q = flow.points[where], flow.points[where + 1]
    upright = abs(q[1] - p[1]) > abs(q[0] - p[0])
    return upright, (list(reversed(flow.points[: where + 1])), list(flow.points[where + 1 :]))


def _anchor(items: Sequence[ViewItem], end: Point) -> int | None:
    """The stock or cloud that a pipe ends at."""
    near = []
    for number, item in enumerate(items):
        if item.kind in ("stock", "cloud"):
            wide, high = (item.width or _REACH[0]) + _NEAR, (item.height or _REACH[1]) + _NEAR
            across, down = abs(end[0] - item.x), abs(end[1] - item.y)
            if across <= wide and down <= high:
                near.append((item.kind == "cloud", across + down, number))
    return min(near)[2] if near else None


def _side(
    flow: ViewItem, valve: ViewItem, side: list[Point], end: tuple[ViewItem, ViewItem] | None, upright: bool
) -> list[Point]:
    """One side of a pipe: moved as a whole where its valve and its end move alike, else led anew."""
    dx, dy = valve.x - flow.x, valve.y - flow.y
    if end is None or (round(end[1].x - end[0].x - dx, 6), round(end[1].y - end[0].y - dy, 6)) == (0.0, 0.0):
        return [(x + dx, y + dy) for x, y in side]
    return half(valve, _sized(*end, side[-1]), upright)


def _sized(old: ViewItem, new: ViewItem, end: Point) -> ViewItem:
    """A symbol with a size; one that has none of its own reaches as far as its pipe shows."""
    if new.width:
        return new
    wide, high = _SIZES.get(new.kind, (8.0, 8.0))
    across, down = abs(end[0] - old.x), abs(end[1] - old.y)
    if across > down:
        wide = max(wide, across)
    else:
        high = max(high, down)
    return replace(new, width=wide, height=high)
