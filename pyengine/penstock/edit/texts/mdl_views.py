"""The sketches of a Vensim file as edits replace them: lines, and numbers in lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...errors import error
from ...model import Connector, View, ViewItem, ViewKind
from ...read.mdl.pipes import AWAY
from ...read.mdl.sketch import CLOUD, PIPE, width
from ...write.expression import Printer
from ...write.losses import Losses
from ...write.mdl.sketch import END, curved, written_views
from .base import Range, number
from .mdl_names import SYMBOL, MdlNames

_NUMBERED = re.compile(r"^(?:1|10|11|12|30|31),([0-9]{1,9}),[^\n]*\n?", re.MULTILINE)
STOP = re.compile(r"^///---[^\n]*\n?", re.MULTILINE)


class MdlViews(MdlNames):
    """One Vensim file, of which edits replace sketches."""

    def place(
        self, view: int, item: ViewItem, x: float, y: float, points: tuple[tuple[float, float], ...]
    ) -> list[Range]:
        """Another place for a symbol; a flow's name moves with its valve."""
        found: list[Range] = []
        dx, dy = round(x) - item.x, round(y) - item.y
        uids = {item.uid: (0.0, 0.0)} | ({item.label.uid: (0.0, 0.0)} if item.label else {})
        for match in self._symbols_of(view):
            if int(match[2]) in uids:
                found.append((*match.span(4), number(float(match[4]) + dx)))
                found.append((*match.span(5), number(float(match[5]) + dy)))
        return found

    def _symbols_of(self, view: int) -> list[re.Match[str]]:
        start, end = self._view(view)
        return [match for match in self.symbols() if start <= match.start() < end]

    def _view(self, view: int) -> tuple[int, int]:
        """A sketch, from the line with its name to where the next one, or the end, begins."""
        starts = [match.start() for match in re.compile(r"^\*", re.MULTILINE).finditer(self.text, self.end)]
        stop = re.compile(r"^///---", re.MULTILINE).search(self.text, self.end)
        last = stop.start() if stop else len(self.text)
        starts = [at for at in starts if at < last]
        following = starts[view + 1] if view + 1 < len(starts) else last
        headers = re.compile(r"^\\{2,3}---///", re.MULTILINE).search(self.text, starts[view], following)
        return starts[view], headers.start() if headers else following

    def resymbol(self, view: int, item: ViewItem, kind: ViewKind) -> list[Range]:
        """The shape of a box or of a bare name for a symbol, whose bits say which."""
        if "flow" in (kind, item.kind):
            advice = "Delete it, and add it anew."
            raise error(
                "PEN902", edit=f"a new symbol for {item.name}", reason="flows have a valve", advice=advice
            )
        match = next(found for found in self._symbols_of(view) if int(found[2]) == item.uid)
        shape, comma, _ = match[8].partition(",")
        bits = int(shape) if shape.isdecimal() else 0
        bits = bits | 3 if kind == "stock" else bits & ~3 | 8
        return [(match.start(8), match.start(8) + len(shape), str(bits))] if comma else []

    def erase(self, view: int, items: Iterable[ViewItem], arrows: Iterable[Connector]) -> list[Range]:
        """Take symbols and arrows off a sketch; a flow goes with its name."""
        items = list(items)
        ends = {half.ends[1] for half in self.read.model.views[view].pipes}
        clouds = {item.uid for item in items if item.kind == "stock" and item.uid in ends}
        uids = {item.uid for item in items} | {item.label.uid for item in items if item.label}
        uids |= {arrow.uid for arrow in arrows if arrow.ends[1] not in clouds or width(arrow.style) <= PIPE}
        start, end = self._view(view)
        found: list[Range] = []
        for match in _NUMBERED.finditer(self.text, start, end):
            uid = int(match[1])
            if uid in clouds and (symbol := SYMBOL.match(self.text, match.start())):
                # Flows to and from it stay, and so need an end.
                cloud = f"12,{uid},{CLOUD},{symbol[4]},{symbol[5]},10,8,0,3,0,0,-1,0,0,0"
                found.append((*symbol.span(), cloud))
            elif uid in uids:
                found.append((match.start(), match.end(), ""))
        return found

    def draw(self, view: int, new: View) -> list[Range]:
        """Add the symbols and arrows that a view has at its end, and the text does not yet."""
        _, end = self._view(view)
        old = self.read.model.views[view]
        uids = [item.uid for item in old.items] + [item.label.uid for item in old.items if item.label]
        last = max([*uids, *(arrow.uid for arrow in (*old.connectors, *old.pipes))], default=0)
        body = written_views((new,), Printer(self.dialect, Losses("Vensim")))
        fresh = [match[0] for match in _NUMBERED.finditer(body) if int(match[1]) > last]
        gap = "" if self.text[:end].endswith("\n") else "\n"
        return [(end, end, gap + "".join(fresh))]

    def bend(self, view: int, arrow: int, new: Connector, through: tuple[float, float]) -> list[Range]:
        """An arrow's line with its curve through a point."""
        start, stop = self._view(view)
        for match in _NUMBERED.finditer(self.text, start, stop):
            if match[0].startswith(f"1,{new.uid},"):
                head = ",".join(match[0].split(",", 4)[:4])
                ending = match[0][len(match[0].rstrip("\r\n")) :]
                return [(*match.span(), f"{head},{curved(new.style, through)}{ending}")]
        return []

    def pipe(
        self, view: int, item: ViewItem, points: tuple[tuple[float, float], ...], away: bool, end: ViewItem
    ) -> list[Range]:
        """The half of a pipe that has its end elsewhere, with a cloud of its own at no stock."""
        old = self.read.model.views[view]
        halves = [half for half in old.pipes if half.ends[0] == item.uid]
        half = next((half for half in halves if _is_away(half) == away), None)
        if half is None:
            return []
        start, stop = self._view(view)
        found: list[Range] = []
        cloud, uid = "", end.uid
        if end.kind == "cloud":
            uid = 1 + max(int(match[1]) for match in _NUMBERED.finditer(self.text, start, stop))
            cloud = f"12,{uid},{CLOUD},{end.x:.0f},{end.y:.0f},10,8,0,3,0,0,-1,0,0,0\n"
        kept = {end_ for other in (*old.pipes, *old.connectors) if other is not half for end_ in other.ends}
        for match in _NUMBERED.finditer(self.text, start, stop):
            number_ = int(match[1])
            if number_ == half.uid:
                head = f"1,{half.uid},{half.ends[0]},{uid},{half.style.partition('|(')[0].rstrip('|')}"
                corner = points[1 if away else -2] if len(points) > 2 else points[0 if away else -1]
                found.append((*match.span(), f"{cloud}{head}|({corner[0]:.0f},{corner[1]:.0f})|\n"))
            elif (
                number_ == half.ends[1]
                and number_ not in kept
                and match[0].startswith(f"12,{number_},{CLOUD},")
            ):
                found.append((*match.span(), ""))
        return found

    def add_view(self, view: View) -> list[Range]:
        """The first sketch of a model."""
        text = written_views((view,), Printer(self.dialect, Losses("Vensim")))
        stop = STOP.search(self.text, self.end)
        gap = "" if self.text[: self.end].endswith("\n") else "\n"
        if stop:
            header = self.text[self.end : stop.start()]
            return [(self.end, stop.start(), text if header.strip() else gap + text)]
        return [(len(self.text), len(self.text), gap + text + END)]


def _is_away(half: Connector) -> bool:
    """Whether a flow comes from the end of this half of its pipe."""
    shape = half.style.partition(",")[0]
    return shape.isdecimal() and bool(int(shape) & AWAY)
