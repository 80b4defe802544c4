"""Bad input: each kind is an error with a place and advice, quickly, and never a fault of ours."""

import contextlib
import subprocess
import sys
from pathlib import Path
from random import Random
from time import perf_counter

import pytest

from engine.models import ENGINE_NAMES, EVERYTHING
from penstock.cli import main
from penstock.compiler import compile_file, compile_text
from penstock.errors import CODES, Diagnostic, PenstockError
from penstock.place import NOWHERE
from penstock.run import simulate


def refused(text: str, name: str = "model.pen") -> list[Diagnostic]:
    """The errors of a text; each has a code of the table and says what to do."""
    with pytest.raises(PenstockError) as caught:
        compile_text(text, name)
    found = [item for item in caught.value.diagnostics if item.severity == "error"]
    for item in found:
        assert item.code in CODES
        assert item.advice, item
        assert "{" not in item.message.replace("{}", ""), item
    return found


def placed(item: Diagnostic) -> tuple[int, int, str]:
    """Line, column and the text that the error is about."""
    assert item.span is not NOWHERE, item
    return (*item.span.line_column(), item.span.text)


# --- files


def test_a_file_that_is_not_there_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "none.mdl")]) == 1
    assert "PEN001 none.mdl cannot be read: No such file" in capsys.readouterr().err


def test_a_folder_is_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path)]) == 1
    assert "PEN001" in capsys.readouterr().err


def test_a_file_without_permission_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal is played."""
    file = tmp_path / "secret.pen"
    file.write_text("time 0 to 1 by 1\naux a = 1\n")

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(PenstockError) as caught:
        compile_file(file)
    assert "secret.pen cannot be read: Permission denied" in str(caught.value)


def test_a_file_of_a_hundred_megabytes_is_refused_unread(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "huge.mdl"
    with file.open("wb") as out:
        out.truncate(100_000_000)
    begin = perf_counter()
    assert main(["check", str(file)]) == 1
    assert perf_counter() - begin < 1
    assert "PEN002 huge.mdl is 100 MB" in capsys.readouterr().err


def test_a_text_of_a_hundred_megabytes_is_refused_unread() -> None:
    text = "a" * 100_000_000
    begin = perf_counter()
    (item,) = refused(text)
    assert item.code == "PEN002"
    assert perf_counter() - begin < 2


@pytest.mark.parametrize("data", [b"\0\0\0\0", bytes(range(256)), b"\xff\xfe\0", b"PK\x03\x04\0\0"])
@pytest.mark.parametrize("ending", ["mdl", "pen", "xmile"])
def test_binary_data_is_no_model(tmp_path: Path, data: bytes, ending: str) -> None:
    file = tmp_path / f"data.{ending}"
    file.write_bytes(data)
    with pytest.raises(PenstockError) as caught:
        compile_file(file)
    assert caught.value.diagnostics[0].advice


@pytest.mark.parametrize("ending", ["mdl", "pen", "xmile", "txt"])
def test_an_empty_file_is_no_model(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"empty.{ending}"
    file.write_bytes(b"")
    with pytest.raises(PenstockError):
        compile_file(file)


# --- syntax and names


@pytest.mark.parametrize(
    ("equation", "code", "column", "text"),
    [
        ("aux x = 1 +", "PEN101", 12, ""),
        ("aux x = (1 + 2", "PEN103", 9, "("),
        ("aux x = 1 + * 2", "PEN101", 13, "*"),
        ("aux x = 1 2", "PEN101", 11, "2"),
        ("aux x = 1 +~ 2", "PEN101", 12, "~"),
        ("aux x = 12abc", "PEN104", 9, "12abc"),
        ("aux x = 1e999", "PEN104", 9, "1e999"),
        ("thing x = 1", "PEN105", 1, "thing"),
        ("aux x = y + 1", "PEN201", 9, "y"),
        ("aux x = sinus(1)", "PEN203", 9, "sinus(1)"),
        ("aux x = zidz(1)", "PEN204", 9, "zidz(1)"),
        ("aux x = zidz(1, 2, 3)", "PEN204", 9, "zidz(1, 2, 3)"),
        ("aux x = a(3)", "PEN206", 9, "a(3)"),
        ("aux x = x + 1", "PEN205", 5, "x"),
        ("aux time = 1", "PEN202", 5, "time"),
        ("aux x[d] = 1", "PEN211", 5, "x[d] = 1"),
        ("lookup f = (0, 1) (-1, 2)", "PEN301", 12, "(0, 1) (-1, 2)"),
        ("flow f = 1 slider", "PEN101", 18, ""),
        ('aux x = "text"', "PEN101", 9, '"text"'),
    ],
)
def test_an_error_in_an_equation_has_its_place(equation: str, code: str, column: int, text: str) -> None:
    (item,) = refused(f"time 0 to 1 by 1\nconst a = 1\n{equation}\n")
    assert item.code == code
    assert placed(item) == (3, column, text)
    assert "^" in str(item)


def test_all_errors_are_reported_at_once() -> None:
    found = refused("time 0 to 1 by 1\naux a = b\naux c = d + e\naux f = 1\n")
    assert [placed(item) for item in found] == [(2, 9, "b"), (3, 9, "d"), (3, 13, "e")]


def test_a_misspelt_name_comes_with_a_proposal() -> None:
    (item,) = refused("time 0 to 1 by 1\nconst contact rate = 1\naux x = contakt rate\n")
    assert "contact_rate" in item.advice or "contact rate" in item.advice


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ("aux a = b\naux b = c\naux c = a\n", "a → b → c → a"),
        ("aux a = a\n", "a → a"),
        ("stock s = t\nstock t = s\n", "s → t → s"),
        ("stock s = a\naux a = s\n", "s → a → s"),
    ],
)
def test_a_circle_of_equations_is_printed_as_a_path(lines: str, path: str) -> None:
    (item,) = refused(f"time 0 to 1 by 1\n{lines}")
    assert item.code == "PEN205"
    steps = path.split(" → ")[:-1]
    turns = [" → ".join([*steps[n:], *steps[: n + 1]]) for n in range(len(steps))]
    assert any(turn in item.message for turn in turns), item.message


def test_a_long_circle_and_a_long_chain_are_no_trouble() -> None:
    for count, last in ((3000, "time"), (3000, "a0")):
        chain = "".join(f"aux a{number} = a{number + 1}\n" for number in range(count))
        text = f"time 0 to 1 by 1\n{chain}aux a{count} = {last}\n"
        if last == "time":
            compile_text(text, "m.pen")
        else:
            (item,) = refused(text)
            assert item.code == "PEN205"
            assert len(item.message) < 2_000


# --- depth and length


@pytest.mark.parametrize("count", [201, 1_000, 20_000])
@pytest.mark.parametrize(
    ("opening", "inner", "closing"),
    [
        ("(", "1", ")"),
        ("abs(", "1", ")"),
        ("-(", "1", ")"),
        ("if 1 then ", "1", " else 0"),
        ("max(1, ", "1", ")"),
        ("(", "", ""),
        ("-", "1", ""),
        ("2^", "1", ""),
        ("not ", "1", ""),
    ],
)
def test_deep_nesting_is_refused_and_not_suffered(opening: str, inner: str, closing: str, count: int) -> None:
    text = f"time 0 to 1 by 1\naux x = {opening * count}{inner}{closing * count}\n"
    if count == 201 and opening in ("-", "2^", "not "):
        compile_text(text, "m.pen")
        return
    (item,) = refused(text)
    assert item.code in ("PEN102", "PEN107", "PEN101", "PEN103")
    assert placed(item)[0] == 2
    assert len(str(item)) < 1_000


@pytest.mark.parametrize("operator", ["+", "*", "-", "/", "and", "<"])
@pytest.mark.parametrize("count", [1_000, 40_000])
def test_a_flat_chain_of_operators_is_run_or_refused(operator: str, count: int) -> None:
    text = f"time 0 to 1 by 1\naux x = 1{f' {operator} 1' * count}\n"
    (item,) = refused(text)
    assert item.code == "PEN107"
    assert placed(item)[0] == 2
    assert len(str(item)) < 1_000


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_what_is_just_not_too_deep_runs(engine: str) -> None:
    for text in (
        "(" * 199 + "1" + ")" * 199,
        "if time > 0 then " * 150 + "1" + " else 0" * 150,
        "if time < 0 then 5 else " * 150 + "1",
        "1" + " + 1" * 390,
        "max(time, " * 150 + "1" + ")" * 150,
        "round(" * 150 + "time" + ")" * 150,
        "zidz(1, " * 150 + "2" + ")" * 150,
        "sin(" * 150 + "time" + ")" * 150,
    ):
        results = simulate(compile_text(f"time 0 to 1 by 1\naux x = {text}\n", "m.pen"), engine=engine)
        assert results["x"][-1] == results["x"][-1]


def test_an_xml_bomb_does_not_go_off(tmp_path: Path) -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    file = tmp_path / "bomb.xmile"
    file.write_text(f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><xmile><header>&a9;</header></xmile>')
    begin = perf_counter()
    with pytest.raises(PenstockError) as caught:
        compile_file(file)
    assert perf_counter() - begin < 1
    assert caught.value.diagnostics[0].code == "PEN006"


def test_deeply_nested_xml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "deep.xmile"
    file.write_text("<xmile>" + "<group>" * 100_000 + "</group>" * 100_000 + "</xmile>")
    with pytest.raises(PenstockError) as caught:
        compile_file(file)
    assert caught.value.diagnostics[0].code == "PEN008"


def test_text_of_a_model_is_never_run_as_python(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    call = f"__import__('os').system('touch {marker}')"
    for text in (f"aux x = {call}", f"aux x = `{call}`", f"const x = 1 slider {call} to 2"):
        with pytest.raises(PenstockError):
            compile_text(f"time 0 to 1 by 1\n{text}\n", "m.pen")
    assert not marker.exists()


def test_noise_is_refused_or_read_and_never_a_fault() -> None:
    """Models with random characters taken out, doubled or put in."""
    rng = Random(8)
    for _ in range(300):
        text = list(EVERYTHING)
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(text))
            change = rng.random()
            if change < 0.4:
                del text[place : place + rng.randint(1, 8)]
            elif change < 0.7:
                text.insert(place, rng.choice('()[]{},;+-*/^=<>"`#\n 0e.é→\t'))
            else:
                text[place:place] = text[place : place + rng.randint(1, 20)]
        with contextlib.suppress(PenstockError):
            compile_text("".join(text), "m.pen")


# --- the process


def test_the_command_prints_place_line_and_advice_and_exits_with_1(tmp_path: Path) -> None:
    file = tmp_path / "teacup.pen"
    file.write_text("time 0 to 1 by 1\naux gap = 1\naux loss = zidz(gap, 2, 0)\n")
    done = subprocess.run(
        [sys.executable, "-m", "penstock", "check", str(file)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stdout == ""
    first, line, carets, *advice = done.stderr.splitlines()
    assert first.startswith("teacup.pen:3:12: PEN204 ZIDZ takes 2 arguments (a, b), got 3")
    assert line == "    aux loss = zidz(gap, 2, 0)"
    assert carets == "               ^^^^^^^^^^^^^^^"
    assert advice
