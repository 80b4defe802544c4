"""Penstock text as logical lines: a declaration with all physical lines that it goes on over."""

from __future__ import annotations

import re
from dataclasses import dataclass

CHILDREN = ("in", "out", "net")
"""What may start an indented line that is a line of its own."""

# A physical line up to its comment; quotes that are not closed are the lexer's to report.
_CONTENT = re.compile(r'[ \t]*+((?:[^\n#"`]++|"(?:[^"\\\n]|\\[^\n])*+"?|`[^`\n]*+`?)*+)')
_WORD = re.compile(r"non-negative\b|[^\W\d]\w*+", re.IGNORECASE)
_LAST = re.compile(r"(?:[-+*/^=<>,(;\[]|\b(?:and|or|not|mod|if|then|else|initially))\Z", re.IGNORECASE)
_LONGEST_WORD = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line at [start, end) of the text, and its first word in lower case."""

    start: int
    end: int
    word: str


def lines(text: str) -> list[Line]:
    """The logical lines of a text; blank ones and comments are none."""
    found: list[Line] = []
    goes_on = False
    at = 0
    while at < len(text):
        match = _CONTENT.match(text, at)
        assert match is not None
        content = match[1].rstrip()
        if content:
            start, end = match.start(1), match.start(1) + len(content)
            first = first_word(text, start, end)
            if found and (goes_on or (start > at and first not in CHILDREN)):
                found[-1] = Line(found[-1].start, end, found[-1].word)
            else:
                found.append(Line(start, end, first))
            goes_on = bool(_LAST.search(content[-_LONGEST_WORD:]))
        newline = text.find("\n", match.end())
        at = len(text) if newline < 0 else newline + 1
    return found


def first_word(text: str, start: int, end: int) -> str:
    match = _WORD.match(text, start, end)
    return match[0].lower() if match else ""
