"""What the functions are built from: polynomials, exact sums and products, the bits of a double.

A *pair* is an unevaluated sum of two doubles, high + low, with low at most about half a unit in the last
place of high. There is no fused multiply-add among the core operations, so exact products split their
factors (Dekker 1971; Veltkamp's constant 2^27 + 1), and exact sums are Knuth's and Dekker's.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ir import Node, Operand, apply, binary

Pair = tuple[Node, Node]

INFINITY = float("inf")
NAN = float("nan")
SMALLEST_NORMAL = 2.0**-1022

SMALLEST_NORMAL_BITS = 1 << 52
INFINITY_BITS = 0x7FF << 52
EXPONENT_FIELD = 0xFFF << 52

TO_INTEGER = 1.5 * 2.0**52
"""Added to x, |x| < 2^51, it leaves the nearest integer in the low bits of the sum."""
TO_INTEGER_BITS = 0x433 << 52 | 1 << 51


def polynomial(x: Node, coefficients: Sequence[float]) -> Node:
    """c0 + c1 x + c2 x² + …, by Horner's rule."""
    total: Operand = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = x * total + coefficient
    assert isinstance(total, Node)
    return total


def folded_polynomial(x: Node, coefficients: Sequence[float]) -> Node:
    """The same in two chains, even and odd powers, that a processor runs side by side."""
    square = x * x
    return polynomial(square, coefficients[::2]) + x * polynomial(square, coefficients[1::2])


def sum_of_ordered(a: Node, b: Node) -> Pair:
    """a + b exactly, where a is zero or |a| ≥ |b|."""
    total = a + b
    return total, (a - total) + b


def halves(x: Node) -> Pair:
    """x as the sum of two doubles of 26 bits each; |x| < 2^996."""
    spread = x * 134217729.0
    high = spread - (spread - x)
    return high, x - high


def product(a: Node, b: Node) -> Pair:
    """a b exactly, unless something over- or underflows."""
    total = a * b
    (a1, a0), (b1, b0) = halves(a), halves(b)
    return total, a0 * b0 - (((total - a1 * b1) - a0 * b1) - a1 * b0)


def quotient(above: Pair, below: Pair) -> Node:
    """The quotient of two pairs, once corrected by its remainder: rounded once, all but exactly."""
    first = above[0] / below[0]
    exact, exact_low = product(first, below[0])
    remainder = ((above[0] - exact) - exact_low) + (above[1] - first * below[1])
    return first + remainder / below[0]


def bits(x: Node) -> Node:
    return apply("i64.reinterpret_f64", x)


def from_bits(x: Node) -> Node:
    return apply("f64.reinterpret_i64", x)


def is_ordinary(x_bits: Node) -> Node:
    """Whether a double, given its bits, is positive, normal and finite."""
    return binary("lt_u", x_bits - SMALLEST_NORMAL_BITS, INFINITY_BITS - SMALLEST_NORMAL_BITS)


def power_of_two(exponent: Node) -> Node:
    """2^exponent for an i64 exponent from -1022 to 1023."""
    return from_bits((exponent + 1023) << 52)
