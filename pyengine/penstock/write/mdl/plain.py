"""A model in the terms that Vensim has: what it lacks is put another way or left out, and listed."""

from __future__ import annotations

from dataclasses import replace

from ...builtins.time import CLOCK_SPELLINGS, DT, SAVE_STEP, START, STOP
from ...expr import Expr, Reference, rewrite
from ...model import Auxiliary, Equation, Flow, Ident, Macro, Model, Stock, Variable, canonical
from ...passes.modules import without_modules
from ..losses import Losses
from .arrays import with_subscripts

_CLOCK = {DT: "TIME STEP", START: "INITIAL TIME", STOP: "FINAL TIME", SAVE_STEP: "SAVEPER"}


def plain(model: Model, losses: Losses) -> Model:
    """The same model without modules, declared dimensions, limits, belts and the like."""
    if model.modules:
        for module in model.modules:
            losses.written_as(f"the module {module.name}", "variables with its name and a dot", module.span)
        if any(submodel.views for submodel in model.submodels):
            losses.left_out("the diagrams of modules")
        model = without_modules(model)
    if model.documentation:
        losses.left_out("the documentation of the model")
    for item in model.unread:
        losses.left_out(f"{item.name}, which was not read")
    model = with_subscripts(model, losses)
    model = replace(
        model,
        variables=tuple(_variable(item, losses) for item in model.variables if _has_equations(item, losses)),
        macros=tuple(_macro(item, losses) for item in model.macros),
    )
    return _in_order(_with_clock(model, losses), losses)


def _has_equations(variable: Variable, losses: Losses) -> bool:
    if not variable.equations:
        losses.left_out(f"{variable.name}, which has no equation", variable.span)
    return bool(variable.equations)


def _variable(variable: Variable, losses: Losses) -> Variable:
    """The variable without what has no place in a Vensim file."""

    def lost(what: str) -> None:
        losses.left_out(f"that {variable.name} {what}", variable.span)

    if variable.non_negative:
        lost("stays above zero")
    if variable.access:
        lost(f"is an {variable.access} of a module")
    if isinstance(variable, Stock) and variable.conveyor:
        lost("is a conveyor")
    if isinstance(variable, Stock) and variable.queue:
        lost("is a queue")
    if isinstance(variable, Flow) and variable.leak:
        lost("leaks from a conveyor")
    if isinstance(variable, Flow) and variable.overflow:
        lost("takes what overflows")
    return variable


def _macro(macro: Macro, losses: Losses) -> Macro:
    """The macro with its value as a variable of its own name."""
    for parameter in macro.parameters:
        if parameter.default is not None:
            losses.left_out(f"the default of {parameter.name} in the macro {macro.name}", macro.span)
    if macro.documentation:
        losses.left_out(f"the documentation of the macro {macro.name}", macro.span)
    if macro.value is None:
        return macro
    losses.written_as(f"the value of the macro {macro.name}", "a variable of that name", macro.span)
    value = Auxiliary(macro.name, (Equation(macro.value, span=macro.span),))
    return replace(macro, variables=(*macro.variables, value), value=None)


def _with_clock(model: Model, losses: Losses) -> Model:
    """The model with Vensim's names of the time step and its like."""
    own = {item.ident for item in model.variables}

    def change(expr: Expr) -> Expr:
        if not isinstance(expr, Reference) or canonical(expr.name) in own:
            return expr
        name = _CLOCK.get(CLOCK_SPELLINGS.get(canonical(expr.name), Ident("")))
        if name is None or canonical(name) == canonical(expr.name):
            return expr
        losses.written_as(f"the name {expr.name}", name, expr.span)
        return replace(expr, name=name)

    def changed(expr: Expr | None) -> Expr | None:
        return expr and rewrite(expr, change)

    def variable(item: Variable) -> Variable:
        equations = (
            replace(part, expr=changed(part.expr), rate=changed(part.rate), initial=changed(part.initial))
            for part in item.equations
        )
        return replace(item, equations=tuple(equations))

    specs = model.specs
    specs = replace(
        specs,
        start=rewrite(specs.start, change),
        stop=rewrite(specs.stop, change),
        dt=rewrite(specs.dt, change),
        save_step=changed(specs.save_step),
    )
    return replace(model, specs=specs, variables=tuple(map(variable, model.variables)))


def _in_order(model: Model, losses: Losses) -> Model:
    """The model with variables of no group first: once a group has begun, all that follow belong to one."""
    apart = sorted(model.variables, key=lambda item: item.group != "")
    if tuple(apart) != model.variables:
        losses.written_as("variables of no group after a group", "the first of the file")
    return replace(model, variables=tuple(apart))
