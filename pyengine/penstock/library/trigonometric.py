"""Sine, cosine and tangent.

x = n pi/2 + r with |r| ≤ pi/4, r as a pair. Up to 2^16, pi/2 is cut in pieces of 36 bits, whose products with
n are exact (Cody and Waite 1980): two pieces and a rest, and where those cancel, three and a rest. Beyond, x
is multiplied with a window of 192 bits of 2/pi, in integers (Payne and Hanek 1983). On the small interval,
sine and cosine are minimax polynomials (Remez's exchange, relative errors below 2^-57 and 2^-61).
"""

from __future__ import annotations

from collections.abc import Callable

from ..ir import Node, apply, binary, constant, equal, load, where
from ..ops import F64, I32, I64
from .building import (
    INFINITY,
    NAN,
    TO_INTEGER,
    Pair,
    bits,
    folded_polynomial,
    product,
    quotient,
    sum_of_ordered,
)
from .constants import PI, pieces
from .registry import function, table

# sin x = x + x³ (c0 + c1 x² + …); cos x = 1 - x²/2 + x⁴ (c0 + c1 x² + …)
_SINE = (
    -0.1666666666666664,
    0.00833333333332408,
    -0.00019841269830909308,
    2.7557314020913266e-06,
    -2.5050803681060064e-08,
    1.5899176763158665e-10,
)
_COSINE = (
    0.04166666666666661,
    -0.001388888888887559,
    2.4801587290300506e-05,
    -2.755731456725043e-07,
    2.087575017735239e-09,
    -1.1360943406310776e-11,
)

_NEAR = float(PI / 4)
_FAR = 2.0**16
_CANCELLED = 2.0**-18
_PIECES = pieces(PI / 2, 35, 71)
_FINE_PIECES = pieces(PI / 2, 35, 71, 106)
_LOWER_WORD = (1 << 32) - 1
_WORDS = 20

_TWO_OVER_PI = table(
    "two_over_pi",
    tuple(int(2 / PI * (1 << 64 * word)) & (1 << 64) - 1 for word in range(_WORDS)),
)
"""The bits of 2/pi; the first word stands before the point."""


Parts = tuple[Node, Node, Node]
"""n, as an i32 of which the last two bits count, and r as a pair, where the argument is n pi/2 + r."""


def _sine(x: Node, low: Node, square_low: Node | None = None) -> Pair:
    """sin(x + low) for |x| ≤ pi/4, as x and what to add to it; the rounding error of x² may follow."""
    square = x * x
    rest = low * (1.0 - square * 0.5)
    if square_low is not None:
        rest = rest + (x * square_low) * _SINE[0]
    return x, (square * x) * folded_polynomial(square, _SINE) + rest


def _cosine(x: Node, low: Node, square_low: Node | None = None) -> Pair:
    """cos(x + low) for |x| ≤ pi/4, as a sum of two; the rounding error of x² may follow."""
    square = x * x
    half = square * 0.5
    one = 1.0 - half
    lost = x * low if square_low is None else x * low + square_low * 0.5
    return one, ((1.0 - one) - half) + ((square * square) * folded_polynomial(square, _COSINE) - lost)


def _rounded(pair: Pair) -> Node:
    return pair[0] + pair[1]


def _reduced(x: Node) -> tuple[Node, Parts, Parts]:
    """For |x| < 2^16: whether the first parts are good enough, those, and the ones that always are."""
    shifted = x * float(2 / PI) + TO_INTEGER
    n = shifted - TO_INTEGER
    quarters = apply("i32.wrap_i64", bits(shifted))
    first, second, rest = _PIECES
    near = x - n * first
    piece = n * second
    high = near - piece
    low = ((near - high) - piece) - n * rest
    # Where this cancels, near - piece is exact. So is the next difference, or else its operands are ordered.
    _, _, third, fine_rest = _FINE_PIECES
    fine_piece = n * third
    fine = high - fine_piece
    fine_low = ((high - fine) - fine_piece) - n * fine_rest
    return abs(high) >= _CANCELLED, (quarters, high, low), (quarters, fine, fine_low)


def _product_of_words(word: Node, factor: Node) -> Pair:
    """The upper and the lower 64 bits of a product of integers."""
    upper, lower = word >> 32, word & _LOWER_WORD
    factor_upper, factor_lower = factor >> 32, factor & _LOWER_WORD
    middle = upper * factor_lower + (lower * factor_lower >> 32)
    carry = (middle & _LOWER_WORD) + lower * factor_upper
    return upper * factor_upper + (middle >> 32) + (carry >> 32), word * factor


@function(x=F64, part=I32)
def reduced_far(x: Node, part: Node) -> Node:
    """n (part 0), r (part 1) and the low part of r (part 2) for a finite x ≥ 2^16.

    x = m 2^e with an integer m. The bits of 2/pi that make multiples of 4 with 2^e are left out; the product
    of m with the 192 bits that follow, modulo 2^192, is (2/pi x mod 4) 2^190, but for less than 2^65.
    """
    x_bits = bits(x)
    m = (x_bits & (1 << 52) - 1) | 1 << 52
    start = (x_bits >> 52) - (1075 + 1 - 63)  # counted in the table's bits
    word = apply("i32.wrap_i64", start >> 6)
    word = where(binary("lt_u", word, _WORDS - 3), word, 0)  # the table's end, whatever x is
    shift = start & 63

    def window(at: int) -> Node:
        first, second = (load(_TWO_OVER_PI, at + k, word, I64) for k in (0, 1))
        return first << shift | second >> 1 >> (shift ^ 63)

    carried, _ = _product_of_words(window(2), m)
    upper, lower = _product_of_words(window(1), m)
    lower = lower + carried
    upper = upper + window(0) * m + apply("i64.extend_i32_u", binary("lt_u", lower, carried))
    quarters = upper + (1 << 61) >> 62
    # What is left, from -1/2 to 1/2, times 2^128: a word with a sign, and one more. In 53, 53 and 22 bits:
    word_1, word_0 = upper << 2 | lower >> 62, lower << 2
    leading = apply("f64.convert_i64_s", word_1 & -(1 << 11)) * 2.0**-64
    following = apply("f64.convert_i64_s", (word_1 & (1 << 11) - 1) << 42 | word_0 >> 22) * 2.0**-106
    last = apply("f64.convert_i64_s", word_0 & (1 << 22) - 1) * 2.0**-128
    turn, turn_low = sum_of_ordered(leading, following)
    right, right_low = pieces(PI / 2, 52)
    angle, angle_low = product(turn, constant(right))
    r, r_low = sum_of_ordered(angle, angle_low + (turn * right_low + (turn_low + last) * right))
    return where(equal(part, 0), apply("f64.convert_i64_s", quarters), where(equal(part, 1), r, r_low))


def _by_parts(x: Node, finish: Callable[[Node, Node, Node], Node]) -> Node:
    """`finish` of n, r and its low part, for |x| > pi/4; infinities and NaN give NaN."""
    size = abs(x)
    good, parts, fine_parts = _reduced(x)
    sign = apply("f64.copysign", constant(1.0), x)
    n, r, r_low = (reduced_far(size, part) * sign for part in range(3))
    far = where(size < INFINITY, finish(apply("i32.trunc_sat_f64_s", n), r, r_low), NAN)
    return where(size < _FAR, where(good, finish(*parts), finish(*fine_parts)), far)


@function(n=I32, r=F64, low=F64)
def sine_of_parts(n: Node, r: Node, low: Node) -> Node:
    """sin(n pi/2 + r + low)."""
    value = where(n & 1, _rounded(_cosine(r, low)), _rounded(_sine(r, low)))
    return where(n & 2, -value, value)


@function(n=I32, r=F64, low=F64)
def tangent_of_parts(n: Node, r: Node, low: Node) -> Node:
    """tan(n pi/2 + r + low)."""
    _, square_low = product(r, r)
    sine, cosine = (
        sum_of_ordered(*pair) for pair in (_sine(r, low, square_low), _cosine(r, low, square_low))
    )
    odd = n & 1
    above = (where(odd, -cosine[0], sine[0]), where(odd, -cosine[1], sine[1]))
    below = (where(odd, sine[0], cosine[0]), where(odd, sine[1], cosine[1]))
    return quotient(above, below)


@function(x=F64)
def sin(x: Node) -> Node:
    square = x * x
    # Adding 0 to what is subtracted keeps the sign of a zero.
    near = x - ((x * square) * folded_polynomial(square, [-c for c in _SINE]) + 0.0)
    return where(abs(x) < _NEAR, near, _by_parts(x, sine_of_parts))


@function(x=F64)
def cos(x: Node) -> Node:
    def shifted(n: Node, r: Node, low: Node) -> Node:
        return sine_of_parts(n + 1, r, low)

    return where(abs(x) < _NEAR, _rounded(_cosine(x, constant(0.0))), _by_parts(x, shifted))


@function(x=F64)
def tan(x: Node) -> Node:
    zero = constant(0.0)
    small = where(abs(x) > 2.0**-27, tangent_of_parts(constant(0, I32), x, zero), x)
    return where(abs(x) < _NEAR, small, _by_parts(x, tangent_of_parts))
