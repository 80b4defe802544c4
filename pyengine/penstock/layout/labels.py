"""Which side of its symbol a label takes: free of all symbols, labels and pipes, and of arrows if it can be."""

from __future__ import annotations

from collections.abc import Sequence

from .arcs import clipped
from .diagram import Box, Point
from .scene import Scene
from .shapes import ROUND, SIDES, grown, overlap, pipe_boxes, segments

_PREFERENCE = dict(zip(SIDES, (0.0, 3.0, 1.5, 2.0, 5.0, 6.0, 7.0, 8.0, 9.0), strict=True))
_FLOW = {False: ("above", "below"), True: ("right", "left")}
_STOCK = ("below", "above", "below right", "below left", "above right", "above left")
_ARROW = 12.0


def place_labels(scene: Scene, rounds: int = 2) -> None:
    """Give every label that may move its best side, given where the others are."""
    lines = [
        clipped(link.course, scene.spots[link.source], scene.spots[link.target])
        for link in scene.links
        if link.course
    ]
    pipes = [box for tube in scene.tubes for box in pipe_boxes(tube.points)]
    symbols = [spot.box() for spot in scene.spots]
    for _ in range(rounds):
        texts = [None if (found := spot.label()) is None else found.box for spot in scene.spots]
        for index, spot in enumerate(scene.spots):
            if spot.fixed or not spot.lines or spot.side == "inside":
                continue
            best: tuple[float, str] | None = None
            for side in _sides(scene, index):
                found = spot.label(side)
                assert found is not None
                box = found.box
                room = grown(box, 1.5)
                cost = 0.0 if side == spot.side else 1.0
                cost += _preference(spot.kind, side, spot.upright)
                cost += 1000.0 * sum(overlap(room, other) for other in pipes)
                cost += 1000.0 * sum(overlap(room, other) for n, other in enumerate(symbols) if n != index)
                cost += 1000.0 * sum(
                    overlap(room, other) for n, other in enumerate(texts) if n != index and other is not None
                )
                cost += _ARROW * sum(_meets(line, box) for line in lines)
                if best is None or cost < best[0] - 1e-9:
                    best = cost, side
            assert best is not None
            spot.side = best[1]
            found = spot.label()
            texts[index] = None if found is None else found.box


def _sides(scene: Scene, index: int) -> Sequence[str]:
    spot = scene.spots[index]
    if spot.kind == "stock":
        return _STOCK
    return SIDES[:8] if spot.kind in ROUND else ("below",)


def _preference(kind: str, side: str, upright: bool) -> float:
    if kind == "flow":
        order = (*_FLOW[upright], *_FLOW[not upright])
        return 3.0 * order.index(side) if side in order else 9.0
    return _PREFERENCE[side]


def _meets(line: Sequence[Point], box: Box) -> bool:
    x0, y0, x1, y1 = box
    return any(
        x0 < p[0] + (q[0] - p[0]) * share < x1 and y0 < p[1] + (q[1] - p[1]) * share < y1
        for p, q in segments(tuple(line))
        for share in (0.0, 0.25, 0.5, 0.75)
    )
