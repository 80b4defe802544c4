"""The lines of a text in Penstock's own language, and those of its diagrams as edits replace them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...model import Connector, Variable, View, ViewItem, ViewKind
from ...read.pen.lines import CHILDREN, Line
from ...read.pen.variables import MODIFIERS
from ...read.pen.views import SYMBOLS
from ...write.expression import Printer
from ...write.losses import Losses
from ...write.mdl.sketch import curved
from ...write.pen import views
from ..meaning import MAIN
from .base import Range, number
from .pen_names import PenNames


class PenViews(PenNames):
    """One text in Penstock's language, of which edits replace lines and diagrams."""

    def _printer(self) -> Printer:
        return Printer(self.dialect, Losses("Penstock text"))

    # Lines.

    def _line(self, start: int) -> int:
        """The number of the line that a place is in."""
        return next(n for n, (line, _, _) in enumerate(self.lines) if line.start <= start < line.end)

    def _declaration_of(self, variable: Variable, index: int) -> Line:
        return self._bare(self.lines[self._line(variable.equations[index].span.start)][0])

    def _bare(self, line: Line) -> Line:
        """A line behind its modifiers."""
        while line.word in MODIFIERS:
            line = line.rest()
        return line

    def _below(self, number: int) -> list[int]:
        """The lines that belong to a declaration."""
        found = []
        for place in range(number + 1, len(self.lines)):
            if self.lines[place][0].word not in CHILDREN or self.lines[place][2] in ("view", "keep"):
                break
            found.append(place)
        return found

    def _stop(self, at: int) -> int:
        """The end of the physical line, comments included."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _whole(self, line: Line) -> tuple[int, int]:
        """A line from its margin to its line end."""
        start = self.text.rfind("\n", 0, line.start) + 1
        return start, min(len(self.text), self._stop(line.end) + 1)

    def _margin(self, line: Line) -> str:
        return self.text[self.text.rfind("\n", 0, line.start) + 1 : line.start]

    # Diagrams.

    def _view_lines(self, view: int) -> list[Line]:
        """The lines of a view of the main model, its head first."""
        found: list[list[Line]] = []
        inside = False
        for line, scope, block in self.lines:
            if line.word == "view" and not block:
                found.append([line])
                inside = True
            elif block == "view" and inside and scope == MAIN:
                found[-1].append(line)
            else:
                inside = False
        return found[view]

    def place(
        self, view: int, item: ViewItem, x: float, y: float, points: tuple[tuple[float, float], ...]
    ) -> list[Range]:
        """Another place for a symbol, its label, and the ends of its pipe."""
        line = self._symbols(view)[self._number(view, item)]
        tokens = line.parser().tokens
        opened = next(n for n, token in enumerate(tokens) if token.kind == "(")
        closed = next(n for n, token in enumerate(tokens) if token.kind == ")")
        found: list[Range] = [(tokens[opened].start, tokens[closed].end, _point(x, y))]
        pipe = next(
            (n for n, token in enumerate(tokens) if token.kind == "name" and token.text == "pipe" and n), None
        )
        if pipe is not None and points != item.points:
            end = pipe + 1
            while tokens[end].kind not in ("name", "end"):
                end += 1
            found.append(
                (tokens[pipe + 1].start, tokens[end - 1].end, " ".join(_point(*point) for point in points))
            )
        return found

    def bend(self, view: int, arrow: int, new: Connector, through: tuple[float, float]) -> list[Range]:
        """An arrow's line with another angle, and what another format has for it."""
        line = [line for line in self._view_lines(view) if line.word == "arrow"][arrow]
        if self.read.model.views[view].format == "mdl":
            new = replace(new, angle=None, style=curved(new.style, through))
        return [(line.start, line.end, views.arrow_line(self._printer(), new))]

    def pipe(
        self, view: int, item: ViewItem, points: tuple[tuple[float, float], ...], away: bool, end: ViewItem
    ) -> list[Range]:
        """Another course for a pipe; halves that are kept for another format no longer hold."""
        old = self.read.model.views[view]
        halves = [half for half in old.pipes if half.ends[0] == item.uid]
        return [*self.place(view, item, item.x, item.y, points), *self.erase(view, [], halves)]

    def _symbols(self, view: int) -> list[Line]:
        return [line for line in self._view_lines(view) if line.word in SYMBOLS]

    def _number(self, view: int, item: ViewItem) -> int:
        return next(n for n, known in enumerate(self.read.model.views[view].items) if known is item)

    def resymbol(self, view: int, item: ViewItem, kind: ViewKind) -> list[Range]:
        """The word that a symbol's line starts with."""
        line = self._symbols(view)[self._number(view, item)]
        word = next(word for word, known in SYMBOLS.items() if known == kind)
        return [(line.start, line.start + len(line.word), word)]

    def erase(self, view: int, items: Iterable[ViewItem], arrows: Iterable[Connector]) -> list[Range]:
        symbols = self._symbols(view)
        old = self.read.model.views[view]
        found: list[Range] = [(*self._whole(symbols[self._number(view, item)]), "") for item in items]
        gone = {id(arrow) for arrow in arrows}
        for word, drawn in (("arrow", old.connectors), ("pipe", old.pipes)):
            lines = [line for line in self._view_lines(view) if line.word == word]
            found += [
                (*self._whole(line), "")
                for line, arrow in zip(lines, drawn, strict=True)
                if id(arrow) in gone
            ]
        return found

    def draw(self, view: int, new: View) -> list[Range]:
        """Add the symbols and arrows that a view has and the text does not yet, which are its last."""
        old = self.read.model.views[view]
        fresh = View(
            new.name,
            new.items[len(old.items) :],
            new.connectors[len(old.connectors) :],
            new.pipes[len(old.pipes) :],
        )
        lines = self._view_lines(view)
        margin = self._margin(lines[1]) if len(lines) > 1 else self._margin(lines[0]) + "  "
        at = self._stop(lines[-1].end)
        body = [line.strip() for line in list(views.lines(self._printer(), fresh))[1:]]
        return [(at, at, "".join(f"\n{margin}{line}" for line in body))]

    def add_view(self, view: View) -> list[Range]:
        """A view before what is kept for other formats, at the end of the text."""
        keep = next((line for line, _, block in self.lines if line.word == "keep" and not block), None)
        at = self._whole(keep)[0] if keep is not None else len(self.text)
        gap = "" if self.text[:at].endswith("\n\n") else "\n" if self.text[:at].endswith("\n") else "\n\n"
        return [(at, at, gap + "\n".join(views.lines(self._printer(), view)) + ("\n\n" if keep else "\n"))]


def _point(x: float, y: float) -> str:
    return f"({number(x)}, {number(y)})"
