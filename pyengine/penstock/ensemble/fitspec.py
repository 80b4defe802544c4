"""What a calibration is: parameters between bounds, measured series, and what errors are taken for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..errors import PenstockError, error
from ..read.data import read_run_data
from ..results import key
from .exact import exp, ln

Series = tuple[Sequence[float], Sequence[float]]
"""Times, ascending, and values."""

LIKELIHOODS = ("squares", "normal", "poisson")
METHODS = ("auto", "simplex", "least_squares")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A constant to be found between two bounds; `start` is the model's own value where left out. With `log` it is
    searched on a scale of its logarithm."""

    low: float
    high: float
    start: float | None = None
    log: bool = False


@dataclass(frozen=True, slots=True)
class FitSpec:
    """What to fit: `parameters` by name, `data` by variable; `sd` are the errors' deviations by variable, 1 where
    left out: weights for "squares", known for "normal"."""

    parameters: Mapping[str, Parameter]
    data: Mapping[str, Series]
    likelihood: str = "squares"
    method: str = "auto"
    sd: Mapping[str, float] = field(default_factory=dict)
    starts: int = 1
    seed: int = 1
    values: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)
    engine: str = "wasm"
    most: int = 5000

    def __post_init__(self) -> None:
        if self.likelihood not in LIKELIHOODS or self.method not in METHODS:
            advice = f"Likelihoods are {', '.join(LIKELIHOODS)}; methods {', '.join(METHODS)}."
            raise error("PEN514", what="the fit", value=f"{self.likelihood}, {self.method}", advice=advice)
        if not self.parameters or not self.data or self.starts < 1 or self.most < 1:
            raise unfit("the model", "it needs parameters and data", "Name at least one of each.")
        for name, row in self.parameters.items():
            inside = row.start is None or row.low <= row.start <= row.high
            if not row.low < row.high or not inside or (row.log and row.low <= 0):
                raise unfit(
                    name, "its bounds leave nothing", "Give low < high, above 0 for log, and a start within."
                )
        for name, (times, values) in self.data.items():
            ascends = all(a < b for a, b in pairwise(times))
            if not times or len(times) != len(values) or not ascends:
                raise unfit(name, "its data are no series", "Give a value for each time, times ascending.")
            if not all(map(math.isfinite, (*times, *values))):
                raise unfit(name, "its data have a value that is no number", "Leave such points out.")
            if self.likelihood == "poisson" and any(value < 0 or value != int(value) for value in values):
                raise unfit(name, "its data are no counts", 'Use likelihood = "squares".')
        if any(not sd > 0 for sd in self.sd.values()):
            raise unfit("the model", "a deviation is not above zero", "Give deviations above zero.")


def value_at(row: Parameter, x: float) -> float:
    """The value at a place from 0 to 1 between the bounds."""
    if row.log:
        low, high = ln(row.low), ln(row.high)
        return min(max(exp(low + (high - low) * x), row.low), row.high)
    return min(row.low + (row.high - row.low) * x, row.high)


def place_of(row: Parameter, value: float) -> float:
    """The place of a value, 0 or 1 where it lies outside."""
    if row.log:
        low, high = ln(row.low), ln(row.high)
        x = (ln(max(value, row.low)) - low) / (high - low)
    else:
        x = (value - row.low) / (row.high - row.low)
    return min(max(x, 0.0), 1.0)


def series_of(files: Mapping[str, bytes], names: Iterable[str] | None = None) -> dict[str, Series]:
    """The series in data files (.csv, .tab, .dat) by the name of a variable or an element; those named, or all."""
    found = {
        f"{ident}[{','.join(subscripts)}]" if subscripts else str(ident): (list(times), list(values))
        for (ident, subscripts), (times, values) in read_run_data(files).series.items()
    }
    if names is None:
        return dict(found)
    picked: dict[str, Series] = {}
    for name in names:
        if (known := _known(name, found)) is None:
            raise unfit(
                name, "there are no data of that name", f"There are data of {', '.join(found)}."[:300]
            )
        picked[name] = found[known]
    return picked


def _known(name: str, found: Mapping[str, Series]) -> str | None:
    return next((known for known in found if key(known) == key(name)), None)


def unfit(name: str, reason: str, advice: str) -> PenstockError:
    return error("PEN533", name=name, reason=reason, advice=advice)
