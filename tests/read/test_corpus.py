"""Public models: all are read, or refused for a reason that names what is missing."""

import json
from pathlib import Path

import pytest

from penstock.errors import Diagnostic, PenstockError
from penstock.model import Stock
from penstock.read import read_file

# Not supported, unknown method; and equations that stand as ??? in files that were exported without them.
REFUSALS = {"PEN401", "PEN402", "PEN101"}


def test_every_model_of_the_corpus_is_read_or_refused_by_name(corpus: Path) -> None:
    for entry in json.loads((corpus / "manifest.json").read_text())["models"]:
        found: tuple[Diagnostic, ...] = ()
        try:
            read_file(corpus / entry["model"])
        except PenstockError as problem:
            found = problem.diagnostics
        assert {item.code for item in found} <= REFUSALS, [str(item) for item in found]
        assert not (found and entry["primary"] == "sample_model"), [str(item) for item in found]


@pytest.mark.parametrize(
    ("name", "stocks"), [("teacup.mdl", 1), ("fishbanks.xmile", 3), ("wrld3-03.mdl", 15)]
)
def test_the_models_that_speed_is_measured_on_are_read_whole(
    bench_models: Path, name: str, stocks: int
) -> None:
    result = read_file(bench_models / name)
    assert sum(isinstance(item, Stock) for item in result.model.variables) == stocks
    assert result.findings == ()
