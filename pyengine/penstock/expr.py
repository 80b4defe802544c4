"""Equations as trees: what every reader yields and every writer takes, free of any dialect.

Names stand as the modeller wrote them; functions stand by their canonical name (a row of `builtins`)
or, where the reader cannot know better, as written. Spans never take part in comparisons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .changing import replace
from .place import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A variable, dimension element or dimension by name, with subscripts as written.

    With an `offset` it is the element so many places further on in row-major order, counted from where the last
    subscript is at its first position if that runs; outside of the array it is NaN.
    """

    name: str
    subscripts: tuple[Subscript, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    offset: Expr | None = None


@dataclass(frozen=True, slots=True)
class Subscript:
    """One subscript: a dimension or an element by name, ``*`` for all, or an expression (XMILE)."""

    name: str = ""
    index: Expr | None = None
    reduced: bool = False  # Vensim's `dim!`: the enclosing function runs over it
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function, a macro, or a lookup variable applied to an argument: `resolve` finds out which.

    `outputs` are names that the call gives to further outputs of a macro. `stream`, with the subscripts, says
    who makes a random draw.
    """

    function: str
    arguments: tuple[Expr, ...]
    subscripts: tuple[Subscript, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    outputs: tuple[str, ...] = ()
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str  # - + not
    operand: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str  # + - * / ^ mod = <> < <= > >= and or
    left: Expr
    right: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ArrayLiteral:
    """Values for the elements of a variable's subscripts in row-major order (``1, 2; 3, 4``)."""

    elements: tuple[Expr, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Expr = Number | Reference | Call | Unary | Binary | ArrayLiteral


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct sub-expressions, index expressions in subscripts included."""
    match expr:
        case Call(arguments=arguments, subscripts=subscripts):
            return arguments + indices(subscripts)
        case Reference(subscripts=subscripts, offset=offset):
            return indices(subscripts) if offset is None else (*indices(subscripts), offset)
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case ArrayLiteral(elements=elements):
            return elements
    return ()


def indices(subscripts: tuple[Subscript, ...]) -> tuple[Expr, ...]:
    return tuple(subscript.index for subscript in subscripts if subscript.index is not None)


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all below it, parents first, without recursion."""
    stack = [expr]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def rewrite(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with `change` applied to every node, operands first; unchanged parts are shared."""
    return rewrite_from(expr, lambda _, node: change(node))


def rewrite_from(expr: Expr, change: Callable[[Expr, Expr], Expr]) -> Expr:
    """The same; `change` is given the node as it was, and as it is with its operands rewritten."""
    done: dict[int, Expr] = {}
    for node in reversed(list(walk(expr))):
        done[id(node)] = change(node, _with_children(node, done))
    return done[id(expr)]


def _with_children(node: Expr, done: dict[int, Expr]) -> Expr:
    if all(done[id(child)] is child for child in children(node)):
        return node
    match node:
        case Unary(operand=operand):
            return replace(node, operand=done[id(operand)])
        case Binary(left=left, right=right):
            return replace(node, left=done[id(left)], right=done[id(right)])
        case ArrayLiteral(elements=elements):
            return replace(node, elements=tuple(done[id(element)] for element in elements))
        case Call(arguments=arguments, subscripts=subscripts):
            return replace(
                node,
                arguments=tuple(done[id(argument)] for argument in arguments),
                subscripts=_subscripts(subscripts, done),
            )
        case Reference(subscripts=subscripts, offset=offset):
            offset = None if offset is None else done[id(offset)]
            return replace(node, subscripts=_subscripts(subscripts, done), offset=offset)
    return node


def _subscripts(subscripts: tuple[Subscript, ...], done: dict[int, Expr]) -> tuple[Subscript, ...]:
    return tuple(
        subscript if subscript.index is None else replace(subscript, index=done[id(subscript.index)])
        for subscript in subscripts
    )
