"""Cells as people write them: ``B2`` is row 1, column 1 counted from 0, as everywhere in this folder."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_COLUMN = re.compile(r"\$?([A-Za-z]{1,3})")
_ROW = re.compile(r"\$?([0-9]{1,7})")
_SHEET = re.compile(r"(?:'((?:[^']|'')*)'|([^'!]+))!(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Area:
    """A block of cells, both corners in it; `sheet` is empty where none was said."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


def cell_of(text: str) -> tuple[int, int] | None:
    """Row and column of ``B2``; None where the text is no cell."""
    match = _CELL.fullmatch(text.strip())
    if match is None or int(match[2]) == 0:
        return None
    return int(match[2]) - 1, _column_number(match[1])


def column_of(text: str) -> int | None:
    match = _COLUMN.fullmatch(text.strip())
    return None if match is None else _column_number(match[1])


def row_of(text: str) -> int | None:
    match = _ROW.fullmatch(text.strip())
    return None if match is None or int(match[1]) == 0 else int(match[1]) - 1


def area_of(text: str) -> Area | None:
    """The block of ``Sheet!$B$3:$D$6`` or ``'A sheet'!B3``; None for anything else."""
    match = _SHEET.fullmatch(text.strip())
    sheet, cells = (match[1] or match[2], match[3]) if match else ("", text)
    first, _, last = cells.partition(":")
    start, end = cell_of(first), cell_of(last or first)
    if start is None or end is None:
        return None
    rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return Area(sheet.replace("''", "'"), rows[0], columns[0], rows[1], columns[1])


def cell_name(row: int, column: int) -> str:
    """``B2`` for row 1, column 1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
