"""XMILE's diagrams as views, as far as they can be made out: a drawing never fails a model.

What is not read stays with what it stands in: the looks of a symbol with the symbol, other objects with their view,
and views that show no diagram with the model (see `kept`).
"""

from __future__ import annotations

from collections.abc import Mapping

from ...changing import replace
from ...model import Connector, View, ViewItem, ViewKind
from ..dialects import plain
from .kept import FORMAT, Said, rest
from .tree import Element, referred

_KINDS: Mapping[str, ViewKind] = {
    "stock": "stock",
    "flow": "flow",
    "aux": "auxiliary",
    "gf": "auxiliary",
    "module": "auxiliary",
    "cloud": "cloud",
    "text_box": "comment",
    "alias": "alias",
}

_ITEM = Said(("x", "y", "width", "height"), ("of", "pts"))
_CONNECTOR = Said(("angle",), ("from", "to"))
_VIEW = Said(("type", "view_type"), (*_KINDS, "connector"))


def _has_place(item: Element) -> bool:
    return item.number("x") is not None and item.number("y") is not None


def _is_diagram(view: Element) -> bool:
    kind = view.attributes.get("view_type", view.attributes.get("type", "stock_flow"))
    return kind == "stock_flow" and any(map(_has_place, view.all(*_KINDS)))


VIEWS = Said(whole=("view",), unless=lambda child: not _is_diagram(child))
"""What `read_views` reads of ``<views>``."""


def read_views(model: Element) -> tuple[View, ...]:
    """The stock-and-flow views of a model that draw something; other views show results."""
    return tuple(
        _view(view, f"View {number}")
        for views in model.all("views")
        for number, view in enumerate(views.all("view"), start=1)
        if _is_diagram(view)
    )


def _view(view: Element, name: str) -> View:
    aliases = {alias.attributes.get("uid", ""): referred(alias.text_of("of")) for alias in view.all("alias")}
    items = {id(child): _item(child) for child in view.all(*_KINDS) if _has_place(child)}
    arrows = {id(child): _connector(child, aliases) for child in view.all("connector")}
    connectors = {key: arrow for key, arrow in arrows.items() if arrow}
    drawn = items.keys() | connectors.keys()
    return View(
        plain(view.attributes.get("name", "")) or name,
        tuple(items.values()),
        tuple(connectors.values()),
        format=FORMAT,
        style=rest(view, replace(_VIEW, unless=lambda child: id(child) not in drawn)),
    )


def _item(element: Element) -> ViewItem:
    """A symbol; with a width or a height, its place is its upper left corner, else its middle."""
    kind = _KINDS[element.tag]
    x, y = element.number("x") or 0.0, element.number("y") or 0.0
    width, height = (element.number("width") or 0.0) / 2, (element.number("height") or 0.0) / 2
    name = plain(element.attributes.get("name", "").strip('"')) or referred(element.text_of("of"))
    points = element.get("pts")
    pipe = [(pt.number("x"), pt.number("y")) for pt in points.all("pt")] if points else []
    return ViewItem(
        kind,
        name or (element.text if kind == "comment" else ""),
        middle_of(x, width),
        middle_of(y, height),
        width,
        height,
        tuple((x, y) for x, y in pipe if x is not None and y is not None),
        uid=_uid(element),
        style=_looks(element, _ITEM),
    )


def middle_of(corner: float, half: float) -> float:
    """Where the middle is of something that begins at a corner; to a millionth, since such sums are not exact."""
    return round(corner + half, 6) if half else corner


def _uid(element: Element | None) -> int:
    uid = element.attributes.get("uid", "").strip() if element else ""
    return int(uid) if uid.isdecimal() and len(uid) < 10 else 0


def _looks(element: Element, said: Said) -> str:
    """What is kept of a symbol; with its number, if that is none that symbols have here."""
    return rest(element, replace(said, attributes=("uid", *said.attributes)) if _uid(element) else said)


def _connector(element: Element, aliases: Mapping[str, str]) -> Connector | None:
    """An arrow; it may start at an alias, by the alias's uid."""
    start = element.get("from")
    alias = start.get("alias") if start else None
    source = aliases.get(alias.attributes.get("uid", ""), "") if alias else referred(element.text_of("from"))
    target = referred(element.text_of("to"))
    if not (source and target):
        return None
    return Connector(
        source,
        target,
        element.number("angle"),
        uid=_uid(element),
        ends=(_uid(alias), 0),
        style=_looks(element, _CONNECTOR),
    )
