"""The parts of an XMILE file that edits replace: contents of elements, attributes, whole elements."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import PenstockError, error
from ...model import (
    Model,
    Module,
    Points,
    Slider,
    Stock,
    Variable,
    canonical,
)
from ...read.xmile.markup import Node, escaped, printed
from ...write.expression import Printer
from ...write.losses import Losses
from ...write.xmile.edits import points_node, variable_node
from ..meaning import MAIN, Scope
from .base import Range, bare_range
from .markup import Tag
from .xmile_names import VARIABLES, decoded
from .xmile_views import ORDER, XmileViews, number_text


class XmileText(XmileViews):
    """One XMILE file."""

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
            return self._insert(tag, node, ORDER)
        found: list[Range] = []
        for key in ("min", "max"):
            found += self._attribute_to(there, key, node.attributes.get(key))
        return found

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
                    order = ORDER[: ORDER.index(name) + 1]
                    found += self._insert(tag, Node(name, {}, [self.spelled(flow)]), order)
        return found


def _without(variable: Variable, part: str, advice: str) -> PenstockError:
    return error("PEN902", edit=f"a new {part}", reason=f"{variable.name} has none", advice=advice)
