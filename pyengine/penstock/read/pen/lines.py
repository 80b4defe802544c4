"""Penstock text as logical lines: a declaration with all physical lines that it goes on over."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

CHILDREN = ("in", "out", "net")
"""What may start an indented line that is a line of its own."""

# A physical line up to its comment; quotes that are not closed are the lexer's to report.
_CONTENT = re.compile(r'[ \t]*+((?:[^\n#"`]++|"(?:[^"\\\n]|\\[^\n])*+"?|`[^`\n]*+`?)*+)')
_WORD = re.compile(r"non-negative\b|[^\W\d]\w*+", re.IGNORECASE)
_LAST = re.compile(r"(?:[-+*/^=<>,(;\[]|\b(?:and|or|not|mod|if|then|else|initially))\Z", re.IGNORECASE)
_LONGEST_WORD = 12
_BLANK = re.compile(r"\s*+")


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line at [start, end) of the text, and in lower case the word it starts with, if any."""

    start: int
    end: int
    word: str


def lines(text: str, declarations: Container[str]) -> list[Line]:
    """The logical lines of a text; blank ones and comments are none.

    Indented means further than the first line. A line that ends in an operator does not swallow one that
    starts, unindented, with the word of a declaration: the first is incomplete then.
    """
    found: list[Line] = []
    goes_on = False
    margin = None
    at = 0
    while at < len(text):
        match = _CONTENT.match(text, at)
        assert match is not None
        content = match[1].rstrip()
        if content:
            start, end = match.start(1), match.start(1) + len(content)
            first = _first_word(text, start, end)
            margin = start - at if margin is None else margin
            indented = start - at > margin
            complete = not goes_on and (not indented or first in CHILDREN)
            if not found or complete or (not indented and first in declarations):
                found.append(Line(start, end, first))
            else:
                found[-1] = Line(found[-1].start, end, found[-1].word)
            goes_on = bool(_LAST.search(content[-_LONGEST_WORD:]))
        newline = text.find("\n", match.end())
        at = len(text) if newline < 0 else newline + 1
    return found


def rest(text: str, line: Line) -> Line:
    """The line behind its first word."""
    blank = _BLANK.match(text, line.start + len(line.word), line.end)
    assert blank is not None
    return Line(blank.end(), line.end, _first_word(text, blank.end(), line.end))


def _first_word(text: str, start: int, end: int) -> str:
    match = _WORD.match(text, start, end)
    return match[0].lower() if match else ""
