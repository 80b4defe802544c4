"""Reads published results: tables with a row for each time or each variable, and Vensim's .dat exports."""

import csv
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

Series = tuple[list[float], list[float]]
"""Times and values."""

CLOCK = {
    "time",
    "saveper",
    "initial_time",
    "final_time",
    "time_step",
    "dt",
    "save_step",
    "starttime",
    "stoptime",
}
_MISSING = {"", "na", "n/a", ":na:", "?", "-", "#n/a"}


def key(name: str) -> str:
    """What all spellings of a column's name have in common: case, quotes, escapes and spacing do not count."""
    match = re.fullmatch(r"(.*?)\[([^\[\]]*)\]", name.strip(), re.DOTALL)
    base, subscripts = (match[1], match[2]) if match and not match[1].count('"') % 2 else (name.strip(), "")
    found = _ident(base)
    return f"{found}[{','.join(map(_ident, subscripts.split(',')))}]" if subscripts else found


def _ident(name: str) -> str:
    name = re.sub(r"\\[nr]", " ", name.strip().strip('"')).replace("\u00b7", ".")
    name = name.replace('"', "").replace("\\", "")
    return re.sub(r"[\s_\u00a0]+", "_", name).strip("_").lower()


def read(path: Path) -> dict[str, Series]:
    """All columns but time, by key; cells without a number are left out."""
    text = _text(path)
    if path.suffix.lower() == ".dat":
        return _read_dat(text)
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    rows = [
        row for row in csv.reader(text.split("\n"), delimiter=delimiter) if any(cell.strip() for cell in row)
    ]
    if len(rows[0]) > 2 and all(_number(cell) is not None for cell in rows[0][1:]):  # time runs across
        width = max(map(len, rows))
        rows = [
            list(column) for column in zip(*(row + [""] * (width - len(row)) for row in rows), strict=True)
        ]
    columns: dict[str, Series] = {}
    for place, title in enumerate(rows[0][1:], 1):
        if title.strip() and not title.startswith("#"):
            columns.setdefault(key(title), _column(rows[1:], place))
    return {name: series for name, series in columns.items() if series[0]}


def _column(rows: list[list[str]], place: int) -> Series:
    points = [(_number(row[0]), _number(row[place])) for row in rows if place < len(row)]
    kept = [(time, value) for time, value in points if time is not None and value is not None]
    return [time for time, _ in kept], [value for _, value in kept]


def _read_dat(text: str) -> dict[str, Series]:
    """A line with a name, then lines of time and value."""
    columns: dict[str, Series] = {}
    current: Series = ([], [])
    for line in text.split("\n"):
        time, _, value = line.partition("\t")
        if _number(time) is not None and value.strip():
            number = _number(value)
            if number is not None:
                current[0].append(float(time))
                current[1].append(number)
        elif line.strip():
            current = columns.setdefault(key(line), ([], []))
    return {name: series for name, series in columns.items() if series[0] and not name.startswith("#")}


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _number(text: str) -> float | None:
    text = text.strip().strip('"')
    if text.lower() in _MISSING:
        return None
    try:
        return float(text.replace(",", "")) if "," in text else float(text)
    except ValueError:
        return None


def differences(
    published: dict[str, Series],
    times: list[float],
    found: dict[str, Iterable[float]],
    rtol: float,
    with_clock: bool,
) -> Iterator[str]:
    """What differs, a line each; numbers may differ by `rtol`, by 1e-6, or by 1e-6 of the column's largest value.

    Published results have six to nine digits, so that no tighter rule would hold for the right answer.
    """
    columns = {name: list(values) for name, values in found.items()}
    spacing = min((b - a for a, b in pairwise(times) if b > a), default=1.0)
    for name, (expected_times, expected) in published.items():
        if name in CLOCK and (name not in columns or not with_clock):
            continue
        if name not in columns:
            yield f"{name} is missing"
            continue
        guard = max(1e-6, 1e-6 * max((abs(v) for v in expected if math.isfinite(v)), default=0.0))
        for time, value in zip(expected_times, expected, strict=True):
            row = _row(
                times, time, max(1e-9 * max(1.0, abs(time)), min(0.25 * spacing, 1e-4 * max(1.0, abs(time))))
            )
            ours = None if row is None else columns[name][row]
            if ours is None or not _close(ours, value, rtol, guard):
                yield f"{name} at {time} is {ours}, published {value}"
                break


def _row(times: list[float], time: float, tolerance: float) -> int | None:
    at = bisect_left(times, time)
    near = [row for row in (at - 1, at) if 0 <= row < len(times) and abs(times[row] - time) <= tolerance]
    return min(near, key=lambda row: abs(times[row] - time), default=None)


def _close(ours: float, value: float, rtol: float, guard: float) -> bool:
    if ours == value or (math.isnan(ours) and math.isnan(value)):
        return True
    if not (math.isfinite(ours) and math.isfinite(value)):
        return False
    return abs(ours - value) <= max(guard, rtol * max(abs(ours), abs(value)))
