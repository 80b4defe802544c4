"""The manual's page on editing: its Python runs as it stands, and the command line does what it says."""

import json
import re
from pathlib import Path

import pytest

import build
from penstock.cli import main

PAGE = (build.WEB / "manual/editing.md").read_text(encoding="utf-8")


def test_the_python_of_the_manual_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 2
    exec(compile("\n".join(blocks), "editing.md", "exec"), {})


def test_the_command_line_edits_a_file_and_keeps_its_line_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tea.pen"
    file.write_bytes(b"const tau = 10 {Day}\r\naux a = tau\r\ntime 0 to 3\r\n")
    assert main(["edit", str(file), "set-units", "tau", "Minute", "--dry-run"]) == 0
    assert json.loads(capsys.readouterr().out)["patch"]["changes"] == [
        {"range": [15, 20], "text": "{Minute}"}
    ]
    assert main(["edit", str(file), "rename", "tau", "time constant"]) == 0
    assert file.read_bytes() == b"const time constant = 10 {Day}\r\naux a = time constant\r\ntime 0 to 3\r\n"
    assert main(["edit", str(file), "delete", "time constant", "--set", "value=10"]) == 0
    assert file.read_bytes() == b"aux a = 10\r\ntime 0 to 3\r\n"
    assert main(["edit", str(file), "rename", "nothing", "x"]) == 1
    assert main(["edit", str(file), "rename", "nothing"]) == 1
