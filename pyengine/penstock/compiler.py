"""From text to everything that the engines need: the one entry to reading, checking and compiling."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from . import __version__
from .abi import Document, Layout
from .document import describe
from .errors import Diagnostic, PenstockError, raise_if_any
from .model import Model
from .passes import Memos, lowered, optimised, scheduled
from .passes.data import with_data
from .passes.flatten import flatten
from .passes.macros import naming_calls
from .passes.missing import Absent, Missing
from .passes.order import Schedule
from .passes.units import UnitReport, check_units
from .place import Source
from .program import Program
from .read import ReadResult, format_of, read_partially
from .read.data import Files, Shelf, beside, read_run_data, run_file
from .read.files import load
from .recall import Recall
from .wasm.draft import DraftMemo, draft
from .wasm.lanes import lane_blob
from .wasm.module import blob, layout


@dataclass(frozen=True, eq=False)
class Compiled:
    """A model that can be run. The blob is made when it is first asked for.

    `program` is what the VM runs; `model_hash` depends on the text, the data, the method and the compiler's version.
    `flat` is the model without modules and macros, its data in it; `schedule` is what the program was made from.
    What `missing` names is in the model and not in the program.
    """

    model: Model
    source: Source
    format: str
    flat: Model = field(repr=False)
    schedule: Schedule = field(repr=False)
    program: Program = field(repr=False)
    warnings: tuple[Diagnostic, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """All that is to say about the model, by place; errors are why parts of it are missing."""
        reasons = (reason for item in self.missing for reason in item.reasons)
        found = dict.fromkeys((*reasons, *self.warnings))
        return tuple(sorted(found, key=lambda item: item.span.start))

    @property
    def model_hash(self) -> str:
        return self.program.model

    @cached_property
    def optimised(self) -> Program:
        return optimised(self.program)

    @cached_property
    def units(self) -> UnitReport:
        """What the units of the model's variables are, and where they do not fit. Compiling does not wait for it."""
        return check_units(self.model, self.flat)

    @cached_property
    def blob(self) -> bytes:
        return blob(self.optimised)

    @cached_property
    def lane_blob(self) -> bytes:
        """A blob of which four runs stand side by side, for sweeps. Raises PEN406 where they would not go in step."""
        return lane_blob(self.optimised)

    @cached_property
    def layout(self) -> Layout:
        return layout(self.program)

    @cached_property
    def document(self) -> Document:
        return describe(self.flat, self.source, self.format, self.program)


@dataclass
class Session:
    """What is kept of one version of a model file for the next, so that an edit costs what it changes.

    For one file: places in models that it compiled before point into the newest text.
    """

    recall: Recall = field(default_factory=Recall)
    memos: Memos = field(default_factory=Memos)
    drafts: DraftMemo = field(default_factory=DraftMemo)
    latest: tuple[tuple[object, ...], Compiled] | None = None

    def draft(self, compiled: Compiled) -> bytes:
        """A blob that is not optimised, of the model that was compiled last."""
        assert self.latest is not None and self.latest[1] is compiled
        functions = self.memos.lower.bodies.items()
        bodies = {name: [unit.statements for unit in units] for name, units in functions}
        return draft(compiled.program, bodies, self.drafts)


def compile_text(
    text: str,
    name: str,
    format: str | None = None,
    method: str | None = None,
    *,
    files: Files | None = None,
    data: Mapping[str, bytes] | None = None,
    partial: bool = False,
    session: Session | None = None,
) -> Compiled:
    """Compile a model's text; `name` is shown in messages, and its ending tells the format where that is not given.

    `method` replaces the model's integration method. `files` yields the bytes of files that the model's
    equations name, by their names relative to the model; `data` are a run's data files by name. With a `session`,
    what has not changed since the text that it compiled last is not compiled again. Raises
    `PenstockError`; a `partial` compile only where no part of the model can run without what is wrong.
    """
    shelf = Shelf() if files is None else Shelf(files)
    recall = None if session is None else session.recall  # without one, spans count in the text itself
    session = session or Session()
    asked = (text, name, format, method, partial)
    if session.latest is not None and session.latest[0] == asked and files is None and not data:
        return session.latest[1]
    session.latest = None  # whatever comes of it, places follow this text
    make = _partial if partial else _whole
    with _collecting_later():
        result = read_partially(text, name, format, recall)
        compiled = make(result, format, method, shelf, data or {}, session.memos)
    session.latest = asked, compiled
    return compiled


def compile_file(
    path: str | Path, method: str | None = None, *, data: Iterable[str | Path] = (), partial: bool = False
) -> Compiled:
    """Compile a model file, with the files beside it and a run's data files. Raises as `compile_text` does, also
    where a file cannot be read."""
    path = Path(path)
    given = {Path(file).name: run_file(file) for file in data}
    make = _partial if partial else _whole
    with _collecting_later():
        result = read_partially(load(path), path.name)
        return make(result, None, method, Shelf(beside(path.parent)), given, Memos())


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Without Python's search for cycles: a compile makes many objects and hardly any cycles, and of a large model
    a quarter of the time went into looking for them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _whole(
    result: ReadResult,
    format: str | None,
    method: str | None,
    shelf: Shelf,
    data: Mapping[str, bytes],
    memos: Memos,
) -> Compiled:
    raise_if_any(result.findings)
    return _compiled(result, None, format, method, shelf, data, memos)


def _partial(
    result: ReadResult,
    format: str | None,
    method: str | None,
    shelf: Shelf,
    data: Mapping[str, bytes],
    memos: Memos,
) -> Compiled:
    """What errors are about is left out, until what is left has none."""
    absent = Absent(result.model, result.findings)
    while True:
        try:
            return _compiled(result, absent, format, method, shelf, data, memos)
        except PenstockError as problem:
            absent.add(problem.diagnostics)


def _compiled(
    result: ReadResult,
    absent: Absent | None,
    format: str | None,
    method: str | None,
    shelf: Shelf,
    data: Mapping[str, bytes],
    memos: Memos,
) -> Compiled:
    key = format_of(result.source, format).key
    missing: tuple[Missing, ...] = ()
    with naming_calls(result.model):
        model = flatten(result.model if absent is None else absent.marked())
        if absent is not None:
            model, missing = absent.without(model)
        model, warnings = with_data(model, shelf, read_run_data(data))
    digest = hashlib.sha256(f"{__version__}\0{key}\0{method or ''}\0{result.source.text}".encode())
    for name, content in sorted({**shelf.contents, **data}.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    with naming_calls(result.model):
        schedule = scheduled(model, method, memos)
    made = lowered(schedule, digest.hexdigest()[:16], memos)
    warnings = (*(item for item in result.findings if item.severity != "error"), *warnings)
    return Compiled(result.model, result.source, key, model, schedule, made, warnings, missing)
