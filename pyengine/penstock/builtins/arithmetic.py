"""Arithmetic, choice and rounding: rows that lower to a handful of core operations."""

from __future__ import annotations

import math
from functools import reduce

from ..ir import Node, apply, binary, constant, equal, negate, where
from .arrays import over_arrays
from .table import Builtin


def _minimum(*xs: Node) -> Node:
    return reduce(lambda a, b: binary("min", a, b), xs)


def _maximum(*xs: Node) -> Node:
    return reduce(lambda a, b: binary("max", a, b), xs)


def _integer(x: Node) -> Node:
    return apply("f64.trunc", x)


def _modulo(x: Node, y: Node) -> Node:
    """The remainder with the sign of the dividend."""
    return x - y * apply("f64.trunc", x / y)


def _safe_division(a: Node, b: Node, otherwise: Node | None = None) -> Node:
    return where(equal(b, 0.0), 0.0 if otherwise is None else otherwise, a / b)


def _sign(x: Node) -> Node:
    return where(x > 0.0, 1.0, where(x < 0.0, -1.0, x))


def _switch(a: Node, b: Node) -> Node:
    return where(a > b, 1.0, constant(0.0))


def _quantum(x: Node, q: Node) -> Node:
    return where(q <= 0.0, x, q * apply("f64.trunc", x / q))


ROWS = (
    Builtin(
        name="if_then_else",
        params=("condition", "then", "otherwise"),
        truths=("condition",),
        units="*, a, a -> a",
        meaning="`then` where the condition is true (not zero), else `otherwise`; only the chosen one is evaluated.",
        mdl=("IF THEN ELSE",),
        xmile=("IF_THEN_ELSE",),
        lower=where,
        examples=(("if 2 > 1 then 10 else 20", 10.0), ("if 0 then 10 else 20", 20.0)),
    ),
    Builtin(
        name="min",
        params=("x*",),
        slopes={"x": "+"},
        units="a -> a",
        meaning="The smallest of its arguments, arrays with all their elements; NaN where any is NaN.",
        mdl=("MIN",),
        xmile=("MIN",),
        expand=over_arrays("vmin", "min"),
        arrays=True,
        lower=_minimum,
        examples=(("min(3, -1, 2)", -1.0),),
    ),
    Builtin(
        name="max",
        params=("x*",),
        slopes={"x": "+"},
        units="a -> a",
        meaning="The largest of its arguments, arrays with all their elements; NaN where any is NaN.",
        mdl=("MAX",),
        xmile=("MAX",),
        expand=over_arrays("vmax", "max"),
        arrays=True,
        lower=_maximum,
        examples=(("max(3, -1, 2)", 3.0),),
    ),
    Builtin(
        name="abs",
        params=("x",),
        slopes={"x": "+x"},
        within=(0.0, math.inf),
        units="a -> a",
        meaning="The value without its sign.",
        mdl=("ABS",),
        xmile=("ABS",),
        lower=abs,
        examples=(("abs(-2)", 2.0),),
    ),
    Builtin(
        name="sign",
        params=("x",),
        slopes={"x": "+"},
        units="* -> 1",
        meaning="1, -1, or 0 where x is 0.",
        xmile=("SIGN",),
        lower=_sign,
        examples=(("sign(-3)", -1.0), ("sign(0)", 0.0)),
    ),
    Builtin(
        name="integer",
        params=("x",),
        slopes={"x": "+"},
        units="a -> a",
        meaning="The part before the decimal point: rounds towards zero.",
        mdl=("INTEGER",),
        xmile_vensim=("INT",),
        lower=_integer,
        examples=(("integer(2.7)", 2.0), ("integer(-2.7)", -2.0)),
    ),
    Builtin(
        name="floor",
        params=("x",),
        slopes={"x": "+"},
        units="a -> a",
        meaning="The largest whole number that is not above x.",
        xmile=("INT", "FLOOR"),
        lower=lambda x: apply("f64.floor", x),
        examples=(("floor(-2.5)", -3.0),),
    ),
    Builtin(
        name="ceil",
        params=("x",),
        slopes={"x": "+"},
        units="a -> a",
        meaning="The smallest whole number that is not below x.",
        xmile=("CEIL", "CEILING"),
        lower=lambda x: apply("f64.ceil", x),
        examples=(("ceil(2.1)", 3.0),),
    ),
    Builtin(
        name="round",
        params=("x",),
        slopes={"x": "+"},
        units="a -> a",
        meaning="The nearest whole number; halves go away from zero.",
        xmile=("ROUND",),
        lower=lambda x: apply(
            "f64.copysign",
            where(
                abs(x) - apply("f64.floor", abs(x)) >= 0.5,
                apply("f64.floor", abs(x)) + 1.0,
                apply("f64.floor", abs(x)),
            ),
            x,
        ),
        examples=(("round(2.5)", 3.0), ("round(-2.5)", -3.0), ("round(0.49999999999999994)", 0.0)),
    ),
    Builtin(
        name="modulo",
        params=("x", "y"),
        units="a, a -> a",
        meaning="The remainder of x / y, with the sign of x.",
        mdl=("MODULO",),
        xmile=("MODULO",),
        operator="mod",
        lower=_modulo,
        examples=(("modulo(7, 3)", 1.0), ("modulo(-1, 3)", -1.0)),
    ),
    Builtin(
        name="quantum",
        params=("x", "q"),
        slopes={"x": "+"},
        units="a, a -> a",
        meaning="x rounded towards zero to a multiple of q; x itself where q is not above zero.",
        mdl=("QUANTUM",),
        lower=_quantum,
        examples=(("quantum(7.9, 2)", 6.0), ("quantum(1.9, 0)", 1.9)),
    ),
    Builtin(
        name="zidz",
        params=("a", "b"),
        slopes={"a": "+b", "b": "-a"},
        units="a, b -> a/b",
        meaning="a / b, or 0 where b is zero.",
        mdl=("ZIDZ",),
        lower=_safe_division,
        examples=(("zidz(1, 0)", 0.0), ("zidz(6, 3)", 2.0)),
    ),
    Builtin(
        name="xidz",
        params=("a", "b", "x"),
        slopes={"a": "+b", "b": "-a"},
        units="a, b, a/b -> a/b",
        meaning="a / b, or x where b is zero.",
        mdl=("XIDZ",),
        lower=_safe_division,
        examples=(("xidz(1, 0, 5)", 5.0),),
    ),
    Builtin(
        name="safediv",
        params=("a", "b", "otherwise?"),
        slopes={"a": "+b", "b": "-a"},
        units="a, b, a/b -> a/b",
        meaning="a / b, or `otherwise` (0 where left out) where b is zero.",
        xmile=("SAFEDIV",),
        lower=_safe_division,
        examples=(("safediv(1, 0)", 0.0), ("safediv(1, 0, 7)", 7.0)),
    ),
    Builtin(
        name="logical_not",
        params=("x",),
        slopes={"x": "-"},
        truths=("x",),
        units="* -> 1",
        meaning="1 where x is zero, else 0.",
        lower=negate,
        examples=(("not 0", 1.0),),
    ),
    Builtin(
        name="switch",
        params=("a", "b"),
        units="a, a -> 1",
        slopes={"a": "+", "b": "-"},
        meaning="1 where a is greater than b, else 0.",
        xmile=("SWITCH",),
        lower=_switch,
        examples=(("switch(2, 1)", 1.0), ("switch(1, 1)", 0.0)),
    ),
    Builtin(
        name="game",
        params=("x",),
        slopes={"x": "+"},
        units="a -> a",
        meaning="The value itself; in a game, players may decide another one.",
        mdl=("GAME",),
        lower=lambda x: x,
        examples=(("game(3)", 3.0),),
    ),
    Builtin(
        name="percent",
        params=("x",),
        slopes={"x": "+"},
        units="1 -> 1",
        meaning="A fraction as a percentage.",
        xmile=("PERCENT",),
        lower=lambda x: x * 100.0,
        examples=(("percent(0.25)", 25.0),),
    ),
    Builtin(
        name="inf",
        units="-> *",
        meaning="Positive infinity.",
        xmile=("INF",),
        lower=lambda: constant(math.inf),
        examples=(("inf()", math.inf), ("-inf", -math.inf)),
    ),
    Builtin(
        name="nan",
        units="-> *",
        meaning="Not a number: a value that is not known.",
        xmile=("NAN",),
        lower=lambda: constant(math.nan),
        examples=(("nan()", math.nan),),
    ),
)
