"""Where a piece of model text stands: sources, spans and the caret lines that show them.

A span counts code points of the decoded text, with line ends already normalised to ``\\n``; editors
that count UTF-16 units ask for `Span.utf16_range`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Source:
    """One text that spans point into. `name` is what the user calls it, usually a file name."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def _wide(self) -> list[int]:
        """Where characters stand that take two UTF-16 units."""
        if self.text.isascii() or max(self.text) <= "\uffff":
            return []
        return [at for at, character in enumerate(self.text) if character > "\uffff"]

    def utf16(self, offset: int) -> int:
        """An offset in UTF-16 units."""
        return offset + bisect_left(self._wide, offset)

    def line_text(self, line: int) -> str:
        start = self._line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range ``[start, end)`` of a source's code points."""

    source: Source
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of the other."""
        return Span(self.source, self.start, other.end)

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def line_column(self) -> tuple[int, int]:
        return self.source.line_column(self.start)

    def utf16_range(self) -> tuple[int, int]:
        """The same range in UTF-16 code units, as JavaScript strings and editors count."""
        return self.source.utf16(self.start), self.source.utf16(self.end)

    def caret_lines(self, indent: str = "    ", width: int = 100) -> str:
        """The line that the span starts in, with carets under it; long lines are cut around the span."""
        line, column = self.line_column()
        text = self.source.line_text(line)
        first = column - 1
        if len(text) > width:
            cut = max(0, min(first - width // 3, len(text) - width))
            text, first = text[cut : cut + width], first - cut
        text = text.expandtabs(1)
        length = max(1, min(self.end - self.start, len(text) - first))
        return f"{indent}{text}\n{indent}{' ' * first}{'^' * length}"


NOWHERE = Span(Source("", ""), 0, 0)
"""The span of nodes that the compiler made up."""
