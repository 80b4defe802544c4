"""Numbers in JSON: the ones it has none for are written as words."""

from __future__ import annotations

import math

JsonValue = float | str


def json_value(value: float) -> JsonValue:
    """The number itself; ``NaN``, ``Infinity`` or ``-Infinity`` where it is not finite."""
    if math.isfinite(value):
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
