"""Diagrams: where the symbols of a view stand, and the arrows between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from ...errors import error
from ...model import Connector, Label, View, ViewItem, ViewKind
from ..expression import Parser
from . import parts
from .lines import Line
from .variables import title

SYMBOLS: Mapping[str, ViewKind] = {
    "aux" if kind == "auxiliary" else kind: kind for kind in get_args(ViewKind)
}
"""The words that symbols' lines start with."""


class ViewBlock:
    """One view while its lines are read."""

    def __init__(self, line: Line) -> None:
        self.header = line
        self.name = ""
        self.look = ("", "")
        self.items: list[ViewItem] = []
        self.connectors: list[Connector] = []
        self.pipes: list[Connector] = []

    def open(self) -> None:
        """``view NAME``"""
        self.name, _ = title(self.header)

    def view(self) -> View:
        format, style = self.look
        return View(self.name, tuple(self.items), tuple(self.connectors), tuple(self.pipes), format, style)

    def symbol_line(self, line: Line) -> None:
        """``KIND NAME (x, y) (half width, half height) …``"""
        self.items.append(line.part("symbol", _symbol))

    def arrow_line(self, line: Line) -> None:
        """``arrow NAME -> NAME (angle) …``, or ``pipe NAME -> NAME …``"""
        (self.connectors if line.word == "arrow" else self.pipes).append(line.part("arrow", _arrow))

    def looks_line(self, line: Line) -> None:
        """``looks "format" "style"``"""
        parser = line.parser()
        texts = [parts.text_of(parser.expect("string", "a text in quotes")) for _ in range(2)]
        parser.finish("the end of the line")
        self.look = (texts[0], texts[1])


def _symbol(line: Line) -> ViewItem:
    parser = line.parser()
    name = ""
    if parser.token.kind == "string":
        name = parts.texts(parser)
    elif parser.token.kind == "name":
        name = parser.advance().text
    x, y = parser.point()
    width, height = parser.point() if parser.token.kind == "(" else (0.0, 0.0)
    given = _clauses(parser, "pipe", "label", "id", "style")
    return ViewItem(SYMBOLS[line.word], name, x, y, width, height, **given)


def _arrow(line: Line) -> Connector:
    parser = line.parser()
    source = parser.advance().text if parser.token.kind == "name" else ""
    parser.expect("->")
    target = parser.advance().text if parser.token.kind == "name" else ""
    angle = _angle(parser) if parser.token.kind == "(" else None
    return Connector(source, target, angle, **_clauses(parser, "id", "ends", "style"))


def _clauses(parser: Parser, *known: str) -> dict[str, Any]:
    """What follows a place, each clause once at most, to the end of the line."""
    found: dict[str, Any] = {}
    while parser.token.kind == "name":
        word = parser.advance()
        key = word.text.lower()
        if key not in known:
            advice = f"Here may stand {', '.join(known)}."
            raise error("PEN105", parser.span_of(word), text=word.text, advice=advice)
        field = "points" if key == "pipe" else "uid" if key == "id" else key
        if field in found:
            raise error("PEN106", parser.span_of(word), what=f"`{key}`")
        found[field] = _READERS[key](parser)
    parser.finish("the end of the line")
    return found


def _points(parser: Parser) -> tuple[tuple[float, float], ...]:
    points = [parser.point()]
    while parser.token.kind == "(":
        points.append(parser.point())
    return tuple(points)


def _number(parser: Parser) -> float:
    opened = parser.expect("(", "a number in parentheses")
    value = parser.signed_number()
    parser.close(")", opened)
    return value


def _angle(parser: Parser) -> float | None:
    """``(angle)``, or ``()`` to end a name"""
    if parser.peek() != ")":
        return _number(parser)
    parser.advance()
    parser.advance()
    return None


def _label(parser: Parser) -> Label:
    """``(x, y) (half width, half height) id style``, in parentheses"""
    opened = parser.expect("(", "the place of the label in parentheses")
    x, y = parser.point()
    width, height = parser.point() if parser.token.kind == "(" else (0.0, 0.0)
    given: dict[str, Any] = {}
    if parser.token.kind == "number":
        given["uid"] = int(parser.signed_number())
    if parser.token.kind == "string":
        given["style"] = parts.texts(parser)
    parser.close(")", opened)
    return Label(x, y, width, height, **given)


def _ends(parser: Parser) -> tuple[int, int]:
    start, end = parser.point()
    return int(start), int(end)


_READERS: Mapping[str, Any] = {
    "pipe": _points,
    "label": _label,
    "id": lambda parser: int(_number(parser)),
    "ends": _ends,
    "style": parts.texts,
}
