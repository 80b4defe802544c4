"""Nelder and Mead's search for the least value of a function within bounds: a few lines, no derivatives.

Coordinates run from 0 to 1 between the bounds; what steps over a bound is set on it. Where the simplex has closed, it
is opened once more around the best point (Kelley, SIAM J. Optim. 10 (1999) 43–55, shows why that helps).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Found:
    at: Point
    value: float
    evaluations: int
    converged: bool


def least(
    function: Callable[[Point], float],
    start: Sequence[float],
    *,
    step: float = 0.1,
    tolerance: float = 1e-9,
    most: int = 2000,
    openings: int = 4,
) -> Found:
    """The least value found from a start in the unit cube; NaN counts as infinite. Deterministic to the bit."""
    count, converged = 0, False

    def value(point: Point) -> float:
        nonlocal count
        count += 1
        found = function(point)
        return math.inf if found != found else found

    best = (value(tuple(start)), tuple(start))
    for _ in range(openings + 1):
        before = best[0]
        best, converged = _closed(value, best, step, tolerance, lambda: count < most)
        if count >= most or not best[0] < before - tolerance * abs(before):
            break
    return Found(best[1], best[0], count, converged)


def _closed(
    value: Callable[[Point], float],
    best: tuple[float, Point],
    step: float,
    tolerance: float,
    may_go_on: Callable[[], bool],
) -> tuple[tuple[float, Point], bool]:
    """The best corner of a simplex around a point, moved until it has closed."""
    _, start = best
    corners = [best]
    for i, x in enumerate(start):
        moved = _clipped([*start[:i], x + (step if x + step <= 1.0 else -step), *start[i + 1 :]])
        corners.append((value(moved), moved))
    n = len(start)
    while may_go_on():
        corners.sort(key=lambda corner: corner[0])
        width = max(
            abs(a - b) for _, corner in corners[1:] for a, b in zip(corner, corners[0][1], strict=True)
        )
        if width <= tolerance and corners[-1][0] - corners[0][0] <= tolerance * abs(corners[0][0]):
            return corners[0], True
        if width <= 1e-15:
            return corners[0], True
        middle = [math.fsum(corner[i] for _, corner in corners[:-1]) / n for i in range(n)]
        worst = corners[-1]

        def towards(
            factor: float, middle: list[float] = middle, worst: Point = worst[1]
        ) -> tuple[float, Point]:
            point = _clipped([m + factor * (m - w) for m, w in zip(middle, worst, strict=True)])
            return value(point), point

        reflected = towards(1.0)
        if reflected[0] < corners[0][0]:
            expanded = towards(2.0)
            corners[-1] = min(expanded, reflected, key=lambda corner: corner[0])
        elif reflected[0] < corners[-2][0]:
            corners[-1] = reflected
        else:
            outside = reflected[0] < worst[0]
            contracted = towards(0.5 if outside else -0.5)
            if contracted[0] < min(reflected[0], worst[0]):
                corners[-1] = contracted
            else:
                base = corners[0][1]
                shrunk = [
                    _clipped([b + 0.5 * (x - b) for b, x in zip(base, corner, strict=True)])
                    for _, corner in corners[1:]
                ]
                corners = [corners[0], *((value(point), point) for point in shrunk)]
    return min(corners, key=lambda corner: corner[0]), False


def _clipped(point: Sequence[float]) -> Point:
    return tuple(min(max(x, 0.0), 1.0) for x in point)
