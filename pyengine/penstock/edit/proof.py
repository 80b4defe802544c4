"""What makes an edit sure: the changed text is read again, and says just what it must say."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from ..errors import PenstockError, error
from ..expr import Call, Reference, Subscript
from ..model import Auxiliary, Connection, Connector, Flow, Model, Stock, Variable, ViewItem, canonical
from ..read import ReadResult, read_partially
from .patch import Patch

_NAMES: dict[type, tuple[str, ...]] = {
    Reference: ("name",),
    Subscript: ("name",),
    Call: ("function", "outputs"),
    ViewItem: ("name",),
    Connector: ("source", "target"),
    Connection: ("source", "target"),
    Stock: ("inflows", "outflows"),
}
"""Where names are used rather than given: there formats spell them in their own ways."""


def proved(
    read: ReadResult, format: str, patch: Patch, expected: Model, edit: str, *, redrawn: bool = False
) -> ReadResult:
    """The patched text, read. Raises PEN903 unless that yields the expected model.

    Of `redrawn` views only symbols and their places count, and what arrows join: formats choose sizes and routes.
    """
    text = patch.apply(read.source.text)
    try:
        found = read_partially(text, read.source.name, format)
    except PenstockError as problem:
        reason = f"the text could no longer be read ({problem.diagnostics[0].message})"
        raise error("PEN903", edit=edit, reason=reason) from problem
    known = {(item.code, item.message) for item in read.findings if item.severity == "error"}
    for item in found.findings:
        if item.severity == "error" and (item.code, item.message) not in known and not read.model.unread:
            raise error("PEN903", edit=edit, reason=f"the text could no longer be read ({item.message})")
    model = found.model
    if redrawn:
        expected, model = _seen(expected), _seen(model)
    where = difference(expected, model, told_apart=format != "mdl")
    if where is not None:
        raise error("PEN903", edit=edit, reason=f"the text would not say what is meant of {where}")
    return found


def difference(expected: Any, found: Any, at: str = "the model", *, told_apart: bool = True) -> str | None:
    """Where two models first differ in what counts; None where they say the same.

    Unless kinds are `told_apart`, it does not count what tells flows from auxiliaries: Vensim does not write it
    down.
    """
    if expected == found:
        return None
    if isinstance(expected, tuple) and isinstance(found, tuple):
        if len(expected) != len(found):
            return at
        pairs = [(a, b, _named(a, at)) for a, b in zip(expected, found, strict=True) if a is not b]
    elif isinstance(expected, Variable) and isinstance(found, Variable) and not told_apart:
        expected, found = _untold(expected), _untold(found)
        if type(expected) is not type(found):
            return at
        pairs = _fields(expected, found, at)
    elif type(expected) is type(found) and is_dataclass(expected):
        pairs = _fields(expected, found, at)
    else:
        return at
    return next(
        (where for a, b, place in pairs if (where := difference(a, b, place, told_apart=told_apart))), None
    )


def _named(item: Any, at: str) -> str:
    name = getattr(item, "name", "")
    return name if isinstance(item, Variable) and name else f"{at}: {name}" if name else at


def _fields(a: Any, b: Any, at: str) -> list[tuple[Any, Any, str]]:
    used = _NAMES.get(type(a), ())
    found = []
    for row in fields(a):
        if row.compare:
            left, right = getattr(a, row.name), getattr(b, row.name)
            if row.name in used:
                left, right = _folded(left), _folded(right)
            found.append((left, right, at))
    return found


def _folded(names: Any) -> Any:
    return tuple(map(canonical, names)) if isinstance(names, tuple) else canonical(names)


def _untold(variable: Variable) -> Variable:
    """A variable without what Vensim's files do not say: which auxiliaries are flows, and which flows a rate names."""
    if isinstance(variable, Stock):
        equations = tuple(
            item if item.rate is not None else replace(item, rate=variable.net_flow(item.subscripts))
            for item in variable.equations
        )
        return replace(variable, equations=equations, inflows=(), outflows=())
    if isinstance(variable, Flow):
        shared = {row.name: getattr(variable, row.name) for row in fields(Auxiliary)}
        return Auxiliary(**shared)
    return variable


def _seen(model: Model) -> Model:
    """A model whose views say no more than which symbols stand where, and what arrows join."""
    return replace(
        model,
        views=tuple(
            replace(
                view,
                name="",  # a file may number its views
                items=tuple(
                    ViewItem(item.kind, item.name, item.x, item.y)
                    for item in view.items
                    if item.kind != "cloud"
                ),
                connectors=tuple(Connector(item.source, item.target) for item in view.connectors),
            )
            for view in model.views
        ),
    )
