"""`penstock check`, `run --partial` and `compile --partial` on a model with a part that cannot be read."""

import json
from pathlib import Path

import pytest

from penstock.cli import main

TEXT = """{UTF-8}
Level = INTEG(inflow, 10) ~~|
inflow = GET VDF DATA('other.vdf', 'x') ~~|
rate = 2 ~~|
growing = rate * Time ~~|
unknown = nothing ~~|
INITIAL TIME = 0 ~~| FINAL TIME = 2 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.mdl"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_check_reports_all_that_is_wrong_and_what_falls_with_it(model, capsys):
    assert main(["check", str(model), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(item["code"], item["place"]["line"]) for item in found] == [
        ("PEN404", 2),
        ("PEN401", 3),
        ("PEN201", 6),
    ]
    assert found[0]["message"] == "Level is left out: it needs inflow, which has an error (line 3)"


def test_run_refuses_it_unless_asked_for_a_part(model, capsys):
    assert main(["run", str(model)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "GET VDF DATA is not supported" in captured.err
    assert main(["run", str(model), "--partial"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == "time,rate,growing"
    assert captured.out.splitlines()[-1] == "2,2,4"
    assert "Level is left out: it needs inflow, which has an error (line 3)" in captured.err
    assert "2 parts have errors and 1 more needs them: 3 left out, 2 variables run." in captured.err


def test_a_missing_variable_that_is_asked_for_is_refused_with_its_reason(model, capsys):
    assert main(["run", str(model), "--partial", "--save", "Level"]) == 1
    assert "PEN404 Level is left out" in capsys.readouterr().err.rpartition("variables run.")[2]
    assert main(["run", str(model), "--partial", "--set", "inflow=3"]) == 1
    assert "GET VDF DATA is not supported" in capsys.readouterr().err.rpartition("variables run.")[2]


def test_compile_writes_a_blob_of_the_part(model, tmp_path, capsys):
    out = tmp_path / "m.wasm"
    assert main(["compile", str(model), "--out", str(out)]) == 1
    assert not out.exists()
    assert main(["compile", str(model), "--partial", "--out", str(out)]) == 0
    assert b"growing" in out.read_bytes()
    assert b"Level" not in out.read_bytes()


def test_the_manual_shows_the_report_as_it_is(model, capsys):
    manual = (Path(__file__).parents[2] / "web/manual/partial.md").read_text(encoding="utf-8")
    main(["run", str(model), "--partial"])
    assert next(line for line in capsys.readouterr().err.splitlines() if "PEN404" in line) in manual


def test_check_says_in_one_line_what_only_needs_a_part_with_an_error(model, capsys):
    main(["check", str(model)])
    said = capsys.readouterr().err
    assert "PEN404" not in said
    assert said.splitlines()[-1] == "1 more variable needs what has an error: Level"
