"""What a run yields: saved rows as columns of doubles, by name."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from .errors import error
from .model import canonical
from .program import Program

if TYPE_CHECKING:
    import numpy
    import pandas
    import pyarrow
    from matplotlib.axes import Axes


def key(name: str) -> str:
    """What two spellings of a variable's or element's name have in common."""
    base, bracket, rest = name.partition("[")
    if not bracket or not rest.endswith("]"):
        return canonical(name)
    return f"{canonical(base)}[{','.join(map(canonical, rest[:-1].split(',')))}]"


def element_names(name: str, dims: Iterable[str], elements: Mapping[str, tuple[str, ...]]) -> list[str]:
    """``name[a,b]`` for each element, row-major; the name alone for a scalar."""
    labels = [""]
    for dim in dims:
        labels = [f"{label},{element}" if label else element for label in labels for element in elements[dim]]
    return [f"{name}[{label}]" if label else name for label in labels]


def column_names(program: Program) -> list[str]:
    """The names of all columns, in their order."""
    names = [""] * program.n_columns
    for row in program.variables:
        labels = element_names(row["name"], row.get("dims", ()), program.dims)
        names[row["column"] : row["column"] + len(labels)] = labels
    return names


def needed(package: str) -> Any:
    """A package that people install beside this one. Raises PEN518."""
    try:
        return import_module(package)
    except ImportError as problem:
        name = package.partition(".")[0]
        raise error("PEN518", name=name, reason=problem) from None


@dataclass(frozen=True, eq=False)
class Results:
    """One run. `data` holds `rows` values for each of `columns`, then one for each of `fixed`, which did not change."""

    rows: int
    columns: list[str]
    fixed: list[str]
    data: array[float]
    engine: str
    seconds: float

    @property
    def names(self) -> list[str]:
        return [*self.columns, *self.fixed]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key(name): place for place, name in enumerate(self.names)}

    def series(self, name: str) -> array[float]:
        """The saved values of a variable or an element, one for each row. Raises PEN201."""
        place = self._places.get(key(name))
        if place is None:
            raise error("PEN201", name=name, advice="Names of saved variables are in `names`.")
        if place < len(self.columns):
            return self.data[place * self.rows : (place + 1) * self.rows]
        at = len(self.columns) * self.rows + place - len(self.columns)
        return self.data[at : at + 1] * self.rows

    def __getitem__(self, name: str) -> array[float]:
        return self.series(name)

    def __len__(self) -> int:
        return self.rows

    @property
    def time(self) -> array[float]:
        return self.series(self.columns[0])

    def numpy(self, name: str | None = None) -> numpy.ndarray:
        """A variable as a numpy array of `rows` values, or all as one of rows by `names`."""
        import numpy

        if name is not None:
            return numpy.frombuffer(self.series(name), dtype=numpy.float64)
        split = len(self.columns) * self.rows
        data = numpy.frombuffer(self.data, dtype=numpy.float64)
        table = numpy.empty((self.rows, len(self.names)))
        table[:, : len(self.columns)] = data[:split].reshape(len(self.columns), self.rows).T
        table[:, len(self.columns) :] = data[split:]
        return table

    def pandas(self) -> pandas.DataFrame:
        """A column for each variable and element, by time. Raises PEN518 where pandas is not installed."""
        frame = needed("pandas").DataFrame(self.numpy(), columns=self.names)
        return frame.set_index(self.columns[0])

    def arrow(self) -> pyarrow.Table:
        """The same as an Arrow table, time among its columns. Raises PEN518 where pyarrow is not installed."""
        series = [self.numpy(name) for name in self.names]
        return needed("pyarrow").table(dict(zip(self.names, series, strict=True)))

    def plot(self, *names: str, ax: Axes | None = None) -> Axes:
        """Curves over time on matplotlib axes, new ones unless given: of these variables, or of all that changed.
        Raises PEN201, and PEN518 where matplotlib is not installed."""
        if ax is None:
            ax = needed("matplotlib.pyplot").subplots()[1]
        time = self.numpy(self.columns[0])
        for name in names or self.columns[1:]:
            ax.plot(time, self.numpy(name), label=name)
        ax.set_xlabel(self.columns[0])
        ax.legend()
        return ax

    def to_csv(self, path: str | Path, order: Iterable[str] | None = None) -> None:
        """Write the file that `penstock run --out` writes. Raises PEN015."""
        try:
            with Path(path).open("w", newline="", encoding="utf-8") as file:
                self.write_csv(file, order)
        except OSError as problem:
            raise error("PEN015", name=path, reason=problem.strerror or problem) from None

    def write_csv(self, file: TextIO, order: Iterable[str] | None = None) -> None:
        """Time first, then a column for each name, 17 significant digits."""
        time = self.columns[0]
        names = [time, *(name for name in (order or self.names) if name != time)]
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["time", *names[1:]])
        for values in zip(*(self.series(name) for name in names), strict=True):
            writer.writerow([f"{value:.17g}" for value in values])
