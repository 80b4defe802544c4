"""Sixty faulty models, and what `penstock check` says of each.

The texts in `golden/` were read by people who asked of each: is it true, is the place right, would I know
what to do? A change of one needs the same questions. `python tests/diagnostics/test_golden.py` writes them anew.
"""

import contextlib
import io
import os
from pathlib import Path

import pytest

from penstock.cli import main
from penstock.read import FORMATS

FOLDER = Path(__file__).parent / "golden"
ENDINGS = {ending for row in FORMATS for ending in row.endings}
MODELS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in ENDINGS)


def said(name: str) -> str:
    """What the command prints, and its exit status."""
    with contextlib.chdir(FOLDER), contextlib.redirect_stderr(io.StringIO()) as text:
        status = main(["check", name])
    return f"{text.getvalue()}exit status {status}\n"


def expected(name: str) -> Path:
    return FOLDER / f"{name}.txt"


@pytest.mark.smoke
@pytest.mark.parametrize("name", MODELS)
def test_a_faulty_model_is_told_what_is_wrong_and_what_to_do(name: str) -> None:
    assert said(name) == expected(name).read_text(encoding="utf-8")


def test_there_are_sixty_of_them_and_each_text_has_its_model() -> None:
    assert len(MODELS) >= 60
    assert {path.name for path in FOLDER.glob("*.txt")} == {expected(name).name for name in MODELS}


def test_every_line_of_a_finding_has_a_code_and_a_place() -> None:
    for name in MODELS:
        lines = [line for line in said(name).splitlines() if " what has an error: " not in line]
        heads = [line for line in lines if not line.startswith(" ")][:-1]
        assert heads
        for line in heads:
            assert line.startswith(f"{name}:"), line
            assert " PEN" in line


if __name__ == "__main__":
    for model in MODELS:
        expected(model).write_text(said(model), encoding="utf-8", newline=os.linesep)
