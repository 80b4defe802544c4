"""Public models come back from every format as they went, but for what the writer says is lost."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.bits import assert_same
from penstock.compiler import compile_file, compile_text
from penstock.errors import PenstockError
from penstock.read import ReadResult, read_file
from penstock.read.data.shelf import beside
from penstock.run import simulate
from penstock.write import WRITERS, Writer
from write.trips import comparable, difference, trip

SAMPLE = 9  # of so many models, one runs in the suite; --long runs all

LOOKS = re.compile(
    r"looks|looked at|diagram|view|arrow|cloud|documentation|group|range of|\bunits?\b", re.IGNORECASE
)
"""Losses after which a model runs as before."""

Tally = dict[str, Counter[str]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    folder = metafunc.config.getoption("--corpus")
    cases = []
    if folder and (manifest := Path(folder) / "manifest.json").is_file():
        cases = json.loads(manifest.read_text(encoding="utf-8"))["models"]
    if "writer" in metafunc.fixturenames:
        metafunc.parametrize("writer", WRITERS, ids=[row.key for row in WRITERS])
    if not cases:
        skip = pytest.mark.skip(reason="needs --corpus DIR or $PENSTOCK_CORPUS")
        metafunc.parametrize("case", [pytest.param(None, marks=skip)])
        return
    if metafunc.function is test_a_converted_model_has_the_bits_of_the_original:
        runs = [row for row in cases if not (row.get("known_bad") or {}).get("exclude")]
        cases = runs if metafunc.config.getoption("--long") else runs[::SAMPLE]
    metafunc.parametrize("case", cases, ids=[row["id"] for row in cases])


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """How the models of each format came through each writer; printed at the end."""
    rows: Tally = defaultdict(Counter)
    yield rows
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{'from':8}{'to':8}{'models':>8}{'equal':>8}{'with losses':>14}")
        for pair, counts in sorted(rows.items()):
            source, target = pair.split()
            print(f"{source:8}{target:8}{counts.total():8}{counts['equal']:8}{counts['with losses']:14}")


def _read(path: Path) -> ReadResult:
    try:
        return read_file(path)
    except PenstockError as problem:
        pytest.skip(f"cannot be read: {problem.diagnostics[0].code}")


def test_a_model_comes_back_equal_or_its_losses_are_listed(
    case: dict, corpus: Path, writer: Writer, tally: Tally
) -> None:
    model = _read(corpus / case["model"]).model
    written, back = trip(model, writer)
    tally[f"{case['format']} {writer.key}"]["with losses" if written.losses else "equal"] += 1
    found = difference(comparable(model, writer), comparable(back, writer))
    assert found is None or written.losses, found
    assert writer.key != "pen" or not written.losses, written.losses
    again, _ = trip(back, writer)
    assert again.text == written.text, "what was read back is written in another way"


def test_nothing_is_lost_on_the_way_through_penstock_text(case: dict, corpus: Path) -> None:
    """Not even what says nothing about the model: looks, settings, what vendors add."""
    model = _read(corpus / case["model"]).model
    pen = next(row for row in WRITERS if row.key == "pen")
    own = next(row for row in WRITERS if Path(case["model"]).suffix.lower() in row.endings)
    _, through = trip(model, pen)
    direct, indirect = own.write(model), own.write(through)
    assert indirect.text == direct.text
    assert [loss.message for loss in indirect.losses] == [loss.message for loss in direct.losses]


def test_a_converted_model_has_the_bits_of_the_original(case: dict, corpus: Path, writer: Writer) -> None:
    path = corpus / case["model"]
    read = _read(path)
    written = writer.write(read.model)
    if serious := [loss.message for loss in written.losses if not LOOKS.search(loss.message)]:
        pytest.skip(f"losses: {serious[0]}")
    data = {Path(name).name: (corpus / name).read_bytes() for name in case["run_data"]}
    before = compile_file(path, data=[corpus / name for name in case["run_data"]])
    files = beside(path.parent)
    after = compile_text(written.text, f"{path.stem}{writer.endings[0]}", files=files, data=data)
    ours, theirs = simulate(before, engine="wasm"), simulate(after, engine="wasm")
    assert ours.names == theirs.names
    for name in ours.names:
        assert_same(ours.series(name), theirs.series(name), name)
