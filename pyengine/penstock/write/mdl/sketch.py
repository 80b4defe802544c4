"""Vensim's sketches from views: the lines of a view read from one as they were, others in Vensim's usual looks."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from math import atan2, pi, radians, tan

from ...model import Connector, Ident, Label, View, ViewItem, canonical
from ...read.mdl.sketch import CLOUD, TEXT_BELOW, WHOLE
from ..expression import Printer

HEADER = """\
\\\\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
"""
END = "///---\\\\\\\n"

_FONT = "192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0"

_STYLES = {
    "stock": "3,3,0,0,0,0,0,0",
    "auxiliary": "8,3,0,0,0,0,0,0",
    "alias": "8,2,0,3,-1,0,0,0,128-128-128,0-0-0,|||128-128-128",
    "flow": "0,34,3,0,0,1,0,0,0",
    "cloud": f"{CLOUD},0,3,0,0,-1,0,0,0",
    "comment": f"0,8,{TEXT_BELOW},0,0,-1,0,0,0",
    "picture": "30,8,3,0,0,-1,0,0,0",
}
"""What follows a symbol's half size; comments and valves have a number, pictures a type, before it."""
_LABEL = "40,3,0,0,-1,0,0,0"

_SIZES = {"stock": (40.0, 20.0), "flow": (6.0, 8.0), "cloud": (10.0, 8.0)}
_ENTERING, _LEAVING = "4,0,0,22,0,0,0,-1--1--1,,1", "100,0,0,22,0,0,0,-1--1--1,,1"
_ARROW = "0,0,0,0,64,0,-1--1--1,,1"
_MOST = 2.4
_NEAR = 15.0  # how far from a stock's edge, in pixels, a pipe may end that is meant to end there

Line = tuple[int, str]


def written_views(views: Iterable[View], printer: Printer) -> str:
    return "".join(f"{HEADER}*{view.name}\n{_Sketch(view, printer).text()}" for view in views)


class _Sketch:
    """One view. Symbols have unique numbers: their own where the view is Vensim's, counted where it is not."""

    def __init__(self, view: View, printer: Printer) -> None:
        self.view = view
        self.printer = printer
        self.losses = printer.losses
        self.own = view.format == "mdl"
        self.taken = {0}
        uids = [item.uid for item in view.items] + [arrow.uid for arrow in (*view.connectors, *view.pipes)]
        self.last = max(uids, default=0) if self.own else 0
        self.uids: dict[int, int] = {}
        """New numbers by those that the view has."""
        self.symbols: dict[int, ViewItem] = {}
        self.places: dict[Ident, tuple[int, ViewItem]] = {}
        """The symbol of a variable's name, rather than an alias of it."""
        self.labels: dict[int, int] = {}
        """The numbers of flows' names by those of their valves."""

    def text(self) -> str:
        view = self.view
        items = [line for item in view.items for line in self._item(item)]
        pipes = [line for half in view.pipes if self.own for line in self._connector(half)]
        drawn = {self.uids.get(half.ends[0]) for half in view.pipes if self.own}
        bare = [(uid, item) for uid, item in self.symbols.items() if item.points and uid not in drawn]
        made = [line for uid, item in bare for line in self._pipe(uid, item)]
        connectors = [line for arrow in view.connectors for line in self._connector(arrow)]
        font = view.style if self._is_line(view.style) else _FONT
        # Each kind in its order; Vensim has all in that of their numbers.
        lines = heapq.merge(items, connectors, pipes, made, key=lambda line: line[0])
        return f"${font}\n" + "".join(f"{text}\n" for _, text in lines)

    def _number(self, uid: int) -> int:
        """A free number for a symbol or an arrow."""
        if self.own and uid not in self.taken:
            number = uid
        else:
            number = self.last = self.last + 1
        self.taken.add(number)
        if uid:
            self.uids.setdefault(uid, number)
        return number

    def _style(self, item: ViewItem) -> str:
        return item.style if self._is_line(item.style) else _STYLES[item.kind]

    def _is_line(self, style: str) -> bool:
        """Whether a style is Vensim's, and the end of a line."""
        return self.own and bool(style) and "\n" not in style

    def _item(self, item: ViewItem) -> Iterator[Line]:
        uid = self._number(item.uid)
        ident = canonical(item.name)
        if item.name and (ident not in self.places or self.places[ident][1].kind == "alias"):
            self.places[ident] = uid, item
        self.symbols[uid] = item
        style = self._style(item)
        size = _size(item)
        if item.kind == "flow" and (item.label or not item.name or not self._is_line(item.style)):
            number, _, style = style.partition(",")
            yield uid, _line("11", uid, number, item.x, item.y, *size, style)
            if item.name:
                yield self._label(item, item.label or _below(item))
        elif item.kind in ("cloud", "comment"):
            yield uid, self._comment(item, uid, style)
        elif item.kind == "picture":
            type_, _, style = style.partition(",")
            yield uid, _line(type_, uid, item.name, item.x, item.y, *size, style)
        else:
            yield uid, _line("10", uid, self.printer.name(item.name), item.x, item.y, *size, style)

    def _label(self, item: ViewItem, label: Label) -> Line:
        """The name of a flow, which arrows are drawn to."""
        uid = self._number(label.uid)
        self.labels[self.places[canonical(item.name)][0]] = uid
        style = label.style if self._is_line(label.style) else _LABEL
        size = label.x, label.y, label.width, label.height
        return uid, _line("10", uid, self.printer.name(item.name), *size, style)

    def _comment(self, item: ViewItem, uid: int, style: str) -> str:
        """A cloud or a text, which stands on the next line."""
        number, _, style = style.partition(",")
        text = item.name.replace("\n", "\\n")
        fields = style.split(",")
        bits = int(fields[1]) if len(fields) > 1 and WHOLE.fullmatch(fields[1]) else 0
        if bool(text) > bool(bits & TEXT_BELOW) and len(fields) > 1:
            style = ",".join((fields[0], str(bits | TEXT_BELOW), *fields[2:]))
            bits |= TEXT_BELOW
        line = _line("12", uid, number, item.x, item.y, *_size(item), style)
        return f"{line}\n{text}" if bits & TEXT_BELOW else line

    def _connector(self, arrow: Connector) -> Iterator[Line]:
        """An arrow between two symbols, by their numbers or else by their names."""
        source, target = (
            self.uids.get(end) or self._named(name)
            for end, name in zip(arrow.ends, (arrow.source, arrow.target), strict=True)
        )
        if source is None or target is None:
            self.losses.left_out(f"arrows in the diagram {self.view.name} at what is not drawn")
            return
        uid = self._number(arrow.uid)
        style = arrow.style
        if not self._is_line(style):
            style = self._drawn(self.symbols.get(source), self.symbols.get(target), arrow.angle)
        yield uid, f"1,{uid},{source},{target},{style}"

    def _named(self, name: str) -> int | None:
        uid, _ = self.places.get(canonical(name), (None, None))
        return None if uid is None else self.labels.get(uid, uid)

    def _drawn(self, source: ViewItem | None, target: ViewItem | None, angle: float | None) -> str:
        """A straight arrow, or an arc that leaves at an angle (in degrees, counterclockwise from the right)."""
        if source is None or target is None:
            return f"0,{_ARROW}|(0,0)|"
        across, down = target.x - source.x, target.y - source.y
        x, y = (source.x + target.x) / 2, (source.y + target.y) / 2
        if angle is None:
            return f"0,{_ARROW}|({x:.0f},{y:.0f})|"
        # Half of what the arc turns by on its way, at most three quarters of a circle in all.
        turn = (radians(angle) + atan2(down, across) + pi) % (2 * pi) - pi
        bulge = tan(max(-_MOST, min(_MOST, turn)) / 2) / 2
        return f"1,{_ARROW}|({x + down * bulge:.0f},{y - across * bulge:.0f})|"

    def _pipe(self, valve: int, flow: ViewItem) -> Iterator[Line]:
        """Both halves of a pipe, and clouds where it ends at no stock."""
        for (x, y), style in ((flow.points[-1], _ENTERING), (flow.points[0], _LEAVING)):
            end = next((uid for uid, item in self.symbols.items() if _touches(item, x, y)), None)
            if end is None:
                end = self._number(0)
                cloud = ViewItem("cloud", "", x, y)
                self.symbols[end] = cloud
                yield end, self._comment(cloud, end, _STYLES["cloud"])
            uid = self._number(0)
            yield uid, f"1,{uid},{valve},{end},{style}|({(flow.x + x) / 2:.0f},{(flow.y + y) / 2:.0f})|"


def curved(style: str, through: tuple[float, float]) -> str:
    """What follows an arrow's ends, as that of an arc through a point."""
    x, y = through
    fields = (style.partition("|(")[0] if style else f"0,{_ARROW}").split(",")
    fields[0] = str(int(fields[0]) | 1) if fields[0].isdecimal() else "1"
    return f"{','.join(fields).rstrip('|')}|({x:.0f},{y:.0f})|"


def _size(item: ViewItem) -> tuple[float, float]:
    if item.width or item.height or item.style:
        return item.width, item.height
    return _SIZES.get(item.kind, _around(item.name))


def _around(name: str) -> tuple[float, float]:
    """Half the size of a text on one line."""
    return max(20.0, 3.5 * len(name)), 11.0


def _below(flow: ViewItem) -> Label:
    width, height = _around(flow.name)
    return Label(flow.x, flow.y + _SIZES["flow"][1] + height, width, height)


def _touches(item: ViewItem, x: float, y: float) -> bool:
    """Whether a pipe that ends at a point ends at a symbol."""
    if item.kind not in ("stock", "cloud", "alias"):
        return False
    width, height = _size(item)
    return abs(x - item.x) <= width + _NEAR and abs(y - item.y) <= height + _NEAR


def _line(type_: str, uid: int, text: str, x: float, y: float, width: float, height: float, rest: str) -> str:
    numbers = ",".join(f"{number:.0f}" for number in (x, y, width, height))
    return f"{type_},{uid},{text},{numbers},{rest}"
