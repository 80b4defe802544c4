"""Zeros, infinities, NaN, domains and exact results: Annex F of the C99 standard, sign by sign."""

import math
from fractions import Fraction
from itertools import product

import pytest

from library.evaluate import evaluate, same

INF, NAN = math.inf, math.nan
PI = math.pi


VALUES = [
    ("exp", [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (1e300, INF), (-1e300, 0.0), (5e-324, 1.0)]),
    ("ln", [(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-INF, NAN), (-1.0, NAN), (-5e-324, NAN)]),
    ("log10", [(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-INF, NAN), (-1.0, NAN)]),
    ("sin", [(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (5e-324, 5e-324), (-5e-324, -5e-324)]),
    ("cos", [(0.0, 1.0), (-0.0, 1.0), (INF, NAN), (-INF, NAN), (5e-324, 1.0)]),
    ("tan", [(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (-5e-324, -5e-324)]),
    (
        "asin",
        [
            (0.0, 0.0),
            (-0.0, -0.0),
            (1.0, PI / 2),
            (-1.0, -PI / 2),
            (1.0000000000000002, NAN),
            (-INF, NAN),
            (1e300, NAN),
        ],
    ),
    (
        "acos",
        [
            (1.0, 0.0),
            (-1.0, PI),
            (0.0, PI / 2),
            (-0.0, PI / 2),
            (1.0000000000000002, NAN),
            (INF, NAN),
            (-1e300, NAN),
        ],
    ),
    ("atan", [(0.0, 0.0), (-0.0, -0.0), (1.0, PI / 4), (INF, PI / 2), (-INF, -PI / 2), (5e-324, 5e-324)]),
    ("sinh", [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (1e300, INF), (-5e-324, -5e-324)]),
    ("cosh", [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, INF), (-1e300, INF)]),
    ("tanh", [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (1e300, 1.0), (-5e-324, -5e-324)]),
    (
        "gamma_ln",
        [
            (1.0, 0.0),
            (2.0, 0.0),
            (0.0, INF),
            (-0.0, INF),
            (-1.0, INF),
            (-1e300, INF),
            (INF, INF),
            (-INF, INF),
        ],
    ),
]
CASES = [(name, x, expected) for name, cases in VALUES for x, expected in cases]


@pytest.mark.parametrize(("name", "x", "expected"), CASES)
def test_a_special_argument_has_its_special_value(name: str, x: float, expected: float) -> None:
    assert same(evaluate(name, x), expected)


@pytest.mark.parametrize("name", [name for name, _ in VALUES])
def test_nan_stays_nan(name: str) -> None:
    assert math.isnan(evaluate(name, NAN))


SAMPLES = [
    0.0,
    5e-324,
    1e-310,
    0.5,
    0.9999999999999999,
    1.0,
    1.5,
    2.0,
    3.0,
    4.0,
    2.0**53 - 1,
    2.0**53,
    1e300,
    INF,
    NAN,
]
SAMPLES += [-x for x in SAMPLES]


def expected_power(x: float, y: float) -> float | None:
    """What Annex F prescribes, None where it prescribes a number; in its own order."""
    odd = math.isfinite(y) and abs(y) % 2 == 1
    whole = y == math.floor(y) if math.isfinite(y) else True
    size = abs(x)
    if y == 0 or x == 1:
        return 1.0
    if x != x or y != y:
        return NAN
    if math.isinf(y):
        return 1.0 if size == 1 else INF if (size > 1) == (y > 0) else 0.0
    if size in (0.0, INF):
        return math.copysign(INF if (size == INF) == (y > 0) else 0.0, x if odd else 1.0)
    return NAN if x < 0 and not whole else None


@pytest.mark.parametrize(("x", "y"), list(product(SAMPLES, repeat=2)))
def test_a_power_follows_the_table_of_the_standard(x: float, y: float) -> None:
    found, expected = evaluate("pow", x, y), expected_power(x, y)
    if expected is not None:
        assert same(found, expected)
    else:
        assert math.copysign(1, found) == (-1 if x < 0 and abs(y) % 2 == 1 else 1)
        assert abs(found) == evaluate("pow", abs(x), y)


def test_a_power_that_is_a_double_is_exact() -> None:
    for base in range(2, 60):
        for exponent in range(1, 60):
            if base**exponent < 2**53:
                assert evaluate("pow", float(base), float(exponent)) == base**exponent
                assert evaluate("pow", -float(base), float(exponent)) == (-base) ** exponent
    for exponent in range(-1074, 1024):
        assert evaluate("pow", 2.0, float(exponent)) == math.ldexp(1.0, exponent)
    for root in range(1, 300):
        assert evaluate("pow", float(root**4), 0.25) == root
        assert evaluate("pow", float(root**2), 1.5) == root**3


@pytest.mark.parametrize("x", [3.7, 1e-200, 0.1, 1e160, -2.5, 5e-324, 0.9999999999999999, 1e70, -1e-110])
def test_special_exponents_round_correctly(x: float) -> None:
    assert evaluate("pow", x, 2.0) == x * x
    assert evaluate("pow", x, 1.0) == x
    assert evaluate("pow", x, -1.0) == (1 / x if abs(x) > 1e-300 else math.copysign(INF, x))
    if x > 0:
        assert evaluate("pow", x, 0.5) == math.sqrt(x)
    for exponent in (3, 4):
        exact = Fraction(x) ** exponent
        assert evaluate("pow", x, float(exponent)) == (float(exact) if abs(exact) < 2**1023 else INF)


def test_logarithms_of_powers_of_the_base_are_integers() -> None:
    for exponent in range(-22, 23):
        assert evaluate("log10", float(f"1e{exponent}")) == exponent
    for base in (2, 3, 7, 10, 99):
        for exponent in range(1, 52):
            if base**exponent < 2**53:
                assert evaluate("log_base", float(base**exponent), float(base)) == exponent


def test_an_unusual_base_of_a_logarithm_divides_logarithms() -> None:
    assert same(evaluate("log_base", 8.0, 1.0), INF)
    assert same(evaluate("log_base", 1.0, 1.0), NAN)
    assert same(evaluate("log_base", 8.0, INF), 0.0)
    assert same(evaluate("log_base", 0.0, 2.0), -INF)
    assert same(evaluate("log_base", 8.0, -2.0), NAN)
    assert same(evaluate("log_base", -8.0, 2.0), NAN)


@pytest.mark.parametrize(
    ("y", "x"), list(product([0.0, -0.0, 1.0, -1.0, INF, -INF, 5e-324, 1e308, NAN], repeat=2))
)
def test_the_angle_of_a_special_point_is_the_standards(y: float, x: float) -> None:
    if y != y or x != x:
        expected = NAN
    elif y == 0:
        expected = 0.0 if math.copysign(1, x) > 0 else PI
    elif math.isinf(y) and math.isinf(x):
        expected = PI / 4 if x > 0 else 3 * PI / 4
    elif math.isinf(x):
        expected = 0.0 if x > 0 else PI
    elif math.isinf(y) or x == 0:
        expected = PI / 2
    else:
        expected = abs(math.atan2(y, x))
    # The C library's own rounding; the special cases are exact.
    assert evaluate("atan2", y, x) == pytest.approx(math.copysign(expected, y), rel=3e-16, nan_ok=True)
    assert math.copysign(1, evaluate("atan2", y, x)) == math.copysign(1, y) or y != y or x != x
