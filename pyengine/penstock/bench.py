"""How long compiling and running take, on both engines; what `penstock bench` prints."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from .compiler import compile_file
from .engines import create


def bench(path: Path, runs: int = 5) -> dict[str, Any]:
    """Medians, in milliseconds, and sizes in bytes. A run is a full one on an instance that has run before."""
    compiled = compile_file(path)
    blob = compiled.blob
    engines = {name: create(compiled, name) for name in ("wasm", "vm")}
    for engine in engines.values():
        engine.run()
    return {
        "model": path.name,
        "variables": len(compiled.program.variables),
        "steps": engines["wasm"].saved_steps - 1,
        "blob_bytes": len(blob),
        "blob_gzip_bytes": len(gzip.compress(blob, 9)),
        "read_check_lower_ms": _median(lambda: compile_file(path), runs),
        "emit_ms": _median(lambda: compile_file(path).blob, runs) - _median(lambda: compile_file(path), runs),
        "wasm_run_ms": _median(engines["wasm"].run, 20 * runs),
        "vm_run_ms": _median(engines["vm"].run, runs),
    }


def table(rows: list[dict[str, Any]]) -> str:
    """The same for reading."""
    lines = []
    for row in rows:
        lines.append(f"{row['model']}: {row['variables']} variables, {row['steps']} saved steps")
        lines.append(
            f"  read, check, lower {row['read_check_lower_ms']:8.1f} ms   optimise, emit {row['emit_ms']:8.1f} ms"
        )
        ratio = row["vm_run_ms"] / row["wasm_run_ms"]
        lines.append(
            f"  run: wasm {row['wasm_run_ms']:8.3f} ms   vm {row['vm_run_ms']:8.1f} ms   ratio {ratio:.0f}"
        )
        lines.append(f"  blob {row['blob_bytes']:,} bytes, {row['blob_gzip_bytes']:,} gzipped")
    return "\n".join(lines)


def _median(action: Callable[[], object], count: int) -> float:
    times = []
    for _ in range(count):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return 1e3 * median(times)
