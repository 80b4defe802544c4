"""From text to everything that the engines need: the one entry to reading, checking and compiling."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import __version__
from .abi import Document, Layout
from .document import describe
from .errors import Diagnostic
from .model import Model
from .passes import optimised, program
from .passes.data import with_data
from .passes.flatten import flatten
from .passes.macros import naming_calls
from .place import Source
from .program import Program
from .read import ReadResult, format_of, read_file, read_text
from .read.data import Files, Shelf, beside, read_run_data, run_file
from .wasm.module import blob, layout


@dataclass(frozen=True, eq=False)
class Compiled:
    """A model that can be run. The blob is made when it is first asked for.

    `program` is what the VM runs; `model_hash` depends on the text, the data, the method and the compiler's version.
    """

    model: Model
    source: Source
    format: str
    program: Program
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def model_hash(self) -> str:
        return self.program.model

    @cached_property
    def optimised(self) -> Program:
        return optimised(self.program)

    @cached_property
    def blob(self) -> bytes:
        return blob(self.optimised)

    @cached_property
    def layout(self) -> Layout:
        return layout(self.program)

    @cached_property
    def document(self) -> Document:
        return describe(flatten(self.model), self.source, self.format, self.program)


def compile_text(
    text: str,
    name: str,
    format: str | None = None,
    method: str | None = None,
    *,
    files: Files | None = None,
    data: Mapping[str, bytes] | None = None,
) -> Compiled:
    """Compile a model's text; `name` is shown in messages, and its ending tells the format where that is not given.

    `method` replaces the model's integration method. `files` yields the bytes of files that the model's
    equations name, by their names relative to the model; `data` are a run's data files by name. Raises
    `PenstockError`.
    """
    shelf = Shelf() if files is None else Shelf(files)
    return _compiled(read_text(text, name, format), format, method, shelf, data or {})


def compile_file(path: str | Path, method: str | None = None, *, data: Iterable[str | Path] = ()) -> Compiled:
    """Compile a model file, with the files beside it and a run's data files. Raises `PenstockError`, also where
    a file cannot be read."""
    given = {Path(file).name: run_file(file) for file in data}
    return _compiled(read_file(path), None, method, Shelf(beside(Path(path).parent)), given)


def _compiled(
    result: ReadResult, format: str | None, method: str | None, shelf: Shelf, data: Mapping[str, bytes]
) -> Compiled:
    key = format_of(result.source, format).key
    with naming_calls(result.model):
        model, warnings = with_data(flatten(result.model), shelf, read_run_data(data))
    digest = hashlib.sha256(f"{__version__}\0{key}\0{method or ''}\0{result.source.text}".encode())
    for name, content in sorted({**shelf.contents, **data}.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    with naming_calls(result.model):
        made = program(model, model_hash=digest.hexdigest()[:16], method=method)
    return Compiled(result.model, result.source, key, made, (*result.findings, *warnings))
