"""An instance of a blob with the interface of `vm.Machine`, whatever runs it: hosts say how to call and to read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from typing import Any

from ..program import Program


class BlobInstance(ABC):
    """One instance of a blob. All memory goes with it."""

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
