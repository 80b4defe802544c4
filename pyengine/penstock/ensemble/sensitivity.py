"""What outputs depend on: elasticities at a point, and Sobol's indices over the inputs' distributions.

Sums are taken exactly (`math.fsum`), so results do not depend on who computed what.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import pairwise
from time import monotonic
from typing import Any

from ..compiler import Compiled
from .points import SAMPLERS
from .spec import Spec, unfit
from .study import Listener, Plan, Progress, evaluated, executor_for, own_values, planned


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """`indices` holds, by the names in `kinds`, a value for every input, output and time: ``[input][output][time]``."""

    kinds: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    times: tuple[float, ...]
    indices: Mapping[str, Sequence[Sequence[Sequence[float]]]]
    runs: int
    failures: Mapping[int, str]

    def rows(self) -> list[dict[str, Any]]:
        """A row for each output, time and input."""
        return [
            {"output": output, "time": time, "input": name}
            | {kind: self.indices[kind][i][o][t] for kind in self.kinds}
            for o, output in enumerate(self.outputs)
            for t, time in enumerate(self.times)
            for i, name in enumerate(self.inputs)
        ]

    def at_end(self, output: str, kind: str | None = None) -> dict[str, float]:
        """By input, for the last time."""
        place = self.outputs.index(output)
        found = self.indices[kind or self.kinds[0]]
        return {name: found[i][place][-1] for i, name in enumerate(self.inputs)}


def local_sensitivity(
    compiled: Compiled,
    spec: Spec,
    *,
    step: float = 0.01,
    executor: Executor | None = None,
    progress: Listener | None = None,
) -> Sensitivity:
    """Elasticities, the percentage by which an output changes for one percent of an input, and slopes, at the model's
    own values and those that the study gives: by central differences of `step` of the value, or `step` where that is 0.

    Distributions do not matter here. An elasticity is NaN where the output is 0.
    """
    if not 0 < step < 1:
        raise unfit(f"the step is {step}", "Give a share of the value, such as 0.01.")
    names = list(spec.inputs)
    plan = _plan(compiled, spec, spec.times)
    middle = own_values(compiled, spec, names)
    widths = [abs(value) * step or step for value in middle]
    rows = array("d", middle)
    for place, width in enumerate(widths):
        for sign in (1.0, -1.0):
            rows.extend(value + sign * width * (i == place) for i, value in enumerate(middle))
    values, failures = _evaluated(plan, spec, rows, executor, progress)
    base, *moved = _by_run(values, plan.cells)
    slopes: list[list[float]] = []
    elasticities: list[list[float]] = []
    for place, width in enumerate(widths):
        up, down = moved[2 * place], moved[2 * place + 1]
        slope = [(a - b) / (2.0 * width) for a, b in zip(up, down, strict=True)]
        slopes.append(slope)
        elasticities.append(
            [s * middle[place] / y if y else math.nan for s, y in zip(slope, base, strict=True)]
        )
    indices = {"elasticity": elasticities, "slope": slopes}
    return _sensitivity(plan, indices, len(rows) // len(names), failures)


def sobol_indices(
    compiled: Compiled, spec: Spec, *, executor: Executor | None = None, progress: Listener | None = None
) -> Sensitivity:
    """First-order and total indices: the share of an output's variance that an input explains alone, and with others.

    `runs` × (inputs + 2) runs by Saltelli's scheme, with the estimators that Saltelli et al. (Comput. Phys. Commun.
    181 (2010) 259–270) recommend: theirs for the first order, Jansen's for the total. At the last time unless the
    study has times. NaN where the output does not vary.
    """
    if spec.correlations:
        raise unfit("variance cannot be split among correlated inputs", "Leave the correlations out.")
    names, n = list(spec.inputs), spec.runs
    plan = _plan(compiled, spec, spec.times or _last(compiled, spec))
    width = len(names)
    points = SAMPLERS[spec.sampling](spec.seed, n, 2 * width)
    draws = list(spec.inputs.values())
    a = [[draws[i].quantile(points[run * 2 * width + i]) for i in range(width)] for run in range(n)]
    b = [[draws[i].quantile(points[run * 2 * width + width + i]) for i in range(width)] for run in range(n)]
    rows = array("d")
    for block in (a, b, *(_with_column(a, b, i) for i in range(width))):
        for row in block:
            rows.extend(row)
    values, failures = _evaluated(plan, spec, rows, executor, progress)
    runs = _by_run(values, plan.cells)
    first: list[list[float]] = []
    total: list[list[float]] = []
    for i in range(width):
        pairs = [_indices([run[cell] for run in runs], n, (i + 2) * n) for cell in range(plan.cells)]
        first.append([pair[0] for pair in pairs])
        total.append([pair[1] for pair in pairs])
    return _sensitivity(plan, {"first": first, "total": total}, len(runs), failures)


def _with_column(a: list[list[float]], b: list[list[float]], column: int) -> list[list[float]]:
    return [[*x[:column], y[column], *x[column + 1 :]] for x, y in zip(a, b, strict=True)]


def _indices(values: Sequence[float], n: int, mixed_at: int) -> tuple[float, float]:
    """First-order and total index of an input from the runs of A, B and A with that column of B."""
    rows = zip(values[:n], values[n : 2 * n], values[mixed_at : mixed_at + n], strict=True)
    fine = [row for row in rows if all(map(math.isfinite, row))]
    if len(fine) < 2:
        return math.nan, math.nan
    count = len(fine)
    mean = math.fsum(x for a, b, _ in fine for x in (a, b)) / (2 * count)
    variance = math.fsum((x - mean) ** 2 for a, b, _ in fine for x in (a, b)) / (2 * count - 1)
    if not variance > 0.0:
        return math.nan, math.nan
    first = math.fsum((b - mean) * (ab - a) for a, b, ab in fine) / count / variance
    total = math.fsum((a - ab) ** 2 for a, _, ab in fine) / (2 * count) / variance
    return first, total


def _plan(compiled: Compiled, spec: Spec, times: Sequence[float] | None) -> Plan:
    return planned(compiled, list(spec.inputs), spec.outputs, times, spec.values, spec.settings, spec.engine)


def _last(compiled: Compiled, spec: Spec) -> tuple[float]:
    """The last time that a run saves."""
    return (_plan(compiled, replace(spec, times=None), None).times[-1],)


def _evaluated(
    plan: Plan, spec: Spec, rows: array[float], executor: Executor | None, progress: Listener | None
) -> tuple[array[float], dict[int, str]]:
    runs, began = len(rows) // len(plan.names), monotonic()

    def listen(done: int) -> None:
        if progress is not None:
            progress(Progress(done, runs, 0, monotonic() - began))

    with executor_for(executor, runs * plan.run_seconds) as chosen:
        return evaluated(plan, spec.digest(plan.compiled.model_hash), rows, spec.chunk, chosen, listen)


def _by_run(values: array[float], cells: int) -> list[array[float]]:
    return [values[a:b] for a, b in pairwise(range(0, len(values) + 1, cells))]


def _sensitivity(
    plan: Plan, indices: Mapping[str, list[list[float]]], runs: int, failures: Mapping[int, str]
) -> Sensitivity:
    """Cells, outputs fastest, by output and time."""
    width = len(plan.outputs)
    placed = {
        kind: [[row[output::width] for output in range(width)] for row in rows]
        for kind, rows in indices.items()
    }
    return Sensitivity(tuple(indices), plan.names, plan.outputs, plan.times, placed, runs, failures)
