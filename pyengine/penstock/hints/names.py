"""Names that nothing uses, and names that hide what a reader would take them for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from ..builtins import spellings
from ..compiler import Compiled
from ..errors import Diagnostic, finding
from ..expr import ArrayLiteral, Binary, Call, Number, Reference, Unary, walk
from ..model import Auxiliary, Equation, Flow, Ident, Lookup, Macro, Model, Stock, Variable, canonical
from ..place import Span

CLOCK = ("time", "dt")
"""Names of the clock in every format; others are common as plain constants in models that were converted."""

_EXPRESSIONS = (Number, Reference, Call, Unary, Binary, ArrayLiteral)


def unused(compiled: Compiled) -> list[Diagnostic]:
    """Constants, lookups, macros and dimensions that nothing asks for, and flows of no stock.

    An auxiliary that nothing uses is an output, so it is left alone.
    """
    whole = compiled.model
    asked = set(names_used(whole))
    found = []
    for model in (whole, *whole.submodels):
        moved = {canonical(name) for stock in _stocks(model) for name in (*stock.inflows, *stock.outflows)}
        rated = any(equation.rate for stock in _stocks(model) for equation in stock.equations)
        for variable in model.variables:
            if isinstance(variable, Flow):
                if variable.ident not in moved and not (rated and variable.ident in asked):
                    found.append(finding("PEN802", variable.span, name=variable.name))
            elif variable.ident not in asked | moved and not variable.access and (kind := _input(variable)):
                found.append(finding("PEN801", variable.span, kind=kind, name=variable.name))
        for kind, parts in (("dimension", model.dimensions), ("macro", model.macros)):
            found.extend(
                finding("PEN801", part.span, kind=kind, name=part.name)
                for part in parts
                if part.ident not in asked
            )
    return found


def shadowing(compiled: Compiled) -> list[Diagnostic]:
    """Variables named like a function or the clock, and like an element of a dimension."""
    whole = compiled.model
    functions = spellings(compiled.format)
    elements = {canonical(name): dim.name for dim in whole.dimensions for name in dim.elements}
    return [
        finding("PEN803", variable.span, name=variable.name, meaning=meaning)
        for model in (whole, *whole.submodels)
        for variable in model.variables
        if (meaning := _hidden(variable.ident, functions, elements)) is not None
    ]


def _hidden(ident: Ident, functions: Iterable[Ident], elements: dict[Ident, str]) -> str | None:
    if ident in CLOCK:
        return "the clock's"
    if ident in functions:
        return "a built-in function"
    return f"an element of {elements[ident]}" if ident in elements else None


def _stocks(model: Model) -> Iterator[Stock]:
    return (variable for variable in model.variables if isinstance(variable, Stock))


def _input(variable: Variable) -> str | None:
    """What a variable that only feeds others is called; None for those that have a value of their own to show."""
    if isinstance(variable, Lookup):
        return "lookup"
    if isinstance(variable, Auxiliary) and all(map(_is_number, variable.equations)):
        return "constant"
    return None


def _is_number(equation: Equation) -> bool:
    numbers = (Number, Unary, ArrayLiteral)
    expr = equation.expr
    return (
        expr is not None and equation.lookup is None and all(isinstance(part, numbers) for part in walk(expr))
    )


def names_used(model: Model) -> Iterator[Ident]:
    """Every name that stands in an equation, a subscript, a connection or a setting of a model."""
    waiting: list[Any] = [model]
    while waiting:
        value = waiting.pop()
        if isinstance(value, _EXPRESSIONS):
            yield from _names_in(value)
        elif isinstance(value, tuple):
            waiting.extend(value)
        elif is_dataclass(value) and not isinstance(value, Span):
            yield from _named_by(value)
            waiting.extend(getattr(value, row.name) for row in fields(value))


def _names_in(root: Any) -> Iterator[Ident]:
    for expr in walk(root):
        if isinstance(expr, Reference | Call):
            yield canonical(expr.name if isinstance(expr, Reference) else expr.function)
            yield from (canonical(item.name) for item in expr.subscripts)
        if isinstance(expr, Call):
            yield from map(canonical, expr.outputs)


def _named_by(part: Any) -> Iterator[Ident]:
    """The names that fields of a part hold outside of expressions; a dimension does not use itself."""
    for name in ("dims", "subscripts", "elements"):
        yield from map(canonical, getattr(part, name, ()))
    for name in ("same_as", "target", "source"):
        if isinstance(text := getattr(part, name, ""), str) and text:
            yield canonical(text.rpartition(".")[2])
            yield canonical(text)
    if isinstance(part, Macro):
        yield from map(canonical, (part.name, *part.outputs) if part.value is None else part.outputs)
