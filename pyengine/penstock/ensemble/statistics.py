"""Statistics of many runs as they come in: moments, extremes, sketches of quantiles; each for many cells at once.

A cell is one output at one time. What is not a finite number is counted out and reported. Chunks are merged in the
order of their numbers and runs added in the order of theirs, so results are the same to the bit whoever computed
them and whenever they came. With numpy the same operations are done on whole rows.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from struct import Struct
from typing import Any

_BITS = Struct("<q")
_DOUBLE = Struct("<d")
_DROPPED = 52 - 10
"""Bits of a double's fraction that a sketch leaves out: its bins are 2^-10 of their value wide."""


def numpy_or_none() -> Any:
    """numpy where it is installed: the one place that looks for it."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy


@dataclass
class Moments:
    """Count, mean, sum of squared deviations, least and greatest of every cell, by Welford's and Chan's formulas."""

    cells: int
    count: array[float] = field(default_factory=lambda: array("d"))
    mean: array[float] = field(default_factory=lambda: array("d"))
    squares: array[float] = field(default_factory=lambda: array("d"))
    low: array[float] = field(default_factory=lambda: array("d"))
    high: array[float] = field(default_factory=lambda: array("d"))
    runs: int = 0

    def __post_init__(self) -> None:
        if not self.count:
            for name in ("count", "mean", "squares"):
                setattr(self, name, array("d", bytes(8 * self.cells)))
            self.low = array("d", [math.inf]) * self.cells
            self.high = array("d", [-math.inf]) * self.cells

    def add(self, values: array[float], plain: bool = False) -> None:
        """Runs one after the other, `cells` values each."""
        assert len(values) % max(self.cells, 1) == 0
        numpy = None if plain else numpy_or_none()
        runs = len(values) // self.cells if self.cells else 0
        self.runs += runs
        if numpy is None:
            for run in range(runs):
                self._add_one(values, run * self.cells)
        else:
            self._add_with(numpy, values)

    def _add_one(self, values: array[float], start: int) -> None:
        for cell, x in enumerate(values[start : start + self.cells]):
            if not math.isfinite(x):
                continue
            self.count[cell] += 1.0
            delta = x - self.mean[cell]
            self.mean[cell] += delta / self.count[cell]
            self.squares[cell] += delta * (x - self.mean[cell])
            if x < self.low[cell]:
                self.low[cell] = x
            if x > self.high[cell]:
                self.high[cell] = x

    def _add_with(self, numpy: Any, values: array[float]) -> None:
        count, mean, squares, low, high = (
            numpy.frombuffer(held) for held in (self.count, self.mean, self.squares, self.low, self.high)
        )
        with numpy.errstate(all="ignore"):
            for x in numpy.frombuffer(values).reshape(-1, self.cells):
                fine = numpy.isfinite(x)
                count += fine
                delta = x - mean
                new = mean + delta / count
                mean[:] = numpy.where(fine, new, mean)
                squares[:] = numpy.where(fine, squares + delta * (x - mean), squares)
                low[:] = numpy.where(fine & (x < low), x, low)
                high[:] = numpy.where(fine & (x > high), x, high)

    def merge(self, later: Moments) -> None:
        """What came later, added."""
        self.runs += later.runs
        for cell in range(self.cells):
            n, m = self.count[cell], later.count[cell]
            if not m:
                continue
            total = n + m
            delta = later.mean[cell] - self.mean[cell]
            self.mean[cell] = self.mean[cell] + delta * (m / total) if n else later.mean[cell]
            self.squares[cell] += (
                later.squares[cell] + delta * delta * (n * m / total) if n else later.squares[cell]
            )
            self.count[cell] = total
            self.low[cell] = min(self.low[cell], later.low[cell])
            self.high[cell] = max(self.high[cell], later.high[cell])

    def means(self) -> array[float]:
        """NaN where no run had a number."""
        return array("d", (m if n else math.nan for m, n in zip(self.mean, self.count, strict=True)))

    def deviations(self) -> array[float]:
        """Of a sample: with n - 1; NaN for fewer than two."""
        pairs = zip(self.squares, self.count, strict=True)
        return array("d", (math.sqrt(s / (n - 1.0)) if n > 1 else math.nan for s, n in pairs))

    def half_width(self, cell: int) -> float:
        """Half the 95 % interval of a cell's mean; infinite for fewer than two runs."""
        n = self.count[cell]
        return 1.959963984540054 * math.sqrt(self.squares[cell] / (n - 1.0) / n) if n > 1 else math.inf


def percentiles(
    values: array[float], cells: int, shares: Sequence[float], plain: bool = False
) -> list[array[float]]:
    """Exact percentiles of every cell, one array for each of the shares in percent; between two values in a line
    (Hyndman and Fan's type 7). Values are runs × cells. NaN where no run had a number."""
    found = [array("d", bytes(8 * cells)) for _ in shares]
    for cell, column in enumerate(_sorted_columns(values, cells, plain)):
        for place, share in enumerate(shares):
            found[place][cell] = _between(column, share)
    return found


def _between(column: Sequence[float], share: float) -> float:
    if not len(column):
        return math.nan
    at = (len(column) - 1) * (share / 100.0)
    below = min(int(at), len(column) - 1)
    above = min(below + 1, len(column) - 1)
    a, b = float(column[below]), float(column[above])
    return a if a == b else a + (b - a) * (at - below)


def _sorted_columns(values: array[float], cells: int, plain: bool) -> Iterable[Sequence[float]]:
    """The finite values of every cell, ascending; zeros have no sign, which an order could not tell."""
    numpy = None if plain else numpy_or_none()
    if numpy is None:
        for cell in range(cells):
            yield sorted(x + 0.0 for x in values[cell::cells] if math.isfinite(x))
        return
    table = numpy.frombuffer(values).reshape(-1, cells) + 0.0
    table[~numpy.isfinite(table)] = numpy.nan  # sorted behind all numbers
    table = numpy.sort(table, axis=0)
    counts = len(table) - numpy.isnan(table).sum(axis=0)
    for cell in range(cells):
        yield table[: counts[cell], cell]


def histogram(
    column: Sequence[float], bins: int, low: float | None = None, high: float | None = None
) -> tuple[list[float], list[int]]:
    """Edges, one more than bins, and how many finite values lie in each; the last bin has its upper edge too.

    Between the least and the greatest value unless bounds are given; what lies outside them is left out.
    """
    finite = [x for x in column if math.isfinite(x)]
    low = min(finite, default=0.0) if low is None else low
    high = max(finite, default=1.0) if high is None else high
    if not low < high:
        low, high = low - 0.5, low + 0.5
    width = (high - low) / bins
    edges = [low + width * place for place in range(bins)] + [high]
    counts = [0] * bins
    for x in finite:
        if low <= x <= high:
            place = min(int((x - low) / width), bins - 1)
            while place and x < edges[place]:
                place -= 1
            while place < bins - 1 and x >= edges[place + 1]:
                place += 1
            counts[place] += 1
    return edges, counts


class Sketch:
    """Counts by bins that a value's own leading bits name, so merging is exact and in any order."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        self.bins: list[dict[int, int]] = [{} for _ in range(cells)]

    def add(self, values: array[float]) -> None:
        for place, x in enumerate(values):
            if math.isfinite(x):
                bins = self.bins[place % self.cells]
                key = _key(x)
                bins[key] = bins.get(key, 0) + 1

    def merge(self, other: Sketch) -> None:
        for mine, others in zip(self.bins, other.bins, strict=True):
            for key, count in others.items():
                mine[key] = mine.get(key, 0) + count

    def percentiles(self, shares: Sequence[float]) -> list[array[float]]:
        """The middle of the bin that holds the value of that rank: off by 2^-11 of it at most."""
        found = [array("d", bytes(8 * self.cells)) for _ in shares]
        for cell, bins in enumerate(self.bins):
            keys = sorted(bins)
            total = sum(bins.values())
            for place, share in enumerate(shares):
                left = math.floor((total - 1) * (share / 100.0)) if total else 0
                value = math.nan
                for key in keys:
                    left -= bins[key]
                    if left < 0:
                        value = _middle(key)
                        break
                found[place][cell] = value
        return found


def _key(x: float) -> int:
    """The leading bits of a double as a number that ascends with it; 0 for both zeros."""
    if x == 0.0:
        return 0
    bits: int = _BITS.unpack(_DOUBLE.pack(abs(x)))[0]
    key = (bits >> _DROPPED) + 1
    return key if x > 0 else -key


def _middle(key: int) -> float:
    if not key:
        return 0.0
    bits = (abs(key) - 1 << _DROPPED) + (1 << (_DROPPED - 1))
    value: float = _DOUBLE.unpack(_BITS.pack(bits))[0]
    return value if key > 0 else -value
