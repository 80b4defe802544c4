"""The call `diagram`: where a model's symbols, pipes and arrows stand, as `layout` finds it."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from ..compiler import Compiled
from ..layout import diagram
from ..model import Model
from ..protocol import Field, Record

_POINTS = Field("points", "number[][]", "pairs of x and y")

RECORDS: tuple[Record, ...] = (
    Record(
        "DiagramLabel",
        (
            Field("lines", "string[]", "the name, broken where it is long"),
            Field("x", "number", "where the anchor is"),
            Field("y", "number", "top of the first line"),
            Field("anchor", '"start" | "middle" | "end"', "which end of the text is at x"),
            Field("box", "number[]", "left, top, right, bottom"),
        ),
        "a label beside its symbol",
    ),
    Record(
        "DiagramSymbol",
        (
            Field("id", "number", "what pipes and arrows call it"),
            Field(
                "kind",
                '"stock" | "flow" | "auxiliary" | "constant" | "lookup" | "module" | "cloud" | "alias" | "comment"',
                "what it is; a flow's symbol is its valve",
            ),
            Field("name", "string", "as written; empty for clouds"),
            Field("x", "number", "centre"),
            Field("y", "number", "centre"),
            Field("width", "number", "whole size"),
            Field("height", "number", "whole size"),
            Field("label", "DiagramLabel | null", "its name, where it is shown beside"),
            Field("arrayed", "boolean", "stands for an array"),
            Field("belt", "boolean", "a conveyor or a queue"),
            Field("upright", "boolean", "a valve on a pipe that runs vertically there"),
            Field(
                "place",
                "number[]",
                "its view's number, where it stands there, and its own number there; absent where the layout is "
                "automatic",
                optional=True,
            ),
        ),
        "a symbol of a diagram",
    ),
    Record(
        "DiagramPipe",
        (
            Field("flow", "number", "id of the valve"),
            Field("source", "number | null", "id of the stock or cloud it comes from"),
            Field("target", "number | null", "id of the stock or cloud it goes to"),
            _POINTS,
        ),
        "a flow's pipe",
    ),
    Record(
        "DiagramArrow",
        (
            Field("source", "number", "id of a symbol"),
            Field("target", "number", "id of a symbol"),
            _POINTS,
            Field("radius", "number", "of an arc between the two points; 0 for a line through all of them"),
            Field("sweep", "number", "1 for a clockwise arc"),
            Field("large", "number", "1 for the longer arc"),
            Field("heading", "number[]", "direction of the head"),
            Field("initial", "boolean", "counts only for initial values"),
            Field("place", "number[]", "its view's number and its own there", optional=True),
        ),
        "an influence",
    ),
    Record(
        "DiagramFrame",
        (
            Field("title", "string", "of a sector or view"),
            Field("box", "number[]", "left, top, right, bottom"),
        ),
        "a box around what belongs together",
    ),
    Record(
        "Diagram",
        (
            Field("name", "string", "the model's or the view's"),
            Field("width", "number", "of the whole, in pixels"),
            Field("height", "number", "of the whole, in pixels"),
            Field("symbols", "DiagramSymbol[]", "in the order they are read in"),
            Field("pipes", "DiagramPipe[]", "of flows"),
            Field("arrows", "DiagramArrow[]", "between symbols"),
            Field("frames", "DiagramFrame[]", "behind the rest"),
        ),
        "a stock and flow diagram",
    ),
)

_made: WeakKeyDictionary[Compiled, dict[str, Any]] = WeakKeyDictionary()


def describe_diagram(compiled: Compiled) -> dict[str, Any]:
    """As the author drew it, else laid out automatically; made once for each compiled model."""
    if compiled not in _made:
        _made[compiled] = _placed(diagram(compiled.model).to_json(), compiled.model)
    return _made[compiled]


def _placed(made: dict[str, Any], model: Model) -> dict[str, Any]:
    """The same, with the places that symbols have in the author's views, whose coordinates are others."""
    for symbol in made["symbols"]:
        drawn = symbol.pop("drawn", None)
        if drawn is not None:
            item = model.views[drawn[0]].items[drawn[1]]
            symbol["place"] = [drawn[0], item.x, item.y, drawn[1]]
    for arrow in made["arrows"]:
        drawn = arrow.pop("drawn", None)
        if drawn is not None:
            arrow["place"] = list(drawn)
    return made
