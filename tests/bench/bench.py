"""How fast blobs are, side by side with Simlin's: `python build.py bench --peers MODEL…`, or run this file itself.

Each model is compiled here and, where pysimlin 0.8.5 can be imported, by Simlin (`--peer PYTHON` names another
Python that has it). Node runs both blobs in one process, in turn, a constant changed before every run, all series
saved; ratios are medians of ratios. `first` is compiling the module and its first run, in a process of its own.
Instructions are counted by wasmtime's fuel, which is the same on every machine.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import wasmtime

from penstock.compiler import Compiled, compile_file
from penstock.errors import PenstockError
from penstock.wasm.text import sections

HERE = Path(__file__).parent
FIRST_RUNS = 5


def main(arguments: list[str]) -> None:
    options = _options(arguments)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for model in options.models:
            rows.append(measured(model, Path(folder), options.node, options.peer))
            print(line(rows[-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("models", nargs="+", type=Path, metavar="MODEL")
    parser.add_argument("--node", default=shutil.which("node") or "node")
    parser.add_argument("--peer", default=sys.executable, metavar="PYTHON", help="a Python that has pysimlin")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def measured(model: Path, folder: Path, node: str, peer: str) -> dict[str, Any]:
    """All that is known of one model; what only the peer can tell is left out without it, and `peer` says why."""
    compiled = compile_file(model)
    ours = folder / f"{model.stem}.wasm"
    ours.write_bytes(compiled.blob)
    row = {"model": model.name, **sizes(compiled), "instructions": instructions(compiled)}
    pair: dict[str, Any] = {"title": model.name, "ours": str(ours)}
    theirs, slots = folder / f"{model.stem}.simlin.wasm", folder / f"{model.stem}.json"
    why = _peer_blob(peer, model, theirs, slots)
    if not why:
        row["peer_bytes"] = theirs.stat().st_size
        row["peer_first_ms"] = first(node, theirs)
        pair |= {"theirs": str(theirs), "slots": json.loads(slots.read_text())}
    else:
        row["peer"] = why
    row["first_ms"] = first(node, ours)
    return row | _node(node, {"pairs": [pair]})


def _peer_blob(peer: str, model: Path, theirs: Path, slots: Path) -> str:
    """Have Simlin write its blob; the answer is why it could not, or empty."""
    command = [peer, HERE / "simlin_blob.py", model, theirs, slots]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        return f"{peer}: {error.strerror}"
    return made.stderr.strip().splitlines()[-1] if made.returncode else ""


def sizes(compiled: Compiled) -> dict[str, int]:
    """Bytes of the whole file, and without custom sections."""
    custom = sum(len(content) for number, content in sections(compiled.blob) if number == 0)
    return {"bytes": len(compiled.blob), "bytes_without_custom": len(compiled.blob) - custom}


def instructions(compiled: Compiled) -> int:
    """How many wasm instructions a run takes, as wasmtime counts fuel."""
    return _instructions(compiled.blob)


def lane_instructions(compiled: Compiled) -> int:
    """How many those of four runs side by side take; 0 where they would not go in step."""
    try:
        return _instructions(compiled.lane_blob)
    except PenstockError:
        return 0


def _instructions(blob: bytes) -> int:
    config = wasmtime.Config()
    config.consume_fuel = True
    store = wasmtime.Store(wasmtime.Engine(config))
    store.set_fuel(1 << 60)
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, blob), [])
    before = store.get_fuel()
    run = instance.exports(store)["run"]
    assert isinstance(run, wasmtime.Func)
    run(store)
    return before - store.get_fuel()


def first(node: str, blob: Path) -> float:
    """Milliseconds from the bytes to the end of a first run; nothing is warm."""
    return median(float(_node(node, {"first": str(blob)})["first_ms"]) for _ in range(FIRST_RUNS))


def _node(node: str, request: dict[str, Any]) -> dict[str, Any]:
    answer = subprocess.run(
        [node, HERE / "compare.mjs"], input=json.dumps(request), capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise SystemExit(answer.stderr)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def line(row: dict[str, Any]) -> str:
    """One model's numbers for reading."""
    parts = [
        f"{row['model']}: {row['us']:.2f} µs a run",
        f"{row['columns']} columns of {row['rows']} rows",
        f"{row['instructions']:,} instructions",
        f"first {row['first_ms']:.1f} ms",
        f"{row['bytes']:,} bytes, {row['bytes_without_custom']:,} without custom sections",
    ]
    if "ratio" in row:
        parts += [
            f"Simlin {row['peer_us']:.2f} µs, ratio {row['ratio']:.3f}",
            f"first {row['peer_first_ms']:.1f} ms, {row['peer_bytes']:,} bytes",
            f"largest difference {row['worst']:.1e} in {row['compared']} series",
        ]
        if row["rows"] != row["peer_rows"]:
            parts.append(f"the ratio means little: Simlin saves {row['peer_rows']} rows")
    else:
        parts.append(f"no peer ({row['peer']})")
    return "\n  ".join(parts)


if __name__ == "__main__":
    main(sys.argv[1:])
