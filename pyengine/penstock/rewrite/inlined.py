"""Small functions written out in the loops that call them, so that what they compute stays in locals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..changing import replace
from ..ir import Do, For, Function, If, Set, Statement, While, nodes, statements
from ..ops import I32, Type

_LIMIT = 400
"""Nodes of all that one loop calls; beyond that, the calls cost little."""


def inlined(function: Function, by_name: Mapping[str, Function]) -> Function:
    """The same function; its loops call nothing, where all that they call is small."""
    return replace(function, body=_Inlining(function, by_name).body(function.body))


class _Inlining:
    def __init__(self, function: Function, by_name: Mapping[str, Function]) -> None:
        self.own = _names(function.body)
        self.by_name = by_name

    def body(self, body: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(map(self.statement, body))

    def statement(self, statement: Statement) -> Statement:
        match statement:
            case If(then=then, otherwise=otherwise):
                return replace(statement, then=self.body(then), otherwise=self.body(otherwise))
            case While(body=body) if self.is_small(body):
                return replace(statement, body=tuple(self.written_out(body)))
        return statement

    def called(self, body: tuple[Statement, ...]) -> list[Function]:
        return [self.by_name[inner.function] for inner in statements(body) if isinstance(inner, Do)]

    def is_small(self, body: tuple[Statement, ...]) -> bool:
        """Whether there is little to write out, and locals of the same name do not get in each other's way."""
        called = self.called(body)
        types: dict[str, Type] = {}
        return (
            sum(1 for function in called for _ in nodes(function)) <= _LIMIT
            and not any(self.called(function.body) for function in called)
            and all(self.own.keys().isdisjoint(_names(function.body)) for function in called)
            and all(
                types.setdefault(name, type_) is type_
                for function in called
                for name, type_ in _names(function.body).items()
            )
        )

    def written_out(self, body: tuple[Statement, ...]) -> Iterator[Statement]:
        for statement in body:
            match statement:
                case Do(function=name):
                    yield from self.by_name[name].body
                case If(then=then, otherwise=otherwise):
                    sides = (tuple(self.written_out(side)) for side in (then, otherwise))
                    yield replace(statement, then=next(sides), otherwise=next(sides))
                case _:
                    yield statement


def _names(body: tuple[Statement, ...]) -> dict[str, Type]:
    """The locals that are given a value."""
    return {
        inner.name: I32 if isinstance(inner, For) else inner.value.type
        for inner in statements(body)
        if isinstance(inner, (Set, For))
    }
