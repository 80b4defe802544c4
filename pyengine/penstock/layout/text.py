"""How wide a name is and how it breaks into lines, from one table for the common sans serif fonts.

Widths are those of a wide one (Verdana's and DejaVu's kind), so that a label never outgrows its box elsewhere.
"""

from __future__ import annotations

import unicodedata

SIZE = 12.0
"""The height of names in pixels."""

LINE = 15.0
"""From one line of a name to the next."""

_EM: dict[str, float] = {
    "ijl'|": 0.28,
    "I!.,:; \u00a0": 0.33,
    "ft()[]/\\-r": 0.41,
    '"*': 0.48,
    "scz_?": 0.54,
    "aekvxy$J": 0.62,
    "bdghnopqu0123456789FLTYZ": 0.65,
    "ABCEKPRSVX": 0.69,
    "DGHNOQU#&+<=>^~": 0.8,
    "w": 0.82,
    "Mm%@W": 1.0,
}
_WIDTH = {letter: width for letters, width in _EM.items() for letter in letters}
_OTHER, _WIDE = 0.68, 1.05
_MOST_LINES = 5


def width(text: str, *, bold: bool = False) -> float:
    """The width of a line in pixels at `SIZE`; semi-bold is wider by a twelfth."""
    units = 0.0
    for letter in text:
        known = _WIDTH.get(letter)
        if known is None:
            known = _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER
            known = 0.0 if unicodedata.combining(letter) else known
        units += known
    return units * SIZE * (1.08 if bold else 1.0)


def shown(name: str) -> str:
    """A name as a diagram shows it: underscores and line breaks are spaces, what cannot be seen is not there."""
    text = name.replace("\\n", " ").replace("_", " ")
    kept = "".join(letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in text)
    return " ".join(kept.split()) or "?"


def wrap(text: str, room: float = 100.0, *, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text, about equally long and no wider than `room` where its words allow.

    Long texts get more room rather than more lines. A word that is much too long is broken, and what would be more
    than five lines all the same ends in an ellipsis.
    """
    words = [part for word in text.split() for part in _parts(word, room * 1.35)]
    if not words:
        return ()
    widest = 1.8 * room
    room = max(room, max(width(word, bold=bold) for word in words))
    lines = _filled(words, room, bold)
    while len(lines) >= _MOST_LINES and room < widest:
        room *= 1.1
        lines = _filled(words, room, bold)
    narrower = room
    while len(lines) > 1 and narrower > 20.0 and len(tighter := _filled(words, narrower, bold)) <= len(lines):
        lines, narrower = tighter, narrower * 0.93
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1] + "…"]
    return tuple(lines)


def _filled(words: list[str], room: float, bold: bool) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if width(longer, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _parts(word: str, room: float) -> list[str]:
    """A word in pieces that fit."""
    if width(word) <= room:
        return [word]
    parts, current = [], ""
    for letter in word:
        if current and width(current + letter) > room:
            parts.append(current)
            current = ""
        current += letter
    return [*parts, current]
