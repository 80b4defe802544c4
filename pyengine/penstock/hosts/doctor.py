"""What this installation can do, layer by layer; each that may take the process down is tried in a child process."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from .. import __version__
from ..compiler import compile_text
from ..errors import PenstockError
from ..run import simulate
from .limits import Limits, kind_of

FEATURES: Mapping[str, str] = {
    "simd": "01040160000003020100 0a17011500fd0c000000000000000000000000000000001a0b",
    "threads": "050401030101",
    "memory64": "0503010401",
    "multi-memory": "05050200010001",
    "tail calls": "01040160000003020100 0a0601040012000b",
    "gc": "0105015f017f00",
    "exceptions": "01040160000003020100 0d03010000 0a0601040008000b",
    "function references": "01090260000060016400 00",
    "multi-value": "0106016000027f7f 03020100 0a08010600410141020b",
    "reference types": "0404016f0001",
    "wide arithmetic": "01070160027e7e017e 03020100 0a0d010b0020002001fc151a42010b",
    "custom page sizes": "050401080100",
    "component model": "",
}
"""For each feature that is refused, the sections of a module that uses it."""

OPTIONAL: Mapping[str, str] = {
    "numpy": "faster statistics",
    "scipy": "more ways to fit",
    "pandas": "frames",
    "pyarrow": "Arrow and Parquet",
    "matplotlib": "plots",
    "cryptography": "signed receipts",
    "distributed": "ensembles on Dask",
}

_MODEL = "time 0 to 10 by 0.25\nstock s = 1\n  net rate * s * exp(-s)\nconst rate = 0.3\n"


@dataclass(frozen=True, slots=True)
class Finding:
    """`fine` is None where it does not matter."""

    what: str
    fine: bool | None
    detail: str


def module_with(feature: str) -> bytes:
    """A module that uses a feature and is valid where that is on."""
    if feature == "component model":
        return bytes.fromhex("0061736d0d000100")
    return bytes.fromhex("0061736d01000000" + FEATURES[feature].replace(" ", ""))


def examined() -> Iterator[Finding]:
    """All layers, from the bottom up; what stands on one that fails is not looked at."""
    yield Finding("Penstock", True, __version__)
    yield Finding("Python", True, f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield from _optional()
    try:
        from . import flags
    except (ImportError, OSError) as problem:
        yield Finding("wasmtime", False, f"{problem}. Models run with --engine vm.")
        return
    yield Finding("wasmtime", True, flags.installed())
    verdict = flags.tried(flags.OFF)
    if verdict["reason"]:
        yield Finding("strict settings", False, verdict["reason"])
        for flag in flags.OFF:
            alone = flags.tried([flag])
            if alone["reason"]:
                yield Finding(f"  {flag} alone", False, alone["reason"])
        return
    unknown = ", ".join(verdict["unknown"])
    yield Finding(
        "strict settings", True, f"not known to this version: {unknown}" if unknown else "all taken"
    )
    let_in = _let_in()
    yield Finding("forbidden features", not let_in, f"let in: {let_in}" if let_in else "all refused")
    yield _engines()


def _optional() -> Iterator[Finding]:
    for package, use in OPTIONAL.items():
        try:
            yield Finding(package, None, version(package))
        except PackageNotFoundError:
            yield Finding(package, None, f"not installed ({use})")


def _let_in() -> str:
    """The features that are not refused, tried in a child process; or how that ended."""
    command = [sys.executable, "-c", f"from {__name__} import let_in; print(*let_in(), sep=', ')"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)[:100]
    return done.stdout.strip() if not done.returncode else f"the trial ended with {done.returncode}"


def let_in() -> list[str]:
    """Features whose module is not refused by their name."""
    from .wasmtime import Boxed

    found = []
    for feature in FEATURES:
        try:
            Boxed(module_with(feature), Limits(fuel=1000), {})
        except PenstockError as problem:
            if kind_of(problem) == "ForbiddenFeature" and feature in str(problem):
                continue
        found.append(feature)
    return found


def _engines() -> Finding:
    """Whether both engines agree on a small model."""
    try:
        model = compile_text(_MODEL, "doctor.pen")
        same = simulate(model, engine="wasm").data.tobytes() == simulate(model, engine="vm").data.tobytes()
    except PenstockError as problem:
        return Finding("engines", False, str(problem).splitlines()[0])
    return Finding("engines", same, "wasm and vm agree to the bit" if same else "wasm and vm differ")
