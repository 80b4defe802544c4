"""Markdown for any generator: pages with figures in place of their blocks, and a folder of what the figures ask for."""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Iterator
from pathlib import Path

from ..errors import Diagnostic, PenstockError, error
from ..export.folder import complete, module, put
from ..place import Source
from .blocks import Block, make
from .fences import replaced

PAGES = (".md", ".markdown", ".qmd")


def render(folder: Path, out: Path, assets_in: str = "penstock", address: str | None = None) -> list[Path]:
    """Copy a folder of Markdown to `out`, its blocks rendered, and return the pages that had any.

    Files of figures go to `assets_in` below `out`; pages find them at `address`, by a relative one unless told. Raises
    `PenstockError`: all errors of all pages.
    """
    if out.resolve() == folder.resolve() or folder.resolve() in out.resolve().parents:
        advice = "Name a folder outside the one that is read."
        raise error("PEN514", what="--out", value=out, advice=advice)
    content: dict[str, bytes] = {}
    pages: list[Path] = []
    problems: list[Diagnostic] = []
    for path in _files(folder):
        inside = path.relative_to(folder)
        target = out / inside
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix.lower() not in PAGES:
                shutil.copyfile(path, target)
                continue
            before = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeError) as problem:
            raise error("PEN001", name=path, reason=problem) from None
        try:
            after, files = _page(before, path, inside, assets_in, address)
        except PenstockError as problem:
            problems += problem.diagnostics
            continue
        if not files:
            shutil.copyfile(path, target)
            continue
        target.write_text(after, encoding="utf-8", newline="\n")
        content |= files
        pages.append(target)
    if problems:
        raise PenstockError(problems)
    if content:
        put(out / assets_in, content)
        complete(out / assets_in)
    return pages


def _page(
    text: str, path: Path, inside: Path, assets_in: str, address: str | None
) -> tuple[str, dict[str, bytes]]:
    """The page's text with figures, and their files."""
    files: dict[str, bytes] = {}
    up = posixpath.relpath(assets_in, inside.parent.as_posix()) if address is None else address

    def written(block: Block) -> str:
        made = make(block, path.parent)
        files.update(made.bundle.files)
        return made.figure(up.rstrip("/") + "/", f"{up.rstrip('/')}/{module()[0]}")

    return replaced(Source(str(path), text.replace("\r\n", "\n")), written), files


def _files(folder: Path) -> Iterator[Path]:
    """All files below, in the order of their names. Raises PEN001."""
    if not folder.is_dir():
        raise error("PEN001", name=folder, reason="it is not a folder")
    for here, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(here, name) for name in sorted(names))
