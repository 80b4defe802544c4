"""Points in the open unit cube, a coordinate for each uncertain input: random, Latin hypercube, Sobol.

The same numbers from the same seed wherever Python runs: they come from the Mersenne Twister's `random()` and
`getrandbits()`, which Python keeps as they are from version to version.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from random import Random

from ..errors import error
from . import sobol

Points = array  # of doubles, point by point


def _open(x: float) -> float:
    """Into the open interval: a quantile of 0 may be infinite."""
    return x if x > 0.0 else 2.0**-54


def _random(seed: int, count: int, dimensions: int) -> Points[float]:
    draw = Random(seed).random
    return array("d", (_open(draw()) for _ in range(count * dimensions)))


def _latin(seed: int, count: int, dimensions: int) -> Points[float]:
    """Each of `count` equal slices of every coordinate holds one point."""
    random = Random(seed)
    points = array("d", bytes(8 * count * dimensions))
    for dimension in range(dimensions):
        slices = list(range(count))
        for last in range(count - 1, 0, -1):  # Fisher and Yates; `shuffle` may change between versions
            other = int(random.random() * (last + 1))
            slices[last], slices[other] = slices[other], slices[last]
        for number, slice_ in enumerate(slices):
            points[number * dimensions + dimension] = _open((slice_ + random.random()) / count)
    return points


def _sobol(seed: int, count: int, dimensions: int) -> Points[float]:
    """Sobol's sequence, shifted at random bit by bit, in the middle of its finest cells."""
    if dimensions > sobol.MOST:
        reason = f"Sobol's sequence has up to {sobol.MOST} dimensions here, and {dimensions} are needed"
        raise error("PEN532", reason=reason, advice="Use Latin hypercube sampling.")
    random = Random(seed)
    shift = tuple(random.getrandbits(sobol.BITS) for _ in range(dimensions))
    half = 2.0 ** -(sobol.BITS + 1)
    return array("d", (x + half for point in sobol.points(dimensions, count, shift) for x in point))


SAMPLERS: Mapping[str, Callable[[int, int, int], Points[float]]] = {
    "latin": _latin,
    "random": _random,
    "sobol": _sobol,
}
"""By name: `count` × `dimensions` coordinates from a seed."""
