"""What the element needs of a model: its blob, a JSON file that points to it, and a poster; names tell their content.

The JSON, the *bundle*, holds what the blob's own layout lacks. `FIELDS` is its description, which its published
schema is made from. A reader refuses a bundle without one of them, of another ABI, or whose blob has another digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import __version__
from ..abi import ABI
from ..compiler import Compiled
from .poster import Picture, diagram_of, poster
from .view import View, roomy

VERSION = 1
MANIFEST = "manifest.json"
_DIGITS = 16  # of a digest, in a file's name

FIELDS: Mapping[str, tuple[str, str]] = {
    "penstock": ("const 1", "version of this format"),
    "abi": ("number", "version of the blob's interface; a reader runs no other"),
    "wasm": ("string", "address of the blob, relative to this file, or a data: address that holds it"),
    "sha256": ("string", "of the blob, 64 hexadecimal digits"),
    "bytes": ("number", "length of the blob"),
    "model": ("string", "content hash of the model, as in the blob's layout"),
    "document": ("Document", "the model's text, documentation, sliders and variables"),
    "diagram": ("Diagram | null", "as the call `diagram` answers it"),
    "poster": ("string | null", "address of a picture, relative to this file"),
    "view": ("View", "how the author wants it to look, by the names of the element's attributes"),
}
"""Type and meaning of the bundle's fields; all are required."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """`files` by name: the blob, the poster, and the bundle itself, whose name is `name`."""

    name: str
    picture: Picture
    poster: str
    view: View
    content: Mapping[str, Any] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    blob: bytes = field(repr=False)

    def inline(self) -> str:
        """The bundle's JSON with the blob inside, for a script element: no text of the model can end that."""
        address = "data:application/wasm;base64," + base64.b64encode(self.blob).decode()
        return _json({**self.content, "wasm": address, "poster": None}).replace("<", "\\u003c")


def bundle(compiled: Compiled, view: View, name: str) -> Bundle:
    """The bundle of a model; `name` is what its files' names begin with. Raises `PenstockError`."""
    stem, view = file_stem(name), roomy(compiled, view)
    picture = poster(compiled, view)
    blob, drawn = compiled.blob, picture.svg(view.get("theme", "auto")).encode()
    wasm, svg = hashed(f"{stem}.wasm", blob), hashed(f"{stem}.svg", drawn)
    content = {
        "penstock": VERSION,
        "abi": ABI,
        "wasm": wasm,
        "sha256": hashlib.sha256(blob).hexdigest(),
        "bytes": len(blob),
        "model": compiled.model_hash,
        "document": compiled.document,
        "diagram": _diagram(compiled, view),
        "poster": svg,
        "view": view,
    }
    assert content.keys() == FIELDS.keys()
    text = _json(content).encode()
    own = hashed(f"{stem}.json", text)
    return Bundle(own, picture, svg, view, content, {wasm: blob, svg: drawn, own: text}, blob)


def _diagram(compiled: Compiled, view: View) -> dict[str, Any] | None:
    """Without the places in the author's file, which only editors need."""
    if view.get("view", "both") not in ("both", "diagram") or not (drawn := diagram_of(compiled)).symbols:
        return None
    made = drawn.to_json()
    for item in (*made["symbols"], *made["arrows"]):
        item.pop("drawn", None)
    return made


def hashed(name: str, content: bytes) -> str:
    """``embed.js`` → ``embed.1a2b3c4d5e6f7a8b.js``: caches may keep it for ever."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:_DIGITS]}{dot}{ending}"


def file_stem(name: str) -> str:
    """A name as a part of file names and addresses that nothing has to escape."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "model"


def manifest(files: Mapping[str, bytes]) -> bytes:
    """The text of `manifest.json` for files by their names with hashes: whole digests, by the names without where
    only one file has such a name."""
    plain = {name: re.sub(rf"\.[0-9a-f]{{{_DIGITS}}}(?=\.)", "", name) for name in files}
    counts = Counter(plain.values())
    rows = {
        plain[name] if counts[plain[name]] == 1 else name: {
            "file": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in sorted(files.items())
    }
    listed = {"penstock": VERSION, "abi": ABI, "version": __version__, "files": rows}
    return (json.dumps(listed, indent=1) + "\n").encode()


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
