"""Study files: a TOML text that names a model and says what to vary, what to look at and which kind of study it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import error
from ..strict import Table, parse
from .measure import REDUCTIONS, Measure
from .spec import Spec, from_table

KINDS: Mapping[str, str] = {
    "montecarlo": "fans and histograms over draws of the inputs",
    "local": "elasticities at the model's own values",
    "sobol": "shares of the variance by input",
    "screening": "policies compared, losers dropped early",
}


@dataclass(frozen=True, slots=True)
class StudyFile:
    """`model` and `data` are paths relative to the file."""

    kind: str
    model: Path
    data: tuple[Path, ...]
    method: str | None
    spec: Spec
    step: float = 0.01
    policies: Mapping[str, Mapping[str, float]] | None = None
    measure: Measure | None = None
    better: str = "high"
    confidence: float = 0.99


def read_study(path: Path) -> StudyFile:
    """A study file. Raises PEN001, PEN550, PEN551, PEN531, PEN532."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise error("PEN001", name=path.name, reason=reason) from None
    return study_of(parse(text, path.name), path.parent)


def study_of(table: Table, folder: Path) -> StudyFile:
    kind = table.text("kind", "montecarlo", tuple(KINDS))
    model = folder / table.text("model")
    data = tuple(folder / name for name in table.texts("data", ()))
    method = table.text("method", None)
    step = table.number("step", 0.01, 0.0, 1.0) if kind == "local" else 0.01
    if kind != "screening":
        return StudyFile(kind, model, data, method, from_table(table), step)
    policies = table.table("policies")
    named = {name: policies.map_of_numbers(name) for name in policies.names()}
    policies.finish()
    measured = table.table("measure")
    measure = Measure(
        measured.text("output"),
        measured.text("what", "last", tuple(REDUCTIONS)),
        measured.number("until", None),
    )
    measured.finish()
    better = table.text("better", "high", ("high", "low"))
    confidence = table.number("confidence", 0.99, 0.5, 0.999999)
    spec = from_table(table)
    return StudyFile(kind, model, data, method, spec, step, named, measure, better, confidence)
