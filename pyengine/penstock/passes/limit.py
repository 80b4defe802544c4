"""Pass 2: non-negative stocks and flows, written into the equations of the flows.

A non-negative flow is ``max(0, value)``. A non-negative stock lets its outflows take, in the order they are
listed, what it holds and what flows in during the step: the first as much as it wants of that, the next of
what is left (Stella's rule). An inflow that comes, through other non-negative stocks, from the stock itself
does not count, because what it brings depends on the answer. A flow that several stocks list as their outflow
belongs to none of them and is not limited. Whatever flows, a non-negative stock is set to zero after a step
that would leave it below; `settled` in the program does that.

Limits are a rule for whole steps, so they are refused for methods that look inside a step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import reduce

from ..builtins.time import DT
from ..changing import replace
from ..errors import Diagnostic, finding, raise_if_any
from ..expr import Binary, Call, Expr, Number, Reference
from ..model import Ident, canonical
from .symbols import Part, Role, Symbol, Symbols

Table = dict[Ident, Symbol]


def limit(symbols: Symbols) -> Symbols:
    """The same model, its flows limited. Raises PEN210, PEN401."""
    table = dict(symbols.by_ident)
    stocks = [symbol for symbol in table.values() if symbol.kind == "stock"]
    raise_if_any([item for stock in stocks for item in _missing_flows(stock, table)])
    for symbol in symbols.by_ident.values():
        if symbol.kind == "flow" and symbol.non_negative:
            _change(symbol.ident, table, lambda value: Call("max", (Number(0.0), value)))
    owners = Counter(flow for stock in stocks for flow in set(stock.outflows))
    limited = [stock for stock in stocks if stock.non_negative]
    downstream = _downstream(limited, owners)
    findings: list[Diagnostic] = []
    for stock in limited:
        outflows = [flow for flow in stock.outflows if owners[flow] == 1]
        if not outflows:
            continue
        refusal = list(_refused(stock, outflows, symbols, table))
        findings += refusal
        if not refusal:
            _limit_outflows(stock, outflows, table, downstream)
    raise_if_any(findings)
    return replace(symbols, by_ident=table)


def _missing_flows(stock: Symbol, table: Table) -> Iterator[Diagnostic]:
    for flow in (*stock.inflows, *stock.outflows):
        if flow not in table or table[flow].kind == "stock":
            yield finding("PEN210", stock.span, flow=flow, stock=stock.name)


def _refused(stock: Symbol, outflows: list[Ident], symbols: Symbols, table: Table) -> Iterator[Diagnostic]:
    what = ""
    if symbols.method.name != "euler":
        what = f"method {symbols.method.name}"
    elif any(table[flow].dims != stock.dims for flow in (*outflows, *stock.inflows)):
        what = "flows of other dimensions"
    if what:
        advice = "Use Euler integration, or bound the outflows in their equations."
        construct = f"a non-negative stock ({stock.name}) with {what}"
        yield finding("PEN401", stock.span, construct=construct, advice=advice)


def _downstream(stocks: list[Symbol], owners: Counter[Ident]) -> dict[Ident, set[Ident]]:
    """For each limited flow, all limited flows that it can lead into, itself included where it runs in a circle."""
    into = {flow: stock for stock in stocks for flow in stock.inflows}
    following = {
        flow: [after for after in into[flow].outflows if owners[after] == 1] if flow in into else []
        for stock in stocks
        for flow in stock.outflows
    }
    reached: dict[Ident, set[Ident]] = {}
    for flow in following:
        found: set[Ident] = set()
        waiting = list(following[flow])
        while waiting:
            after = waiting.pop()
            if after not in found:
                found.add(after)
                waiting.extend(following.get(after, ()))
        reached[flow] = found
    return reached


def _limit_outflows(
    stock: Symbol, outflows: list[Ident], table: Table, downstream: dict[Ident, set[Ident]]
) -> None:
    reached = set().union(*(downstream[flow] for flow in outflows))
    counted = [flow for flow in stock.inflows if flow not in reached]
    available: Expr = Binary("/", Reference(stock.name), Reference(DT))
    available = reduce(
        lambda total, flow: Binary("+", total, Reference(table[flow].name)), counted, available
    )
    for flow in outflows:
        _change(flow, table, _at_most(Call("max", (Number(0.0), available))))
        available = Binary("-", available, Reference(table[flow].name))


def _at_most(most: Expr) -> Callable[[Expr], Expr]:
    return lambda value: Call("min", (value, most))


def _change(ident: Ident, table: Table, change: Callable[[Expr], Expr]) -> None:
    """Wrap a flow's value; a graphical function it has becomes a lookup of its own, called in the equation."""
    flow = table[ident]
    parts: list[Part] = []
    for number, part in enumerate(flow.parts):
        value = part.expr
        if part.points is not None:
            name = canonical(f"#{flow.name}#{number}#points")
            lookup = Part(Number(0.0), points=part.points, span=part.span)
            table[name] = Symbol(name, name, "lookup", Role.LOOKUP, (lookup,), hidden=True, span=flow.span)
            value = Call(name, (value,), span=value.span)
        parts.append(replace(part, expr=change(value), points=None))
    table[ident] = replace(flow, parts=tuple(parts), role=Role.VARYING)
