"""Small functions written out in the loops that call them, so that what they compute stays in locals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..ir import Do, For, Function, If, Set, Statement, While, nodes, statements

_LIMIT = 400
"""Nodes of all that one loop calls; beyond that, the calls cost little."""


def inlined(function: Function, by_name: Mapping[str, Function]) -> Function:
    """The same function; its loops call nothing, where all that they call is small."""
    return replace(function, body=tuple(_statement(statement, by_name) for statement in function.body))


def _statement(statement: Statement, by_name: Mapping[str, Function]) -> Statement:
    match statement:
        case If(then=then, otherwise=otherwise):
            sides = ([_statement(inner, by_name) for inner in side] for side in (then, otherwise))
            return replace(statement, then=tuple(next(sides)), otherwise=tuple(next(sides)))
        case While(body=body) if _is_small(body, by_name):
            return replace(statement, body=_written_out(body, by_name))
    return statement


def _called(body: tuple[Statement, ...], by_name: Mapping[str, Function]) -> list[Function]:
    return [by_name[inner.function] for inner in statements(body) if isinstance(inner, Do)]


def _names(body: tuple[Statement, ...]) -> set[str]:
    return {inner.name for inner in statements(body) if isinstance(inner, (Set, For))}


def _is_small(body: tuple[Statement, ...], by_name: Mapping[str, Function]) -> bool:
    called = _called(body, by_name)
    return (
        sum(1 for function in called for _ in nodes(function)) <= _LIMIT
        and not any(_called(function.body, by_name) for function in called)
        and all(_names(function.body).isdisjoint(_names(body)) for function in called)
    )


def _written_out(body: tuple[Statement, ...], by_name: Mapping[str, Function]) -> tuple[Statement, ...]:
    written: list[Statement] = []
    for statement in body:
        match statement:
            case Do(function=name):
                written.extend(by_name[name].body)
            case If(then=then, otherwise=otherwise):
                sides = _written_out(then, by_name), _written_out(otherwise, by_name)
                written.append(replace(statement, then=sides[0], otherwise=sides[1]))
            case _:
                written.append(statement)
    return tuple(written)
