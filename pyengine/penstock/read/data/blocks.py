"""What an equation's cells hold: numbers for its elements, series for them, or the names of elements."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import error
from ...model import External
from .addresses import Area, cell_name, cell_of, column_of, row_of
from .series import Series, ascending
from .sheets import Book, Sheet, is_unclear
from .shelf import Shelf


def constants(external: External, name: str, sizes: Sequence[int], shelf: Shelf) -> tuple[float, ...]:
    """The numbers of a block, row-major; `sizes` are those of the ranges on the left, two at most.

    The last range runs to the right and the one before it down; a ``*`` turns that round. Raises PEN322 for a
    cell without a number, PEN401 for more ranges than a sheet has directions.
    """
    ranges = [size for size in sizes if size != 1]
    if len(ranges) > 2:
        advice = "Read one table for each element of the first range."
        construct = f"{name}, a table of {len(ranges)} ranges from one sheet,"
        raise error("PEN401", external.span, construct=construct, advice=advice)
    down, right = (1, 1, *ranges)[-2:]
    turned = external.cell.endswith("*")
    book, title, sheet = shelf.sheet(external)
    area = _area(external, external.cell.rstrip("*"), book, title)
    _check_size(external, area, *((right, down) if turned else (down, right)))
    cells = [(i, j) for i in range(down) for j in range(right)]
    places = [(area.top + (j if turned else i), area.left + (i if turned else j)) for i, j in cells]
    return tuple(_number(external, name, sheet, *place) for place in places)


def series(external: External, name: str, size: int, shelf: Shelf) -> list[Series]:
    """A series for each of `size` elements, from rows or columns side by side.

    The times end at the first cell without a number; a point whose value is none is left out.
    """
    book, title, sheet = shelf.sheet(external)
    block = _area(external, external.cell, book, title)
    times, across = _times(external, book, title, sheet, block)
    if not times:
        where = cell_name(*_first_time(external, book, title, block))
        reason = f"cell {where} of {external.file}, where its times start, holds no number"
        advice = "Give the row or column of the times, and the cell of the first value."
        raise error("PEN321", external.span, name=name, reason=reason, advice=advice)
    _check_size(external, block, *((size, len(times)) if across else (len(times), size)))
    found: list[Series] = []
    for element in range(size):
        points: list[tuple[float, float]] = []
        for step, time in enumerate(times):
            row, column = (element, step) if across else (step, element)
            place = block.top + row, block.left + column
            value = sheet.number(*place)
            if is_unclear(sheet.cell(*place)):
                value = _number(external, name, sheet, *place)
            if value is not None:
                points.append((time, value))
        found.append(ascending(external.file, name, points, external.span))
    return found


def elements(external: External, shelf: Shelf) -> tuple[str, ...]:
    """The names of a dimension's elements, across and then down; blank cells are passed over.

    `last` is the last cell, or the column or row that the names stay in; where it is empty they go on to the
    end of the first cell's column.
    """
    book, title, sheet = shelf.sheet(external)
    area = _area(external, external.cell.rstrip("*"), book, title)
    bottom, right = _last(external, sheet, area, book, title)
    names = [
        sheet.text(row, column)
        for row in range(area.top, bottom + 1)
        for column in range(area.left, right + 1)
    ]
    found = tuple(external.prefix + name for name in names if name)
    if not found:
        reason = f"there is nothing in {external.file} from {external.cell} on"
        raise error("PEN321", external.span, name="the dimension", reason=reason, advice="Correct the cell.")
    return found


def _last(external: External, sheet: Sheet, area: Area, book: Book, title: str) -> tuple[int, int]:
    """The last row and column of a dimension's names."""
    text = external.last.strip()
    if not text:
        named = area.bottom > area.top or area.right > area.left
        return (area.bottom, area.right) if named else (len(sheet.rows) - 1, area.left)
    if (row := row_of(text)) is not None:
        return min(row, len(sheet.rows) - 1), sheet.width - 1
    if (column := column_of(text)) is not None:
        return len(sheet.rows) - 1, column
    corner = _area(external, text, book, title)
    return min(corner.bottom, len(sheet.rows) - 1), min(corner.right, max(sheet.width - 1, area.left))


def _area(external: External, text: str, book: Book, title: str) -> Area:
    """A cell, or the named range of that name. Raises PEN323, PEN324."""
    named = book.range(title, text)
    if named is not None:
        if named.sheet.casefold() == title.casefold():
            return named
        advice = f"The range is on sheet {named.sheet}; name that sheet."
        raise error("PEN323", external.span, file=f"sheet {title}", what="range", name=text, advice=advice)
    cell = cell_of(text)
    if cell is None:
        raise error(
            "PEN324", external.span, text=repr(text), wanted="cell, nor a range with a name in the book"
        )
    return Area(title, *cell, *cell)


def _times(external: External, book: Book, title: str, sheet: Sheet, block: Area) -> tuple[list[float], bool]:
    """The times that values stand for, and whether they run across."""
    row, column = _first_time(external, book, title, block)
    named = book.range(title, external.along)
    across = row_of(external.along) is not None
    most = (sheet.width if across else len(sheet.rows)) + 1
    if named is not None:
        tall, wide = named.bottom - named.top + 1, named.right - named.left + 1
        if tall > 1 and wide > 1:
            wanted = "row or column of times, but a block"
            raise error("PEN324", external.span, text=repr(external.along), wanted=wanted)
        across, most = wide > tall or (wide == tall and block.right > block.left), max(tall, wide)
    times: list[float] = []
    while len(times) < most:
        step = len(times)
        time = sheet.number(row, column + step) if across else sheet.number(row + step, column)
        if time is None:
            break
        times.append(time)
    return times, across


def _first_time(external: External, book: Book, title: str, block: Area) -> tuple[int, int]:
    """The cell of the first time: level with the first value, in the row or column that is given."""
    along = external.along
    if book.range(title, along) is not None:
        area = _area(external, along, book, title)
        return area.top, area.left
    if (row := row_of(along)) is not None:
        return row, block.left
    if (column := column_of(along)) is not None:
        return block.top, column
    wanted = "row or column, nor a range with a name in the book"
    raise error("PEN324", external.span, text=repr(along), wanted=wanted)


def _check_size(external: External, area: Area, tall: int, wide: int) -> None:
    """A named range of several cells must have the cells that are read."""
    found = area.bottom - area.top + 1, area.right - area.left + 1
    if found != (1, 1) and found != (tall, wide):
        wanted = f"block of {tall} rows and {wide} columns; it has {found[0]} and {found[1]}"
        raise error("PEN324", external.span, text=repr(external.cell), wanted=wanted)


def _number(external: External, name: str, sheet: Sheet, row: int, column: int) -> float:
    value = sheet.number(row, column)
    if value is None:
        found = repr(sheet.text(row, column)[:40]) if sheet.text(row, column) else "nothing"
        cell = cell_name(row, column)
        raise error("PEN322", external.span, cell=cell, file=external.file, found=found, name=name)
    return value
