"""A model in which one thing has another name: what a rename must come to, whatever the text looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from ..builtins import BUILTINS
from ..expr import Call, Expr, Reference, Subscript, rewrite
from ..model import (
    Connection,
    Connector,
    Dimension,
    DimensionMapping,
    Macro,
    Model,
    Module,
    SimSpecs,
    Stock,
    Unread,
    Variable,
    View,
    ViewItem,
    canonical,
)
from ..passes.renaming import changed
from .meaning import MAIN, Entity, Meaning, Role, Scope

T = TypeVar("T", bound=Variable)

NAMED = ("stock", "flow", "auxiliary", "alias")
"""The symbols of views that stand for what their names mean."""


def renamed(meaning: Meaning, entity: Entity, new: str) -> Model:
    """The model with `entity` by the name `new`, wherever it is named."""
    return _Naming(meaning, entity, new).model()


def with_part(name: str, meant: tuple[Entity | None, ...], entity: Entity, new: str) -> str:
    """A name in which every part that means the entity is the new one."""
    if len(meant) == 1:
        if meant[0] != entity:
            return name
        borrowed = entity.kind == "variable" and name.endswith("$") and canonical(name) != entity.ident
        return f"{new}$" if borrowed else new
    parts = name.split(".")
    return ".".join(new if what == entity else part for part, what in zip(parts, meant, strict=True))


class _Naming:
    def __init__(self, meaning: Meaning, entity: Entity, new: str) -> None:
        self.meaning = meaning
        self.entity = entity
        self.new = new

    def name(self, name: str, scope: Scope, role: Role = "value") -> str:
        if not name or (self.entity.ident not in canonical(name)):
            return name
        return with_part(name, self.meaning.of(name, scope, role), self.entity, self.new)

    def names(self, names: tuple[str, ...], scope: Scope, role: Role = "value") -> tuple[str, ...]:
        made = tuple(self.name(name, scope, role) for name in names)
        return names if made == names else made

    def model(self) -> Model:
        model = self.meaning.model
        return replace(
            self.part(model, MAIN),
            dimensions=tuple(map(self.dimension, model.dimensions)),
            macros=tuple(map(self.macro, model.macros)),
            submodels=tuple(
                self.part(item, Scope("model", canonical(item.name))) for item in model.submodels
            ),
        )

    def part(self, model: Model, scope: Scope) -> Model:
        """The main model or a submodel."""
        is_it = self.entity == Entity("model", MAIN, scope.ident)
        return replace(
            model,
            name=self.new if is_it else model.name,
            variables=self.variables(model.variables, scope),
            specs=self.specs(model.specs, scope),
            views=tuple(self.view(view, scope) for view in model.views),
            modules=tuple(self.module(item, scope) for item in model.modules),
            unread=tuple(self.unread(item, scope) for item in model.unread),
        )

    def variables(self, variables: Iterable[Variable], scope: Scope) -> tuple[Variable, ...]:
        return tuple(self.variable(item, scope) for item in variables)

    def variable(self, variable: T, scope: Scope) -> T:
        fields: dict[str, Any] = {}
        made = changed(variable, self.expression(scope))
        fields["name"] = self.name(made.name, scope)
        fields["dims"] = self.names(made.dims, scope, "subscript")
        fields["equations"] = tuple(
            item
            if not (item.subscripts or item.exceptions)
            else replace(
                item,
                subscripts=self.names(item.subscripts, scope, "subscript"),
                exceptions=tuple(self.names(names, scope, "subscript") for names in item.exceptions),
            )
            for item in made.equations
        )
        if isinstance(made, Stock):
            fields["inflows"] = self.names(made.inflows, scope)
            fields["outflows"] = self.names(made.outflows, scope)
        return replace(made, **fields)

    def expression(self, scope: Scope) -> Callable[[Expr], Expr]:
        def change(expr: Expr) -> Expr:
            if isinstance(expr, Reference):
                name = self.name(expr.name, scope)
                subscripts = self.subscripts(expr.subscripts, scope)
                if name == expr.name and subscripts is expr.subscripts:
                    return expr
                return replace(expr, name=name, subscripts=subscripts)
            if isinstance(expr, Call):
                is_own = expr.function not in BUILTINS or canonical(expr.function) in self.meaning.macros
                name = self.name(expr.function, scope, "call") if is_own else expr.function
                subscripts = self.subscripts(expr.subscripts, scope)
                outputs = self.names(expr.outputs, scope)
                if name == expr.function and subscripts is expr.subscripts and outputs is expr.outputs:
                    return expr
                return replace(expr, function=name, subscripts=subscripts, outputs=outputs)
            return expr

        return change

    def subscripts(self, subscripts: tuple[Subscript, ...], scope: Scope) -> tuple[Subscript, ...]:
        if self.entity.kind != "range" or all(
            canonical(item.name) != self.entity.ident for item in subscripts
        ):
            return subscripts
        return tuple(replace(item, name=self.name(item.name, scope, "subscript")) for item in subscripts)

    def specs(self, specs: SimSpecs, scope: Scope) -> SimSpecs:
        change = self.expression(scope)
        exprs: dict[str, Any] = {
            key: rewrite(expr, change)
            for key in ("start", "stop", "dt", "save_step")
            if (expr := getattr(specs, key)) is not None
        }
        return replace(specs, **exprs)

    def view(self, view: View, scope: Scope) -> View:
        texts = {item.uid for item in view.items if item.uid and item.kind not in NAMED}
        return replace(
            view,
            items=tuple(self.item(item, scope) for item in view.items),
            connectors=tuple(self.connector(item, texts, scope) for item in view.connectors),
            pipes=tuple(self.connector(item, texts, scope) for item in view.pipes),
        )

    def item(self, item: ViewItem, scope: Scope) -> ViewItem:
        if item.kind not in NAMED:
            return item
        name = self.name(item.name, scope, "symbol")
        return item if name == item.name else replace(item, name=name)

    def connector(self, item: Connector, texts: set[int], scope: Scope) -> Connector:
        ends = [
            name if uid in texts else self.name(name, scope, "symbol")
            for name, uid in zip((item.source, item.target), item.ends, strict=True)
        ]
        return item if ends == [item.source, item.target] else replace(item, source=ends[0], target=ends[1])

    def module(self, module: Module, scope: Scope) -> Module:
        is_it = self.entity == Entity("module", scope, module.ident)
        of_it = self.entity == Entity("model", MAIN, canonical(module.model))
        return replace(
            module,
            name=self.new if is_it else module.name,
            model=self.new if of_it else module.model,
            connections=tuple(self.connection(item, module, scope) for item in module.connections),
        )

    def connection(self, item: Connection, module: Module, scope: Scope) -> Connection:
        ends = [
            with_part(name, self.meaning.end(name, module.name, scope, is_target), self.entity, self.new)
            for name, is_target in ((item.target, True), (item.source, False))
        ]
        return replace(item, target=ends[0], source=ends[1])

    def dimension(self, dimension: Dimension) -> Dimension:
        return replace(
            dimension,
            name=self.name(dimension.name, MAIN, "subscript"),
            elements=self.names(dimension.elements, MAIN, "subscript"),
            same_as=self.name(dimension.same_as, MAIN, "subscript"),
            mappings=tuple(map(self.mapping, dimension.mappings)),
        )

    def mapping(self, mapping: DimensionMapping) -> DimensionMapping:
        return replace(
            mapping,
            target=self.name(mapping.target, MAIN, "subscript"),
            elements=self.names(mapping.elements, MAIN, "subscript"),
        )

    def macro(self, macro: Macro) -> Macro:
        scope = Scope("macro", macro.ident)
        change = self.expression(scope)
        return replace(
            macro,
            name=self.name(macro.name, MAIN, "call"),
            parameters=tuple(
                replace(
                    item,
                    name=self.name(item.name, scope),
                    default=None if item.default is None else rewrite(item.default, change),
                )
                for item in macro.parameters
            ),
            variables=self.variables(macro.variables, scope),
            outputs=self.names(macro.outputs, scope),
            value=None if macro.value is None else rewrite(macro.value, change),
        )

    def unread(self, item: Unread, scope: Scope) -> Unread:
        role: Role = "subscript" if item.dimension else "value"
        return replace(item, name=self.name(item.name, scope, role), flows=self.names(item.flows, scope))
