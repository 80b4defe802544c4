"""Beside the pipeline: whether a sound model stays sound when one variable gets another equation.

Passes look at each variable by itself until they find the order, so where the edit changes nothing that others see of
the variable, only the variable and the order are looked at again.
"""

from __future__ import annotations

from ..changing import replace
from ..errors import Diagnostic, raise_if_any
from ..expr import Reference
from ..model import Model, Stock, Variable, canonical
from . import scheduled
from .declare import is_literal, symbol_of
from .expand import expand
from .order import Schedule, order
from .resolve import resolve
from .symbols import Role, Symbol
from .unvarying import require_unvarying


def recheck(known: Schedule, before: Model, after: Model, variable: Variable) -> None:
    """Raise what `scheduled` would for the flat model `after`, in which `variable` is another than in `before`, whose
    schedule is `known`."""
    old = next(item for item in before.variables if item.ident == variable.ident)
    if not (_is_plain(before) and _is_local(old) and _is_local(variable)):
        scheduled(after, known.symbols.method.name)
        return
    findings: list[Diagnostic] = []
    symbol = symbol_of(variable, known.symbols.dimensions, findings)
    raise_if_any(findings)
    assert symbol is not None
    if symbol.dims != known.symbols.by_ident[symbol.ident].dims:
        scheduled(after, known.symbols.method.name)
        return
    own = f"#{symbol.name}#"
    table = {
        ident: symbol if ident == symbol.ident else _as_declared(other)
        for ident, other in known.symbols.by_ident.items()
        if not other.name.startswith(own)
    }
    symbols = expand(replace(known.symbols, by_ident=table), {symbol.ident})
    symbols = resolve(symbols, table.keys() - {symbol.ident})
    require_unvarying(order(symbols).symbols)


def _as_declared(symbol: Symbol) -> Symbol:
    """A symbol before `order` found out whether it varies."""
    if symbol.ident.startswith("#") and symbol.kind == "time":
        return replace(symbol, role=Role.CLOCK)
    return replace(symbol, role=Role.VARYING) if symbol.role is Role.INVARIANT else symbol


def _is_plain(model: Model) -> bool:
    """Whether no pass writes equations of one variable for the sake of another."""
    return not any(
        variable.non_negative
        or variable.hidden
        or (isinstance(variable, Stock) and (variable.queue or variable.conveyor is not None))
        for variable in model.variables
    )


_SEED = canonical("noise seed")


def _is_local(variable: Variable) -> bool:
    """Whether others see no more of a variable than its kind and shape: calls may look for the number that a constant
    is, through names too, and functions of data for its points."""
    return variable.ident != _SEED and not any(
        equation.external is not None
        or equation.data is not None
        or equation.lookup is not None
        or equation.expr is None
        or is_literal(equation.expr)
        or isinstance(equation.expr, Reference)
        for equation in variable.equations
    )
