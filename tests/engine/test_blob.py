"""The blob as a module: what it asks for, what it exports, what it says about itself, and who can run it."""

import json
import os
import subprocess
import sys
from array import array
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from engine.bits import assert_same
from engine.models import EVERYTHING, METHOD_NAMES, SIR, TEACUP, compiled
from penstock import __version__
from penstock.abi import ABI, EXPORTS, LAYOUT_SECTION, SET_VALUE, Layout
from penstock.compiler import Compiled, compile_file, compile_text
from penstock.hosts.wasmtime import Instance
from penstock.library import TABLES
from penstock.program import SETTINGS
from penstock.results import column_names, element_names
from penstock.run import simulate
from penstock.vm import Machine

MODELS = [TEACUP, SIR, EVERYTHING]
HERE = Path(__file__).resolve().parent

each_model = pytest.mark.parametrize("text", MODELS, ids=["teacup", "sir", "everything"])


def sections(blob: bytes) -> list[tuple[int, bytes]]:
    """The sections of a module, by the format's own rules."""
    assert blob[:8] == b"\0asm\x01\0\0\0"
    found, at = [], 8

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = blob[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(blob):
        kind = blob[at]
        at += 1
        size = number()
        found.append((kind, blob[at : at + size]))
        at += size
    return found


def layout_of(model: Compiled) -> Layout:
    """The description as any host finds it."""
    title = LAYOUT_SECTION.encode()
    head = bytes([len(title)]) + title
    (content,) = (content for kind, content in sections(model.blob) if kind == 0 and content.startswith(head))
    description: Layout = json.loads(content[len(head) :].decode("utf-8"))
    return description


# --- the module


@pytest.mark.smoke
@each_model
@pytest.mark.parametrize("method", METHOD_NAMES)
def test_a_blob_is_valid_and_imports_nothing(text: str, method: str) -> None:
    blob = compiled(text, method).blob
    module = wasmtime.Module(wasmtime.Engine(), blob)
    assert module.imports == []
    assert [kind for kind, _ in sections(blob)] == sorted(
        (kind for kind, _ in sections(blob)), key=lambda kind: kind or 99
    )


@each_model
def test_a_blob_needs_nothing_beyond_the_first_version_of_wasm(text: str) -> None:
    """No threads, no vectors, no results in plural: it runs wherever WebAssembly does."""
    config = wasmtime.Config()
    for feature in (
        "relaxed_simd",
        "simd",
        "threads",
        "multi_value",
        "multi_memory",
        "memory64",
        "tail_call",
    ):
        setattr(config, f"wasm_{feature}", False)
    wasmtime.Module(wasmtime.Engine(config), compiled(text).blob)


@each_model
def test_a_blob_exports_what_the_interface_lists_and_nothing_else(text: str) -> None:
    module = wasmtime.Module(wasmtime.Engine(), compiled(text).blob)
    found = {export.name: export.type for export in module.exports}
    assert list(found) == list(EXPORTS)
    types = {"number": {"f64", "i32"}, "bigint": {"i64"}, "void": set()}
    for name, row in EXPORTS.items():
        kind = found[name]
        if row.kind == "memory":
            assert isinstance(kind, wasmtime.MemoryType)
        elif row.kind == "i32":
            assert isinstance(kind, wasmtime.GlobalType)
            assert (str(kind.content), kind.mutable) == ("i32", row.mutable), name
        else:
            assert isinstance(kind, wasmtime.FuncType)
            parameters, result = row.kind.split(" => ")
            assert len(kind.params) == parameters.count(":"), name
            assert {str(value) for value in kind.results} <= types[result], name
            assert len(kind.results) == (result != "void"), name


@each_model
def test_a_blob_is_the_same_bytes_every_time(text: str) -> None:
    assert compile_text(text, "model.pen").blob == compiled(text).blob


def test_a_blob_is_the_same_bytes_whatever_the_hashes_of_strings_are() -> None:
    code = (
        "import hashlib, sys; from penstock.compiler import compile_text;"
        "print(hashlib.sha256(compile_text(sys.stdin.read(), 'model.pen').blob).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=EVERYTHING,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_small_model_makes_a_small_blob() -> None:
    assert len(compiled(TEACUP).blob) < 5_000
    for name in TABLES:
        assert name not in compiled(TEACUP).optimised.tables


# --- the description


@each_model
@pytest.mark.parametrize("method", METHOD_NAMES)
def test_the_description_agrees_with_the_program(text: str, method: str) -> None:
    model = compiled(text, method)
    program, layout = model.program, layout_of(model)
    assert layout == json.loads(json.dumps(model.layout))
    assert (layout["abi"], layout["compiler"], layout["model"]) == (ABI, __version__, model.model_hash)
    assert (layout["name"], layout["method"]) == (program.name, method)
    assert (layout["varying"], layout["columns"]) == (program.n_varying, program.n_columns)
    assert set(layout) == set(Layout.__annotations__) - {"lanes"}

    places: list[int] = []
    slots: list[int] = []
    for row in layout["variables"]:
        count = len(element_names(row["name"], row.get("dims", ()), layout["dims"]))
        places += range(row["column"], row["column"] + count)
        slots += range(row["slot"], row["slot"] + count)
    assert sorted(places) == list(range(layout["columns"]))
    assert len(set(slots)) == len(slots)
    assert max(slots) < program.n_slots
    assert layout["variables"][0] == {"name": "Time", "kind": "time", "slot": 0, "column": 0} | (
        {"units": layout["variables"][0]["units"]} if "units" in layout["variables"][0] else {}
    )


@each_model
def test_inputs_are_numbered_without_gaps_and_mean_what_they_say(text: str) -> None:
    model = compiled(text)
    layout = layout_of(model)
    values = [row for row in layout["inputs"] if row["kind"] != "points"]
    numbers = [n for row in values for n in range(row["input"], row["input"] + row.get("count", 1))]
    assert numbers == list(range(model.program.n_inputs))
    kinds = [row["kind"] for row in values]
    assert [kind for kind in kinds if kind not in ("constant", "initial")] == list(SETTINGS)
    variables = {row["name"]: row for row in layout["variables"]}
    instance = Instance(model.program, model.blob)
    for row in layout["inputs"]:
        if row["kind"] == "constant":
            variable = variables[row["name"]]
            for element in range(row.get("count", 1)):
                before = list(instance.row)
                assert instance.set_value(row["input"] + element, 0.5 + element) == SET_VALUE["OK"]
                assert instance.row[variable["slot"] + element] == 0.5 + element
                if row["name"] not in ("begin", "finish"):
                    before[variable["slot"] + element] = 0.5 + element
                    assert_same(instance.row, before)
        elif row["kind"] == "initial":
            assert variables[row["name"]]["kind"] == "stock"


@each_model
def test_columns_that_vary_come_first_and_the_others_do_not_vary(text: str) -> None:
    model = compiled(text)
    results = simulate(model, engine="wasm")
    layout = layout_of(model)
    assert results.names == column_names(model.program)
    assert len(results.columns) == layout["varying"]
    kinds = {row["name"]: row["kind"] for row in layout["variables"]}
    assert all(kinds.get(name.partition("[")[0]) != "constant" for name in results.columns)
    assert all(kinds.get(name.partition("[")[0]) not in ("stock", "time") for name in results.fixed)


def test_memory_as_stated_holds_the_blob_before_any_row_is_saved() -> None:
    model = compiled(EVERYTHING)
    store = wasmtime.Store()
    exports = wasmtime.Instance(store, wasmtime.Module(store.engine, model.blob), []).exports(store)
    pages = exports["memory"].size(store)
    assert (pages - 1) * 65536 < layout_of(model)["bytes"] <= pages * 65536
    offset, slots = exports["row_offset"].value(store), exports["n_slots"].value(store)
    assert offset % 8 == 0
    assert offset > 0
    assert slots == model.program.n_slots
    assert exports["results_offset"].value(store) % 8 == 0


# --- other hosts


def calls_of(model: Compiled) -> list[list[list[Any]]]:
    """A full run, a run in pieces, one with overrides and resets in between."""
    constant = next(row["input"] for row in reversed(model.program.inputs) if row["kind"] == "constant")
    initial = next(row["input"] for row in model.program.inputs if row["kind"] == "initial")
    stop = next(row["input"] for row in model.program.inputs if row["kind"] == "stop")
    return [
        [["run"]],
        [["run_to", 3.3], ["run_to", 3.9], ["run_to", "Infinity"]],
        [["set_value", initial, 20.0], ["run_to", 5.0], ["set_value", constant, 3.25], ["run_to", 7.0]],
        [["set_value", stop, 250.0], ["run"], ["reset"], ["set_value", constant, 0.5], ["run_to", 8.5]],
        [["run"], ["set_value", initial, 1.0], ["set_value", -1, 1.0], ["clear_values"], ["reset"]],
    ]


def hexed(values: Any) -> str:
    return array("d", values).tobytes().hex()


def machine_says(model: Compiled, calls: list[list[Any]]) -> dict[str, Any]:
    machine = Machine(model.program)
    codes = [getattr(machine, name)(*map(float_or_int, values)) for name, *values in calls]
    stored = model.program.n_columns if machine.full_rows else model.program.n_varying
    return {
        "codes": codes,
        "columns": [hexed(machine.column(column)) for column in range(stored)],
        "rows": machine.saved_steps,
        "row": hexed(machine.row),
        "error": machine.get_error(),
    }


def float_or_int(value: float | int | str) -> float | int:
    return float(value) if isinstance(value, str) else value


def node_says(node: Path, folder: Path, runs: list[tuple[bytes, list[list[Any]]]]) -> list[dict[str, Any]]:
    requests = []
    for number, (blob, calls) in enumerate(runs):
        file = folder / f"{number}.wasm"
        file.write_bytes(blob)
        requests.append({"file": str(file), "calls": calls})
    done = subprocess.run(
        [str(node), str(HERE / "run_blob.mjs")],
        input=json.dumps({"blobs": requests}),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def assert_node_agrees(node: Path, folder: Path, models: list[Compiled]) -> None:
    runs = [(model, calls) for model in models for calls in calls_of(model)]
    answers = node_says(node, folder, [(model.blob, calls) for model, calls in runs])
    for (model, calls), answer in zip(runs, answers, strict=True):
        expected = machine_says(model, calls)
        what = f"{model.program.name} {calls}"
        assert answer["imports"] == 0
        assert [name for name, _ in answer["exports"]] == list(EXPORTS)
        for part in ("codes", "rows", "error"):
            assert answer[part] == expected[part], what
        for a, b in zip(
            [answer["row"], *answer["columns"]], [expected["row"], *expected["columns"]], strict=True
        ):
            if a != b:
                assert_same(array("d", bytes.fromhex(a)), array("d", bytes.fromhex(b)), what)


def test_a_blob_gives_the_machines_bits_in_node(node: Path, tmp_path: Path) -> None:
    models = [compiled(text, method) for text in MODELS for method in METHOD_NAMES]
    assert_node_agrees(node, tmp_path, models)


def test_the_bench_models_give_the_machines_bits_in_node(
    node: Path, tmp_path: Path, bench_models: Path
) -> None:
    names = ["teacup.mdl", "fishbanks.xmile", "wrld3-03.mdl"]
    assert_node_agrees(node, tmp_path, [compile_file(bench_models / name) for name in names])


def test_the_machine_needs_no_wasmtime_and_the_other_engine_says_that_it_does() -> None:
    code = """
import sys
sys.modules["wasmtime"] = None
from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.run import simulate
model = compile_text(sys.stdin.read(), "model.pen")
print(simulate(model, engine="vm").data.tobytes().hex())
for engine in ("wasm", None):
    try:
        simulate(model, engine=engine)
    except PenstockError as problem:
        print(problem.diagnostics[0].code)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], input=EVERYTHING, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    bits, *codes = done.stdout.split()
    assert bits == simulate(compiled(EVERYTHING), engine="wasm").data.tobytes().hex()
    assert codes == ["PEN505", "PEN505"]
