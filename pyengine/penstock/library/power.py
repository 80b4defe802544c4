"""Powers: x^y as exp(y ln x), with the logarithm to 2^-68 as a pair of doubles.

The logarithm: x = 2^k m with m around 1; a table cell gives c, of 11 bits, near 1/m, and -ln c as a pair.
Of m rounded to 21 bits and what that leaves, m1 + m2, the numbers r1 = m1 c - 1 and r2 = m2 c are exact, and
r = r1 + r2 is at most 0.0159, so that

    ln x = k ln 2 - ln c + r - r²/2 + r³ P(r)

where the square of r1 is exact as well. The table has 32 cells; the one around m = 1 has c = 1, which keeps
the relative accuracy near x = 1. P is a minimax polynomial (Remez's exchange; the logarithm's relative
error is below 2^-68).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from ..ir import Node, Operand, apply, binary, constant, differ, equal, load, where
from ..ops import F64, I32, bits_of, float_of
from .building import (
    INFINITY,
    NAN,
    SMALLEST_NORMAL,
    Pair,
    bits,
    folded_polynomial,
    from_bits,
    halves,
    is_ordinary,
    product,
    sum_of_ordered,
)
from .constants import LN2_HIGH, LN2_LOW, natural_log, pieces
from .exponential import Exponential
from .logarithm import take_apart
from .registry import function, table

_CELLS = 32
_CELL_BITS = 47  # 2^47 consecutive doubles share a cell
_LEAST = bits_of(0.6875) + (1 << _CELL_BITS - 1)  # half a cell above a border, so that 1 lies inside its cell

# ln(1 + r) = r - r²/2 + r³ (c0 + c1 r + …)
_LOG = (
    0.3333333333333333,
    -0.24999999999999994,
    0.20000000000098117,
    -0.16666666666838248,
    0.14285713104785777,
    -0.12499998424835691,
    0.11116696526527048,
    -0.10006052049254681,
)


def _cells() -> tuple[float, ...]:
    """All c, then the high and the low parts of all -ln c; high parts have 42 binary places, as LN2_HIGH has."""
    inverses, logs = [], []
    for cell in range(_CELLS):
        low, high = (Fraction(float_of(_LEAST + (at << _CELL_BITS))) for at in (cell, cell + 1))
        inverse = Fraction(1) if low < 1 < high else Fraction(round(2048 / (low + high)), 1024)
        inverses.append(float(inverse))
        logs.append(pieces(-natural_log(inverse), 42))
    return (*inverses, *(high for high, _ in logs), *(low for _, low in logs))


_TABLE = table("power_cells", _cells())


def log_pair(x_bits: Node, bias: Node | None = None) -> Pair:
    """ln(x 2^bias) for a positive normal x, the high part within 2^-53 of the whole."""
    k, m, above = take_apart(x_bits, _LEAST)
    if bias is not None:
        k = k + bias
    cell = apply("i32.wrap_i64", above >> _CELL_BITS) & (_CELLS - 1)
    inverse = load(_TABLE, 0, cell)
    leading = from_bits(bits(m) + (1 << 31) & -(1 << 32))
    r1 = leading * inverse - 1.0
    r2 = (m - leading) * inverse
    r, r_lost = sum_of_ordered(r1, r2)
    first, first_lost = sum_of_ordered(k * LN2_HIGH + load(_TABLE, _CELLS, cell), r)
    second, second_lost = sum_of_ordered(first, (r1 * r1) * -0.5)
    square_rest = (r2 * (r1 + r)) * -0.5
    cubic = (r * r) * r * folded_polynomial(r, _LOG)
    constants_rest = k * LN2_LOW + load(_TABLE, 2 * _CELLS, cell)
    return second, ((cubic + square_rest) + (first_lost + second_lost)) + (constants_rest + r_lost)


def log_pair_of_positive(x: Node) -> Pair:
    """The same for any finite x > 0, its high part rounded."""
    tiny = x < SMALLEST_NORMAL
    high, low = log_pair(bits(where(tiny, x * 2.0**54, x)), where(tiny, -54.0, 0.0))
    return sum_of_ordered(high, low)


@function(x=F64, bias=F64, y=F64)
def power_of_positive(x: Node, bias: Node, y: Node) -> Node:
    """(x 2^bias)^y for a positive normal x and |y| ≤ 2^64."""
    log_high, log_low = log_pair(bits(x), bias)
    log, _ = halves(log_high + log_low)
    log_rest = (log_high - log) + log_low
    y_high, y_low = halves(y)
    return Exponential(*sum_of_ordered(y_high * log, y_low * log + y * log_rest)).value()


_BOUND = 2.0**64
"""Beyond it, an exponent takes every x but 1 to 0 or to infinity."""


@function(x=F64, y=F64)
def power_unusual(x: Node, y: Node) -> Node:
    """x^y where x is not a positive normal number or y is huge or NaN; the table of C99's Annex F."""
    size = abs(x)
    bounded = apply("f64.max", apply("f64.min", y, constant(_BOUND)), constant(-_BOUND))
    tiny = size < SMALLEST_NORMAL
    of_number = power_of_positive(where(tiny, size * 2.0**54, size), where(tiny, -54.0, 0.0), bounded)
    is_zero = equal(size, 0.0)
    is_bound = is_zero | equal(size, INFINITY)
    magnitude = where(is_bound, where(binary("eq", is_zero, y < 0.0), INFINITY, 0.0), of_number)
    whole = equal(apply("f64.trunc", y), y)
    half = y * 0.5
    odd = whole & differ(apply("f64.trunc", half), half)
    negative = apply("f64.copysign", constant(1.0), x) < 0.0
    undefined = negative & binary("eq", whole | is_bound, 0)
    signed = where(undefined, NAN, where(negative & odd, -magnitude, magnitude))
    unordered = differ(x, x) | differ(y, y)
    return where(equal(x, 1.0), 1.0, where(unordered, x + y, signed))


def _square_root(x: Node) -> Node:
    """As a power it knows no negative zero, and minus infinity gives infinity."""
    return where(equal(x, -INFINITY), INFINITY, apply("f64.sqrt", x) + 0.0)


def _cube(x: Node) -> Node:
    square, square_low = product(x, x)
    cube, cube_low = product(square, x)
    return cube + (cube_low + square_low * x)


def _fourth(x: Node) -> Node:
    square, square_low = product(x, x)
    fourth, fourth_low = product(square, square)
    return fourth + (fourth_low + (square * 2.0) * square_low)


def _always(x: Node) -> Node:
    return constant(1, I32)


def _is_moderate(x: Node) -> Node:
    size = abs(x)
    return (size > 2.0**-240) & (size < 2.0**255)


FORMULAS: Mapping[float, tuple[Callable[[Node], Node], Callable[[Node], Node]]] = {
    2.0: (lambda x: x * x, _always),
    0.5: (_square_root, _always),
    1.0: (lambda x: x, _always),
    -1.0: (lambda x: 1.0 / x, _always),
    3.0: (_cube, _is_moderate),
    4.0: (_fourth, _is_moderate),
    0.0: (lambda x: constant(1.0), _always),
}
"""Exponents with formulas of their own in `pow`'s definition, and for which x those hold. All round as well as
can be; plain x x x and x² x² would be off by up to 1.3 and 1.9 units in the last place.
"""


@function(x=F64, y=F64)
def pow_(x: Node, y: Node) -> Node:
    """x^y. One test tells most other exponents from those of the formulas: these have a mantissa of one bit."""
    formula: Operand = 0.0
    has_formula: Operand = 0
    for exponent, (value, holds) in reversed(list(FORMULAS.items())):
        formula = where(equal(y, exponent), value(x), formula)
        has_formula = where(equal(y, exponent), holds(x), has_formula)
    may_have_formula = apply("i64.eqz", bits(y) << 13)
    usual = where(
        is_ordinary(bits(x)) & (abs(y) < _BOUND),
        power_of_positive(x, 0.0, y),
        power_unusual(x, y),
    )
    return where(where(may_have_formula, has_formula, 0), formula, usual)
