"""The blob in CPython: runs under wasmtime, with the interface of `vm.Machine`."""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import Any

import wasmtime

from ..abi import EXPORTS
from ..program import Program
from .instance import BlobInstance


@lru_cache(maxsize=1)
def _engine() -> wasmtime.Engine:
    return wasmtime.Engine()


@lru_cache(maxsize=64)
def _module(blob: bytes) -> wasmtime.Module:
    """Compiled once for each blob."""
    return wasmtime.Module(_engine(), blob)


class Instance(BlobInstance):
    """The instance that wasmtime runs."""

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
