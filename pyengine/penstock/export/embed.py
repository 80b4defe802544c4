"""The element's own files, which a release of this package holds and a checkout builds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..errors import error

MODULE = "penstock-embed.js"
MORE = "penstock-embed-more.js"
"""What the module loads from beside itself, by the name with its hash, when a reader asks for it."""
CLASSIC = "penstock-embed.classic.js"

_PACKAGED = Path(__file__).resolve().parent / "files"
_BUILT = Path(__file__).resolve().parents[3] / "dist" / "embed"


@cache
def embed_file(name: str) -> bytes:
    """One of the element's files. Raises PEN519."""
    for folder in (_PACKAGED, _BUILT):
        try:
            return (folder / name).read_bytes()
        except OSError:
            continue
    raise error("PEN519", name=name)
