"""Loops that only one side of a choice needs run in that side: a fold that is not asked for is not computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..changing import replace
from ..ir import For, Function, If, Node, Set, Statement, Store, While, bodies, statements, uses

Locals = frozenset[str]
Body = tuple[Statement, ...]


def lazy(function: Function) -> Function:
    """The same function; a choice between outcomes of loops is made before the loops."""
    if not any(isinstance(statement, (For, While)) for statement in statements(function.body)):
        return function
    behind = () if function.value is None else (function.value,)
    return replace(function, body=_lazy(function.body, _named(behind)))


def _lazy(body: Body, after: Locals) -> Body:
    """`after` are the locals that are read behind the body."""
    done: list[Statement] = []  # in reverse
    end = len(body)
    while end:
        statement = body[end - 1]
        begin = end - 1
        if isinstance(statement, (Set, Store)) and statement.value.op == "if":
            while begin and prepares(body[begin - 1]):
                begin -= 1
            done += reversed(_chosen(body[begin : end - 1], statement, after))
        else:
            done.append(_inside(statement, after))
        for passed in reversed(body[begin:end]):
            after = before(passed, after)
        end = begin
    return tuple(reversed(done))


def _inside(statement: Statement, after: Locals) -> Statement:
    match statement:
        case If(then=then, otherwise=otherwise):
            return replace(statement, then=_lazy(then, after), otherwise=_lazy(otherwise, after))
        case For(body=inner) | While(body=inner):
            return replace(statement, body=_lazy(inner, after | before(statement, after)))
    return statement


def prepares(statement: Statement) -> bool:
    """Whether it does no more than give locals a value."""
    return all(isinstance(inner, (Set, For, While, If)) for inner in statements((statement,)))


def _chosen(preparing: Sequence[Statement], last: Set | Store, after: Locals) -> Body:
    """What prepares a statement, and the statement; as a choice where that leaves out a loop."""
    if last.value.op != "if" or not any(isinstance(statement, (For, While)) for statement in preparing):
        return (*preparing, last)
    condition, then, otherwise = last.value.args
    index = (last.index,) if isinstance(last, Store) and last.index is not None else ()
    sides = [_needed(preparing, _named((side,))) for side in (then, otherwise)]
    first = _needed(preparing, after | _named((condition, *index))) | (sides[0] & sides[1])
    if not any(isinstance(preparing[place], (For, While)) for place in (sides[0] | sides[1]) - first):
        return (*preparing, last)
    pick = [[preparing[place] for place in sorted(side - first)] for side in sides]
    return (
        *(preparing[place] for place in sorted(first)),
        If(
            condition,
            _chosen(pick[0], replace(last, value=then), after),
            _chosen(pick[1], replace(last, value=otherwise), after),
        ),
    )


def _needed(preparing: Sequence[Statement], wanted: Locals) -> set[int]:
    """The places of the statements that give the wanted locals their values."""
    found: set[int] = set()
    for place in range(len(preparing) - 1, -1, -1):
        if not wanted.isdisjoint(written(preparing[place])):
            found.add(place)
            wanted |= before(preparing[place], frozenset())
    return found


# --- locals of statements


def _named(roots: Iterable[Node]) -> Locals:
    found: Locals = frozenset()
    for root in roots:
        found |= root.names
    return found


def written(statement: Statement) -> Locals:
    """The locals that a statement gives a value."""
    return frozenset(inner.name for inner in statements((statement,)) if isinstance(inner, (Set, For)))


def before(statement: Statement, after: Locals) -> Locals:
    """The locals that are read in a statement or behind it, and have their value before it."""
    if isinstance(statement, Set):
        return (after - {statement.name}) | _named((statement.value,))
    inside = after
    for body in bodies(statement):
        here = after
        for inner in reversed(body):
            here = before(inner, here)
        inside |= here
    if isinstance(statement, For):
        inside = after | (inside - {statement.name})
    return inside | _named(uses(statement))
