"""The elements of an XMILE file, and those of its diagrams as edits replace them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from ...model import (
    Connector,
    Variable,
    View,
    ViewItem,
    ViewKind,
)
from ...place import Source
from ...read.xmile.markup import Node, escaped, printed
from ...read.xmile.tree import Element, read_tree
from ...read.xmile.views import VIEWS
from ...write.xmile.context import Context
from ...write.xmile.edits import context_of, view_node
from ..meaning import MAIN, Scope
from .base import Range, bare_range, number
from .markup import Tag
from .xmile_names import XmileNames

ORDER = (
    "doc",
    "dimensions",
    "eqn",
    "init_eqn",
    "gf",
    "inflow",
    "outflow",
    "conveyor",
    "queue",
    "units",
    "range",
)
"""The children of a variable, as they follow each other."""


class XmileViews(XmileNames):
    """One XMILE file, of which edits replace elements and diagrams."""

    # Elements.

    @cached_property
    def _tags(self) -> dict[int, Tag]:
        return {tag.start: tag for tag in self.root.walk()}

    def _tag(self, variable: Variable) -> Tag:
        return self._tags[variable.span.start]

    def _holder(self, scope: Scope) -> Tag:
        return next(tag for tag, here in self.scopes if here == scope)

    @cached_property
    def _context(self) -> Context:
        return context_of(self.read.model, self.dialect)

    def _child_text(self, tag: Tag, name: str, text: str) -> list[Range]:
        """The text of a child, which is made where there is none and cut where the text is empty."""
        child = tag.get(name)
        if child is None:
            return self._insert(tag, Node(name, {}, [text]), ORDER) if text else []
        if not text:
            return [self._cut(child)]
        if child.is_empty:
            return [(child.start, child.end, printed(Node(name, {}, [text])))]
        return [(*bare_range(self.text, child.inner, child.outer), escaped(text))]

    def _attribute_to(self, tag: Tag, key: str, value: str | None) -> list[Range]:
        place = tag.spot(key)
        if value is None:
            return [(place[0] - len(key) - 3, place[1] + 1, "")] if place else []
        written = escaped(value, True).replace("'", "&apos;")
        if place:
            return [(*place, written)]
        at = tag.inner - (2 if tag.is_self_closed else 1)
        at = len(self.text[:at].rstrip())
        return [(at, at, f' {key}="{written}"')]

    def _indent(self, tag: Tag) -> str:
        """The line end and the white space before an element; empty where it stands behind another on its line."""
        start = len(self.text[: tag.start].rstrip(" \t"))
        return self.text[start - 1 : tag.start] if start and self.text[start - 1] == "\n" else ""

    def _cut(self, tag: Tag) -> Range:
        """An element with the white space before it, gone."""
        return tag.start - len(self._indent(tag)), tag.end, ""

    def _insert(
        self, parent: Tag, node: Node, after: Iterable[str], last: Tag | None = None, closing: str = ""
    ) -> list[Range]:
        """A new child behind those of some names, laid out as they are."""
        order = tuple(after)
        siblings = [item for item in parent.children if item.name in order]
        before = last or (siblings[-1] if siblings else None)
        if before is not None:
            indent = self._indent(before)
            return [(before.end, before.end, indent + printed(node, indent or None))]
        indent = self._indent(parent) and self._indent(parent) + "\t"
        text = indent + printed(node, indent or None)
        if parent.is_empty:
            slash = self.text.rindex("/", parent.start, parent.inner)
            return [(slash, parent.inner, f">{text}{self._indent(parent)}</{closing or parent.name}>")]
        return [(parent.inner, parent.inner, text)]

    # Diagrams.

    @cached_property
    def _views(self) -> list[Tag]:
        holder = self._holder(MAIN)
        return [
            view
            for views in holder.all("views")
            for view in views.all("view")
            if not VIEWS.unless(self._element(view))
        ]

    def _element(self, view: Tag) -> Element:
        return read_tree(Source("a view", self.text[view.start : view.end]))

    def _symbols(self, view: int) -> list[Tag]:
        """The symbols of a view that have a place, in the order in which the reader takes them."""
        kinds = ("stock", "flow", "aux", "gf", "module", "cloud", "text_box", "alias")
        return [item for item in self._views[view].all(*kinds) if _has_place(item)]

    def place(
        self, view: int, item: ViewItem, x: float, y: float, points: tuple[tuple[float, float], ...]
    ) -> list[Range]:
        """Another place for a symbol, and for the ends of a flow's pipe."""
        tag = self._symbols(view)[self._number(view, item)]
        found: list[Range] = []
        for key, value in (("x", x - item.width), ("y", y - item.height)):
            found += self._attribute_to(tag, key, number_text(round(value, 6)))
        pts = tag.get("pts")
        if len(points) != len(item.points):
            return found + self.pipe(view, item, points, False, item)
        for pt, (px, py) in zip(pts.all("pt") if pts else (), points, strict=False):
            found += [
                *self._attribute_to(pt, "x", number_text(px)),
                *self._attribute_to(pt, "y", number_text(py)),
            ]
        return found

    def bend(self, view: int, arrow: int, new: Connector, through: tuple[float, float]) -> list[Range]:
        """Another angle for an arrow."""
        tag = [tag for tag in self._views[view].all("connector") if _joins(tag)][arrow]
        return self._attribute_to(tag, "angle", None if new.angle is None else number_text(new.angle))

    def pipe(
        self, view: int, item: ViewItem, points: tuple[tuple[float, float], ...], away: bool, end: ViewItem
    ) -> list[Range]:
        """Another course for a pipe."""
        pts = self._symbols(view)[self._number(view, item)].get("pts")
        if pts is None:
            return []
        node = Node("pts", {}, [Node("pt", {"x": number_text(x), "y": number_text(y)}) for x, y in points])
        return [(pts.start, pts.end, printed(node, self._indent(pts) or None))]

    def _number(self, view: int, item: ViewItem) -> int:
        return next(n for n, known in enumerate(self.read.model.views[view].items) if known is item)

    def resymbol(self, view: int, item: ViewItem, kind: ViewKind) -> list[Range]:
        """Another tag for a symbol; a flow's has a pipe."""
        tag = self._symbols(view)[self._number(view, item)]
        name = "aux" if kind == "auxiliary" else kind
        found = self._tag_to(tag, name)
        pts = tag.get("pts")
        if pts is not None and kind != "flow":
            found.append(self._cut(pts))
        elif pts is None and kind == "flow":
            ends = [
                Node("pt", {"x": number_text(item.x + side), "y": number_text(item.y)}) for side in (-50, 50)
            ]
            found += self._insert(tag, Node("pts", {}, list(ends)), (), closing=name)
        return found

    def _tag_to(self, tag: Tag, name: str) -> list[Range]:
        start = self.text.index(tag.name, tag.start)
        found: list[Range] = [(start, start + len(tag.name), name)]
        if not tag.is_empty:
            found.append((self.text.index(tag.name, tag.outer), tag.end - 1, name))
        return found

    def erase(self, view: int, items: Iterable[ViewItem], arrows: Iterable[Connector]) -> list[Range]:
        symbols = self._symbols(view)
        found = [self._cut(symbols[self._number(view, item)]) for item in items]
        drawn = [tag for tag in self._views[view].all("connector") if _joins(tag)]
        gone = {id(arrow) for arrow in arrows}
        for tag, arrow in zip(drawn, self.read.model.views[view].connectors, strict=False):
            if id(arrow) in gone:
                found.append(self._cut(tag))
        return found

    def draw(self, view: int, new: View) -> list[Range]:
        """Add the symbols and arrows that a view has and the text does not yet, which are its last."""
        old = self.read.model.views[view]
        added = replace(
            new, style="", items=new.items[len(old.items) :], connectors=new.connectors[len(old.connectors) :]
        )
        here = self._views[view]
        fresh = list(view_node(added, self.read.model, self._context).children())
        last = here.children[-1] if here.children else None
        if last is None:
            return [item for child in fresh for item in self._insert(here, child, ())]
        indent = self._indent(last)
        text = "".join(indent + printed(child, indent or None) for child in fresh)
        return [(last.end, last.end, text)]

    def add_view(self, view: View) -> list[Range]:
        holder = self._holder(MAIN)
        node = view_node(view, self.read.model, self._context)
        views = holder.get("views")
        if views is not None:
            return self._insert(views, node, ("view",))
        return self._insert(holder, Node("views", {}, [node]), ("variables",))


def number_text(value: float) -> str:
    return number(value) if abs(value) < 1e15 else repr(value)


def _has_place(tag: Tag) -> bool:
    try:
        float(tag.attribute("x") or "")
        float(tag.attribute("y") or "")
    except ValueError:
        return False
    return True


def _joins(tag: Tag) -> bool:
    """Whether the reader takes a connector for an arrow."""
    source, target = tag.get("from"), tag.get("to")
    return bool(source and target and target.text and (source.text or source.get("alias")))
