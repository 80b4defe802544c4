"""The parts of an XMILE file that edits replace: contents of elements, attributes, whole elements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from ...errors import PenstockError, error
from ...model import (
    Connector,
    Model,
    Module,
    Points,
    Slider,
    Stock,
    Variable,
    View,
    ViewItem,
    ViewKind,
    canonical,
)
from ...place import Source
from ...read.xmile.markup import Node, escaped, printed
from ...read.xmile.tree import Element, read_tree
from ...read.xmile.views import VIEWS
from ...write.expression import Printer
from ...write.losses import Losses
from ...write.xmile.context import Context
from ...write.xmile.edits import context_of, points_node, variable_node, view_node
from ..meaning import MAIN, Scope
from .base import Range, bare_range, number
from .markup import Tag
from .xmile_names import VARIABLES, XmileNames, decoded

_ORDER = (
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


class XmileText(XmileNames):
    """One XMILE file."""

    @cached_property
    def _tags(self) -> dict[int, Tag]:
        return {tag.start: tag for tag in self.root.walk()}

    def _tag(self, variable: Variable) -> Tag:
        return self._tags[variable.span.start]

    def _holder(self, scope: Scope) -> Tag:
        return next(tag for tag, here in self.scopes if here == scope)

    # Equations.

    def part(self, scope: Scope, variable: Variable, index: int, part: str) -> tuple[int, int]:
        """Where the value of an equation stands."""
        equation = variable.equations[index]
        wanted = "init_eqn" if part == "initial" and not isinstance(variable, Stock) else "eqn"
        if part == "rate":
            raise _without(variable, "rate", "Change its inflows and outflows.")
        tag = self._tag(variable)
        parts = list(tag.all("element"))
        places = [item for item in parts if item.start <= equation.span.start < item.end] or [tag]
        eqn = next(
            (item for place in (*places, tag) for item in place.all(wanted) if not item.is_empty), None
        )
        if wanted == "eqn" and (leak := tag.get("leak")) is not None and leak.text:
            eqn = leak
        if eqn is None:
            raise _without(variable, part, "Write it into the file, then it can be changed.")
        return bare_range(self.text, eqn.inner, eqn.outer)

    def written(self, text: str) -> str:
        """An expression as the content of an element."""
        return escaped(text)

    def slice(self, start: int, end: int) -> str:
        """A part of an equation, as it may stand in another."""
        return decoded(self.text[start:end])

    def points(self, scope: Scope, variable: Variable, index: int, points: Points) -> list[Range]:
        old = variable.equations[index].lookup
        assert old is not None
        gf = self._tags[old.span.start]
        node = points_node(points, variable.name, self._context)
        found: list[Range] = []
        if node.attributes.get("type", "continuous") != (gf.attribute("type") or "continuous"):
            found += self._attribute_to(gf, "type", node.attributes.get("type", "continuous"))
        there = {
            child.name: child for child in gf.children if child.name in ("xscale", "yscale", "xpts", "ypts")
        }
        new = {child.tag: child for child in node.children()}
        for name, tag in there.items():
            if name not in new:
                found.append(self._cut(tag))
            elif name in ("xpts", "ypts") and not tag.is_empty:
                separator = tag.attribute("sep") or ","
                text = separator.join(map(number_text, points.x if name == "xpts" else points.y))
                found.append((*bare_range(self.text, tag.inner, tag.outer), escaped(text)))
            else:
                found.append((tag.start, tag.end, printed(new[name])))
        for name, child in new.items():
            if name not in there:
                found += self._insert(gf, child, ("xscale", "yscale", "xpts", "ypts"))
        return found

    @cached_property
    def _context(self) -> Context:
        return context_of(self.read.model, self.dialect)

    # Fields.

    def units(self, scope: Scope, variable: Variable, units: str) -> list[Range]:
        return self._child_text(self._tag(variable), "units", units)

    def documentation(self, scope: Scope, variable: Variable, text: str) -> list[Range]:
        return self._child_text(self._tag(variable), "doc", text)

    def limits(
        self,
        scope: Scope,
        variable: Variable,
        limits: tuple[float | None, float | None] | None,
        slider: Slider | None,
    ) -> list[Range]:
        if slider is not None and slider.step is not None:
            raise _without(variable, "step of a slider", "Leave the step out.")
        tag = self._tag(variable)
        there = tag.get("range")
        if limits is None:
            return [self._cut(there)] if there else []
        node = Node("range")
        for key, value in zip(("min", "max"), limits, strict=True):
            if value is not None:
                node.attributes[key] = number_text(value)
        if there is None:
            return self._insert(tag, node, _ORDER)
        found: list[Range] = []
        for key in ("min", "max"):
            found += self._attribute_to(there, key, node.attributes.get(key))
        return found

    def _child_text(self, tag: Tag, name: str, text: str) -> list[Range]:
        """The text of a child, which is made where there is none and cut where the text is empty."""
        child = tag.get(name)
        if child is None:
            return self._insert(tag, Node(name, {}, [text]), _ORDER) if text else []
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

    # Settings.

    def setting(self, field: str, text: str) -> list[Range]:
        """A setting of the clock: `text` is an expression, the name of a method, or units."""
        specs = self._holder(MAIN).get("sim_specs") or self.root.get("sim_specs")
        if specs is None:
            raise error(
                "PEN902", edit="this", reason="the file has no <sim_specs>", advice="Write it into the file."
            )
        if field in ("method", "time_units"):
            child = specs.get("time_units") if field == "time_units" and not specs.attribute(field) else None
            if child is not None:
                return self._child_text(specs, field, text)
            return self._attribute_to(specs, field, text or None)
        if field == "save_step":
            return self._save_step(specs, text)
        child = specs.get(field)
        if child is None:
            return self._insert(specs, Node(field, {}, [text]), ("start", "stop", "dt"))
        found: list[Range] = [(*bare_range(self.text, child.inner, child.outer), escaped(text))]
        if (place := child.spot("reciprocal")) and field == "dt":
            found.append((len(self.text[: place[0] - len('reciprocal="')].rstrip()), place[1] + 1, ""))
        return found

    def _save_step(self, specs: Tag, text: str) -> list[Range]:
        for key in ("savestep", "save_step", "isee:save_interval", "save_interval"):
            child = specs.get(key)
            if child is not None:
                return [(*bare_range(self.text, child.inner, child.outer), escaped(text))]
            if specs.spot(key):
                return self._attribute_to(specs, key, text)
        key = "isee:save_interval" if self.root.spot("xmlns:isee") else "savestep"
        return self._insert(specs, Node(key, {}, [text]), ("start", "stop", "dt"))

    # Whole variables.

    def remove(self, scope: Scope, variable: Variable) -> list[Range]:
        """A variable's element, and where groups and displays list it."""
        found = [self._cut(self._tag(variable))]
        for tag in self._holder(scope).walk():
            listed = tag.name in ("entity", "var") and tag.parent is not None and tag.parent.name == "group"
            if listed and canonical((tag.attribute("name") or tag.text).strip('"')) == variable.ident:
                found.append(self._cut(tag))
        return found

    def add(
        self, scope: Scope, variable: Variable, after: Variable | None, body: str | None = None
    ) -> list[Range]:
        """An element behind that of `after`; `body` is its equation as the author wrote it."""
        node = variable_node(variable, self._context)
        if body is not None:
            node.child("eqn").content[:] = [body]
        holder = self._holder(scope)
        variables = holder.get("variables") or holder
        if after is not None:
            last = self._tag(after)
            return self._insert(last.parent or variables, node, VARIABLES, last)
        return self._insert(variables, node, VARIABLES)

    def add_module(self, module: Module, fresh: Iterable[Model]) -> list[Range]:
        """A module behind the other variables, and the submodels that are new behind the models."""
        main = self._holder(MAIN)
        node = Node("module", {"name": module.name})
        if module.model:
            node.attributes["model_name"] = module.model
        found = self._insert(main.get("variables") or main, node, (*VARIABLES, "module"))
        for item in fresh:
            inner = [variable_node(variable, self._context) for variable in item.variables]
            found += self._insert(
                main.parent or self.root,
                Node("model", {"name": item.name}, [Node("variables", {}, [*inner])]),
                ("model",),
            )
        return found

    def rewritten(self, scope: Scope, variable: Variable, new: Variable) -> list[Range]:
        """A variable as another kind: another tag, and the equation that goes with it."""
        tag = self._tag(variable)
        node = variable_node(new, self._context)
        found = self._tag_to(tag, node.tag)
        found += [self._cut(child) for child in tag.all("inflow", "outflow", "non_negative")]
        for old, equation in zip(variable.equations, new.equations, strict=True):
            if old.expr != equation.expr:
                text = (
                    Printer(self.dialect, Losses("XMILE")).expression(equation.expr) if equation.expr else ""
                )
                found.append(
                    (*self.part(scope, variable, variable.equations.index(old), "value"), escaped(text))
                )
        return found

    def flows(self, scope: Scope, stock: Stock, new: Stock) -> list[Range]:
        """The `<inflow>` and `<outflow>` elements of a stock that has one more flow, or one less."""
        tag = self._tag(stock)
        found: list[Range] = []
        for name, before, after in (
            ("inflow", stock.inflows, new.inflows),
            ("outflow", stock.outflows, new.outflows),
        ):
            for child, flow in zip(tag.all(name), before, strict=True):
                if flow not in after:
                    found.append(self._cut(child))
            for flow in after:
                if flow not in before:
                    order = _ORDER[: _ORDER.index(name) + 1]
                    found += self._insert(tag, Node(name, {}, [self.spelled(flow)]), order)
        return found

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


def _without(variable: Variable, part: str, advice: str) -> PenstockError:
    return error("PEN902", edit=f"a new {part}", reason=f"{variable.name} has none", advice=advice)
