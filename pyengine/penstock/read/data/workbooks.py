"""Workbooks as tables of cells: ``.xlsx`` by openpyxl, ``.xls`` by xlrd, both loaded when first needed.

Workbooks are untrusted: what they would unpack to is bounded before they are opened, and whatever goes wrong
inside the libraries is the file's fault.
"""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

from ...errors import PenstockError, error
from .addresses import Area, area_of
from .sheets import MAX_CELLS, Book, Cell, Sheet, too_many

MAX_UNPACKED = 64_000_000
"""Bytes that the parts of an ``.xlsx`` file may claim to have together."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_workbook(name: str, data: bytes) -> Book:
    """A workbook, known by its first bytes; its sheets are read when asked for. Raises PEN016, then too."""
    with _sound(name):
        return _xlsx(name, data) if data.startswith(ZIP) else _xls(name, data)


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Whatever a library raises becomes one of our errors, and its warnings are of no use to anybody."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except PenstockError:
        raise
    except ImportError as problem:
        reason, advice = f"{problem.name} is not installed", "Save the sheet as a .csv file."
        raise error("PEN016", name=name, reason=reason, advice=advice) from problem
    except Exception as problem:
        reason = f"it is no sound workbook ({str(problem)[:80] or type(problem).__name__})"
        advice = "Save it again as .xlsx, or as a .csv file."
        raise error("PEN016", name=name, reason=reason, advice=advice) from problem


def _library(module: str, name: str) -> Any:
    """A library that is loaded only when a model names a workbook; the page has none."""
    try:
        return import_module(module)
    except ImportError:
        advice = "Save the sheet as .csv, and name that in the model."
        raise error("PEN016", name=name, reason="workbooks cannot be read here", advice=advice) from None


def _xlsx(name: str, data: bytes) -> Book:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > MAX_UNPACKED:
        limit = MAX_UNPACKED // 1_000_000
        reason = f"it unpacks to {unpacked / 1e6:,.0f} MB, and the limit is {limit} MB"
        raise error("PEN016", name=name, reason=reason, advice="Split the file.")
    openpyxl = _library("openpyxl", name)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)

    def read(title: str) -> Sheet:
        with _sound(name):
            sheet = book[title]
            sheet.reset_dimensions()  # what a file says of its size need not be so
            return _sheet(name, (map(_excel_cell, row) for row in sheet.iter_rows(values_only=True)))

    ranges = dict(_ranges("", book.defined_names.values()))
    for sheet in book.worksheets:
        ranges |= _ranges(sheet.title, sheet.defined_names.values())
    return Book(name, {sheet.title: partial(read, sheet.title) for sheet in book.worksheets}, ranges)


def _ranges(scope: str, names: Iterable[Any]) -> Iterator[tuple[tuple[str, str], Area]]:
    for defined in names:
        area = area_of(defined.attr_text or "")
        if area is not None:
            yield (scope, defined.name.casefold()), area


_EPOCH = datetime.datetime(1899, 12, 30)


def _excel_cell(value: object) -> Cell:
    """Dates are the numbers they are stored as; truth values and errors are no numbers."""
    match value:
        case None | str():
            return value or None
        case bool():
            return str(value).upper()
        case int() | float():
            return float(value)
        case datetime.datetime():
            return (value - _EPOCH) / datetime.timedelta(days=1)
        case datetime.date():
            return float((value - _EPOCH.date()).days)
        case datetime.time():
            return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86400
        case datetime.timedelta():
            return value / datetime.timedelta(days=1)
    return str(value)


def _sheet(name: str, rows: Iterable[Iterable[Cell]]) -> Sheet:
    """Rows without the blanks at their ends."""
    made: list[list[Cell]] = []
    count = 0
    for row in rows:
        cells = list(row)
        count += len(cells) + 1
        if count > MAX_CELLS:
            raise too_many(name)
        while cells and cells[-1] is None:
            cells.pop()
        made.append(cells)
    return Sheet(tuple(made))


def _xls(name: str, data: bytes) -> Book:
    xlrd = _library("xlrd", name)
    book = xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=io.StringIO())
    numbers = (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)

    def read(title: str) -> Sheet:
        with _sound(name):
            sheet = book.sheet_by_name(title)
            rows = (sheet.row(i) for i in range(sheet.nrows))
            return _sheet(name, ([_xls_cell(cell, numbers) for cell in row] for row in rows))

    ranges: dict[tuple[str, str], Area] = {}
    for defined in book.name_obj_list:
        scope = "" if defined.scope < 0 else book.sheet_names()[defined.scope]
        area = _xls_area(defined)
        if area is not None:
            ranges[scope, defined.name.casefold()] = area
    return Book(name, {title: partial(read, title) for title in book.sheet_names()}, ranges)


def _xls_cell(cell: Any, numbers: tuple[int, ...]) -> Cell:
    if cell.ctype in numbers:
        return float(cell.value)
    return str(cell.value) or None


def _xls_area(defined: Any) -> Area | None:
    """A name that stands for one block of cells; None for formulas and the like."""
    try:
        sheet, top, bottom, left, right = defined.area2d(clipped=False)
    except Exception:  # names hold formulas of any kind, which xlrd takes apart without much care
        return None
    return Area(sheet.name, top, left, bottom - 1, right - 1)
