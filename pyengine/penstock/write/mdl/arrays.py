"""Arrays as Vensim writes them: with subscripts wherever they are named, none by a bare name or a star."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...builtins import BUILTINS
from ...expr import Call, Expr, Reference, Subscript, indices, rewrite_from, walk
from ...model import Equation, Ident, Model, Variable, canonical
from ..losses import Losses

Names = tuple[str, ...]


def with_subscripts(model: Model, losses: Losses) -> Model:
    """The same model with the subscripts that it leaves to be understood."""
    arrays = {item.ident: item.dims for item in model.variables if item.dims}
    if arrays:
        losses.written_as("the dimensions that variables declare", "subscripts of their equations")
    return replace(model, variables=tuple(_variable(item, arrays, losses) for item in model.variables))


def _variable(variable: Variable, arrays: Mapping[Ident, Names], losses: Losses) -> Variable:
    found = tuple(_equation(variable, equation, arrays, losses) for equation in variable.equations)
    return replace(variable, equations=found, dims=())


def _equation(
    variable: Variable, equation: Equation, arrays: Mapping[Ident, Names], losses: Losses
) -> Equation:
    subscripts = equation.subscripts or variable.dims
    loops = {canonical(name): name for name in subscripts}
    loops |= dict(zip(map(canonical, variable.dims), subscripts, strict=False))

    def explicit(expr: Expr | None) -> Expr | None:
        return expr and _explicit(expr, arrays, loops, losses)

    return replace(
        equation,
        subscripts=subscripts,
        expr=explicit(equation.expr),
        rate=explicit(equation.rate),
        initial=explicit(equation.initial),
    )


def _explicit(expr: Expr, arrays: Mapping[Ident, Names], loops: Mapping[Ident, str], losses: Losses) -> Expr:
    """An expression with all subscripts; `loops` are the dimensions that the equation runs over, and what stands for
    each on its left."""
    reduced = {
        id(part)
        for node in walk(expr)
        if isinstance(node, Call) and node.function in BUILTINS and BUILTINS[node.function].reduces
        for argument in node.arguments
        for part in walk(argument)
    }

    def subscript(dim: str, whole: bool) -> Subscript:
        loop = None if whole else loops.get(canonical(dim))
        return Subscript(dim, reduced=True) if loop is None else Subscript(loop)

    def change(before: Expr, after: Expr) -> Expr:
        if not isinstance(after, Reference):
            return after
        dims = arrays.get(canonical(after.name), ())
        if indices(after.subscripts):
            losses.written_as(f"a subscript of {after.name} that is computed", "an expression", after.span)
        if not after.subscripts:
            inside = id(before) in reduced
            return replace(after, subscripts=tuple(subscript(dim, inside) for dim in dims))
        found = (
            subscript(dim, True) if item.name == "*" else item
            for item, dim in zip(after.subscripts, dims, strict=True)
        )
        return replace(after, subscripts=tuple(found)) if len(dims) == len(after.subscripts) else after

    return rewrite_from(expr, change)
