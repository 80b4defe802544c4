"""The complementary error function, to a relative error of some 1e-14 where it is above 1e-300.

Below 1.5 in size, erf(x) = 2/√π exp(-x²) (x + 2x³/3 + 4x⁵/15 + …), a series of positive terms (Abramowitz and
Stegun, 7.1.6). Beyond, erfc(x) = exp(-x²)/√π / (x + ½/(x + 1/(x + 3/2/(x + …)))) (7.1.14), from the inside out.
"""

from __future__ import annotations

from ..ir import For, Node, Set, apply, local, where
from ..ops import F64, I32
from .exponential import exp
from .registry import Body, function

_TWO_OVER_ROOT_PI = 1.1283791670955126
_TERMS = 100


@function(x=F64)
def erfc(x: Node) -> Body:
    size = abs(x)
    square = size * size
    count = apply("f64.convert_i32_s", local("n", I32))
    term, total, inner = local("term", F64), local("total", F64), local("inner", F64)
    body = (
        Set("term", size),
        Set("total", size),
        Set("inner", size),
        For(
            "n",
            _TERMS,
            (
                Set("term", term * (square + square) / (count * 2.0 + 3.0)),
                Set("total", total + term),
                Set("inner", size + (_TERMS - count) * 0.5 / inner),
            ),
        ),
    )
    small = 1.0 - _TWO_OVER_ROOT_PI * (exp(-square) * total)
    large = 0.5 * _TWO_OVER_ROOT_PI * (exp(-square) / inner)
    upper = where(size < 1.5, small, large)
    return body, where(x < 0.0, 2.0 - upper, upper)
