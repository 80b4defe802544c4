"""The files that a model's equations name: found, opened once each, and never outside the model's folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ...errors import PenstockError, error
from ...model import External
from ...place import Span
from ..files import LIMIT_MB, decode
from .sheets import Book, Sheet, text_sheet
from .workbooks import OLE, ZIP, read_workbook

Files = Callable[[str], bytes]
"""The bytes of a file by its name relative to the model, with ``/`` between folders; raises OSError or
LookupError where there is no such file."""

_DRIVE = re.compile(r"[A-Za-z]:")


def beside(folder: Path) -> Files:
    """The files in a model's folder and below; links that lead out of it are not followed."""
    home = folder.resolve()

    def read(name: str) -> bytes:
        path = _found(home, name)
        if not path.is_relative_to(home):
            raise PermissionError(1, "it lies outside the model's folder")
        if not path.is_file():  # a pipe or a device could be read for ever
            raise FileNotFoundError(2, "there is no such file")
        if path.stat().st_size > LIMIT_MB * 1_000_000:
            raise OSError(27, _too_large(path.stat().st_size))
        return path.read_bytes()

    return read


def run_file(path: str | Path) -> bytes:
    """The bytes of a run's data file, wherever it is. Raises PEN016."""
    path = Path(path)
    try:
        size = path.stat().st_size
        if size <= LIMIT_MB * 1_000_000:
            return path.read_bytes()
        reason = _too_large(size)
    except OSError as problem:
        reason = problem.strerror or str(problem)
    raise error(
        "PEN016", name=path.name, reason=reason, advice="Check the path and the permissions of the file."
    )


def _found(home: Path, name: str) -> Path:
    """The file, its case as written or else, as on the systems that Vensim runs on, any other."""
    path = (home / name).resolve()
    if path.exists() or not path.is_relative_to(home):
        return path
    for part in PurePosixPath(name).parts:
        exact = home / part
        same = [item for item in home.iterdir() if item.name.casefold() == part.casefold()]
        home = exact if exact.exists() or len(same) != 1 else same[0]
        if not home.is_dir():
            break
    return home.resolve()


def nothing(name: str) -> bytes:
    """The files of a model that came without any."""
    raise FileNotFoundError(2, "no files came with the model")


def _too_large(size: int) -> str:
    return f"it has {size / 1e6:.0f} MB, and the limit is {LIMIT_MB} MB"


class Shelf:
    """The files of one compilation, each read once."""

    def __init__(self, files: Files = nothing) -> None:
        self._files = files
        self._books: dict[tuple[str, str], Book] = {}
        self.contents: dict[str, bytes] = {}

    def sheet(self, external: External) -> tuple[Book, str, Sheet]:
        """The table that an equation's cells stand in, with its book and name. Raises PEN016, PEN323, PEN324."""
        with _shown_at(external.span):
            name = _checked(external)
            data = self._data(name)
            text = not data.startswith((ZIP, OLE))
            key = name, external.tab if text else ""
            if key not in self._books:
                self._books[key] = _text_book(name, data, external) if text else read_workbook(name, data)
            book = self._books[key]
            title = "" if text else _tab(book, external)
            return book, title, book.sheet(title)

    def _data(self, name: str) -> bytes:
        if name not in self.contents:
            try:
                data = self._files(name)
            except (OSError, LookupError, RuntimeError) as problem:  # the last for links in a circle
                reason = (problem.strerror if isinstance(problem, OSError) else "") or "there is no such file"
                raise _unreadable(name, reason) from problem
            if len(data) > LIMIT_MB * 1_000_000:
                raise _unreadable(name, _too_large(len(data)))
            self.contents[name] = data
        return self.contents[name]


@contextmanager
def _shown_at(span: Span) -> Iterator[None]:
    """Errors in a file are shown at the equation that names it."""
    try:
        yield
    except PenstockError as problem:
        raise PenstockError(replace(item, span=span) for item in problem.diagnostics) from problem


def _text_book(name: str, data: bytes, external: External) -> Book:
    separator = external.tab or ("," if name.lower().endswith(".csv") else "\t")
    separator = "\t" if separator.casefold() in ("\\t", "tab") else separator
    if len(separator) != 1 or separator in '"\r\n':
        raise error("PEN324", text=repr(external.tab), wanted="separator of values")
    return Book(name, {"": lambda: text_sheet(name, decode(data, name), separator)})


def _checked(external: External) -> str:
    """The name of the file with ``/`` between folders; refused where it would lead out of the model's folder."""
    name = external.file.replace("\\", "/")
    if name.startswith("?"):
        advice = "Write the name of the file itself."
        construct = f"the indirect file name {external.file}, which the file's own settings do not hold,"
        raise error("PEN401", construct=construct, advice=advice)
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or _DRIVE.match(name):
        raise _unreadable(external.file, "it lies outside the model's folder")
    return str(path)


def _unreadable(name: str, reason: str) -> PenstockError:
    advice = "Put the file beside the model, or below its folder, under the name in the equation."
    return error("PEN016", name=name, reason=reason, advice=advice)


def _tab(book: Book, external: External) -> str:
    """A sheet by its name or its number, the first where nothing is said."""
    titles = book.titles
    wanted = external.tab.strip().casefold()
    for title in titles:
        if title.strip().casefold() == wanted or not wanted:
            return title
    if wanted.isdecimal() and len(wanted) < 10 and 1 <= int(wanted) <= len(titles):
        return titles[int(wanted) - 1]
    advice = f"Its sheets are {', '.join(titles[:8])}."
    raise error("PEN323", file=book.name, what="sheet", name=external.tab, advice=advice)
