"""Public models give their published results, on both engines, with equal bits."""

import json
import re
from pathlib import Path

import pytest

from corpus.published import differences, key, read
from penstock.compiler import Compiled, compile_file
from penstock.results import Results
from penstock.run import simulate

HELD_TO_BE_WRONG: dict[str, tuple[str, str]] = {
    "tm-zeroled_decimals/test_zeroled_decimals.xmile": (
        r"stockmixed",
        "The file asks for RK4, the published numbers are Euler's. The net flow is -0.6777 - t: at t = 1 the stock is "
        "-0.6777 - 1/2 by any method of second order or higher, and -0.6777 by Euler's.",
    ),
    "tm-zeroled_decimals/test_zeroled_decimals.simlin.xmile": (r"stockmixed", "As the case above."),
    "tm-get_time_value/test_get_time_value.mdl": (
        r".*",
        "The results are those of another model: their time runs from -10 by 0.25, the file's from 50 by 1.",
    ),
    "tm-subscripted_delays/test_subscripted_delays.xmile": (
        r".*",
        "The results are those of dt 0.25, which they have; the file says dt 0.125.",
    ),
    "tm-subscript_aggregation/test_subscript_aggregation.xmile": (
        r"complex_.*|input_3d|subcript_.*|subscript_(sum|prod|min|max)_\d+",
        "The file has no variables of these names.",
    ),
    "simlin-sde-vector_simple/vector_simple.mdl": (
        r"vs_(min|mean|prod)",
        "Vensim's actions of VECTOR SELECT are 0 sum, 1 product, 2 minimum, 3 maximum, as its own results in "
        "tm-vector_select show; these results, another engine's, have 1 minimum, 2 mean, 4 product.",
    ),
}
"""Columns (a pattern) of cases whose published results contradict the model file, and the proof."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    folder = metafunc.config.getoption("--corpus")
    cases = []
    if folder and (manifest := Path(folder) / "manifest.json").is_file():
        rows = json.loads(manifest.read_text(encoding="utf-8"))["models"]
        cases = [row for row in rows if not (row.get("known_bad") or {}).get("exclude")]
    if not cases:
        reason = "needs --corpus DIR or $PENSTOCK_CORPUS"
        metafunc.parametrize("case", [pytest.param(None, marks=pytest.mark.skip(reason=reason))])
    else:
        metafunc.parametrize("case", cases, ids=[row["id"] for row in cases])


def test_a_public_model_gives_its_published_results(case: dict, corpus: Path) -> None:
    if HELD_TO_BE_WRONG.get(case["id"], ("", ""))[0] == ".*":
        pytest.skip(HELD_TO_BE_WRONG[case["id"]][1])
    compiled = _compiled(case, corpus)
    wasm, vm = (simulate(compiled, engine=engine) for engine in ("wasm", "vm"))
    assert wasm.names == vm.names
    assert _bits(wasm) == _bits(vm)
    columns = {key(name): wasm.series(name) for name in wasm.names}
    ignored = set(case.get("ignore_columns") or ())
    wrong_there, _ = HELD_TO_BE_WRONG.get(case["id"], (r"(?!)", ""))
    published = {
        name: series
        for name, series in read(corpus / case["expected"]).items()
        if name.split("[")[0] not in ignored and not re.fullmatch(wrong_there, name.split("[")[0])
    }
    rtol = max(1e-4, case.get("rtol") or 0.0)
    wrong = list(differences(published, list(wasm.series("time")), columns, rtol, case["format"] == "mdl"))
    assert not wrong, "\n".join(wrong[:10])


def _compiled(case: dict, corpus: Path) -> Compiled:
    data = [corpus / name for name in case["run_data"]]
    return compile_file(corpus / case["model"], data=data) if data else compile_file(corpus / case["model"])


def _bits(results: Results) -> bytes:
    """NaN compares equal to NaN, whatever its payload."""
    return b"".join(b"nan" if value != value else value.hex().encode() for value in results.data)
