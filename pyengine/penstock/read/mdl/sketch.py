"""Vensim's sketches as views, as far as they can be made out: a drawing never fails a model.

A line is ``type,id,name or number,x,y,half width,half height,shape,bits,…``. Types read are 10 variables,
11 valves, 12 clouds and comments, 1 arrows (``1,id,from,to,…``). A valve's name stands in the variable
line that follows it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite

from ...model import Connector, Ident, View, ViewItem, ViewKind, canonical
from ..dialects import plain

_ATTACHED = 32  # of a variable's shape bits: it is the label of the valve before it
_BOX = 3  # a variable's shape bits that draw it as a stock
_CLOUD = "48"  # what a cloud has for a name


@dataclass(slots=True)
class _Sketch:
    """A view while its lines are read: symbols' names by id, and the id of a valve that has none yet."""

    name: str
    items: list[ViewItem] = field(default_factory=list)
    arrows: list[tuple[str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    valve: str = ""

    def view(self) -> View:
        ends = ((self.names.get(source), self.names.get(target)) for source, target in self.arrows)
        connectors = tuple(Connector(source, target) for source, target in ends if source and target)
        return View(self.name, tuple(self.items), connectors)


def read_views(text: str, start: int) -> tuple[tuple[View, ...], frozenset[Ident]]:
    """The views after `start`, and the identifiers of the variables that are drawn with a valve."""
    sketches: list[_Sketch] = []
    flows: set[Ident] = set()
    for line in text[start:].split("\n"):
        if line.startswith("///---"):
            break
        if line.startswith("*"):
            sketches.append(_Sketch(line[1:].strip()))
        elif sketches and line[:2] in ("10", "11", "12", "1,"):
            _read_line(sketches[-1], _fields(line), flows)
    return tuple(sketch.view() for sketch in sketches), frozenset(flows)


def _fields(line: str) -> list[str]:
    """The comma-separated fields; a name with a comma is quoted."""
    if '"' not in line:
        return line.split(",")
    try:
        return next(csv.reader([line]))
    except csv.Error:
        return []


def _read_line(sketch: _Sketch, fields: list[str], flows: set[Ident]) -> None:
    """Add what one line draws; a line that is not as expected draws nothing."""
    if fields[:1] == ["1"] and len(fields) > 3:
        sketch.arrows.append((fields[2], fields[3]))
        return
    numbers = _numbers(fields[3:8])
    if len(numbers) < 5:
        return
    x, y, width, height, shape = numbers
    kind, number, label = fields[:3]
    name = plain(label)
    symbol: ViewKind
    if kind == "11":
        sketch.valve = number
        return
    if kind == "12":
        symbol = "cloud" if label == _CLOUD else "comment"
        name = "" if symbol == "cloud" else name
    elif int(shape) & _ATTACHED:
        symbol = "flow"
        flows.add(canonical(name))
        sketch.names.setdefault(sketch.valve, name)
    else:
        symbol = "stock" if int(shape) & _BOX == _BOX else "auxiliary"
    sketch.valve = ""
    if name:
        sketch.names[number] = name
    sketch.items.append(ViewItem(symbol, name, x, y, width, height))


def _numbers(fields: Iterable[str]) -> list[float]:
    """The numbers up to the first field that is no finite number."""
    found: list[float] = []
    for text in fields:
        try:
            number = float(text)
        except ValueError:
            break
        if not isfinite(number):
            break
        found.append(number)
    return found
