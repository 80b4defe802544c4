"""A number that stands for a run: an output at a time, or what it comes to over the study's times."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..results import key
from .spec import unfit

REDUCTIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "last": lambda values: values[-1],
    "mean": lambda values: math.fsum(values) / len(values),
    "least": lambda values: min(values),
    "greatest": lambda values: max(values),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """`what` is a row of `REDUCTIONS`, over the times not later than `until`."""

    output: str
    what: str = "last"
    until: float | None = None

    def __post_init__(self) -> None:
        if self.what not in REDUCTIONS:
            raise unfit(f"{self.what!r} is no measure", f"Use one of {', '.join(REDUCTIONS)}.")

    def of(self, values: Sequence[float], outputs: Sequence[str], times: Sequence[float]) -> float:
        """The measure of one run, times × outputs; NaN where a value is none."""
        places = [place for place, name in enumerate(outputs) if key(name) == key(self.output)]
        if not places:
            raise unfit(
                f"{self.output} is no output of the study", f"Outputs are {', '.join(outputs)}."[:200]
            )
        count = sum(self.until is None or time <= self.until for time in times)
        if not count:
            raise unfit(f"there are no times up to {self.until}", f"The study begins at {times[0]:g}.")
        series = values[places[0] : count * len(outputs) : len(outputs)]
        if not all(map(math.isfinite, series)):
            return math.nan
        return REDUCTIONS[self.what](series)
