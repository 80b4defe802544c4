"""`penstock convert`: a file in another format, and on the error stream what that format cannot say."""

from pathlib import Path

import pytest

from penstock.cli import main
from penstock.read import read_file

TEXT = """model Tea
time 0 to 3 by 1 {Minute}

stock Tea = 90 {Celsius}
  out Cooling
flow Cooling = Tea / 10 {Celsius/Minute}
"""


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    file = tmp_path / "tea.pen"
    file.write_text(TEXT)
    return file


@pytest.mark.parametrize("ending", [".pen", ".mdl", ".xmile", ".stmx"])
def test_the_ending_tells_the_format(tea: Path, ending: str) -> None:
    out = tea.with_name(f"out{ending}")
    assert main(["convert", str(tea), str(out)]) == 0
    assert [item.name for item in read_file(out).model.variables] == ["Tea", "Cooling"]


def test_to_tells_the_format_of_standard_output(tea: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(tea), "-", "--to", "pen"]) == 0
    assert capsys.readouterr() == (TEXT, "")


def test_losses_are_warnings(tea: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tea.write_text(TEXT.replace("Tea / 10", "sinwave(Tea, 10)"))
    assert main(["convert", str(tea), "-", "--to", "mdl"]) == 0
    text, losses = capsys.readouterr()
    assert "SINWAVE" in text
    assert "tea.pen:6:16: PEN602" in losses
    assert "cannot say the function sinwave" in losses


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tea.pen", "tea.txt"], "PEN003"),
        (["tea.pen", "-"], "PEN514"),
        (["none.pen", "out.mdl"], "PEN001"),
        (["tea.pen", "none/out.mdl"], "PEN015"),
        (["bad.pen", "out.mdl"], "PEN105"),
    ],
)
def test_errors_write_nothing(
    tea: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tea.parent)
    tea.with_name("bad.pen").write_text("stok a = 1")
    assert main(["convert", *arguments]) == 1
    assert said in capsys.readouterr().err
    assert not tea.with_name("out.mdl").exists()
