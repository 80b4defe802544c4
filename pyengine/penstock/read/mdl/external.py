"""Vensim's ``GET DIRECT …`` and ``GET XLS …``: which file and cells the values of an equation stand in."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import error
from ...model import External, Ident, canonical
from ..expression import Parser

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "data": ("file", "tab", "along", "cell"),
    "lookups": ("file", "tab", "along", "cell"),
    "constants": ("file", "tab", "cell"),
    "subscript": ("file", "tab", "cell", "last", "prefix"),
}
"""What each of the functions reads, and the fields of `External` that its arguments are, in order."""

_FUNCTIONS: Mapping[Ident, str] = {
    canonical(f"get {origin} {what}"): what for origin in ("direct", "xls") for what in _FIELDS
}


def reads_file(parser: Parser) -> str | None:
    """What the function at the cursor reads from a file; None where it is no such function."""
    return _FUNCTIONS.get(canonical(parser.token.text)) if parser.peek() == "(" else None


def read_external(parser: Parser, *allowed: str) -> External:
    """``GET DIRECT DATA('file', 'tab', 'row or column', 'cell')`` and its like; the cursor is at the name."""
    what = reads_file(parser)
    word = parser.advance()
    if what not in allowed:
        wanted = " or ".join(f"GET DIRECT {name.upper()}" for name in allowed)
        advice = f"Only {wanted} can stand here."
        raise error("PEN401", parser.span_of(word), construct=f"{word.text} in this place", advice=advice)
    opened = parser.advance()
    values: dict[str, str] = {}
    for field in _FIELDS[what]:
        if values:
            parser.expect(",", "a comma")
        values[field] = _text(parser)
    parser.close(")", opened, "the end of the arguments: ")
    return External(what, **values, span=parser.since(word))  # type: ignore[arg-type]


def _text(parser: Parser) -> str:
    """A text in single or double quotes; text variables are not read."""
    token = parser.token
    if token.kind == "string":
        return parser.advance().text[1:-1].strip(" ")
    if token.kind == "name" and parser.span_of(token).text.startswith('"'):
        return parser.advance().text
    advice = "Write it in single quotes, as in 'data.csv'."
    raise parser.unexpected("a text in quotes", advice)
