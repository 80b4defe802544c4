"""Penstock text as logical lines: a declaration with all physical lines that it goes on over."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Hashable
from dataclasses import dataclass
from typing import TypeVar

from ...place import Source, Span
from ..dialects import PEN, Dialect
from ..expression import Parser
from ..lexer import passage

T = TypeVar("T")

BLOCKS = ("macro", "submodel", "view", "keep")
"""The words whose lines have lines of their own below them, indented."""

CHILDREN = (
    *("in", "out", "net", "range", "connect", "leak", "overflow", "queue"),
    *("conveyor", "capacity", "limit", "sample", "arrest", "as"),
)
"""What may start an indented line that is a line of its own."""

# A physical line up to its comment; quotes that are not closed are the lexer's to report.
_CONTENT = re.compile(
    r'[ \t]*+((?:[^\n#"`{]++|"(?:[^"\\\n]|\\[^\n])*+"?|`[^`\n]*+`?|\{(?:[^{}\\\n]|\\[^\n])*+\}?)*+)'
)
_WORD = re.compile(r"non-negative\b|[^\W\d]\w*+", re.IGNORECASE)
_LAST = re.compile(r"(?:[-+*/^=<>,(;\[]|\b(?:and|or|not|mod|if|then|else|initially))\Z", re.IGNORECASE)
_LONGEST_WORD = 12
_BLANK = re.compile(r"\s*+")


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line at [start, end) of the text, and in lower case the word it starts with, if any.

    `depth` counts the blocks that it stands in.
    """

    source: Source
    start: int
    end: int
    word: str
    depth: int = 0

    @property
    def text(self) -> str:
        """All that follows the first word."""
        return self.source.text[self.start + len(self.word) : self.end]

    @property
    def first(self) -> Span:
        """The first word, or the first character of a line that starts with none."""
        return Span(self.source, self.start, min(self.end, self.start + max(1, len(self.word))))

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def parser(self, dialect: Dialect = PEN) -> Parser:
        """A parser for what follows the first word."""
        return Parser(passage(self.source, self.start + len(self.word), self.end), dialect)

    def part(self, key: Hashable, read: Callable[[Line], T]) -> T:
        """What `read` makes of the line, from its text, its word and `key` alone."""
        word, depth = self.word, self.depth
        return self.source.part(
            self.start,
            self.end,
            (word, key),
            lambda source, start, end: read(Line(source, start, end, word, depth)),
        )

    def rest(self) -> Line:
        """The line behind its first word."""
        blank = _BLANK.match(self.source.text, self.start + len(self.word), self.end)
        assert blank is not None
        word = _first_word(self.source.text, blank.end(), self.end)
        return Line(self.source, blank.end(), self.end, word, self.depth)


def lines(source: Source, declarations: Container[str]) -> list[Line]:
    """The logical lines of a text; blank ones and comments are none.

    Indented means further than the first line of the block. A line that ends in an operator does not swallow
    one that starts, unindented, with the word of a declaration: the first is incomplete then.
    """
    text = source.text
    found: list[Line] = []
    margins: list[int] = []
    goes_on = opened = False
    at = 0
    while at < len(text):
        match = _CONTENT.match(text, at)
        assert match is not None
        content = match[1].rstrip()
        if content:
            start, end = match.start(1), match.start(1) + len(content)
            first = _first_word(text, start, end)
            if not margins or (opened and not goes_on and first and start - at > margins[-1]):
                margins.append(start - at)
                opened = False
            indented = start - at > margins[-1]
            complete = not goes_on and (not indented or first in CHILDREN)
            if not found or complete or (not indented and first in declarations):
                while len(margins) > 1 and start - at <= margins[-2]:
                    margins.pop()
                opened = first in BLOCKS
                found.append(Line(source, start, end, first, len(margins) - 1))
            else:
                last = found[-1]
                found[-1] = Line(source, last.start, end, last.word, last.depth)
            goes_on = is_incomplete(content)
        newline = text.find("\n", match.end())
        at = len(text) if newline < 0 else newline + 1
    return found


def is_incomplete(content: str) -> bool:
    """Whether a line goes on after this, as it ends in an operator, a comma or an opening bracket."""
    return bool(_LAST.search(content[-_LONGEST_WORD:]))


def _first_word(text: str, start: int, end: int) -> str:
    match = _WORD.match(text, start, end)
    return match[0].lower() if match else ""
