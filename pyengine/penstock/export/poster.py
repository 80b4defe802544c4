"""A model as a picture: its diagram and the charts of its run, for print, for feeds and for readers without scripts.

The colours of `auto` are plain ones with a media query for dark screens, which readers of SVG that know no CSS
variables, and those that know no media queries, show in light.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal
from weakref import WeakKeyDictionary

from .. import chart
from ..chart import Chart
from ..compiler import Compiled
from ..drawing import STYLE, THEMES, coloured, described, escaped, shapes
from ..layout import diagram
from ..layout.diagram import Diagram
from ..results import Results
from ..run import simulate
from .view import View, charts

PosterTheme = Literal["auto", "light", "dark", "print"]

WIDTH = 720.0
_PAD = 16.0
_CHART = 220.0
_MOST = 640.0
"""What a diagram may be high."""

_LEGIBLE = 0.35
"""Where a diagram must be made smaller than that, the charts tell more without it."""

_FRAME = """
.penstock-poster>.sheet{fill:@page}
.penstock-poster>.caption{font:13px/20px var(--ps-font,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif);
fill:@text-2}
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, of whatever colours; the size in pixels, and what it shows in words."""

    name: str
    parts: tuple[str, ...] = field(repr=False)
    width: float
    height: float
    alt: str

    def svg(self, theme: PosterTheme) -> str:
        """The text of an SVG file."""
        wide, high = f"{self.width:g}", f"{self.height:g}"
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="penstock-poster" role="img" '
            f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">',
            f"<title>{escaped(self.name)}</title>",
            f"<desc>{escaped(self.alt)}</desc>",
            f"<style>{_style(theme)}</style>",
            f'<rect class="sheet" width="{wide}" height="{high}"/>',
        ]
        return "\n".join([*head, *self.parts, "</svg>", ""])


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


def poster(compiled: Compiled, view: View, *, caption: str = "") -> Picture:
    """The picture of a model and its run, laid out as the element lays them out. Raises `PenstockError`."""
    what = view.get("view", "both")
    drawn = diagram_of(compiled) if what in ("both", "diagram") else None
    curves = _curves(compiled, view) if what != "diagram" else []
    if drawn is not None and (not drawn.symbols or (curves and _scale(drawn, WIDTH - 2 * _PAD) < _LEGIBLE)):
        drawn = None
    boxes, height = _boxes(drawn, len(curves))
    parts = [*_diagram(drawn, boxes[0])] if drawn is not None else []
    for one, box in zip(curves, boxes[drawn is not None :], strict=True):
        parts += [
            f'<g transform="translate({box.x:g} {box.y:g})">',
            *chart.parts(one, box.width, box.height),
            "</g>",
        ]
    if caption:
        for line in _lines(caption):
            parts.append(f'<text class="caption" x="{_PAD:g}" y="{height + 8:g}">{escaped(line)}</text>')
            height += 20
        height += 4
    return Picture(compiled.model.name, tuple(parts), WIDTH, height, _alt(compiled, drawn, curves))


_drawn: WeakKeyDictionary[Compiled, Diagram] = WeakKeyDictionary()


def diagram_of(compiled: Compiled) -> Diagram:
    """Made once for each compiled model: of many views it takes longer than all else."""
    if compiled not in _drawn:
        _drawn[compiled] = diagram(compiled.model)
    return _drawn[compiled]


def _curves(compiled: Compiled, view: View) -> list[Chart]:
    asked = charts(compiled, view)
    if not asked:
        return []
    results = simulate(compiled, overrides=view.get("params", {}), save=chain.from_iterable(asked))
    numbers = {name: number for number, name in enumerate(dict.fromkeys(chain.from_iterable(asked)))}
    return [_chart(compiled, results, names, numbers[names[0]]) for names in asked]


def _chart(compiled: Compiled, results: Results, names: list[str], first: int) -> Chart:
    units = {row["name"]: row.get("units", "") for row in compiled.layout["variables"]}
    found = {units.get(name.partition("[")[0], "") for name in names}
    return Chart(
        times=results.time,
        curves=tuple((name, results[name]) for name in names),
        units=found.pop() if len(found) == 1 else "",
        time_units=compiled.model.specs.time_units,
        first=first,
    )


def _boxes(drawn: Diagram | None, count: int) -> tuple[list[_Box], float]:
    """Where diagram and charts are, and how high the whole is: side by side where the diagram stays legible."""
    room = WIDTH - 2 * _PAD
    charts_high = count * (_CHART + _PAD) - _PAD
    if drawn is None:
        return _column(_PAD, room, _PAD, count, _CHART), max(charts_high, 0.0) + 2 * _PAD
    half = (room - 2 * _PAD) / 2
    if count and drawn.width <= half / 0.75 and drawn.height <= _MOST:
        own = drawn.height * _scale(drawn, half)
        high = max(charts_high, own)
        place = _Box(_PAD, _PAD + (high - own) / 2, half, own)
        each = (high + _PAD) / count - _PAD
        return [place, *_column(WIDTH - _PAD - half, half, _PAD, count, each)], high + 2 * _PAD
    place = _Box(_PAD, _PAD, room, drawn.height * _scale(drawn, room))
    below = place.height + 2 * _PAD
    return [place, *_column(_PAD, room, below, count, _CHART)], below + count * (_CHART + _PAD)


def _scale(drawn: Diagram, room: float) -> float:
    return min(1.0, room / drawn.width, _MOST / drawn.height)


def _column(x: float, width: float, y: float, count: int, height: float) -> list[_Box]:
    return [_Box(x, y + number * (height + _PAD), width, height) for number in range(count)]


def _diagram(drawn: Diagram, box: _Box) -> Iterator[str]:
    """In the middle of its box."""
    place = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    yield f'<svg class="penstock-diagram" {place} viewBox="0 0 {drawn.width:.1f} {drawn.height:.1f}">'
    yield from shapes(drawn)
    yield "</svg>"


def _style(theme: PosterTheme) -> str:
    styles = STYLE + chart.STYLE + _FRAME
    if theme == "auto":
        light, dark = (coloured(styles, THEMES[name], variables=False) for name in ("light", "dark"))
        return f"{light}@media screen and (prefers-color-scheme:dark){{{dark}}}"
    return coloured(styles, THEMES[theme], variables=False) + (chart.DASHES if theme == "print" else "")


def _lines(caption: str, most: int = 105) -> list[str]:
    lines = [""]
    for word in caption.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word[:most]}".lstrip()
    return lines


def _alt(compiled: Compiled, drawn: Diagram | None, curves: list[Chart]) -> str:
    """What a reader who does not see it is told: what is drawn, and where each curve begins and ends."""
    name = compiled.model.name
    said = [f"{name}." if name else "", f"{described(drawn)}." if drawn is not None else ""]
    for one in curves:
        for label, values in one.curves[:6]:
            units = f" {one.units}" if one.units else ""
            said.append(f"{label} goes from {values[0]:.4g} to {values[-1]:.4g}{units}.")
    return " ".join(part for part in said if part)
