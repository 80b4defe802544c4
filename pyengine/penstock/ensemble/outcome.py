"""What a study yields: fans, means and single runs by output and time, for Python, for files, for charts."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ..errors import error
from ..results import key, needed
from .receipts import receipt, signed
from .spec import Spec
from .statistics import Moments, Sketch, histogram, percentiles

if TYPE_CHECKING:
    import numpy
    import pandas
    import pyarrow


@dataclass(frozen=True, eq=False)
class Outcome:
    """`inputs` holds runs × names of the study's inputs; `values` runs × times × `outputs`, empty for a sketch.

    `stopped` where the study ended early because it was accurate enough; `failures` say which runs could not be
    made, and why. Every number is the same wherever and by how many workers it was computed.
    """

    spec: Spec
    model: str
    job: str
    outputs: list[str]
    times: list[float]
    inputs: array[float] = field(repr=False)
    values: array[float] = field(repr=False)
    moments: Moments = field(repr=False)
    sketch: Sketch | None = field(repr=False)
    failures: Mapping[int, str]
    gaps: Mapping[int, str]
    digests: Mapping[int, str] = field(repr=False)
    stopped: bool
    lanes: int
    seconds: float = field(compare=False)

    @property
    def runs(self) -> int:
        return self.moments.runs

    # --- statistics by output, one value for each time

    def mean(self, output: str) -> array[float]:
        return self._of(self.moments.means(), output)

    def deviation(self, output: str) -> array[float]:
        """Standard deviations, of a sample."""
        return self._of(self.moments.deviations(), output)

    def least(self, output: str) -> array[float]:
        return self._of(self.moments.low, output)

    def greatest(self, output: str) -> array[float]:
        return self._of(self.moments.high, output)

    def count(self, output: str) -> array[float]:
        """How many runs had a finite number there."""
        return self._of(self.moments.count, output)

    def percentile(self, output: str, share: float) -> array[float]:
        """`share` in percent; any where values were kept, else one of the study's."""
        found = self._percentiles.get(share)
        if found is None:
            (found,) = self._shares([share])
        return self._of(found, output)

    def fan(self, output: str) -> dict[float, array[float]]:
        """The study's percentiles, each by time."""
        return {share: self.percentile(output, share) for share in self.spec.percentiles}

    def histogram(
        self, output: str, time: float | None = None, bins: int = 20
    ) -> tuple[list[float], list[int]]:
        """Edges and counts of an output's values at a time of the study, the last where none is given."""
        place = self._time(time)
        return histogram(self.column(output)[place :: len(self.times)], bins)

    @cached_property
    def _percentiles(self) -> dict[float, array[float]]:
        return dict(zip(self.spec.percentiles, self._shares(self.spec.percentiles), strict=True))

    def _shares(self, shares: Sequence[float]) -> list[array[float]]:
        if self.sketch is not None:
            return self.sketch.percentiles(shares)
        return percentiles(self.values, self.moments.cells, shares)

    def _of(self, cells: array[float], output: str) -> array[float]:
        return cells[self._output(output) :: len(self.outputs)]

    def _output(self, name: str) -> int:
        for place, output in enumerate(self.outputs):
            if key(output) == key(name):
                return place
        raise error("PEN201", name=name, advice=f"The study's outputs are {', '.join(self.outputs)}."[:300])

    def _time(self, time: float | None) -> int:
        """The place of the last time that is not later."""
        if time is None:
            return len(self.times) - 1
        places = [place for place, t in enumerate(self.times) if t <= time]
        if not places:
            raise error("PEN514", what="the time", value=time, advice=f"The study begins at {self.times[0]}.")
        return places[-1]

    # --- single runs

    def column(self, output: str) -> array[float]:
        """An output of all runs, run after run. Raises PEN532 where values were not kept."""
        if self.sketch is not None:
            raise error("PEN532", reason="a sketch keeps no values", advice='Ask for statistics = "exact".')
        return self.values[self._output(output) :: len(self.outputs)]

    def input(self, name: str) -> array[float]:
        """An input's value in every run."""
        names = list(self.spec.inputs)
        for place, given in enumerate(names):
            if key(given) == key(name):
                return self.inputs[place :: len(names)][: self.runs]
        raise error("PEN201", name=name, advice=f"The study's inputs are {', '.join(names)}."[:300])

    def numpy(self, output: str | None = None) -> numpy.ndarray:
        """Runs × times of an output, or runs × times × outputs."""
        import numpy

        if output is not None:
            return numpy.frombuffer(self.column(output)).reshape(self.runs, len(self.times))
        self.column(self.outputs[0])
        return numpy.frombuffer(self.values).reshape(self.runs, len(self.times), len(self.outputs))

    # --- proof

    def results_bytes(self) -> bytes:
        """What a receipt is over: inputs, moments and all values, as little-endian doubles."""
        moments = self.moments
        parts = (
            self.inputs,
            moments.count,
            moments.mean,
            moments.squares,
            moments.low,
            moments.high,
            self.values,
        )
        return b"".join(part.tobytes() for part in parts)

    def receipt(self, private_key: bytes | None = None) -> dict[str, Any]:
        """What proves these results; signed where a key is given."""
        made = receipt(
            self.model,
            self.spec.engine,
            self.spec.to_json(),
            self.spec.seed,
            self.results_bytes(),
            self.digests,
        )
        return made if private_key is None else signed(made, private_key)

    # --- tables

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for every output and time: its statistics by name."""
        shares = self.spec.percentiles
        columns: dict[str, Sequence[float]] = {
            "mean": self.moments.means(),
            "sd": self.moments.deviations(),
            "least": self.moments.low,
            "greatest": self.moments.high,
            **{f"p{share:g}": self._percentiles[share] for share in shares},
            "runs": self.moments.count,
        }
        for place, output in enumerate(self.outputs):
            for number, time in enumerate(self.times):
                cell = number * len(self.outputs) + place
                yield {"output": output, "time": time} | {
                    name: _finite(column[cell]) for name, column in columns.items()
                }

    def run_rows(self) -> Iterator[dict[str, Any]]:
        """A row for every run and time: the run's number, its inputs, the time, the outputs."""
        names, width = list(self.spec.inputs), len(self.spec.inputs)
        self.column(self.outputs[0])
        for run in range(self.runs):
            given = dict(zip(names, self.inputs[run * width : (run + 1) * width], strict=True))
            for number, time in enumerate(self.times):
                at = (run * len(self.times) + number) * len(self.outputs)
                seen = dict(zip(self.outputs, self.values[at : at + len(self.outputs)], strict=True))
                yield {"run": run, **given, "time": time, **seen}

    def _table(self, runs: bool) -> dict[str, list[Any]]:
        rows = list(self.run_rows() if runs else self.rows())
        return {name: [row[name] for row in rows] for name in rows[0]}

    def pandas(self, runs: bool = False) -> pandas.DataFrame:
        """The statistics as a frame; with `runs` every run by number, inputs and time. Raises PEN518."""
        return needed("pandas").DataFrame(self._table(runs))

    def arrow(self, runs: bool = False) -> pyarrow.Table:
        """The same as an Arrow table. Raises PEN518."""
        return needed("pyarrow").table(self._table(runs))

    def to_parquet(self, path: str | Path, runs: bool = False) -> None:
        """The same as a Parquet file. Raises PEN518, PEN015."""
        parquet = needed("pyarrow.parquet")
        try:
            parquet.write_table(self.arrow(runs), path)
        except OSError as problem:
            raise error("PEN015", name=path, reason=problem.strerror or problem) from None

    def to_csv(self, path: str | Path, runs: bool = False) -> None:
        """The same as a CSV file, 17 significant digits. Raises PEN015."""
        try:
            with Path(path).open("w", newline="", encoding="utf-8") as file:
                self.write_csv(file, runs)
        except OSError as problem:
            raise error("PEN015", name=path, reason=problem.strerror or problem) from None

    def write_csv(self, file: TextIO, runs: bool = False) -> None:
        writer = csv.writer(file, lineterminator="\n")
        for number, row in enumerate(self.run_rows() if runs else self.rows()):
            if not number:
                writer.writerow(row)
            writer.writerow([f"{x:.17g}" if isinstance(x, float) else x for x in row.values()])


def _finite(x: float) -> float:
    return x if math.isfinite(x) else math.nan
