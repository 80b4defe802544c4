"""Sensitivity and screening against closed forms."""

import math

import pytest

from engine.models import compiled
from ensemble.models import GROWTH, ISHIGAMI, spec
from penstock.ensemble.measure import Measure
from penstock.ensemble.screening import screen_policies
from penstock.ensemble.sensitivity import local_sensitivity, sobol_indices
from penstock.errors import PenstockError

ANGLE = "uniform(-3.141592653589793, 3.141592653589793)"
ANGLES = {"a": ANGLE, "b": ANGLE, "c": ANGLE}


def ishigami() -> dict[str, tuple[float, float]]:
    """First-order and total indices of sin a + 7 sin² b + 0.1 c⁴ sin a (Ishigami and Homma 1990)."""
    p, q = 7.0, 0.1
    by_a = 0.5 * (1 + q * math.pi**4 / 5) ** 2
    by_b = p * p / 8
    together = q * q * math.pi**8 * 8 / 225
    whole = by_a + by_b + together
    return {
        "a": (by_a / whole, (by_a + together) / whole),
        "b": (by_b / whole, by_b / whole),
        "c": (0.0, together / whole),
    }


def test_sobols_indices_of_ishigamis_function() -> None:
    """To 0.03 with 512 points: the estimators' error for this function."""
    found = sobol_indices(compiled(ISHIGAMI), spec(inputs=ANGLES, outputs=["y"], runs=512, sampling="sobol"))
    assert found.runs == 512 * 5
    first, total = found.at_end("y", "first"), found.at_end("y", "total")
    for name, wanted in ishigami().items():
        assert first[name] == pytest.approx(wanted[0], abs=0.03)
        assert total[name] == pytest.approx(wanted[1], abs=0.03)


def test_indices_do_not_depend_on_chunks() -> None:
    found = [
        sobol_indices(compiled(ISHIGAMI), spec(inputs=ANGLES, outputs=["y"], runs=32, chunk=chunk)).indices
        for chunk in (7, 64)
    ]
    assert found[0] == found[1]


def test_correlated_inputs_have_no_indices() -> None:
    pairs = [{"between": ["a", "b"], "rank": 0.5}]
    with pytest.raises(PenstockError, match="correlated"):
        sobol_indices(compiled(ISHIGAMI), spec(inputs=ANGLES, outputs=["y"], correlations=pairs))


def test_elasticities_are_those_of_the_formula() -> None:
    """level = start (1 + rate/2)^n, so they are 1 and n (rate/2) / (1 + rate/2); to 1e-4, a hundredth squared."""
    inputs = {"rate": "uniform(0, 1)", "start": "uniform(0, 1)"}
    found = local_sensitivity(compiled(GROWTH), spec(inputs=inputs, outputs=["level"]))
    end = found.at_end("level")
    assert end["start"] == pytest.approx(1.0, rel=1e-9)
    assert end["rate"] == pytest.approx(16 * 0.05 / 1.05, rel=1e-4)
    assert found.at_end("level", "slope")["start"] == pytest.approx(1.05**16, rel=1e-9)
    assert found.runs == 5


RACE = "time 0 to 10 by 1\nstock s = 0\n  net gain - noise\nconst gain = 1\nconst noise = 1\n"
POLICIES = {"low": {"gain": 1.0}, "mid": {"gain": 1.1}, "high": {"gain": 1.2}}


def race(**content: object) -> tuple[object, ...]:
    return compiled(RACE), spec(
        inputs={"noise": "normal(1, 0.3)"}, outputs=["s"], runs=200, chunk=20, **content
    )


@pytest.mark.parametrize(("better", "best"), [("high", "high"), ("low", "low")])
def test_clear_losers_are_dropped_after_the_first_round(better: str, best: str) -> None:
    """All meet the same noise, so differences are exact however noisy each policy is."""
    model, study = race()
    found = screen_policies(model, study, POLICIES, Measure("s"), better=better)  # type: ignore[arg-type]
    assert found.best == best
    assert [row.runs for row in found.standings] == [200, 20, 20]
    assert [row.dropped for row in found.standings] == [False, True, True]
    assert found.runs == 240
    gaps = [a - b for a, b in zip(found.measures["high"], found.measures["low"], strict=False)]
    assert gaps == pytest.approx([2.0] * len(gaps))


def test_what_cannot_be_told_apart_stays() -> None:
    model, study = race()
    twins = {"one": {"gain": 1.0}, "two": {"gain": 1.0}}
    found = screen_policies(model, study, twins, Measure("s", "mean"))  # type: ignore[arg-type]
    assert not any(row.dropped for row in found.standings)
    assert found.runs == 400


def test_one_policy_is_no_comparison() -> None:
    model, study = race()
    with pytest.raises(PenstockError, match="fewer than two"):
        screen_policies(model, study, {"one": {"gain": 1.0}}, Measure("s"))  # type: ignore[arg-type]
