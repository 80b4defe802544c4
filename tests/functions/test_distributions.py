"""The normal distribution against mpmath; draws from a lookup's area against its own distribution."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy import stats

from engine.covers import covers
from functions.models_in_text import aux, mdl, run, xmile
from library.evaluate import evaluate
from penstock.library import normal  # noqa: F401  enters its functions

ROOT = mp.sqrt(2)


def quantile(share: float) -> mpf:
    if share > 1e-3:
        return ROOT * mp.erfinv(2 * mpf(share) - 1)
    start = -mp.sqrt(-2 * mp.log(mpf(share)))
    return mp.findroot(lambda x: mp.log(mp.erfc(-x / ROOT) / 2 / mpf(share)), start)


def test_the_inverse_is_that_of_mpmath_from_end_to_end(scale: Callable[[int, int], int]) -> None:
    rng = random.Random(3)
    for _ in range(scale(60, 3_000)):
        share = rng.choice([rng.random(), 10 ** -rng.uniform(1, 300), 1 - 10 ** -rng.uniform(1, 15)])
        found = evaluate("normal_inverse", share)
        # The algorithm's own bound is 1e-16; the rest are roundings. Measured: 5e-16.
        assert abs(mpf(found) / quantile(share) - 1) < 1e-15, share


def test_the_share_between_is_accurate_to_the_nearer_tail(scale: Callable[[int, int], int]) -> None:
    rng = random.Random(4)
    for _ in range(scale(60, 3_000)):
        left = rng.choice([rng.gauss(0, 1), rng.uniform(-36, 36)])
        right = left + rng.choice([1e-3, 1.0, 10.0]) * rng.random()
        a, b = (-right, -left) if left + right > 0 else (left, right)
        exact = (mp.erfc(-mpf(b) / ROOT) - mp.erfc(-mpf(a) / ROOT)) / 2
        # exp(-x²) turns a rounding of x² into up to 1e-13 far out.
        assert abs(evaluate("normal_between", left, right) - exact) < 3e-13 * mp.erfc(-mpf(b) / ROOT), left


def test_stella_may_leave_mean_and_deviation_out() -> None:
    text = xmile(
        aux("p", "NORMALCDF(-1 - TIME, 1 + TIME)")
        + aux("q", "NORMALCDF(70, 130 + TIME, 100, 15)")
        + aux("x", "INVNORM(0.01 + TIME/11)")
        + aux("y", "INVNORM(0.01 + TIME/11, 100, 15)")
    )
    found = run(text, "time", "p", "q", "x", "y", ending="xmile")
    for k, time in enumerate(found["time"]):
        assert found["p"][k] == pytest.approx(stats.norm.cdf(1 + time) - stats.norm.cdf(-1 - time), rel=1e-14)
        iq = stats.norm(100, 15)
        assert found["q"][k] == pytest.approx(iq.cdf(130 + time) - iq.cdf(70), rel=1e-14)
        assert found["x"][k] == pytest.approx(stats.norm.ppf(0.01 + time / 11), abs=1e-14)
        assert found["y"][k] == pytest.approx(iq.ppf(0.01 + time / 11), rel=1e-14)


DENSITY = "L((0,0),(1,3),(1,1),(2,1),(4,0))"
X, Y = (0, 1, 1, 2, 4), (0, 3, 1, 1, 0)


def share_below(x: float) -> float:
    """Of the area under the density, by the trapezoids up to x."""
    total = 0.0
    for x0, x1, y0, y1 in zip(X, X[1:], Y, Y[1:], strict=False):
        width = min(max(x - x0, 0.0), x1 - x0)
        total += width * (y0 + (y1 - y0) / (x1 - x0) * width / 2) if x1 > x0 else 0.0
    return total / 3.5


@covers("random_lookup")
@pytest.mark.parametrize(
    ("low", "high", "shift", "stretch"), [(-9, 9, 0, 1), (0, 30, -2, 10), (-5, 1, 1, -2)]
)
def test_draws_from_a_lookup_are_distributed_as_its_area_within_the_bounds(low, high, shift, stretch) -> None:
    text = mdl(f"{DENSITY}\nr = RANDOM LOOKUP(L, {low}, {high}, {shift}, {stretch}, 0)", stop=3000)
    drawn = np.array(run(text, "r", ending="mdl", seed=7)["r"])
    assert drawn.min() >= low
    assert drawn.max() <= high
    ends = sorted(share_below((bound - shift) / stretch) for bound in (low, high))
    inner = [share_below((value - shift) / stretch) for value in drawn]
    assert stats.kstest((np.array(inner) - ends[0]) / (ends[1] - ends[0]), "uniform").pvalue > 1e-3


def test_a_draw_where_there_is_no_area_is_not_a_number() -> None:
    found = run(mdl(f"{DENSITY}\nr = RANDOM LOOKUP(L, 5, 9, 0, 1, 0)"), "r", ending="mdl")["r"]
    assert all(value != value for value in found)
