"""Pyodide answers as CPython does, byte for byte, and with answers of the same size however long they take."""

import hashlib
import json
import subprocess
from pathlib import Path

import defusedxml
import pytest

import build
import penstock
from penstock.tools import call
from tools.models import TEXTS, asked, model

SCRIPT = build.TESTS / "bench/calls.mjs"
PYODIDE = build.MODULES / "pyodide"
PACKAGES = (build.PACKAGE, Path(defusedxml.__file__).parent)


def in_pyodide(node: Path, source: Path, questions: list[tuple[str, dict]]) -> list[dict]:
    if not (PYODIDE / "pyodide.mjs").exists():
        pytest.fail("Pyodide is not there: run `python build.py site`")
    done = subprocess.run(
        [node, SCRIPT, PYODIDE, source, *PACKAGES],
        input=json.dumps(questions),
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def digest(answer: object) -> str:
    return hashlib.sha256(json.dumps(answer, allow_nan=False).encode()).hexdigest()


@pytest.mark.parametrize("name", ["tea.pen"])
def test_every_answer_is_the_same_in_pyodide(name: str, node: Path, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_text(TEXTS[name], encoding="utf-8")
    questions = [(call_, arguments) for call_, arguments in asked(name) if call_ != "engineVersion"]
    compiled = model(name)
    models = {compiled.model_hash: compiled}
    for (name_, arguments), row in zip(questions, in_pyodide(node, source, questions), strict=True):
        assert row["sha256"] == digest(call(name_, arguments, models)), name_


def test_calls_on_a_large_model(node: Path, bench_models: Path) -> None:
    """How long they take is printed (``-s``); what is asserted is that they are the same answers."""
    source = bench_models / "wrld3-03.mdl"
    compiled = penstock.load(source)
    models = {compiled.model_hash: compiled}
    symbols = [item for item in compiled.schedule.symbols.by_ident.values() if not item.hidden]
    chosen = [item.name for item in symbols if item.kind in ("stock", "flow", "auxiliary")][:3]
    start = call("introspectResolved", {}, models)["settings"]["start"]
    questions = [
        ("listModels", {}),
        ("introspect", {}),
        ("introspectResolved", {}),
        ("validate", {"text": compiled.source.text, "name": source.name}),
        ("validateFor", {"variable": chosen[-1], "equation": "1 + 1"}),
        ("fieldDescriptors", {}),
        ("traceRun", {"equations": chosen, "first": start + 1, "last": start + 1}),
        ("traceRun", {"equations": chosen, "save": []}),
        ("causalGraph", {}),
        ("feedbackLoops", {}),
        ("feeds", {"name": chosen[0]}),
    ]
    rows = in_pyodide(node, source, questions)
    for (name, arguments), row in zip(questions, rows, strict=True):
        answer = json.dumps(call(name, arguments, models), allow_nan=False)
        print(f"{name:20} {row['first_ms']:7.1f} ms, then {row['median_ms']:6.1f} ms, {row['bytes']} bytes")
        assert row["bytes"] == len(answer), name
        assert row["sha256"] == hashlib.sha256(answer.encode()).hexdigest(), name
