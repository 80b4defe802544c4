"""The data of a run: time series by the name of a variable or element, from Vensim exports and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from ...errors import error
from ...model import Ident, canonical
from ...place import NOWHERE, Span
from ..files import decode
from .sheets import Sheet, is_unclear, text_sheet, to_number

Key = tuple[Ident, tuple[Ident, ...]]
"""A variable and its subscripts; none for a scalar."""

Series = tuple[tuple[float, ...], tuple[float, ...]]
"""Times, ascending, and the values there."""


@dataclass(frozen=True, slots=True)
class RunData:
    """Series from the files given with a run; where two files have the same, the last counts."""

    files: tuple[str, ...] = ()
    series: Mapping[Key, Series] = field(default_factory=dict)


def read_run_data(files: Mapping[str, bytes]) -> RunData:
    """The data of the files by their names, whose endings tell what they are. Raises PEN016, PEN325, PEN401."""
    series: dict[Key, Series] = {}
    for name, data in files.items():
        series |= _ordered(name, _read(name, data))
    return RunData(tuple(files), series)


def _read(name: str, data: bytes) -> Iterable[tuple[str, list[tuple[float, float]]]]:
    ending = name.lower().rpartition(".")[2]
    if ending == "dat":
        return _blocks(name, decode(data, name))
    if ending in ("csv", "tab", "tsv", "txt"):
        text = decode(data, name)
        return _columns(name, text_sheet(name, text, _separator(ending, text.partition("\n")[0])))
    construct = f"run data from a .{ending} file ({name})"
    advice = "Export the data as a .dat, .csv or .tab file."
    raise error("PEN401", construct=construct, advice=advice)


def _separator(ending: str, first: str) -> str:
    """What stands between cells, as the first line shows; semicolons where commas are decimal."""
    if "\t" in first:
        return "\t"
    if first.count(";") > first.count(","):
        return ";"
    return "," if ending == "csv" or "," in first else "\t"


def _blocks(name: str, text: str) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """A line with a name, then lines with a time and a value, and so on."""
    title, points = "", list[tuple[float, float]]()
    for number, line in enumerate(text.split("\n"), 1):
        fields = line.split()
        pair = [to_number(field) for field in fields] if len(fields) == 2 else []
        if len(pair) == 2 and pair[0] is not None and title:
            if pair[1] is not None:
                points.append((pair[0], pair[1]))
        elif line.strip():
            if to_number(line) is not None:
                reason = f"line {number} is neither a name nor a time and a value"
                raise error("PEN016", name=name, reason=reason, advice="Export it again from Vensim.")
            if title:
                yield title, points
            title, points = line.strip(), []
    if title:
        yield title, points


def _columns(name: str, sheet: Sheet) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """A table with time down the first column and names on top, or the other way round."""
    rows = [row for row in sheet.rows if any(cell is not None for cell in row)]
    head = rows[0][1:] if rows else []
    if head and all(cell is None or to_number(str(cell)) is not None for cell in head):
        rows = [list(column) for column in zip_longest(*rows)]
    if not rows or len(rows[0]) < 2:
        advice = "The first column holds the times, and the first row the names of variables."
        raise error("PEN016", name=name, reason="it is no table of series", advice=advice)
    times = [None if not row or row[0] is None else to_number(str(row[0])) for row in rows]
    for column, title in enumerate(rows[0]):
        if column and title is not None:
            unclear = next(
                (row[column] for row in rows if len(row) > column and is_unclear(row[column])), None
            )
            if unclear is not None:
                reason = f"{unclear} for {title} is a number that can be read in two ways"
                raise error("PEN016", name=name, reason=reason, advice="Write it without commas and blanks.")
            values = [
                None if len(row) <= column or row[column] is None else to_number(str(row[column]))
                for row in rows
            ]
            pairs = zip(times, values, strict=True)
            yield (
                str(title),
                [(time, value) for time, value in pairs if time is not None and value is not None],
            )


def _ordered(
    name: str, blocks: Iterable[tuple[str, list[tuple[float, float]]]]
) -> Iterator[tuple[Key, Series]]:
    for title, points in blocks:
        times, values = ascending(name, title, points)
        if times:
            yield key_of(title), (times, values)


def ascending(file: str, name: str, points: list[tuple[float, float]], span: Span = NOWHERE) -> Series:
    """The points by time; a time may come twice only with the same value. Raises PEN325."""
    found: dict[float, float] = {}
    for time, value in points:
        if found.setdefault(time, value) != value:
            raise error("PEN325", span, name=name, at=f"{time:g}", file=file)
    times = tuple(sorted(found))
    return times, tuple(found[time] for time in times)


def key_of(title: str) -> Key:
    """The key of ``name`` or ``name[element, element]``."""
    if title.endswith("]") and "[" in title:
        name, _, subscripts = title[:-1].rpartition("[")
        return canonical(name), tuple(map(canonical, subscripts.split(",")))
    return canonical(title), ()
