"""Changes to a text that can be taken back: what stands where, and what comes in its place.

Places count code points of the text that a patch was made for; a patch knows what it replaces, so it never
applies to another text by mistake.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from ..errors import error
from ..place import Source


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """`text` in place of `old`, which stands at [start, end)."""

    start: int
    end: int
    text: str
    old: str


class _Piece(NamedTuple):
    """A part of a changed text: [start, end) of the text before, or where `text` is given, that."""

    start: int
    end: int
    text: str | None = None

    def __len__(self) -> int:
        return self.end - self.start if self.text is None else len(self.text)


def digest(text: str) -> str:
    """What tells texts apart: a part of their SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Patch:
    """Changes in the order of their places, none of which overlap; `before` and `after` are digests of the texts."""

    changes: tuple[Change, ...]
    before: str
    after: str

    def apply(self, text: str) -> str:
        """The text with the changes made. Raises PEN901 for another text than the one they were made for."""
        if digest(text) != self.before:
            raise error("PEN901", reason="it is not the text that the patch was made for")
        return _changed(text, self.changes)

    def inverse(self) -> Patch:
        """The patch that takes this one back, to the byte."""
        changes, moved = [], 0
        for change in self.changes:
            start = change.start + moved
            changes.append(Change(start, start + len(change.text), change.old, change.text))
            moved += len(change.text) - len(change.old)
        return Patch(tuple(changes), self.after, self.before)

    def then(self, text: str, following: Patch) -> Patch:
        """Both patches as one, for `text`, which this one was made for."""
        following.apply(self.apply(text))
        pieces = list(_replaced([_Piece(0, len(text))], self.changes))
        pieces = list(_replaced(pieces, following.changes))
        changes, at, new = [], 0, ""
        for piece in (*pieces, _Piece(len(text), len(text))):
            if piece.text is not None:
                new += piece.text
                continue
            changes.append((at, piece.start, new))
            at, new = piece.end, ""
        return patch_of(text, changes)

    def to_json(self, source: Source) -> dict[str, Any]:
        """The patch as an editor takes it: ranges in UTF-16 units of the source that it was made for."""
        return {
            "changes": [
                {"range": [source.utf16(item.start), source.utf16(item.end)], "text": item.text}
                for item in self.changes
            ],
            "before": self.before,
            "after": self.after,
        }


def patch_of(text: str, changes: Iterable[tuple[int, int, str]]) -> Patch:
    """A patch from places and texts in any order; what changes nothing is left out. They must not overlap."""
    found = [Change(start, end, new, text[start:end]) for start, end, new in dict.fromkeys(changes)]
    found = sorted(item for item in found if item.text != item.old)
    assert all(a.end <= b.start for a, b in pairwise(found)), "changes overlap"
    return Patch(tuple(found), digest(text), digest(_changed(text, found)))


def patch_from_json(source: Source, given: Mapping[str, Any]) -> Patch:
    """The patch that `to_json` wrote, for the source that it was made for. Raises PEN901 for anything else."""
    try:
        changes = [
            (*(code_point(source, unit) for unit in row["range"]), row["text"]) for row in given["changes"]
        ]
        made = patch_of(source.text, [(start, end, new) for start, end, new in changes])
    except (KeyError, TypeError, ValueError, AssertionError):
        raise error("PEN901", reason="it is malformed") from None
    if (made.before, made.after) != (given.get("before"), given.get("after")):
        raise error("PEN901", reason="it is not the text that the patch was made for")
    return made


def code_point(source: Source, unit: int) -> int:
    """The place of a UTF-16 unit."""
    low, high = 0, len(source.text)
    while low < high:
        middle = (low + high) // 2
        if source.utf16(middle) < unit:
            low = middle + 1
        else:
            high = middle
    if source.utf16(low) != unit:
        raise ValueError(unit)
    return low


def _changed(text: str, changes: Iterable[Change]) -> str:
    parts: list[str] = []
    at = 0
    for change in changes:
        parts += text[at : change.start], change.text
        at = change.end
    return "".join((*parts, text[at:]))


def _replaced(pieces: Iterable[_Piece], changes: Iterable[Change]) -> Iterator[_Piece]:
    """The pieces of a text with changes to it, in order, made."""
    waiting, at = list(reversed(list(pieces))), 0
    for change in changes:
        yield from _taken(waiting, change.start - at)
        for _ in _taken(waiting, change.end - change.start):
            pass
        if change.text:
            yield _Piece(0, 0, change.text)
        at = change.end
    yield from reversed(waiting)


def _taken(waiting: list[_Piece], count: int) -> Iterator[_Piece]:
    """The pieces that make up the next characters; the last of `waiting` comes first."""
    while count > 0:
        piece = waiting.pop()
        start, end, text = piece
        if len(piece) > count:
            if text is None:
                waiting.append(_Piece(start + count, end))
                piece = _Piece(start, start + count)
            else:
                waiting.append(_Piece(0, 0, text[count:]))
                piece = _Piece(0, 0, text[:count])
        count -= len(piece)
        yield piece
