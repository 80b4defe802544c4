"""Stella's functions of the normal distribution; mean and deviation are 0 and 1 where they are left out."""

from __future__ import annotations

import math

from ..ir import Node, constant
from ..library.normal import normal_between, normal_inverse
from .table import Builtin


def _between(left: Node, right: Node, mean: Node | None = None, deviation: Node | None = None) -> Node:
    mean, deviation = _or_standard(mean, deviation)
    return normal_between((left - mean) / deviation, (right - mean) / deviation)


def _inverse(share: Node, mean: Node | None = None, deviation: Node | None = None) -> Node:
    mean, deviation = _or_standard(mean, deviation)
    return mean + deviation * normal_inverse(share)


def _or_standard(mean: Node | None, deviation: Node | None) -> tuple[Node, Node]:
    return constant(0.0) if mean is None else mean, constant(1.0) if deviation is None else deviation


ROWS = (
    Builtin(
        name="normalcdf",
        params=("left", "right", "mean?", "deviation?"),
        units="*, *, *, * -> 1",
        meaning="The share of a normal distribution that lies between two values.",
        xmile=("NORMALCDF",),
        lower=_between,
        examples=(
            ("normalcdf(-inf, inf)", 1.0),
            ("normalcdf(-inf, 100, 100, 15)", 0.5),
        ),
    ),
    Builtin(
        name="invnorm",
        params=("share", "mean?", "deviation?"),
        units="1, a, a -> a",
        meaning="The value that a share of a normal distribution lies below; infinite for 0 and 1, NaN outside.",
        xmile=("INVNORM",),
        slopes={"mean": "+"},
        lower=_inverse,
        examples=(
            ("invnorm(0.9)", 1.2815515655446006),
            ("invnorm(0.5, 100, 15)", 100.0),
            ("invnorm(1)", math.inf),
            ("invnorm(-0.1)", math.nan),
        ),
    ),
)
