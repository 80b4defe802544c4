"""Bodies moved to better places on a lattice: fewer crossings, shorter arrows, nothing in the way of an arrow.

The lattice also lines things up. Every move keeps bodies clear of each other, so a layout without overlaps
stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .chains import Body
from .diagram import Box, Point
from .shapes import around, distance, moved, overlap, segments

_STEP = 20.0
_CROSSING, _OVER_PIPE, _OVER_SOLID, _OWN_LABEL = 70.0, 30.0, 45.0, 22.0
_NEAR, _FAR = 70.0, 0.5


@dataclass(slots=True)
class Search:
    """The state of the search: where bodies are, and what of them arrows should keep away from."""

    bodies: Sequence[Body]
    arrows: Sequence[tuple[int, int]]
    places: list[Point]
    owner: dict[int, int] = field(default_factory=dict)
    mine: list[list[int]] = field(default_factory=list)  # arrows by body
    ends: list[tuple[Point, Point]] = field(default_factory=list)
    solids: list[list[Box]] = field(default_factory=list)
    hulls: list[Box] = field(default_factory=list)
    tubes: list[list[tuple[Point, Point]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.owner = {number: index for index, body in enumerate(self.bodies) for number in body.nodes}
        self.mine = [[] for _ in self.bodies]
        for index, (a, b) in enumerate(self.arrows):
            for body in {self.owner[a], self.owner[b]}:
                self.mine[body].append(index)
        self.solids = [
            [moved(box, *at) for box in b.solids] for b, at in zip(self.bodies, self.places, strict=True)
        ]
        self.hulls = [around(boxes) for boxes in self.solids]
        self.tubes = [self._tubes(index, at) for index, at in enumerate(self.places)]
        self.ends = [(self.at(a), self.at(b)) for a, b in self.arrows]

    def at(self, number: int) -> Point:
        index = self.owner[number]
        (x, y), (dx, dy) = self.bodies[index].nodes[number], self.places[index]
        return x + dx, y + dy

    def run(self, sweeps: int, wide: int) -> None:
        """Let each body in turn choose among places around it and its neighbours; heavy ones last."""
        order = sorted(range(len(self.bodies)), key=lambda index: (len(self.bodies[index].nodes), index))
        for _ in range(sweeps):
            improved = [self._improve(index, wide) for index in order]
            if not any(improved):
                break

    def total(self) -> float:
        """What all of it costs, to compare one outcome with another; shorter and wider is better."""
        box = around(self.hulls)
        spent = 0.15 * (box[2] - box[0]) + 0.3 * (box[3] - box[1])
        for index, place in enumerate(self.places):
            spent += self._cost(index, place) / 2
        return spent

    def _improve(self, index: int, wide: int) -> bool:
        if not self.mine[index]:
            return False
        here = self.places[index]
        best, cost = here, self._cost(index, here)
        for place in self._candidates(index, wide):
            found = self._cost(index, place, cost)
            if found < cost - 0.5 and self._free(index, place):
                best, cost = place, found
        if best == here:
            return False
        self._move(index, best)
        return True

    def _candidates(self, index: int, wide: int) -> list[Point]:
        """Lattice places around where the body is and around where its arrows would have it."""
        body, (hx, hy) = self.bodies[index], self.places[index]
        anchor = next(iter(body.nodes.values()))
        seeds = [(hx, hy)]
        others = []
        for arrow in self.mine[index]:
            a, b = self.arrows[arrow]
            if self.owner[a] == self.owner[b]:
                continue
            inner, outer = (a, b) if self.owner[a] == index else (b, a)
            x, y = self.at(outer)
            others.append((x - body.nodes[inner][0], y - body.nodes[inner][1]))
        if others:
            mean = sum_of(x for x, _ in others) / len(others), sum_of(y for _, y in others) / len(others)
            seeds.append(mean)
            if len(body.nodes) == 1:
                seeds += others[:4]
        found: dict[Point, None] = {}
        for place, (sx, sy) in enumerate(seeds):
            gx = _snapped(sx + anchor[0]) - anchor[0]
            gy = _snapped(sy + anchor[1]) - anchor[1]
            for ring in range(1 + (wide if place < 2 else min(wide, 2))):
                for dx, dy in _ring(ring):
                    found[gx + dx * _STEP * 1.5, gy + dy * _STEP] = None
        return list(found)

    def _free(self, index: int, place: Point) -> bool:
        dx, dy = place[0] - self.places[index][0], place[1] - self.places[index][1]
        hull = moved(self.hulls[index], dx, dy)
        boxes: list[Box] | None = None
        for other, theirs in enumerate(self.hulls):
            if other == index or not overlap(hull, theirs):
                continue
            if boxes is None:
                boxes = [moved(box, dx, dy) for box in self.solids[index]]
            for a in self.solids[other]:
                if not overlap(a, hull):
                    continue
                for b in boxes:
                    if overlap(a, b):
                        return False
        return True

    def _cost(self, index: int, place: Point, most: float = float("inf")) -> float:
        """What arrows at a body, and those that pass over it, cost with the body at `place`."""
        px, py = place
        nodes = self.bodies[index].nodes
        dx, dy = px - self.places[index][0], py - self.places[index][1]
        total, own = 0.0, self.mine[index]
        mine = set(own)
        courses = []
        for arrow in own:
            a, b = self.arrows[arrow]
            start, end = self.ends[arrow]
            if self.owner[a] == index:
                start = nodes[a][0] + px, nodes[a][1] + py
            if self.owner[b] == index:
                end = nodes[b][0] + px, nodes[b][1] + py
            length = distance(start, end)
            total += (
                _FAR * max(0.0, length - _NEAR) + 2.0 * max(0.0, 56.0 - length) + 0.0004 * length * length
            )
            courses.append((a, b, start, end))
        for spot, (a, b, start, end) in enumerate(courses):
            if total >= most:
                return total
            total += self._hits(index, a, b, start, end, dx, dy)
            x0, x1 = (start[0], end[0]) if start[0] < end[0] else (end[0], start[0])
            y0, y1 = (start[1], end[1]) if start[1] < end[1] else (end[1], start[1])
            for other, (p, q) in enumerate(self.ends):
                if other in mine:
                    continue
                px_, qx = p[0], q[0]
                if (px_ < x0 and qx < x0) or (px_ > x1 and qx > x1):
                    continue
                if (p[1] < y0 and q[1] < y0) or (p[1] > y1 and q[1] > y1):
                    continue
                c, d = self.arrows[other]
                if a not in (c, d) and b not in (c, d) and crossing(start, end, p, q):
                    total += _CROSSING
            for c, d, p, q in courses[:spot]:
                if a not in (c, d) and b not in (c, d) and crossing(start, end, p, q):
                    total += _CROSSING
        box = moved(self.hulls[index], dx, dy)
        for other, (p, q) in enumerate(self.ends):  # arrows of others over this body
            if other not in mine and _passes(p, q, box):
                total += _OVER_SOLID * any(_passes(p, q, moved(part, dx, dy)) for part in self.solids[index])
        return total

    def _hits(self, index: int, a: int, b: int, start: Point, end: Point, dx: float, dy: float) -> float:
        """What an arrow passes over: bodies that are not at its ends, and pipes of those that are."""
        total = 0.0
        for other, hull in enumerate(self.hulls):
            moves = other == index
            box = moved(hull, dx, dy) if moves else hull
            if not _passes(start, end, box):
                continue
            if self.owner[a] != other and self.owner[b] != other:
                total += _OVER_SOLID * any(_passes(start, end, part) for part in self.solids[other])
            elif len(self.bodies[other].nodes) == 1:
                text = self.solids[other][-1]
                total += _OWN_LABEL * _passes(start, end, moved(text, dx, dy) if moves else text)
            elif self.tubes[other]:
                if moves:
                    here = start[0] - dx, start[1] - dy
                    there = end[0] - dx, end[1] - dy
                else:
                    here, there = start, end
                total += self._through(other, a, b, here, there)
        return total

    def _through(self, other: int, a: int, b: int, start: Point, end: Point) -> float:
        """An arrow within or into a chain: pipes it crosses and symbols of the chain that it passes over."""
        total = 0.0
        for p, q in self.tubes[other]:
            total += _OVER_PIPE * crossing(start, end, p, q)
        px, py = self.places[other]
        for number, (x, y) in self.bodies[other].nodes.items():
            if number not in (a, b):
                box = (x + px - 26.0, y + py - 18.0, x + px + 26.0, y + py + 18.0)
                total += _OVER_SOLID * _passes(start, end, box)
            elif number in self.bodies[other].labels:
                text = moved(self.bodies[other].labels[number], px, py)
                total += _OWN_LABEL * _passes(start, end, text)
        return total

    def _tubes(self, index: int, at: Point) -> list[tuple[Point, Point]]:
        """The pipes as lines, without their ends, where arrows may touch."""
        lines = []
        for points in self.bodies[index].pipes.values():
            placed = tuple((x + at[0], y + at[1]) for x, y in points)
            lines += list(segments(placed))
        return lines

    def _move(self, index: int, place: Point) -> None:
        dx, dy = place[0] - self.places[index][0], place[1] - self.places[index][1]
        self.places[index] = place
        self.solids[index] = [moved(box, dx, dy) for box in self.solids[index]]
        self.hulls[index] = moved(self.hulls[index], dx, dy)
        self.tubes[index] = self._tubes(index, place)
        for arrow in self.mine[index]:
            a, b = self.arrows[arrow]
            self.ends[arrow] = self.at(a), self.at(b)


def sum_of(values: object) -> float:
    """A plain sum from the left; the built-in one rounds otherwise from one Python to the next."""
    total = 0.0
    for value in values:  # type: ignore[attr-defined]
        total += value
    return total


def _snapped(value: float) -> float:
    return round(value / _STEP) * _STEP


def _ring(ring: int) -> list[tuple[int, int]]:
    if ring == 0:
        return [(0, 0)]
    side = range(-ring, ring + 1)
    return [(dx, dy) for dx in side for dy in side if max(abs(dx), abs(dy)) == ring]


def crossing(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two lines cross inside both."""
    abx, aby = b[0] - a[0], b[1] - a[1]
    one = abx * (c[1] - a[1]) - aby * (c[0] - a[0])
    two = abx * (d[1] - a[1]) - aby * (d[0] - a[0])
    if (one > 0.0) == (two > 0.0):
        return False
    cdx, cdy = d[0] - c[0], d[1] - c[1]
    three = cdx * (a[1] - c[1]) - cdy * (a[0] - c[0])
    four = cdx * (b[1] - c[1]) - cdy * (b[0] - c[0])
    return (three > 0.0) != (four > 0.0)


def _passes(p: Point, q: Point, box: Box) -> bool:
    """Whether a line runs through a box."""
    x0, y0, x1, y1 = box
    px, py = p
    qx, qy = q
    if (
        (px <= x0 and qx <= x0)
        or (px >= x1 and qx >= x1)
        or (py <= y0 and qy <= y0)
        or (py >= y1 and qy >= y1)
    ):
        return False
    dx, dy = qx - px, qy - py
    sides = [dx * (y - py) - dy * (x - px) > 0.0 for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    return any(sides) and not all(sides)
