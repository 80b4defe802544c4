"""The equations of a Vensim file put together: one variable for all that share a name, and its kind.

Vensim knows levels and the rest; here the rest is told apart into flows, which fill and drain stocks,
and auxiliaries. That changes nothing in what a model computes: `Equation.rate` stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from ...changing import replace
from ...errors import Diagnostic, finding
from ...expr import Binary, Expr, Number, Reference, Unary
from ...model import (
    Auxiliary,
    Equation,
    Flow,
    Ident,
    Lookup,
    SimSpecs,
    Slider,
    Stock,
    Unread,
    Variable,
    canonical,
)
from ...place import Source
from ..recovery import report
from .equations import Definition, Kind

CONTROLS: Mapping[Ident, str] = {
    canonical("INITIAL TIME"): "start",
    canonical("FINAL TIME"): "stop",
    canonical("TIME STEP"): "dt",
    canonical("SAVEPER"): "save_step",
}
"""The control variables, and the fields of `SimSpecs` that they become."""

Pipes = tuple[tuple[str, ...], tuple[str, ...]]
"""The names of a stock's inflows and outflows."""

_NO_PIPES: Pipes = ((), ())

_REQUIRED = ("INITIAL TIME", "FINAL TIME", "TIME STEP")


def specs_of(
    definitions: Iterable[Definition], method: str, findings: list[Diagnostic], unread: list[Unread]
) -> tuple[SimSpecs, list[Definition]]:
    """The control variables as specs, and the definitions that are left; those that are `unread` are not missing."""
    found: dict[str, Expr] = {}
    units = ""
    rest: list[Definition] = []
    for item in definitions:
        field = CONTROLS.get(canonical(item.name))
        if field is None:
            rest.append(item)
        elif item.equation.external and item.equation.external.what == "constants":
            rest.append(item)  # a variable like others once its value is read, which the setting takes
            found[field] = Reference(item.name, span=item.equation.span)
            units = units or item.units
        elif item.kind != "auxiliary" or item.equation.lookup or item.equation.expr is None:
            wanted = {"name": item.name, "kind": item.kind, "wanted": "time setting"}
            findings.append(
                finding("PEN206", item.equation.span, **wanted, advice="Give it a plain equation.")
            )
        else:
            found[field] = item.equation.expr
            units = units or item.units
    there = {canonical(item.name) for item in unread}
    unnamed = any(item.severity == "error" for item in findings) and not unread
    for name in _REQUIRED if rest and not unnamed else ():
        if CONTROLS[canonical(name)] not in found and canonical(name) not in there:
            report(findings, finding("PEN208", name=name))
    match found.get("save_step"):
        case Reference(name, ()) if canonical(name) == canonical("TIME STEP"):
            del found["save_step"]
    return SimSpecs(method=method, time_units=units, **found), rest


def variables_of(
    source: Source,
    definitions: Iterable[Definition],
    valves: frozenset[Ident],
    findings: list[Diagnostic],
    macro: str = "",
) -> tuple[Variable, ...]:
    """One variable a name, in the order of first mention; `valves` are drawn as flows. `macro` is what they are in."""
    parts: dict[Ident, list[Definition]] = {}
    for item in definitions:
        parts.setdefault(canonical(item.name), []).append(item)
    kinds = {ident: _kind(items, findings) for ident, items in parts.items()}
    pipes = {ident: _pipes(items) for ident, items in parts.items() if kinds[ident] == "stock"}
    flows = _flows(parts, kinds, pipes.values(), valves)
    found: dict[Ident, Variable] = {}
    for ident, items in parts.items():
        names = (name for side in pipes.get(ident, _NO_PIPES) for name in side)
        drawn = ident in flows if kinds[ident] != "stock" else all(canonical(name) in flows for name in names)
        made = partial(_variable, items, kinds[ident], pipes.get(ident, _NO_PIPES), drawn)
        found[ident] = source.joined((macro, ident), (*items, drawn), made)
    return tuple(
        _with_named_flows(source, macro, item, found) if isinstance(item, Stock) else item
        for item in found.values()
    )


def _with_named_flows(source: Source, macro: str, stock: Stock, table: Mapping[Ident, Variable]) -> Stock:
    flows = [table[canonical(name)] for name in (*stock.inflows, *stock.outflows)]
    return source.joined((macro, stock.ident, "flows"), (stock, *flows), partial(_named_flows, stock, flows))


def _named_flows(stock: Stock, flows: Iterable[Variable]) -> Stock:
    """The stock without rates, if they say just what naming its flows does: subscripts are those of the flows too."""
    shape = {equation.subscripts for equation in stock.equations}
    alike = all({equation.subscripts for equation in flow.equations} == shape for flow in flows)
    if not alike or any(item.rate != stock.net_flow(item.subscripts) for item in stock.equations):
        return stock
    return replace(stock, equations=tuple(replace(item, rate=None) for item in stock.equations))


def _kind(items: list[Definition], findings: list[Diagnostic]) -> Kind:
    """The kind that all equations agree on; a second equation for the whole variable is an error too."""
    first = items[0]
    for item in items[1:]:
        if item.kind != first.kind:
            fields = {"name": item.name, "kind": first.kind, "wanted": item.kind}
            advice = "Write all its equations in the same way."
            report(findings, finding("PEN206", item.equation.span, **fields, advice=advice))
        elif not item.equation.subscripts:
            report(findings, finding("PEN202", item.equation.span, name=item.name))
    return first.kind


def _variable(items: list[Definition], kind: Kind, pipes: Pipes, drawn: bool) -> Variable:
    """`drawn`: whether an auxiliary is a flow, or all that a stock's `pipes` name are flows."""
    shared = _shared(items)
    if kind == "stock":
        inflows, outflows = pipes if drawn else _NO_PIPES
        return Stock(**shared, inflows=inflows, outflows=outflows)
    if kind == "lookup":
        return Lookup(**shared)
    return Flow(**shared) if drawn else Auxiliary(**shared)


def _shared(items: list[Definition]) -> dict[str, Any]:
    """The fields that every variable has; where blocks differ, the first that says anything counts."""
    first = items[0]
    limits = next((item for item in items if item.value_range), first)
    low, high = limits.value_range or (None, None)
    slider = None
    if limits.step is not None and low is not None and high is not None:
        slider = Slider(low, high, limits.step)
    return {
        "name": first.name,
        "equations": tuple(item.equation for item in items),
        "units": next((item.units for item in items if item.units), ""),
        "documentation": next((item.documentation for item in items if item.documentation), ""),
        "value_range": limits.value_range,
        "slider": slider,
        "group": first.group,
        "supplementary": any(item.supplementary for item in items),
        "span": first.equation.span,
    }


def _pipes(items: list[Definition]) -> Pipes:
    """What the rates of all a stock's equations add and subtract alike, with the stock's own subscripts."""
    found = {_terms(item.equation) for item in items}
    pipes = found.pop()
    return pipes if not found else _NO_PIPES


def _terms(equation: Equation) -> Pipes:
    """The variables that a rate is a plain sum and difference of; none where it is anything else."""
    sides: tuple[list[str], list[str]] = ([], [])
    stack = [(equation.rate, False)]
    while stack:
        expr, negative = stack.pop()
        match expr:
            case Binary("+" | "-" as operator, left, right):
                stack.append((right, negative ^ (operator == "-")))
                stack.append((left, negative))
            case Unary("+" | "-" as operator, operand):
                stack.append((operand, negative ^ (operator == "-")))
            case Reference(name, subscripts) if equation.subscripts == tuple(
                item.name for item in subscripts
            ):
                sides[negative].append(name)
            case Number(0.0):
                pass
            case _:
                return _NO_PIPES
    return tuple(sides[False]), tuple(sides[True])


def _flows(
    parts: Mapping[Ident, list[Definition]],
    kinds: Mapping[Ident, Kind],
    pipes: Iterable[Pipes],
    valves: frozenset[Ident],
) -> frozenset[Ident]:
    """The auxiliaries that are flows: drawn with a valve, or running into one stock and out of one at most.

    A plain number is a constant rather than a flow, unless it is drawn as one.
    """
    ends = Counter(
        (canonical(name), side) for sides in pipes for side, names in enumerate(sides) for name in names
    )
    found = {name for name, _ in ends if ends[name, 0] <= 1 and ends[name, 1] <= 1} | valves
    return frozenset(
        name
        for name in found
        if kinds.get(name) == "auxiliary"
        and (name in valves or not all(isinstance(item.equation.expr, Number) for item in parts[name]))
    )
