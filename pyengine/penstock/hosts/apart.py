"""Modules from strangers compiled in a process of their own: some take minutes, and none may take this one down.

`python -m penstock.hosts.apart CPU_SECONDS` takes a module's bytes and gives wasmtime's compiled form.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import wasmtime

from . import flags
from .limits import Limits, refuse

_MEMORY = 4 << 30
_REFUSED = 3
_START = 30.0  # for Python itself to start, on a busy machine


def compiled_apart(engine: wasmtime.Engine, blob: bytes, limits: Limits, *, timed: bool) -> wasmtime.Module:
    """The module, if it compiles within `limits.compile_seconds` of processor time. Raises InvalidModule,
    ForbiddenFeature, WallTimeout."""
    seconds = limits.compile_seconds
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "penstock.hosts.apart", str(seconds), str(int(timed))]
    try:
        done = subprocess.run(
            command,
            input=blob,
            capture_output=True,
            timeout=_START + 4 * seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": path},
        )
    except subprocess.TimeoutExpired:
        raise refuse("WallTimeout", seconds=seconds) from None
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == _REFUSED:
        raise flags.module_error(ValueError(said))
    if done.returncode < 0:  # a signal: the limit of its processor time, or a fault in wasmtime
        raise refuse("WallTimeout", seconds=seconds)
    if done.returncode:
        raise refuse("InvalidModule", reason=f"it cannot be compiled: {said.strip()[-150:]}")
    return wasmtime.Module.deserialize(engine, done.stdout)


def main(seconds: float, timed: bool) -> int:
    with suppress(
        ImportError, ValueError, OSError
    ):  # Windows has none of it; there the caller's clock must do
        import resource

        whole = max(1, round(seconds))
        used = round(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
        resource.setrlimit(resource.RLIMIT_CPU, (used + whole, used + whole + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    engine = flags.configured(flags.OFF, fuel=True, epoch=timed)
    try:
        module = wasmtime.Module(engine, sys.stdin.buffer.read())
    except (wasmtime.WasmtimeError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return _REFUSED
    sys.stdout.buffer.write(module.serialize())
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2] == "1"))
