"""The exponential function.

With k the integer next to x / ln 2 and r = x - k ln 2, |r| ≤ 0.3466, exp x = 2^k exp r. The function
r coth(r/2) = 2 + r²/6 - … is even and smooth; with c = r - (r coth(r/2) - 2),

    exp r = 1 + r + r c / (2 - c),

whose last term is below 0.06 and takes one short polynomial (minimax in r² by Remez's exchange, relative
error below 2^-58). The roundings of 1 + r and of r are carried along and added in at the end.
"""

from __future__ import annotations

from ..ir import Node, binary, where
from ..ops import F64
from .building import INFINITY, TO_INTEGER, TO_INTEGER_BITS, bits, from_bits, polynomial, power_of_two
from .constants import LN2, LN2_HIGH, LN2_LOW
from .registry import function

# r coth(r/2) = 2 + t (c0 + c1 t + …), t = r² ≤ 0.1202
_HALF_COTH = (
    0.16666666666666613,
    -0.002777777777709273,
    6.613756338846893e-05,
    -1.6533918188648008e-06,
    4.1386524596635846e-08,
)


class Exponential:
    """exp(high + low) as 2^k (one + rest), |rest| far below |one|; `count` holds k in its lowest bits."""

    def __init__(self, high: Node, low: Node | None = None) -> None:
        self.argument = high
        shifted = high * float(1 / LN2) + TO_INTEGER
        k = shifted - TO_INTEGER
        near = high - k * LN2_HIGH
        correction = k * LN2_LOW if low is None else k * LN2_LOW - low
        r = near - correction
        lost = (near - r) - correction
        t = r * r
        c = r - t * polynomial(t, _HALF_COTH)
        self.count = bits(shifted)
        self.one = 1.0 + r
        self.rest = ((1.0 - self.one) + r) + (r * c / (2.0 - c) + lost)

    def times(self, value: Node) -> Node:
        """`value` 2^k, where that is known to be normal."""
        return from_bits(bits(value) + (self.count << 52))

    def times_carefully(self, value: Node, more: int = 0) -> Node:
        """`value` 2^(k + more), rounded once where it is subnormal, infinite where it is too large."""
        k = self.count - (TO_INTEGER_BITS - more)
        half = binary("shr_s", k, 1)
        return value * power_of_two(half) * power_of_two(k - half)

    def value(self) -> Node:
        x = self.argument
        rounded = self.one + self.rest
        beyond = where(x < -745.2, 0.0, self.times_carefully(rounded))
        return where(abs(x) < 708.0, self.times(rounded), where(x > 709.8, INFINITY, beyond))


@function(x=F64)
def exp(x: Node) -> Node:
    return Exponential(x).value()
