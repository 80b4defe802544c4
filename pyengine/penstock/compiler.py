"""From text to everything that the engines need: the one entry to reading, checking and compiling."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import __version__
from .abi import Document, Layout
from .document import describe
from .errors import Diagnostic
from .model import Model
from .passes import optimised, program
from .place import Source
from .program import Program
from .read import ReadResult, format_of, read_file, read_text
from .wasm.module import blob, layout


@dataclass(frozen=True, eq=False)
class Compiled:
    """A model that can be run. The blob is made when it is first asked for.

    `program` is what the VM runs; `model_hash` depends on the text, the method and the compiler's version.
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
        return describe(self.model, self.source, self.format, self.program)


def compile_text(text: str, name: str, format: str | None = None, method: str | None = None) -> Compiled:
    """Compile a model's text; `name` is shown in messages, and its ending tells the format where that is not given.

    `method` replaces the model's integration method. Raises `PenstockError`.
    """
    return _compiled(read_text(text, name, format), format, method)


def compile_file(path: str | Path, method: str | None = None) -> Compiled:
    """Compile a model file. Raises `PenstockError`, also where the file cannot be read."""
    return _compiled(read_file(path), None, method)


def _compiled(result: ReadResult, format: str | None, method: str | None) -> Compiled:
    key = format_of(result.source, format).key
    digest = hashlib.sha256(f"{__version__}\0{key}\0{method or ''}\0{result.source.text}".encode())
    made = program(result.model, model_hash=digest.hexdigest()[:16], method=method)
    return Compiled(result.model, result.source, key, made, result.warnings)
