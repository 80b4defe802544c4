"""Copies of variables under other names, for macros and modules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from ..expr import ArrayLiteral, Binary, Call, Expr, Number, Reference, Unary, rewrite
from ..model import External, Points, Stock, Variable
from ..place import Span

Changed = TypeVar("Changed", bound=Variable)

_EXPRESSIONS = (Number, Reference, Call, Unary, Binary, ArrayLiteral)
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


def changed(variable: Changed, change: Callable[[Expr], Expr]) -> Changed:
    """The variable with `change` applied to every node of its expressions, operands first."""
    found: Changed = _changed(variable, change)
    return found


def _changed(value: Any, change: Callable[[Expr], Expr]) -> Any:
    if isinstance(value, _EXPRESSIONS):
        return rewrite(value, change)
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, (*_LEFT_ALONE, type)):
        return replace(value, **{row.name: _changed(getattr(value, row.name), change) for row in fields(value)})
    return value
