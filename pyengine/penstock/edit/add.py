"""New variables, with their symbols where the model has a diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from ..expr import Expr, Number, walk
from ..model import (
    Auxiliary,
    Equation,
    Flow,
    Lookup,
    Points,
    Stock,
    Variable,
    View,
    ViewItem,
    ViewKind,
    canonical,
)
from ..read import ReadResult
from .draft import Draft, refused, with_variables
from .edit import Edit, finished
from .flows import with_flow
from .meaning import MAIN, Entity, Scope
from .patch import patch_of
from .rename import require_free
from .texts.base import Range

Point = tuple[float, float]
NewKind = Literal["stock", "flow", "auxiliary", "constant", "lookup"]
_CLASSES: Mapping[str, type[Variable]] = {
    "stock": Stock,
    "flow": Flow,
    "auxiliary": Auxiliary,
    "constant": Auxiliary,
    "lookup": Lookup,
}


def add(
    read: ReadResult,
    kind: NewKind,
    name: str,
    equation: str = "0",
    *,
    units: str = "",
    documentation: str = "",
    place: Sequence[float] | None = None,
    source: str | None = None,
    target: str | None = None,
    points: Sequence[Sequence[float]] | None = None,
    subscripts: Sequence[str] = (),
    after: str | None = None,
    format: str | None = None,
) -> Edit:
    """The edit that adds a variable behind another, else at the end.

    `equation` is in the text's language, a stock's its initial value; a flow comes from the stock `source` and goes
    to the stock `target`; `points` are pairs, of a lookup. With a `place`, it gets a symbol in the first view there.
    Raises PEN902 for a name that is taken or reserved.
    """
    draft = Draft(read, format)
    require_free(Entity("variable", MAIN, _NOBODY), name, draft)
    if kind not in _CLASSES:
        raise refused(f"adding {name}", f"{kind} is no kind of variable", f"Kinds are {', '.join(_CLASSES)}.")
    before = draft.named(after)[:2] if after else _last(draft)
    scope = before[0]
    variable = _variable(draft, kind, name, equation, points, tuple(subscripts))
    group = before[1].group if before[1] is not None and draft.text.format != "xmile" else ""
    variable = replace(variable, units=units.strip(), documentation=documentation.strip(), group=group)
    body = (
        None
        if kind == "lookup" or (kind == "stock" and draft.text.format == "mdl")
        else draft.text.written(equation)
    )
    changes = draft.text.add(scope, variable, before[1], body)
    variables = list(draft.where(scope))
    variables.insert(variables.index(before[1]) + 1 if before[1] is not None else 0, variable)
    changes += _connected(draft, scope, variables, name, source, target)
    model = with_variables(read.model, scope, variables)
    if place is not None and scope == MAIN and read.model.views:
        made, drawn = _drawn(draft, variable, (float(place[0]), float(place[1])), source, target)
        changes += made
        model = replace(model, views=(drawn, *model.views[1:]))
    return finished(
        draft.text, patch_of(draft.text.text, changes), model, f"adding {name}", redrawn=place is not None
    )


_NOBODY = Stock("", ()).ident


def _last(draft: Draft) -> tuple[Scope, Variable | None]:
    variables = draft.where(MAIN)
    written = [item for item in variables if item.span.source is draft.read.source]
    return MAIN, written[-1] if written else None


def _variable(
    draft: Draft,
    kind: str,
    name: str,
    equation: str,
    points: Sequence[Sequence[float]] | None,
    subscripts: tuple[str, ...],
) -> Variable:
    if kind == "lookup":
        x, y = zip(*(points or ((0.0, 0.0), (1.0, 1.0))), strict=True)
        made = Points(tuple(map(float, x)), tuple(map(float, y)))
        return Lookup(name, (Equation(None, subscripts, lookup=made),))
    expr = draft.expression(equation)
    if kind == "constant" and not _is_constant(expr):
        raise refused(f"adding {name}", f"{equation} is no number", "Add an auxiliary.")
    rate = Number(0.0) if kind == "stock" and draft.text.format == "mdl" else None
    return _CLASSES[kind](name, (Equation(expr, subscripts, rate=rate),))


def _is_constant(expr: Expr) -> bool:
    return all(type(node).__name__ in ("Number", "Unary", "ArrayLiteral") for node in walk(expr))


def _connected(
    draft: Draft, scope: Scope, variables: list[Variable], name: str, source: str | None, target: str | None
) -> list[Range]:
    """Changes to the stocks that a new flow leaves and enters, which replace the old ones in the list."""
    changes: list[Range] = []
    for stock, direction in ((source, "out"), (target, "in")):
        if stock is None:
            continue
        where, owner, _ = draft.named(stock)
        if where != scope or not isinstance(owner, Stock):
            raise refused(f"adding {name}", f"{stock} is no stock here", "Name stocks of the same model.")
        new = with_flow(owner, name, direction, draft.text.format)
        changes += draft.text.flows(scope, owner, new)
        variables[variables.index(owner)] = new
    return changes


def _drawn(
    draft: Draft, variable: Variable, place: Point, source: str | None, target: str | None
) -> tuple[list[Range], View]:
    """The first view with a symbol for a variable; a flow with a pipe from stock to stock, or from and to nowhere."""
    view = draft.read.model.views[0]
    x, y = place
    if draft.text.format == "mdl":
        x, y = float(round(x)), float(round(y))
    kind: ViewKind = (
        "stock" if isinstance(variable, Stock) else "flow" if isinstance(variable, Flow) else "auxiliary"
    )
    item = ViewItem(kind, variable.name, x, y)
    if kind == "flow":
        item = replace(item, points=(_end(view, source, (x - 50, y)), _end(view, target, (x + 50, y))))
    drawn = replace(view, items=(*view.items, item))
    return draft.text.draw(0, drawn), drawn


def _end(view: View, stock: str | None, otherwise: Point) -> Point:
    """Where a pipe ends: at its stock, where that is drawn."""
    ident = None if stock is None else canonical(stock)
    found = (item for item in view.items if item.kind == "stock" and canonical(item.name) == ident)
    return next(((item.x, item.y) for item in found), otherwise)
