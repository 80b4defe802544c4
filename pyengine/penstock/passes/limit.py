"""Pass 2: non-negative stocks and flows, written into the equations of the flows.

A non-negative flow is ``max(0, expr)``. A non-negative stock lets its outflows take, in the order they are
listed, what it holds and what flows in during the step: the first as much as it wants of that, the next of
what is left. This is a rule for whole steps, so it is refused for methods that look inside a step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce

from ..builtins.time import DT
from ..errors import Diagnostic, finding, raise_if_any
from ..expr import Binary, Call, Expr, Number, Reference
from ..model import Ident
from .symbols import Role, Symbol, Symbols


def limit(symbols: Symbols) -> Symbols:
    findings: list[Diagnostic] = []
    table = dict(symbols.by_ident)
    for symbol in symbols.by_ident.values():
        if symbol.kind == "flow" and symbol.non_negative:
            table[symbol.ident] = _changed(symbol, lambda value: Call("max", (Number(0.0), value)))
    for symbol in symbols.by_ident.values():
        if symbol.kind == "stock":
            findings.extend(_missing_flows(symbol, table))
            if symbol.non_negative and not findings:
                findings.extend(_limit_outflows(symbol, symbols, table))
    raise_if_any(findings)
    return replace(symbols, by_ident=table)


def _missing_flows(stock: Symbol, table: dict[Ident, Symbol]) -> list[Diagnostic]:
    return [
        finding("PEN210", stock.span, flow=flow, stock=stock.name)
        for flow in (*stock.inflows, *stock.outflows)
        if flow not in table
    ]


def _limit_outflows(stock: Symbol, symbols: Symbols, table: dict[Ident, Symbol]) -> list[Diagnostic]:
    if symbols.method.name != "euler" or stock.dims:
        what = "arrays" if stock.dims else f"method {symbols.method.name}"
        advice = "Use Euler integration, or bound the outflows in their equations."
        return [
            finding(
                "PEN401",
                stock.span,
                construct=f"a non-negative stock ({stock.name}) with {what}",
                advice=advice,
            )
        ]
    if any(part.rate is not None and not stock.outflows for part in stock.parts) and not stock.inflows:
        return []
    available: Expr = Binary("/", Reference(stock.name), Reference(DT))
    available = reduce(
        lambda total, flow: Binary("+", total, Reference(table[flow].name)), stock.inflows, available
    )
    for flow in stock.outflows:
        table[flow] = _changed(table[flow], _at_most(Call("max", (Number(0.0), available))))
        available = Binary("-", available, Reference(table[flow].name))
    return []


def _at_most(limit: Expr) -> Callable[[Expr], Expr]:
    return lambda value: Call("min", (value, limit))


def _changed(symbol: Symbol, change: Callable[[Expr], Expr]) -> Symbol:
    parts = tuple(replace(part, expr=change(part.expr)) for part in symbol.parts)
    return replace(symbol, parts=parts, role=Role.VARYING)
