"""Flows that fill and drain stocks: connected, and taken off again."""

from __future__ import annotations

from dataclasses import replace

from ..expr import Binary, Number, Reference, Subscript, Unary
from ..model import Equation, Stock
from ..read import ReadResult
from .delete import without_flow
from .draft import Draft, refused, with_variable
from .edit import Edit, finished
from .meaning import Scope
from .patch import patch_of


def connect(
    read: ReadResult, stock: str, flow: str, direction: str = "in", format: str | None = None
) -> Edit:
    """The edit by which a flow fills a stock (``in``) or drains it (``out``).

    Raises PEN201 for unknown names, PEN902 where it does so already or one of the two is nothing of the kind.
    """
    draft = Draft(read, format)
    scope, owner = _stock(draft, stock)
    where, variable, _ = draft.named(flow)
    if where != scope or isinstance(variable, Stock) or direction not in ("in", "out"):
        raise refused(
            f"connecting {flow}", "it cannot be a flow of the stock", "Name a flow of the same model."
        )
    if draft.flow(owner, variable.name):
        raise refused(f"connecting {flow}", f"it is a flow of {owner.name} already", "Disconnect it first.")
    new = with_flow(owner, variable.name, direction, draft.text.format)
    changes = draft.text.flows(scope, owner, new)
    expected = with_variable(draft, scope, owner, new)
    return finished(draft.text, patch_of(draft.text.text, changes), expected, f"connecting {flow}")


def disconnect(read: ReadResult, stock: str, flow: str, format: str | None = None) -> Edit:
    """The edit that takes a flow off a stock. Raises PEN201 for unknown names, PEN902 where it is no flow of it."""
    draft = Draft(read, format)
    scope, owner = _stock(draft, stock)
    if not draft.flow(owner, flow):
        known = ", ".join((*owner.inflows, *owner.outflows)) or "none that is named"
        raise refused(f"disconnecting {flow}", f"it is no flow of {owner.name}", f"Flows are {known}.")
    new = without_flow(owner, flow, draft.text.format)
    changes = draft.text.flows(scope, owner, new)
    expected = with_variable(draft, scope, owner, new)
    return finished(draft.text, patch_of(draft.text.text, changes), expected, f"disconnecting {flow}")


def _stock(draft: Draft, name: str) -> tuple[Scope, Stock]:
    scope, variable, _ = draft.named(name)
    if not isinstance(variable, Stock):
        raise refused(f"an edit of the flows of {name}", "it is no stock", "Name a stock.")
    return scope, variable


def with_flow(stock: Stock, flow: str, direction: str, format: str) -> Stock:
    """A stock with one more flow. Vensim's stocks say it in their rates, as do others whose rates are written out."""
    inflows = (*stock.inflows, flow) if direction == "in" else stock.inflows
    outflows = (*stock.outflows, flow) if direction == "out" else stock.outflows
    new = replace(stock, inflows=inflows, outflows=outflows)
    if format != "mdl" and all(item.rate is None for item in stock.equations):
        return new
    equations = tuple(_with_rate(stock, item, flow, direction) for item in stock.equations)
    return replace(new if format != "mdl" else stock, equations=equations)


def net_rate(stock: Stock, equation: Equation) -> Equation:
    """An equation of a stock that says its rate by its flows."""
    return (
        equation if equation.rate is not None else replace(equation, rate=stock.net_flow(equation.subscripts))
    )


def _with_rate(stock: Stock, equation: Equation, flow: str, direction: str) -> Equation:
    rate = equation.rate if equation.rate is not None else stock.net_flow(equation.subscripts)
    term = Reference(flow, tuple(Subscript(name) for name in equation.subscripts))
    if rate == Number(0.0):
        return replace(equation, rate=term if direction == "in" else Unary("-", term))
    return replace(equation, rate=Binary("+" if direction == "in" else "-", rate, term))
