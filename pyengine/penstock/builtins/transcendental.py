"""Exponential, trigonometric and power functions: rows that call the library."""

from __future__ import annotations

import math

from ..ir import apply, constant
from ..library import counting
from ..library import transcendental as library
from .table import Builtin

ROWS = (
    Builtin(
        name="exp",
        params=("x",),
        slopes={"x": "+"},
        within=(0.0, math.inf),
        units="1 -> 1",
        meaning="e to the power x.",
        mdl=("EXP",),
        xmile=("EXP",),
        lower=library.exp,
        examples=(("exp(0)", 1.0), ("exp(1)", 2.718281828459045)),
    ),
    Builtin(
        name="ln",
        params=("x",),
        slopes={"x": "+"},
        units="1 -> 1",
        meaning="The natural logarithm; -inf at 0, NaN below.",
        mdl=("LN",),
        xmile=("LN", "LOGN"),
        lower=library.ln,
        examples=(("ln(1)", 0.0), ("ln(10)", 2.302585092994046)),
    ),
    Builtin(
        name="log",
        params=("x", "base"),
        units="1, 1 -> 1",
        meaning="The logarithm of x to a base: ln(x) / ln(base), rounded once.",
        mdl=("LOG",),
        lower=library.log_base,
        examples=(("log(8, 2)", 3.0),),
    ),
    Builtin(
        name="log10",
        params=("x",),
        slopes={"x": "+"},
        units="1 -> 1",
        meaning="The logarithm to base 10.",
        xmile=("LOG10",),
        lower=library.log10,
        examples=(("log10(1000)", 3.0),),
    ),
    Builtin(
        name="sqrt",
        params=("x",),
        slopes={"x": "+"},
        within=(0.0, math.inf),
        units="a -> a^(1/2)",
        meaning="The square root; NaN below zero.",
        mdl=("SQRT",),
        xmile=("SQRT",),
        lower=lambda x: apply("f64.sqrt", x),
        examples=(("sqrt(9)", 3.0),),
    ),
    Builtin(
        name="power",
        params=("x", "y"),
        units="a, n -> a^n",
        meaning="x to the power y, as x ^ y.",
        mdl=("POWER",),
        lower=library.pow_,
        examples=(("power(2, 10)", 1024.0),),
    ),
    *(
        Builtin(
            name=name,
            params=("x",),
            slopes={"x": slope} if slope else {},
            units="1 -> 1",
            meaning=f"The {meaning}.",
            mdl=(mdl,),
            xmile=(xmile,),
            lower=getattr(library, library_name),
            examples=((f"{name}(0)", at_zero),),
        )
        for name, library_name, mdl, xmile, at_zero, slope, meaning in (
            ("sin", "sin", "SIN", "SIN", 0.0, "", "sine of an angle in radians"),
            ("cos", "cos", "COS", "COS", 1.0, "", "cosine of an angle in radians"),
            ("tan", "tan", "TAN", "TAN", 0.0, "", "tangent of an angle in radians"),
            ("arcsin", "asin", "ARCSIN", "ARCSIN", 0.0, "+", "angle in radians whose sine is x"),
            (
                "arccos",
                "acos",
                "ARCCOS",
                "ARCCOS",
                1.5707963267948966,
                "-",
                "angle in radians whose cosine is x",
            ),
            ("arctan", "atan", "ARCTAN", "ARCTAN", 0.0, "+", "angle in radians whose tangent is x"),
            ("sinh", "sinh", "SINH", "SINH", 0.0, "+", "hyperbolic sine"),
            ("cosh", "cosh", "COSH", "COSH", 1.0, "+x", "hyperbolic cosine"),
            ("tanh", "tanh", "TANH", "TANH", 0.0, "+", "hyperbolic tangent"),
        )
    ),
    Builtin(
        name="pi",
        units="-> 1",
        meaning="The ratio of a circle's circumference to its diameter.",
        xmile=("PI",),
        lower=lambda: constant(math.pi),
        examples=(("pi()", math.pi),),
    ),
    Builtin(
        name="gamma_ln",
        params=("x",),
        units="1 -> 1",
        meaning="The logarithm of the gamma function's absolute value.",
        mdl=("GAMMA LN",),
        xmile=("GAMMALN",),
        lower=library.gamma_ln,
        examples=(("gamma ln(1)", 0.0), ("gamma ln(5)", 3.1780538303479458)),
    ),
    Builtin(
        name="factorial",
        params=("n",),
        units="1 -> 1",
        meaning="The product of the whole numbers from 1 to n; NaN where n is negative or no whole number.",
        xmile=("FACTORIAL",),
        lower=lambda n: counting.permutations(n, n),
        examples=(("factorial(5)", 120.0), ("factorial(0)", 1.0), ("factorial(1.5)", math.nan)),
    ),
    Builtin(
        name="permutations",
        params=("n", "r"),
        units="1, 1 -> 1",
        meaning="In how many orders r of n things can stand: n! / (n - r)!, for whole numbers.",
        xmile=("PERMUTATIONS",),
        lower=counting.permutations,
        examples=(("permutations(5, 3)", 60.0), ("permutations(3, 5)", 0.0)),
    ),
    Builtin(
        name="combinations",
        params=("n", "r"),
        units="1, 1 -> 1",
        meaning="How many sets of r there are in n things: n! / (r! (n - r)!), for whole numbers.",
        xmile=("COMBINATIONS",),
        lower=counting.combinations,
        examples=(("combinations(5, 3)", 10.0), ("combinations(3, 5)", 0.0)),
    ),
)
