"""Vensim's sketches as views, as far as they can be made out: a drawing never fails a model.

A line is ``type,id,name or number,x,y,half width,half height,shape,bits,…``. Types read are 10 variables,
11 valves, 12 clouds and comments, 30 and 31 pictures, 1 arrows (``1,id,from,to,shape,hidden,polarity,width,…``).
A valve's name stands in the variable line that follows it, a comment's text often on a line of its own. What a
line says beyond place and size is the symbol's style; for valves, comments and pictures the number or type is
its first part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import isfinite

from ...model import Connector, Ident, Label, View, ViewItem, ViewKind, canonical
from ..dialects import MDL, plain, unquote
from .pipes import pipe_points

ATTACHED = 32  # of a variable's shape bits: it is the label of the valve before it
_BOX = 3  # a variable's shape bits that draw it as a stock
_ORIGINAL = 1  # of a variable's other bits: no shadow of one that is drawn elsewhere
TEXT_BELOW = 4  # of a comment's other bits: its text is the next line
CLOUD = "48"  # what a cloud has for a name
_PIPE = 20  # arrows that are wider are pipes

_WORD = re.compile(
    r'(10|11|12|30|31),([0-9]{1,9}),("(?:[^"\\]|\\.)*+"|[^,]*+),([^,]*+),([^,]*+),([^,]*+),([^,]*+),(.*)'
)
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
            if start in self.valves and _width(style) > _PIPE:
                pipes.setdefault(start, []).append(arrow)
            else:
                connectors.append(arrow)
        items = (self._with_pipe(item, pipes.get(item.uid, ())) for item in self.items)
        halves = sorted((half for found in pipes.values() for half in found), key=lambda half: half.uid)
        return View(self.name, tuple(items), tuple(connectors), tuple(halves), "mdl", self.style)

    def _with_pipe(self, item: ViewItem, halves: Iterable[Connector]) -> ViewItem:
        points = pipe_points(item, halves, self.symbols)
        return replace(item, points=points) if points else item


def read_views(text: str, start: int) -> tuple[tuple[View, ...], frozenset[Ident]]:
    """The views after `start`, and the identifiers of the variables that are drawn with a valve."""
    views: list[View] = []
    for lines in _sections(text, start):
        sketch = _Sketch("")
        for line in lines:
            if line.startswith("*") and not sketch.name:
                sketch.name = line[1:].strip()
            elif line.startswith("$") and not sketch.style:
                sketch.style = line
            elif sketch.name:
                _read_line(sketch, line, lines)
        if sketch.name:
            views.append(sketch.view())
    flows = (canonical(item.name) for view in views for item in view.items if item.kind == "flow" and item.name)
    return tuple(views), frozenset(flows)


def _sections(text: str, start: int) -> Iterator[Iterator[str]]:
    """The lines of each view."""
    section: list[str] = []
    for line in text[start:].split("\n"):
        if line.startswith("///---"):
            break
        if line.startswith(("*", "\\\\---///", "\\\\\\---///")) and not (section and _awaits_text(section[-1])):
            yield iter(section)
            section = []
        section.append(line)
    yield iter(section)
