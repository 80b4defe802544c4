"""Measures of a diagram, taken from its data alone and written without the package's own geometry."""

import math
from collections.abc import Iterator
from itertools import combinations, pairwise

from penstock.layout import Arrow, Diagram, Symbol

Box = tuple[float, float, float, float]
Point = tuple[float, float]

TOUCH = 0.3  # coordinates are rounded to a tenth, so that neighbours may seem to overlap by two of them


def overlap(one: Box, other: Box) -> bool:
    return (
        one[0] + TOUCH < other[2]
        and other[0] + TOUCH < one[2]
        and one[1] + TOUCH < other[3]
        and other[1] + TOUCH < one[3]
    )


def box_of(symbol: Symbol) -> Box:
    half_x, half_y = symbol.width / 2, symbol.height / 2
    return symbol.x - half_x, symbol.y - half_y, symbol.x + half_x, symbol.y + half_y


def holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def clashes(diagram: Diagram) -> list[str]:
    """Symbols and labels that cover each other or a pipe that is not theirs."""
    areas = [(symbol, "symbol", box_of(symbol)) for symbol in diagram.symbols]
    areas += [(symbol, "label", symbol.label.box) for symbol in diagram.symbols if symbol.label]
    areas.sort(key=lambda area: area[2][0])
    found = []
    for place, (one, what, box) in enumerate(areas):
        for other, which, another in areas[place + 1 :]:
            if another[0] >= box[2]:
                break
            if one.id != other.id and overlap(box, another):
                found.append(f"{what} {one.name!r} on {which} {other.name!r}")
    for pipe in diagram.pipes:
        ends = {pipe.flow, pipe.source, pipe.target}
        for tube in tubes(pipe.points):
            found += [
                f"{what} {symbol.name!r} on the pipe of {diagram.symbols[pipe.flow].name!r}"
                for symbol, what, box in areas
                if overlap(tube, box) and not (what == "symbol" and symbol.id in ends)
            ]
    return found


def tubes(points: tuple[Point, ...]) -> Iterator[Box]:
    """A pipe as boxes six pixels wide; a slanted part in short pieces."""
    for (x0, y0), (x1, y1) in pairwise(points):
        count = 1 if x0 == x1 or y0 == y1 else max(1, int(math.dist((x0, y0), (x1, y1)) / 6))
        for step in range(count):
            xs = [x0 + (x1 - x0) * share / count for share in (step, step + 1)]
            ys = [y0 + (y1 - y0) * share / count for share in (step, step + 1)]
            yield min(xs) - 3, min(ys) - 3, max(xs) + 3, max(ys) + 3


def centre_of(arrow: Arrow) -> Point:
    """The centre of the circle that an arrow is an arc of, as the SVG specification has it."""
    (x0, y0), (x1, y1) = arrow.points[0], arrow.points[-1]
    half = math.dist(arrow.points[0], arrow.points[-1]) / 2
    away = math.sqrt(max(0.0, arrow.radius**2 - half**2))
    side = 1 if arrow.large != arrow.sweep else -1
    nx, ny = -(y1 - y0) / (2 * half), (x1 - x0) / (2 * half)
    return (x0 + x1) / 2 + side * away * nx, (y0 + y1) / 2 + side * away * ny


def course(arrow: Arrow, count: int = 24) -> list[Point]:
    """Points along an arrow."""
    if not arrow.radius:
        return [
            (x0 + (x1 - x0) * step / count, y0 + (y1 - y0) * step / count)
            for (x0, y0), (x1, y1) in pairwise(arrow.points)
            for step in range(count + 1)
        ]
    cx, cy = centre_of(arrow)
    start = math.atan2(arrow.points[0][1] - cy, arrow.points[0][0] - cx)
    end = math.atan2(arrow.points[-1][1] - cy, arrow.points[-1][0] - cx)
    turn = (end - start) % math.tau if arrow.sweep else -((start - end) % math.tau)
    angles = [start + turn * step / count for step in range(count + 1)]
    return [(cx + arrow.radius * math.cos(a), cy + arrow.radius * math.sin(a)) for a in angles]


def crossings(diagram: Diagram) -> int:
    """How often arrows cross that share no symbol."""
    lines = [(arrow, course(arrow)) for arrow in diagram.arrows]
    return sum(
        _cross(one, other)
        for (a, one), (b, other) in combinations(lines, 2)
        if not {a.source, a.target} & {b.source, b.target}
    )


def _cross(one: list[Point], other: list[Point]) -> int:
    return sum(
        _side(a, b, c) != _side(a, b, d) and _side(c, d, a) != _side(c, d, b)
        for a, b in pairwise(one)
        for c, d in pairwise(other)
    )


def _side(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])
