"""The ways of flows: for each the candidate that covers least of what stands already and bends least.

Flows between stocks go first, straight ones before others; those from or to a cloud take the sides that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .diagram import Box, Point
from .graph import Graph
from .shapes import SIZES, box_of, distance, grown, halfway, label, lines_of, overlap, pipe_boxes, segments

Ends = tuple[int | None, int | None]
_HALF_X, _HALF_Y = SIZES["stock"][0] / 2, SIZES["stock"][1] / 2
_REACH = 96.0  # of a flow from or to a cloud
_TO: dict[str, Point] = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "above": (0.0, -1.0), "below": (0.0, 1.0)}
_OPEN_IN, _OPEN_OUT = ("left", "above", "below", "right"), ("right", "below", "above", "left")
_LABELS = {False: ("above", "below"), True: ("right", "left")}


@dataclass(frozen=True, slots=True)
class _Way:
    points: tuple[Point, ...]
    base: float
    cloud: Point | None = None


@dataclass(slots=True)
class Router:
    graph: Graph
    stocks: Mapping[int, Point]
    valves: dict[int, Point] = field(default_factory=dict)
    pipes: dict[int, tuple[Point, ...]] = field(default_factory=dict)
    clouds: dict[tuple[int, str], Point] = field(default_factory=dict)
    upright: set[int] = field(default_factory=set)
    sides: dict[int, str] = field(default_factory=dict)
    _symbols: list[Box] = field(default_factory=list)
    _tubes: list[Box] = field(default_factory=list)
    labels: dict[int, Box] = field(default_factory=dict)
    _lines: list[tuple[Point, Point]] = field(default_factory=list)

    def route(self, ends: Mapping[int, Ends]) -> None:
        self.stocks = dict(self.stocks)
        for number, centre in self.stocks.items():
            self._symbols.append(box_of(centre, SIZES["stock"]))
            self.labels[number] = self._label(number, centre, "below")
            self.sides[number] = "below"
        for flow in sorted(ends, key=lambda number: self._order(number, ends[number])):
            self._take(flow, ends[flow])
        self._name_stocks()

    def solids(self) -> list[Box]:
        boxes = [grown(box, 4.0) for box in (*self._symbols, *self._tubes)]
        return boxes + [grown(box, 2.0) for box in self.labels.values()]

    def _order(self, flow: int, ends: Ends) -> tuple[int, float, int]:
        source, target = ends
        if source is None or target is None:
            return (2 if source != target else 3), 0.0, flow
        (x0, y0), (x1, y1) = self.stocks[source], self.stocks[target]
        return int(x0 != x1 and y0 != y1), distance((x0, y0), (x1, y1)), flow

    def _label(self, number: int, centre: Point, side: str) -> Box:
        kind, name = self.graph.nodes[number].kind, self.graph.nodes[number].name
        return label(kind, lines_of(kind, name), centre, SIZES[kind], side).box

    def _take(self, flow: int, ends: Ends) -> None:
        """Choose the cheapest way and the side of the label on it, the first of equals."""
        best: tuple[float, _Way, str] | None = None
        for way in self._ways(ends):
            centre, upright = halfway(way.points)
            for preference, side in enumerate(_LABELS[upright]):
                cost = (
                    way.base + 6.0 * preference + self._covered(way, self._label(flow, centre, side), centre)
                )
                if best is None or cost < best[0] - 1e-9:
                    best = cost, way, side
        assert best is not None
        _, way, side = best
        centre, upright = halfway(way.points)
        self.valves[flow], self.sides[flow], self.pipes[flow] = centre, side, way.points
        if upright:
            self.upright.add(flow)
        self._symbols.append(box_of(centre, SIZES["flow"]))
        self._tubes += pipe_boxes(way.points)
        self._lines += segments(way.points)
        self.labels[flow] = self._label(flow, centre, side)
        for end, stock, at in (("source", ends[0], way.points[0]), ("target", ends[1], way.points[-1])):
            if stock is None:
                self.clouds[flow, end] = at
                self._symbols.append(box_of(at, SIZES["cloud"]))

    def _covered(self, way: _Way, text: Box, centre: Point) -> float:
        """What a way would cover: stocks and valves weigh most, then labels, then pipes."""
        cost = distance_of(way.points) * 0.1 + 14.0 * (len(way.points) - 2)
        tubes = pipe_boxes(_shortened(way.points))
        valve = grown(box_of(centre, SIZES["flow"]), 3.0)
        clouds = [] if way.cloud is None else [grown(box_of(way.cloud, SIZES["cloud"]), 4.0)]
        for box in self._symbols:
            cost += 120.0 * any(overlap(box, mine) for mine in (*tubes, valve, text, *clouds))
        for number, box in self.labels.items():
            weight = 30.0 if self.graph.nodes[number].kind == "stock" else 90.0
            cost += weight * any(overlap(box, mine) for mine in (*tubes, valve, *clouds))
            cost += 90.0 * overlap(box, text)
        for box in self._tubes:
            cost += 60.0 * any(overlap(grown(box, 3.0), mine) for mine in (valve, text, *clouds))
            cost += 40.0 * any(overlap(grown(box, 2.0), mine) for mine in tubes)
        return cost

    def _ways(self, ends: Ends) -> Iterator[_Way]:
        source, target = ends
        if source is not None and target is not None and source != target:
            yield from _between(self.stocks[source], self.stocks[target])
        elif source is not None and target is not None:
            yield from _around(self.stocks[source])
        elif target is not None:
            for way in _loose(self.stocks[target], _OPEN_IN):
                yield _Way(way.points[::-1], way.base, way.points[-1])
        elif source is not None:
            for way in _loose(self.stocks[source], _OPEN_OUT):
                yield _Way(way.points, way.base, way.points[-1])
        else:
            yield _Way(((-70.0, 0.0), (70.0, 0.0)), 0.0)

    def _name_stocks(self) -> None:
        """A stock's name goes below it, or where pipes leave room."""
        for number, centre in self.stocks.items():
            own = self.labels.pop(number)
            taken = [*self._symbols, *self._tubes, *self.labels.values()]
            sides = ("below", "above", "below right", "below left", "above right", "above left")
            for side in sides:
                box = self._label(number, centre, side)
                if not any(overlap(box, other) for other in taken):
                    self.sides[number], own = side, box
                    break
            self.labels[number] = own


def distance_of(points: tuple[Point, ...]) -> float:
    total = 0.0
    for one, other in segments(points):
        total += distance(one, other)
    return total


def _shortened(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Without the last pixels at both ends, which touch the symbols there."""
    first, last = _nearer(points[0], points[1]), _nearer(points[-1], points[-2])
    return (first, *points[1:-1], last)


def _nearer(end: Point, before: Point) -> Point:
    length = distance(end, before)
    share = min(1.0, 8.0 / length) if length else 0.0
    return end[0] + (before[0] - end[0]) * share, end[1] + (before[1] - end[1]) * share


def _port(centre: Point, side: str, off: float) -> Point:
    """A point on a side of a stock, `off` from its middle."""
    dx, dy = _TO[side]
    return centre[0] + dx * _HALF_X + off * abs(dy), centre[1] + dy * _HALF_Y + off * abs(dx)


def _between(a: Point, b: Point) -> Iterator[_Way]:
    """Straight ways first, then with one corner, then around."""
    level, plumb = a[1] == b[1], a[0] == b[0]
    if level:
        side, back = ("right", "left") if a[0] < b[0] else ("left", "right")
        for off in (0.0, 10.0, -10.0):
            yield _Way((_port(a, side, off), _port(b, back, off)), abs(off) * 0.5)
    if plumb:
        side, back = ("below", "above") if a[1] < b[1] else ("above", "below")
        for off in (0.0, 16.0, -16.0):
            yield _Way((_port(a, side, off), _port(b, back, off)), abs(off) * 0.5)
    right, down = b[0] > a[0], b[1] > a[1]
    if not level and not plumb:
        for off in (0.0, 10.0, -10.0):
            start = _port(a, "right" if right else "left", off)
            end = _port(b, "above" if down else "below", off)
            yield _Way((start, (end[0], start[1]), end), abs(off) * 0.5)
            start = _port(a, "below" if down else "above", off)
            end = _port(b, "left" if right else "right", off)
            yield _Way((start, (start[0], end[1]), end), abs(off) * 0.5)
    for lane in (66.0, 108.0, 150.0, 192.0, 234.0, 276.0):
        for side, sign in (("above", -1.0), ("below", 1.0)):
            level_of = min if sign < 0 else max
            y = level_of(a[1], b[1]) + sign * lane
            for off in (0.0, 14.0, -14.0):
                start, end = _port(a, side, off), _port(b, side, -off)
                if start[0] != end[0]:
                    yield _Way((start, (start[0], y), (end[0], y), end), abs(off) * 0.5 + (lane - 66.0) * 0.1)
        for side, sign in (("left", -1.0), ("right", 1.0)):
            level_of = min if sign < 0 else max
            x = level_of(a[0], b[0]) + sign * (lane + 40.0)
            start, end = _port(a, side, 0.0), _port(b, side, 0.0)
            if start[1] != end[1]:
                yield _Way((start, (x, start[1]), (x, end[1]), end), 4.0 + (lane - 66.0) * 0.1)


def _around(centre: Point) -> Iterator[_Way]:
    """From a stock back to itself."""
    for sign, side in ((-1.0, "above"), (1.0, "below")):
        y = centre[1] + sign * 66.0
        start, end = _port(centre, "right", 0.0), _port(centre, side, 0.0)
        yield _Way((start, (start[0] + 30.0, start[1]), (start[0] + 30.0, y), (end[0], y), end), 0.0)


def _loose(centre: Point, sides: Iterable[str]) -> Iterator[_Way]:
    """From a stock to a cloud: straight off a side, or out at a side and off in a comb."""
    for preference, side in enumerate(sides):
        dx, dy = _TO[side]
        upright = dx == 0.0
        for off in (0.0, 10.0, -10.0, 18.0, -18.0) if upright else (0.0, 11.0, -11.0):
            for reach in (_REACH, _REACH + 40.0, _REACH + 90.0, _REACH + 150.0):
                start = _port(centre, side, off)
                end = start[0] + dx * reach, start[1] + dy * reach
                yield _Way((start, end), 9.0 * preference + abs(off) * 0.5 + (reach - _REACH) * 0.3)
        for step in (1, 2, 3, 4, 5, 6):
            for sign in (-1.0, 1.0):
                off = sign * (20.0 if upright else 13.0)
                start = _port(centre, side, off)
                aside = sign * step * (100.0 if upright else 56.0)
                out = 16.0 + 9.0 * step
                knee = start[0] + dx * out, start[1] + dy * out
                turn = (knee[0] + aside, knee[1]) if upright else (knee[0], knee[1] + aside)
                end = turn[0] + dx * _REACH, turn[1] + dy * _REACH
                yield _Way((start, knee, turn, end), 9.0 * preference + 10.0 + 12.0 * step)
