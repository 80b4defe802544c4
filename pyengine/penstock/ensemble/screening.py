"""Policies compared under the same uncertainty, in rounds; those that are clearly worse are dropped early.

Every policy meets the same draws of the uncertain inputs, so differences between policies are far less noisy than
policies themselves. After each round a policy is dropped when the confidence interval of its difference to the
leader, draw by draw, leaves no doubt. Rounds are the study's chunks, so the outcome is the same everywhere.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from time import monotonic

from ..compiler import Compiled
from .exact import normal_quantile
from .measure import Measure
from .samples import samples
from .spec import Spec, unfit
from .study import Listener, Plan, Progress, evaluated, executor_for, own_values, planned


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a policy: `runs` were made before it was `dropped`, or the study ended."""

    policy: str
    runs: int
    mean: float
    sd: float
    dropped: bool
    failed: int


@dataclass(frozen=True, eq=False)
class Screening:
    """Policies from the best to the worst: those that stayed, then those dropped, the last dropped first."""

    standings: tuple[Standing, ...]
    measures: Mapping[str, array[float]]  # by policy, a number for every run
    runs: int  # that were made in all

    @property
    def best(self) -> str:
        return self.standings[0].policy


def screen_policies(
    compiled: Compiled,
    spec: Spec,
    policies: Mapping[str, Mapping[str, float]],
    measure: Measure,
    *,
    better: str = "high",
    confidence: float = 0.99,
    executor: Executor | None = None,
    progress: Listener | None = None,
) -> Screening:
    """Rank policies, each values of constants by name, by the mean of a measure over the study's draws.

    What a policy leaves out stays as it is in the model. `runs` of the study are those that a policy that stays
    gets; the chunk's size is a round's. Raises PEN532.
    """
    if len(policies) < 2:
        raise unfit("there are fewer than two policies", "Name at least two to compare.")
    if better not in ("high", "low") or not 0.5 < confidence < 1:
        raise unfit("better is high or low, and confidence a share below 1", "As in confidence = 0.99.")
    levers = list(dict.fromkeys(name for values in policies.values() for name in values))
    plan = planned(
        compiled, [*levers, *spec.inputs], spec.outputs, spec.times, spec.values, spec.settings, spec.engine
    )
    own = dict(zip(levers, own_values(compiled, spec, levers), strict=True))
    settled = {name: [values.get(lever, own[lever]) for lever in levers] for name, values in policies.items()}
    draws, width = samples(spec), len(spec.inputs)
    found: dict[str, array[float]] = {name: array("d") for name in policies}
    dropped: list[str] = []
    z = normal_quantile(confidence)
    began, total = monotonic(), len(policies) * spec.runs
    with executor_for(executor, total * plan.run_seconds) as chosen:
        for first in range(0, spec.runs, spec.chunk):
            alive = [name for name in policies if name not in dropped]
            last = min(first + spec.chunk, spec.runs)
            rows = array("d")
            for name in alive:
                for run in range(first, last):
                    rows.extend(settled[name])
                    rows.extend(draws[run * width : (run + 1) * width])
            job = spec.digest(compiled.model_hash, repr(sorted(policies.items())), str(first))
            values, _ = evaluated(plan, job, rows, spec.chunk, chosen)
            for place, name in enumerate(alive):
                found[name].extend(_measured(plan, measure, values, place * (last - first), last - first))
            sign = 1.0 if better == "high" else -1.0
            dropped += _losers({name: found[name] for name in alive}, sign, z)
            if progress is not None:
                progress(Progress(sum(map(len, found.values())), total, 0, monotonic() - began))
    return _screening(found, dropped, better)


def _measured(plan: Plan, measure: Measure, values: array[float], first: int, runs: int) -> array[float]:
    return array(
        "d",
        (
            measure.of(values[run * plan.cells : (run + 1) * plan.cells], plan.outputs, plan.times)
            for run in range(first, first + runs)
        ),
    )


def _losers(found: Mapping[str, array[float]], sign: float, z: float) -> list[str]:
    """Policies that are worse than the leader beyond doubt, the worst last."""
    means = {name: _mean_and_sd(values)[0] * sign for name, values in found.items()}
    leader = max(means, key=lambda name: -math.inf if math.isnan(means[name]) else means[name])
    losers = []
    for name, values in found.items():
        if name == leader:
            continue
        differences = array("d", (sign * (a - b) for a, b in zip(values, found[leader], strict=True)))
        mean, sd = _mean_and_sd(differences)
        count = sum(map(math.isfinite, differences))
        if count >= 8 and mean + z * sd / math.sqrt(count) < 0.0:
            losers.append(name)
    return sorted(losers, key=lambda name: -means[name])[::-1]


def _mean_and_sd(values: array[float]) -> tuple[float, float]:
    fine = [x for x in values if math.isfinite(x)]
    if not fine:
        return math.nan, math.nan
    mean = math.fsum(fine) / len(fine)
    if len(fine) < 2:
        return mean, math.nan
    return mean, math.sqrt(math.fsum((x - mean) ** 2 for x in fine) / (len(fine) - 1))


def _screening(found: Mapping[str, array[float]], dropped: list[str], better: str) -> Screening:
    def standing(name: str) -> Standing:
        mean, sd = _mean_and_sd(found[name])
        failed = sum(not math.isfinite(x) for x in found[name])
        return Standing(name, len(found[name]), mean, sd, name in dropped, failed)

    sign = 1.0 if better == "high" else -1.0
    stayed = sorted(
        (standing(name) for name in found if name not in dropped),
        key=lambda row: -math.inf if math.isnan(row.mean) else sign * row.mean,
        reverse=True,
    )
    gone = [standing(name) for name in reversed(dropped)]
    return Screening((*stayed, *gone), found, sum(map(len, found.values())))
