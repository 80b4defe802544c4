"""A model in a page of documentation: what its block says, compiled, and the figure that takes its place.

The core that all generators share; each of their plugins hands over blocks and puts figures and files where its
generator wants them. Errors are placed in the page, in the line and column that they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from ..compiler import Compiled, compile_file, compile_text
from ..errors import Diagnostic, PenstockError, error
from ..export.bundle import Bundle, bundle, hashed
from ..export.markup import CODE_PLACES, figure
from ..export.pdf import Printed, pdf
from ..export.view import read_view
from ..methods import METHODS
from ..place import NOWHERE, Source, Span
from ..read import FORMATS

OWN: Mapping[str, str] = {
    "file": "the model's file, from the page's folder; the block has no text of its own then",
    "format": "of a text that is not Penstock's own: mdl or xmile",
    "method": "integration method instead of the model's",
    "data": "data files of the run, a comma between them",
    "id": "what links to the figure name",
    "code": "where the model's text is shown: above, below or folded; nowhere unless told",
}
"""Options of a block beside those of the view, and what they mean."""


@dataclass(frozen=True)
class Block:
    """A block of a page: its own line and that of its text's first line, from 1, and options as written.

    The model is `text`, or what the option `file` names, from the page's folder.
    """

    page: Source
    line: int
    first: int
    text: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A block's bundle, and what its figure needs besides."""

    bundle: Bundle
    identity: str
    code: str
    text: str

    def figure(self, folder: str, script: str) -> str:
        """HTML without a line break; `folder` of the files, with a slash, and `script` as addresses from the page."""
        return figure(self.bundle, folder, script, self.identity, self.code, self.text)

    def pdf(self) -> tuple[str, Printed]:
        """The poster for print, and a name for its file."""
        made = pdf(self.bundle.picture.svg("print"))
        return hashed(f"{self.bundle.poster.partition('.')[0]}.pdf", made.content), made


def make(block: Block, folder: Path) -> Made:
    """Compile a block of a page in `folder`. Raises `PenstockError`, placed in the page."""
    own = {name: block.options[name].strip() for name in OWN if name in block.options}
    wishes = {name: text for name, text in block.options.items() if name not in OWN}
    with placed(block.page, block.line), _moved(block):
        _check(own, block)
        compiled = _compiled(own, block.text, folder)
        name = Path(own.get("file", "")).stem or compiled.model.name
        made = bundle(compiled, read_view(compiled, wishes), name)
    return Made(made, own.get("id", ""), own.get("code", ""), compiled.source.text)


@contextmanager
def placed(page: Source, line: int) -> Iterator[None]:
    """Errors that have no place are about this line of the page."""
    try:
        yield
    except PenstockError as problem:
        lines = page.text.split("\n")[:line]
        start = sum(len(text) + 1 for text in lines[:-1])
        span = Span(page, start, start + len(lines[-1]))
        raise PenstockError(
            replace(item, span=span) if item.span is NOWHERE else item for item in problem.diagnostics
        ) from None


@contextmanager
def _moved(block: Block) -> Iterator[None]:
    """Errors in the block's text are where that stands in the page."""
    try:
        yield
    except PenstockError as problem:
        raise PenstockError(_in_page(item, block) for item in problem.diagnostics) from None


def _in_page(item: Diagnostic, block: Block) -> Diagnostic:
    if item.span is NOWHERE or item.span.source.text != block.text or not block.text:
        return item
    start, end = (_offset(block, place) for place in (item.span.start, item.span.end))
    return replace(item, span=Span(block.page, start, max(start, end)))


def _offset(block: Block, place: int) -> int:
    """Where a place of the block's text is in the page: on the same line, which may be indented there."""
    line, column = Source("", block.text).line_column(place)
    lines = block.page.text.split("\n")
    number = min(block.first + line - 2, len(lines) - 1)
    own = block.text.split("\n")[line - 1]
    indent = max(0, lines[number].find(own)) if own else 0
    return sum(len(text) + 1 for text in lines[:number]) + indent + column - 1


def _check(own: Mapping[str, str], block: Block) -> None:
    if bool(own.get("file")) == bool(block.text.strip()):
        value = "with a file and text of its own" if block.text.strip() else "without text"
        raise error("PEN514", what="the block", value=value, advice="Give it a model's text, or name a file.")
    choices = {"format": [row.key for row in FORMATS], "method": list(METHODS), "code": list(CODE_PLACES)}
    for name, known in choices.items():
        if own.get(name, known[0]) not in known:
            advice = f"Say one of {', '.join(known)}."
            raise error("PEN514", what=f"the option {name} with", value=own[name][:60], advice=advice)


def _compiled(own: Mapping[str, str], text: str, folder: Path) -> Compiled:
    if not own.get("file"):
        return _compiled_text(text, own.get("format", "pen"), own.get("method"))
    data = [folder / name.strip() for name in own.get("data", "").split(",") if name.strip()]
    return compile_file(folder / own["file"], own.get("method"), data=data)


@lru_cache(maxsize=256)
def _compiled_text(text: str, format: str, method: str | None) -> Compiled:
    """Kept, because a server of documentation builds all pages whenever one changes."""
    return compile_text(text, f"model.{format}", format, method)
