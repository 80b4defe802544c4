"""Reality checks: what must hold whenever a model runs, in a file beside it, also under inputs of its own.

``[[property]]`` tables are those of scenarios, with variables of the one model; `set` gives constants other values for
the run that the property is checked in. Bounds are in the model's units of time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ..compiler import Compiled
from ..errors import PenstockError, error
from ..results import Results
from ..run import simulate
from ..strict import Table, parse
from .properties import KINDS, Properties, Violation, World
from .reading_events import property_of
from .spec import Property

ENDING = ".properties.toml"
ALONE = tuple(name for name, row in KINDS.items() if row.alone)
"""The kinds that need no second role."""


@dataclass(frozen=True, slots=True)
class RealityCheck:
    property: Property
    values: Mapping[str, float]


def beside(model: str | Path) -> Path:
    """Where a model's reality checks stand: ``fishery.mdl`` has ``fishery.properties.toml``."""
    path = Path(model)
    return path.with_name(path.stem + ENDING)


def read_checks(path: str | Path) -> list[RealityCheck]:
    """The checks in a file. Raises PEN001, PEN550, PEN551."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise error("PEN001", name=str(path), reason=str(problem)) from None
    return parse_checks(text, Path(path).name)


def parse_checks(text: str, name: str) -> list[RealityCheck]:
    """The checks in a text; `name` is shown in messages. Raises PEN550, PEN551."""
    top = parse(text, name)
    rows = [_check(row) for row in top.tables("property")]
    top.finish()
    names = [row.property.name for row in rows]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise top.wrong("property", f"has two named {twice!r}", "Give each a name of its own.")
    return rows


def _check(row: Table) -> RealityCheck:
    values = row.map_of_numbers("set")
    return RealityCheck(property_of(row, row.text("kind", choices=ALONE)), values)


def check_model(
    compiled: Compiled, checks: Sequence[RealityCheck], engine: str | None = None
) -> list[Violation]:
    """What does not hold, each with the model time of its first violation. Raises `PenstockError`."""
    runs: dict[tuple[tuple[str, float], ...], list[Property]] = {}
    for row in checks:
        runs.setdefault(tuple(sorted(row.values.items())), []).append(row.property)
    violations: dict[str, Violation] = {}
    for values, rows in runs.items():
        results = simulate(compiled, engine=engine, overrides=dict(values))
        for violation in _violated(results, rows):
            violations[violation.name] = violation
    return [violations[row.property.name] for row in checks if row.property.name in violations]


def _violated(results: Results, rows: Sequence[Property]) -> list[Violation]:
    properties, world = Properties(rows), _Rows(results)
    for name, owner in properties.names():
        try:
            world.value(name)
        except PenstockError as problem:
            reason = f"names no variable: {problem.diagnostics[0].message}"
            raise error(
                "PEN551", path=f"the property {owner}", problem=reason, advice=problem.diagnostics[0].advice
            ) from None
    for index in range(len(results)):
        world.index = index
        properties.check(cast(World, world))
    return properties.violations


class _Rows:
    """The saved rows of a run, one after the other, as properties look at them; a tick is a unit of model time."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.index = 0
        self._series: dict[str, Sequence[float]] = {}

    @property
    def tick(self) -> float:
        return self.value(self.results.columns[0])

    def value(self, name: str) -> float:
        if name not in self._series:
            self._series[name] = self.results[name]
        return self._series[name][self.index]

    def recorded(self) -> dict[str, list[float]]:
        return {"the model": [self.value(name) for name in self.results.names]}
