"""Which side of its symbol a label takes: free of all symbols, labels and pipes, and of arrows if it can be."""

from __future__ import annotations

from collections.abc import Sequence

from .arcs import clipped
from .diagram import Box, Point
from .scene import Scene, Spot
from .shapes import ROUND, SIDES, around, grown, hull, overlap, pipe_boxes, segments

_PREFERENCE = dict(zip(SIDES, (0.0, 3.0, 1.5, 2.0, 5.0, 6.0, 7.0, 8.0, 9.0), strict=True))
_FLOW = {False: ("above", "below"), True: ("right", "left")}
_STOCK = ("below", "above", "below right", "below left", "above right", "above left")
_ARROW, _LEFT, _TOUCH = 12.0, 5.0, 10.0


def place_labels(scene: Scene, rounds: int = 2) -> None:
    """Give every label that may move its best side, given where the others are."""
    lines = [
        _samples(clipped(link.course, scene.spots[link.source], scene.spots[link.target]))
        for link in scene.links
        if link.course
    ]
    hulls = [hull(line) for line in lines]
    pipes = [box for tube in scene.tubes for box in pipe_boxes(tube.points)]
    symbols = [spot.box() for spot in scene.spots]
    for _ in range(rounds):
        texts = [None if (found := spot.label()) is None else found.box for spot in scene.spots]
        for index, spot in enumerate(scene.spots):
            if spot.fixed or not spot.lines or spot.side == "inside":
                continue
            best: tuple[float, str] | None = None
            sides = _sides(spot)
            choices = [found.box for side in sides if (found := spot.label(side)) is not None]
            reach = grown(around(choices), 2.0)
            near = [box for box in pipes if overlap(box, reach)]
            near += [box for n, box in enumerate(symbols) if n != index and overlap(box, reach)]
            near += [
                box for n, box in enumerate(texts) if n != index and box is not None and overlap(box, reach)
            ]
            passing = [
                line for line, box in zip(lines, hulls, strict=True) if overlap(grown(box, 0.1), reach)
            ]
            for side, box in zip(sides, choices, strict=True):
                room = grown(box, 1.5)
                cost = 0.0 if side == spot.side else 1.0
                cost += _LEFT if spot.liked else 0.0
                cost = 0.0 if side == spot.liked else cost + _preference(spot.kind, side, spot.upright)
                cost += 1000.0 * sum(overlap(box, other) for other in near)
                cost += _TOUCH * sum(overlap(room, other) for other in near)
                cost += _ARROW * sum(_meets(line, box) for line in passing)
                if best is None or cost < best[0] - 1e-9:
                    best = cost, side
            assert best is not None
            spot.side = best[1]
            found = spot.label()
            texts[index] = None if found is None else found.box


def _sides(spot: Spot) -> Sequence[str]:
    if spot.kind == "stock":
        return _STOCK
    return SIDES[:8] if spot.kind in ROUND else ("below",)


def _preference(kind: str, side: str, upright: bool) -> float:
    if kind == "flow":
        order = (*_FLOW[upright], *_FLOW[not upright])
        return 3.0 * order.index(side) if side in order else 9.0
    return _PREFERENCE[side]


def _samples(line: tuple[Point, ...]) -> list[Point]:
    """Points along a line, a few pixels apart."""
    return [
        (p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share)
        for p, q in segments(line)
        for share in (0.0, 0.25, 0.5, 0.75)
    ]


def _meets(line: list[Point], box: Box) -> bool:
    x0, y0, x1, y1 = box
    return any(x0 < x < x1 and y0 < y < y1 for x, y in line)
