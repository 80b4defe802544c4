"""Where a piece of model text stands: sources, spans and the caret lines that show them.

A span counts code points of the decoded text, with line ends already normalised to ``\\n``; editors
that count UTF-16 units ask for `Span.utf16_range`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, SupportsIndex, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Source:
    """One text that spans point into. `name` is what the user calls it, usually a file name."""

    name: str
    text: str = field(repr=False)

    @property
    def whole(self) -> Source:
        """The file that the text is a part of: itself, unless it is one (see `recall`)."""
        return self

    @property
    def offset(self) -> int:
        """Where the text starts in the file."""
        return 0

    def part(self, start: int, end: int, key: Hashable, read: Callable[[Source, int, int], T]) -> T:
        """What `read` makes of the part [start, end), which it is given a source and a place for.

        It must depend on that part's text and on `key` alone: a source may remember what it made.
        """
        return read(self, start, end)

    def joined(self, key: Hashable, parts: tuple[object, ...], join: Callable[[], T]) -> T:
        """What `join` makes of `parts` alone: a source may remember it as long as these are the same objects."""
        return join()

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


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """The half-open range ``[start, end)`` of a source's code points.

    `low` and `high` count from the start of `within`, which may be a part of the source that moves with it.
    """

    within: Source
    low: int
    high: int

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> str | tuple[Any, ...]:
        """No place is one object, in every process."""
        return "NOWHERE" if self is NOWHERE else object.__reduce_ex__(self, protocol)

    @property
    def source(self) -> Source:
        return self.within.whole

    @property
    def start(self) -> int:
        return self.within.offset + self.low

    @property
    def end(self) -> int:
        return self.within.offset + self.high

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Span):
            return NotImplemented
        return self.source is other.source and self.start == other.start and self.end == other.end

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of the other."""
        if self.within is other.within:
            return Span(self.within, self.low, other.high)
        return Span(self.source, self.start, other.end)

    @property
    def text(self) -> str:
        return self.within.text[self.low : self.high]

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
