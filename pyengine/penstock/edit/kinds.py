"""Another kind for a variable: stock, flow, auxiliary or constant, with what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Literal

from ..errors import Diagnostic, finding
from ..expr import ArrayLiteral, Number, Unary, walk
from ..model import Auxiliary, Flow, Lookup, Stock, Variable, View, ViewKind, canonical
from ..read import ReadResult
from .draft import Draft, refused, with_variable
from .edit import Edit, finished
from .meaning import MAIN
from .naming import NAMED
from .patch import patch_of
from .texts.base import Range

Kind = Literal["stock", "flow", "auxiliary", "constant"]
_CLASSES: Mapping[str, type[Variable]] = {
    "stock": Stock,
    "flow": Flow,
    "auxiliary": Auxiliary,
    "constant": Auxiliary,
}


def change_kind(read: ReadResult, name: str, kind: Kind, format: str | None = None) -> Edit:
    """The edit that makes a variable another kind; its equation stays.

    What was a stock has its initial value as its equation, and no flows; a new stock starts with its equation's
    value, and keeps that until it gets flows. Raises PEN902 where a variable cannot be that.
    """
    draft = Draft(read, format)
    scope, variable, _ = draft.named(name)
    edit = f"making {name} a {kind}"
    _require(draft, variable, kind, edit)
    new = _as(variable, kind, draft.text.format)
    changes: list[Range] = draft.text.rewritten(scope, variable, new)
    model = with_variable(draft, scope, variable, new)
    if scope == MAIN and type(new) is not type(variable):
        views = []
        for number, view in enumerate(model.views):
            symbols, made = _symbols(draft, number, view, new)
            changes += symbols
            views.append(made)
        model = replace(model, views=tuple(views))
    patch = patch_of(draft.text.text, changes)
    follows = tuple(_consequences(draft, variable, new))
    return finished(draft.text, patch, model, edit, follows, redrawn=True)


def _require(draft: Draft, variable: Variable, kind: str, edit: str) -> None:
    if kind not in _CLASSES:
        raise refused(edit, "there is no such kind", f"Kinds are {', '.join(_CLASSES)}.")
    if isinstance(variable, _CLASSES[kind]) and (kind != "constant" or _is_number(variable)):
        raise refused(edit, "it is one already", "Nothing needs to be done.")
    if (
        kind == "stock"
        and draft.text.format == "mdl"
        and any(isinstance(item.expr, ArrayLiteral) for item in variable.equations)
    ):
        raise refused(edit, "Vensim takes no list of initial values", "Give each element an equation first.")
    if isinstance(variable, Lookup) or any(item.external or item.data for item in variable.equations):
        raise refused(edit, "it holds points or data", "Add a variable that uses it.")
    if any(item.lookup or item.initial for item in variable.equations) and kind == "stock":
        raise refused(
            edit, "its equation has a part that stocks do not have", "Give it another equation first."
        )
    if isinstance(variable, Stock) and (variable.conveyor or variable.queue):
        raise refused(edit, "it is a conveyor or a queue", "Make it a plain stock in the text first.")
    if isinstance(variable, Flow) and (variable.leak or variable.overflow):
        raise refused(edit, "it is a leak or an overflow", "Make it a plain flow in the text first.")
    owners = [
        item.name
        for item in draft.read.model.variables
        if isinstance(item, Stock) and draft.flow(item, variable.name)
    ]
    if owners and kind != "flow":
        raise refused(edit, f"it is a flow of {owners[0]}", "Disconnect it first.")
    if kind == "constant" and not _is_number(variable):
        raise refused(edit, "its equation is no number", "Give it a number first.")
    if draft.text.format == "mdl" and "flow" in (kind, _kind(variable)) and kind != "stock":
        reason = "Vensim's files tell flows from other variables only by their stocks"
        raise refused(edit, reason, "Connect it to a stock, or disconnect it.")


def _kind(variable: Variable) -> str:
    return next(key for key, row in _CLASSES.items() if isinstance(variable, row))


def _is_number(variable: Variable) -> bool:
    plain = (Number, Unary, ArrayLiteral)
    return all(
        item.expr is not None and all(isinstance(node, plain) for node in walk(item.expr))
        for item in variable.equations
    )


def _as(variable: Variable, kind: str, format: str) -> Variable:
    """The variable as another kind, with the fields that all kinds have."""
    shared = {row.name: getattr(variable, row.name) for row in fields(Variable)}
    shared["non_negative"] = variable.non_negative and kind in ("stock", "flow") and format != "xmile"
    if kind != "stock":
        shared["equations"] = tuple(replace(item, rate=None) for item in variable.equations)
    elif not isinstance(variable, Stock) and format == "mdl":
        shared["equations"] = tuple(replace(item, rate=Number(0.0)) for item in variable.equations)
    return _CLASSES[kind](**shared)


def _symbols(draft: Draft, number: int, view: View, new: Variable) -> tuple[list[Range], View]:
    """The symbols of a variable, as those of its new kind."""
    kind: ViewKind = "stock" if isinstance(new, Stock) else "flow" if isinstance(new, Flow) else "auxiliary"
    changes: list[Range] = []
    items = list(view.items)
    for place, item in enumerate(items):
        if item.kind in NAMED and item.kind != "alias" and canonical(item.name) == new.ident:
            changes += draft.text.resymbol(number, item, kind)
            items[place] = replace(item, kind=kind)
    return changes, replace(view, items=tuple(items))


def _consequences(draft: Draft, old: Variable, new: Variable) -> Iterator[Diagnostic]:
    if isinstance(old, Stock) and not isinstance(new, Stock):
        for flow in (*old.inflows, *old.outflows):
            what = f"{flow} no longer fills or drains {old.name}"
            yield finding("PEN905", old.span, what=what, advice="Connect it to another stock, or delete it.")
        what = f"{old.name} is what was its initial value, all the time"
        yield finding("PEN905", old.span, what=what, advice="Give it the equation that it should have.")
    if isinstance(new, Stock) and not isinstance(old, Stock):
        what = f"{old.name} starts with the value of its equation, and keeps it"
        yield finding("PEN905", old.span, what=what, advice="Connect flows to it.")
