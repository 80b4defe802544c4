"""Text into tokens, for any dialect: one compiled pattern, one pass, never any backtracking.

A token's `kind` is ``name``, ``number``, ``string``, ``units`` or ``end``; for symbols and reserved words
it is their own spelling in lower case. Where it is asked for, several points with commas between them are one
token ``points``: a table of a thousand points is half of a large file, and has seven tokens a point.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

from ..errors import PenstockError, error
from ..place import Source, Span
from .dialects import DIALECTS, Dialect, plain, unquote

EXPRESSION = "an expression"


class Token(NamedTuple):
    """`text` is the name without its quotes, else what stands in the passage at [start, end)."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The part [start, end) of a text that is read as one, and where it stands in the source.

    `stretches` are pairs (offset in text, offset in source), ascending, for texts that were taken out of
    the source piece by piece; empty where `text` is the source's own.
    """

    source: Source
    text: str
    start: int
    end: int
    stretches: tuple[tuple[int, int], ...] = ()

    def span(self, start: int, end: int) -> Span:
        if not self.stretches:
            return Span(self.source, start, end)
        first = self._in_source(start)
        return Span(self.source, first, max(first, self._in_source(max(start, end - 1)) + (end > start)))

    def _in_source(self, offset: int) -> int:
        index = max(0, bisect_right(self.stretches, offset, key=lambda pair: pair[0]) - 1)
        ours, theirs = self.stretches[index]
        return theirs + offset - ours

    def whole(self) -> Span:
        """The passage without the white space around it."""
        text = self.text[self.start : self.end]
        start = self.start + len(text) - len(text.lstrip())
        return self.span(start, max(start, self.start + len(text.rstrip())))


def passage(source: Source, start: int = 0, end: int | None = None) -> Passage:
    return Passage(source, source.text, start, len(source.text) if end is None else end)


_NUMBER = r"(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+(?![\w.])"

_BRACKETS = {"'": "'", '"': '"', "{": "}"}


@cache
def _pattern(key: str, points: bool) -> re.Pattern[str]:
    """White space and comments, then one token, each kind a named group; ``bad`` starts what is none."""
    dialect = DIALECTS[key]
    opening, closing = dialect.comment
    ending = r"(?:\n|\Z)" if closing == "\n" else re.escape(closing)
    skip = rf"(?:{dialect.space}|{re.escape(opening)}[^{closing}]*+{ending})*+"
    space = rf"(?:{dialect.space})*+"
    point = rf"\({space}[+-]?{_NUMBER}{space},{space}[+-]?{_NUMBER}{space}\)"
    groups = {
        "points": rf"{point}(?:{space},{space}{point})++" if points else r"(?!)",
        "number": _NUMBER,
        "bad_number": r"\.?[0-9][\w.]*+",
        "word": dialect.words,
        "name": dialect.name,
        "quoted": dialect.quoted,
        "string": dialect.string,
        "units": dialect.units,
        "symbol": "|".join(re.escape(symbol) for symbol in sorted(dialect.symbols, key=len, reverse=True)),
        "bad": ".",
    }
    choices = "|".join(f"(?P<{name}>{pattern})" for name, pattern in groups.items())
    return re.compile(rf"{skip}(?:{choices}|\Z)", re.DOTALL)


def tokenize(text: Passage, dialect: Dialect, points: bool = False) -> list[Token]:
    """All tokens of the passage, the last of kind ``end``; with `points`, those of kind ``points`` among them."""
    tokens: list[Token] = []
    new = partial(tuple.__new__, Token)  # without the Python function that a named tuple has for it
    for match in _pattern(dialect.key, points).finditer(text.text, text.start, text.end):
        group = match.lastgroup
        if group is None:
            break
        start, end = match.span(group)
        found = match[group]
        if group == "symbol":
            tokens.append(new((found, found, start, end)))
        elif group == "name":
            tokens.append(new(("name", plain(found), start, end)))
        elif group == "quoted":
            name = unquote(dialect, found)
            if not name:
                raise error(
                    "PEN101", text.span(start, end), expected="a name", found=found, advice=dialect.advice
                )
            tokens.append(Token("name", name, start, end))
        elif group == "word":
            tokens.append(Token(" ".join(found.lower().replace("_", " ").split()), found, start, end))
        elif group in ("number", "string", "units", "points"):
            tokens.append(new((group, found, start, end)))
        else:
            raise _unreadable(text, dialect, group, found, start, end)
    last = tokens[-1].end if tokens else text.whole().low
    tokens.append(Token("end", "", last, last))
    return tokens


def _unreadable(
    text: Passage, dialect: Dialect, group: str, found: str, start: int, end: int
) -> PenstockError:
    """The error for a token that is none: a number gone wrong, something unclosed, a stray character."""
    span = text.span(start, end)
    if group == "bad_number":
        return error("PEN104", span, text=found if len(found) < 40 else f"{found[:40]}…")
    for what, (opening, closing) in (("the comment", dialect.comment), ("the name", dialect.quote)):
        if found == opening:
            return error("PEN103", span, what=what, closing=closing if what == "the comment" else opening)
    if found in _BRACKETS:
        return error("PEN103", span, what="the text", closing=_BRACKETS[found])
    return error("PEN101", span, expected=EXPRESSION, found=repr(found), advice=dialect.advice)
