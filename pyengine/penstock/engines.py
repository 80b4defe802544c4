"""The engines by name, behind one interface. An engine that cannot run here is an error, never another engine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from .compiler import Compiled
from .errors import PenstockError, error
from .hosts.instance import Lanes
from .protocol import DEFAULT_ENGINE, ENGINES


class Engine(Protocol):
    """One instance of a program; `vm.Machine` says what each member does, `abi` what codes mean."""

    def reset(self) -> None: ...
    def run_initials(self) -> None: ...
    def run_to(self, t: float) -> None: ...
    def run(self) -> None: ...
    def set_value(self, number: int, value: float) -> int: ...
    def clear_values(self) -> None: ...
    def get_error(self) -> int: ...
    def snapshot(self) -> bytes: ...
    def restore(self, snapshot: bytes) -> int: ...
    def column(self, column: int) -> Sequence[float]: ...

    @property
    def saved_steps(self) -> int: ...
    @property
    def full_rows(self) -> bool: ...
    @property
    def row(self) -> Sequence[float]: ...


def _vm(compiled: Compiled) -> Engine:
    from .vm import Machine

    return Machine(compiled.program)


def _wasm(compiled: Compiled) -> Engine:
    if sys.platform == "emscripten":
        from .hosts.webassembly import Instance as InBrowser

        return InBrowser(compiled.program, compiled.blob)
    try:
        from .hosts.wasmtime import Instance
    except ImportError as problem:
        raise _no_wasmtime(problem) from None
    return Instance(compiled.program, compiled.blob)


def create_lanes(compiled: Compiled) -> Lanes:
    """A fresh instance of the lane blob. Raises PEN406, PEN505."""
    blob = compiled.lane_blob
    if sys.platform == "emscripten":
        from .hosts.webassembly import LaneInstance as InBrowser

        return InBrowser(compiled.program, blob)
    try:
        from .hosts.wasmtime import LaneInstance
    except ImportError as problem:
        raise _no_wasmtime(problem) from None
    return LaneInstance(compiled.program, blob)


def _no_wasmtime(problem: ImportError) -> PenstockError:
    return error(
        "PEN505", engine="wasm", reason=str(problem), advice="Install wasmtime, or choose engine vm."
    )


_CREATE: Mapping[str, Callable[[Compiled], Engine]] = {"wasm": _wasm, "vm": _vm}
assert set(_CREATE) == set(ENGINES)


def create(compiled: Compiled, engine: str | None = None) -> Engine:
    """A fresh instance on an engine, the default one where none is named. Raises PEN501, PEN505."""
    name = DEFAULT_ENGINE if engine is None else engine
    if name not in _CREATE:
        raise error("PEN501", engine=name, known=", ".join(ENGINES))
    return _CREATE[name](compiled)
