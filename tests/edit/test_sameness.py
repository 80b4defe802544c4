"""Edits over public models and models at random: taken back they leave no trace, and what keeps meaning keeps bits."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edit.cases import TEXTS
from penstock import PenstockError, edit
from penstock.compiler import Compiled, compile_text
from penstock.expr import walk
from penstock.model import Model
from penstock.passes.renaming import expressions_of
from penstock.read import ReadResult, decode, read_text
from penstock.run import simulate
from penstock.write import write_text
from write.test_xmile_random import models

HOSTILE = 'Zq neu "&<é>'


def rows(compiled: Compiled, renamed: dict[str, str] | None = None) -> dict[str, list[str]]:
    results = simulate(compiled)
    return {
        (renamed or {}).get(name, name): [value.hex() for value in results[name]] for name in results.names
    }


@pytest.mark.parametrize("name", TEXTS)
def test_a_renamed_model_yields_the_same_bits(name: str) -> None:
    before = rows(compile_text(TEXTS[name], name), {"tau": "new tau"})
    after = rows(compile_text(edit.rename(read_text(TEXTS[name], name), "tau", "new tau").text, name))
    assert after == before


@pytest.mark.parametrize("name", TEXTS)
def test_every_expression_can_be_extracted_with_the_same_bits_or_is_refused(name: str) -> None:
    read = read_text(TEXTS[name], name)
    before = rows(compile_text(TEXTS[name], name))
    done = 0
    for variable in read.model.variables:
        for node in (node for root in expressions_of(variable) for node in walk(root)):
            if node.span.source is not read.source:
                continue
            try:
                made = edit.extract(read, node.span.start, node.span.end, "a part")
            except PenstockError as problem:
                assert problem.diagnostics[0].code == "PEN902"  # noqa: PT017
                continue
            after = rows(compile_text(made.text, name))
            assert {key: after[key] for key in before} == before
            done += 1
    assert done >= 8


def public(corpus: Path, every: int) -> Iterator[tuple[Path, ReadResult]]:
    for row in json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["models"][::every]:
        path = corpus / row["model"]
        try:
            yield path, read_text(decode(path.read_bytes()), path.name)
        except PenstockError:
            continue


def test_names_of_public_models_can_be_changed_in_every_format(
    corpus: Path, scale: Callable[[int, int], int]
) -> None:
    draw = random.Random(3)
    tried = 0
    for path, original in public(corpus, scale(20, 1)):
        for format in ("", "mdl", "xmile", "pen"):
            read = original
            if format:
                read = read_text(write_text(original.model, format).text, f"{path.stem}.{format}")
            for name in names_of(read.model, draw):
                made = edit.rename(read, name, HOSTILE)
                assert made.patch.changes, (path, format, name)
                assert made.patch.inverse().apply(made.text) == read.source.text
                tried += 1
    assert tried > 30


def names_of(model: Model, draw: random.Random) -> list[str]:
    ranges = [name for dim in model.dimensions for name in (dim.name, *dim.elements)]
    ranges = [name for name in ranges if not name.isdecimal()]
    variables = [item.name for item in model.variables]
    found = draw.sample(variables, min(2, len(variables))) + draw.sample(ranges, min(1, len(ranges)))
    found += [f"{part.name}.{item.name}" for part in model.submodels for item in part.variables[:1]]
    return found + [macro.name for macro in model.macros[:1]]


@given(models(), st.integers(0, 4))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
def test_models_at_random_can_be_edited_and_taken_back(model: Model, place: int) -> None:
    written = write_text(model, "xmile")
    if written.losses:
        return  # characters that XML cannot hold
    text = written.text
    read = read_text(text, "m.xmile")
    name = read.model.variables[place % len(read.model.variables)].name
    for change in (
        lambda: edit.rename(read, name, "a quite new name"),
        lambda: edit.set_units(read, name, "a/b"),
        lambda: edit.set_documentation(read, name, "<b> & 'c'"),
    ):
        try:
            made = change()
        except PenstockError as problem:
            assert problem.diagnostics[0].code in ("PEN201", "PEN902", "PEN903")  # noqa: PT017
            continue
        assert made.patch.inverse().apply(made.text) == text
