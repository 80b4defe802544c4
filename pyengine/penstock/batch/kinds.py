"""Kinds of steps, a row each: what they are given, what they yield, how their options are read, and what they do.

Every step is a function of its options and its payload, so it can be done in any process, and again.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..compiler import compile_text
from ..ensemble.measure import REDUCTIONS, Measure
from ..ensemble.parcel import Parcel, opened, packed
from ..errors import error
from ..hosts.limits import Limits
from ..hosts.metered import run_metered
from ..methods import METHODS
from ..program import SETTINGS
from ..protocol import DEFAULT_ENGINE, ENGINES
from ..read.data import beside, run_file
from ..read.files import load as load_text
from ..results import Results, needed
from ..strict import Table


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model's text, its folder, and a run's data files by name."""

    text: str
    name: str
    folder: str
    data: Mapping[str, bytes]


Payload = Loaded | Parcel | Results | None


@dataclass(frozen=True, slots=True)
class Product:
    """`payload` goes to those that depend on the step; `metadata` is plain values, and the step's own."""

    payload: Payload
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """`takes` and `gives` are names of payloads; a kind that does not transform gives none."""

    name: str
    meaning: str
    takes: tuple[str, ...]
    gives: str | None
    options: Callable[[Table], dict[str, Any]]
    perform: Callable[[Mapping[str, Any], Any, Path], Product]

    @property
    def transforms(self) -> bool:
        return self.gives is not None


# --- load


def _load_options(table: Table) -> dict[str, Any]:
    return {"model": table.text("model"), "data": list(table.texts("data", ()))}


def _load(options: Mapping[str, Any], payload: None, folder: Path) -> Product:
    path = folder / options["model"]
    source = load_text(path)
    data = {Path(name).name: run_file(folder / name) for name in options["data"]}
    digest = hashlib.sha256(source.encode())
    for name in sorted(data):
        digest.update(f"\0{name}\0".encode() + data[name])
    loaded = Loaded(source, path.name, str(path.parent), data)
    return Product(loaded, {"model": path.name, "bytes": len(source.encode()), "sha256": digest.hexdigest()})


# --- compile


def _compile_options(table: Table) -> dict[str, Any]:
    return {"method": table.text("method", None, tuple(METHODS))}


def _compile(options: Mapping[str, Any], payload: Loaded, folder: Path) -> Product:
    compiled = compile_text(
        payload.text,
        payload.name,
        method=options["method"],
        files=beside(Path(payload.folder)),
        data=payload.data,
    )
    metadata = {
        "model": compiled.model_hash,
        "variables": len(compiled.program.variables),
        "module": hashlib.sha256(compiled.blob).hexdigest(),
        "module_bytes": len(compiled.blob),
        "warnings": [str(item).splitlines()[0] for item in compiled.warnings],
    }
    return Product(packed(compiled), metadata)


# --- run


def _run_options(table: Table) -> dict[str, Any]:
    limits = table.table("limits")
    given = {
        "fuel": limits.whole("fuel", None, 1),
        "memory_bytes": limits.whole("memory_bytes", None, 1),
        "seconds": limits.number("seconds", None, 0.001),
    }
    limits.finish()
    settings = table.map_of_numbers("settings")
    for name in settings:
        if name not in SETTINGS:
            raise table.wrong(f"settings.{name}", "is no setting", f"Settings are {', '.join(SETTINGS)}.")
    return {
        "engine": table.text("engine", DEFAULT_ENGINE, ENGINES),
        "values": table.map_of_numbers("values"),
        "settings": settings,
        "save": list(table.texts("save", ())),
        "fallback": table.text("fallback", None, ("vm",)),
        "limits": given,
    }


def _run(options: Mapping[str, Any], payload: Parcel, folder: Path) -> Product:
    results, metadata = run_metered(
        opened(payload),
        engine=options["engine"],
        overrides=options["values"],
        specs=options["settings"],
        save=options["save"] or None,
        limits=Limits(**options["limits"]),
        fallback=options["fallback"],
    )
    kept = {name: value for name, value in metadata.items() if name != "wall_ms"}
    digest = hashlib.sha256(results.data.tobytes()).hexdigest()
    return Product(results, {**kept, "model": payload.model, "rows": results.rows, "sha256": digest})


# --- analyze


def _analyze_options(table: Table) -> dict[str, Any]:
    measures: dict[str, dict[str, Any]] = {}
    for row in table.tables("measures"):
        measure = Measure(
            row.text("output"), row.text("what", "last", tuple(REDUCTIONS)), row.number("until", None)
        )
        measures[row.text("name", f"{measure.what} {measure.output}")] = asdict(measure)
        row.finish()
    if not measures:
        raise table.wrong("measures", "are missing", 'Write measures = [{output = "…", what = "last"}].')
    return {"measures": measures}


def _analyze(options: Mapping[str, Any], payload: Results, folder: Path) -> Product:
    found: dict[str, Any] = {}
    for name, row in options["measures"].items():
        series = payload.series(row["output"])
        value = Measure(**row).of(series, [row["output"]], list(payload.time))
        found[name] = value if value == value else None
    return Product(None, found)


# --- export

FORMATS: Mapping[str, tuple[str, ...]] = {
    ".csv": ("results",),
    ".parquet": ("results",),
    ".json": ("results",),
    ".wasm": ("program",),
}
"""Endings of files, and the payloads that can be written as such."""


def _export_options(table: Table) -> dict[str, Any]:
    path = table.text("path")
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise table.wrong("path", "leads out of the batch's folder", "Write a path below it.")
    if Path(path).suffix.lower() not in FORMATS:
        raise table.wrong("path", "has an ending that is not known", f"Write one of {', '.join(FORMATS)}.")
    return {"path": path}


def _export(options: Mapping[str, Any], payload: Results | Parcel, folder: Path) -> Product:
    path = folder / options["path"]
    ending = path.suffix.lower()
    if ("program" if isinstance(payload, Parcel) else "results") not in FORMATS[ending]:
        raise error(
            "PEN514", what="the ending", value=ending, advice="Programs are written as .wasm, results not."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(payload, Parcel):
            path.write_bytes(opened(payload).blob)
        elif ending == ".csv":
            payload.to_csv(path)
        elif ending == ".json":
            series = {name: payload.series(name).tolist() for name in payload.names}
            path.write_text(json.dumps(series), encoding="utf-8")
        else:
            needed("pyarrow.parquet").write_table(payload.arrow(), path)
        content = path.read_bytes()
    except OSError as problem:
        raise error("PEN015", name=path.name, reason=problem.strerror or problem) from None
    digest = hashlib.sha256(content).hexdigest()
    return Product(None, {"path": options["path"], "bytes": len(content), "sha256": digest})


KINDS: Mapping[str, Kind] = {
    row.name: row
    for row in (
        Kind("load", "read a model and its data files", (), "text", _load_options, _load),
        Kind("compile", "compile what was loaded", ("text",), "program", _compile_options, _compile),
        Kind("run", "make a run, boxed in and measured", ("program",), "results", _run_options, _run),
        Kind("analyze", "numbers about a run", ("results",), None, _analyze_options, _analyze),
        Kind("export", "write a file", ("results", "program"), None, _export_options, _export),
    )
}


def perform(kind: str, options: Mapping[str, Any], payload: Payload, folder: str) -> Product:
    """Do a step. Raises `PenstockError`."""
    return KINDS[kind].perform(options, payload, Path(folder))


# --- what was done before


def run_key(options: Mapping[str, Any], payload: Parcel) -> str:
    """What a run's results depend on, as a hash: kept results are found again by it."""
    text = json.dumps([payload.model, options], sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def kept_text(product: Product) -> bytes:
    """A run's product as bytes: a line of JSON, its hash included, then doubles."""
    results = product.payload
    assert isinstance(results, Results)
    data = results.data.tobytes()
    head = {
        "rows": results.rows,
        "columns": results.columns,
        "fixed": results.fixed,
        "engine": results.engine,
        "metadata": product.metadata,
        "data": hashlib.sha256(data).hexdigest(),
    }
    return json.dumps(head, allow_nan=False).encode() + b"\n" + data


def kept_product(content: bytes) -> Product | None:
    """The product again; None where anything of it is not as it was written."""
    line, _, data = content.partition(b"\n")
    try:
        head = json.loads(line)
        if hashlib.sha256(data).hexdigest() != head["data"]:
            return None
        values = array("d")
        values.frombytes(data)
        results = Results(head["rows"], head["columns"], head["fixed"], values, head["engine"], 0.0)
        return Product(results, head["metadata"])
    except (ValueError, KeyError, TypeError):
        return None
