"""From bytes to text: size, encoding and line ends."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path, PurePath

from ..errors import PenstockError, error
from ..place import Source

LIMIT_MB = 64
_LIMIT = LIMIT_MB * 1_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What no text holds: control characters other than white space and DEL, which Vensim's settings have, and
# halves of surrogate pairs.
_BINARY = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f\ud800-\udfff]")


def load(path: str | Path) -> str:
    """The text of a model file, of which no byte is read if it is too large."""
    path = Path(path)
    try:
        check_size(path.name, path.stat().st_size)
        data = path.read_bytes()
    except OSError as problem:
        raise error("PEN001", name=path.name, reason=problem.strerror or str(problem)) from problem
    return decode(data, path.name)


def title(source: Source) -> str:
    """The name of a model that has none of its own: the file's without its ending."""
    return PurePath(source.name).stem


def check_size(name: str, size: int) -> None:
    """Refuse what is larger than `LIMIT_MB`."""
    if size > _LIMIT:
        raise error("PEN002", name=name, megabytes=size / 1_000_000, limit=LIMIT_MB)


def decode(data: bytes, name: str = "the file") -> str:
    """The text of a file: by its byte order mark, else UTF-8, else Windows-1252; lines end in ``\\n``."""
    check_size(name, len(data))
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return normal(_decoded(data[len(mark) :], encoding))
    try:
        return normal(data.decode("utf-8"))
    except UnicodeDecodeError:
        return normal(data.decode("cp1252", errors="replace"))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise _binary(f"it claims to be {encoding.upper()} and is not") from problem


def normal(text: str) -> str:
    """The text with ``\\n`` line ends and without a byte order mark; refused if it is binary data."""
    if found := _BINARY.search(text):
        raise _binary(f"it holds the character U+{ord(found[0]):04X}")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def lines_that_start(text: str, opening: str, start: int = 0) -> Iterator[int]:
    """Where lines begin with `opening`, from `start` on. A pattern would try every line; this looks for the word."""
    at = text.find(opening, start)
    while at >= 0:
        if at == 0 or text[at - 1] == "\n":
            yield at
        at = text.find(opening, at + 1)


def _binary(reason: str) -> PenstockError:
    return error("PEN004", reason=reason)
