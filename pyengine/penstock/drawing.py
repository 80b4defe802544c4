"""A diagram as SVG: self-contained, without scripts, with text as text.

Everything that comes from a model is escaped here and nowhere else. Colours are CSS variables of the page with
fallbacks, so that the same file takes the page's theme where it is part of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from .layout.diagram import Arrow, Diagram, Frame, Label, Pipe, Point, Symbol
from .layout.text import LINE

Theme = Literal["light", "dark", "print"]

_LIGHT = {
    "page": "#ffffff",
    "panel": "#f6f8fa",
    "text": "#1b1f24",
    "text-2": "#5b6570",
    "line": "#d8dde3",
    "line-strong": "#87929d",
    "edge": "#77828d",
    "s1": "#005ea8",
    "s2": "#c24c09",
    "s3": "#0a8163",
    "s4": "#b3478c",
    "s5": "#2578a8",
    "s6": "#5b4b00",
    "stock": "#eaf2f9",
}
_DARK = {
    "page": "#12161b",
    "panel": "#1a2027",
    "text": "#e6eaee",
    "text-2": "#9aa6b2",
    "line": "#2d3640",
    "line-strong": "#667380",
    "edge": "#7b8794",
    "s1": "#5ab4f0",
    "s2": "#ff8a3d",
    "s3": "#2fc79a",
    "s4": "#e58cc0",
    "s5": "#f2c94c",
    "s6": "#f4f6f8",
    "stock": "#16303f",
}
_PRINT = {
    "page": "#ffffff",
    "panel": "#ffffff",
    "text": "#000000",
    "text-2": "#4a4a4a",
    "line": "#b0b0b0",
    "line-strong": "#606060",
    "edge": "#303030",
    "s1": "#000000",
    "s2": "#000000",
    "s3": "#404040",
    "s4": "#404040",
    "s5": "#606060",
    "s6": "#606060",
    "stock": "#ffffff",
}
THEMES: Mapping[str, Mapping[str, str]] = {"light": _LIGHT, "dark": _DARK, "print": _PRINT}

STYLE = """
.penstock-diagram{font:12px/15px var(--ps-font,system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif)}
.penstock-diagram .page{fill:@page}
.penstock-diagram text{fill:@text;stroke:@page;stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.penstock-diagram .b text{font-weight:600}
.penstock-diagram .q text{fill:@text-2}
.penstock-diagram .s{fill:@stock;stroke:@s1;stroke-width:1.5}
.penstock-diagram .o{fill:@page;stroke:@edge;stroke-width:1.25}
.penstock-diagram .m{fill:@panel;stroke:@edge;stroke-width:1.5}
.penstock-diagram .i{fill:none;stroke:@edge;stroke-width:1.25;stroke-linecap:round}
.penstock-diagram .w{fill:none;stroke:@edge;stroke-width:6;stroke-linejoin:round}
.penstock-diagram .v{fill:none;stroke:@page;stroke-width:4;stroke-linejoin:round}
.penstock-diagram .a{fill:none;stroke:@line-strong;stroke-width:1}
.penstock-diagram .d{stroke-dasharray:4 3}
.penstock-diagram .h{fill:@line-strong}
.penstock-diagram .p{fill:@edge}
.penstock-diagram .f{fill:none;stroke:@line;stroke-width:1}
"""

_CLOUD = "M-8 8a5.5 5.5 0 0 1-2.6-10.3A6.6 6.6 0 0 1 .6-6.6 5.6 5.6 0 0 1 10.4-3a5.6 5.6 0 0 1-1.4 11z"
_BOW_TIE = "M-9-8 9 8V-8L-9 8z", "M-8-9 8 9H-8L8-9z"
_STEM = "M0 0V-11M-5-11H5", "M0 0H-11M-11-5V5"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 400
_CORNER = 8.0
_BASE = 11.5  # from the top of a line to what its letters stand on


def svg(diagram: Diagram, *, theme: Theme = "light", width: float | None = None) -> str:
    """The diagram as the text of an SVG file, `width` pixels wide.

    In a page that has Penstock's colours `light` and `dark` are the page's own; `print` is black on white and
    needs no CSS variables, which tools other than browsers know little of.
    """
    wide, high = diagram.width, diagram.height
    scale = 1.0 if width is None else width / wide
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="penstock-diagram" role="img" '
        f'viewBox="0 0 {_n(wide)} {_n(high)}" width="{_n(wide * scale)}" height="{_n(high * scale)}">',
        f"<title>{escaped(diagram.name)}</title>",
        f"<desc>{described(diagram)}</desc>",
        f"<style>{coloured(STYLE, THEMES[theme], variables=theme != 'print')}</style>",
        f'<rect class="page" width="{_n(wide)}" height="{_n(high)}"/>',
        *shapes(diagram),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def described(diagram: Diagram) -> str:
    """What a reader who cannot see it is told."""
    variables = sum(symbol.kind not in ("cloud", "comment", "alias") for symbol in diagram.symbols)
    return f"Stock and flow diagram of {variables} variables"


def shapes(diagram: Diagram) -> Iterator[str]:
    """Its elements in the order they are drawn in, for a picture that has `STYLE`."""
    yield from map(_frame, diagram.frames)
    yield from map(_arrow, diagram.arrows)
    yield from map(_pipe, diagram.pipes)
    yield from map(_symbol, diagram.symbols)


def escaped(text: str) -> str:
    """A name for an element's content or an attribute: inert, of sound XML, and not endless."""
    text = _NOT_XML.sub("", " ".join(text[:_LONGEST].split()))
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(letter, entity)
    return text


def coloured(style: str, colours: Mapping[str, str], *, variables: bool) -> str:
    """A style with its colours, written ``@name``, filled in: as CSS `variables` that fall back on them, or plainly."""

    def colour(match: re.Match[str]) -> str:
        name = match[1]
        return f"var(--ps-{name},{colours[name]})" if variables else colours[name]

    if not variables:
        style = re.sub(r"var\(--ps-font,([^)]*)\)", r"\1", style)
    return re.sub(r"@([a-z0-9-]+)", colour, style)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0.", "-.") if value else "0"


def _at(points: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _frame(frame: Frame) -> str:
    x0, y0, x1, y1 = frame.box
    title = f'<text x="{_n(x0 + 12)}" y="{_n(y0 + 18)}">{escaped(frame.title)}</text>'
    box = f'<rect class="f" x="{_n(x0)}" y="{_n(y0)}" width="{_n(x1 - x0)}" height="{_n(y1 - y0)}" rx="10"/>'
    return f'<g class="b" data-kind="sector">{box}{title}</g>'


def _arrow(arrow: Arrow) -> str:
    start, end = arrow.points[0], arrow.points[-1]
    (dx, dy), (x, y) = arrow.heading, end
    if arrow.radius:
        sort = f"A{_n(arrow.radius)},{_n(arrow.radius)} 0 {arrow.large} {arrow.sweep} {_at([end])}"
        line = f"M{_at([start])}{sort}"
    else:
        line = f"M{_at(arrow.points)}"
    back = x - 7 * dx, y - 7 * dy
    head = [end, (back[0] - 2.7 * dy, back[1] + 2.7 * dx), (back[0] + 2.7 * dy, back[1] - 2.7 * dx)]
    dashed = " d" if arrow.initial else ""
    return f'<path class="a{dashed}" d="{line}"/><path class="h" d="M{_at(head)}z"/>'


def _pipe(pipe: Pipe) -> str:
    """Two lines, drawn as a broad one with a narrower one of the page's colour on it, and a head."""
    *before, end = pipe.points
    x, y = end
    length = max(abs(x - before[-1][0]), abs(y - before[-1][1])) or 1.0
    dx, dy = (x - before[-1][0]) / length, (y - before[-1][1]) / length
    neck = x - 9 * dx, y - 9 * dy
    line = _rounded([*before, neck])
    head = [
        end,
        (x - 11 * dx - 6.5 * dy, y - 11 * dy + 6.5 * dx),
        (x - 11 * dx + 6.5 * dy, y - 11 * dy - 6.5 * dx),
    ]
    return f'<path class="w" d="{line}"/><path class="v" d="{line}"/><path class="p" d="M{_at(head)}z"/>'


def _rounded(points: list[Point]) -> str:
    """A line through points, its corners rounded as far as its parts are long enough."""
    text = f"M{_at(points[:1])}"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        one, other = _towards(here, before), _towards(here, after)
        text += f"L{_at([one])}Q{_at([here, other])}"
    return text + f"L{_at(points[-1:])}"


def _towards(here: Point, there: Point) -> Point:
    dx, dy = there[0] - here[0], there[1] - here[1]
    length = max(abs(dx), abs(dy)) or 1.0
    share = min(_CORNER, length / 2) / length
    return here[0] + dx * share, here[1] + dy * share


def _symbol(symbol: Symbol) -> str:
    style = {"stock": "b", "module": "b", "alias": "q", "comment": "q"}.get(symbol.kind, "n")
    shape = "".join(_shape(symbol))
    text = "" if symbol.label is None else _text(symbol.label)
    name = f' data-name="{escaped(symbol.name)}"' if symbol.name else ""
    return f'<g class="{style}" data-kind="{symbol.kind}"{name}>{shape}{text}</g>'


def _shape(symbol: Symbol) -> Iterator[str]:
    x, y, wide, high = symbol.x, symbol.y, symbol.width, symbol.height
    move = f'transform="translate({_n(x)} {_n(y)})"'
    match symbol.kind:
        case "stock" | "module":
            look, corner = ("s", 2) if symbol.kind == "stock" else ("m", 8)
            for off in (3.0, 0.0) if symbol.arrayed else (0.0,):
                place = f'x="{_n(x - wide / 2 + off)}" y="{_n(y - high / 2 - off)}"'
                yield f'<rect class="{look}" {place} width="{_n(wide)}" height="{_n(high)}" rx="{corner}"/>'
            if symbol.belt:
                slats = "".join(
                    f"M{_n(wide * n / 5 - wide / 2)} {_n(high / 2)}v{_n(-high)}" for n in (1, 2, 3, 4)
                )
                yield f'<path class="i" {move} d="{slats}"/>'
        case "flow":
            yield f'<path class="i" {move} d="{_STEM[symbol.upright]}"/>'
            yield f'<path class="o" {move} d="{_BOW_TIE[symbol.upright]}"/>'
        case "auxiliary" | "constant" | "lookup":
            radius = min(wide, high) / 2
            if symbol.arrayed:
                yield f'<circle class="o" cx="{_n(x + 2.5)}" cy="{_n(y - 2.5)}" r="{_n(radius)}"/>'
            yield f'<circle class="o" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'
            if symbol.kind == "constant":
                yield f'<path class="i" {move} d="M0 0L-3.2-4.2"/>'
            elif symbol.kind == "lookup":
                yield f'<path class="i" {move} d="M-5.5 4C-1 4 0-4 5.5-4"/>'
        case "cloud":
            yield f'<path class="o" {move} d="{_CLOUD}"/>'


def _text(label: Label) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    first = f'x="{_n(label.x)}" y="{_n(label.y + _BASE)}"'
    if len(label.lines) == 1:
        return f"<text {first}{anchor}>{escaped(label.lines[0])}</text>"
    lines = "".join(
        f'<tspan x="{_n(label.x)}" y="{_n(label.y + _BASE + number * LINE)}">{escaped(line)}</tspan>'
        for number, line in enumerate(label.lines)
    )
    return f"<text{anchor}>{lines}</text>"
