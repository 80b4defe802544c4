"""Distributions of inputs, held against scipy's, and what is refused."""

import math

import pytest
from scipy import stats

from penstock.ensemble.distributions import VENSIM, read
from penstock.ensemble.kinds import ROWS
from penstock.errors import PenstockError


def lognormal(mean: float, sd: float) -> object:
    variance = math.log(1 + (sd / mean) ** 2)
    return stats.lognorm(math.sqrt(variance), scale=math.exp(math.log(mean) - variance / 2))


SCIPY = {
    "uniform(2, 5)": stats.uniform(2, 3),
    "normal(50, 10)": stats.norm(50, 10),
    "normal(50, 10, low=40, high=55)": stats.truncnorm(-1, 0.5, 50, 10),
    "normal(0, 1, low=4)": stats.truncnorm(4, math.inf),
    "lognormal(3, 1)": lognormal(3, 1),
    "triangular(1, 2, 6)": stats.triang(0.2, 1, 5),
    "triangular(1, 1, 6)": stats.triang(0, 1, 5),
    "pert(1, 2, 6)": stats.beta(1.8, 4.2, 1, 5),
    "pert(1, 2, 6, weight=2)": stats.beta(1.4, 2.6, 1, 5),
    "beta(2, 5)": stats.beta(2, 5),
    "beta(0.5, 0.5)": stats.beta(0.5, 0.5),
    "exponential(3)": stats.expon(0, 3),
    "gamma(2.5, 2)": stats.gamma(2.5, scale=2),
    "gamma(0.3)": stats.gamma(0.3),
    "weibull(1.5, scale=2)": stats.weibull_min(1.5, scale=2),
    "poisson(4)": stats.poisson(4),
    "poisson(300)": stats.poisson(300),
    "binomial(12, 0.3)": stats.binom(12, 0.3),
    "binomial(500, 0.99)": stats.binom(500, 0.99),
    "RANDOM_UNIFORM(2, 5)": stats.uniform(2, 3),
    "RANDOM_NORMAL(40, 55, 50, 10)": stats.truncnorm(-1, 0.5, 50, 10),
    "RANDOM_NORMAL(40, 55, 50, 10, 123)": stats.truncnorm(-1, 0.5, 50, 10),
    "RANDOM TRIANGULAR(0, 10, 1, 2, 6)": stats.triang(0.2, 1, 5),
    "RANDOM_EXPONENTIAL(0, 1000, 1, 2)": stats.expon(1, 2),
    "RANDOM_EXPONENTIAL(1, 3, 1, 2)": stats.truncexpon(1, 1, 2),
    "RANDOM_GAMMA(0, 1000, 3, 1, 2)": stats.gamma(3, 1, 2),
    "RANDOM_BETA(0, 100, 2, 5, 1, 2)": stats.beta(2, 5, 1, 2),
    "RANDOM_WEIBULL(0, 1000, 2, 0, 3)": stats.weibull_min(2, scale=3 / math.gamma(1.5)),
    "RANDOM_POISSON(0, 1000, 4, 0, 1)": stats.poisson(4),
    "RANDOM_BINOMIAL(0, 1000, 0.3, 12, 0, 1)": stats.binom(12, 0.3),
}


@pytest.mark.parametrize("text", SCIPY)
def test_quantiles_are_those_of_scipy(text: str) -> None:
    """To 1e-12: both are good to some 1e-14, and tails magnify that."""
    ours, theirs = read(text), SCIPY[text]
    for number in range(25):
        share = (number + 0.37) / 25
        assert ours.quantile(share) == pytest.approx(float(theirs.ppf(share)), rel=1e-12), share  # type: ignore[attr-defined]


def test_bounds_of_whole_numbers_are_kept_however_rare_they_are() -> None:
    row = read("binomial(500, 0.99, low=480, high=490)")
    drawn = {row.quantile((number + 0.5) / 4000) for number in range(4000)}
    assert {490.0, 489.0, 485.0} < drawn <= set(map(float, range(480, 491)))


def test_every_row_is_compared() -> None:
    written = " ".join(SCIPY)
    assert all(f"{name}(" in written for name in ROWS if name != "discrete")
    assert all(f"RANDOM_{name.upper()}(" in written.replace("RANDOM ", "RANDOM_") for name in VENSIM)


def test_a_discrete_input_takes_its_values_as_often_as_they_weigh() -> None:
    row = read("discrete(1, 1, 5, 2, 9, 1)")
    drawn = [row.quantile((number + 0.5) / 400) for number in range(400)]
    assert {value: drawn.count(value) for value in drawn} == {1.0: 100, 5.0: 200, 9.0: 100}


@pytest.mark.parametrize("text", ["poisson(4, low=2, high=5)", "binomial(12, 0.3, low=2, high=5)"])
def test_whole_numbers_within_bounds_have_the_shares_that_they_have_among_these(text: str) -> None:
    counted = stats.poisson(4) if text.startswith("poisson") else stats.binom(12, 0.3)
    weights = {k: counted.pmf(k) for k in range(2, 6)}
    row, n = read(text), 4000
    drawn = [row.quantile((number + 0.5) / n) for number in range(n)]
    for k, weight in weights.items():
        assert drawn.count(k) == pytest.approx(n * weight / sum(weights.values()), abs=1.5)
    assert set(drawn) == {2.0, 3.0, 4.0, 5.0}


@pytest.mark.parametrize("text", [text for text in SCIPY if not text.startswith("RANDOM ")])
def test_extreme_shares_give_finite_numbers(text: str) -> None:
    row = read(text)
    values = [row.quantile(share) for share in (2.0**-54, 1e-9, 1 - 1e-9, 1 - 2.0**-53)]
    assert all(map(math.isfinite, values))
    assert values == sorted(values)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("normal(0)", "sd is missing"),
        ("normal(0, -1)", "do not fit together"),
        ("normal(0, 1, 2)", "has 3 values"),
        ("normal(0, sd=1, mean=2)", "mean"),
        ("normal(0, sigma=1)", "sd is missing"),
        ("normal(0, 1, low=90)", "leave nothing"),
        ("normal(0, 1, low=2, high=1)", "leave nothing"),
        ("uniform(0, 1, low=0)", "not known"),
        ("uniform(0, x)", "no number"),
        ("uniform(0, inf)", "not finite"),
        ("uniform 0 1", "not written"),
        ("gauss(0, 1)", "not known"),
        ("RANDOM_NORMAL(0, 1)", "has 2 values"),
        ("RANDOM_PINK_NOISE(0, 1, 2, 3)", "not supported"),
        ("discrete(1, 2, 3)", "do not fit together"),
        ("binomial(2.5, 0.5)", "do not fit together"),
        ("", "not written"),
    ],
)
def test_what_cannot_be_drawn_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PenstockError) as caught:
        read(text, "tau")
    (item,) = caught.value.diagnostics
    assert item.code == "PEN531"
    assert reason in item.message
    assert item.advice
