"""Sizes of symbols, boxes, and where a label may stand beside its symbol; the house style in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt

from .diagram import Anchor, Box, Label, Point, SymbolKind
from .text import LINE, shown, width, wrap

SIZES: Mapping[SymbolKind, Point] = {
    "stock": (60.0, 40.0),
    "flow": (20.0, 20.0),
    "auxiliary": (16.0, 16.0),
    "constant": (16.0, 16.0),
    "lookup": (20.0, 20.0),
    "module": (96.0, 52.0),
    "cloud": (30.0, 20.0),
    "alias": (0.0, 0.0),
    "comment": (0.0, 0.0),
}
"""Whole sizes; those of texts come from their words."""

BOLD: frozenset[SymbolKind] = frozenset(("stock", "module"))
INSIDE: frozenset[SymbolKind] = frozenset(("alias", "comment", "module"))
"""Whose text stands in the symbol."""

ROUND: frozenset[SymbolKind] = frozenset(("auxiliary", "constant", "lookup", "flow"))
GAP = 3.0
"""Between a symbol and its label."""


@lru_cache(maxsize=1 << 13)
def lines_of(kind: SymbolKind, name: str) -> tuple[str, ...]:
    """A symbol's text as it is shown."""
    text = shown(name)
    if kind == "alias":
        text = f"‹{text}›"
    return wrap(text, 150.0 if kind == "comment" else 100.0, bold=kind in BOLD)


@lru_cache(maxsize=1 << 14)
def extent(kind: SymbolKind, lines: tuple[str, ...]) -> Point:
    """Width and height of a text."""
    return max((width(line, bold=kind in BOLD) for line in lines), default=0.0), LINE * len(lines)


def size_of(kind: SymbolKind, lines: tuple[str, ...]) -> Point:
    wide, high = SIZES[kind]
    if kind in INSIDE:
        text_wide, text_high = extent(kind, lines)
        margin = 20.0 if kind == "module" else 4.0
        return max(wide, text_wide + margin), max(high, text_high + margin / 2)
    return wide, high


SIDES = (
    "below",
    "above",
    "right",
    "left",
    "below right",
    "below left",
    "above right",
    "above left",
    "inside",
)


def label(kind: SymbolKind, lines: tuple[str, ...], centre: Point, size: Point, side: str) -> Label:
    """The label of a symbol at one of its sides."""
    x, y = centre
    wide, high = extent(kind, lines)
    half_x, half_y = size[0] / 2 + GAP, size[1] / 2 + GAP
    diagonal = " " in side
    if diagonal and kind in ROUND:
        half_x, half_y = half_x * 0.72, half_y * 0.6
    elif diagonal:
        half_x = 8.0  # beside a pipe that leaves in the middle
    top = y - high / 2
    if side.startswith("below"):
        top = y + half_y
    elif side.startswith("above"):
        top = y - half_y - high
    anchor: Anchor = "middle"
    left = x - wide / 2
    if side.endswith("right"):
        anchor, left = "start", x + half_x
    elif side.endswith("left"):
        anchor, left = "end", x - half_x - wide
    at = {"start": left, "middle": left + wide / 2, "end": left + wide}[anchor]
    return Label(lines, at, top, anchor, (left, top, left + wide, top + high))


def box_of(centre: Point, size: Point) -> Box:
    (x, y), (wide, high) = centre, size
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def moved(box: Box, dx: float, dy: float) -> Box:
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around boxes; one of no size where there are none."""
    found = list(boxes)
    if not found:
        return 0.0, 0.0, 0.0, 0.0
    return (
        min(box[0] for box in found),
        min(box[1] for box in found),
        max(box[2] for box in found),
        max(box[3] for box in found),
    )


def hull(points: Sequence[Point]) -> Box:
    """The smallest box around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def segments(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    return pairwise(points)


def pipe_boxes(points: tuple[Point, ...], half: float = 5.0) -> list[Box]:
    """The boxes that a pipe of right angles covers; those of a slanted part cover its course piecewise."""
    boxes = []
    for (x0, y0), (x1, y1) in segments(points):
        slanted = abs(x1 - x0) > 0.5 and abs(y1 - y0) > 0.5
        count = max(1, int(distance((x0, y0), (x1, y1)) / 8.0)) if slanted else 1
        for step in range(count):
            a, b = step / count, (step + 1) / count
            xs = x0 + (x1 - x0) * a, x0 + (x1 - x0) * b
            ys = y0 + (y1 - y0) * a, y0 + (y1 - y0) * b
            boxes.append((min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half))
    return boxes


def distance(one: Point, other: Point) -> float:
    """By a square root, which is the same on every machine to the last bit, as `hypot` need not be."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    return sqrt(dx * dx + dy * dy)


def halfway(points: tuple[Point, ...]) -> tuple[Point, bool]:
    """The middle of the longest part of a pipe, and whether that part is upright."""
    (x0, y0), (x1, y1) = max(segments(points), key=lambda pair: round(distance(*pair), 3))
    return ((x0 + x1) / 2, (y0 + y1) / 2), abs(y1 - y0) > abs(x1 - x0)
