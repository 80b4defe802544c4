"""Calibration: known parameters found again, errors as theory has them, with scipy and without."""

import csv
import io
import math
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy
import pytest
from scipy import stats

import penstock
from engine.models import compiled
from penstock.cli import main
from penstock.ensemble import fitting
from penstock.ensemble.fitting import Fit, FitSpec, Parameter, fit
from penstock.ensemble.simplex import least
from penstock.errors import PenstockError

TEA = """\
time 0 to 30 by 0.125
stock Tea = 180
  out loss
flow loss = (Tea - room) / tau
const room = 60
const tau = 4
"""
LINE = "time 0 to 10 by 1\naux y = a + b * time\nconst a = 0\nconst b = 0\n"
BOUNDS = {"room": Parameter(20, 120), "tau": Parameter(1, 40)}
TIMES = list(range(0, 31, 2))

each_method = pytest.mark.parametrize("method", ["simplex", "least_squares"])


def tea(time: float, room: float, tau: float) -> float:
    level = 180.0
    for _ in range(int(time / 0.125)):
        level = level - 0.125 * (level - room) / tau
    return level


def measured(noise: float, seed: int = 1) -> list[float]:
    random = Random(seed)
    return [tea(time, 70, 10) + random.gauss(0, noise) for time in TIMES]


def fitted(values: list[float], method: str, **options: object) -> Fit:
    return fit(compiled(TEA), FitSpec(BOUNDS, {"Tea": (TIMES, values)}, method=method, **options))  # type: ignore[arg-type]


# --- the search


def rosenbrock(point: tuple[float, ...]) -> float:
    x, y = (4 * u - 2 for u in point)
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def test_the_simplex_finds_the_end_of_rosenbrocks_valley() -> None:
    found = least(rosenbrock, (0.2, 0.8))
    assert found.converged
    assert found.at == pytest.approx((0.75, 0.75), abs=1e-6)


def test_the_simplex_stays_within_bounds_and_ends_on_one() -> None:
    found = least(lambda point: point[0] + (point[1] - 0.3) ** 2, (0.9, 0.9))
    assert found.at == pytest.approx((0.0, 0.3), abs=1e-6)


# --- fits


@each_method
def test_parameters_are_found_again_where_there_is_no_noise(method: str) -> None:
    found = fitted(measured(0), method)
    assert found.values == pytest.approx({"room": 70, "tau": 10}, rel=1e-6)
    assert not found.at_bound


def test_noise_moves_them_by_their_standard_errors(scale: Callable[[int, int], int]) -> None:
    """Deviations over standard errors have mean 0, within 4 of its errors, and deviation 1."""
    scores = []
    for seed in range(scale(12, 100)):
        found = fitted(measured(0.5, seed), "least_squares")
        scores += [(found.values[name] - true) / found.sd[name] for name, true in (("room", 70), ("tau", 10))]
    assert abs(numpy.mean(scores)) < 4 / len(scores) ** 0.5
    assert 0.6 < numpy.std(scores) < 1.6


@each_method
def test_a_straight_line_is_the_one_of_linear_regression(method: str) -> None:
    random = Random(2)
    xs = list(range(11))
    ys = [3 + 2 * x + random.gauss(0, 1) for x in xs]
    bounds = {"a": Parameter(-50, 50), "b": Parameter(-50, 50)}
    found = fit(compiled(LINE), FitSpec(bounds, {"y": (xs, ys)}, method=method))
    wanted = stats.linregress(xs, ys)
    assert found.values == pytest.approx({"a": wanted.intercept, "b": wanted.slope}, rel=1e-5)
    assert found.sd == pytest.approx({"a": wanted.intercept_stderr, "b": wanted.stderr}, rel=1e-6)


def test_a_profile_of_a_line_is_the_parabola_of_theory() -> None:
    """With known deviations the objective rises by z²/2 at z standard errors; 95 % are ±1.96 of them."""
    xs = list(range(11))
    ys = [3 + 2 * x + (0.3 if x % 2 else -0.3) for x in xs]
    bounds = {"a": Parameter(-50, 50), "b": Parameter(-50, 50)}
    spec = FitSpec(bounds, {"y": (xs, ys)}, likelihood="normal", sd={"y": 0.5})
    found = fit(compiled(LINE), spec)
    profile = found.profile("b", points=41)
    for value, objective in zip(profile.values, profile.objectives, strict=True):
        z = (value - found.values["b"]) / found.sd["b"]
        assert objective - found.objective == pytest.approx(z * z / 2, abs=1e-5)
    low, high = profile.interval
    # Between two points the parabola is taken for a line: off by less than a hundredth of a standard error.
    assert low == pytest.approx(found.values["b"] - 1.96 * found.sd["b"], abs=0.01 * found.sd["b"])
    assert high == pytest.approx(found.values["b"] + 1.96 * found.sd["b"], abs=0.01 * found.sd["b"])


def test_counts_are_fitted_by_their_likelihood() -> None:
    """The best constant for Poisson counts is their mean, and its standard error √(mean / n)."""
    counts = [3.0, 5.0, 4.0, 8.0, 2.0, 4.0, 6.0, 3.0, 5.0, 5.0, 6.0]
    spec = FitSpec(
        {"a": Parameter(0.1, 50, start=1, log=True)}, {"y": (range(11), counts)}, likelihood="poisson"
    )
    found = fit(compiled(LINE), spec)
    mean = sum(counts) / 11
    assert found.method == "simplex"
    assert found.values["a"] == pytest.approx(mean, rel=1e-6)
    assert found.sd["a"] == pytest.approx(math.sqrt(mean / 11), rel=1e-6)


def test_what_the_data_do_not_tell_has_no_error() -> None:
    text = LINE.replace("a + b * time", "a + b + time")
    bounds = {"a": Parameter(-5, 5), "b": Parameter(-5, 5)}
    found = fit(compiled(text), FitSpec(bounds, {"y": ([0, 1, 2, 3], [1, 2, 3, 4.5])}, method="simplex"))
    assert found.sd["a"] != found.sd["a"]


def test_a_parameter_that_ends_on_a_bound_is_named() -> None:
    bounds = {"room": Parameter(20, 60), "tau": Parameter(1, 40)}
    found = fit(compiled(TEA), FitSpec(bounds, {"Tea": (TIMES, measured(0))}))
    assert found.at_bound == ("room",)


def test_more_starts_find_the_deeper_valley() -> None:
    text = "time 0 to 3 by 1\naux y = (a ^ 2 - 1) ^ 2 + 0.1 * a\nconst a = 1\n"
    spec = FitSpec({"a": Parameter(-2, 2)}, {"y": ([0, 1, 2], [-0.12, -0.12, -0.12])}, method="simplex")
    assert fit(compiled(text), spec).values["a"] > 0
    more = FitSpec(spec.parameters, spec.data, method="simplex", starts=8)
    assert fit(compiled(text), more).values["a"] < 0


def test_without_scipy_the_simplex_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "scipy_or_none", lambda: None)
    assert fitted(measured(0), "auto").method == "simplex"
    with pytest.raises(PenstockError, match="scipy"):
        fitted(measured(0), "least_squares")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"parameters": {"rom": Parameter(0, 1)}}, "rom"),
        ({"parameters": {}}, "needs parameters"),
        ({"parameters": {"tau": Parameter(5, 1)}}, "bounds"),
        ({"parameters": {"tau": Parameter(0, 1, log=True)}}, "bounds"),
        ({"parameters": {"tau": Parameter(1, 2, start=3)}}, "bounds"),
        ({"data": {"Coffee": ([0, 1, 2], [1, 2, 3])}}, "Coffee"),
        ({"data": {"Tea": ([0, 1], [1, 2])}}, "do not determine"),
        ({"data": {"Tea": ([1, 0, 2], [1, 2, 3])}}, "no series"),
        ({"data": {"Tea": ([0, 1, 2], [1, math.nan, 3])}}, "no number"),
        ({"data": {"Tea": ([-9, 1, 2], [1, 2, 3])}}, "times"),
        ({"data": {"Tea": ([1, 2, 40], [1, 2, 3])}}, "times"),
        ({"likelihood": "poisson", "data": {"Tea": ([0, 1, 2], [1.5, 2, 3])}}, "counts"),
        ({"likelihood": "cauchy"}, "cauchy"),
        ({"sd": {"Tea": 0.0}}, "deviation"),
    ],
)
def test_what_cannot_be_fitted_is_refused(change: dict[str, object], part: str) -> None:
    content = {"parameters": BOUNDS, "data": {"Tea": (TIMES, measured(0))}} | change
    with pytest.raises(PenstockError, match=part) as caught:
        fit(compiled(TEA), FitSpec(**content))  # type: ignore[arg-type]
    assert caught.value.diagnostics[0].advice


def test_the_command_and_python_fit_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tea.pen").write_text(TEA)
    rows = [f"{t},{value!r}" for t, value in zip(TIMES, measured(0.5), strict=True)]
    (tmp_path / "tea.csv").write_text("\n".join(["time,Tea", *rows, ""]))
    (tmp_path / "fit.toml").write_text(
        'model = "tea.pen"\ndata = ["tea.csv"]\nprofile = ["tau"]\n'
        "[parameters.room]\nlow = 20\nhigh = 120\n[parameters.tau]\nlow = 1\nhigh = 40\n"
    )
    assert main(["calibrate", str(tmp_path / "fit.toml")]) == 0
    told = capsys.readouterr()
    found = {row["parameter"]: row for row in csv.DictReader(io.StringIO(told.out))}
    wanted = penstock.loads(TEA).fit({"room": (20, 120), "tau": (1, 40)}, {"Tea": (TIMES, measured(0.5))})
    assert {name: float(row["value"]) for name, row in found.items()} == wanted.values
    assert float(found["tau"]["low95"]) < wanted.values["tau"] < float(found["tau"]["high95"])
    assert "16 points" in told.err
