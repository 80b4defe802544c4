"""A model to a text and back: what is compared, and where the first difference is."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from penstock.expr import Expr, Reference, Subscript
from penstock.model import Connection, Connector, Model, Stock, ViewItem, canonical
from penstock.read import read_text
from penstock.write import Writer, Written

NAMED_BY_THE_FILE = {"mdl"}
"""Formats that hold no name of the model."""

UNDERSCORES = {"xmile"}
"""Formats that write names in equations with underscores, so that they read back as other spellings."""


def trip(model: Model, writer: Writer) -> tuple[Written, Model]:
    """The text of a model, and the model that it reads back as."""
    written = writer.write(model)
    back = read_text(written.text, f"trip{writer.endings[0]}", writer.key).model
    return written, replace(back, name=model.name) if writer.key in NAMED_BY_THE_FILE else back


def difference(a: Any, b: Any, at: str = "model") -> str | None:
    """Where two models first differ in what counts, and how; None where they are equal."""
    if type(a) is type(b) and is_dataclass(a):
        pairs = [(f".{f.name}", getattr(a, f.name), getattr(b, f.name)) for f in fields(a) if f.compare]
    elif isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        pairs = [(f"[{place}]", x, y) for place, (x, y) in enumerate(zip(a, b, strict=True))]
    else:
        return None if a == b else f"{at}: {a!r:.300} became {b!r:.300}"
    return next((found for name, x, y in pairs if (found := difference(x, y, at + name))), None)


def comparable(model: Model, writer: Writer) -> Model:
    """The model with names where they are used as identifiers, for formats that spell them in their own way."""
    return folded(model) if writer.key in UNDERSCORES else model


_NAMES: dict[type, tuple[str, ...]] = {
    Reference: ("name",),
    Subscript: ("name",),
    ViewItem: ("name",),
    Connector: ("source", "target"),
    Connection: ("source", "target"),
    Stock: ("inflows", "outflows"),
}


def folded(node: Any) -> Any:
    """A model or an expression with names in their canonical form where they are used as identifiers."""
    if isinstance(node, tuple):
        return tuple(map(folded, node))
    if not is_dataclass(node):
        return node
    changed = {f.name: folded(getattr(node, f.name)) for f in fields(node) if f.compare}
    for name in _NAMES.get(type(node), ()):
        value = changed[name]
        changed[name] = tuple(map(canonical, value)) if isinstance(value, tuple) else canonical(value)
    if isinstance(node, Expr) and "function" in changed:
        changed["function"] = canonical(changed["function"])
    return replace(node, **changed)
