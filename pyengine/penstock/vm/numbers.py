"""Arithmetic of the clock and of methods, as the core operations do it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

from ..ops import OPS

larger = OPS["f64.max"].meaning
quotient = OPS["f64.div"].meaning


def nearest(x: float) -> float:
    """Rounded to a whole number, ties to even; infinities and NaN as they are."""
    return float(round(x)) if math.isfinite(x) else x


def bits(values: Sequence[float]) -> bytes:
    return array("d", values).tobytes()
