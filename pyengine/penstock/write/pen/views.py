"""Diagrams as a block of lines that may be deleted; nothing else depends on them."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Connector, View, ViewItem
from ..expression import Printer, number
from . import texts


def lines(printer: Printer, view: View) -> Iterator[str]:
    yield texts.title("view", view.name)
    if view.format or view.style:
        yield f"  looks {texts.text(view.format)} {texts.text(view.style)}"
    for item in view.items:
        yield f"  {_symbol(printer, item)}"
    for word, connectors in (("arrow", view.connectors), ("pipe", view.pipes)):
        for connector in connectors:
            yield f"  {_arrow(printer, word, connector)}"


def _symbol(printer: Printer, item: ViewItem) -> str:
    words: list[str] = ["aux" if item.kind == "auxiliary" else item.kind]
    if item.kind in _TEXTS:
        words.append(texts.text(item.name))
    elif item.name:
        words.append(printer.name(item.name))
    words += _place(item.x, item.y, item.width, item.height)
    if item.points:
        words += ["pipe", *(_point(*point) for point in item.points)]
    if item.label is not None:
        label = item.label
        inner = _place(label.x, label.y, label.width, label.height)
        if label.uid:
            inner.append(str(label.uid))
        if label.style:
            inner.append(texts.text(label.style))
        words.append(f"label ({' '.join(inner)})")
    return " ".join([*words, *_extras(item.uid, item.style)])


_TEXTS = ("comment", "picture")
"""Symbols whose names are any text."""


def _arrow(printer: Printer, word: str, connector: Connector) -> str:
    extras = _extras(connector.uid, "")
    if connector.ends != (0, 0):
        extras.append(f"ends {_point(*connector.ends)}")
    extras += _extras(0, connector.style)
    words = [word, printer.name(connector.source) if connector.source else ""]
    words += ["->", printer.name(connector.target) if connector.target else ""]
    if connector.angle is not None or extras:
        words.append("()" if connector.angle is None else f"({number(connector.angle)})")
    return " ".join(filter(None, [*words, *extras]))


def arrow_line(printer: Printer, connector: Connector) -> str:
    """The line of an arrow, without its margin."""
    return _arrow(printer, "arrow", connector)


def _place(x: float, y: float, width: float, height: float) -> list[str]:
    return [_point(x, y)] if width == height == 0.0 else [_point(x, y), _point(width, height)]


def _point(x: float, y: float) -> str:
    return f"({number(x)}, {number(y)})"


def _extras(uid: int, style: str) -> list[str]:
    """What another format needs to draw the same again."""
    return [*([f"id ({uid})"] if uid else []), *([f"style {texts.text(style)}"] if style else [])]
