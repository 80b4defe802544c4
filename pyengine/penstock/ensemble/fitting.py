"""Calibration: values of constants with which a model comes closest to measured series, and how sure they are.

What is made least is half of -2 ln L up to a constant: for "squares" the errors' deviation is unknown and the same
for all, for "normal" it is given for each series, for "poisson" the data are counts. Model and data are compared at
the data's times; the model's value there is that of the last step which is not later.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..compiler import Compiled
from ..errors import error
from ..results import key
from ..sweep import run_lanes
from .exact import gamma_ln, ln
from .fitspec import FitSpec, Parameter, Series, place_of, series_of, unfit, value_at
from .linear import cholesky, solved
from .points import SAMPLERS
from .simplex import Found, Point, least
from .study import own_values, planned

__all__ = ["Fit", "FitSpec", "Parameter", "Profile", "Series", "fit", "series_of"]

CHI_SQUARE_95 = 3.841458820694124  # of one degree of freedom


@dataclass(frozen=True, eq=False)
class Fit:
    """The best values found, by name. `objective` is -ln L up to a constant; `sd` are standard errors from the
    curvature there, NaN where the data do not tell; `at_bound` names parameters that ended on one."""

    spec: FitSpec
    values: Mapping[str, float]
    objective: float
    sum_of_squares: float
    points: int
    sd: Mapping[str, float]
    at_bound: tuple[str, ...]
    method: str
    evaluations: int
    converged: bool
    _problem: Problem = field(repr=False)

    def profile(self, name: str, points: int = 15, width: float = 4.0) -> Profile:
        """The least objective by a parameter's value, the others fitted anew at each; `width` standard errors to
        both sides, within the bounds."""
        return _profile(self, name, points, width)


@dataclass(frozen=True, slots=True)
class Profile:
    """`interval` holds the values that the data do not contradict at 95 %, by the likelihood's ratio; an end is the
    bound where the data do not limit it."""

    name: str
    values: tuple[float, ...]
    objectives: tuple[float, ...]
    interval: tuple[float, float]


def fit(compiled: Compiled, spec: FitSpec) -> Fit:
    """The fit of a model. "auto" takes scipy's least squares where it is installed and fits, else a simplex; from
    `starts` places, the model's own and a Latin hypercube's. Raises `PenstockError`."""
    problem = Problem(compiled, spec)
    best: Found | None = None
    count = 0
    for start in problem.starts():
        found = problem.search(start)
        count += found.evaluations
        if best is None or found.value < best.value:
            best = found
    assert best is not None
    if not math.isfinite(best.value):
        raise unfit("the model", "no run within the bounds can be compared", "Narrow the bounds.")
    values = dict(zip(problem.names, problem.values(best.at), strict=True))
    residuals = problem.residuals([list(values.values())])[0]
    bound = tuple(n for n, x in zip(problem.names, best.at, strict=True) if x < 1e-6 or x > 1 - 1e-6)
    return Fit(
        spec,
        values,
        best.value,
        math.fsum(r * r for r in residuals),
        problem.points,
        problem.standard_errors(list(values.values())),
        bound,
        problem.method,
        count,
        best.converged,
        problem,
    )


class Problem:
    """The objective over the unit cube, its places between the bounds."""

    def __init__(self, compiled: Compiled, spec: FitSpec) -> None:
        self.compiled, self.spec = compiled, spec
        self.names = tuple(spec.parameters)
        self.times = sorted({time for times, _ in spec.data.values() for time in times})
        plan = planned(
            compiled, self.names, tuple(spec.data), self.times, spec.values, spec.settings, spec.engine
        )
        by_key = {key(name): place for place, name in enumerate(plan.outputs)}
        self.outputs = plan.outputs
        self._own = self._starting_values()
        self.targets: list[tuple[int, float, float]] = []  # place among a run's values, value, deviation
        for name, (times, values) in spec.data.items():
            if key(name) not in by_key:
                raise unfit(name, "it is an array", "Name its elements, as in stock[a].")
            sd = spec.sd.get(name, 1.0)
            for time, value in zip(times, values, strict=True):
                place = self.times.index(time) * len(self.outputs) + by_key[key(name)]
                self.targets.append((place, value, sd))
        self.points = len(self.targets)
        if self.points <= len(self.names) and spec.likelihood == "squares":
            reason = f"{self.points} points do not determine {len(self.names)} parameters"
            raise unfit("the model", reason, "Give more data, or fit fewer parameters.")
        self.method = self._method()

    def _starting_values(self) -> dict[str, float]:
        rows = [name for name, row in self.spec.parameters.items() if row.start is None]
        return dict(zip(rows, own_values(self.compiled, self.spec, rows), strict=True))

    def _method(self) -> str:
        wanted, squares = self.spec.method, self.spec.likelihood != "poisson"
        if wanted == "least_squares" and not squares:
            raise unfit("the model", "least squares fit no counts", 'Use method = "simplex".')
        if wanted == "auto":
            return "least_squares" if squares and scipy_or_none() is not None else "simplex"
        if wanted == "least_squares" and scipy_or_none() is None:
            raise error("PEN518", name="scipy", reason="least_squares needs it")
        return wanted

    # --- places and values

    def values(self, point: Point) -> list[float]:
        return [value_at(row, x) for row, x in zip(self.spec.parameters.values(), point, strict=True)]

    def starts(self) -> Iterable[Point]:
        own = tuple(
            place_of(row, self._own[name] if row.start is None else row.start)
            for name, row in self.spec.parameters.items()
        )
        yield own
        if self.spec.starts > 1:
            width = len(own)
            drawn = SAMPLERS["latin"](self.spec.seed, self.spec.starts - 1, width)
            for at in range(0, len(drawn), width):
                yield tuple(drawn[at : at + width])

    # --- the objective

    def series(self, rows: Sequence[Sequence[float]]) -> list[array[float]]:
        """The outputs of a run for each row of values, times × outputs."""
        sweep = run_lanes(
            self.compiled,
            self.names,
            rows,
            self.outputs,
            self.times,
            fixed=self.spec.values,
            specs=self.spec.settings,
            engine=self.spec.engine,
        )
        width = len(self.times) * len(self.outputs)
        return [sweep.values[at : at + width] for at in range(0, len(rows) * width, width)]

    def residuals(self, rows: Sequence[Sequence[float]]) -> list[list[float]]:
        """Data minus model over the deviation, for each row; infinite where the model has no number."""
        return [
            [
                (value - run[place]) / sd if math.isfinite(run[place]) else math.inf
                for place, value, sd in self.targets
            ]
            for run in self.series(rows)
        ]

    def objective(self, point: Point) -> float:
        (run,) = self.series([self.values(point)])
        if self.spec.likelihood == "poisson":
            return math.fsum(_poisson(run[place], value) for place, value, _ in self.targets)
        terms = [(value - run[place]) / sd for place, value, sd in self.targets]
        if not all(map(math.isfinite, terms)):
            return math.inf
        return self.of_squares(math.fsum(term * term for term in terms))

    def of_squares(self, squares: float) -> float:
        """With an unknown deviation, its best value put in."""
        if self.spec.likelihood == "normal":
            return 0.5 * squares
        return 0.5 * self.points * ln(max(squares, 1e-300) / self.points)

    def search(self, start: Point, fixed: Mapping[int, float] | None = None) -> Found:
        """The least objective from a start; coordinates in `fixed` stay."""
        fixed = fixed or {}
        free = [place for place in range(len(start)) if place not in fixed]

        def whole(part: Sequence[float]) -> Point:
            point = list(start)
            for place, x in fixed.items():
                point[place] = x
            for place, x in zip(free, part, strict=True):
                point[place] = x
            return tuple(point)

        if not free:
            return Found(whole(()), self.objective(whole(())), 1, True)
        part = [start[place] for place in free]
        search = self._by_scipy if self.method == "least_squares" else self._by_simplex
        found = search(whole, part)
        return Found(whole(found.at), found.value, found.evaluations, found.converged)

    def _by_simplex(self, whole: Callable[[Sequence[float]], Point], start: Sequence[float]) -> Found:
        return least(lambda part: self.objective(whole(part)), start, most=self.spec.most)

    def _by_scipy(self, whole: Callable[[Sequence[float]], Point], start: Sequence[float]) -> Found:
        """scipy's trust region within bounds; a Jacobian is one batch of runs."""
        optimize = scipy_or_none()
        count = 0

        def residuals(part: Any) -> list[float]:
            nonlocal count
            count += 1
            (found,) = self.residuals([self.values(whole(list(map(float, part))))])
            return [r if math.isfinite(r) else 1e100 for r in found]

        def jacobian(part: Any) -> list[list[float]]:
            nonlocal count
            here = list(map(float, part))
            steps = [1e-6 if x < 0.5 else -1e-6 for x in here]
            points = [here, *([*here[:i], x + steps[i], *here[i + 1 :]] for i, x in enumerate(here))]
            count += len(points)
            base, *moved = self.residuals([self.values(whole(point)) for point in points])
            return [
                [
                    (run[row] - base[row]) / step if math.isfinite(run[row] - base[row]) else 0.0
                    for run, step in zip(moved, steps, strict=True)
                ]
                for row in range(len(base))
            ]

        inside = [min(max(x, 1e-9), 1 - 1e-9) for x in start]
        done = optimize.least_squares(
            residuals,
            inside,
            jacobian,
            bounds=(0.0, 1.0),
            xtol=1e-12,
            ftol=1e-12,
            gtol=1e-12,
            max_nfev=self.spec.most,
        )
        at = tuple(float(x) for x in done.x)
        return Found(at, self.objective(whole(at)), count, bool(done.status > 0))

    # --- how sure

    def standard_errors(self, values: list[float]) -> dict[str, float]:
        """From the Jacobian of the residuals, by central differences; with the deviation that the fit leaves where
        none is known."""
        steps = [max(abs(value), 1e-8) * 1e-5 for value in values]
        rows = [
            [
                value + sign * step * (i == j)
                for j, (value, step) in enumerate(zip(values, steps, strict=True))
            ]
            for i in range(len(values))
            for sign in (1.0, -1.0)
        ]
        runs = self.series([values, *rows])
        scale = 1.0
        if self.spec.likelihood == "squares":
            squares = math.fsum(((value - runs[0][place]) / sd) ** 2 for place, value, sd in self.targets)
            scale = squares / (self.points - len(values))
        columns = []
        for i, step in enumerate(steps):
            up, down = runs[1 + 2 * i], runs[2 + 2 * i]
            columns.append(
                [(up[p] - down[p]) / (2 * step) / self._spread(runs[0][p], sd) for p, _, sd in self.targets]
            )
        return dict(zip(self.names, _errors(columns, scale), strict=True))

    def _spread(self, model: float, sd: float) -> float:
        """A count's deviation is the root of its mean."""
        return math.sqrt(max(model, 1e-300)) if self.spec.likelihood == "poisson" else sd


def _errors(columns: list[list[float]], scale: float) -> list[float]:
    """Roots of the diagonal of scale × (JᵀJ)⁻¹, NaN where it cannot be told; J is scaled to columns of length 1."""
    norms = [math.sqrt(math.fsum(x * x for x in column)) for column in columns]
    unknown = [math.nan] * len(columns)
    if not all(math.isfinite(norm) and norm > 0 for norm in norms):
        return unknown
    unit = [[x / norm for x in column] for column, norm in zip(columns, norms, strict=True)]
    lower = cholesky([[math.fsum(x * y for x, y in zip(a, b, strict=True)) for a in unit] for b in unit])
    if lower is None:
        return unknown
    errors = []
    for i, norm in enumerate(norms):
        row = solved(lower, [float(i == j) for j in range(len(norms))])
        errors.append(math.sqrt(scale * math.fsum(x * x for x in row)) / norm)
    return errors


def _profile(fitted: Fit, name: str, points: int, width: float) -> Profile:
    problem = fitted._problem
    places = [place for place, known in enumerate(problem.names) if key(known) == key(name)]
    if not places:
        raise error("PEN201", name=name, advice=f"Fitted are {', '.join(problem.names)}.")
    (place,), row = places, problem.spec.parameters[problem.names[places[0]]]
    best, sd = fitted.values[problem.names[place]], fitted.sd[problem.names[place]]
    reach = width * sd if math.isfinite(sd) and sd > 0 else row.high - row.low
    low, high = max(row.low, best - reach), min(row.high, best + reach)
    grid = sorted({best, *(low + (high - low) * i / (points - 1) for i in range(points))})
    start = tuple(place_of(r, fitted.values[n]) for n, r in problem.spec.parameters.items())
    middle, found = grid.index(best), {best: fitted.objective}
    for side in (range(middle - 1, -1, -1), range(middle + 1, len(grid))):
        at = start
        for index in side:  # each from where its neighbour ended
            result = problem.search(at, {place: place_of(row, grid[index])})
            found[grid[index]], at = result.value, result.at
    least_ = min(found.values())
    limit = least_ + CHI_SQUARE_95 / 2
    ends = tuple(_crossing(grid, found, middle, step, limit) for step in (-1, 1))
    return Profile(problem.names[place], tuple(grid), tuple(found[x] for x in grid), (ends[0], ends[1]))


def _crossing(grid: list[float], found: Mapping[float, float], start: int, step: int, limit: float) -> float:
    """Where the profile goes through the limit on one side, in a line between two points."""
    index = start
    while 0 <= index + step < len(grid):
        a, b = grid[index], grid[index + step]
        if found[b] > limit:
            share = (limit - found[a]) / (found[b] - found[a]) if math.isfinite(found[b]) else 0.0
            return a + (b - a) * min(max(share, 0.0), 1.0)
        index += step
    return grid[index]


def _poisson(mean: float, count: float) -> float:
    if not math.isfinite(mean) or mean < 0 or (mean == 0 and count > 0):
        return math.inf
    return mean - (count * ln(mean) if count else 0.0) + gamma_ln(count + 1.0)


def scipy_or_none() -> Any:
    """scipy.optimize where it is installed."""
    try:
        from scipy import optimize
    except ImportError:
        return None
    return optimize
