"""What a diagram is made of: symbols, pipes, arrows and labels with their geometry, and no word on their looks.

Lengths are pixels from the upper left corner, y downwards, rounded to a tenth. Everything is a tuple or a plain
value, so `to_json` is what a page gets.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Drawn = tuple[int, int]
"""Where a symbol or an arrow is in what the author drew: the number of the view, and its own among the view's."""

SymbolKind = Literal[
    "stock", "flow", "auxiliary", "constant", "lookup", "module", "cloud", "alias", "comment"
]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text; `x` is where their anchor is, `y` the top of the first line's box."""

    lines: tuple[str, ...]
    x: float
    y: float
    anchor: Anchor
    box: Box


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol with its centre and whole size; a flow's is its valve, `upright` where its pipe runs vertically there.

    `name` is as the modeller wrote it, empty for clouds. `arrayed` ones stand for many; `belt` is a conveyor or a
    queue. An alias stands for a variable that is drawn elsewhere.
    """

    id: int
    kind: SymbolKind
    name: str
    x: float
    y: float
    width: float
    height: float
    label: Label | None = None
    arrayed: bool = False
    belt: bool = False
    upright: bool = False
    drawn: Drawn | None = None


@dataclass(frozen=True, slots=True)
class Pipe:
    """A flow's pipe from where it comes to where it goes; ends are ids of stocks or clouds, or None."""

    flow: int
    source: int | None
    target: int | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """An influence: a straight line (radius 0), an arc of a circle, or a line through points.

    `sweep` is SVG's: 1 turns clockwise on the screen. `heading` is the direction of the head, a vector of length 1.
    An `initial` arrow counts only for initial values.
    """

    source: int
    target: int
    points: tuple[Point, ...]
    radius: float
    sweep: int
    large: int
    heading: Point
    initial: bool = False
    drawn: Drawn | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A sector, or a view among several: a titled box around what belongs together."""

    title: str
    box: Box


@dataclass(frozen=True, slots=True)
class Diagram:
    name: str
    width: float
    height: float
    symbols: tuple[Symbol, ...] = ()
    pipes: tuple[Pipe, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    frames: tuple[Frame, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self, dict_factory=_known)


def _known(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Fields as a page gets them: what an author did not draw says nothing about it."""
    return {key: value for key, value in pairs if key != "drawn" or value is not None}
