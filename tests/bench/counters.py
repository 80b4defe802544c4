"""Counts of the sample models that are the same on every machine: `python build.py bench --counters` renews them.

They stand in counters.json; test_growth.py fails where one has grown by more than `MARGIN`. What grows with a new
feature is renewed in the same commit, so that a reader sees what it costs.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from penstock.compiler import Compiled, compile_file
from penstock.ir import Function
from penstock.program import Program
from penstock.vm import Machine
from penstock.vm.bytecode import Compiled as Bytecode

HERE = Path(__file__).resolve().parent
FILE = HERE / "counters.json"
SAMPLES = HERE.parent.parent / "web/samples"
MARGIN = 0.05

MEANINGS = {
    "wasm_instructions": "a run's, as wasmtime counts fuel",
    "vm_instructions": "a run's, by the bytecode machine",
    "blob_bytes": "of the wasm module without its custom sections",
    "lane_instructions": "of four runs side by side, as wasmtime counts fuel",
    "layout_bytes": "of the module's custom sections",
    "python_calls": "of the package's own functions in a compile, blob included",
}


def counted(path: Path) -> dict[str, int]:
    """All counters of a model."""
    from bench.bench import instructions, lane_instructions, sizes

    calls, compiled = calls_of_compile(path)
    size = sizes(compiled)
    return {
        "wasm_instructions": instructions(compiled),
        "lane_instructions": lane_instructions(compiled),
        "vm_instructions": vm_instructions(compiled.program),
        "blob_bytes": size["bytes_without_custom"],
        "layout_bytes": size["bytes"] - size["bytes_without_custom"],
        "python_calls": calls,
    }


def vm_instructions(program: Program) -> int:
    """Those that a run takes, creating the machine included."""
    machine = _Counting(program)
    machine.run()
    return machine.fetched


def calls_of_compile(path: Path) -> tuple[int, Compiled]:
    """Calls of named functions of the package: comprehensions are calls in some versions of Python only."""
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        code = frame.f_code
        if event == "call" and not code.co_name.startswith("<") and "penstock" in code.co_filename:
            calls += 1

    sys.setprofile(count)
    try:
        compiled = compile_file(path)
        _ = compiled.blob
    finally:
        sys.setprofile(None)
    return calls, compiled


def in_new_process(names: Iterable[str]) -> dict[str, dict[str, int]]:
    """Counters by sample. In a process of its own: what others compiled before would be found in caches."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-m", "bench.counters", *sorted(names)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found


def renew() -> None:
    """Write counters.json anew, for all samples, and print what changed."""
    before = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    now = in_new_process(path.name for path in SAMPLES.glob("*.pen"))
    for name, row in now.items():
        for counter, value in row.items():
            old = before.get(name, {}).get(counter)
            if old != value:
                change = f"{value / old - 1:+.1%}" if old else "new"
                print(f"{name} {counter}: {value:,} ({change})")
    FILE.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")


class _Counting(Machine):
    """A machine that counts the instructions it fetches."""

    def __init__(self, program: Program) -> None:
        self.fetched = 0
        super().__init__(program)

    def _compiled(self, function: Function) -> Bytecode:
        made = super()._compiled(function)
        return dataclasses.replace(made, code=_Code(made.code, self))


class _Code(tuple[Any, ...]):
    machine: _Counting

    def __new__(cls, code: tuple[Any, ...], machine: _Counting) -> _Code:
        self = super().__new__(cls, code)
        self.machine = machine
        return self

    def __getitem__(self, index: Any) -> Any:
        self.machine.fetched += 1
        return tuple.__getitem__(self, index)


if __name__ == "__main__":
    print(json.dumps({name: counted(SAMPLES / name) for name in sys.argv[1:]}))
