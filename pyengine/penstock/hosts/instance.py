"""An instance of a blob with the interface of `vm.Machine`, whatever runs it: hosts say how to call and to read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ..errors import error
from ..program import Program


class Instantiated(ABC):
    """One instance of a module. All memory goes with it."""

    program: Program

    @abstractmethod
    def _call(self, name: str, *args: float) -> Any:
        """Call an exported function."""

    @abstractmethod
    def _global(self, name: str) -> int:
        """The value of an exported global."""

    @abstractmethod
    def _doubles(self, offset: int, count: int) -> array[float]:
        """A copy of doubles of the memory, from a byte on."""

    @abstractmethod
    def _write(self, offset: int, data: bytes) -> None:
        """Write bytes to the memory, from a byte on."""

    def _allocated(self, size: int) -> int:
        at = int(self._call("allocate", size))
        if not at:
            raise error("PEN316")
        return at

    def set_value(self, number: int, value: float) -> int:
        return int(self._call("set_value", number, value))


class Lanes(Instantiated):
    """An instance of a blob whose runs stand side by side."""

    def sweep(
        self, inputs: Sequence[int], slots: Sequence[int], times: Sequence[float], values: array[float]
    ) -> tuple[array[float], array[float]]:
        """Runs with `inputs` set to `values`, run by run: those of `slots` at each of `times`, run by run, and a status
        for each run, which is not 0 where it or one that it stood beside failed. Raises PEN316 where there is no room
        for so many at once.
        """
        n_runs = len(values) // len(inputs)
        head = array("I", [n_runs, len(inputs), len(slots), len(times), *inputs, *slots])
        request = (
            head.tobytes() + bytes(-4 * len(head) % 8) + array("d", [*times]).tobytes() + values.tobytes()
        )
        n_values = n_runs * len(times) * len(slots)
        at, reply = self._allocated(len(request)), self._allocated(8 * (n_values + n_runs))
        self._write(at, request)
        self._call("sweep", at, reply)
        found = self._doubles(reply, n_values + n_runs)
        self._call("deallocate", at, 0)
        self._call("deallocate", reply, 0)
        return found[:n_values], found[n_values:]


class BlobInstance(Instantiated):
    """One instance of a blob of one run."""

    def reset(self) -> None:
        self._call("reset")

    def run_initials(self) -> None:
        self._call("run_initials")

    def run_to(self, t: float) -> None:
        self._call("run_to", float(t))

    def run(self) -> None:
        self._call("run")

    def clear_values(self) -> None:
        self._call("clear_values")

    def get_error(self) -> int:
        return int(self._call("get_error"))

    def snapshot(self) -> bytes:
        size = self._global("snapshot_size")
        at = self._allocated(size)
        self._call("snapshot", at)
        data = self._doubles(at, size // 8).tobytes()
        self._call("deallocate", at, size)
        return data

    def restore(self, snapshot: bytes) -> int:
        at = self._allocated(len(snapshot))
        self._write(at, snapshot)
        status = int(self._call("restore", at))
        self._call("deallocate", at, len(snapshot))
        return status

    @property
    def saved_steps(self) -> int:
        return self._global("saved_steps")

    @property
    def full_rows(self) -> bool:
        return bool(self._global("full_rows"))

    @property
    def row(self) -> array[float]:
        """A copy of the live row."""
        return self._doubles(*self._row_place)

    @cached_property
    def _row_place(self) -> tuple[int, int]:
        """Where the live row starts and how long it is, which no run changes."""
        return self._global("row_offset"), self._global("n_slots")

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
