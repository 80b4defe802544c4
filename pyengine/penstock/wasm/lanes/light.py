"""`evaluate` for steps whose rows nobody looks at: without the values that no step reads.

Where a row is looked at, the whole of it is evaluated once more: that writes the same again, and the rest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from ...ir import For, Function, If, Set, Statement, Store, While, nodes, statements, uses
from ...program import CLOCK, ROW, Program


def light(program: Program) -> Function:
    """What `evaluate` writes for the next step, by the name of ``evaluate``."""
    reads = _read(program)
    body = tuple(_without(program.evaluate.body, reads))
    while True:
        fewer = tuple(_asked_for(body, _named(body)))
        if fewer == body:
            return replace(program.evaluate, body=body)
        body = fewer


def _read(program: Program) -> set[int]:
    """The slots that a step may read: by what it calls, and by itself."""
    found = {*range(len(CLOCK))}
    for block in (program.rates, program.followers, program.stocks, program.memories, program.constants):
        found.update(range(block.start, block.end))
    starts = [*program.starts, program.n_slots]
    for function in (program.evaluate, program.advance, program.settle):
        for node in nodes(function):
            if node.op == "load" and isinstance(node.imm, tuple) and node.imm[0] == ROW:
                offset = node.imm[1]
                if not node.args:
                    found.add(offset)
                    continue
                place = bisect_right(program.starts, offset)
                found.update(range(starts[place - 1] if place else 0, starts[place]))
    return found


def _named(body: tuple[Statement, ...]) -> frozenset[str]:
    """The locals that are read."""
    names: frozenset[str] = frozenset()
    return names.union(*(node.names for statement in statements(body) for node in uses(statement)))


def _asked_for(body: tuple[Statement, ...], names: frozenset[str]) -> Iterator[Statement]:
    for statement in body:
        match statement:
            case Set(name=name) if name not in names:
                continue
            case If(then=then, otherwise=otherwise):
                sides = tuple(_asked_for(then, names)), tuple(_asked_for(otherwise, names))
                if any(sides):
                    yield replace(statement, then=sides[0], otherwise=sides[1])
            case For(body=inner):
                if fewer := tuple(_asked_for(inner, names)):
                    yield replace(statement, body=fewer)
            case While(body=inner):
                yield replace(statement, body=tuple(_asked_for(inner, names)))
            case _:
                yield statement


def _without(body: tuple[Statement, ...], reads: set[int]) -> Iterator[Statement]:
    for statement in body:
        match statement:
            case Store(region=region, offset=offset, index=None) if region == ROW and offset not in reads:
                continue
            case If(then=then, otherwise=otherwise):
                sides = tuple(_without(then, reads)), tuple(_without(otherwise, reads))
                if any(sides):
                    yield replace(statement, then=sides[0], otherwise=sides[1])
            case While(body=inner) | For(body=inner):
                yield replace(statement, body=tuple(_without(inner, reads)))
            case _:
                yield statement
