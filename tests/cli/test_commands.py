"""The command line: what its commands write, and its exit status."""

import csv
import io
import json
from pathlib import Path

import pytest
import wasmtime

from engine.bits import assert_same
from engine.models import ENGINE_NAMES, EVERYTHING, METHOD_NAMES, TEACUP, compiled
from penstock.abi import EXPORTS
from penstock.cli import FAULT, common, main
from penstock.run import simulate

each_engine = pytest.mark.parametrize("engine", ENGINE_NAMES)


@pytest.fixture
def teacup(tmp_path: Path) -> Path:
    file = tmp_path / "teacup.pen"
    file.write_text(TEACUP)
    return file


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    file = tmp_path / "everything.pen"
    file.write_text(EVERYTHING)
    return file


def table(text: str) -> tuple[list[str], list[list[float]]]:
    head, *rows = csv.reader(io.StringIO(text))
    return head, [list(map(float, row)) for row in rows]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[list[str], list[list[float]]]:
    assert main(["run", *map(str, arguments)]) == 0
    return table(capsys.readouterr().out)


# --- run


@pytest.mark.smoke
@each_engine
def test_run_writes_a_table_that_reads_back_to_the_last_bit(
    everything: Path, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    head, rows = run(capsys, everything, "--engine", engine)
    results = simulate(compiled(EVERYTHING), engine=engine)
    assert head[0] == "time"
    assert set(head[1:]) == set(results.names) - {"Time"}
    for place, name in enumerate(head):
        assert_same([row[place] for row in rows], results[name], name)


def test_columns_stand_in_the_order_of_the_file(everything: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, _ = run(capsys, everything)
    expected = ["begin", "finish", "rate", "tau", "double rate", "effective"]
    expected += [f"weight[{region}]" for region in ("north", "south", "east")]
    assert head[1:10] == expected
    assert head[-1] == "hours"


def test_numbers_have_seventeen_digits_and_lines_end_plainly(teacup: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert main(["run", str(teacup), "--out", str(out)]) == 0
    data = out.read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n")
    _, rows = table(data.decode("utf-8"))
    cells = data.decode().split("\n")[5].split(",")
    assert cells == [f"{value:.17g}" for value in rows[4]]
    assert len(rows) == 241


def test_infinities_and_nan_are_written_so_that_they_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "m.pen"
    file.write_text("time 0 to 0 by 1\naux a = 1/0\naux b = -1/0\naux c = 0/0\naux d = -0.0\n")
    _, rows = run(capsys, file)
    assert_same(rows[0], [0.0, float("inf"), float("-inf"), float("nan"), -0.0])


@each_engine
def test_overrides_and_settings_act(teacup: Path, capsys: pytest.CaptureFixture[str], engine: str) -> None:
    settings = [
        "--start",
        1,
        "--stop",
        3,
        "--dt",
        0.5,
        "--save-step",
        1,
        "--method",
        "rk4",
        "--engine",
        engine,
    ]
    head, rows = run(
        capsys, teacup, "--set", "Room Temperature=50", "--set", "teacup temperature = 100", *settings
    )
    expected = simulate(
        compiled(TEACUP, "rk4"),
        overrides={"room temperature": 50.0, "teacup temperature": 100.0},
        specs={"start": 1.0, "stop": 3.0, "dt": 0.5, "save_step": 1.0},
    )
    assert [row[0] for row in rows] == [1, 2, 3]
    for place, name in enumerate(head):
        assert_same([row[place] for row in rows], expected[name], name)


def test_what_is_saved_can_be_chosen(everything: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, _ = run(capsys, everything, "--save", "Tau,level")
    assert head == ["time", "tau", "level"]
    head, _ = run(capsys, everything, "--save", "people,tau")
    assert head == ["time", "tau", "people[north]", "people[south]", "people[east]"]


def test_an_element_of_two_dimensions_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "m.pen"
    file.write_text("time 0 to 0 by 1\ndim a = p, q\ndim b = r, s\nconst x[a, b] = 1, 2; 3, 4\nconst y = 5\n")
    head, rows = run(capsys, file, "--save", "x[p,s],y,x[ q , r ]")
    assert (head, rows) == (["time", "x[p,s]", "x[q,r]", "y"], [[0, 2, 3, 5]])


def test_the_methods_are_those_of_the_table(teacup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {method: run(capsys, teacup, "--method", method)[1][-1] for method in METHOD_NAMES}
    assert found["euler"] != found["rk2"] != found["rk4"]


def test_empty_data_means_none(teacup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, teacup, "--data", "") == run(capsys, teacup)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--set", "tea=5"], "PEN201"),
        (["--set", "Heat Loss to Room=5"], "PEN502"),
        (["--set", "Room Temperature"], "PEN514"),
        (["--set", "Room Temperature=warm"], "PEN514"),
        (["--set", "Room Temperature=nan"], "PEN504"),
        (["--save", "tea"], "PEN201"),
        (["--dt", "0"], "PEN504"),
        (["--dt", "-1"], "PEN504"),
        (["--dt", "nan"], "PEN504"),
        (["--save-step", "0.3"], "PEN313"),
        (["--stop", "-1"], "PEN312"),
        (["--stop", "1e300"], "PEN314"),
        (["--out", "/nowhere/at/all.csv"], "PEN015"),
    ],
)
def test_a_request_that_cannot_be_met_is_an_error_and_writes_nothing(
    teacup: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    assert main(["run", str(teacup), *arguments]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert code in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["run"],
        ["run", "m.pen", "--engine", "jit"],
        ["run", "m.pen", "--dt", "small"],
        ["run", "m.pen", "--method", "gear"],
        ["check", "m.pen", "--format", "yaml"],
        ["compile", "m.pen"],
    ],
)
def test_a_wrong_command_line_exits_with_1(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    try:
        status = main(arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else -1
    assert status == 1
    assert capsys.readouterr().err


def test_a_fault_of_ours_exits_with_70_and_says_whose_it_is(
    teacup: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("an invariant")

    monkeypatch.setattr(common, "compile_file", broken)
    for command in (["run"], ["check"], ["compile", "--wat"]):
        assert main([command[0], str(teacup), *command[1:]]) == FAULT == 70
        err = capsys.readouterr().err
        assert "an invariant" in err
        assert "fault of Penstock" in err


# --- compile, check, bench


def test_compile_writes_the_blob(teacup: Path, tmp_path: Path) -> None:
    out = tmp_path / "teacup.wasm"
    assert main(["compile", str(teacup), "--out", str(out)]) == 0
    module = wasmtime.Module(wasmtime.Engine(), out.read_bytes())
    assert [export.name for export in module.exports] == list(EXPORTS)
    assert main(["compile", str(teacup), "--out", str(out), "--method", "rk4"]) == 0
    assert b'"method":"rk4"' in out.read_bytes()


def test_the_blob_as_text_is_the_same_module(everything: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(everything), "--wat"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("(module")
    again = wasmtime.Module(wasmtime.Engine(), wasmtime.wat2wasm(text))
    assert [export.name for export in again.exports] == list(EXPORTS)


def test_check_says_nothing_of_a_model_that_is_right(
    teacup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(teacup)]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["check", str(teacup), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_check_reports_as_json_what_editors_need(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.pen"
    file.write_text('time 0 to 1 by 1\n# 𝄞 two units\naux x = 1 + y "𝄞"\n')
    assert main(["check", str(file), "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    (item,) = json.loads(out)
    assert item["code"] == "PEN201"
    assert item["severity"] == "error"
    assert item["place"] == {"source": "m.pen", "line": 3, "column": 13}
    text = file.read_text().encode("utf-16-le")
    start, end = item["range"]
    assert text[2 * start : 2 * end].decode("utf-16-le") == "y"


def test_bench_measures_both_engines(teacup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(teacup), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["model"] == "teacup.pen"
    assert row["steps"] == 240
    assert row["wasm_run_ms"] > 0
    assert row["vm_run_ms"] > row["wasm_run_ms"]
    assert main(["bench", str(teacup)]) == 0
    assert "teacup.pen" in capsys.readouterr().out


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("penstock ")
