"""What tests of documentation share: models, a stand-in for the element, and how a generator is run."""

import os
import subprocess
import sys
from pathlib import Path

import build
from penstock.export import embed

TOOL = Path(__file__).with_name("tool.py")

TEA = """model Teacup
time 0 to 30 by 0.125 {minute}
stock Temperature = 180 {degF}
  out cooling
flow cooling = (Temperature - room) / tau {degF/minute}
const room = 70 {degF} slider 40 to 100
const tau = 10 {minute} slider 1 to 30
"""
GROWTH = """stock Level = 100
  in growth
flow growth = rate * Level
const rate = 0.1 slider 0 to 1
time 0 to 10 by 0.5
"""


def element(folder: Path, real: bool = False) -> str:
    """Where the element comes from: what the site's build made, or a stand-in that nothing runs."""
    if real:
        assert (build.DIST / "embed" / embed.MODULE).exists(), "run `python build.py site`"
        return "-"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (embed.MODULE, embed.MORE, embed.CLASSIC):
        (folder / name).write_text("element();", encoding="utf-8")
    return str(folder)


def run(element: str, *command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(TOOL), element, *map(str, command)]
    quiet = {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        words, cwd=cwd, env={**os.environ, **quiet}, capture_output=True, text=True, check=False, timeout=120
    )


def done(element: str, *command: object, cwd: Path) -> str:
    """Its output; the test fails unless it went well."""
    process = run(element, *command, cwd=cwd)
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def indented(text: str, by: int = 4) -> str:
    return "".join(f"{' ' * by}{line}\n" if line else "\n" for line in text.splitlines())


def fence(text: str, info: str = "") -> str:
    return f"```penstock {info}\n{text}```\n"


def files_of(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
