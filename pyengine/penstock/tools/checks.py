"""Calls that check what is not compiled yet: `validate` a text, `validateFor` an equation or a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Any

from ..compiler import Compiled
from ..errors import Diagnostic, PenstockError, error
from ..expr import Expr
from ..halts import refusals
from ..model import Equation, Ident, Lookup, Model, Stock, Variable, canonical
from ..passes import scheduled
from ..passes.declare import did_you_mean
from ..passes.edited import recheck
from ..passes.flatten import flatten
from ..passes.macros import naming_calls
from ..passes.units import check_units
from ..place import Source
from ..read import findings_of
from ..read.dialects import DIALECTS, Dialect, xmile_in
from ..read.expression import Parser
from ..read.lexer import passage
from ..recall import Recall

EQUATION = "equation"
"""The name of the source that ranges of `validateFor` point into."""


def found(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    rows = [item.to_json() for item in dict.fromkeys(diagnostics)]
    return {"ok": all(row["severity"] != "error" for row in rows), "diagnostics": rows}


@lru_cache(maxsize=4)
def _recall(name: str, format: str | None) -> Recall:
    """What was read of a text: whoever asks about one asks again when it has been edited."""
    return Recall()


_READING = Lock()
"""Parts that are recalled are moved to where they stand in the newest text."""


def validate(text: str, name: str = "model", format: str | None = None) -> dict[str, Any]:
    with _READING:
        try:
            return found(findings_of(text, name, format, _recall(name, format)))
        except PenstockError as problem:
            return found(problem.diagnostics)


def validate_for(
    compiled: Compiled,
    variable: str | None = None,
    equation: str | None = None,
    part: str = "value",
    run: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Raises PEN516 for a question that is neither about an equation nor about a run, PEN201 for another variable."""
    if run is not None and variable is None and equation is None:
        request = {name: run.get(name) or () for name in ("overrides", "save")}
        return found(refusals(compiled, request["overrides"], run.get("specs"), request["save"]))
    if variable is None or equation is None or run is not None:
        reason = "it needs either a variable and its equation, or a run"
        raise error("PEN516", call="validateFor", reason=reason, advice="Give one of them.")
    return found(_of_equation(compiled, variable, equation, part))


# --- equations


def _of_equation(compiled: Compiled, name: str, text: str, part: str) -> tuple[Diagnostic, ...]:
    changed = _Changed(compiled, name, part)
    try:
        expr = Parser(passage(Source(EQUATION, text)), _dialect(compiled)).whole()
        model = changed.model(expr)
        with naming_calls(model):
            flat = _filled(flatten(model), compiled.flat)
        after = next((item for item in flat.variables if item.ident == changed.ident), None)
        if after is None or compiled.model.modules:
            scheduled(flat, compiled.program.method.name)
        else:
            recheck(compiled.schedule, compiled.flat, flat, after)
    except PenstockError as problem:
        return problem.diagnostics
    findings = check_units(model if model.macros else _only_units(flat, changed.ident)).findings
    return tuple(item for item in findings if item.span.source.name == EQUATION)


def _only_units(flat: Model, ident: Ident) -> Model:
    """One variable as it is, of the others what their authors wrote as their units."""
    return replace(
        flat,
        variables=tuple(
            item if item.ident == ident else replace(item, equations=()) for item in flat.variables
        ),
    )


def _dialect(compiled: Compiled) -> Dialect:
    dialect = DIALECTS[compiled.format]
    if dialect is DIALECTS["xmile"]:
        dialect = xmile_in(compiled.source.text)
    return replace(dialect, macros=frozenset(macro.ident for macro in compiled.model.macros))


def _filled(flat: Model, known: Model) -> Model:
    """Values from files are those that the compiled model has."""
    by_ident = {variable.ident: variable for variable in known.variables}
    variables = [
        by_ident.pop(variable.ident, variable) if _asks(variable) else variable for variable in flat.variables
    ]
    here = {variable.ident for variable in variables}
    tables = [item for ident, item in by_ident.items() if ident not in here and isinstance(item, Lookup)]
    tables = [item for item in tables if item.hidden]
    return replace(flat, variables=(*variables, *tables), dimensions=known.dimensions)


def _asks(variable: Variable) -> bool:
    return any(equation.external or equation.data for equation in variable.equations)


class _Changed:
    """The model with another equation for a variable, which may be a module's: its name is then qualified."""

    def __init__(self, compiled: Compiled, name: str, part: str) -> None:
        self.original = compiled.model
        self.name, self.part = name, part
        self.path = [canonical(step) for step in name.split(".")[:-1]]
        self.place = self.original
        if canonical(name) in {item.ident for item in self.original.variables}:
            self.path = []
        submodels = {canonical(item.name): item for item in self.original.submodels}
        for step in self.path:
            module = next((item for item in self.place.modules if item.ident == step), None)
            inner = None if module is None else submodels.get(canonical(module.model or module.name))
            if inner is None:
                raise self._unknown(item.name for item in self.place.modules)
            self.place = inner
        local = name if not self.path else name.rpartition(".")[2]
        base, bracket, rest = local.partition("[")
        known = {item.ident: item for item in self.place.variables}
        variable = known.get(canonical(local)) or known.get(canonical(base))
        if variable is None:
            raise self._unknown(item.name for item in known.values())
        self.variable = variable
        subscripts = [canonical(item) for item in rest.rstrip("] ").split(",")] if bracket else None
        self.number = self._equation(None if canonical(local) == variable.ident else subscripts)

    @property
    def ident(self) -> Ident:
        return canonical(self.name.partition("[")[0]) if self.path else self.variable.ident

    def _unknown(self, known: Iterable[str]) -> PenstockError:
        advice = did_you_mean(self.name, known, "Names are those of the model's variables.")
        return error("PEN201", name=self.name, advice=advice)

    def _equation(self, subscripts: Sequence[str] | None) -> int:
        """Which of a variable's equations is meant; none of several without subscripts."""
        equations = self.variable.equations
        if subscripts is None and len(equations) == 1:
            return 0
        for number, item in enumerate(equations):
            if [canonical(name) for name in item.subscripts] == subscripts:
                return number
        names = [
            f"{self.variable.name}[{','.join(item.subscripts)}]" for item in equations if item.subscripts
        ]
        advice = (
            f"Name one of its equations: {', '.join(names[:5])}."
            if names
            else "It has one without subscripts."
        )
        reason = f"it is not clear which equation of {self.variable.name} is meant"
        raise error("PEN516", call="validateFor", reason=reason, advice=advice)

    def model(self, expr: Expr) -> Model:
        equations = list(self.variable.equations)
        equations[self.number] = self._with(equations[self.number], expr)
        changed = replace(self.variable, equations=tuple(equations))
        inner = replace(
            self.place,
            variables=tuple(changed if item is self.variable else item for item in self.place.variables),
        )
        if self.place is self.original:
            return inner
        submodels = tuple(inner if item is self.place else item for item in self.original.submodels)
        return replace(self.original, submodels=submodels)

    def _with(self, equation: Equation, expr: Expr) -> Equation:
        match self.part:
            case "value":
                return replace(equation, expr=expr, external=None, data=None, span=expr.span)
            case "rate" if isinstance(self.variable, Stock):
                return replace(equation, rate=expr)
            case "initial":
                if isinstance(self.variable, Stock):
                    return replace(equation, expr=expr)
                return replace(equation, initial=expr)
        raise error(
            "PEN516", call="validateFor", reason=f"{self.name} has no {self.part}", advice="Ask for value."
        )
