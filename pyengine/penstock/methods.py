"""Integration methods as tableaux; a table checks itself on import.

A step takes y to ``y + dt*((b1*k1 + b2*k2) + …)``, added in that order; stage i evaluates the rates at
``t + c*dt`` and ``y + dt*((a1*k1 + a2*k2) + …)``. Coefficients of zero are left out, so that an infinite
rate that has no part in a stage cannot spoil it.

An adaptive method takes a step of dt in pieces: each is tried whole and in halves, and is taken, as the
halves, where the two agree to `TOLERANCE` of the stock's size; else a piece half as long is tried. Pieces
are dt over a power of two, from `PIECES` on taken as they come; after a piece that was fine, one of twice the
length follows where it fits. Time, saved rows and what advances once a step know nothing of the pieces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Method:
    """An explicit Runge-Kutta method; row i of `a` holds what stage i + 2 takes of the stages before it."""

    name: str
    order: int
    a: tuple[tuple[float, ...], ...]
    b: tuple[float, ...]
    adaptive: bool = False

    @property
    def c(self) -> tuple[float, ...]:
        """When each stage after the first is evaluated, in parts of dt."""
        return tuple(sum(row) for row in self.a)

    @property
    def stages(self) -> int:
        return len(self.b)

    def __post_init__(self) -> None:
        assert [len(row) for row in self.a] == list(range(1, self.stages)), self.name
        nodes = (0.0, *self.c)
        for power in range(self.order if self.order < 3 else 3):  # quadrature conditions; tests do the rest
            moment = sum(weight * node**power for weight, node in zip(self.b, nodes, strict=True))
            assert abs(moment - 1 / (power + 1)) < 1e-15, f"{self.name} is not of order {self.order}"


TOLERANCE = 1e-4
PIECES = 64

_FIXED: Mapping[str, Method] = {
    row.name: row
    for row in (
        Method("euler", 1, a=(), b=(1.0,)),
        Method("rk2", 2, a=((1.0,),), b=(0.5, 0.5)),
        Method("rk4", 4, a=((0.5,), (0.0, 0.5), (0.0, 0.0, 1.0)), b=(1 / 6, 1 / 3, 1 / 3, 1 / 6)),
    )
}
METHODS: Mapping[str, Method] = {
    **_FIXED,
    **{
        f"{name}_auto": replace(
            _FIXED[name], name=f"{name}_auto", adaptive=True
        )  # Vensim's RK2 Auto, RK4 Auto
        for name in ("rk2", "rk4")
    },
}


def weighted(
    before: list[float], dt: float, weights: tuple[float, ...], slopes: list[list[float]]
) -> list[float]:
    """``y + dt*((w1*k1 + w2*k2) + …)`` for every stock; weights of zero are left out."""
    terms = [(weight, slope) for weight, slope in zip(weights, slopes, strict=False) if weight]
    advanced = []
    for place, y in enumerate(before):
        weight, slope = terms[0]
        total = weight * slope[place]
        for weight, slope in terms[1:]:
            total = total + weight * slope[place]
        advanced.append(y + dt * total)
    return advanced
