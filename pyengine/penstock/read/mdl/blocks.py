"""A Vensim file's equations as blocks: ``equation ~ units ~ documentation ~ flags |``.

Blocks are found without reading what is in them, so that an error in one costs only that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ...errors import Diagnostic, finding
from ...place import Source, Span
from ..files import lines_that_start
from ..recovery import report

_SKETCHES = ("\\\\---///", "\\\\\\---///")
_EQUATION = re.compile(r'(?:[^~|"{]++|"(?:[^"\\\n]|\\.)*+"|\{[^}]*+\})*+', re.DOTALL)
_BLANK = re.compile(r"(?:\s|\{[^}]*+\})*+")
_GROUP = re.compile(r"\*{3,}\s*+\.?([^*|~\n]*+)")
_MACRO = re.compile(r":MACRO:[^()|~]*+(?:\([^()|~]*+\))?+", re.IGNORECASE)
_END_OF_MACRO = re.compile(r":END\s++OF\s++MACRO:", re.IGNORECASE)
_CONTINUED = re.compile(r"\\[ \t]*+\n\s*+")
_FLAGS = re.compile(r"(?s)(.*?)(?:~\s*+(:[^~]*+)?)?")
_SUPPLEMENTARY = re.compile(r":SUP", re.IGNORECASE)


_SWALLOWED = re.compile(r"\n[ \t]*([^\s=~|][^=~|\n]*?)\s*=[^~|]*~[^~|]*~")
"""An equation with both of its fields within documentation."""


@dataclass(frozen=True, slots=True)
class Block:
    """The equation stands at [start, end) of the text; `group` is set for a heading, which has documentation only.

    A macro's head and its end are blocks of their own, with the blocks of its equations between them.
    """

    start: int
    end: int
    units: str = ""
    documentation: str = ""
    supplementary: bool = False
    group: str | None = None
    macro: Literal["", "head", "end"] = ""


def end_of_equations(text: str) -> int:
    """Where the sketches start, or the end of the text."""
    return min(next(lines_that_start(text, opening), len(text)) for opening in _SKETCHES)


def blocks(source: Source, end: int, findings: list[Diagnostic]) -> Iterator[Block]:
    """The blocks before `end` in order; a block that is not closed is reported and left out."""
    text = source.text
    at = _start(text, 0, end)
    while at < end:
        if macro := _MACRO.match(text, at, end) or _END_OF_MACRO.match(text, at, end):
            yield Block(*macro.span(), macro="head" if macro.re is _MACRO else "end")
            at = macro.end()
        else:
            block, at = _block(source, at, end, findings)
            if block is not None:
                yield block
        at = _start(text, at, end)


def _start(text: str, at: int, end: int) -> int:
    match = _BLANK.match(text, at, end)
    assert match is not None
    return match.end()


def _block(source: Source, at: int, end: int, findings: list[Diagnostic]) -> tuple[Block | None, int]:
    """The block at `at`, or None where it cannot be made out, and where the next one may start."""
    text = source.text
    match = _EQUATION.match(text, at, end)
    assert match is not None
    stop = match.end()
    bar = text.find("|", stop, end)
    after = end if bar < 0 else bar + 1
    if stop < end and text[stop] in '"{':
        what, closing = ("the name", '"') if text[stop] == '"' else ("the comment", "}")
        report(findings, finding("PEN103", Span(source, stop, stop + 1), what=what, closing=closing))
        return None, after
    if bar < 0:
        stop = at + len(text[at:stop].rstrip())
        advice = "An equation is followed by ~ units ~ documentation |."
        last = Span(source, max(at, stop - 1), stop)
        report(findings, finding("PEN101", last, expected="~ or |", found="the end", advice=advice))
        return None, end
    if heading := _GROUP.match(text, at, stop):
        return Block(at, stop, documentation=_tidy(text[stop + 1 : bar]), group=heading[1].strip()), after
    units, _, rest = text[stop + 1 : bar].partition("~")
    if swallowed := _SWALLOWED.search(text, bar - len(rest), bar):
        findings.append(finding("PEN108", Span(source, *swallowed.span(1)), name=swallowed[1]))
    parts = _FLAGS.fullmatch(rest)
    assert parts is not None
    supplementary = bool(_SUPPLEMENTARY.search(parts[2] or ""))
    return Block(at, stop, _tidy(units), _tidy(parts[1]), supplementary), after


@lru_cache(maxsize=1 << 12)
def _tidy(field: str) -> str:
    """A field's text without the breaks and the indentation of the file's layout."""
    lines = _CONTINUED.sub("", field).split("\n")
    return "\n".join(line.strip() for line in lines).strip()
