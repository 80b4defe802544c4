"""Evaluate functions of the library by the meaning of the core operations, with no engine, and measure errors."""

import math
from collections.abc import Mapping

from mpmath import mp, mpf

from penstock.ir import For, Node, Set, Statement
from penstock.library import FUNCTIONS, TABLES
from penstock.ops import F64, OPS, bits_of

Value = float | int

mp.prec = 200


def evaluate(name: str, *args: Value) -> Value:
    """The result of a function of the library whose body, if it has one, sets locals in counted loops."""
    function = FUNCTIONS[name].function
    assert function.value is not None
    names: dict[str, Value] = dict(zip((name for name, _ in function.params), args, strict=True))
    _execute(function.body, names)
    return value_of(function.value, names, {})


def _execute(body: tuple[Statement, ...], names: dict[str, Value]) -> None:
    for statement in body:
        if isinstance(statement, For):
            for turn in range(statement.count):
                names[statement.name] = turn
                _execute(statement.body, names)
        else:
            assert isinstance(statement, Set), "this evaluator knows no other statements"
            names[statement.name] = value_of(statement.value, names, {})


def value_of(node: Node, names: Mapping[str, Value], known: dict[int, Value]) -> Value:
    """`known` holds values by a node's identity; the side of an `if` that is not chosen stays unevaluated."""
    if id(node) not in known:
        if node.op == "const":
            known[id(node)] = node.imm  # type: ignore[assignment]
        elif node.op == "local":
            known[id(node)] = names[node.imm]  # type: ignore[index]
        elif node.op == "if":
            condition, then, otherwise = node.args
            chosen = then if value_of(condition, names, known) else otherwise
            known[id(node)] = value_of(chosen, names, known)
        else:
            args = [value_of(arg, names, known) for arg in node.args]
            known[id(node)] = _result(node, args)
    return known[id(node)]


def _result(node: Node, args: list[Value]) -> Value:
    if node.op == "call":
        assert isinstance(node.imm, str)
        return evaluate(node.imm, *args)
    if node.op == "load":
        assert isinstance(node.imm, tuple)
        region, offset = node.imm
        index = offset + (int(args[0]) if args else 0)
        held = TABLES[region][index]
        assert isinstance(held, float) == (node.type is F64)
        return held
    result: Value = OPS[node.op].meaning(*args)
    return result


def same(a: float, b: float) -> bool:
    """Whether two doubles are the same bits; one NaN is as good as another."""
    return (a != a and b != b) or bits_of(a) == bits_of(b)


def error_in_ulps(value: float, exact: mpf) -> float:
    """How far `value` is from `exact`, in the distance of neighbouring doubles there.

    Infinity is the right answer from halfway between the largest double and 2^1024 on.
    """
    if mp.isnan(exact):
        return 0.0 if math.isnan(value) else math.inf
    if math.isinf(value) or abs(exact) >= _OVERFLOW:
        return (
            0.0 if value == (math.inf if exact > 0 else -math.inf) and abs(exact) >= _OVERFLOW else math.inf
        )
    if math.isnan(value):
        return math.inf
    exponent = max(int(mp.floor(mp.log(abs(exact), 2))), -1022) if exact else -1022
    return float(abs(mpf(value) - exact) / mpf(2) ** (exponent - 52))


_OVERFLOW = mpf(2) ** 1024 - mpf(2) ** 970
