"""What of the library a program needs: the functions and the tables that its own functions use, directly or not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..ir import Function, Statement, nodes
from ..library import FUNCTIONS, TABLES

Uses = tuple[tuple[str, ...], tuple[str, ...]]
"""Names of functions and of tables, each as it is first met."""


def linked(roots: Iterable[Function]) -> tuple[dict[str, Function], dict[str, tuple[float | int, ...]]]:
    """The library's functions and tables that the roots use, directly or not."""
    return linked_to([[uses(root)] for root in roots])


def linked_to(
    roots: Iterable[Iterable[Uses]],
) -> tuple[dict[str, Function], dict[str, tuple[float | int, ...]]]:
    """The same for what functions use, each as what its parts do."""
    functions: dict[str, Function] = {}
    tables: dict[str, tuple[float | int, ...]] = {}
    waiting = list(roots)
    while waiting:
        for calls, loads in waiting.pop():
            for name in calls:
                if name not in functions:
                    functions[name] = FUNCTIONS[name].function
                    waiting.append([_uses_of(name)])
            tables |= {name: TABLES[name] for name in loads}
    return functions, tables


@cache
def _uses_of(name: str) -> Uses:
    return uses(FUNCTIONS[name].function)


def uses(function: Function) -> Uses:
    """What a function uses itself of the library."""
    calls: dict[str, None] = {}
    loads: dict[str, None] = {}
    for node in nodes(function):
        if node.op == "call":
            calls[str(node.imm)] = None
        elif node.op == "load" and isinstance(node.imm, tuple) and node.imm[0] in TABLES:
            loads[node.imm[0]] = None
    return tuple(calls), tuple(loads)


def used(body: tuple[Statement, ...]) -> Uses:
    """The same for statements."""
    return uses(Function("", (), body))
