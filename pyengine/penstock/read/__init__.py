"""Model files of three languages as one `Model`; every equation knows where it stands in its source.

Each reader reports all errors of a file together, by going on with the next equation after one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..errors import Diagnostic, error, raise_if_any
from ..model import Model
from ..place import Source, Span
from ..recall import Recall
from . import files
from .files import decode
from .mdl import read_mdl
from .pen import read_pen
from .xmile import read_xmile

__all__ = ["FORMATS", "Format", "ReadResult", "decode", "findings_of", "format_of", "read_file", "read_text"]


@dataclass(frozen=True, slots=True)
class Format:
    """One language of model files; `looks` tells its text from the others' where the name does not.

    `checker` finds what `reader` does in less time, leaving out of the model what nothing can be wrong with.
    """

    key: str
    endings: tuple[str, ...]
    reader: Callable[[Source, list[Diagnostic]], Model]
    looks: re.Pattern[str]
    checker: Callable[[Source, list[Diagnostic]], Model] | None = None


FORMATS: tuple[Format, ...] = (
    Format(
        key="xmile",
        endings=(".xmile", ".xml", ".stmx", ".itmx"),
        reader=read_xmile,
        looks=re.compile(r"\s*<(?:\?xml|!--|xmile|!DOCTYPE)"),
    ),
    Format(
        key="mdl",
        endings=(".mdl",),
        reader=read_mdl,
        looks=re.compile(r"\s*\{UTF-8\}|[^~|]*+~[^~|]*+[~|]", re.IGNORECASE),
        checker=partial(read_mdl, sketches=False),
    ),
    Format(
        key="pen",
        endings=(".pen",),
        reader=read_pen,
        looks=re.compile(r"^(?:model|time|stock|flow|aux|const|lookup|dim)\b", re.MULTILINE),
    ),
)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A model, the source that its spans point into, and what was found: warnings, and where a model was read
    partially, also errors."""

    model: Model
    source: Source
    findings: tuple[Diagnostic, ...]


def read_file(path: str | Path) -> ReadResult:
    """The model in a file, its format known by the ending or else by the content."""
    return read_text(files.load(path), Path(path).name)


def read_text(text: str, name: str, format: str | None = None) -> ReadResult:
    """The model that a text says; `name` is what its user calls it, `format` a key of `FORMATS`."""
    result = read_partially(text, name, format)
    raise_if_any(result.findings)
    return result


def read_partially(
    text: str, name: str, format: str | None = None, recall: Recall | None = None
) -> ReadResult:
    """What can be read of a text, whatever else it holds; `findings` say what could not be, why, and where.

    `recall` holds what was read of versions before this one. Raises only where nothing is left: for an unknown
    format, broken XML, or a text without any variable.
    """
    return _read(text, name, format, recall, checking=False)


def findings_of(
    text: str, name: str, format: str | None = None, recall: Recall | None = None
) -> tuple[Diagnostic, ...]:
    """The findings of `read_partially`, or what it raises, in less time. No other reading may share the `recall`."""
    return _read(text, name, format, recall, checking=True).findings


def _read(text: str, name: str, format: str | None, recall: Recall | None, checking: bool) -> ReadResult:
    files.check_size(name, len(text))
    text = files.normal(text)
    source = Source(name, text) if recall is None else recall.source(name, text)
    findings: list[Diagnostic] = []
    row = format_of(source, format)
    reader = (row.checker if checking else None) or row.reader
    model = reader(source, findings)
    findings.sort(key=lambda item: item.span.start)
    if not any(part.variables for part in (model, *model.submodels)):
        raise_if_any(findings)
        raise error("PEN009", Span(source, 0, 0))
    return ReadResult(model, source, tuple(findings))


def format_of(source: Source, key: str | None = None) -> Format:
    """The format of a key, of the name's ending, or of the text, in this order."""
    ending = Path(source.name).suffix.lower()
    for row in FORMATS:
        if key == row.key or (key is None and ending in row.endings):
            return row
    if key is None:
        for row in FORMATS:
            if row.looks.search(source.text):
                return row
    raise error("PEN003", name=key or source.name)
