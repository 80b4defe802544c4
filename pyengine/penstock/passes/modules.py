"""Modules as part of the model around them: their variables get names qualified with dots.

A name in a module means a variable of that module; a qualified one is looked for from there, then from each
model around it. With a dot in front it is the main model's. An input that is connected has the value of its
source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..builtins import BUILTINS
from ..builtins.time import CLOCK_SPELLINGS
from ..changing import replace
from ..errors import Diagnostic, finding, raise_if_any
from ..expr import Call, Expr, Reference
from ..model import (
    Auxiliary,
    Connection,
    Equation,
    Flow,
    Ident,
    Lookup,
    Model,
    Module,
    SimSpecs,
    Variable,
    canonical,
)
from ..place import Span
from .declare import did_you_mean
from .renaming import renamed

MAX_MODULES = 10_000
"""Modules within modules can multiply; more than this are refused."""


def without_modules(model: Model) -> Model:
    """The same model without modules. Raises PEN106, PEN201, PEN202, PEN205, PEN401."""
    findings: list[Diagnostic] = []
    instances = list(_instances(model, findings))
    raise_if_any(findings)
    flattener = _Flattener(model, instances, findings)
    variables = tuple(variable for instance in instances for variable in flattener.variables(instance))
    raise_if_any(dict.fromkeys(findings))
    return replace(model, variables=variables, modules=(), submodels=())


@dataclass(eq=False, slots=True)
class _Instance:
    """A model in its place: the names of the modules around it, outermost first; none for the main model."""

    model: Model
    path: tuple[str, ...]
    around: tuple[Model, ...]
    locals: dict[Ident, Variable] = field(default_factory=dict)

    @property
    def idents(self) -> tuple[Ident, ...]:
        return tuple(map(canonical, self.path))

    def name(self, local: str) -> str:
        return ".".join((*self.path, local))


def _instances(model: Model, findings: list[Diagnostic]) -> Iterator[_Instance]:
    """The main model, then the models of all modules, each before those within it, in the order of the file."""
    submodels = {canonical(item.name): item for item in reversed(model.submodels)}
    waiting = [_Instance(model, (), (model,))]
    count = 0
    while waiting:
        instance = waiting.pop()
        instance.locals = {item.ident: item for item in instance.model.variables}
        yield instance
        within: list[_Instance] = []
        taken = set(instance.locals)
        for module in instance.model.modules:
            count += 1
            found = _model_of(module, instance, submodels)
            if module.ident in taken:
                findings.append(finding("PEN202", module.span, name=module.name))
            elif isinstance(found, Diagnostic):
                findings.append(found)
            elif count > MAX_MODULES:
                construct = f"a model of more than {MAX_MODULES} modules"
                advice = "Use arrays for what repeats."
                findings.append(finding("PEN401", module.span, construct=construct, advice=advice))
                return
            else:
                taken.add(module.ident)
                findings.extend(_clock_findings(found.specs, model.specs, module))
                around = (*instance.around, found)
                within.append(_Instance(found, (*instance.path, module.name), around))
        waiting.extend(reversed(within))


def _model_of(module: Module, instance: _Instance, submodels: dict[Ident, Model]) -> Model | Diagnostic:
    """The model that a module holds, by its path or its name."""
    name = module.model or module.name
    qualified = canonical(".".join((*instance.path, name)))
    found = submodels.get(qualified) or submodels.get(canonical(name))
    if found is None:
        advice = did_you_mean(name, [item.name for item in submodels.values()], "Add a <model> of that name.")
        return finding("PEN201", module.span, name=name, advice=advice)
    if any(found is model for model in instance.around):
        path = " → ".join((*instance.path, module.name))
        advice = "A module cannot contain itself."
        return finding("PEN205", module.span, name=name, path=path, advice=advice)
    return found


def _clock_findings(own: SimSpecs, main: SimSpecs, module: Module) -> Iterator[Diagnostic]:
    """A module runs with the clock of the main model, which is what it says if it says anything."""
    if (own.start, own.stop, own.dt, own.method) != (main.start, main.stop, main.dt, main.method):
        construct = f"a clock of its own for the module {module.name}"
        advice = "Give it the same start and stop time, dt and method as the main model."
        yield finding("PEN401", module.span, construct=construct, advice=advice)


class _Flattener:
    """`table` has all variables by qualified identifier, `sources` what is connected to an input."""

    def __init__(self, model: Model, instances: list[_Instance], findings: list[Diagnostic]) -> None:
        self.findings = findings
        self.table: dict[Ident, tuple[_Instance, Variable]] = {
            _join((*instance.idents, ident)): (instance, variable)
            for instance in instances
            for ident, variable in instance.locals.items()
        }
        names = {canonical(name) for dim in model.dimensions for name in (dim.name, *dim.elements)}
        macros = {macro.ident for macro in model.macros}
        self.known = {*names, *macros, *CLOCK_SPELLINGS, *CLOCK_SPELLINGS.values()}
        self.sources: dict[Ident, tuple[Ident, Span]] = {}
        for instance in instances:
            for module in instance.model.modules:
                for connection in module.connections:
                    self._connect(connection, module, instance)

    def _connect(self, connection: Connection, module: Module, instance: _Instance) -> None:
        inner = (*instance.idents, module.ident)
        target = self._end(connection.target, inner, instance.idents)
        source = self._end(connection.source, instance.idents, inner)
        for name, found in ((connection.target, target), (connection.source, source)):
            if found is None:
                known = [self._name(ident) for ident in self.table]
                advice = did_you_mean(
                    name, known, "A connection goes from a variable to an input of a module."
                )
                self.findings.append(finding("PEN201", connection.span, name=name, advice=advice))
        if target is None or source is None:
            return
        known_source = self.sources.setdefault(target, (source, connection.span))
        if known_source[0] != source:
            what = f"the source of the input {self._name(target)}"
            self.findings.append(finding("PEN106", connection.span, what=what))

    def _end(self, name: str, *places: tuple[Ident, ...]) -> Ident | None:
        """One end of a connection: from the places where a plain name is looked for, or from the top.

        The standard writes names as seen from a module's surroundings, Stella in full from the top.
        """
        parts = _parts(name)
        if not parts[0]:
            places, parts = ((), *places), parts[1:]
        elif len(parts) > 1:
            outer = min(places, key=len)
            places = (outer, (), max(places, key=len))
        return self._first(_join((*place, *parts)) for place in places)

    def _first(self, candidates: Iterable[Ident]) -> Ident | None:
        return next((ident for ident in candidates if ident in self.table), None)

    def _name(self, ident: Ident) -> str:
        instance, variable = self.table[ident]
        return instance.name(variable.name)

    # Variables.

    def variables(self, instance: _Instance) -> Iterator[Variable]:
        """The variables of a model under their qualified names."""

        def change(expr: Expr) -> Expr:
            if isinstance(expr, Reference):
                return self._reference(expr, instance)
            return self._function(expr, instance) if isinstance(expr, Call) else expr

        def flow(name: str) -> str:
            found = instance.locals.get(canonical(name))
            return instance.name(found.name) if found is not None else name

        for variable in instance.model.variables:
            ident = _join((*instance.idents, variable.ident))
            name = instance.name(variable.name)
            if ident in self.sources:
                yield self._connected(variable, name, ident)
            else:
                yield renamed(variable, name, flow, change)

    def _connected(self, variable: Variable, name: str, ident: Ident) -> Variable:
        """An input as what it is connected to: an equation of that name, or the same points."""
        source, span = self.sources[ident]
        instance, last = self.table[source]
        seen = {ident, source}
        while (following := self.sources.get(_join((*instance.idents, last.ident)))) is not None:
            if following[0] in seen:
                break
            seen.add(following[0])
            instance, last = self.table[following[0]]
        shared: dict[str, Any] = {
            "name": name,
            "units": variable.units,
            "documentation": variable.documentation,
            "group": variable.group,
            "access": variable.access,
            "span": variable.span,
        }
        if isinstance(last, Lookup):
            return Lookup(equations=last.equations, dims=last.dims, **shared)
        dims = variable.dims or last.dims
        equation = Equation(Reference(self._name(source), span=span), dims, span=span)
        kind = Flow if isinstance(variable, Flow) else Auxiliary
        return kind(equations=(equation,), dims=dims, **shared)

    # Names in equations.

    def _reference(self, expr: Reference, instance: _Instance) -> Expr:
        found = self._meant(expr.name, instance)
        if found is not None:
            return replace(expr, name=found)
        if not instance.path or canonical(expr.name) in self.known:
            return expr
        names = [item.name for item in instance.locals.values()]
        otherwise = "A module knows only its own variables; connect an input to it, or qualify the name."
        advice = did_you_mean(expr.name, names, otherwise)
        self.findings.append(finding("PEN201", expr.span, name=expr.name, advice=advice))
        return expr

    def _function(self, expr: Call, instance: _Instance) -> Expr:
        if expr.function in BUILTINS or canonical(expr.function) in self.known:
            return expr
        found = self._meant(expr.function, instance)
        return expr if found is None else replace(expr, function=found)

    def _meant(self, name: str, instance: _Instance) -> str | None:
        """The qualified name of what a name in an equation means; None where it is no variable."""
        ident = canonical(name)
        if ident in instance.locals:
            return instance.name(instance.locals[ident].name)
        if "." not in name:
            return None
        parts = _parts(name)
        if not parts[0]:
            found = self._first([_join(parts[1:])])
        else:
            path = instance.idents
            found = self._first(_join((*path[:depth], *parts)) for depth in range(len(path), -1, -1))
        return None if found is None else self._name(found)


def _parts(name: str) -> tuple[Ident, ...]:
    """The parts of a qualified name; the first is empty where it starts with a dot."""
    return tuple(canonical(part) for part in name.split("."))


def _join(parts: Iterable[Ident]) -> Ident:
    return Ident(".".join(parts))
