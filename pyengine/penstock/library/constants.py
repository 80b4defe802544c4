"""The numbers that the library is made of, derived exactly instead of copied: pi, ln 2, and how to cut them.

Everything here is rational arithmetic, done once on import; results are within 2^-250 of the true value, pi within
2^-1300. A `Fraction` becomes a float by one correct rounding.
"""

from __future__ import annotations

from fractions import Fraction


def _series(x: Fraction, sign: int, places: int = 260) -> Fraction:
    """The sum of sign^k x^(2k+1) / (2k+1): arctan for sign -1, artanh for sign 1, where |x| ≤ 1/2."""
    power = (x.numerator << places) // x.denominator
    square = x * x * sign
    total, k = 0, 1
    while power not in (0, -1):
        total += power // k
        power = power * square.numerator // square.denominator
        k += 2
    return Fraction(total, 1 << places)


def natural_log(x: Fraction) -> Fraction:
    """ln x for 1/2 < x < 2."""
    return 2 * _series((x - 1) / (x + 1), 1)


def arctangent(x: Fraction) -> Fraction:
    """arctan x for 0 ≤ x ≤ 1; from a half on by arctan x = pi/4 - arctan((1-x)/(1+x))."""
    return _series(x, -1) if 2 * x < 1 else PI / 4 - _series((1 - x) / (1 + x), -1)


def pieces(value: Fraction, *places: int) -> tuple[float, ...]:
    """`value` as a sum of floats: one cut off after each number of binary places, and the rest, rounded.

    The product of such a piece with an integer is exact as long as all its bits fit in 53.
    """
    parts = []
    for place in places:
        part = Fraction(int(value * (1 << place)), 1 << place)
        assert part == float(part)
        parts.append(float(part))
        value -= part
    return (*parts, float(value))


PI = 16 * _series(Fraction(1, 5), -1, 1320) - 4 * _series(Fraction(1, 239), -1, 1320)  # Machin
LN2 = 2 * _series(Fraction(1, 3), 1)
LN10 = 3 * LN2 + natural_log(Fraction(5, 4))

LN2_HIGH, LN2_LOW = pieces(LN2, 42)
"""LN2_HIGH times any exponent of a double is exact."""
