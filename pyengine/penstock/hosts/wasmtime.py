"""The blob in CPython: runs under wasmtime, with the interface of `vm.Machine`."""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import Any

import wasmtime

from ..abi import EXPORTS
from ..program import Program


@lru_cache(maxsize=1)
def _engine() -> wasmtime.Engine:
    return wasmtime.Engine()


@lru_cache(maxsize=64)
def _module(blob: bytes) -> wasmtime.Module:
    """Compiled once for each blob."""
    return wasmtime.Module(_engine(), blob)


class Instance:
    """One instance of a blob. All memory goes with it."""

    def __init__(self, program: Program, blob: bytes) -> None:
        self.program = program
        self._store = wasmtime.Store(_engine())
        instance = wasmtime.Instance(self._store, _module(blob), [])
        exports = instance.exports(self._store)
        self._exports: dict[str, Any] = {name: exports[name] for name in EXPORTS}

    def _call(self, name: str, *args: float) -> Any:
        return self._exports[name](self._store, *args)

    def _global(self, name: str) -> int:
        return int(self._exports[name].value(self._store))

    def _doubles(self, offset: int, count: int) -> array[float]:
        data = self._exports["memory"].read(self._store, offset, offset + 8 * count)
        values = array("d")
        values.frombytes(bytes(data))
        return values

    def reset(self) -> None:
        self._call("reset")

    def run_initials(self) -> None:
        self._call("run_initials")

    def run_to(self, t: float) -> None:
        self._call("run_to", float(t))

    def run(self) -> None:
        self._call("run")

    def set_value(self, number: int, value: float) -> int:
        return int(self._call("set_value", number, value))

    def clear_values(self) -> None:
        self._call("clear_values")

    def get_error(self) -> int:
        return int(self._call("get_error"))

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
