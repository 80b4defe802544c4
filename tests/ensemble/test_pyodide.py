"""Studies and fits in Pyodide are those of CPython, to the last bit: without numpy, without scipy, in one process."""

import subprocess
import sys
from pathlib import Path

import defusedxml
import pytest

import build

HERE = Path(__file__).parent
PYODIDE = build.MODULES / "pyodide"
PACKAGES = (build.PACKAGE, Path(defusedxml.__file__).parent)


def output(*command: str | Path) -> list[str]:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def test_results_in_pyodide_are_those_of_cpython(node: Path) -> None:
    if not (PYODIDE / "pyodide.mjs").exists():
        pytest.fail("Pyodide is not there: run `python build.py site`")
    here = output(sys.executable, HERE / "same.py")
    there = output(node, HERE / "run_python.mjs", PYODIDE, HERE / "same.py", *PACKAGES)
    assert len(here) == 4
    assert there == here
