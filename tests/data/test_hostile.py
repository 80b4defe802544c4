"""Files from strangers: no way out of the model's folder, and no file that takes memory or time for ever."""

import io
import os
import time
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.making import bomb, compiled, old_workbook, workbook
from penstock.compiler import compile_file, compile_text
from penstock.errors import Diagnostic, PenstockError
from penstock.read.data import sheets

EQUATION = "k = GET DIRECT CONSTANTS('{}', ',', 'A1') ~~|\n"
CLOCK = "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\n"


def refused(content: bytes, name: str = "t.xlsx", tab: str = ",") -> str:
    """What is said of a file; the place is that of the function that names it."""
    with pytest.raises(PenstockError) as caught:
        compiled(EQUATION.format(name).replace("','", f"'{tab}'"), {name: content})
    (found,) = caught.value.diagnostics
    assert found.span.text.startswith("GET DIRECT")
    return f"{found.code} {found.message}"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.csv",
        "a/../../secret.csv",
        "..\\secret.csv",
        "/etc/passwd",
        "\\\\host\\x.csv",
        "C:\\x.csv",
        "c:x",
        "",
    ],
)
def test_no_name_leads_out_of_the_models_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("1")
    (tmp_path / "model").mkdir()
    model = tmp_path / "model" / "m.mdl"
    model.write_text((EQUATION.format(name) if name else EQUATION.replace("'{}'", '""')) + CLOCK)
    with pytest.raises(PenstockError, match=r"PEN016|PEN101") as caught:
        compile_file(model)
    assert "secret" in name or "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["../secret.csv", "a\\..\\..\\b.csv", "/etc/passwd", "C:/x.csv", "c:x"])
def test_nobody_is_asked_for_a_file_outside(name: str) -> None:
    def answer(asked: str) -> bytes:
        raise AssertionError(asked)

    with pytest.raises(PenstockError, match="it lies outside the model's folder"):
        compile_text(EQUATION.format(name) + CLOCK, "m.mdl", files=answer)


def test_pipes_and_circles_of_links_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
    model = tmp_path / "m.mdl"
    for name in ("pipe.csv", "circle.csv", "."):
        model.write_text(EQUATION.format(name) + CLOCK)
        with pytest.raises(PenstockError, match="PEN016"):
            compile_file(model)


def test_no_link_leads_out_of_it_either(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("1")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "t.csv").symlink_to(tmp_path / "secret.csv")
    model = tmp_path / "model" / "m.mdl"
    model.write_text(EQUATION.format("t.csv") + CLOCK)
    with pytest.raises(PenstockError, match=r"PEN016 .* it lies outside the model's folder"):
        compile_file(model)


def test_a_text_without_a_folder_has_no_files() -> None:
    with pytest.raises(PenstockError, match=r"PEN016 the data file t\.csv cannot be read: no files came"):
        compile_text(EQUATION.format("t.csv") + CLOCK, "m.mdl")


def test_an_indirect_name_is_refused() -> None:
    with pytest.raises(PenstockError, match=r"PEN401 the indirect file name \?data"):
        compiled(EQUATION.format("?data"))


def test_a_bomb_is_not_unpacked() -> None:
    content = bomb(80)
    assert len(content) < 200_000
    assert (
        refused(content)
        == "PEN016 the data file t.xlsx cannot be read: it unpacks to 80 MB, and the limit is 64 MB"
    )


def test_one_cell_far_away_takes_no_sheet_of_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    book = workbook({"S": [[1.0]]})
    started = time.monotonic()
    far = compiled(
        "k = GET XLS CONSTANTS('t.xlsx', 'S', 'A1') ~~|", {"t.xlsx": _with_cell(book, "XFD1048576")}
    )
    assert far.program.defaults[-1] == 1.0
    # An empty row is cheap, a million of them are not free.
    assert time.monotonic() - started < 10
    monkeypatch.setattr("penstock.read.data.workbooks.MAX_CELLS", 1000)
    assert "a sheet of it has more than" in refused(_with_cell(book, "XFD9"), tab="S")


def _with_cell(book: bytes, cell: str) -> bytes:
    """The workbook with a number in one more cell, whatever its dimension says."""
    loaded = openpyxl.load_workbook(io.BytesIO(book))
    loaded.worksheets[0][cell] = 7
    made = io.BytesIO()
    loaded.save(made)
    return made.getvalue()


def test_a_text_has_so_many_cells_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_CELLS", 1000)
    assert "a sheet of it has more than 1,000 cells" in refused(b"," * 1001, "t.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 and then nothing", "it is no sound workbook"),
        (b"\xd0\xcf\x11\xe0 and then nothing", "it is no sound workbook"),
        (b'"' + b"x" * 200_000, "field larger than field limit"),
        (b"\x00\x01\x02", "it holds the character U+0000"),
    ],
)
def test_what_is_no_table_is_an_error_with_a_place(content: bytes, said: str) -> None:
    assert said in refused(content, "t.csv")


BOOKS = (
    workbook({"S": [["a", 1.0], [2.0, None]]}, {"n": "S!$A$1"}),
    old_workbook("S", [["a", 1.0], [2.0, None]]),
)


@given(st.sampled_from(BOOKS), st.data())
def test_a_damaged_workbook_is_an_error_or_has_its_cells(book: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(book)))
    length = data.draw(st.integers(0, 200))
    damaged = book[:start] + data.draw(st.binary(max_size=200)) + book[start + length :]
    found = findings("k = GET XLS CONSTANTS('t.xls', 'S', 'B1') ~~|", {"t.xls": damaged})
    assert all(item.span.text.startswith("GET XLS") for item in found)


@given(st.text(max_size=200))
def test_any_text_is_run_data_or_an_error(text: str) -> None:
    for name in ("run.dat", "run.csv", "run.tab"):
        found = findings("x = 1 ~~|", {}, {name: text.encode(errors="replace").decode()})
        assert all(name in str(item) or item.code == "PEN004" for item in found)


def findings(
    equations: str, files: Mapping[str, bytes | str], data: Mapping[str, str] | None = None
) -> tuple[Diagnostic, ...]:
    """The errors of a model; none where it compiles."""
    try:
        compiled(equations, files, data)
    except PenstockError as problem:
        return problem.diagnostics
    return ()
