"""Macros that take the name of a function which the model needs as well, under names of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from ...builtins import spellings
from ...expr import Call, Expr, Reference, rewrite, walk
from ...model import Equation, Ident, Macro, Model, Variable, canonical
from ..losses import Losses


def without_clashes(model: Model, losses: Losses) -> Model:
    """The model with no macro that hides a function in use."""
    functions = spellings("xmile")
    used = {call.function for call in calls(model)}
    taken = {macro.ident for macro in model.macros} | functions.keys()
    names: dict[Ident, str] = {}
    for macro in model.macros:
        if functions.get(macro.ident) in used:
            number = 1
            while canonical(name := f"{macro.name} macro{'' if number == 1 else f' {number}'}") in taken:
                number += 1
            names[macro.ident] = name
            taken.add(canonical(name))
            what = f"the macro {macro.name}, which hides a function that the model needs"
            losses.written_as(what, f"the macro {name}", macro.span)
    return _renamed(model, names) if names else model


def _renamed(model: Model, names: Mapping[Ident, str]) -> Model:
    def change(node: Expr) -> Expr:
        name = names.get(canonical(node.function)) if isinstance(node, Call) else None
        return replace(node, function=name) if isinstance(node, Call) and name else node

    def macro_of(macro: Macro) -> Macro:
        # Within a macro its own name is that of its value.
        value = macro.value or Reference(macro.name)
        variables = tuple(_variable(variable, change) for variable in macro.variables)
        name = names.get(macro.ident, macro.name)
        return replace(macro, name=name, value=rewrite(value, change), variables=variables)

    def model_of(part: Model) -> Model:
        variables = tuple(_variable(variable, change) for variable in part.variables)
        submodels = tuple(map(model_of, part.submodels))
        return replace(
            part, variables=variables, macros=tuple(map(macro_of, part.macros)), submodels=submodels
        )

    return model_of(model)


def _variable(variable: Variable, change: Callable[[Expr], Expr]) -> Variable:
    return replace(variable, equations=tuple(_equation(item, change) for item in variable.equations))


def _equation(equation: Equation, change: Callable[[Expr], Expr]) -> Equation:
    expr, rate, initial = (
        None if part is None else rewrite(part, change)
        for part in (equation.expr, equation.rate, equation.initial)
    )
    return replace(equation, expr=expr, rate=rate, initial=initial)


def calls(model: Model) -> Iterator[Call]:
    """The calls of functions in all equations of a file; with subscripts, what is called is a lookup."""
    parts: tuple[Model | Macro, ...] = (model, *model.submodels, *model.macros)
    equations = (item for part in parts for variable in part.variables for item in variable.equations)
    for equation in equations:
        for expr in (equation.expr, equation.rate, equation.initial):
            nodes = walk(expr) if expr is not None else ()
            yield from (node for node in nodes if isinstance(node, Call) and not node.subscripts)
