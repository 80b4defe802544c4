"""The derived numbers: constants, tables and polynomials are what they claim to be."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from mpmath import mp, mpf

from penstock.library import (
    TABLES,
    arcs,
    constants,
    exponential,
    gamma,
    hyperbolic,
    logarithm,
    power,
    trigonometric,
)
from penstock.ops import float_of


def value(coefficients: Sequence[float], x: mpf) -> mpf:
    return mp.fsum(mpf(c) * x**power for power, c in enumerate(coefficients))


def test_constants_agree_with_mpmath() -> None:
    for mine, true, places in [
        (constants.PI, mp.pi, 1300),
        (constants.LN2, mp.ln2, 250),
        (constants.LN10, mp.ln10, 250),
        (constants.arctangent(Fraction(7, 8)), lambda **_: mp.atan(mpf(7) / 8), 250),
    ]:
        with mp.workprec(1400):
            assert abs(mpf(mine.numerator) / mine.denominator - true()) < mpf(2) ** -places


def test_pieces_add_up_to_the_number() -> None:
    parts = constants.pieces(constants.PI / 2, 35, 71, 106)
    assert abs(sum(map(mpf, parts)) - mp.pi / 2) < mpf(2) ** -158


def test_the_bits_of_two_over_pi_continue_without_gap() -> None:
    with mp.workprec(1500):
        total = sum(mpf(int(word)) * mpf(2) ** (-64 * at) for at, word in enumerate(TABLES["two_over_pi"]))
        assert 0 <= 2 / mp.pi - total < mpf(2) ** (-64 * 19)


# Name, coefficients, a function c + x² (c0 + c1 x² + …), that c, the range of x, the relative error's bits.
POLYNOMIALS: list[tuple[str, Sequence[float], Callable[[mpf], mpf], int, float, int]] = [
    ("exp", exponential._HALF_COTH, lambda r: r * mp.coth(r / 2), 2, 0.3466, 59),
    ("ln", logarithm._ARTANH, lambda s: 2 * mp.atanh(s) / s, 2, 0.1835, 57),
    ("sine", trigonometric._SINE, lambda x: mp.sin(x) / x, 1, 0.7854, 57),
    ("arctangent", arcs._ARCTANGENT, lambda u: mp.atan(u) / u, 1, 0.3125, 56),
    ("sinh", hyperbolic._SINH, lambda x: mp.sinh(x) / x, 1, 1.0, 56),
]


@pytest.mark.parametrize(("name", "coefficients", "true", "first", "limit", "bits"), POLYNOMIALS)
def test_a_polynomial_is_as_close_as_its_docstring_says(
    name: str, coefficients: Sequence[float], true: Callable[[mpf], mpf], first: int, limit: float, bits: int
) -> None:
    for step in range(1, 201):
        x = mpf(limit) * step / 200
        assert abs((first + x * x * value(coefficients, x * x)) / true(x) - 1) < mpf(2) ** -bits, name


def test_the_other_polynomials_are_as_close_as_their_docstrings_say() -> None:
    for step in range(-200, 201):
        if step:
            x, r, t = (mpf(limit) * step / 200 for limit in (0.7854, 0.0159, 0.5))
            cosine = 1 - x * x / 2 + x**4 * value(trigonometric._COSINE, x * x)
            assert abs(cosine / mp.cos(x) - 1) < mpf(2) ** -61
            log = r - r * r / 2 + r**3 * value(power._LOG, r)
            assert abs(log / mp.log1p(r) - 1) < mpf(2) ** -68
            around = t * value(gamma._AROUND_2, t)
            assert abs(around / mp.loggamma(2 + t) - 1) < mpf(2) ** -52


def test_the_convergents_of_tanh_are_close() -> None:
    for step in range(1, 200):
        x = mpf(hyperbolic._TANH_NEAR) * step / 200
        rest = value(hyperbolic._TANH_ABOVE, x * x) / value(hyperbolic._TANH_BELOW, x * x)
        assert abs((1 - x * x * rest) * x / mp.tanh(x) - 1) < mpf(2) ** -58


def test_no_cell_of_the_power_table_is_far_from_its_numbers() -> None:
    for cell, inverse in enumerate(power._cells()[: power._CELLS]):
        low, high = (float_of(power._LEAST + (at << power._CELL_BITS)) for at in (cell, cell + 1))
        assert max(abs(low * inverse - 1), abs(high * inverse - 1)) < 0.0159
