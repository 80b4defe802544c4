"""Small models with data, compiled from text, and workbooks made in memory."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from penstock.compiler import Compiled, compile_text
from penstock.run import simulate

NA = -(2.0**109)

CLOCK = "INITIAL TIME = {start} ~~|\nFINAL TIME = {stop} ~~|\nTIME STEP = {dt} ~~|\nSAVEPER = TIME STEP ~~|\n"


def compiled(
    equations: str,
    files: Mapping[str, bytes | str] | None = None,
    data: Mapping[str, str] | None = None,
    clock: tuple[float, float, float] = (0, 3, 1),
) -> Compiled:
    """A Vensim model of these equations; `files` stand beside it, `data` come with the run."""
    start, stop, dt = clock
    contents = {name: _bytes(content) for name, content in (files or {}).items()}
    text = "{UTF-8}\n" + equations + "\n" + CLOCK.format(start=start, stop=stop, dt=dt)
    given = {name: content.encode() for name, content in (data or {}).items()}
    return compile_text(text, "model.mdl", files=contents.__getitem__, data=given)


def series(model: Compiled, name: str, engine: str = "wasm") -> list[float]:
    return list(simulate(model, engine=engine)[name])


def first(model: Compiled, *names: str) -> list[float]:
    """The values of variables in the first row."""
    results = simulate(model, engine="vm")
    return [results[name][0] for name in names]


def _bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content


Cells = Sequence[Sequence[object]]


def workbook(
    sheets: Mapping[str, Cells],
    names: Mapping[str, str] | None = None,
    local: Mapping[tuple[str, str], str] | None = None,
) -> bytes:
    """An .xlsx file; `names` are ranges of the book, `local` those of a sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for name, area in (names or {}).items():
        book.defined_names[name] = DefinedName(name, attr_text=area)
    for (title, name), area in (local or {}).items():
        book[title].defined_names[name] = DefinedName(name, attr_text=area)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def old_workbook(title: str, cells: Cells) -> bytes:
    """An .xls file of one sheet of numbers and texts, by the published layouts of BIFF8 and compound files."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def start(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))

    end = record(0x000A, b"")
    rows = b""
    for i, row in enumerate(cells):
        for j, value in enumerate(row):
            place = struct.pack("<HHH", i, j, 0)
            if isinstance(value, str):
                rows += record(0x0204, place + struct.pack("<HB", len(value), 0) + value.encode("latin-1"))
            elif value is not None:
                rows += record(0x0203, place + struct.pack("<d", value))
    name = struct.pack("<BB", len(title), 0) + title.encode("latin-1")
    place = len(start(5)) + 4 + 6 + len(name) + len(end)
    globals_ = start(5) + record(0x0085, struct.pack("<IBB", place, 0, 0) + name) + end
    return _compound(globals_ + start(0x10) + rows + end)


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, `Workbook`, which is long enough to stand in sectors of its own."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                         0, 1, 1, 0, 4096, last, 0, last, 0)  # fmt: skip
    header += struct.pack("<109I", 0, *[free] * 108)
    following = [table, last, *range(3, count + 2), last]
    fat = struct.pack("<128I", *following, *[free] * (128 - len(following)))

    def entry(name: str, kind: int, child: int, first_sector: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBBIII36xIII", text, len(text), kind, 1, free, free, child, first_sector, size, 0
        )

    directory = entry("Root Entry", 5, 1, last, 0) + entry("Workbook", 2, free, 2, len(stream))
    return header + fat + directory.ljust(512, b"\0") + stream


def bomb(megabytes: int) -> bytes:
    """A small archive that claims to be a workbook and unpacks to much more."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (megabytes * 1_000_000))
    return made.getvalue()
