"""What the names of a model mean: which variable, dimension, module or macro, as the passes understand them.

A scope is where names are looked up: the main model, a model that modules hold, or a macro.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from ..errors import error
from ..model import Ident, Macro, Model, Module, Variable, canonical
from ..passes.declare import did_you_mean

Kind = Literal["variable", "range", "module", "macro", "model"]
Role = Literal["value", "subscript", "call", "connection", "symbol"]
"""Where a name stands: in an expression or a list of flows, in brackets, before an argument list, at an end of a
connection, in a view."""


class Scope(NamedTuple):
    """The main model, or by name a submodel or a macro."""

    kind: Literal["", "model", "macro"] = ""
    ident: Ident = Ident("")


MAIN = Scope()


class Entity(NamedTuple):
    """What has a name. Dimensions and their elements are ranges, and belong to the file, as macros do."""

    kind: Kind
    scope: Scope
    ident: Ident


class Meaning:
    """The names of one model, looked up in its scopes."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.models = {MAIN: model}
        self.models |= {Scope("model", canonical(item.name)): item for item in reversed(model.submodels)}
        self.macros = {macro.ident: macro for macro in model.macros}
        self.ranges = {
            canonical(name)
            for dim in model.dimensions
            for name in (dim.name, dim.same_as, *dim.elements)
            if name
        }
        self.locals: dict[Scope, dict[Ident, Variable | None]] = {
            scope: {item.ident: item for item in part.variables} for scope, part in self.models.items()
        }
        for macro in model.macros:
            inputs: dict[Ident, Variable | None] = {item.ident: None for item in macro.parameters}
            inputs |= dict.fromkeys(map(canonical, macro.outputs))
            own = {item.ident: item for item in macro.variables}
            self.locals[Scope("macro", macro.ident)] = {**inputs, **own}

    @property
    def scopes(self) -> Iterator[Scope]:
        yield from self.locals

    def modules(self, scope: Scope) -> tuple[Module, ...]:
        return self.models[scope].modules if scope in self.models else ()

    def held(self, module: Module, path: Iterable[Ident]) -> Scope | None:
        """The model that a module holds, by its path or its name; `path` are the modules around it."""
        name = module.model or module.name
        for ident in (canonical(".".join((*path, name))), canonical(name)):
            if Scope("model", ident) in self.models:
                return Scope("model", ident)
        return None

    def of(self, name: str, scope: Scope, role: Role) -> tuple[Entity | None, ...]:
        """What a name means; of a qualified one, what each of its parts does. None for clocks and the unknown."""
        ident = canonical(name)
        if role == "subscript":
            return (Entity("range", MAIN, ident) if ident in self.ranges else None,)
        if role == "call" and ident in self.macros:
            return (Entity("macro", MAIN, ident),)
        if ident in self.locals[scope]:
            return (_local(scope, ident),)
        if scope.kind == "macro" and name.endswith("$") and canonical(name[:-1]) in self.locals[MAIN]:
            return (Entity("variable", MAIN, canonical(name[:-1])),)
        if role in ("symbol", "connection") and any(item.ident == ident for item in self.modules(scope)):
            return (Entity("module", scope, ident),)
        if "." in name and scope in self.models:
            return self._qualified(name, scope, role)
        return (Entity("range", MAIN, ident) if ident in self.ranges else None,)

    def end(self, name: str, module: str, scope: Scope, is_target: bool) -> tuple[Entity | None, ...]:
        """What an end of a connection means that stands in a module; a plain target is the module's own."""
        owner = next((item for item in self.modules(scope) if item.ident == canonical(module)), None)
        held = None if owner is None else self.held(owner, ())
        if "." in name or held is None:
            return self.of(name, scope, "connection")
        ident = canonical(name)
        for place in (held, scope) if is_target else (scope, held):
            if ident in self.locals[place]:
                return (Entity("variable", place, ident),)
        return (None,)

    def _qualified(self, name: str, scope: Scope, role: Role) -> tuple[Entity | None, ...]:
        """The same in all places that the model of a scope stands in; else nothing is known."""
        parts = [canonical(part) for part in name.split(".")]
        if scope not in self._places:
            return (None,) * len(parts)
        found = {self._from(parts, path, role) for path in self._places[scope]}
        return found.pop() if len(found) == 1 else (None,) * len(parts)

    def _from(self, parts: list[Ident], path: tuple[Ident, ...], role: Role) -> tuple[Entity | None, ...]:
        if not parts[0]:
            inner = self._down((), parts[1:])
            return (None, *inner) if inner else (None,) * len(parts)
        for depth in (len(path), 0) if role == "connection" else range(len(path), -1, -1):
            if found := self._down(path[:depth], parts):
                return found
        return (None,) * len(parts)

    def _down(self, path: tuple[Ident, ...], parts: list[Ident]) -> tuple[Entity, ...]:
        """What a path from a place down to a variable goes through; empty where it leads nowhere."""
        scope = self._paths.get(path)
        found: list[Entity] = []
        for part in parts[:-1]:
            path = (*path, part)
            if scope is None or path not in self._paths:
                return ()
            found.append(Entity("module", scope, part))
            scope = self._paths[path]
        if scope is None or parts[-1] not in self.locals[scope]:
            return ()
        return (*found, Entity("variable", scope, parts[-1]))

    @cached_property
    def _paths(self) -> dict[tuple[Ident, ...], Scope]:
        """The models in their places, by the modules around them."""
        found: dict[tuple[Ident, ...], Scope] = {(): MAIN}
        waiting: list[tuple[Ident, ...]] = [()]
        while waiting and len(found) < 10_000:
            path = waiting.pop()
            for module in self.modules(found[path]):
                held = self.held(module, path)
                if held is not None and len(path) < 20:
                    found[*path, module.ident] = held
                    waiting.append((*path, module.ident))
        return found

    @cached_property
    def _places(self) -> dict[Scope, list[tuple[Ident, ...]]]:
        found: dict[Scope, list[tuple[Ident, ...]]] = {}
        for path, scope in self._paths.items():
            found.setdefault(scope, []).append(path)
        return found

    # What a user names.

    def find(self, name: str, kind: Kind | None = None) -> Entity:
        """What a user means by a name, which may be qualified by a module, a model or a macro with a dot.

        Raises PEN201 where there is no such thing.
        """
        found = [item for item in self._candidates(name) if kind is None or item.kind == kind]
        if found:
            return found[0]
        known = [item.name for item in self.model.variables]
        known += [name for dim in self.model.dimensions for name in (dim.name, *dim.elements)]
        advice = did_you_mean(
            name, known, "Name a variable, dimension, element, module or macro of the model."
        )
        raise error("PEN201", name=name, advice=advice)

    def _candidates(self, name: str) -> Iterator[Entity]:
        ident = canonical(name)
        if ident in self.locals[MAIN]:
            yield Entity("variable", MAIN, ident)
        if ident in self.ranges:
            yield Entity("range", MAIN, ident)
        if any(item.ident == ident for item in self.model.modules):
            yield Entity("module", MAIN, ident)
        if ident in self.macros:
            yield Entity("macro", MAIN, ident)
        before, dot, last = name.rpartition(".")
        if not dot:
            return
        last_ident = canonical(last)
        meant = self._from([canonical(part) for part in name.split(".")], (), "value")
        if meant[-1] is not None:
            yield meant[-1]
        for scope in (Scope("model", canonical(before)), Scope("macro", canonical(before))):
            if last_ident in self.locals.get(scope, ()):
                yield _local(scope, last_ident)
            if any(item.ident == last_ident for item in self.modules(scope)):
                yield Entity("module", scope, last_ident)

    def variable(self, name: str) -> tuple[Scope, Variable]:
        """A variable and where it stands. Raises PEN201."""
        entity = self.find(name)
        scope = Scope("macro", entity.ident) if entity.kind == "macro" else entity.scope
        variable = self.locals[scope].get(entity.ident) if entity.kind in ("variable", "macro") else None
        if variable is None:
            raise error("PEN201", name=name, advice="Name a variable of the model.")
        return scope, variable

    def holder(self, scope: Scope) -> Model | Macro:
        return self.macros[scope.ident] if scope.kind == "macro" else self.models[scope]


def _local(scope: Scope, ident: Ident) -> Entity:
    """A name of a scope's own; a macro's value goes by the name of the macro."""
    is_value = scope.kind == "macro" and ident == scope.ident
    return Entity("macro", MAIN, ident) if is_value else Entity("variable", scope, ident)
