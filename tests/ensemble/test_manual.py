"""What the pages of the manual about many runs, fits, hosts, batches and data show does what they say."""

import re
import shlex
from pathlib import Path

import pytest

from penstock.cli import main

MANUAL = Path(__file__).parents[2] / "web/manual"
PAGES = ("ensembles.md", "calibration.md", "unattended.md", "batch.md", "resolver.md")

TEA = """\
model Tea
time 0 to 30 by 0.125
stock Tea = 180
  out cooling
flow cooling = (Tea - room) / tau
const room = 70
const tau = 10
"""
DATA = "time,Tea\n0,180\n5,136.9\n10,110.3\n15,94.7\n20,84.9\n25,78.8\n30,75.6\n"


def blocks(page: str, language: str) -> list[str]:
    text = (MANUAL / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")])
def test_python_prints_what_the_page_says(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = "\n".join(blocks(page, "python"))
    exec(compile(code, page, "exec"), {})
    promised = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(promised) > 0
    for said, found in zip(promised, printed, strict=True):
        pattern = ".*".join(map(re.escape, said.split("...")))
        assert re.fullmatch(pattern, found), found


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "sh")])
def test_commands_work_with_the_files_of_the_page(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tea.pen").write_text(TEA)
    Path("tea.csv").write_text(DATA)
    for block in blocks(page, "toml"):
        Path(block.partition("\n")[0].removeprefix("# ")).write_text(block)
    used = " ".join(blocks(page, "sh"))
    for line in used.splitlines():
        assert main(shlex.split(line)[1:]) == 0, (line, capsys.readouterr().err)
    for file in tmp_path.glob("*.toml"):
        if file.name not in used:
            assert main(["ensemble", file.name]) == 0, (file.name, capsys.readouterr().err)
