"""Curves over time as parts of an SVG file: static, without scripts, names escaped.

Curves carry their names at their ends, a single one above itself, so that print without colours reads as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .drawing import escaped
from .layout.text import SIZE, shown
from .layout.text import width as text_width

STYLE = """
.penstock-chart text{font:11px/16px var(--ps-font,system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif);
fill:@text-2}
.penstock-chart .grid{fill:none;stroke:@line;stroke-width:1}
.penstock-chart .axis{fill:none;stroke:@line-strong;stroke-width:1}
.penstock-chart .ghost{fill:none;stroke:@line-strong;stroke-width:1}
.penstock-chart .curve{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
""" + "".join(
    f".penstock-chart .c{n}{{stroke:@s{n}}}.penstock-chart text.l{n}{{fill:@s{n};font-weight:600;font-size:12px}}\n"
    for n in range(1, 7)
)

DASHES = "".join(
    f".penstock-chart .k{n}{{stroke-dasharray:{dashes}}}\n"
    for n, dashes in enumerate(("8 4", "2 4", "10 4 2 4", "5 5", "1 5"), start=2)
)
"""More style, for print: there colours are greys."""

COLOURS = 6
_MARKS = 4
_LINE = 14.0
_DRAWABLE = 1e300
_LEADS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves on one scale: (name, values) of each and the times of all; units as the model writes them.

    `first` is the number of the first curve's colour: a colour belongs to a variable, in however many charts.
    """

    times: Sequence[float]
    curves: tuple[tuple[str, Sequence[float]], ...]
    units: str = ""
    time_units: str = ""
    first: int = 0


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    step: float

    @property
    def marks(self) -> list[float]:
        count = min(50, round((self.high - self.low) / self.step))
        marks = (self.low + at * self.step for at in range(count + 1))
        return [0.0 if abs(mark) < self.step * 1e-9 else mark for mark in marks]

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)


def parts(chart: Chart, width: float, height: float) -> Iterator[str]:
    """The chart's elements within a box of that size from the origin on."""
    scale = _scale([value for _, values in chart.curves for value in values])
    marks = [_mark(value) for value in scale.marks]
    left = max(map(_small, marks), default=0.0) + 10
    labels = (
        [] if len(chart.curves) == 1 else [_shortened(shown(name), width * 0.3) for name, _ in chart.curves]
    )
    right = (
        width - max((text_width(label, bold=True) for label in labels), default=_room_for_units(chart)) - 10
    )
    top, bottom = 26.0, height - 22
    yield '<g class="penstock-chart">'
    yield _title(chart, width)
    for value, mark in zip(scale.marks, marks, strict=True):
        y = bottom - scale.share(value) * (bottom - top)
        kind = "axis" if value == scale.low else "grid"
        yield f'<path class="{kind}" d="M{_n(left)} {_n(y)}H{_n(right)}"/>'
        yield f'<text x="{_n(left - 6)}" y="{_n(y + 4)}" text-anchor="end">{mark}</text>'
    yield from _times(chart, left, right, bottom)
    ends = []
    for number, (_, values) in enumerate(chart.curves):
        points = _points(chart.times, values, scale, (left, top, right, bottom))
        yield f'<path class="curve c{_colour(chart, number)} k{number + 1}" d="{_path(points, left, right)}"/>'
        ends.append(next((y for _, y in reversed(points) if y is not None), bottom))
    for number, (y, label) in enumerate(zip(_apart(ends, top, bottom), labels, strict=False)):
        place = f'x="{_n(right + 6)}" y="{_n(y + 4)}"'
        yield f'<text class="l{_colour(chart, number)}" {place}>{escaped(label)}</text>'
    yield "</g>"


def _colour(chart: Chart, number: int) -> int:
    return (chart.first + number) % COLOURS + 1


def _title(chart: Chart, width: float) -> str:
    """Above the axis: its units, and the curve's name where there is but one."""
    units = escaped(shown(chart.units)) if chart.units.strip() else ""
    if len(chart.curves) != 1:
        return f'<text x="0" y="12">{units}</text>'
    name = _shortened(shown(chart.curves[0][0]), width * 0.7)
    after = text_width(name, bold=True) + 8
    return (
        f'<text class="l{_colour(chart, 0)}" x="0" y="12">{escaped(name)}</text>'
        f'<text x="{_n(after)}" y="12">{units}</text>'
    )


def _room_for_units(chart: Chart) -> float:
    """Of time, beside the axis."""
    return _small(shown(chart.time_units)) + 12 if chart.time_units else 0.0


def _times(chart: Chart, left: float, right: float, bottom: float) -> Iterator[str]:
    start, stop = chart.times[0], chart.times[-1]
    for value in _time_marks(start, stop, int((right - left) / 50)):
        x = left + (value - start) / (stop - start) * (right - left)
        yield f'<path class="axis" d="M{_n(x)} {_n(bottom)}v4"/>'
        yield f'<text x="{_n(x)}" y="{_n(bottom + 17)}" text-anchor="middle">{_time_mark(value)}</text>'
    if chart.time_units:
        name = _shortened(shown(chart.time_units), 90)
        yield f'<text x="{_n(right + 20)}" y="{_n(bottom + 17)}">{escaped(name)}</text>'


Point = tuple[float, float | None]


def _points(
    times: Sequence[float], values: Sequence[float], scale: _Scale, box: tuple[float, float, float, float]
) -> list[Point]:
    """In pixels; without a y where a value cannot be drawn."""
    left, top, right, bottom = box
    span = (times[-1] - times[0]) or 1.0
    return [
        (
            left + (time - times[0]) / span * (right - left),
            bottom - scale.share(value) * (bottom - top) if abs(value) < _DRAWABLE else None,
        )
        for time, value in zip(times, values, strict=True)
    ]


def _path(points: list[Point], left: float, right: float) -> str:
    """A line that breaks where there is no value; of many points in a half pixel the outermost ones stay."""
    per_column = max(1, math.ceil(len(points) / max(1.0, 2 * (right - left))))
    text, drawing = [], False
    for at in range(0, len(points), per_column):
        for x, y in _outermost(points[at : at + per_column]):
            if y is not None:
                text.append(f"{'L' if drawing else 'M'}{_n(x)} {_n(y)}")
            drawing = y is not None
    return "".join(text)


def _outermost(points: list[Point]) -> list[Point]:
    if len(points) <= 2 or any(y is None for _, y in points):
        return points
    heights = [y or 0.0 for _, y in points]
    keep = sorted({0, heights.index(min(heights)), heights.index(max(heights)), len(points) - 1})
    return [points[place] for place in keep]


def _apart(ends: list[float], top: float, bottom: float) -> list[float]:
    """The heights of labels beside the ends of their curves: a line apart, as near as that allows."""
    order = sorted(range(len(ends)), key=ends.__getitem__)
    places = list(ends)
    low = top
    for at in order:
        places[at] = low = max(low, ends[at])
        low += _LINE
    high = bottom
    for at in reversed(order):
        places[at] = high = min(high, places[at])
        high -= _LINE
    return places


def _scale(values: list[float]) -> _Scale:
    """Round steps that hold all values that can be drawn; zero is part of it when it is near."""
    drawable = [value for value in values if abs(value) < _DRAWABLE]
    if not drawable:
        return _Scale(0.0, 1.0, 0.5)
    low, high = min(drawable), max(drawable)
    if 0 < low < 0.75 * high:
        low = 0.0
    if 0 > high > 0.75 * low:
        high = 0.0
    if high - low <= max(1e-300, 1e-9 * max(abs(low), abs(high))):
        room = abs(high) * 0.1 or 1.0
        low, high = low - room, high + room
    step = _nice((high - low) / _MARKS, _LEADS)
    snug = 1e-9 * (high - low)  # a value on a mark does not ask for the next one
    return _Scale(math.floor((low + snug) / step) * step, math.ceil((high - snug) / step) * step, step)


def _nice(rough: float, leads: Sequence[float]) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next((lead * power for lead in leads if lead * power >= rough * 0.999), rough)


def _time_marks(start: float, stop: float, most: int) -> list[float]:
    if not stop > start:
        return []
    step = _nice((stop - start) / max(1, most), (1.0, 2.0, 5.0, 10.0))
    first, last = math.ceil(start / step - 1e-9), math.floor(stop / step + 1e-9)
    return [float(f"{at * step:.12g}") for at in range(first, last + 1)]


def _mark(value: float) -> str:
    """An axis mark in as little room as possible: 1,500, 2.5M, 1e-6."""
    size = abs(value)
    if size and (size >= 1e15 or size < 1e-4):
        digits, _, power = f"{value:.2g}".partition("e")
        text = f"{digits}e{int(power)}" if power else digits
    elif size >= 1e5:
        factor, letter = next(
            (row for row in ((1e12, "T"), (1e9, "B"), (1e6, "M")) if size >= row[0]), (1e3, "K")
        )
        text = f"{value / factor:.4g}{letter}"
    else:
        text = f"{float(f'{value:.6g}'):,}".removesuffix(".0")
    return text.replace("-", "−")


def _time_mark(value: float) -> str:
    """Years have no thousands' comma."""
    return f"{value:.6g}".replace("-", "−") if abs(value) < 1e6 else _mark(value)


def _shortened(label: str, room: float) -> str:
    while len(label) > 2 and text_width(label, bold=True) > room:
        label = label[:-2].rstrip() + "…"
    return label


def _small(text: str) -> float:
    """The width of an axis's text."""
    return text_width(text) * 11 / SIZE


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
