"""Points and values of inputs: evenness, seeds, correlations; the same in every Python."""

import math
from array import array

import numpy
import pytest
from scipy.stats import qmc, spearmanr

from ensemble.models import spec
from penstock.ensemble import sobol
from penstock.ensemble.points import SAMPLERS
from penstock.ensemble.samples import samples
from penstock.errors import PenstockError


def table(points: array, width: int) -> numpy.ndarray:  # type: ignore[type-arg]
    return numpy.array(points).reshape(-1, width)


def test_sobols_points_are_scipys_in_all_dimensions() -> None:
    theirs = qmc.Sobol(sobol.MOST, scramble=False, bits=sobol.BITS).random(512)
    ours = numpy.array(list(sobol.points(sobol.MOST, 512)))
    assert (ours == theirs).all()


@pytest.mark.parametrize("sampling", SAMPLERS)
def test_points_lie_in_the_open_cube_and_follow_from_the_seed(sampling: str) -> None:
    make = SAMPLERS[sampling]
    points = make(3, 100, 4)
    assert len(points) == 400
    assert all(0.0 < x < 1.0 for x in points)
    assert points == make(3, 100, 4)
    assert points != make(4, 100, 4)


def test_known_numbers_stay_known() -> None:
    """Of the Mersenne Twister as Python has had it since 2.3: what Random(5).random() gives."""
    assert SAMPLERS["random"](5, 1, 2).tolist() == [0.6229016948897019, 0.7417869892607294]


def test_every_slice_of_a_latin_hypercube_holds_one_point() -> None:
    points = table(SAMPLERS["latin"](1, 64, 5), 5)
    for column in points.T:
        assert sorted((column * 64).astype(int)) == list(range(64))


@pytest.mark.parametrize(("sampling", "better"), [("latin", "random"), ("sobol", "latin")])
def test_points_are_more_even_the_more_care_is_taken(sampling: str, better: str) -> None:
    def unevenness(name: str) -> float:
        found = [qmc.discrepancy(table(SAMPLERS[name](seed, 256, 3), 3)) for seed in range(5)]
        return float(numpy.mean(found))

    assert unevenness(sampling) < unevenness(better)


@pytest.mark.parametrize("sampling", SAMPLERS)
def test_inputs_have_the_rank_correlations_asked_for_and_keep_their_values(sampling: str) -> None:
    """To 0.03: the scores have them exactly, and ranks differ from scores by some hundredths."""
    inputs = {"a": "uniform(0, 1)", "b": "normal(3, 1)", "c": "lognormal(2, 1)"}
    pairs = [{"between": ["a", "b"], "rank": 0.7}, {"between": ["b", "c"], "rank": -0.4}]
    free = spec(inputs=inputs, runs=400, sampling=sampling)
    tied = spec(inputs=inputs, runs=400, sampling=sampling, correlations=pairs)
    before, after = (table(samples(row), 3) for row in (free, tied))
    assert (numpy.sort(before, axis=0) == numpy.sort(after, axis=0)).all()
    found = spearmanr(after).statistic
    assert found[0, 1] == pytest.approx(0.7, abs=0.03)
    assert found[1, 2] == pytest.approx(-0.4, abs=0.03)
    assert found[0, 2] == pytest.approx(0.0, abs=0.03)


def test_correlations_that_cannot_be_are_refused() -> None:
    inputs = dict.fromkeys("abc", "uniform(0, 1)")
    pairs = [
        {"between": ["a", "b"], "rank": 0.9},
        {"between": ["b", "c"], "rank": 0.9},
        {"between": ["a", "c"], "rank": -0.9},
    ]
    with pytest.raises(PenstockError, match="correlated like this"):
        samples(spec(inputs=inputs, runs=100, correlations=pairs))


def test_more_dimensions_than_there_are_numbers_for_are_refused() -> None:
    with pytest.raises(PenstockError, match="129 are needed"):
        SAMPLERS["sobol"](1, 2, 129)


def test_values_do_not_depend_on_the_platforms_own_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a platform's C library computes differs in last bits; none of it may be asked."""
    inputs = {
        "a": "normal(0, 1)",
        "b": "lognormal(2, 1)",
        "c": "gamma(2, 1)",
        "d": "beta(2, 3)",
        "e": "weibull(2)",
        "f": "poisson(3)",
    }
    wanted = samples(spec(inputs=inputs, runs=20))
    for name in ("exp", "log", "log1p", "expm1", "pow", "sin", "cos", "erf", "erfc", "lgamma", "gamma"):
        monkeypatch.delattr(math, name)
    assert samples(spec(inputs=inputs, runs=20)) == wanted
