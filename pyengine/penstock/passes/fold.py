"""Rewriting of nodes: constants folded, exact identities applied, equal nodes made one.

Rules stand in tables by operation; each is exact for every bit pattern but a NaN's payload, and a test runs
every row of them over special values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ..changing import replace
from ..ir import (
    Copy,
    Do,
    Fill,
    For,
    Function,
    If,
    Node,
    Reserve,
    Set,
    SetGlobal,
    Statement,
    Store,
    While,
    apply,
    constant,
    load,
    postorder,
    signed,
)
from ..library.registry import LibraryFunction
from ..ops import OPS, bits_of

Rule = Callable[[Node], Node | None]
"""Given a node whose operands have been rewritten: what stands for it, or None."""

_INLINE_LIMIT = 12
"""A library function with a constant argument is inlined when this few nodes are left of it (x^2 is one)."""


_NONE: Mapping[str, LibraryFunction] = {}


def folded(
    function: Function, library: Mapping[str, Function], instead: Mapping[str, LibraryFunction] = _NONE
) -> Function:
    """The function with all its nodes rewritten; calls with constant arguments are inlined where that is short.

    `instead` says what to take for a function at every call of it; it is inlined where it has no statements.
    """
    rewriter = Rewriter(library, instead)
    return replace(
        function,
        body=rewriter.body(function.body),
        value=None if function.value is None else rewriter.node(function.value),
    )


class Rewriter:
    """Rewrites nodes bottom up; nodes that come out equal are the same object."""

    def __init__(
        self, library: Mapping[str, Function], instead: Mapping[str, LibraryFunction] = _NONE
    ) -> None:
        self._library = library
        self._instead = instead
        self._unique: dict[object, Node] = {}
        self._done: dict[int, tuple[Node, Node]] = {}  # the original is kept so that its id stays taken
        self._seen: set[int] = set()

    def body(self, body: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(self._statement(statement) for statement in body)

    def _statement(self, statement: Statement) -> Statement:
        match statement:
            case Set(value=value) | SetGlobal(value=value):
                return replace(statement, value=self.node(value))
            case Store(value=value, index=index):
                return replace(
                    statement, value=self.node(value), index=None if index is None else self.node(index)
                )
            case If(condition=condition, then=then, otherwise=otherwise):
                return If(self.node(condition), self.body(then), self.body(otherwise))
            case While(condition=condition, body=body):
                return While(self.node(condition), self.body(body))
            case For(body=body):
                return replace(statement, body=self.body(body))
            case Reserve(count=count):
                return Reserve(self.node(count))
            case Do() | Copy() | Fill():
                return statement

    def node(self, root: Node) -> Node:
        for node in postorder(root, self._seen):
            args = tuple(self._done[id(arg)][1] for arg in node.args)
            self._done[id(node)] = node, self._new(node, args)
        return self._done[id(root)][1]

    def _new(self, node: Node, args: tuple[Node, ...]) -> Node:
        return self._unified(self._rewritten(Node(node.op, node.type, args, node.imm)))

    def _unified(self, node: Node) -> Node:
        imm = bits_of(node.imm) if isinstance(node.imm, float) else node.imm
        return self._unique.setdefault((node.op, node.type, imm, tuple(map(id, node.args))), node)

    def _rewritten(self, node: Node) -> Node:
        if node.op in OPS and all(arg.op == "const" for arg in node.args):
            return constant(OPS[node.op].meaning(*(arg.imm for arg in node.args)), node.type)
        if node.op == "call":
            return self._called(node)
        if node.op == "load" and node.args and node.args[0].op == "const":
            return _fixed(node)
        for rule in RULES.get(node.op, ()):
            new = rule(node)
            if new is not None:
                return new
        return node

    def _called(self, node: Node) -> Node:
        name = str(node.imm)
        if name in self._instead:
            other = self._instead[name].function
            if other.body:
                return Node("call", node.type, node.args, other.name)
            return self._inlined(node, other)
        function = self._library.get(name)
        if function is None or function.body or not any(arg.op == "const" for arg in node.args):
            return node
        new = self._inlined(node, function)
        size = sum(1 for _ in postorder(new, set(map(id, node.args))))
        return new if size <= _INLINE_LIMIT else node

    def _inlined(self, node: Node, function: Function) -> Node:
        assert function.value is not None
        arguments = dict(zip((name for name, _ in function.params), node.args, strict=True))
        known: dict[int, Node] = {}
        for inner in postorder(function.value, set()):
            args = tuple(known[id(arg)] for arg in inner.args)
            known[id(inner)] = arguments[str(inner.imm)] if inner.op == "local" else self._new(inner, args)
        return known[id(function.value)]


# --- rules ------------------------------------------------------------------------------------------


def _is(node: Node, value: float) -> bool:
    """Whether a node is this constant, sign of zero included."""
    return node.op == "const" and isinstance(node.imm, float) and bits_of(node.imm) == bits_of(value)


_TRUTHS = frozenset(
    name for name in OPS if name.split(".")[1].split("_")[0] in ("eq", "ne", "lt", "gt", "le", "ge", "eqz")
)


def is_truth(node: Node) -> bool:
    """Whether an i32 can only be 0 or 1."""
    if node.op in ("i32.and", "i32.or", "i32.xor"):
        return all(map(is_truth, node.args))
    return node.op in _TRUTHS or (node.op == "const" and node.imm in (0, 1))


def _neutral_right(value: float) -> Rule:
    return lambda node: node.args[0] if _is(node.args[1], value) else None


def _neutral_left(value: float) -> Rule:
    return lambda node: node.args[1] if _is(node.args[0], value) else None


def _divide_by_power_of_two(node: Node) -> Node | None:
    """Multiplying by the reciprocal is the same where the reciprocal is exact and both are normal."""
    divisor = node.args[1].imm
    if node.args[1].op != "const" or not isinstance(divisor, float) or not math.isfinite(divisor):
        return None
    fraction, exponent = math.frexp(divisor)
    if abs(fraction) != 0.5 or not -1000 < exponent < 1000:
        return None
    return apply("f64.mul", node.args[0], constant(1.0 / divisor))


def _inside(outer: str, inner: str) -> Rule:
    """outer(inner(x)) is outer(x)."""
    return lambda node: apply(outer, node.args[0].args[0]) if node.args[0].op == inner else None


def _undo(inner: str) -> Rule:
    return lambda node: node.args[0].args[0] if node.args[0].op == inner else None


def _truth_of_number(node: Node) -> Node | None:
    """A condition made a number and asked for its truth."""
    inner, zero = node.args
    if inner.op == "f64.convert_i32_u" and is_truth(inner.args[0]) and _is(zero, 0.0):
        return inner.args[0] if node.op == "f64.ne" else apply("i32.eqz", inner.args[0])
    return None


def _not_not(node: Node) -> Node | None:
    inner = node.args[0]
    return inner.args[0] if inner.op == "i32.eqz" and is_truth(inner.args[0]) else None


def _opposite(inner: str, outer: str) -> Rule:
    return lambda node: apply(outer, *node.args[0].args) if node.args[0].op == inner else None


def _known_choice(node: Node) -> Node | None:
    condition, then, otherwise = node.args
    if condition.op == "const":
        return then if condition.imm else otherwise
    return then if then is otherwise else None


def _choice_of_not(node: Node) -> Node | None:
    condition, then, otherwise = node.args
    if condition.op == "i32.eqz":
        return Node("if", node.type, (condition.args[0], otherwise, then))
    return None


def _fixed(node: Node) -> Node:
    """A load at a constant index."""
    assert isinstance(node.imm, tuple)
    return load(node.imm[0], node.imm[1] + signed(node.args[0]), type_=node.type)


def _integer_neutral(value: int) -> Rule:
    return lambda node: node.args[0] if node.args[1].op == "const" and node.args[1].imm == value else None


RULES: Mapping[str, tuple[Rule, ...]] = {
    "f64.add": (_neutral_right(-0.0), _neutral_left(-0.0)),
    "f64.sub": (_neutral_right(0.0),),
    "f64.mul": (_neutral_right(1.0), _neutral_left(1.0)),
    "f64.div": (_neutral_right(1.0), _divide_by_power_of_two),
    "f64.neg": (_undo("f64.neg"),),
    "f64.abs": (_inside("f64.abs", "f64.neg"), _inside("f64.abs", "f64.abs")),
    "f64.ne": (_truth_of_number,),
    "f64.eq": (_truth_of_number,),
    "i32.eqz": (_not_not, _opposite("f64.eq", "f64.ne"), _opposite("f64.ne", "f64.eq")),
    "i32.add": (_integer_neutral(0),),
    "i32.mul": (_integer_neutral(1),),
    "i32.shl": (_integer_neutral(0),),
    "if": (_known_choice, _choice_of_not),
}
