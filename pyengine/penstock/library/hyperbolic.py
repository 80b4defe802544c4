"""The hyperbolic functions, from e^|x| as a pair.

Near zero, where e^x - e^-x cancels, the odd functions have formulas of their own: for sinh a minimax
polynomial (Remez's exchange, relative error below 2^-56), for tanh a convergent of Lambert's continued
fraction, x / (1 + x²/(3 + x²/(5 + …))).
"""

from __future__ import annotations

from ..ir import Node, apply, constant, where
from ..ops import F64
from .building import INFINITY, Pair, folded_polynomial, polynomial, quotient, sum_of_ordered
from .exponential import Exponential
from .registry import function

# sinh x = x + x³ (c0 + c1 x² + …), |x| ≤ 1
_SINH = (
    0.16666666666666669,
    0.00833333333333318,
    0.00019841269841414208,
    2.7557319161706215e-06,
    2.505212250536399e-08,
    1.6057302872230286e-10,
    7.757582512730852e-13,
)


def _lambert(last: int) -> tuple[list[float], list[float]]:
    """The convergent of tanh that ends with `last`, as 1 - z above(z) / below(z), times x, with z = x²."""
    above, below = [1], [last]
    for term in range(last - 2, 0, -2):
        # z above/below is added to the term, and the sum inverted.
        sums = [term * b + a for b, a in zip([*below, 0], [0, *above], strict=False)]
        above, below = below, sums[: max(len(below), len(above) + 1)]
    padded = [*above, *[0] * (len(below) - len(above))]
    differences = [b - a for b, a in zip(below, padded, strict=True)]
    assert differences[0] == 0
    return [float(c) for c in differences[1:]], [float(c) for c in below]


_TANH_ABOVE, _TANH_BELOW = _lambert(13)
_TANH_NEAR = 0.375


def _doubled(e: Exponential, sign: float) -> Node:
    """e^x + sign e^-x, where 2^k is in range."""
    power, low = _scaled(e)
    inverse = sign / power
    return power + (inverse + low * (1.0 - sign * (inverse * inverse)))


def _scaled(e: Exponential) -> Pair:
    scale = e.times(constant(1.0))
    total, low = sum_of_ordered(e.one, e.rest)
    return total * scale, low * scale


def _half_power(e: Exponential, size: Node) -> Node:
    return where(size > 711.0, INFINITY, e.times_carefully(e.one + e.rest, -1))


@function(x=F64)
def sinh(x: Node) -> Node:
    size = abs(x)
    square = x * x
    near = x + (x * square) * folded_polynomial(square, _SINH)
    e = Exponential(size)
    far = where(size < 708.0, _doubled(e, -1.0) * 0.5, _half_power(e, size))
    return where(size < 1.0, near, apply("f64.copysign", far, x))


@function(x=F64)
def cosh(x: Node) -> Node:
    size = abs(x)
    e = Exponential(size)
    return where(size < 708.0, _doubled(e, 1.0) * 0.5, _half_power(e, size))


@function(x=F64)
def tanh(x: Node) -> Node:
    size = abs(x)
    square = x * x
    # Adding 0 to what is subtracted keeps the sign of a zero.
    near = x - ((x * square) * (polynomial(square, _TANH_ABOVE) / polynomial(square, _TANH_BELOW)) + 0.0)
    power, low = _scaled(Exponential(size * 2.0))
    above = sum_of_ordered(power, constant(-1.0))
    below = sum_of_ordered(power, constant(1.0))
    far = quotient((above[0], above[1] + low), (below[0], below[1] + low))
    size_of_result = where(size < 22.0, far, where(size >= 22.0, 1.0, size))
    return where(size < _TANH_NEAR, near, apply("f64.copysign", size_of_result, x))
