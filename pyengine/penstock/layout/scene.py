"""A diagram in the making: symbols, pipes and arrows whose labels and bends are still to be chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .diagram import Arrow, Box, Diagram, Drawn, Frame, Label, Pipe, Point, Symbol, SymbolKind
from .shapes import INSIDE, around, box_of, label, lines_of, moved, pipe_boxes, size_of

MARGIN = 16.0


@dataclass(slots=True)
class Spot:
    """A symbol with its place; `side` is where its label stands, `fixed` if no better side may be looked for.

    `liked` is the side that an author chose, which is left only where something is in the way.
    """

    kind: SymbolKind
    name: str
    centre: Point
    size: Point
    lines: tuple[str, ...] = ()
    side: str = "below"
    fixed: bool = False
    liked: str = ""
    arrayed: bool = False
    belt: bool = False
    upright: bool = False
    drawn: Drawn | None = None

    def box(self) -> Box:
        return box_of(self.centre, self.size)

    def label(self, side: str = "") -> Label | None:
        if not self.lines:
            return None
        return label(self.kind, self.lines, self.centre, self.size, side or self.side)


def spot(kind: SymbolKind, name: str, centre: Point, **more: object) -> Spot:
    """A symbol of the house's size with its text."""
    lines = () if kind == "cloud" else lines_of(kind, name)
    side = "inside" if kind in INSIDE else "below"
    return Spot(kind, name, centre, size_of(kind, lines), lines, **{"side": side, **more})  # type: ignore[arg-type]


@dataclass(slots=True)
class Tube:
    flow: int
    source: int | None
    target: int | None
    points: tuple[Point, ...]


@dataclass(slots=True)
class Link:
    """An arrow between spots; `course` is what it runs along, centre to centre, once that is chosen.

    `wanted` is the bend that an author drew, as the sagitta's share of the chord; `through` are an author's points.
    """

    source: int
    target: int
    initial: bool = False
    wanted: float | None = None
    through: tuple[Point, ...] = ()
    bend: float = 0.0
    course: tuple[Point, ...] = ()
    drawn: Drawn | None = None


@dataclass(slots=True)
class Scene:
    spots: list[Spot] = field(default_factory=list)
    tubes: list[Tube] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    settled: bool = False  # whether labels have been placed with bends in mind

    def boxes(self) -> list[Box]:
        """Everything that has an area: symbols, labels, pipes."""
        labels = (found.box for spot in self.spots if (found := spot.label()) is not None)
        pipes = (box for tube in self.tubes for box in pipe_boxes(tube.points))
        return [*(spot.box() for spot in self.spots), *labels, *pipes]


@dataclass(slots=True)
class Sheet:
    """Finished parts of a diagram, in coordinates of their own."""

    symbols: list[Symbol] = field(default_factory=list)
    pipes: list[Pipe] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    box: Box = (0.0, 0.0, 0.0, 0.0)


def tenth(value: float) -> float:
    return round(value * 10.0) / 10.0 + 0.0


def tenths(box: Box) -> Box:
    return tenth(box[0]), tenth(box[1]), tenth(box[2]), tenth(box[3])


def joined(name: str, sheets: Iterable[tuple[Sheet, Point]]) -> Diagram:
    """One diagram of sheets, each moved to its place, with a margin around all."""
    placed = list(sheets)
    whole = around(moved(sheet.box, *at) for sheet, at in placed)
    symbols: list[Symbol] = []
    pipes: list[Pipe] = []
    arrows: list[Arrow] = []
    frames: list[Frame] = []
    for sheet, (x, y) in placed:
        dx, dy, first = x + MARGIN - whole[0], y + MARGIN - whole[1], len(symbols)
        symbols += [_symbol(item, first, dx, dy) for item in sheet.symbols]
        pipes += [_pipe(item, first, dx, dy) for item in sheet.pipes]
        arrows += [_arrow(item, first, dx, dy) for item in sheet.arrows]
        frames += [Frame(item.title, tenths(moved(item.box, dx, dy))) for item in sheet.frames]
    width, height = whole[2] - whole[0] + 2 * MARGIN, whole[3] - whole[1] + 2 * MARGIN
    parts = tuple(symbols), tuple(pipes), tuple(arrows), tuple(frames)
    return Diagram(name, tenth(width), tenth(height), *parts)


def _symbol(item: Symbol, first: int, dx: float, dy: float) -> Symbol:
    text = item.label
    if text is not None:
        box = tenths(moved(text.box, dx, dy))
        text = Label(text.lines, tenth(text.x + dx), tenth(text.y + dy), text.anchor, box)
    return Symbol(
        item.id + first,
        item.kind,
        item.name,
        tenth(item.x + dx),
        tenth(item.y + dy),
        tenth(item.width),
        tenth(item.height),
        text,
        item.arrayed,
        item.belt,
        item.upright,
        item.drawn,
    )


def _points(points: tuple[Point, ...], dx: float, dy: float) -> tuple[Point, ...]:
    return tuple((tenth(x + dx), tenth(y + dy)) for x, y in points)


def _pipe(item: Pipe, first: int, dx: float, dy: float) -> Pipe:
    source = None if item.source is None else item.source + first
    target = None if item.target is None else item.target + first
    return Pipe(item.flow + first, source, target, _points(item.points, dx, dy))


def _arrow(item: Arrow, first: int, dx: float, dy: float) -> Arrow:
    heading = round(item.heading[0], 3) + 0.0, round(item.heading[1], 3) + 0.0
    ends = item.source + first, item.target + first
    points, radius = _points(item.points, dx, dy), tenth(item.radius)
    return Arrow(*ends, points, radius, item.sweep, item.large, heading, item.initial, item.drawn)
