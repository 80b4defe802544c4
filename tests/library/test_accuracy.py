"""Every numeric function against mpmath, on random and on hard arguments."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import pytest
from mpmath import mp, mpf

from library.evaluate import error_in_ulps, evaluate
from penstock.ops import float_of

Point = tuple[float, ...]
Points = Iterator[Point]
Random = random.Random


@dataclass(frozen=True, slots=True)
class Row:
    """A function, its true value, kinds of arguments, and the largest error in ulps."""

    name: str
    exact: Callable[..., mpf]
    points: tuple[Callable[[Random], Points], ...]
    bound: float


def uniform(low: float, high: float) -> Callable[[Random], Points]:
    def points(rng: Random) -> Points:
        while True:
            yield (rng.uniform(low, high),)

    return points


def anything(rng: Random) -> Points:
    """All finite doubles alike, so all exponents alike."""
    while True:
        x = float_of(rng.getrandbits(64))
        if math.isfinite(x):
            yield (x,)


def positive(rng: Random) -> Points:
    return ((abs(x),) for (x,) in anything(rng) if x)


def subnormal(rng: Random) -> Points:
    while True:
        yield (float_of(rng.getrandbits(rng.randint(1, 52)) or 1),)


def near(centre: float) -> Callable[[Random], Points]:
    """At all distances of a number, down to its neighbours."""

    def points(rng: Random) -> Points:
        while True:
            yield (centre * (1 + rng.uniform(-1, 1) * 2.0 ** -rng.randrange(54)),)

    return points


def inside(centre: float) -> Callable[[Random], Points]:
    """The same between -centre and centre."""
    return lambda rng: ((math.copysign(min(abs(x), abs(centre)), x),) for (x,) in near(centre)(rng))


def quarter_turns(rng: Random) -> Points:
    """The doubles next to multiples of pi/2, of all sizes."""
    while True:
        turns = rng.getrandbits(rng.choice([3, 8, 16, 20, 40, 53, 200, 1000])) + 1
        x = float(turns * mp.pi / 2)
        yield (rng.choice([math.nextafter(x, 0), x, math.nextafter(x, math.inf), -x]),)


def powers(rng: Random) -> Points:
    """Any base, and an exponent that keeps the power in range or takes it just beyond."""
    while True:
        x = rng.choice([next(positive(rng))[0], rng.uniform(0.5, 2), next(near(1.0)(rng))[0]])
        if x not in (0.0, 1.0):
            yield x, rng.uniform(-746, 711) / math.log(x)


def small_powers(rng: Random) -> Points:
    while True:
        yield (
            rng.uniform(0, 10),
            rng.choice([rng.uniform(-10, 10), float(rng.randint(-9, 9)), rng.randint(-9, 9) / 2]),
        )


def points_of_plane(rng: Random) -> Points:
    while True:
        (y,), (x,) = next(anything(rng)), next(anything(rng))
        ratio = rng.uniform(-2, 2) * 2.0 ** rng.randint(-60, 60)
        yield rng.choice([(y, x), (rng.uniform(-1, 1), rng.uniform(-1, 1)), (y, y * ratio)])


def bases(rng: Random) -> Points:
    while True:
        (x,), (b,) = next(positive(rng)), rng.choice([next(positive(rng)), next(near(1.0)(rng))])
        if b not in (0.0, 1.0):
            yield x, b


def power(x: float, y: float) -> mpf:
    return mp.power(mpf(x), mpf(y))


def logarithm_of(x: mpf) -> mpf:
    return mp.log(mpf(x))


ROUND = (anything, quarter_turns, uniform(-1, 1), uniform(-10, 10), uniform(-(2.0**17), 2.0**17))

# The bounds are the largest errors seen on tens of millions of arguments, rounded up; the least possible is 0.5.
ROWS = [
    Row(
        "exp", mp.exp, (anything, uniform(-746, 710), uniform(-1, 1), uniform(-746, -708), near(709.78)), 0.8
    ),
    Row("ln", logarithm_of, (positive, subnormal, near(1.0), uniform(0.5, 4)), 0.84),
    Row("pow", power, (powers, small_powers), 0.84),
    Row("sin", mp.sin, ROUND, 0.82),
    Row("cos", mp.cos, ROUND, 0.82),
    Row("tan", mp.tan, ROUND, 0.95),
    Row("asin", mp.asin, (uniform(-1, 1), subnormal, inside(1.0), inside(2.0**-30)), 0.8),
    Row("acos", mp.acos, (uniform(-1, 1), subnormal, inside(1.0), inside(-1.0)), 0.85),
    Row("atan", mp.atan, (anything, uniform(-1, 1), uniform(-10, 10), near(1.0)), 0.75),
    Row("atan2", mp.atan2, (points_of_plane,), 0.75),
    Row("sinh", mp.sinh, (anything, uniform(-3, 3), uniform(-711, 711), subnormal), 0.9),
    Row("cosh", mp.cosh, (anything, uniform(-3, 3), uniform(-711, 711)), 0.9),
    Row("tanh", mp.tanh, (anything, uniform(-3, 3), uniform(-25, 25), subnormal), 0.7),
    Row("log10", mp.log10, (positive, subnormal, near(1.0), uniform(0, 10)), 0.51),
    Row("log_base", lambda x, b: mp.log(mpf(x)) / mp.log(mpf(b)), (bases,), 0.51),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_function_is_within_one_ulp_of_the_true_value(row: Row, scale: Callable[[int, int], int]) -> None:
    rng = random.Random(row.name)
    count = scale(250, 12_500)
    worst = max(
        (error_in_ulps(evaluate(row.name, *point), row.exact(*map(mpf, point))), point)
        for points in row.points
        for point in islice(points(rng), count)
    )
    assert row.bound <= 1
    assert worst[0] <= row.bound, f"{row.name}{worst[1]} is off by {worst[0]} ulps"


# Doubles that come very close to a multiple of pi/2; the first comes closest of all.
CLOSEST_TO_QUARTER_TURNS = [
    6381956970095103 * 2.0**797,
    5.319372648326541e255,
    float.fromhex("0x1.921fb54442d18p+1"),
    float.fromhex("0x1.6ac5b262ca1ffp+849"),
    float.fromhex("0x1.f9cbe7f9ba67ap+1"),
]


@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
@pytest.mark.parametrize("x", [*CLOSEST_TO_QUARTER_TURNS, 1e22, 1e300, 2.0**1023, 65535.99999999999, 65536.0])
def test_hard_arguments_of_trigonometric_functions_are_reduced_accurately(name: str, x: float) -> None:
    for argument in (x, -x):
        # Half an ulp is the least possible; the rest is the polynomials'.
        assert error_in_ulps(evaluate(name, argument), getattr(mp, name)(mpf(argument))) < 0.95


LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324
BORDERS: list[tuple[str, Callable[..., mpf], Point]] = [
    ("exp", mp.exp, (709.782712893384,)),
    ("exp", mp.exp, (709.7827128933841,)),
    ("exp", mp.exp, (-708.3964185322641,)),
    ("exp", mp.exp, (-745.1332191019411,)),
    ("exp", mp.exp, (-745.1332191019412,)),
    ("sinh", mp.sinh, (-710.4758600739439,)),
    ("sinh", mp.sinh, (710.475860073944,)),
    ("cosh", mp.cosh, (-710.4758600739439,)),
    ("cosh", mp.cosh, (-710.475860073944,)),
    ("ln", logarithm_of, (LARGEST,)),
    ("ln", logarithm_of, (SMALLEST,)),
    ("log10", mp.log10, (SMALLEST,)),
    ("pow", power, (2.0, 1023.9999999999999)),
    ("pow", power, (2.0, 1024.0)),
    ("pow", power, (2.0, -1074.9999999999998)),
    ("pow", power, (2.0, -1075.0)),
    ("pow", power, (LARGEST, 1.0000000000000002)),
    ("pow", power, (LARGEST, 0.9999999999999999)),
    ("pow", power, (SMALLEST, 1.0000000000000002)),
    ("pow", power, (SMALLEST, -0.9)),
    ("pow", power, (1.0000000000000002, 3.1e18)),
    ("pow", power, (0.9999999999999999, 6.7e18)),
    ("atan2", mp.atan2, (SMALLEST, LARGEST)),
    ("atan2", mp.atan2, (2.0**-450, 2.0**550)),
    ("atan2", mp.atan2, (3 * SMALLEST, 4 * SMALLEST)),
    ("atan2", mp.atan2, (LARGEST, -LARGEST / 3)),
]


@pytest.mark.parametrize(("name", "exact", "point"), BORDERS)
def test_the_borders_of_overflow_and_underflow_are_where_they_should_be(
    name: str, exact: Callable[..., mpf], point: Point
) -> None:
    assert error_in_ulps(evaluate(name, *point), exact(*map(mpf, point))) <= 0.84


@pytest.mark.parametrize("low", [0.0, 0.5, 1.5, 2.5, 8.5, 100.0])
def test_the_logarithm_of_gamma_has_fifteen_digits_above_zero(
    low: float, scale: Callable[[int, int], int]
) -> None:
    rng = random.Random(low)
    for _ in range(scale(200, 10_000)):
        x = low + rng.random() * rng.choice([1.0, 1e-9, low])
        exact = mp.loggamma(mpf(x)) if x > 0 else mpf(0)
        # A few roundings of a sum; measured: 9.5e-16.
        assert x == 0 or abs(mpf(evaluate("gamma_ln", x)) - exact) <= 1.5e-15 * abs(exact), x


def test_the_logarithm_of_gamma_keeps_its_absolute_error_below_zero(scale: Callable[[int, int], int]) -> None:
    rng = random.Random(0)
    for _ in range(scale(200, 10_000)):
        x = -rng.uniform(0, 40) * rng.choice([1.0, 1e-3, 1e-300])
        exact = mp.log(abs(mp.gamma(mpf(x))))
        # Between two poles it passes through zero, where the terms of the reflection cancel; measured: 1e-15.
        assert abs(mpf(evaluate("gamma_ln", x)) - exact) <= 3e-15 * max(1, abs(exact)), x
