"""The program: expressions over core operations, in functions with structured statements.

A `Node` is pure: evaluating it twice, early or not at all changes nothing. Only statements have effects,
and they happen in order. Memory is a set of named *regions* of doubles (the live row, the points of
lookups, constant tables …); an engine decides where each region lives.

Nodes are shared by identity: the same object used twice is one value. `optimise` makes equal nodes the
same object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .ops import F64, I32, OPS, Type, signed32, signed64

Immediate = float | int | str | tuple[str, int] | None


_NO_NAMES: frozenset[str] = frozenset()


class Node:
    """One operation: its name, result type, operands and immediate.

    Besides the rows of `ops`, `op` may be

    =========  ==============================  ====================================================
    ``const``  immediate: the value            integers are held unsigned, as in `ops`
    ``local``  immediate: the local's name     a parameter or a variable of the enclosing function
    ``load``   immediate: (region, offset)     the double, or its bits as i64, at offset + index;
                                               `args` is () or (index,), index an i32 counted in doubles
    ``if``     args: condition, then, else     only the chosen side need be evaluated
    ``call``   immediate: the function's name  a function of the program that has a result and no effect
    =========  ==============================  ====================================================

    The functions that a blob adds to its program also use ``global`` (immediate: its name), ``memory.size``
    and ``memory.grow``.
    """

    __slots__ = ("_names", "args", "imm", "op", "type")

    def __init__(self, op: str, type_: Type, args: tuple[Node, ...] = (), imm: Immediate = None) -> None:
        self.op = op
        self.type = type_
        self.args = args
        self.imm = imm
        self._names: frozenset[str] | None = None

    @property
    def names(self) -> frozenset[str]:
        """The locals below and at this node; found once. No recursion."""
        if self._names is None:
            waiting = [self]
            while waiting:
                node = waiting[-1]
                missing = [arg for arg in node.args if arg._names is None]
                if missing:
                    waiting.extend(missing)
                    continue
                names = frozenset((str(node.imm),)) if node.op == "local" else _NO_NAMES
                for arg in node.args:
                    if arg._names and arg._names is not names:
                        names = names | arg._names if names else arg._names
                node._names = names
                waiting.pop()
        assert self._names is not None
        return self._names

    def __repr__(self) -> str:
        imm = "" if self.imm is None else f" {self.imm!r}"
        return f"({self.op}{imm}{''.join(f' {arg!r}' for arg in self.args)})"

    # Arithmetic reads as it is written; the type of the left operand chooses the instruction.
    def __add__(self, other: Operand) -> Node:
        return binary("add", self, other)

    def __radd__(self, other: Operand) -> Node:
        return binary("add", constant(other, self.type), self)

    def __sub__(self, other: Operand) -> Node:
        return binary("sub", self, other)

    def __rsub__(self, other: Operand) -> Node:
        return binary("sub", constant(other, self.type), self)

    def __mul__(self, other: Operand) -> Node:
        return binary("mul", self, other)

    def __rmul__(self, other: Operand) -> Node:
        return binary("mul", constant(other, self.type), self)

    def __truediv__(self, other: Operand) -> Node:
        return binary("div", self, other)

    def __rtruediv__(self, other: Operand) -> Node:
        return binary("div", constant(other, self.type), self)

    def __and__(self, other: Operand) -> Node:
        return binary("and", self, other)

    def __or__(self, other: Operand) -> Node:
        return binary("or", self, other)

    def __xor__(self, other: Operand) -> Node:
        return binary("xor", self, other)

    def __lshift__(self, other: Operand) -> Node:
        return binary("shl", self, other)

    def __rshift__(self, other: Operand) -> Node:
        """Unsigned; the signed shift is ``binary("shr_s", …)``."""
        return binary("shr_u", self, other)

    def __neg__(self) -> Node:
        return apply("f64.neg", self)

    def __abs__(self) -> Node:
        return apply("f64.abs", self)

    def __lt__(self, other: Operand) -> Node:
        return binary("lt" if self.type is F64 else "lt_s", self, other)

    def __ge__(self, other: Operand) -> Node:
        return binary("ge" if self.type is F64 else "ge_s", self, other)

    def __gt__(self, other: Operand) -> Node:
        return binary("gt", self, other)

    def __le__(self, other: Operand) -> Node:
        return binary("le", self, other)


Operand = Node | float | int


def apply(op: str, *args: Node) -> Node:
    """A core operation by its full name; operand types must be the row's."""
    row = OPS[op]
    assert tuple(arg.type for arg in args) == row.params, f"{op} of {args}"
    return Node(op, row.result, args)


def binary(name: str, a: Node, b: Operand) -> Node:
    return apply(f"{a.type.prefix}.{name}", a, constant(b, a.type))


def constant(value: Operand, type_: Type = F64) -> Node:
    """A constant of the given type; a node passes through. Integers may be given signed."""
    if isinstance(value, Node):
        return value
    if type_ is F64:
        return Node("const", F64, (), float(value))
    assert isinstance(value, int)
    return Node("const", type_, (), value & ((1 << (32 if type_ is I32 else 64)) - 1))


def equal(a: Node, b: Operand) -> Node:
    return binary("eq", a, b)


def differ(a: Node, b: Operand) -> Node:
    return binary("ne", a, b)


def negate(truth: Node) -> Node:
    return apply("i32.eqz", truth)


def where(condition: Node, then: Operand, otherwise: Operand) -> Node:
    """`then` where the i32 `condition` is not zero, else `otherwise`; lazy."""
    type_ = next((side.type for side in (then, otherwise) if isinstance(side, Node)), F64)
    sides = constant(then, type_), constant(otherwise, type_)
    assert condition.type is I32 and sides[0].type is sides[1].type
    return Node("if", type_, (condition, *sides))


def local(name: str, type_: Type = F64) -> Node:
    return Node("local", type_, (), name)


def load(region: str, offset: int = 0, index: Node | None = None, type_: Type = F64) -> Node:
    """The double at `offset` + `index` of a region, or its bits where `type_` is I64."""
    assert type_ is not I32 and (index is None or index.type is I32)
    return Node("load", type_, () if index is None else (index,), (region, offset))


def call(function: Function, *args: Node) -> Node:
    assert function.value is not None
    assert tuple(arg.type for arg in args) == tuple(type_ for _, type_ in function.params), function.name
    return Node("call", function.value.type, args, function.name)


# --- statements -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Set:
    """Give a local of the enclosing function a value."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Store:
    """Write a double to ``region[offset + index]``; index counts doubles. A blob's own functions write integers too."""

    region: str
    offset: int
    value: Node
    index: Node | None = None


@dataclass(frozen=True, slots=True)
class If:
    condition: Node
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class While:
    """Repeat the body as long as the condition, evaluated before each turn, is not zero."""

    condition: Node
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class For:
    """Repeat the body with the i32 local `name` going from 0 to `count` - 1."""

    name: str
    count: int
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Do:
    """Call a function that has no parameters and no result. Only a blob's own functions do this, and optimised
    initial values, which may call ``evaluate``."""

    function: str


@dataclass(frozen=True, slots=True)
class SetGlobal:
    """Give a global of the blob a value; the node ``global`` reads it. Only a blob's own functions do this."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Reserve:
    """Make the region ``ring`` hold at least so many doubles (an i32)."""

    count: Node


@dataclass(frozen=True, slots=True)
class Copy:
    """Move so many bytes of memory, from a byte to a byte; they may overlap. Only a blob's own functions do this."""

    to: Node
    source: Node
    count: Node


@dataclass(frozen=True, slots=True)
class Fill:
    """Give all bytes of some doubles a value: 0 for zeros, 255 for NaNs. Only a blob's own functions do this."""

    region: str
    offset: int
    count: int
    byte: int


Statement = Set | Store | If | While | For | Do | SetGlobal | Reserve | Copy | Fill


@dataclass(frozen=True, slots=True)
class Function:
    """Parameters by name and type, a body, and the result's node, evaluated last (None for no result).

    A function with a result has no effect outside that changes a value: it stores nothing but where a lookup
    has found a point.
    """

    name: str
    params: tuple[tuple[str, Type], ...] = ()
    body: tuple[Statement, ...] = ()
    value: Node | None = None


def uses(statement: Statement) -> tuple[Node, ...]:
    """The nodes that stand in a statement itself, bodies left out."""
    match statement:
        case Set(value=value) | Store(value=value, index=None) | SetGlobal(value=value):
            return (value,)
        case Store(value=value, index=index):
            assert index is not None
            return (index, value)
        case If(condition=condition) | While(condition=condition):
            return (condition,)
        case Reserve(count=count):
            return (count,)
        case Copy(to=to, source=source, count=count):
            return to, source, count
    return ()


def bodies(statement: Statement) -> tuple[tuple[Statement, ...], ...]:
    match statement:
        case If(then=then, otherwise=otherwise):
            return then, otherwise
        case While(body=body) | For(body=body):
            return (body,)
    return ()


def statements(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """All statements of a body, nested ones included, in order."""
    for statement in body:
        yield statement
        for inner in bodies(statement):
            yield from statements(inner)


def nodes(function: Function) -> Iterator[Node]:
    """Every node of a function once, operands first."""
    roots = [node for statement in statements(function.body) for node in uses(statement)]
    if function.value is not None:
        roots.append(function.value)
    seen: set[int] = set()
    for root in roots:
        yield from postorder(root, seen)


def postorder(root: Node, seen: set[int]) -> Iterator[Node]:
    """The nodes below and at `root` that are not in `seen` (by identity), operands first; no recursion."""
    stack = [(root, False)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            if not node.args:
                yield node
                continue
            stack.append((node, True))
            for arg in node.args[::-1]:
                stack.append((arg, False))  # noqa: PERF401  (a generator's frame costs more than its two or three turns)


Tables = Mapping[str, tuple[float | int, ...]]
"""Constant regions by name. An int stands for its 64 bits, unsigned, to be loaded as i64."""


def signed(node: Node) -> int:
    """The value of an integer constant, signed, as wasm's encoding wants it."""
    assert isinstance(node.imm, int)
    return signed32(node.imm) if node.type is I32 else signed64(node.imm)
