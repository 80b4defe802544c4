"""The blob in Pyodide: runs on the browser's or Node's own WebAssembly, with the interface of `vm.Machine`."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import js
from pyodide.ffi import to_js

from ..abi import EXPORTS, LANE_EXPORTS, Export
from ..program import Program
from .instance import BlobInstance, Instantiated, Lanes


@lru_cache(maxsize=16)
def _module(blob: bytes) -> Any:
    """Compiled once for each blob."""
    return js.WebAssembly.Module.new(to_js(blob))


class _Own(Instantiated):
    exports: Mapping[str, Export]

    def __init__(self, program: Program, blob: bytes) -> None:
        self.program = program
        exports = js.WebAssembly.Instance.new(_module(blob)).exports
        self._exports: dict[str, Any] = {name: getattr(exports, name) for name in self.exports}

    def _call(self, name: str, *args: float) -> Any:
        return self._exports[name](*args)

    def _global(self, name: str) -> int:
        return int(self._exports[name].value)

    def _doubles(self, offset: int, count: int) -> array[float]:
        values = array("d")
        values.frombytes(js.Uint8Array.new(self._exports["memory"].buffer, offset, 8 * count).to_bytes())
        return values

    def _write(self, offset: int, data: bytes) -> None:
        js.Uint8Array.new(self._exports["memory"].buffer, offset, len(data)).set(to_js(data))


class Instance(_Own, BlobInstance):
    """The instance that the browser or Node runs."""

    exports = EXPORTS


class LaneInstance(_Own, Lanes):
    """The same of a blob whose runs stand side by side."""

    exports = LANE_EXPORTS
