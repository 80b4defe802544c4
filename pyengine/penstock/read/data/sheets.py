"""A table of cells, wherever it comes from, and the one way in which a cell is a number."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite

from ...errors import PenstockError, error
from .addresses import Area

Cell = float | str | None

MAX_CELLS = 4_000_000
"""Of one sheet, blank ones between others included."""

_COMMA = re.compile(r"[+-]?(?:[0-9]+,[0-9]*|,[0-9]+)(?:[eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_GROUPED = re.compile(r"[+-]?[0-9][0-9.,'\u00a0 ]*")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells; a row ends with its last cell, and all beyond is blank."""

    rows: tuple[list[Cell], ...]

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]

    def number(self, row: int, column: int) -> float | None:
        """The finite number that a cell holds; None for text and blanks."""
        value = self.cell(row, column)
        if isinstance(value, str):
            return to_number(value)
        return value

    def text(self, row: int, column: int) -> str:
        """What a cell shows: whole numbers without a point."""
        value = self.cell(row, column)
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() else repr(value)
        return (value or "").strip()


class Book:
    """Sheets by name in order, each read when first asked for, and named ranges by sheet and folded name."""

    def __init__(
        self,
        name: str,
        sheets: Mapping[str, Callable[[], Sheet]],
        ranges: Mapping[tuple[str, str], Area] | None = None,
    ) -> None:
        self.name = name
        self.titles = tuple(sheets)
        self._sheets = sheets
        self._ranges = ranges or {}
        self._read: dict[str, Sheet] = {}

    def sheet(self, title: str) -> Sheet:
        if title not in self._read:
            self._read[title] = self._sheets[title]()
        return self._read[title]

    def range(self, title: str, name: str) -> Area | None:
        """A sheet's own range goes before one of the whole book, whose sheet is empty."""
        folded = name.strip().casefold()
        return self._ranges.get((title, folded)) or self._ranges.get(("", folded))


def to_number(text: str) -> float | None:
    """The number that a text is, and nothing but a number."""
    text = text.strip()
    if len(text) > 400 or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if isfinite(value) else None


def is_unclear(cell: Cell) -> bool:
    """Whether a cell is a number in a notation that can be read in two ways, such as 1,500 and 1 500."""
    return isinstance(cell, str) and to_number(cell) is None and bool(_GROUPED.fullmatch(cell.strip()))


def text_sheet(name: str, text: str, separator: str) -> Sheet:
    """The cells of a text file; quotes as spreadsheets write them. Raises PEN016.

    Where cells are not separated by commas, and none has a decimal point, commas are decimal if any number shows it.
    """
    rows: list[list[Cell]] = []
    count = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            count += len(row)
            if count > MAX_CELLS:
                raise too_many(name)
            rows.append([cell or None for cell in row])
    except csv.Error as problem:
        advice = "Save it as plain text with one row a line."
        raise error("PEN016", name=name, reason=str(problem), advice=advice) from problem
    return Sheet(tuple(rows if separator == "," else _with_points(rows)))


def _with_points(rows: list[list[Cell]]) -> list[list[Cell]]:
    texts = [cell.strip() for row in rows for cell in row if isinstance(cell, str)]
    commas = [text for text in texts if _COMMA.fullmatch(text)]
    shown = any(not _THOUSANDS.fullmatch(text) for text in commas)
    if not shown or any("." in text and to_number(text) is not None for text in texts):
        return rows
    return [
        [
            cell.replace(",", ".") if isinstance(cell, str) and _COMMA.fullmatch(cell.strip()) else cell
            for cell in row
        ]
        for row in rows
    ]


def too_many(name: str) -> PenstockError:
    reason = f"a sheet of it has more than {MAX_CELLS:,} cells"
    return error("PEN016", name=name, reason=reason, advice="Split the file.")
