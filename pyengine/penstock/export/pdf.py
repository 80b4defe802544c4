"""A poster as a PDF file, for LaTeX, which takes no SVG: the same shapes, its text set in the standard fonts.

Reads only what `poster` writes: elements with classes, rules that `_RULE` knows, paths of lines, arcs and curves.
Letters that the standard fonts lack are drawn without their accents, and otherwise reported.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from .paths import Matrix, curves, number, shifted

PX = 0.75  # points
_TAG = re.compile(r"<(/?)([a-z]+)([^>]*?)(/?)>|([^<]+)")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PART = re.compile(r"[.>]|[\w-]+")
_FONT = re.compile(r"(?:(\d+) )?(\d+)px/")

# Of letters from the space to ~, in thousandths, from Adobe's metrics.
_WIDTHS = {
    False: (
        "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 "
        "556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 "
        "722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 "
        "500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
    ),
    True: (
        "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 "
        "556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 "
        "722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 "
        "556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"
    ),
}
WIDTHS = {bold: [int(width) for width in widths.split()] for bold, widths in _WIDTHS.items()}
_LIKE = {"−": "-", "≤": "<=", "≥": ">=", "∞": "inf", "→": "->"}


@dataclass(frozen=True, slots=True)
class Printed:
    """The file, and letters of the poster that are not in it."""

    content: bytes
    lost: str


@dataclass(slots=True)
class _Open:
    """An element that is open, with what its descendants inherit."""

    tag: str
    classes: frozenset[str]
    attributes: Mapping[str, str]
    matrix: Matrix
    style: dict[str, str] = field(default_factory=dict)


def pdf(svg: str) -> Printed:
    """The poster's SVG, of the theme `print`, as a PDF file of one page."""
    operators: list[str] = []
    lost: dict[str, None] = {}
    rules: list[tuple[list[str], dict[str, str]]] = []
    stack: list[_Open] = []
    size = 0.0, 0.0
    for closing, tag, written, empty, text in _TAG.findall(svg):
        if text:
            if stack and stack[-1].tag == "style":
                rules = list(_rules(text))
            elif stack and stack[-1].tag in ("text", "tspan") and text.strip():
                operators += _text(stack[-1], unescape(text), lost)
        elif closing:
            stack.pop()
        else:
            attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(written)}
            if not stack:
                size = number(attributes["width"]), number(attributes["height"])
            here = _opened(stack, tag, attributes, size[1])
            stack.append(here)
            here.style = _style(stack, rules)
            operators += _shape(here)
            if empty:
                stack.pop()
    return Printed(_file("\n".join(operators), *(length * PX for length in size)), "".join(lost))


def _opened(stack: list[_Open], tag: str, attributes: Mapping[str, str], high: float) -> _Open:
    matrix = stack[-1].matrix if stack else (PX, 0.0, 0.0, -PX, 0.0, high * PX)
    inherited = dict(stack[-1].attributes) if tag == "tspan" else {}
    if move := re.match(r"translate\((\S+) (\S+)\)", attributes.get("transform", "")):
        matrix = shifted(matrix, number(move[1]), number(move[2]))
    if tag == "svg" and stack:
        matrix = _fitted(matrix, attributes)
    classes = attributes.get("class") or inherited.get("class", "")
    return _Open(tag, frozenset(classes.split()), {**inherited, **attributes}, matrix)


def _fitted(matrix: Matrix, attributes: Mapping[str, str]) -> Matrix:
    """Of a picture in a box: as large as fits, in the middle."""
    x, y, wide, high = (number(attributes[name]) for name in ("x", "y", "width", "height"))
    _, _, own_wide, own_high = map(number, attributes["viewBox"].split())
    scale = min(wide / own_wide, high / own_high)
    a, b, c, d, e, f = shifted(matrix, x + (wide - own_wide * scale) / 2, y + (high - own_high * scale) / 2)
    return a * scale, b * scale, c * scale, d * scale, e, f


# Style -------------------------------------------------------------------------------------------------------


def _rules(text: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    for selector, body in _RULE.findall(text):
        pairs = (pair.partition(":") for pair in body.split(";") if ":" in pair)
        yield selector.replace(">", " ").split(), {name.strip(): value.strip() for name, _, value in pairs}


def _style(stack: list[_Open], rules: list[tuple[list[str], dict[str, str]]]) -> dict[str, str]:
    """What the rules say of the innermost element; they come in the order of their weight."""
    style: dict[str, str] = {}
    last = stack[-1] if stack[-1].tag != "tspan" else stack[-2]
    outer = stack[:-1] if stack[-1].tag != "tspan" else stack[:-2]
    for (*before, own), said in rules:
        if _is(last, own) and _within(outer, before):
            if font := _FONT.match(said.get("font", "")):
                style["font-weight"] = font[1] or "400"
                style["font-size"] = font[2]
            style |= said
    return style


def _within(outer: list[_Open], selectors: list[str]) -> bool:
    places = iter(outer)
    return all(any(_is(element, selector) for element in places) for selector in selectors)


def _is(element: _Open, selector: str) -> bool:
    tag, *classes = selector.split(".")
    return tag in ("", element.tag) and element.classes.issuperset(classes)


# Drawing -----------------------------------------------------------------------------------------------------


def _shape(element: _Open) -> Iterator[str]:
    said = element.attributes
    match element.tag:
        case "rect":
            x, y = number(said.get("x", "0")), number(said.get("y", "0"))
            wide, high, round_ = number(said["width"]), number(said["height"]), number(said.get("rx", "0"))
            arc = f"a{round_} {round_} 0 0 1"
            path = (
                f"M{x + round_} {y}h{wide - 2 * round_}{arc} {round_} {round_}v{high - 2 * round_}"
                f"{arc} {-round_} {round_}h{2 * round_ - wide}{arc} {-round_} {-round_}v{2 * round_ - high}"
                f"{arc} {round_} {-round_}z"
            )
        case "circle":
            x, y, r = number(said["cx"]), number(said["cy"]), number(said["r"])
            path = f"M{x - r} {y}a{r} {r} 0 0 1 {2 * r} 0a{r} {r} 0 0 1 {-2 * r} 0z"
        case "path":
            path = said["d"]
        case _:
            return
    style = element.style
    fill, stroke = style.get("fill", "#000000"), style.get("stroke", "none")
    yield "q"
    if fill != "none":
        yield _colour(fill) + " rg"
    if stroke != "none":
        scale = abs(element.matrix[0])
        dashes = " ".join(
            f"{number(length) * scale:.2f}" for length in style.get("stroke-dasharray", "").split()
        )
        yield f"{_colour(stroke)} RG {number(style.get('stroke-width', '1')) * scale:.2f} w [{dashes}] 0 d 1 j 1 J"
    yield from curves(path, element.matrix)
    yield {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}[
        fill != "none", stroke != "none"
    ]
    yield "Q"


def _text(element: _Open, text: str, lost: dict[str, None]) -> Iterator[str]:
    style, said = element.style, element.attributes
    bold = number(style.get("font-weight", "400")) >= 600
    size = number(style.get("font-size", "12"))
    letters = _letters(text, lost)
    scale = abs(element.matrix[0])
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[said.get("text-anchor", "start")]
    x = number(said.get("x", "0")) - share * width(letters, bold) * size / 1000
    at = shifted(element.matrix, x, number(said.get("y", "0")))
    shown = letters.encode("cp1252").hex()
    begin = f"BT /{'B' if bold else 'N'} {size * scale:.2f} Tf {at[4]:.2f} {at[5]:.2f} Td"
    if style.get("stroke", "none") != "none":
        line = number(style.get("stroke-width", "1")) * scale
        yield f"q {_colour(style['stroke'])} RG {line:.2f} w 1 j {begin} 1 Tr <{shown}> Tj ET Q"
    yield f"q {_colour(style.get('fill', '#000000'))} rg {begin} 0 Tr <{shown}> Tj ET Q"


def _letters(text: str, lost: dict[str, None]) -> str:
    """With what the standard fonts have in place of what they have not."""
    made = ""
    for letter in text:
        for like in (letter, _LIKE.get(letter, ""), unicodedata.normalize("NFKD", letter)[0]):
            if like and like.encode("cp1252", "ignore"):
                made += like
                break
        else:
            lost[letter] = None
            made += "?"
    return made


def width(text: str, bold: bool) -> float:
    """In thousandths of the font's size; of a letter with an accent as of the one without."""
    plain = (unicodedata.normalize("NFD", letter)[0] for letter in text)
    return sum(WIDTHS[bold][ord(letter) - 32] if " " <= letter <= "~" else 556 for letter in plain)


def _colour(text: str) -> str:
    value = text.lstrip("#")
    return " ".join(f"{int(value[at : at + 2], 16) / 255:.3f}" for at in (0, 2, 4))


def _file(content: str, wide: float, high: float) -> bytes:
    """A page of that size in points; without dates, so that the same poster is the same file."""
    stream = zlib.compress(content.encode("ascii"), 9)
    font = "<</Type/Font/Subtype/Type1/BaseFont/{}/Encoding/WinAnsiEncoding>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {wide:.2f} {high:.2f}]/Contents 4 0 R"
        "/Resources<</Font<</N 5 0 R/B 6 0 R>>>>>>".encode(),
        f"<</Length {len(stream)}/Filter/FlateDecode>>\nstream\n".encode() + stream + b"\nendstream",
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    made, places = b"%PDF-1.4\n", []
    for at, text in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{at} 0 obj\n".encode() + text + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}/Root 1 0 R>>\n"
    return made + f"{end}startxref\n{len(made)}\n%%EOF\n".encode()
