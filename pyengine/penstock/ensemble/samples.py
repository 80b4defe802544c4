"""From a study's description to the values of its inputs in every run.

Correlations are made by Iman and Conover's method (Commun. Statist. B11 (1982) 311–334): values of an input are put
into the order of scores that have the rank correlations asked for, so every input keeps its very values, and a Latin
hypercube stays one.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from random import Random

from .exact import normal_quantile
from .linear import cholesky, solved
from .points import SAMPLERS
from .spec import Spec, unfit

Columns = list[list[float]]


def samples(spec: Spec) -> array[float]:
    """Values run by run, `runs` × inputs, inputs in the order of the description."""
    names = list(spec.inputs)
    points = SAMPLERS[spec.sampling](spec.seed, spec.runs, len(names))
    columns = [
        [row.quantile(u) for u in points[place :: len(names)]]
        for place, row in enumerate(spec.inputs.values())
    ]
    if spec.correlations:
        columns = _correlated(spec, names, columns)
    return array("d", (column[run] for run in range(spec.runs) for column in columns))


def _correlated(spec: Spec, names: list[str], columns: Columns) -> Columns:
    """Each column in the order of its scores."""
    if spec.runs <= 2 * len(names):
        raise unfit(f"{spec.runs} runs are too few to correlate {len(names)} inputs", "Ask for more runs.")
    wanted = [[float(a == b) for a in names] for b in names]
    for row in spec.correlations:
        i, j = names.index(row.a), names.index(row.b)
        wanted[i][j] = wanted[j][i] = row.rank
    target = cholesky(wanted)
    if target is None:
        raise unfit(
            "no inputs can be correlated like this", "Make the correlations smaller, or leave some out."
        )
    scores = _scores(spec, len(names))
    found = cholesky(_correlations(scores))
    assert found is not None
    mixed = [_combined(target, solved(found, list(row))) for row in zip(*scores, strict=True)]
    return [
        _in_order_of([row[place] for row in mixed], sorted(column)) for place, column in enumerate(columns)
    ]


def _scores(spec: Spec, count: int) -> Columns:
    """Van der Waerden scores, in an order of its own for each input."""
    random = Random(f"{spec.seed} scores")
    base = [normal_quantile(rank / (spec.runs + 1)) for rank in range(1, spec.runs + 1)]
    columns = []
    for _ in range(count):
        keys = [random.random() for _ in base]
        columns.append(_in_order_of(keys, base))
    return columns


def _in_order_of(keys: Sequence[float], ascending: Sequence[float]) -> list[float]:
    """The values, ascending, put where the keys of the same rank stand."""
    placed = [0.0] * len(keys)
    for value, place in zip(ascending, sorted(range(len(keys)), key=keys.__getitem__), strict=True):
        placed[place] = value
    return placed


def _correlations(columns: Columns) -> Columns:
    """Of columns whose mean is zero."""
    sums = [[math.fsum(x * y for x, y in zip(a, b, strict=True)) for a in columns] for b in columns]
    return [
        [sums[i][j] / math.sqrt(sums[i][i] * sums[j][j]) for j in range(len(columns))]
        for i in range(len(columns))
    ]


def _combined(lower: Columns, vector: list[float]) -> list[float]:
    return [math.fsum(row[k] * vector[k] for k in range(i + 1)) for i, row in enumerate(lower)]
