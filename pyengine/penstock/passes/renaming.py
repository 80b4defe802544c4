"""Copies of variables under other names, for macros and modules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from operator import is_
from typing import Any, TypeVar

from ..changing import replace
from ..expr import ArrayLiteral, Binary, Call, Expr, Number, Reference, Unary, rewrite
from ..model import External, Points, Stock, Variable
from ..place import Span

Changed = TypeVar("Changed", bound=Variable)

_EXPRESSIONS = frozenset((Number, Reference, Call, Unary, Binary, ArrayLiteral))
_LEFT_ALONE = (Points, External, Span)


def renamed(
    variable: Changed, name: str, flow: Callable[[str], str], change: Callable[[Expr], Expr]
) -> Changed:
    """The variable by another name, its flows' names and every node of its expressions changed."""
    copy = replace(changed(variable, change), name=name)
    if isinstance(copy, Stock):
        inflows, outflows = tuple(map(flow, copy.inflows)), tuple(map(flow, copy.outflows))
        return replace(copy, inflows=inflows, outflows=outflows)
    return copy


def expressions_of(variable: Variable) -> list[Expr]:
    """All expressions in a variable, whole."""
    found: list[Expr] = []
    _collect(variable, found)
    return found


def _collect(value: Any, found: list[Expr]) -> None:
    kind: Any = type(value)
    if kind in _EXPRESSIONS:
        found.append(value)
        return
    for item in value if kind is tuple else (getattr(value, name) for name in _names(kind)):
        _collect(item, found)


def changed(variable: Changed, change: Callable[[Expr], Expr]) -> Changed:
    """The variable with `change` applied to every node of its expressions, operands first."""
    found: Changed = _changed(variable, change)
    return found


def _changed(value: Any, change: Callable[[Expr], Expr]) -> Any:
    """The value with all expressions in it changed; the same object where there are none to change."""
    kind: Any = type(value)
    if kind in _EXPRESSIONS:
        return rewrite(value, change)
    if kind is tuple:
        items = tuple(_changed(item, change) for item in value)
        return value if all(map(is_, items, value)) else items
    changes = {}
    for name in _names(kind):
        before = getattr(value, name)
        after = _changed(before, change)
        if after is not before:
            changes[name] = after
    return replace(value, **changes) if changes else value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of dataclass in which expressions may be."""
    if not is_dataclass(kind) or kind in _LEFT_ALONE:
        return ()
    return tuple(row.name for row in fields(kind))
