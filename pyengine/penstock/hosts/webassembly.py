"""The blob in Pyodide: runs on the browser's or Node's own WebAssembly, with the interface of `vm.Machine`."""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import Any

import js
from pyodide.ffi import to_js

from ..abi import EXPORTS
from ..program import Program


@lru_cache(maxsize=16)
def _module(blob: bytes) -> Any:
    """Compiled once for each blob."""
    return js.WebAssembly.Module.new(to_js(blob))


class Instance:
    """One instance of a blob. All memory goes with it."""

    def __init__(self, program: Program, blob: bytes) -> None:
        self.program = program
        exports = js.WebAssembly.Instance.new(_module(blob)).exports
        self._exports: dict[str, Any] = {name: getattr(exports, name) for name in EXPORTS}

    def _global(self, name: str) -> int:
        return int(self._exports[name].value)

    def _doubles(self, offset: int, count: int) -> array[float]:
        values = array("d")
        values.frombytes(js.Uint8Array.new(self._exports["memory"].buffer, offset, 8 * count).to_bytes())
        return values

    def reset(self) -> None:
        self._exports["reset"]()

    def run_initials(self) -> None:
        self._exports["run_initials"]()

    def run_to(self, t: float) -> None:
        self._exports["run_to"](float(t))

    def run(self) -> None:
        self._exports["run"]()

    def set_value(self, number: int, value: float) -> int:
        return int(self._exports["set_value"](number, value))

    def clear_values(self) -> None:
        self._exports["clear_values"]()

    def get_error(self) -> int:
        return int(self._exports["get_error"]())

    @property
    def saved_steps(self) -> int:
        return self._global("saved_steps")

    @property
    def full_rows(self) -> bool:
        return bool(self._global("full_rows"))

    @property
    def row(self) -> array[float]:
        """A copy of the live row."""
        return self._doubles(self._global("row_offset"), self._global("n_slots"))

    def column(self, column: int) -> array[float]:
        """`saved_steps` values; a fixed column's are those of the live row."""
        n_varying = self.program.n_varying
        if column < n_varying or self.full_rows:
            start = self._global("results_offset") + 8 * column * self._global("n_rows")
            return self._doubles(start, self.saved_steps)
        for run in self.program.fixed:
            if run.column <= column < run.column + run.count:
                slot = run.slot + column - run.column
                return self._doubles(self._global("row_offset") + 8 * slot, 1) * self.saved_steps
        raise IndexError(column)
