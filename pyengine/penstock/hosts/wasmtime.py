"""The blob in CPython: runs under wasmtime, with the interface of `vm.Machine`, within limits where they are given."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from time import monotonic
from typing import Any

import wasmtime

from ..abi import EXPORTS, LANE_EXPORTS, Export
from ..errors import PenstockError
from ..program import Program
from . import flags
from .apart import compiled_apart
from .instance import BlobInstance, Instantiated, Lanes
from .limits import FOREIGN_MEMORY, PAGE, Limits, refuse
from .scan import check_module

_TABLE_ELEMENTS = 100_000
_NO_LIMIT = 1 << 32


def _compiled(engine: wasmtime.Engine, blob: bytes) -> wasmtime.Module:
    try:
        return wasmtime.Module(engine, blob)
    except (wasmtime.WasmtimeError, ValueError) as problem:
        raise flags.module_error(problem) from None


_module = lru_cache(maxsize=64)(_compiled)
"""Compiled once for each blob."""


class Boxed:
    """An instance of a module within limits: fuel, memory, features, imports, and a clock where one is wanted.

    `exports` are the names that it must have, each with the text of its type, as ``(i32, f64) -> i32``, ``memory``
    or ``global i32``; an empty one is any. `apart` compiles in a process of its own, for blobs from strangers.
    Raises the host's errors by their kinds.
    """

    def __init__(
        self,
        blob: bytes,
        limits: Limits,
        exports: Mapping[str, str],
        memory: int | None = None,
        *,
        apart: bool = False,
    ) -> None:
        self.limits = limits
        self.memory_bytes = limits.memory_bytes or memory or FOREIGN_MEMORY
        check_module(blob, limits, self.memory_bytes)
        self._ends = None if limits.seconds is None else monotonic() + limits.seconds
        timed = self._ends is not None
        engine = flags.timed_engine() if timed else flags.engine(fuel=True)
        if apart:
            module = compiled_apart(engine, blob, limits, timed=timed)
        else:
            module = (_compiled if timed else _module)(engine, blob)
        _check_exports(module, exports)
        self._engine = engine
        self._store = wasmtime.Store(engine)
        self._store.set_limits(
            memory_size=self.memory_bytes,
            table_elements=_TABLE_ELEMENTS,
            instances=1,
            tables=1,
            memories=1,
        )
        self.fuel_given = limits.fuel or limits.most_fuel
        self._store.set_fuel(self.fuel_given + 1)
        self._store.set_epoch_deadline(1 if timed else _NO_LIMIT)
        instance = self._guarded(wasmtime.Instance, self._store, module, [])
        self.exports: Mapping[str, Any] = instance.exports(self._store)

    def give(self, fuel: int) -> None:
        """Let it use so much fuel in all, what it has used included."""
        spent = self.fuel_used
        self.fuel_given = max(fuel, spent)
        self._store.set_fuel(self.fuel_given - spent + 1)

    @property
    def fuel_used(self) -> int:
        """Exact: one unit more is handed out than was given, so that what is left tells both ends apart."""
        return self.fuel_given + 1 - self._store.get_fuel()

    @property
    def pages(self) -> int:
        memory = self.exports.get("memory")
        return memory.size(self._store) if isinstance(memory, wasmtime.Memory) else 0

    def call(self, name: str, *args: float) -> Any:
        result = self._guarded(self.exports[name], self._store, *args)
        if not self._store.get_fuel():
            raise self._exhausted()
        return result

    def functions(self) -> list[tuple[str, list[str]]]:
        """The exported functions with the types of their parameters."""
        found = ((name, item) for name, item in self.exports.items() if isinstance(item, wasmtime.Func))
        return [(name, [str(type_) for type_ in item.type(self._store).params]) for name, item in found]

    def value(self, name: str) -> int:
        return int(self.exports[name].value(self._store))

    def read(self, offset: int, count: int) -> bytes:
        """Bytes of the memory. Raises BadOutput where they do not lie within it."""
        offset &= 0xFFFFFFFF
        if count < 0 or offset + count > self.pages * PAGE:
            raise refuse("BadOutput", reason=f"{count} bytes at {offset} lie outside its memory")
        return bytes(self.exports["memory"].read(self._store, offset, offset + count))

    def write(self, offset: int, data: bytes) -> None:
        offset &= 0xFFFFFFFF
        if offset + len(data) > self.pages * PAGE:
            raise refuse("BadOutput", reason=f"{len(data)} bytes at {offset} lie outside its memory")
        self.exports["memory"].write(self._store, data, offset)

    def _guarded(self, action: Any, *args: Any) -> Any:
        """Do what may run the blob's code; traps become errors by kind."""
        timer = None
        if self._ends is not None:
            left = self._ends - monotonic()
            if left <= 0:
                raise refuse("WallTimeout", seconds=self.limits.seconds)
            timer = threading.Timer(left, self._engine.increment_epoch)
            timer.daemon = True
            timer.start()
        try:
            return action(*args)
        except wasmtime.Trap as trap:
            raise self._trapped(trap) from None
        except (wasmtime.WasmtimeError, TypeError) as problem:  # an export of another type than its name says
            raise self._failed(problem) from None
        finally:
            if timer is not None:
                timer.cancel()

    def _trapped(self, trap: wasmtime.Trap) -> PenstockError:
        said = str(trap)
        try:
            code = trap.trap_code
        except ValueError:  # wasmtime up to 42 does not know all of its own codes
            code = None
        if code is wasmtime.TrapCode.OUT_OF_FUEL or "all fuel consumed" in said:
            return self._exhausted()
        if code is wasmtime.TrapCode.INTERRUPT or "interrupt" in said:
            return refuse("WallTimeout", seconds=self.limits.seconds)
        name = code.name if code is not None else said.strip().splitlines()[-1][:80]
        return refuse("Trap", trap=name.lower().replace("_", " "))

    def _failed(self, problem: Exception) -> PenstockError:
        said = str(problem)
        if "memory" in said and ("limit" in said or "exceed" in said):
            return refuse("MemoryLimit", needed="more", limit=self.memory_bytes)
        return refuse("InvalidModule", reason=said.strip().splitlines()[-1][:200])

    def _exhausted(self) -> PenstockError:
        return refuse("FuelExhausted", given=self.fuel_given)


def _check_exports(module: wasmtime.Module, wanted: Mapping[str, str]) -> None:
    found = {export.name: _spelled(export.type) for export in module.exports}
    for name, type_ in wanted.items():
        if name not in found:
            raise refuse("MissingExport", name=name, wanted=type_ or "there", found="nothing")
        if type_ and found[name] != type_:
            raise refuse("MissingExport", name=name, wanted=type_, found=found[name])


def _spelled(type_: object) -> str:
    match type_:
        case wasmtime.MemoryType():
            return "memory"
        case wasmtime.GlobalType():
            return f"global {type_.content}"
        case wasmtime.FuncType():
            return f"({_list(type_.params)}) -> {_list(type_.results) or 'nothing'}"
    return type(type_).__name__


def _list(types: Iterable[object]) -> str:
    return ", ".join(map(str, types))


class _Own(Instantiated):
    """An instance of a blob of ours that was made in this process, without limits."""

    exports: Mapping[str, Export]

    def __init__(self, program: Program, blob: bytes) -> None:
        self.program = program
        engine = flags.engine(lanes="n_lanes" in self.exports)
        self._store = wasmtime.Store(engine)
        instance = wasmtime.Instance(self._store, _module(engine, blob), [])
        exports = instance.exports(self._store)
        self._exports: dict[str, Any] = {name: exports[name] for name in self.exports}

    def _call(self, name: str, *args: float) -> Any:
        return self._exports[name](self._store, *args)

    def _global(self, name: str) -> int:
        return int(self._exports[name].value(self._store))

    def _doubles(self, offset: int, count: int) -> array[float]:
        data = self._exports["memory"].read(self._store, offset, offset + 8 * count)
        values = array("d")
        values.frombytes(bytes(data))
        return values

    def _write(self, offset: int, data: bytes) -> None:
        self._exports["memory"].write(self._store, data, offset)


class Instance(_Own, BlobInstance):
    """The instance that wasmtime runs."""

    exports = EXPORTS


class LaneInstance(_Own, Lanes):
    """The same of a blob whose runs stand side by side."""

    exports = LANE_EXPORTS


class BoxedInstance(BlobInstance):
    """A blob of ours within limits; `memory` is the cap where the limits have none."""

    def __init__(self, program: Program, blob: bytes, limits: Limits, memory: int) -> None:
        self.program = program
        self.box = Boxed(blob, limits, dict.fromkeys(EXPORTS, ""), memory)

    def _call(self, name: str, *args: float) -> Any:
        return self.box.call(name, *args)

    def _global(self, name: str) -> int:
        return self.box.value(name)

    def _doubles(self, offset: int, count: int) -> array[float]:
        values = array("d")
        values.frombytes(self.box.read(offset, 8 * count))
        return values

    def _write(self, offset: int, data: bytes) -> None:
        self.box.write(offset, data)
