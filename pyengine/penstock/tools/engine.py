"""Calls about what answers: `engineVersion`, `engineHash`."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from .. import __version__
from ..abi import ABI
from ..errors import error
from ..protocol import ENGINES, VERSION

BESIDE = frozenset(
    {
        *("__init__.py", "__main__.py", "bench.py", "document.py", "drawing.py", "manual.py", "site.py"),
        *("cli", "docs", "hints", "layout", "manual", "structure", "tools", "write"),
    }
)
"""Files and folders of the package that show, write or explain; everything else may decide what a run yields."""


def engine_version() -> dict[str, Any]:
    return {
        "release": __version__,
        "abi": ABI,
        "protocol": VERSION,
        "engines": list(ENGINES),
        "python": platform.python_version(),
    }


@cache
def engine_hash() -> dict[str, Any]:
    """Raises PEN516 where the package has no sources beside it."""
    digest = hashlib.sha256(f"{__version__}\0{ABI}\0{VERSION}".encode())
    files = sorted(_sources(resources.files("penstock"), ""))
    if not files:
        advice = "Install the package from its wheel."
        raise error("PEN516", call="engineHash", reason="the package's sources are not there", advice=advice)
    for name, content in files:
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return {"hash": digest.hexdigest(), "files": len(files)}


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if not prefix and item.name in BESIDE:
            continue
        if item.is_dir():
            yield from _sources(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".py"):
            yield f"{prefix}{item.name}", item.read_bytes().replace(b"\r\n", b"\n")
