"""The natural logarithm.

x = 2^k (1 + f) with 0.69 ≤ 1 + f < 1.38. With s = f / (2 + f), ln(1 + f) = 2 artanh s =
s (2 + R(s²)), and because 2 s = f - f²/2 + s f²/2,

    ln(1 + f) = f - (f²/2 - s (f²/2 + R)),

which needs s only in the small term. R is a minimax polynomial in s² ≤ 0.0337 (Remez's exchange, relative
error below 2^-57). The sum of k ln 2 and f keeps its rounding error.
"""

from __future__ import annotations

from ..ir import Node, apply, binary, where
from ..ops import F64, bits_of
from .building import (
    EXPONENT_FIELD,
    INFINITY,
    NAN,
    bits,
    folded_polynomial,
    from_bits,
    is_ordinary,
    sum_of_ordered,
)
from .constants import LN2_HIGH, LN2_LOW
from .registry import function

_LEAST = 0.69  # keeps what is subtracted from f below 1/16, and with it its rounding errors

# 2 artanh(s) / s = 2 + z (c0 + c1 z + …), z = s²
_ARTANH = (
    0.6666666666666783,
    0.39999999998953495,
    0.2857142886292712,
    0.22222185053082272,
    0.18184304207618668,
    0.15294557499817352,
    0.14993894789937634,
)


def take_apart(x_bits: Node, least: int) -> tuple[Node, Node, Node]:
    """k, m and bits(x) - least, where x = 2^k m is positive and normal and the bits of m start from `least`."""
    above = x_bits - least
    k = apply("f64.convert_i64_s", binary("shr_s", above, 52))
    return k, from_bits(x_bits - (above & EXPONENT_FIELD)), above


def _logarithm(x_bits: Node, bias: float) -> Node:
    """ln(x 2^bias) for a positive normal x."""
    k, m, _ = take_apart(x_bits, bits_of(_LEAST))
    if bias:
        k = k + bias
    f = m - 1.0
    s = f / (f + 2.0)
    z = s * s
    half_square = (f * 0.5) * f
    total, lost = sum_of_ordered(k * LN2_HIGH, f)
    small = s * (half_square + z * folded_polynomial(z, _ARTANH))
    return total + (lost + ((small + k * LN2_LOW) - half_square))


@function(x=F64)
def ln(x: Node) -> Node:
    x_bits = bits(x)
    subnormal = _logarithm(bits(x * 2.0**54), -54.0)
    zero_or_less = where(x < 0.0, NAN, -INFINITY)
    unusual = where(x > 0.0, where(x < INFINITY, subnormal, x), where(x <= 0.0, zero_or_less, x))
    return where(is_ordinary(x_bits), _logarithm(x_bits, 0.0), unusual)
