"""A folder of a static site with what pages with models ask for; a file's name tells its content."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..errors import error
from .bundle import MANIFEST, hashed, manifest
from .embed import MODULE, MORE, embed_file

_HASHED = re.compile(r"\.[0-9a-f]{16}\.\w+$")


def module() -> tuple[str, bytes]:
    """The element's module, by the name that it has beside bundles. Raises PEN519."""
    content = embed_file(MODULE)
    return hashed(MODULE, content), content


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder; one that is there is the same. Raises PEN015."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if not (folder / name).exists():
                (folder / name).write_bytes(content)
    except OSError as problem:
        raise error("PEN015", name=folder, reason=problem.strerror or problem) from None


def complete(folder: Path) -> None:
    """Add the element, and a manifest of all files with such names. Raises PEN015 and PEN519."""
    more = embed_file(MORE)
    put(folder, {**dict([module()]), hashed(MORE, more): more})
    try:
        there = {path.name: path.read_bytes() for path in folder.iterdir() if _HASHED.search(path.name)}
        (folder / MANIFEST).write_bytes(manifest(there))
    except OSError as problem:
        raise error("PEN015", name=folder / MANIFEST, reason=problem.strerror or problem) from None
