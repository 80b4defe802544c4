"""Random functions: the generator against its published vectors, draws against their definition and distributions."""

import math
from collections.abc import Callable
from hashlib import blake2b
from time import perf_counter

import numpy as np
import pytest
from scipy import stats

from engine.covers import covers
from functions.models_in_text import compiled, mdl, run
from penstock.compiler import compile_text
from penstock.run import Simulation, simulate

SIGNIFICANCE = 1e-3
"""Of every test of a distribution. Draws are seeded, so that a test that passes once passes always."""


def philox(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """Philox-4x32-10 as the paper defines it, written on its own."""
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return tuple(c)


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_the_reference_yields_the_vectors_that_its_authors_published(
    counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...]
) -> None:
    assert philox(counter, key) == words


def digest(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def expected(call: str, elements: tuple[str, ...], seed: int, own: int, steps: int) -> list[float]:
    stream = digest(call)
    for element in elements:
        stream = ((stream ^ digest(element)) * 0x9E3779B97F4A7C15) % 2**64
    halves = stream % 2**32, stream >> 32
    return [philox((step, 0, *halves), (own, seed))[0] / 2**32 for step in range(steps)]


def test_a_uniform_draw_is_the_first_word_for_seed_stream_and_step() -> None:
    model = (
        "model M\ntime 0 to 5 by 0.5 {day}\naux Noise = random uniform(0, 1) + 0 * random uniform(0, 1, 9)\n"
    )
    assert run(model, "Noise")["Noise"] == expected("noise 1", (), 1, 0, 11)
    assert run(model, "Noise", seed=42)["Noise"] == expected("noise 1", (), 42, 0, 11)
    other = model.replace("random uniform(0, 1) + 0 *", "0 * random uniform(0, 1) +")
    assert run(other, "Noise")["Noise"] == expected("noise 2", (), 1, 9, 11)


def test_every_element_of_an_array_has_a_stream_of_its_own_wherever_its_equation_stands() -> None:
    together = mdl("Dim: A, B, C\nx[Dim] = RANDOM UNIFORM(0, 1, 0)")
    apart = mdl(
        "Dim: A, B, C\nx[B] = RANDOM UNIFORM(0, 1, 0)\nx[C] = RANDOM UNIFORM(0, 1, 0)\nx[A] = RANDOM UNIFORM(0, 1, 0)"
    )
    for text in (together, apart):
        found = run(text, "x[A]", "x[B]", "x[C]", ending="mdl")
        for name in "ABC":
            assert found[f"x[{name}]"] == expected("x 1", (name.lower(),), 1, 0, 11)


def test_another_variable_shifts_no_draws() -> None:
    one = "model M\ntime 0 to 9 by 1\naux a = random normal(0, 1)\n"
    two = one.replace("aux a", "aux b = random normal(0, 1)\naux a")
    assert run(one, "a")["a"] == run(two, "a")["a"]
    assert run(two, "b")["b"] != run(two, "a")["a"]


def test_a_draw_holds_for_all_stages_of_a_step() -> None:
    """The integral of a draw under RK4 is the sum of the draws, as under Euler."""
    text = "model M\ntime 0 to 20 by 1 using {method}\nstock S = 0\n  in f\nflow f = random uniform(0, 1)\n"
    euler, rk4 = (run(text.replace("{method}", method), "S", "f") for method in ("euler", "rk4"))
    assert euler["f"] == rk4["f"]
    # The method's weights add up to 1 but for rounding.
    assert rk4["S"] == pytest.approx(euler["S"], rel=1e-14)


def test_noise_seed_of_a_vensim_model_is_its_seed_and_the_setting_overrides_it() -> None:
    plain = mdl("x = RANDOM UNIFORM(0, 1, 0)")
    seeded = mdl("x = RANDOM UNIFORM(0, 1, 0)\nNOISE SEED = 7")
    assert run(seeded, "x", ending="mdl")["x"] == run(plain, "x", ending="mdl", seed=7)["x"]
    assert run(seeded, "x", ending="mdl", seed=8)["x"] == run(plain, "x", ending="mdl", seed=8)["x"]


def test_a_change_of_parameters_in_mid_run_leaves_the_draws_alone() -> None:
    model = compile_text(
        "model M\ntime 0 to 20 by 1\nconst scale = 1\naux x = scale * random uniform(0, 1)\n", "m.pen"
    )
    with Simulation(model, "wasm") as simulation:
        simulation.run()
        plain = list(simulation.series("x"))
        simulation.reset()
        simulation.run_to(9.0)
        simulation.set_value("scale", 2.0)
        simulation.run_to(20.0)
        changed = list(simulation.series("x"))
    assert changed == [*plain[:10], *(2.0 * value for value in plain[10:])]


def draws(call: str, count: int = 20_000) -> np.ndarray:
    model = compiled(f"model M\ntime 1 to {count} by 1\naux x = {call}\n")
    with Simulation(model, "wasm") as simulation:
        simulation.run()
        return np.array(simulation.series("x"))


CONTINUOUS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "random 0 1()": stats.uniform(0, 1).cdf,
    "random uniform(-2, 6)": stats.uniform(-2, 8).cdf,
    "random normal(3, 2)": stats.norm(3, 2).cdf,
    "random normal(3, 2, 5, 2, 4)": stats.truncnorm(-0.5, 0.5, 3, 2).cdf,
    "bounded normal(-1, 9, 3, 2, 0)": stats.truncnorm(-2, 3, 3, 2).cdf,
    "random exponential(4)": stats.expon(0, 4).cdf,
    "bounded exponential(-100, 100, 1, 2, 0)": stats.truncexpon(49.5, 1, 2).cdf,
    "random gamma(0.3, 2)": stats.gamma(0.3, scale=2).cdf,
    "random gamma(1, 2)": stats.gamma(1, scale=2).cdf,
    "random gamma(7.5, 0.5)": stats.gamma(7.5, scale=0.5).cdf,
    "bounded gamma(0, 1e9, 3, 1, 2, 0)": stats.gamma(3, loc=1, scale=2).cdf,
    "bounded gamma(0, 1e9, 0.25, 1, 2, 0)": stats.gamma(1, loc=1, scale=2).cdf,
    "bounded beta(0, 1e9, 2, 3, 1, 4, 0)": stats.beta(2, 3, loc=1, scale=4).cdf,
    "bounded triangular(0, 9, 1, 2, 5, 0)": stats.triang(0.25, 1, 4).cdf,
    "random beta(0.5, 0.5)": stats.beta(0.5, 0.5).cdf,
    "random beta(2, 5)": stats.beta(2, 5).cdf,
    "random triangular(1, 2, 5)": stats.triang(0.25, 1, 4).cdf,
    "random weibull(1.5, 3)": stats.weibull_min(1.5, scale=3).cdf,
    "bounded weibull(0, 1000, 1.5, 0, 1, 0)": stats.weibull_min(1.5, scale=1 / math.gamma(1 + 1 / 1.5)).cdf,
    "random logistic(2, 3)": stats.logistic(2, 3).cdf,
    "random lognormal(100, 50)": stats.lognorm(math.sqrt(math.log(1.25)), scale=100 / math.sqrt(1.25)).cdf,
}


@covers("random_uniform", "random_normal", "random_exponential", "random_gamma", "random_beta", "random_0_1")
@covers("random_triangular", "random_weibull", "random_logistic", "random_lognormal", "bounded_triangular")
@covers("bounded_normal", "bounded_exponential", "bounded_weibull", "bounded_gamma", "bounded_beta")
@pytest.mark.parametrize("call", CONTINUOUS)
def test_continuous_draws_follow_their_distribution(call: str) -> None:
    assert stats.kstest(draws(call), CONTINUOUS[call]).pvalue > SIGNIFICANCE


DISCRETE = {
    "random poisson(0.5)": stats.poisson(0.5),
    "random poisson(12)": stats.poisson(12),
    "random poisson(90)": stats.poisson(90),
    "bounded poisson(0, 1e9, 4, 0, 1, 0)": stats.poisson(4),
    "random binomial(10, 0.3)": stats.binom(10, 0.3),
    "random binomial(300, 0.9)": stats.binom(300, 0.9),
    "bounded binomial(0, 1000, 0.25, 60, 0, 1, 0)": stats.binom(60, 0.25),
    "bounded negative binomial(0, 1e9, 0.3, 5, 0, 1, 0)": stats.nbinom(5, 0.3, loc=5),
    "montecarlo(20)": stats.bernoulli(0.2),
}


@covers("random_poisson", "random_binomial", "montecarlo")
@covers("bounded_poisson", "bounded_binomial", "bounded_negative_binomial")
@pytest.mark.parametrize("call", DISCRETE)
def test_discrete_draws_follow_their_distribution(call: str) -> None:
    """Counts of values by a chi-squared test; values of which fewer than 20 are expected are taken together."""
    values, law = draws(call), DISCRETE[call]
    assert np.all(values == np.floor(values))
    low, high = law.ppf(20 / len(values)), law.ppf(1 - 20 / len(values))
    edges = np.arange(low, high + 1)
    found = [np.sum(values <= low), *(np.sum(values == k) for k in edges[1:-1]), np.sum(values >= high)]
    share = [law.cdf(low), *(law.pmf(k) for k in edges[1:-1]), law.sf(high - 1)]
    if len(edges) == 1:
        found, share = [np.sum(values == k) for k in (0, 1)], [law.pmf(0), law.pmf(1)]
    assert stats.chisquare(found, np.array(share) * len(values)).pvalue > SIGNIFICANCE


def test_successive_draws_and_draws_of_neighbours_are_not_correlated() -> None:
    """Correlations of n pairs of independent draws are normal with deviation 1/sqrt(n); 3.3 of it is 0.1%."""
    x, y = draws("random normal(0, 1)"), draws("random normal(0, 1, 1)")
    bound = stats.norm.isf(SIGNIFICANCE / 2) / math.sqrt(len(x))
    assert abs(np.corrcoef(x[1:], x[:-1])[0, 1]) < bound
    assert abs(np.corrcoef(x, y)[0, 1]) < bound


@covers("pink_noise")
def test_pink_noise_has_its_deviation_and_its_correlation_whatever_dt_is() -> None:
    for dt in (1.0, 0.25):
        model = compiled(f"model M\ntime 0 to 40000 by {dt}\naux x = pink noise(10, 2, 4)\n")
        with Simulation(model, "wasm") as simulation:
            simulation.run()
            x = np.array(simulation.series("x"))
        # About 40000 / 8 independent values: 5% is more than three deviations of their mean's and spread's errors.
        assert abs(x.mean() - 10) < 0.1
        assert x.std() == pytest.approx(2, rel=0.05)
        assert np.corrcoef(x[1:], x[:-1])[0, 1] == pytest.approx(1 - dt / 4, abs=0.02)


@pytest.mark.parametrize(
    "call",
    [
        "random poisson(-1)",
        "random binomial(5, 2)",
        "random gamma(-1, 1)",
        "random weibull(0, 1)",
        "random triangular(2, 1, 3)",
        "bounded normal(50, 60, 0, 1, 0)",
    ],
)
def test_parameters_without_a_meaning_and_bounds_out_of_reach_give_nan(call: str) -> None:
    text = f"model M\ntime 0 to 1 by 1\naux x = {call}\n"
    assert all(math.isnan(value) for value in run(text, "x")["x"])


@pytest.mark.parametrize("engine", ["wasm", "vm"])
@pytest.mark.parametrize(
    "call",
    [
        "random_poisson(1e300)",
        "random_poisson(1e12, 0, -2, -1)",
        "random_binomial(1e12, 0.5, 0, 2e12, 3e12)",
        "bounded_negative_binomial(0, 0.5, 0.5, 1e12, 0, 1, 0)",
        "bounded_normal(2, 1, 0, 1, 0)",
        "bounded_normal(8, 9, 0, 1, 0)",
        "bounded_normal(0 / 0, 1, 0, 1, 0)",
        "bounded_beta(2, 3, 0.5, 0.5, 0, 1, 0)",
        "bounded_triangular(5, 6, 1, 2, 3, 0)",
        "bounded_gamma(-2, -1, 3, 0, 1, 0)",
        "bounded_gamma(1, 2, 3, 0, 0, 0)",
    ],
)
def test_a_draw_that_cannot_meet_its_bounds_is_nan_without_trying_for_long(call, engine):
    # A thousand attempts at the cheapest of these would take the VM over ten seconds for so many steps.
    compiled = compile_text(f"time 0 to 60 by 1\naux a = {call}\n", "m.pen")
    began = perf_counter()
    values = list(simulate(compiled, engine=engine).series("a"))
    assert perf_counter() - began < 5
    assert len(values) == 61
    assert all(value != value for value in values)
