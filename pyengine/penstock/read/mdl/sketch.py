"""Vensim's sketches as views, as far as they can be made out: a drawing never fails a model.

A line is ``type,id,name or number,x,y,half width,half height,shape,bits,…``. Types read are 10 variables,
11 valves, 12 clouds and comments, 30 and 31 pictures, 1 arrows (``1,id,from,to,shape,hidden,polarity,width,…``).
A valve's name stands in the variable line that follows it, a comment's text often on a line of its own. What a
line says beyond place and size is the symbol's style; for valves, comments and pictures the number or type is
its first part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from ...changing import replace
from ...model import Connector, Ident, Label, View, ViewItem, ViewKind, canonical
from ..dialects import MDL, plain, unquote
from .pipes import pipe_points

ATTACHED = 32  # of a variable's shape bits: it is the label of the valve before it
_BOX = 3  # a variable's shape bits that draw it as a stock
_ORIGINAL = 1  # of a variable's other bits: no shadow of one that is drawn elsewhere
TEXT_BELOW = 4  # of a comment's other bits: its text is the next line
CLOUD = "48"  # what a cloud has for a name
PIPE = 20  # arrows that are wider are pipes

_WORD = re.compile(
    r'(10|11|12|30|31),([0-9]{1,9}),("(?:[^"\\]|\\.)*+"|[^,]*+),([^,]*+),([^,]*+),([^,]*+),([^,]*+),(.*)'
)
WHOLE = re.compile(r"[0-9]{1,9}")
_ARROW = re.compile(r"1,([0-9]{1,9}),([0-9]{1,9}),([0-9]{1,9}),?(.*)")


@dataclass(slots=True)
class _Sketch:
    """A view while its lines are read; `symbols` by uid, `valves` those of flows."""

    name: str
    style: str = ""
    items: list[ViewItem] = field(default_factory=list)
    arrows: list[tuple[int, int, int, str]] = field(default_factory=list)
    symbols: dict[int, ViewItem] = field(default_factory=dict)
    valves: set[int] = field(default_factory=set)

    def add(self, item: ViewItem) -> None:
        self.items.append(item)
        self.symbols[item.uid] = item
        if item.label:
            self.symbols[item.label.uid] = item

    def view(self) -> View:
        connectors: list[Connector] = []
        pipes: dict[int, list[Connector]] = {}
        for uid, start, end, style in self.arrows:
            source, target = self.symbols.get(start), self.symbols.get(end)
            if source is None or target is None:
                continue
            arrow = Connector(source.name, target.name, uid=uid, ends=(start, end), style=style)
            if start in self.valves and width(style) > PIPE:
                pipes.setdefault(start, []).append(arrow)
            else:
                connectors.append(arrow)
        items = (self._with_pipe(item, pipes[item.uid]) if item.uid in pipes else item for item in self.items)
        halves = sorted((half for found in pipes.values() for half in found), key=lambda half: half.uid)
        return View(self.name, tuple(items), tuple(connectors), tuple(halves), "mdl", self.style)

    def _with_pipe(self, item: ViewItem, halves: Iterable[Connector]) -> ViewItem:
        points = pipe_points(item, halves, self.symbols)
        return replace(item, points=points) if points else item


def read_views(text: str, start: int) -> tuple[tuple[View, ...], frozenset[Ident]]:
    """The views after `start`, and the identifiers of the variables that are drawn with a valve."""
    sketches: list[_Sketch] = []
    lines = iter(text[start:].split("\n"))
    for line in lines:
        if line.startswith("///---"):
            break
        if line.startswith("*"):
            sketches.append(_Sketch(line[1:].strip()))
        elif sketches and line.startswith("$"):
            sketches[-1].style = line[1:]
        elif sketches:
            _read_line(sketches[-1], line, lines)
    views = tuple(sketch.view() for sketch in sketches)
    flows = (item.name for view in views for item in view.items if item.kind == "flow" and item.name)
    return views, frozenset(map(canonical, flows))


def _read_line(sketch: _Sketch, line: str, following: Iterator[str]) -> None:
    """Add what one line draws; a line that is not as expected draws nothing."""
    if line.startswith("1,"):
        if arrow := _ARROW.fullmatch(line):
            uid, start, end, style = arrow.groups()
            sketch.arrows.append((int(uid), int(start), int(end), style))
    elif (word := _WORD.fullmatch(line)) and (numbers := _numbers(word.groups()[3:7])):
        x, y, width, height = numbers
        fields = _Word(word[1], int(word[2]), word[3], x, y, width, height, word[8])
        _READERS[fields.type](sketch, fields, following)


class _Word(NamedTuple):
    """The fields of a symbol's line; `rest` is what follows the half size."""

    type: str
    uid: int
    text: str
    x: float
    y: float
    width: float
    height: float
    rest: str

    @property
    def shape(self) -> int:
        return self._bits(0)

    @property
    def bits(self) -> int:
        return self._bits(1)

    def _bits(self, place: int) -> int:
        text = self.rest.split(",", place + 1)[place : place + 1]
        return int(text[0]) if text and WHOLE.fullmatch(text[0]) else 0

    def item(self, kind: ViewKind, name: str, style: str) -> ViewItem:
        return ViewItem(kind, name, self.x, self.y, self.width, self.height, uid=self.uid, style=style)


def _variable(sketch: _Sketch, word: _Word, following: Iterator[str]) -> None:
    name = unquote(MDL, word.text) if word.text.startswith('"') else plain(word.text)
    last = sketch.items[-1] if sketch.items else None
    if word.shape & ATTACHED and last and last.uid in sketch.valves and not last.label:
        label = Label(word.x, word.y, word.width, word.height, word.uid, word.rest)
        sketch.items.pop()
        sketch.add(replace(last, name=name, label=label))
        return
    kind: ViewKind = "flow" if word.shape & ATTACHED else "auxiliary"
    if word.shape & _BOX == _BOX:
        kind = "stock"
    elif not word.bits & _ORIGINAL:
        kind = "alias"
    sketch.add(word.item(kind, name, word.rest))


def _valve(sketch: _Sketch, word: _Word, following: Iterator[str]) -> None:
    sketch.valves.add(word.uid)
    sketch.add(word.item("flow", "", f"{word.text},{word.rest}"))


def _comment(sketch: _Sketch, word: _Word, following: Iterator[str]) -> None:
    text = next(following, "") if word.bits & TEXT_BELOW else ""
    kind: ViewKind = "cloud" if word.text == CLOUD else "comment"
    sketch.add(word.item(kind, text.replace("\\n", "\n"), f"{word.text},{word.rest}"))


def _picture(sketch: _Sketch, word: _Word, following: Iterator[str]) -> None:
    sketch.add(word.item("picture", word.text, f"{word.type},{word.rest}"))


_READERS: Mapping[str, Callable[[_Sketch, _Word, Iterator[str]], None]] = {
    "10": _variable,
    "11": _valve,
    "12": _comment,
    "30": _picture,
    "31": _picture,
}


def _numbers(fields: Iterable[str]) -> list[float] | None:
    """The numbers; None where one is no finite number."""
    try:
        found = [float(text) for text in fields]
    except ValueError:
        return None
    return found if all(map(isfinite, found)) else None


def width(style: str) -> int:
    """How wide an arrow is drawn."""
    text = style.split(",")[3:4]
    return int(text[0]) if text and WHOLE.fullmatch(text[0]) else 0
