"""What a row of the built-in tables says, and what its lowering may use.

A row either *lowers*: its nodes in, a node out; or *expands*: expressions in, an expression out, with hidden
stocks and auxiliaries on the way. Neither engine knows any built-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Protocol

from ..expr import Expr, Reference, Subscript
from ..ir import Node, Operand, Statement, Store, apply, differ
from ..model import Ident, LookupKind, Question, Reading
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

    def table(self, kind: LookupKind | Reading | None, lookup: Expr, *arguments: Expr) -> Expr:
        """What a graphical function says if it is of another kind; None for its own."""

    def draw(self, distribution: str, seed: Expr, *parameters: Expr) -> Expr:
        """A random draw, by its name in `random.DRAWS`; equal for the whole step."""

    def asked(self, question: LookupKind | Question, data: Expr, *arguments: Expr) -> Expr:
        """The points of the data variable that `data` names, taken in a way of their own. Refuses other variables."""

    def reductions(self, value: Expr, *, bare: bool = True) -> tuple[Ident, ...]:
        """The loops, by key, that an expression needs besides the equation's; `bare` where names of arrays without
        subscripts stand for all their elements."""

    def is_array(self, value: Expr) -> bool:
        """Whether an expression needs loops to be evaluated, or is for more elements than the equation's one."""

    def loops(self, *values: Expr) -> tuple[Ident, ...]:
        """The loops that values depend on: the equation's in their order, then others."""

    def vector(self, value: Expr) -> Ident | None:
        """The loop of the last subscript that runs in the first array of an expression."""

    def length(self, loop: Ident) -> int:
        """How many elements a loop has."""

    def names_dimension(self, value: Expr) -> Ident | None:
        """The dimension that an expression is the bare name of."""

    def array(self, label: str, value: Expr, loops: Sequence[Ident]) -> Reference:
        """A hidden auxiliary with a value for every element of the loops, in their order."""

    def calculated(
        self, label: str, inputs: Mapping[str, Reference], loops: Sequence[Ident], evaluate: Phase
    ) -> Reference:
        """A hidden auxiliary over loops that statements compute from whole arrays."""

    def element(self, array: Reference, loops: Sequence[Ident], places: Mapping[Ident, Expr]) -> Reference:
        """A hidden array over `loops` as the equation reads it, with other positions (from 1) along some."""

    def at_home(self, array: Reference, loops: Sequence[Ident]) -> Expr:
        """A hidden array over `loops` where the equation is for one element: loops that are not the equation's stand
        for its loop over the same dimension. Refuses where there is none."""

    def matrix(self, value: Expr) -> tuple[Expr, tuple[Ident, ...], tuple[Ident, ...]] | None:
        """A matrix along the last two subscripts of an array, all its loops with these last, and the equation's
        loops in their places; None for anything else."""

    def is_variable(self, value: Reference) -> bool:
        """Whether a name is an array of the model's own."""

    def written(self, value: Reference) -> tuple[Subscript, ...]:
        """The subscripts of an array; stars for a bare name."""

    def following(self, value: Expr, count: int) -> tuple[Reference, ...] | None:
        """A reference to an element, and to those that follow along its last dimension; None where that is not
        what an expression is."""

    def aligned(self, value: Expr, loop: Ident) -> Expr:
        """The value with stars over the dimension of one of the equation's loops replaced by that loop."""

    def plain_loop(self, size: int) -> Ident:
        """The key of a hidden dimension of a size."""

    def kept(
        self, label: str, inputs: Mapping[str, Expr], initial: Phase, advance: Phase | None = None
    ) -> Expr:
        """A hidden state that statements compute. Each input is an array with an element for each of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Builtin:
    """A function that a modeller calls.

    `params` are names; one ending in ``?`` may be left out, one ending in ``*`` takes any number (from one on).
    `truths` are the parameters taken as true or false (i32 nodes); all others are numbers.
    `mdl` and `xmile` are the spellings there; our own text uses `name`, with spaces for underscores.
    `xmile_others` are names in XMILE files, but for isee's, where they mean another function.
    `xmile_vensim` are names that Vensim's exporters give in XMILE files to a function of Vensim's, and that mean
    another one everywhere else.
    `mdl_full` is what Vensim calls it with the optional parameters, where that is another name. `operator` is what
    it is where a language has an operator for it.
    `slopes` say how the value goes with a parameter: ``+`` where it never falls as that rises, ``-`` where it never
    rises, and ``+b`` or ``-b`` where that takes b to be positive, and is the other way round for negative b; other
    parameters have no such rule; for graphical functions, ``+lookup`` goes by its slope. The value lies `within` two
    bounds. Parameters in `lags` act later than they change, those in `at_start` are read at the start only.
    `units` say how those of the arguments and of the result relate; see `signature`.
    Each example is an expression in our own text, and the value it has.
    """

    name: str
    params: tuple[str, ...] = ()
    meaning: str
    mdl: tuple[str, ...] = ()
    xmile: tuple[str, ...] = ()
    xmile_others: tuple[str, ...] = ()
    xmile_vensim: tuple[str, ...] = ()
    units: str = ""
    mdl_full: str = ""
    operator: str = ""
    truths: tuple[str, ...] = ()
    slopes: Mapping[str, str] = field(default_factory=dict)
    within: tuple[float, float] = (-inf, inf)
    lags: tuple[str, ...] = ()
    at_start: tuple[str, ...] = ()
    lower: Callable[..., Node] | None = None
    expand: Callable[..., Expr] | None = None
    random: bool = False  # its calls in an equation are numbered, to draw from different streams
    reduces: bool = False  # the argument is an array expression; see `builtins.arrays`
    arrays: bool = False  # bare names of arrays in the arguments stand for all their elements
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
