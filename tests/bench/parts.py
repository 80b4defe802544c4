"""What is measured, a function for each part of the benchmarks; `PARTS` lists them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import bench as blobs_beside
from bench import page
from penstock.bench import bench as both_engines
from penstock.compiler import compile_file

HERE = Path(__file__).resolve().parent
PATIENCE = 300  # seconds for a peer's run
LARGE = 500_000  # bytes of a model from which the bytecode machine takes too long to run it often


@dataclass(frozen=True)
class Row:
    """One number. `ratio` is to the peer's, ours divided by theirs; `target` is the most that it should be."""

    part: str
    model: str
    measure: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.peer_value is None else self.value / self.peer_value


@dataclass(frozen=True)
class Setting:
    """What is measured and with what; `peers` are Pythons that have one, by its module."""

    models: tuple[Path, ...]
    node: Path
    dist: Path
    chromium: Path | None
    snapshot: Path
    peers: Mapping[str, Path]


def blobs(setting: Setting) -> Iterator[Row]:
    """Runs in V8, a constant changed before each, beside Simlin's blob in the same process."""
    with tempfile.TemporaryDirectory() as folder:
        for model in setting.models:
            simlin = str(setting.peers.get("simlin", sys.executable))  # which lacks it, and it is left out
            found = blobs_beside.measured(model, Path(folder), str(setting.node), simlin)
            peer = "Simlin" if "ratio" in found else ""
            for measure, ours, theirs, unit in (
                ("run", "us", "peer_us", "µs"),
                ("first run of a new module", "first_ms", "peer_first_ms", "ms"),
                ("module", "bytes", "peer_bytes", "bytes"),
                ("module without custom sections", "bytes_without_custom", "", "bytes"),
                ("instructions of a run", "instructions", "", ""),
            ):
                value = found.get(theirs) if peer else None
                yield Row(
                    "blobs",
                    model.name,
                    measure,
                    found[ours],
                    unit,
                    peer if value else "",
                    value and float(value),
                )


def engines(setting: Setting) -> Iterator[Row]:
    """Runs in CPython: the blob under wasmtime beside the bytecode machine, and compiling there."""
    for model in setting.models:
        found = both_engines(model, runs=3 if model.stat().st_size < LARGE else 1)
        yield Row(
            "engines", model.name, "run", found["wasm_run_ms"], "ms", "Penstock's VM", found["vm_run_ms"]
        )
        yield Row("engines", model.name, "read, check and lower", found["read_check_lower_ms"], "ms")
        yield Row("engines", model.name, "optimise and emit", found["emit_ms"], "ms")


def sweeps(setting: Setting) -> Iterator[Row]:
    """Runs with other constants in V8, of which one number is kept: four side by side in SIMD lanes, on one core."""
    for model in setting.models:
        compiled = compile_file(model)
        with tempfile.TemporaryDirectory() as folder:
            lanes, single = Path(folder, "lanes.wasm"), Path(folder, "single.wasm")
            lanes.write_bytes(compiled.lane_blob)
            single.write_bytes(compiled.blob)
            runs = 400 if model.stat().st_size < LARGE else 16
            asked = json.dumps({"lanes": str(lanes), "single": str(single), "runs": runs})
            command = [setting.node, HERE / "sweep.mjs"]
            done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        yield Row("sweeps", model.name, "run", found["us"], "µs", "single runs", found["single_us"])
        yield Row("sweeps", model.name, "runs a second", 1e6 / found["us"], "")
        yield Row("sweeps", model.name, "lane blob", len(compiled.lane_blob) / 1000, "KB")


def pysd(setting: Setting) -> Iterator[Row]:
    """A repeated run beside PySD's."""
    if "pysd" not in setting.peers:
        return
    for model in setting.models:
        with tempfile.TemporaryDirectory() as folder:
            command = [setting.peers["pysd"], HERE / "pysd_run.py", model, folder]
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=PATIENCE, check=True, cwd=folder
                )
            except subprocess.SubprocessError as refused:
                why = getattr(refused, "stderr", "") or str(refused)
                print(f"  PySD does not run {model.name}: {str(why).strip().splitlines()[-1][:200]}")
                continue
        theirs = json.loads(done.stdout.splitlines()[-1])
        ours = both_engines(model, runs=1)
        yield Row("pysd", model.name, "run", ours["wasm_run_ms"], "ms", "PySD", theirs["run_ms"])


def pyodide(setting: Setting) -> Iterator[Row]:
    """Compiling in the page's Python, under Node: a process for each model, started from the site's snapshot."""
    manifest = json.loads((setting.dist / "python/manifest.json").read_text(encoding="utf-8"))
    memory = str(manifest["snapshot"]["heap"]["memory"])
    for model in setting.models:
        command = [
            setting.node,
            HERE / "pyodide.mjs",
            setting.dist / "pyodide",
            setting.snapshot,
            memory,
            model,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"  {model.name}: {done.stderr.strip().splitlines()[-1][:200]}")
            continue
        found = json.loads(done.stdout)
        yield Row("pyodide", model.name, "first compile", found["cold_compile_ms"], "ms")
        yield Row("pyodide", model.name, "edit of one equation to its first result", found["edit_ms"], "ms")
        yield Row("pyodide", model.name, "parts done again for an edit", found["redone"], "")


def in_page(setting: Setting) -> Iterator[Row]:
    """The site in Chromium: booting Python, and how soon what a reader does is seen."""
    if setting.chromium is None:
        print("  no Chromium on this machine")
        return
    for found in page.measured(setting.dist, setting.chromium):
        yield Row("page", "", found.measure, found.value, found.unit, target=found.target)


PARTS: dict[str, Callable[[Setting], Iterator[Row]]] = {
    "blobs": blobs,
    "engines": engines,
    "sweeps": sweeps,
    "pysd": pysd,
    "pyodide": pyodide,
    "page": in_page,
}
