"""Pass 0: one flat model. Modules become variables with qualified names, macros are written out."""

from __future__ import annotations

from ..builtins import BUILTINS
from ..changing import replace
from ..expr import Call, Expr
from ..model import Ident, Model, Variable, canonical
from .macros import without_macros
from .modules import without_modules
from .renaming import changed


def flatten(model: Model) -> Model:
    """The same model without modules and macros; itself where it has none."""
    if model.modules:
        model = without_modules(model)
    if model.macros:
        model = without_macros(model)
    own = {
        variable.ident for variable in model.variables if variable.ident in BUILTINS and _is_curve(variable)
    }
    return _calling_own(model, own) if own else model


def _is_curve(variable: Variable) -> bool:
    return any(equation.lookup is not None for equation in variable.equations)


def _calling_own(model: Model, own: set[Ident]) -> Model:
    """The same model, calls of its own lookups told from those of built-in functions by the same name: they are
    written with quotes, which no function has."""

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Call) and expr.function in BUILTINS and expr.function in own:
            return replace(expr, function=f'"{canonical(expr.function)}"')
        return expr

    return replace(model, variables=tuple(changed(variable, change) for variable in model.variables))
