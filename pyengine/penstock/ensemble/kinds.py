"""Kinds of distributions, a row each: their parameters, where a share of them lies below, what must hold.

Numbers are the same to the bit wherever they are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .exact import (
    beta_below,
    exp,
    gamma_below,
    gamma_ln,
    inverse,
    ln,
    normal_below,
    normal_quantile,
    power,
)

Below = Callable[..., float]
Quantile = Callable[..., float]


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of distribution. `params` have defaults as ``name=value``; `holds` says what must be true of them.

    `quantile` is where a share lies below, `below` the share below a value; both take the parameters behind.
    `whole` where only whole numbers are drawn. Rows with a `below` can be cut to ``low`` and ``high``; `cut`, of a
    share, the two bounds and the parameters, does that where `below` is not accurate far out.
    """

    name: str
    params: tuple[str, ...]
    meaning: str
    quantile: Quantile
    below: Below | None = None
    holds: Callable[..., bool] = lambda *_: True
    needs: str = ""
    whole: bool = False
    variadic: bool = False
    cut: Quantile | None = None


def _normal_cut(u: float, low: float, high: float, mean: float, sd: float) -> float:
    """From the nearer tail, where shares are small and accurate."""
    if low > mean:
        return mean + (mean - _normal_cut(1.0 - u, mean - (high - mean), mean - (low - mean), mean, sd))
    least, most = normal_below((low - mean) / sd), normal_below((high - mean) / sd)
    return mean + sd * normal_quantile(least + (most - least) * u)


def _triangular(u: float, low: float, peak: float, high: float) -> float:
    width, left = high - low, peak - low
    if u * width < left:
        return low + math.sqrt(u * width * left)
    return high - math.sqrt((1.0 - u) * width * (high - peak))


def _triangular_below(x: float, low: float, peak: float, high: float) -> float:
    if x <= low:
        return 0.0
    if x >= high:
        return 1.0
    if x < peak:
        return (x - low) * (x - low) / ((high - low) * (peak - low))
    return 1.0 - (high - x) * (high - x) / ((high - low) * (high - peak))


def _beta(u: float, a: float, b: float) -> float:
    return inverse(lambda x: beta_below(x, a, b), u, 0.0, 1.0)


def _pert(u: float, low: float, peak: float, high: float, weight: float) -> float:
    a = 1.0 + weight * (peak - low) / (high - low)
    b = 1.0 + weight * (high - peak) / (high - low)
    return low + (high - low) * _beta(u, a, b)


def _logs(mean: float, sd: float) -> tuple[float, float]:
    """Middle and deviation of the logarithms of what has this mean and deviation."""
    ratio = sd / mean
    variance = ln(1.0 + ratio * ratio)
    return ln(mean) - 0.5 * variance, math.sqrt(variance)


def _lognormal(u: float, mean: float, sd: float) -> float:
    middle, deviation = _logs(mean, sd)
    return exp(middle + deviation * normal_quantile(u))


def _lognormal_below(x: float, mean: float, sd: float) -> float:
    if x <= 0.0:
        return 0.0
    middle, deviation = _logs(mean, sd)
    return normal_below((ln(x) - middle) / deviation)


def _discrete(u: float, *pairs: float) -> float:
    values, weights = pairs[::2], pairs[1::2]
    left = u * math.fsum(weights)
    for value, weight in zip(values, weights, strict=True):
        left -= weight
        if left < 0.0:
            return value
    return values[-1]


def _counted(start: float, next_: Callable[[int, float], float], u: float) -> float:
    """The first count whose share below or at it reaches u; shares follow each other by `next_`."""
    count, share, total = 0, start, start
    while total < u and (share > 0.0 or total < 0.5):
        count += 1
        share = next_(count, share)
        total += share
    return float(count)


def _counted_below(start: float, next_: Callable[[int, float], float], x: float) -> float:
    if x < 0.0:
        return 0.0
    shares, share = [start], start
    for count in range(1, int(min(x, 1e6)) + 1):
        share = next_(count, share)
        shares.append(share)
        if share == 0.0 and count > 1e4:
            break
    return min(1.0, math.fsum(shares))


def _poisson_terms(mean: float) -> tuple[float, Callable[[int, float], float]]:
    return exp(-mean), lambda count, share: share * mean / count


def _binomial_terms(n: float, p: float) -> tuple[float, Callable[[int, float], float]]:
    odds = p / (1.0 - p)
    return power(1.0 - p, n), lambda count, share: share * odds * (n - count + 1.0) / count


def _binomial(u: float, n: float, p: float) -> float:
    """Failures are counted where they are rarer: the first share would be too small for a number."""
    if p > 0.5:
        return n - _binomial(1.0 - u, n, 1.0 - p)
    return _counted(*_binomial_terms(n, p), u)


def _binomial_below(x: float, n: float, p: float) -> float:
    if p > 0.5:
        return 1.0 - _binomial_below(n - math.floor(x) - 1.0, n, 1.0 - p)
    return _counted_below(*_binomial_terms(n, p), min(x, n))


def weibull_scale(shape: float) -> float:
    """What a Weibull distribution is divided by to have the mean 1."""
    return exp(gamma_ln(1.0 + 1.0 / shape))


ROWS: Mapping[str, Row] = {
    row.name: row
    for row in (
        Row(
            "uniform",
            ("low", "high"),
            "anything between two bounds, equally likely",
            lambda u, low, high: low + (high - low) * u,
            holds=lambda low, high: low <= high,
            needs="low ≤ high",
        ),
        Row(
            "normal",
            ("mean", "sd"),
            "normal",
            lambda u, mean, sd: mean + sd * normal_quantile(u),
            lambda x, mean, sd: normal_below((x - mean) / sd),
            lambda mean, sd: sd > 0,
            "sd > 0",
            cut=_normal_cut,
        ),
        Row(
            "lognormal",
            ("mean", "sd"),
            "log-normal; mean and deviation are those of the values, not of their logarithms",
            _lognormal,
            _lognormal_below,
            lambda mean, sd: mean > 0 and sd > 0,
            "mean > 0, sd > 0",
        ),
        Row(
            "triangular",
            ("low", "peak", "high"),
            "rises in a line to the peak and falls in one",
            _triangular,
            _triangular_below,
            lambda low, peak, high: low <= peak <= high and low < high,
            "low ≤ peak ≤ high",
        ),
        Row(
            "pert",
            ("low", "peak", "high", "weight=4"),
            "a smooth hump over what an expert gave as least, likeliest and most",
            _pert,
            None,
            lambda low, peak, high, weight: low <= peak <= high and low < high and weight > 0,
            "low ≤ peak ≤ high, weight > 0",
        ),
        Row(
            "beta",
            ("a", "b"),
            "beta, from 0 to 1",
            _beta,
            beta_below,
            lambda a, b: 1e-3 <= a <= 1e6 and 1e-3 <= b <= 1e6,
            "a and b from 0.001 to 1e6",
        ),
        Row(
            "exponential",
            ("mean=1",),
            "exponential",
            lambda u, mean: -mean * ln(1.0 - u),
            lambda x, mean: 1.0 - exp(-x / mean) if x > 0 else 0.0,
            lambda mean: mean > 0,
            "mean > 0",
        ),
        Row(
            "gamma",
            ("shape", "scale=1"),
            "gamma; the mean is shape × scale",
            lambda u, shape, scale: scale * inverse(lambda x: gamma_below(x, shape), u, 0.0, math.inf),
            lambda x, shape, scale: gamma_below(x / scale, shape),
            lambda shape, scale: 1e-2 <= shape <= 1e4 and scale > 0,
            "shape from 0.01 to 10000, scale > 0",
        ),
        Row(
            "weibull",
            ("shape", "scale=1"),
            "Weibull",
            lambda u, shape, scale: scale * power(-ln(1.0 - u), 1.0 / shape),
            lambda x, shape, scale: 1.0 - exp(-power(x / scale, shape)) if x > 0 else 0.0,
            lambda shape, scale: shape > 0 and scale > 0,
            "shape > 0, scale > 0",
        ),
        Row(
            "poisson",
            ("mean",),
            "counts of what happens independently",
            lambda u, mean: _counted(*_poisson_terms(mean), u),
            lambda x, mean: _counted_below(*_poisson_terms(mean), x),
            lambda mean: 0 < mean <= 500,
            "mean from 0 to 500",
            whole=True,
        ),
        Row(
            "binomial",
            ("n", "p"),
            "successes in n trials of probability p",
            _binomial,
            _binomial_below,
            lambda n, p: n == int(n) and 1 <= n <= 500 and 0 < p < 1,
            "whole n from 1 to 500, 0 < p < 1",
            whole=True,
        ),
        Row(
            "discrete",
            ("value", "weight"),
            "one of several values: value, weight, value, weight, …",
            _discrete,
            holds=lambda *pairs: (
                len(pairs) % 2 == 0 and all(weight >= 0 for weight in pairs[1::2]) and sum(pairs[1::2]) > 0
            ),
            needs="pairs of a value and its weight, not all zero",
            variadic=True,
        ),
    )
}
