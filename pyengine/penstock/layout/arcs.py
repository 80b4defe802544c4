"""How arrows bend: arcs of circles, out around the loop that they close, clear of text and of each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

from .diagram import Arrow, Box, Point
from .scene import Link, Scene, Spot
from .search import crossing, sum_of
from .shapes import ROUND, around, distance, grown, hull, overlap, pipe_boxes, segments

_BENDS = (0.1, -0.1, 0.2, -0.2, 0.0, 0.32, -0.32, 0.46, -0.46, 0.62, -0.62)
_HEAD = 7.0
_ON_SYMBOL, _ON_TEXT, _ON_PIPE, _ON_ARROW, _ALONG = 60.0, 26.0, 24.0, 20.0, 180.0


def arc(a: Point, b: Point, bend: float, levels: int = 3) -> tuple[Point, ...]:
    """Points on the arc from `a` to `b` that stands `bend` chords out to the left of its way (y downwards).

    Halving an arc halves its angle, and tan(t/2) follows from tan(t) by a square root.
    """
    points, turn = [a, b], 2.0 * bend
    for _ in range(levels):
        finer = [points[0]]
        for p, q in pairwise(points):
            out = turn / 2
            middle = (p[0] + q[0]) / 2 + (q[1] - p[1]) * out, (p[1] + q[1]) / 2 - (q[0] - p[0]) * out
            finer += [middle, q]
        points = finer
        turn = (sqrt(1.0 + turn * turn) - 1.0) / turn if abs(turn) > 1e-6 else turn / 2
    return tuple(points)


def bend_all(scene: Scene, rounds: int = 2) -> float:
    """Choose the bend of every arrow whose author did not; what the last round's choices cost."""
    spent = 0.0
    centres = _loop_centres(scene)
    spots = [(grown(spot.box(), 1.0), index) for index, spot in enumerate(scene.spots)]
    texts = [
        found.box for spot in scene.spots if spot.side != "inside" and (found := spot.label()) is not None
    ]
    pipes = [(tube.flow, box) for tube in scene.tubes for box in pipe_boxes(tube.points, 6.0)]
    for round_ in range(rounds):
        spent = 0.0
        for index, link in enumerate(scene.links):
            if link.through:
                link.course = link.course or (
                    scene.spots[link.source].centre,
                    *link.through,
                    scene.spots[link.target].centre,
                )
                continue
            if link.wanted is not None:
                link.bend = link.wanted
                link.course = course(scene, link, link.wanted)
                continue
            others = [
                (other.course, grown(hull(other.course), 0.1))
                for place, other in enumerate(scene.links)
                if place != index and other.course and (round_ or place < index)
            ]
            spent += _choose(scene, link, centres[index], spots, texts, pipes, others)
    return spent


def course(scene: Scene, link: Link, bend: float) -> tuple[Point, ...]:
    return arc(scene.spots[link.source].centre, scene.spots[link.target].centre, bend)


def _choose(
    scene: Scene,
    link: Link,
    centre: Point | None,
    spots: list[tuple[Box, int]],
    texts: list[Box],
    pipes: list[tuple[int, Box]],
    others: list[tuple[tuple[Point, ...], Box]],
) -> float:
    """Give an arrow the bend that costs least, and say what it costs."""
    ends = {link.source, link.target}
    a, b = scene.spots[link.source].centre, scene.spots[link.target].centre
    chord, outward = distance(a, b), 1.0
    if centre is not None:
        side = (b[0] - a[0]) * (centre[1] - a[1]) - (b[1] - a[1]) * (centre[0] - a[0])
        outward = 1.0 if side >= 0 else -1.0
    reach = grown(around([(*a, *a), (*b, *b)]), chord * 0.5 + 4.0)
    spots = [item for item in spots if item[1] not in ends and overlap(item[0], reach)]
    texts = [box for box in texts if overlap(box, reach)]
    pipes = [item for item in pipes if overlap(item[1], reach)]
    near = [(line, box) for line, box in others if overlap(box, reach)]
    best: tuple[float, float, tuple[Point, ...]] | None = None
    for bend in _BENDS:
        line = course(scene, link, bend)
        cost = (
            (40.0 + 0.08 * chord) * abs(bend)
            + (8.0 if bend * outward < 0 else 0.0)
            + (2.0 if bend == 0 else 0.0)
        )
        shown = clipped(line, scene.spots[link.source], scene.spots[link.target])
        room = grown(hull(shown), 0.1)
        cost += _ON_SYMBOL * sum(_runs(shown, box) for box, _ in spots if overlap(box, room))
        cost += _ON_TEXT * sum(_runs(shown, box) for box in texts if overlap(box, room))
        cost += sum_of(
            _ALONG * _share(shown, box) if flow in ends else _ON_PIPE * _runs(shown, box)
            for flow, box in pipes
            if overlap(box, room)
        )
        cost += _ON_ARROW * sum(crossings(shown, other) for other, box in near if overlap(box, room))
        if best is None or cost < best[0] - 1e-9:
            best = cost, bend, line
        if cost < 5.0:
            break  # as good as it gets
    assert best is not None
    spent, link.bend, link.course = best
    return spent


def _runs(line: Sequence[Point], box: Box) -> bool:
    """Whether a line of points enters a box; its pieces are short next to what boxes there are."""
    return any(
        box[0] < (p[0] + (q[0] - p[0]) * share) < box[2] and box[1] < (p[1] + (q[1] - p[1]) * share) < box[3]
        for p, q in pairwise(line)
        for share in (0.0, 0.34, 0.67)
    )


def _share(line: Sequence[Point], box: Box) -> float:
    """How much of a line runs in a box."""
    inside = sum(box[0] < x < box[2] and box[1] < y < box[3] for x, y in line)
    return inside / len(line)


def crossings(one: Sequence[Point], other: Sequence[Point]) -> int:
    """How often two lines of points cross, leaving aside where both begin or both end."""
    count = 0
    pieces = list(pairwise(other))
    for a, b in pairwise(one):
        for c, d in pieces:
            if (a[0] < c[0] and a[0] < d[0] and b[0] < c[0] and b[0] < d[0]) or (
                a[1] < c[1] and a[1] < d[1] and b[1] < c[1] and b[1] < d[1]
            ):
                continue
            count += crossing(a, b, c, d)
    return count


def _loop_centres(scene: Scene) -> list[Point | None]:
    """For each arrow the centre of the shortest loop that it closes; of the diagram where it closes none."""
    near: dict[int, list[int]] = {}
    for link in scene.links:
        near.setdefault(link.source, []).append(link.target)
    for tube in scene.tubes:
        for end in (tube.source, tube.target):
            if end is not None:
                near.setdefault(tube.flow, []).append(end)
    found: list[Point | None] = []
    middle = around(box for spot in scene.spots for box in [spot.box()])
    rest = (middle[0] + middle[2]) / 2, (middle[1] + middle[3]) / 2
    for link in scene.links:
        loop = [] if link.initial else _way_back(near, link.target, link.source)
        places = [scene.spots[number].centre for number in loop]
        if len(places) < 3:
            found.append(rest if not places else None)
            continue
        x, y = sum_of(p[0] for p in places) / len(places), sum_of(p[1] for p in places) / len(places)
        found.append((x, y))
    return found


def _way_back(near: dict[int, list[int]], start: int, end: int) -> list[int]:
    """The nodes of a shortest way from `start` to `end`, at most eight steps; none where there is none."""
    came, front = {start: start}, [start]
    for _ in range(8):
        following = []
        for number in front:
            for other in near.get(number, ()):
                if other not in came:
                    came[other] = number
                    following.append(other)
        if end in came:
            way = [end]
            while way[-1] != start:
                way.append(came[way[-1]])
            return way
        front = following
    return []


def clipped(line: tuple[Point, ...], source: Spot, target: Spot) -> tuple[Point, ...]:
    """The part of a centre-to-centre line that is outside of both its symbols."""
    tail = _outside(line, source, 1.5)
    head = _outside(tail[::-1], target, 3.0)
    return head[::-1]


def _outside(line: tuple[Point, ...], spot: Spot, gap: float) -> tuple[Point, ...]:
    """A line that starts in a symbol, from where it leaves it."""
    for place, (p, q) in enumerate(segments(line)):
        if _within(q, spot, gap):
            continue
        if not _within(p, spot, gap):
            return line[place:]
        low, high = 0.0, 1.0
        for _ in range(12):
            share = (low + high) / 2
            here = p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share
            low, high = (share, high) if _within(here, spot, gap) else (low, share)
        return ((p[0] + (q[0] - p[0]) * high, p[1] + (q[1] - p[1]) * high), *line[place + 1 :])
    return line[-2:]


def _within(point: Point, spot: Spot, gap: float) -> bool:
    x, y = point[0] - spot.centre[0], point[1] - spot.centre[1]
    if spot.kind in ROUND:
        reach = max(spot.size) / 2 + gap
        return x * x + y * y < reach * reach
    return abs(x) < spot.size[0] / 2 + gap and abs(y) < spot.size[1] / 2 + gap


def drawn(scene: Scene, link: Link) -> Arrow | None:
    """The arrow of a link with its ends at its symbols; None where these leave it no room."""
    whole = link.course
    if not link.through:
        whole = arc(whole[0], whole[-1], link.bend, 5)
    line = clipped(whole, scene.spots[link.source], scene.spots[link.target])
    start, end = line[0], line[-1]
    length = sum_of(distance(p, q) for p, q in segments(line))
    if length < 3.0:
        return None
    before = _back(line, min(_HEAD, length))
    far = distance(before, end) or 1.0
    heading = (end[0] - before[0]) / far, (end[1] - before[1]) / far
    if link.through:
        return Arrow(link.source, link.target, line, 0.0, 0, 0, heading, link.initial, link.drawn)
    chord, bend = distance(whole[0], whole[-1]), abs(link.bend)
    radius = chord * (0.25 + bend * bend) / (2.0 * bend) if bend > 0.004 else 0.0
    large = int(radius > 0.0 and length > 3.14159 * radius)
    sweep = int(link.bend > 0.0)
    return Arrow(
        link.source, link.target, (start, end), radius, sweep, large, heading, link.initial, link.drawn
    )


def _back(line: tuple[Point, ...], length: float) -> Point:
    """The point so far before the end of a line."""
    left = length
    for q, p in segments(line[::-1]):
        step = distance(p, q)
        if step >= left:
            share = left / step if step else 0.0
            return q[0] + (p[0] - q[0]) * share, q[1] + (p[1] - q[1]) * share
        left -= step
    return line[0]
