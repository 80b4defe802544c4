"""What a study of many runs is: one frozen description that the page, the command line and Python share.

Everything that results depend on stands in it, the size of chunks too; where and by how many workers it is run does
not. It is written as TOML, as a mapping, or as these dataclasses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import PenstockError, error
from ..program import SETTINGS
from ..protocol import DEFAULT_ENGINE, ENGINES
from ..strict import Table, parse
from .distributions import Distribution, read
from .points import SAMPLERS

STATISTICS = ("exact", "sketch")
CHUNK = 64
PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)
MOST_RUNS = 10_000_000


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two inputs and the rank correlation (Spearman's) that their values should have."""

    a: str
    b: str
    rank: float


@dataclass(frozen=True, slots=True)
class Until:
    """When to stop early: half the 95 % interval of an output's mean is `absolute`, or that share of the mean.

    Looked at after each chunk, in the order of chunks, from `least` runs on; at the last of the study's times, or at
    the last one that is not later than `time`.
    """

    output: str
    absolute: float | None = None
    relative: float | None = None
    time: float | None = None
    least: int = 100


@dataclass(frozen=True, slots=True)
class Spec:
    """`inputs` vary as their distributions say, `values` and `settings` are the same in all runs.

    `times` are those at which outputs are looked at, all saved ones where left out. "exact" statistics keep all
    values, and their percentiles are exact; a "sketch" keeps counts, its percentiles are off by 0.05 % at most.
    """

    inputs: Mapping[str, Distribution]
    outputs: tuple[str, ...]
    runs: int = 200
    seed: int = 1
    sampling: str = "latin"
    correlations: tuple[Correlation, ...] = ()
    percentiles: tuple[float, ...] = PERCENTILES
    statistics: str = "exact"
    times: tuple[float, ...] | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)
    engine: str = DEFAULT_ENGINE
    chunk: int = CHUNK
    until: Until | None = None

    def __post_init__(self) -> None:
        for problem, advice in _problems(self):
            raise error("PEN532", reason=problem, advice=advice)

    def to_json(self) -> dict[str, Any]:
        """As plain values, in one order: what `digest` and receipts are made over."""
        until = self.until
        return {
            "inputs": {name: str(row) for name, row in self.inputs.items()},
            "outputs": list(self.outputs),
            "runs": self.runs,
            "seed": self.seed,
            "sampling": self.sampling,
            "correlations": [[row.a, row.b, row.rank] for row in self.correlations],
            "percentiles": list(self.percentiles),
            "statistics": self.statistics,
            "times": None if self.times is None else list(self.times),
            "values": dict(self.values),
            "settings": dict(self.settings),
            "engine": self.engine,
            "chunk": self.chunk,
            "until": None
            if until is None
            else [until.output, until.absolute, until.relative, until.time, until.least],
        }

    def digest(self, *more: str) -> str:
        """SHA-256 over the description and more that belongs to it, in hexadecimal digits."""
        text = json.dumps([self.to_json(), *more], sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _problems(spec: Spec) -> list[tuple[str, str]]:
    """What does not fit together, the model aside."""
    found: list[tuple[str, str]] = []
    if not 1 <= spec.runs <= MOST_RUNS:
        found.append((f"runs is {spec.runs}", f"Give a number from 1 to {MOST_RUNS}."))
    if not spec.inputs:
        found.append(("no input varies", 'Write at least one, as in "delay time" = "uniform(2, 8)".'))
    if not spec.outputs:
        found.append(("no output is asked for", "Name the variables to look at in outputs."))
    if not 1 <= spec.chunk <= 100_000:
        found.append((f"chunk is {spec.chunk}", "Give a number of runs from 1 to 100000."))
    for what, value, known in (
        ("sampling", spec.sampling, tuple(SAMPLERS)),
        ("statistics", spec.statistics, STATISTICS),
        ("engine", spec.engine, ENGINES),
    ):
        if value not in known:
            found.append((f"{what} is {value!r}", f"Use one of {', '.join(known)}."))
    if any(not 0 <= p <= 100 for p in spec.percentiles):
        found.append(("a percentile lies outside 0 to 100", "Write percentiles as 5, 50, 95."))
    if strange := set(spec.settings) - set(SETTINGS):
        found.append((f"the setting {min(strange)} is not known", f"Settings are {', '.join(SETTINGS)}."))
    for row in spec.correlations:
        if row.a not in spec.inputs or row.b not in spec.inputs or row.a == row.b:
            found.append((f"{row.a} and {row.b} are not two inputs", "Correlate inputs by their names."))
        elif not -1 < row.rank < 1:
            found.append((f"a correlation is {row.rank}", "Give one between -1 and 1."))
    pairs = [frozenset((row.a, row.b)) for row in spec.correlations]
    if len(pairs) != len(set(pairs)):
        found.append(("two inputs are correlated twice", "Keep one of the two."))
    if spec.until is not None:
        found += _until_problems(spec, spec.until)
    return found


def _until_problems(spec: Spec, until: Until) -> list[tuple[str, str]]:
    if until.output not in spec.outputs:
        return [(f"{until.output} is no output of the study", "Stop by one of the outputs.")]
    given = [error_ for error_ in (until.absolute, until.relative) if error_ is not None]
    if len(given) != 1 or not given[0] > 0:
        return [
            ("an early stop needs one error above zero", "Give absolute or relative, as in relative = 0.01.")
        ]
    return []


# --- reading


def from_toml(text: str, name: str = "the study") -> Spec:
    """A study from a TOML text. Raises PEN550, PEN551, PEN531, PEN532."""
    return from_table(parse(text, name))


def from_mapping(content: Mapping[str, Any]) -> Spec:
    """The same from plain values, such as JSON or keywords give."""
    return from_table(Table(content))


def from_table(table: Table) -> Spec:
    """A study from a strictly read table; distributions are texts such as ``normal(50, 10)``."""
    inputs = table.map_of_texts("inputs")
    spec = Spec(
        inputs={name: read(text, name) for name, text in inputs.items()},
        outputs=table.texts("outputs", ()),
        runs=table.whole("runs", 200, 1),
        seed=table.whole("seed", 1, 0),
        sampling=table.text("sampling", "latin", tuple(SAMPLERS)),
        correlations=tuple(_correlation(row) for row in table.tables("correlations")),
        percentiles=table.numbers("percentiles", PERCENTILES),
        statistics=table.text("statistics", "exact", STATISTICS),
        times=table.numbers("times", None),
        values=table.map_of_numbers("values"),
        settings=table.map_of_numbers("settings"),
        engine=table.text("engine", DEFAULT_ENGINE, ENGINES),
        chunk=table.whole("chunk", CHUNK, 1),
        until=_until(table.table("until")) if "until" in table else None,
    )
    table.finish()
    return spec


def _correlation(table: Table) -> Correlation:
    between = table.texts("between")
    if len(between) != 2:
        raise table.wrong("between", "does not name two inputs", 'Write between = ["a", "b"].')
    made = Correlation(*between, table.number("rank", least=-1, most=1))
    table.finish()
    return made


def _until(table: Table) -> Until:
    made = Until(
        table.text("output"),
        table.number("absolute", None),
        table.number("relative", None),
        table.number("time", None),
        table.whole("least", 100, 2),
    )
    table.finish()
    return made


def unfit(reason: str, advice: str) -> PenstockError:
    return error("PEN532", reason=reason, advice=advice)
