"""A model in the terms that Vensim has: what it lacks is put another way or left out, and listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from ...builtins import BUILTINS
from ...builtins.time import CLOCK_SPELLINGS, DT, SAVE_STEP, START, STOP
from ...expr import ArrayLiteral, Binary, Call, Expr, Number, Reference, rewrite, walk
from ...model import (
    Auxiliary,
    Equation,
    Flow,
    Ident,
    Lookup,
    Macro,
    Model,
    SimSpecs,
    Stock,
    Variable,
    canonical,
)
from ...passes.modules import without_modules
from ...read.mdl.assemble import CONTROLS
from ..foreign import list_foreign
from ..losses import Losses
from .arrays import with_subscripts

_FLAG = re.compile(r"~\s*:SUPPLEMENTARY\s*\Z", re.IGNORECASE)
"""What exporters of Vensim models leave in the documentation."""

_CLOCK = {DT: "TIME STEP", START: "INITIAL TIME", STOP: "FINAL TIME", SAVE_STEP: "SAVEPER"}


def _safe_division(a: Expr, b: Expr, otherwise: Expr | None = None) -> Expr:
    return Call("zidz", (a, b)) if otherwise is None else Call("xidz", (a, b, otherwise))


def _order_last(function: str) -> Callable[..., Expr]:
    """Vensim's arguments from those of its exporters."""
    return lambda value, time, order, initial=None: Call(function, (value, time, initial or value, order))


def _floor(x: Expr) -> Expr:
    below = Call("integer", (x,))
    over = Call("if_then_else", (Binary(">", below, x), Number(1.0), Number(0.0)))
    return Binary("-", below, over)


def _switch(a: Expr, b: Expr) -> Expr:
    return Call("if_then_else", (Binary(">", a, b), Number(1.0), Number(0.0)))


def _volume_pulse(volume: Expr, first: Expr | None = None, interval: Expr | None = None) -> Expr:
    """XMILE's pulse as `builtins.time` puts it together; PULSE would start at the step that is nearest."""
    dt = Reference(_CLOCK[DT])
    since = Binary("-", Reference("Time"), first or Reference(_CLOCK[START]))
    phase: Expr = Binary("+", since, Binary("*", Number(1e-6), dt))
    if interval is not None and interval != Number(0.0):
        again = Binary("and", Binary(">", interval, Number(0.0)), Binary(">=", phase, Number(0.0)))
        phase = Call("if_then_else", (again, Call("modulo", (phase, interval)), phase))
    now = Binary("and", Binary(">=", phase, Number(0.0)), Binary("<", phase, dt))
    return Call("if_then_else", (now, Binary("/", volume, dt), Number(0.0)))


def _step_ago(value: Expr, initial: Expr | None = None) -> Expr:
    return Call("delay_fixed", (value, Reference(_CLOCK[DT]), initial or Number(0.0)))


_OTHERWISE: Mapping[str, tuple[str, Callable[..., Expr]]] = {
    "safediv": ("ZIDZ or XIDZ", _safe_division),
    "vensim_delayn": ("DELAY N with its arguments in another order", _order_last("delay_n")),
    "vensim_smthn": ("SMOOTH N with its arguments in another order", _order_last("smooth_n")),
    "floor": ("a difference with INTEGER", _floor),
    "switch": ("IF THEN ELSE", _switch),
    "volume_pulse": ("a condition on the time", _volume_pulse),
}
"""Functions that Vensim has under another name or can put together, with the same value to the last bit."""

_BY_EULER = {**_OTHERWISE, "previous": ("DELAY FIXED over one TIME STEP", _step_ago)}
"""Those that are the same by Euler's method only: within the steps of others a fixed delay has moved already."""


def _otherwise(call: Call, method: str) -> tuple[str, Expr] | None:
    """The same in Vensim's words; None where there are none, or where they would draw a random number twice."""
    known = _BY_EULER if method.casefold() == "euler" else _OTHERWISE
    if call.function not in known:
        return None
    what, instead = known[call.function]
    made = instead(*call.arguments)
    twice = (item for item in call.arguments if sum(part is item for part in walk(made)) > 1)
    return None if any(map(_draws, twice)) else (what, made)


def _draws(argument: Expr) -> bool:
    calls = (part.function for part in walk(argument) if isinstance(part, Call))
    return any(function in BUILTINS and BUILTINS[function].random for function in calls)


def plain(model: Model, losses: Losses) -> Model:
    """The same model without modules, declared dimensions, limits, belts and the like."""
    list_foreign(model, "mdl", losses)
    if model.modules:
        for module in model.modules:
            losses.written_as(f"the module {module.name}", "variables with its name and a dot", module.span)
        if any(submodel.views for submodel in model.submodels):
            losses.left_out("the diagrams of modules")
        model = without_modules(model)
    if model.documentation:
        losses.left_out("the documentation of the model")
    model = with_subscripts(model, losses)
    model = replace(
        model,
        variables=tuple(_variable(item, losses) for item in model.variables if _has_equations(item, losses)),
        macros=tuple(_macro(item, losses) for item in model.macros),
    )
    return _in_order(_in_words(_without_controls(model, losses), losses), losses)


def _has_equations(variable: Variable, losses: Losses) -> bool:
    if not variable.equations:
        losses.left_out(f"{variable.name}, which has no equation", variable.span)
    return bool(variable.equations)


def _variable(variable: Variable, losses: Losses) -> Variable:
    """The variable without what has no place in a Vensim file."""

    def lost(what: str) -> None:
        losses.left_out(f"that {variable.name} {what}", variable.span)

    if variable.non_negative and isinstance(variable, Flow) and not any(map(_has_points, variable.equations)):
        losses.written_as(f"that {variable.name} is never negative", "a MAX in its equation", variable.span)
        equations = (replace(item, expr=_at_least_zero(item.expr)) for item in variable.equations)
        variable = replace(variable, equations=tuple(equations), non_negative=False)
    elif variable.non_negative:
        lost("is never negative")
    if variable.access:
        lost(f"is an {variable.access} of a module")
    if flag := _FLAG.search(variable.documentation):
        losses.written_as(f"{flag[0].strip()!r} as documentation of {variable.name}", "a flag", variable.span)
        text = variable.documentation[: flag.start()].strip()
        variable = replace(variable, documentation=text, supplementary=True)
    if isinstance(variable, Stock) and variable.conveyor:
        lost("is a conveyor")
    if isinstance(variable, Stock) and variable.queue:
        lost("is a queue")
    if isinstance(variable, Flow) and variable.leak:
        lost("leaks from a conveyor")
    if isinstance(variable, Flow) and variable.overflow:
        lost("takes what overflows")
    return variable


def _has_points(equation: Equation) -> bool:
    return equation.lookup is not None or isinstance(equation.expr, ArrayLiteral)


def _at_least_zero(expr: Expr | None) -> Expr | None:
    return expr and Call("max", (Number(0.0), expr))


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
    if macro.ident in {item.ident for item in macro.variables}:
        return replace(macro, value=None)
    value = Auxiliary(macro.name, (Equation(macro.value, span=macro.span),))
    return replace(macro, variables=(*macro.variables, value), value=None)


def _without_controls(model: Model, losses: Losses) -> Model:
    """The model without variables that have the names of settings, as some exporters make them."""
    return replace(
        model, variables=tuple(item for item in model.variables if _is_own(item, model.specs, losses))
    )


def _is_own(variable: Variable, specs: SimSpecs, losses: Losses) -> bool:
    """Whether a variable is none of the settings; a setting may have its value from a variable of its name."""
    field = CONTROLS.get(variable.ident)
    if field is None:
        return True
    setting = getattr(specs, field)
    if isinstance(setting, Reference) and canonical(setting.name) == variable.ident:
        return True
    expr = variable.equations[0].expr if len(variable.equations) == 1 else None
    match expr:
        case Reference(name) if canonical(name) == canonical("TIME STEP"):
            expr = specs.dt
    if expr is not None and expr == (setting or specs.dt):
        losses.written_as(f"the variable {variable.name}", "a setting of the run", variable.span)
    else:
        losses.left_out(f"the variable {variable.name}, which has the name of a setting", variable.span)
    return False


def _in_words(model: Model, losses: Losses) -> Model:
    """The model with Vensim's names of the time step and the like, and with functions that it has."""
    own = {item.ident: item for item in model.variables}
    tables: dict[Ident, Lookup] = {}

    def change(expr: Expr) -> Expr:
        match expr:
            case Reference(name) if canonical(name) not in own:
                word = _CLOCK.get(CLOCK_SPELLINGS.get(canonical(name), Ident("")), name)
                if canonical(word) != canonical(name):
                    losses.written_as(f"the name {name}", word, expr.span)
                    return replace(expr, name=word)
            case Call(function) if other := _otherwise(expr, model.specs.method):
                losses.written_as(f"the function {function.replace('_', ' ')}", other[0], expr.span)
                return other[1]
            case Call("lookup", (Reference(name, subscripts), argument)) if table := _table(own, name):
                losses.written_as("the function lookup", f"the name of the lookup {table.name}", expr.span)
                tables[table.ident] = table
                return Call(table.name, (argument,), subscripts, expr.span)
        return expr

    def changed(expr: Expr | None) -> Expr | None:
        return expr and rewrite(expr, change)

    def variable(item: Variable) -> Variable:
        equations = tuple(
            replace(part, expr=changed(part.expr), rate=changed(part.rate), initial=changed(part.initial))
            for part in item.equations
        )
        for part in equations:
            _list_inner(part, item.name, losses)
        return replace(item, equations=equations)

    specs = model.specs
    start, stop, dt = (rewrite(expr, change) for expr in (specs.start, specs.stop, specs.dt))
    specs = replace(specs, start=start, stop=stop, dt=dt, save_step=changed(specs.save_step))
    variables = tuple(map(variable, model.variables))
    added = tuple(table for ident, table in tables.items() if ident not in own)
    return replace(model, specs=specs, variables=variables + added)


_WHOLE = frozenset({"delay_fixed", "delay_n", "smooth_n"})
"""Functions that Vensim takes as whole equations only, as its reference says of each."""


def _list_inner(equation: Equation, name: str, losses: Losses) -> None:
    """Add the functions that Vensim will not take where they stand."""
    roots = (expr for expr in (equation.expr, equation.rate, equation.initial) if expr is not None)
    for part in (part for expr in roots for part in walk(expr)):
        if isinstance(part, Call) and part.function in _WHOLE and part is not equation.expr:
            word = BUILTINS[part.function].mdl[0]
            instead = f"{word} within an expression, where Vensim stops at it"
            losses.written_as(f"a part of the equation of {name}", instead, part.span)


def _table(own: Mapping[Ident, Variable], name: str) -> Lookup | None:
    """The lookup of a name; one with the points of a variable where that has some."""
    found = own.get(canonical(name))
    if found is None or isinstance(found, Lookup):
        return found
    if canonical(f"{name} lookup") in own or not all(item.lookup for item in found.equations):
        return None
    points = tuple(Equation(None, item.subscripts, lookup=item.lookup) for item in found.equations)
    return Lookup(f"{found.name} lookup", points, group=found.group, span=found.span)


def _in_order(model: Model, losses: Losses) -> Model:
    """The model with variables of no group first: once a group has begun, all that follow belong to one."""
    apart = sorted(model.variables, key=lambda item: item.group != "")
    if tuple(apart) != model.variables:
        losses.written_as("variables of no group after a group", "the first of the file")
    return replace(model, variables=tuple(apart))
