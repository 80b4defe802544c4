"""Net flows that are written out as rates, as flows into and out of their stocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...expr import Number
from ...model import Equation, Flow, Ident, Stock, Variable, canonical
from ..losses import Losses


def flowing(variables: Iterable[Variable], losses: Losses) -> tuple[Variable, ...]:
    """The variables with no rates: a rate that is a sum of flows is known from these, any other becomes a flow."""
    variables = tuple(variables)
    taken = {variable.ident for variable in variables}
    made: list[Variable] = []
    for variable in variables:
        rates = [equation.rate for equation in variable.equations]
        if not isinstance(variable, Stock) or all(rate is None for rate in rates):
            made.append(variable)
            continue
        bare = tuple(replace(equation, rate=None) for equation in variable.equations)
        stock = replace(variable, equations=bare)
        what = f"the rate of {stock.name}"
        if stock.inflows or stock.outflows:
            losses.written_as(what, "its inflows and outflows", stock.span)
        elif all(rate is None or rate == Number(0.0) for rate in rates):
            losses.written_as(what, "a stock without flows", stock.span)
        else:
            flow = _net_flow(stock, variable.equations, taken)
            losses.written_as(what, f"the flow {flow.name}", stock.span)
            made += [replace(stock, inflows=(flow.name,)), flow]
            continue
        made.append(stock)
    return tuple(made)


def _net_flow(stock: Stock, equations: tuple[Equation, ...], taken: set[Ident]) -> Flow:
    """A flow that is a stock's rate, under a name that nobody has."""
    name = base = f"{stock.name} net flow"
    number = 1
    while canonical(name) in taken:
        number += 1
        name = f"{base} {number}"
    taken.add(canonical(name))
    rates = tuple(replace(equation, expr=equation.rate, rate=None, initial=None) for equation in equations)
    return Flow(name, rates, dims=stock.dims, group=stock.group, span=stock.span)
