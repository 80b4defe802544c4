"""The manual's page of Penstock's own text: its examples run, and its grammar is the reader's."""

import re
from pathlib import Path

import pytest

from penstock.compiler import compile_text
from penstock.read import pen, read_text
from penstock.run import simulate
from penstock.write import write_text

PAGE = (Path(__file__).parents[2] / "web/manual/pen.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```penstock[^\n]*\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
READ_ONLY = re.findall(r"^```pen read\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)  # need files beside them


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.split("\n")[0])
def test_an_example_of_the_manual_runs(text: str) -> None:
    results = simulate(compile_text(text, "example.pen"), engine="wasm")
    assert len(results.series("time")) > 1


@pytest.mark.parametrize("text", EXAMPLES + READ_ONLY, ids=lambda text: text.split("\n")[0])
def test_an_example_of_the_manual_is_laid_out_as_the_writer_does(text: str) -> None:
    assert write_text(read_text(text, "example.pen").model, "pen").text == text


def test_the_grammar_of_the_manual_is_that_of_the_reader() -> None:
    assert pen.__doc__ is not None
    blocks = re.findall(r"::\n\n((?:    .*\n|\n)+)", pen.__doc__)
    grammar = "\n\n".join(re.sub(r"^    ", "", block.rstrip(), flags=re.MULTILINE) for block in blocks)
    assert grammar in PAGE
