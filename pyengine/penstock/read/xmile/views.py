"""XMILE's diagrams as views, as far as they can be made out: a drawing never fails a model."""

from __future__ import annotations

from collections.abc import Mapping

from ...model import Connector, View, ViewItem, ViewKind
from ..dialects import plain
from .tree import Element

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


def read_views(model: Element) -> tuple[View, ...]:
    """The stock-and-flow views of a model that draw something; other views show results."""
    found = [
        _view(view, f"View {number}")
        for views in model.all("views")
        for number, view in enumerate(views.all("view"), start=1)
        if view.attributes.get("view_type", view.attributes.get("type", "stock_flow")) == "stock_flow"
    ]
    return tuple(view for view in found if view.items)


def _view(view: Element, name: str) -> View:
    items = (_item(child, _KINDS[child.tag]) for child in view.all(*_KINDS))
    connectors = (_connector(child) for child in view.all("connector"))
    return View(
        plain(view.attributes.get("name", "")) or name,
        tuple(item for item in items if item),
        tuple(connector for connector in connectors if connector),
    )


def _item(element: Element, kind: ViewKind) -> ViewItem | None:
    x, y = element.number("x"), element.number("y")
    if x is None or y is None:
        return None
    name = (
        element.attributes.get("name") or element.text_of("of") or (element.text if kind == "comment" else "")
    )
    points = element.get("pts")
    pipe = [(pt.number("x"), pt.number("y")) for pt in points.all("pt")] if points else []
    return ViewItem(
        kind,
        plain(name.strip('"')),
        x,
        y,
        (element.number("width") or 0.0) / 2,
        (element.number("height") or 0.0) / 2,
        tuple((x, y) for x, y in pipe if x is not None and y is not None),
    )


def _connector(element: Element) -> Connector | None:
    source, target = (plain(element.text_of(tag).strip('"')) for tag in ("from", "to"))
    return Connector(source, target, element.number("angle")) if source and target else None
