"""A study of the page, its pool and workers in Node: the same points, runs and statistics as CPython's, to the bit."""

import base64
import json
from array import array
from collections.abc import Callable
from random import Random
from typing import Any

import numpy
import pytest
import wasmtime

import penstock
from penstock.abi import ABI
from penstock.compiler import compile_text
from protocol.test_runner import EPIDEMIC

RUNS = 150  # three chunks, the last one short
OUTPUT = "Infected"
VARIED = [
    {"name": "contact rate", "shape": "uniform", "low": 4.8, "high": 7.2, "peak": 6.0},
    {"name": "duration", "shape": "triangular", "low": 3.0, "high": 9.0, "peak": 4.0},
]
INPUTS = {"contact rate": "uniform(4.8, 7.2)", "duration": "triangular(3, 4, 9)"}
SHARES = (5, 25, 50, 75, 95)


def asked(text: str = EPIDEMIC, **more: Any) -> dict[str, Any]:
    plan = {
        "varied": VARIED,
        "runs": RUNS,
        "seed": 7,
        "output": OUTPUT,
        "rows": list(range(101)),
        "overrides": [],
    }
    blob = base64.b64encode(compile_text(text, "pen").blob).decode()
    return {"blob": blob, "plan": plan | more.pop("plan", {})} | more


def doubles(text: str) -> bytes:
    return base64.b64decode(text)


def shown(found: dict[str, Any]) -> list[Any]:
    return [found["runs"], found["mean"], *found["percentiles"]]


@pytest.fixture(scope="module")
def page(script: Callable[..., Any]) -> Any:
    return script("ensemble", asked())


@pytest.fixture(scope="module")
def python() -> Any:
    return penstock.loads(EPIDEMIC).ensemble(INPUTS, [OUTPUT], runs=RUNS, seed=7, engine="vm")


@pytest.mark.parametrize("seed", [0, 1, 20261121, 2**32 - 1])
def test_the_page_draws_the_numbers_that_python_draws(script: Callable[..., Any], seed: int) -> None:
    random = Random(seed)
    assert script("ensemble", {"seed": seed}) == [random.random() for _ in range(1500)]


def test_the_page_draws_the_points_that_python_draws(page: Any, python: Any) -> None:
    points = array("d", doubles(page["samples"]))
    for place, name in enumerate(INPUTS):
        assert points[place :: len(INPUTS)] == python.input(name)
    # A Latin hypercube: each of the equally likely slices holds one value.
    rates = sorted((rate - 4.8) / 2.4 * RUNS for rate in points[::2])
    assert [int(rate) for rate in rates] == list(range(RUNS))


def test_mean_and_percentiles_are_those_of_cpythons_virtual_machine_to_the_bit(
    page: Any, python: Any
) -> None:
    assert page["runs"] == RUNS
    assert doubles(page["mean"]) == python.mean(OUTPUT).tobytes()
    for share, values in zip(SHARES, page["percentiles"], strict=True):
        assert doubles(values) == python.percentile(OUTPUT, share).tobytes()
    # numpy's own percentiles of the same runs, which round otherwise
    expected = numpy.percentile(python.numpy(OUTPUT), SHARES, axis=0)
    assert numpy.allclose(
        [numpy.frombuffer(doubles(row)) for row in page["percentiles"]], expected, rtol=1e-13
    )


@pytest.mark.parametrize(
    "circumstances",
    [{"delays": [60, 0, 20]}, {"workers": 1}, {"deaths": [1, 2]}, {"deaths": [2, 1, 1]}],
    ids=["chunks come late", "one worker", "two workers die", "three workers die"],
)
def test_neither_order_nor_death_changes_a_bit(
    script: Callable[..., Any], page: Any, circumstances: dict[str, Any]
) -> None:
    found = script("ensemble", asked(**circumstances))
    assert shown(found) == shown(page)
    deaths = circumstances.get("deaths", [])
    assert found["failures"] == ["worker-error: killed"] * len(deaths)
    assert found["started"] == circumstances.get("workers", 2) + len(deaths)
    assert (found["came"], found["failed"], found["state"]) == (3, 0, "ready")


def test_a_chunk_that_kills_every_worker_is_a_gap_and_its_runs_are_counted(
    script: Callable[..., Any],
) -> None:
    found = script("ensemble", asked(deaths=[1, 1, 1], workers=1))
    assert (found["runs"], found["failed"], found["came"]) == (RUNS, 64, 3)
    assert "chunk 0 of a failed 3 times: killed" in found["reasons"][0]


def test_a_study_that_is_given_up_ends_what_waits_and_the_workers_stay(script: Callable[..., Any]) -> None:
    found = script("ensemble", asked(plan={"runs": 6400}, dropAfter=2))
    assert found["came"] == 2
    assert (found["waiting"], found["state"], found["started"], found["failures"]) == (0, "ready", 2, [])
    assert found["metrics"]["runs"] < 64 * 6


def test_a_chunk_that_is_given_up_ends_with_its_slice(script: Callable[..., Any]) -> None:
    text = EPIDEMIC.replace("0 to 100", "0 to 20000")
    found = script("ensemble", asked(text, plan={"runs": 128, "rows": [0]}, dropAtBeat=True))
    assert (found["came"], found["state"], found["started"], found["failures"]) == (0, "ready", 2, [])
    assert (found["metrics"]["chunksOk"], found["metrics"]["chunksFailed"]) == (0, 2)
    assert found["metrics"]["runs"] < 64


def test_workers_count_what_they_did(page: Any) -> None:
    metrics = page["metrics"]
    assert (metrics["runs"], metrics["chunksOk"], metrics["chunksFailed"]) == (RUNS, 3, 0)
    assert metrics["heapBytes"] >= 65536
    assert metrics["seconds"] > 0


def test_runs_that_cannot_be_made_are_counted_with_their_reason(script: Callable[..., Any]) -> None:
    varied = [{"name": "dt", "shape": "uniform", "low": -0.125, "high": 0.125, "peak": 0.1}]
    text = EPIDEMIC.replace(" save every 1", "")
    found = script("ensemble", asked(text, plan={"varied": varied, "rows": [0]}))
    assert (found["runs"], found["failed"]) == (RUNS, RUNS // 2)
    assert all("is not a value for dt" in reason for reason in found["reasons"])


def test_a_run_too_wild_for_numbers_leaves_the_others_as_they_are(script: Callable[..., Any]) -> None:
    text = EPIDEMIC.replace("duration = 5 {day}", "duration = 5 {day}\nconst exponent = 1")
    text = text.replace(
        "flow recovery = Infected / duration", "flow recovery = Infected / duration * SQRT(exponent)"
    )
    varied = [{"name": "exponent", "shape": "uniform", "low": -1.0, "high": 1.0, "peak": 0.0}]
    found = script("ensemble", asked(text, plan={"varied": varied}))
    expected = penstock.loads(text).ensemble({"exponent": "uniform(-1, 1)"}, [OUTPUT], runs=RUNS, seed=7)
    assert found["failed"] == 0
    assert expected.count(OUTPUT)[-1] == RUNS / 2
    assert doubles(found["mean"]) == expected.mean(OUTPUT).tobytes()
    for share, values in zip(SHARES, found["percentiles"], strict=True):
        assert doubles(values) == expected.percentile(OUTPUT, share).tobytes()


# Blobs that are none -----------------------------------------------------------------------------------------

FUNCTIONS = (
    "run", "run_initials", "run_to", "reset", "set_value", "clear_values", "get_error", "snapshot",
    "restore", "allocate", "deallocate", "process",
)  # fmt: skip
GLOBALS = (
    "saved_steps", "n_slots", "row_offset", "n_rows", "results_offset", "full_rows", "snapshot_size",
)  # fmt: skip
TIME = {"name": "time", "kind": "time", "slot": 0, "column": 0}
LAYOUT = {
    "abi": ABI,
    "model": "m",
    "inputs": [{"name": "a", "kind": "constant", "input": 0}],
    "variables": [TIME, {"name": "x", "kind": "stock", "slot": 8, "column": 1}],
    "dims": {},
    "method": "euler",
    "varying": 2,
    "columns": 2,
}


def blob(layout: Any = LAYOUT, imports: str = "", without: str = "") -> str:
    """A module whose every function traps, with a layout behind it; in base64."""
    functions = (f'(func (export "{name}") unreachable)' for name in FUNCTIONS if name != without)
    globals_ = (f'(global (export "{name}") i32 (i32.const 0))' for name in GLOBALS)
    wat = f'(module {imports} (memory (export "memory") 1) {" ".join((*functions, *globals_))})'
    name = b"penstock.layout"
    section = bytes([len(name)]) + name + json.dumps(layout).encode()
    size = bytes([len(section) & 0x7F | 0x80, len(section) >> 7])
    assert len(section) < 1 << 14
    return base64.b64encode(wasmtime.wat2wasm(wat) + b"\0" + size + section).decode()


def asked_of(made: str) -> dict[str, Any]:
    return {
        "blob": made,
        "plan": {
            "varied": [{"name": "a", "shape": "uniform", "low": 0, "high": 1, "peak": 0}],
            "runs": 10,
            "seed": 1,
            "output": "x",
            "rows": [0],
            "overrides": [],
        },
    }


@pytest.mark.parametrize(
    ("made", "check"),
    [
        (base64.b64encode(b"\0asm\1\0\0\0").decode(), "layout"),
        (blob(LAYOUT | {"abi": ABI + 1}), "abi"),
        (blob(imports='(import "env" "now" (func))'), "imports"),
        (blob(without="run_to"), "exports"),
        (blob(LAYOUT | {"variables": [TIME]}), "variables"),
    ],
)
def test_a_blob_that_cannot_be_run_fails_at_boot_by_the_name_of_its_check(
    script: Callable[..., Any], made: str, check: str
) -> None:
    answer = script("ensemble", asked_of(made))
    assert answer == {"refused": f"BootInvariantError {check}", "states": ["terminated", "terminated"]}


def test_a_trap_is_told_as_one_and_each_try_has_a_fresh_worker(script: Callable[..., Any]) -> None:
    found = script("ensemble", asked_of(blob()))
    assert found["failures"] == ["engine-trap: unreachable"] * 3
    assert found["started"] == 2 + 3
    assert (found["runs"], found["failed"], found["state"]) == (10, 10, "ready")
    assert "chunk 0 of a failed 3 times: unreachable" in found["reasons"][0]
