"""Study files: a TOML text that names a model and says what to vary, what to look at and which kind of study it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import error
from ..protocol import DEFAULT_ENGINE, ENGINES
from ..read.data import run_file
from ..strict import Table, parse
from .fitspec import LIKELIHOODS, METHODS, FitSpec, Parameter, series_of
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


def read_table(path: Path) -> Table:
    """The top table of a TOML file. Raises PEN001, PEN550."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise error("PEN001", name=path.name, reason=reason) from None
    return parse(text, path.name)


def read_study(path: Path) -> StudyFile:
    """A study file. Raises PEN001, PEN550, PEN551, PEN531, PEN532."""
    return study_of(read_table(path), path.parent)


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


@dataclass(frozen=True, slots=True)
class FitFile:
    """A calibration as a file says it; `profiles` are the parameters to profile."""

    model: Path
    method: str | None
    spec: FitSpec
    profiles: tuple[str, ...]


def read_fit(path: Path) -> FitFile:
    """A calibration file. Raises PEN001, PEN016, PEN550, PEN551, PEN533."""
    return fit_of(read_table(path), path.parent)


def fit_of(table: Table, folder: Path) -> FitFile:
    model, method = folder / table.text("model"), table.text("method", None)
    files = {name: run_file(folder / name) for name in table.texts("data")}
    named = table.texts("fit", None) if "fit" in table else None
    parameters = table.table("parameters")
    rows = {name: _parameter(parameters.table(name)) for name in parameters.names()}
    profiles = table.texts("profile", ())
    spec = FitSpec(
        parameters=rows,
        data=series_of(files, named),
        likelihood=table.text("likelihood", "squares", LIKELIHOODS),
        method=table.text("search", "auto", METHODS),
        sd=table.map_of_numbers("sd"),
        starts=table.whole("starts", 1, 1),
        seed=table.whole("seed", 1, 0),
        values=table.map_of_numbers("values"),
        settings=table.map_of_numbers("settings"),
        engine=table.text("engine", DEFAULT_ENGINE, ENGINES),
    )
    table.finish()
    return FitFile(model, method, spec, profiles)


def _parameter(table: Table) -> Parameter:
    made = Parameter(
        table.number("low"), table.number("high"), table.number("start", None), table.flag("log", False)
    )
    table.finish()
    return made
