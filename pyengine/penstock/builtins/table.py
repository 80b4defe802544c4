"""What a row of the built-in tables says, and what its lowering may use.

A row either *lowers*: its nodes in, a node out; or *expands*: expressions in, an expression out, with hidden
stocks and auxiliaries on the way. Neither engine knows any built-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ..expr import Expr
from ..ir import Node, Operand, Statement, Store, apply, differ
from ..ops import F64, I32


Body = tuple[Statement, ...]


class Desk(Protocol):
    """What statements of a kernel read and write; see `passes.kernels`. Indices count elements, from 0."""

    def read(self, name: str, index: Node | int = 0) -> Node: ...
    def own(self, index: Node | int = 0) -> Node: ...
    def write(self, value: Operand, index: Node | int = 0) -> Store: ...
    def size(self, name: str) -> int: ...
    def ring(self, index: Node) -> Node: ...
    def put(self, index: Node, value: Operand) -> Store: ...
    def take(self, base: str, count: Node) -> Body: ...


Phase = Callable[[Desk], Body]


class Expansion(Protocol):
    """What an expanding row may ask for; all variables it makes have the shape of the equation it stands in."""

    @property
    def method(self) -> str:
        """The name of the integration method."""

    def refuse(self, construct: str, advice: str) -> Expr:
        """Report that something about the call is not supported; the expression returned is of no matter."""

    def constant(self, value: Expr) -> float | None:
        """The number that an expression is, or that the constant it names has; None for anything else."""

    def stock(self, label: str, initial: Expr, rate: Callable[[Expr], Expr]) -> Expr:
        """A hidden stock; `rate` is given the reference to it."""

    def auxiliary(self, label: str, value: Expr) -> Expr:
        """A hidden auxiliary."""

    def held(self, label: str, value: Expr) -> Expr:
        """The value that an expression has at the start of the run."""

    def memory(self, label: str, initial: Expr, following: Callable[[Expr], Expr]) -> Expr:
        """A hidden state that takes a new value once a step; `following` is given the reference to it."""

    def kept(self, label: str, inputs: Mapping[str, Expr], initial: Phase, advance: Phase | None = None) -> Expr:
        """A hidden state that statements compute. Each input is an array with an element for each of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Builtin:
    """A function that a modeller calls.

    `params` are names; one ending in ``?`` may be left out, one ending in ``*`` takes any number (from one on).
    `truths` are the parameters taken as true or false (i32 nodes); all others are numbers.
    `mdl` and `xmile` are the spellings there; our own text uses `name`, with spaces for underscores.
    Each example is an expression in our own text, and the value it has.
    """

    name: str
    params: tuple[str, ...] = ()
    meaning: str
    mdl: tuple[str, ...] = ()
    xmile: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    lower: Callable[..., Node] | None = None
    expand: Callable[..., Expr] | None = None
    reduces: bool = False  # the argument is an array expression; see `builtins.arrays`
    examples: tuple[tuple[str, float], ...] = ()

    @property
    def fewest(self) -> int:
        return sum(not param.endswith("?") for param in self.params)

    @property
    def most(self) -> float:
        return float("inf") if any(param.endswith("*") for param in self.params) else len(self.params)

    @property
    def signature(self) -> str:
        return f"({', '.join(param.replace('*', ', …') for param in self.params)})"

    def parameter(self, position: int) -> str:
        """The bare name of the parameter that takes the argument at this position."""
        return self.params[min(position, len(self.params) - 1)].rstrip("?*")


def truth(node: Node) -> Node:
    """A number as a condition: everything but zero is true, NaN included."""
    return node if node.type is I32 else differ(node, 0.0)


def number(node: Node) -> Node:
    """A condition as a number: 1 or 0."""
    return node if node.type is F64 else apply("f64.convert_i32_u", node)
