"""The texts of the three formats, as edits see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from weakref import WeakKeyDictionary

from ...place import Source
from ...read import ReadResult, format_of
from .mdl import MdlText
from .pen import PenText
from .xmile import XmileText

Text = MdlText | XmileText | PenText

_TEXTS: Mapping[str, Callable[[ReadResult], Text]] = {"mdl": MdlText, "xmile": XmileText, "pen": PenText}

_known: WeakKeyDictionary[Source, tuple[ReadResult, Text]] = WeakKeyDictionary()


def text_of(read: ReadResult, format: str | None = None) -> Text:
    """What edits know of a text; made once for each that is read."""
    found = _known.get(read.source)
    if found is None or found[0] is not read:
        found = read, _TEXTS[format_of(read.source, format).key](read)
        _known[read.source] = found
    return found[1]
