"""wasmtime with everything turned off that blobs do not need, tried in a process of its own before it is used here.

Some combinations of flags abort the whole process, and a flag that does not exist is taken without a word. So the
strict configuration is built once for each version of wasmtime in a child process, and what became of it is kept.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict

import wasmtime

from ..errors import PenstockError, error
from .limits import refuse

OFF = (
    "wasm_relaxed_simd",  # before simd: one without the other aborts the process
    "wasm_simd",
    "wasm_threads",
    "shared_memory",
    "wasm_multi_memory",
    "wasm_memory64",
    "wasm_component_model",
    "wasm_exceptions",
    "wasm_gc",
    "wasm_function_references",
    "wasm_tail_call",
    "wasm_multi_value",
    "wasm_stack_switching",
    "wasm_wide_arithmetic",
    "wasm_custom_page_sizes",
)
"""Flags that are turned off where wasmtime has them, in this order. Reference types and bulk memory stay on:
without the first, wasmtime 50 aborts; blobs use the second. `scan` refuses what the first lets in."""

WITH_LANES = tuple(name for name in OFF if name not in ("wasm_relaxed_simd", "wasm_simd"))
"""The same for our own blobs that take several runs at a time in SIMD lanes."""

_FEATURES: tuple[tuple[str, str], ...] = (
    (r"relaxed simd", "relaxed simd"),
    (r"SIMD", "simd"),
    (r"threads|shared memor", "threads"),
    (r"memory64", "memory64"),
    (r"multiple memories|multi-memory", "multi-memory"),
    (r"tail call", "tail calls"),
    (r"multi-value|multiple values", "multi-value"),
    (r"exceptions", "exceptions"),
    (r"function references", "function references"),
    (r"stack switching|continuation", "stack switching"),
    (r"wide arithmetic", "wide arithmetic"),
    (r"page size", "custom page sizes"),
    (r"component", "component model"),
    (r"gc (feature|types|support|proposal)|without the gc", "gc"),
    (r"reference types", "reference types"),
)
_FEATURE_WORDS = re.compile(
    r"not enabled|not supported|disabled|must be enabled|required for|without the|multiple memories|zero byte"
)


class Verdict(TypedDict):
    """What the trial of a version of wasmtime found; `reason` is empty where all is well."""

    version: str
    flags: list[str]  # turned off, in this order
    unknown: list[str]  # not known to this version
    reason: str


def configured(off: Iterable[str], *, fuel: bool, epoch: bool) -> wasmtime.Engine:
    """An engine; flags that this version does not have are left alone."""
    config = wasmtime.Config()
    for name in off:
        if hasattr(wasmtime.Config, name):
            setattr(config, name, False)
    config.consume_fuel = fuel
    config.epoch_interruption = epoch
    return wasmtime.Engine(config)


def flags(off: Iterable[str]) -> dict[str, bool]:
    """Every flag that is set, by name, for a run's metadata."""
    return {name: False for name in off if hasattr(wasmtime.Config, name)}


def installed() -> str:
    return version("wasmtime")


@lru_cache(maxsize=1)
def verdict() -> Verdict:
    """The trial's outcome for this version: from the process that started this one, a file, or a child process."""
    if os.environ.get(_TRIED) == installed():
        return Verdict(version=installed(), flags=list(OFF), unknown=[], reason="")
    place = _cache()
    found = None if place is None else _read(place)
    if found is None:
        found = tried(OFF)
        if place is not None and not found["reason"]:
            with suppress(OSError):
                _keep(place, found)
    if not found["reason"]:
        os.environ[_TRIED] = found["version"]
    return found


def tried(off: Iterable[str]) -> Verdict:
    """The outcome of building engines in a child process, which may abort."""
    names = list(off)
    unknown = [name for name in names if not hasattr(wasmtime.Config, name)]
    reason = ""
    command = [sys.executable, "-c", _TRIAL, json.dumps([name for name in names if name not in unknown])]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        reason = f"the trial did not end: {problem}"[:200]
    else:
        if done.returncode or done.stdout.strip() != b"fine":
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            reason = next((line for line in said if "cannot" in line or "Error" in line), "") or (
                said[-1] if said else "nothing was said"
            )
            reason = f"exit status {done.returncode}: {reason}"[:200]
    return Verdict(version=installed(), flags=names, unknown=unknown, reason=reason)


_TRIAL = """
import json, sys, wasmtime
for simd in (False, True):
    for fuel, epoch in ((False, False), (True, False), (True, True)):
        config = wasmtime.Config()
        for name in json.loads(sys.argv[1]):
            if not (simd and "simd" in name):
                setattr(config, name, False)
        config.consume_fuel = fuel
        config.epoch_interruption = epoch
        engine = wasmtime.Engine(config)
        code = bytes.fromhex("0061736d010000000105016000017f03020100070501016600000a06010400412a0b")
        store = wasmtime.Store(engine)
        if fuel:
            store.set_fuel(1000)
        store.set_epoch_deadline(1)
        instance = wasmtime.Instance(store, wasmtime.Module(engine, code), [])
        assert instance.exports(store)["f"](store) == 42
print("fine")
"""


_TRIED = "PENSTOCK_WASMTIME_TRIED"


def _cache() -> Path | None:
    """Where verdicts are kept; None where there is no home."""
    base = os.environ.get("PENSTOCK_CACHE") or os.environ.get("XDG_CACHE_HOME")
    try:
        folder = Path(base) if base else Path.home() / ".cache"
    except RuntimeError:
        return None
    return folder / "penstock" / f"wasmtime-{installed()}.json"


def _read(place: Path) -> Verdict | None:
    """A verdict that all was well, with the flags that are used now."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found: Verdict = json.loads(place.read_text(encoding="utf-8"))
        if (found["version"], found["flags"], found["reason"]) == (installed(), list(OFF), ""):
            return found
    return None


def _keep(place: Path, found: Verdict) -> None:
    """Whole or not at all: others may be reading."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False, encoding="utf-8") as file:
        json.dump(found, file)
    Path(file.name).replace(place)


@lru_cache(maxsize=8)
def engine(*, fuel: bool = False, lanes: bool = False) -> wasmtime.Engine:
    """A strict engine. Raises PEN505 where this version of wasmtime cannot be strict."""
    ensure()
    return configured(WITH_LANES if lanes else OFF, fuel=fuel, epoch=False)


def timed_engine() -> wasmtime.Engine:
    """A strict engine with fuel and a clock, of one's own: a tick stops all that runs on it."""
    ensure()
    return configured(OFF, fuel=True, epoch=True)


def ensure() -> None:
    found = verdict()
    if found["reason"]:
        reason = f"wasmtime {found['version']} does not take its strict settings ({found['reason']})"
        advice = "Install another version of wasmtime, or choose engine vm; penstock doctor says more."
        raise error("PEN505", engine="wasm", reason=reason, advice=advice)


def module_error(problem: Exception) -> PenstockError:
    """What wasmtime refuses a module for, by kind."""
    said = str(problem)
    cause = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), said)
    if _FEATURE_WORDS.search(said):
        for pattern, feature in _FEATURES:
            if re.search(pattern, said):
                return refuse("ForbiddenFeature", feature=feature)
    return refuse("InvalidModule", reason=cause[:200])
