"""Changes to a text that can be taken back: what stands where, and what comes in its place.

Places count code points of the text that a patch was made for; a patch knows what it replaces, so it never
applies to another text by mistake.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import error
from ..place import Source

NAME = "the text"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """`text` in place of `old`, which stands at [start, end)."""

    start: int
    end: int
    text: str
    old: str


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
        """Both patches as one, for the text that this one was made for."""
        return patch_between(text, following.apply(self.apply(text)), self._hull(text, following))

    def _hull(self, text: str, following: Patch) -> list[tuple[int, int]]:
        """Stretches of the first text outside of which neither patch changes anything."""
        stretches = [(change.start, change.end) for change in self.changes]
        stretches += [(_back(self, item.start, False), _back(self, item.end, True)) for item in following.changes]
        merged: list[tuple[int, int]] = []
        for start, end in sorted(stretches):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

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
    assert all(a.end <= b.start for a, b in _pairs(found)), "changes overlap"
    return Patch(tuple(found), digest(text), digest(_changed(text, found)))


def patch_from_json(text: str, given: Mapping[str, Any]) -> Patch:
    """The patch that `to_json` wrote, for the text that it was made for. Raises PEN901 for anything else."""
    source = Source(NAME, text)
    try:
        changes = [(*(_code_point(source, unit) for unit in row["range"]), row["text"]) for row in given["changes"]]
        made = patch_of(text, [(start, end, new) for start, end, new in changes])
    except (KeyError, TypeError, ValueError, AssertionError):
        raise error("PEN901", reason="the patch is malformed") from None
    if (made.before, made.after) != (given.get("before"), given.get("after")):
        raise error("PEN901", reason="it is not the text that the patch was made for")
    return made


def _code_point(source: Source, unit: int) -> int:
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


def patch_between(text: str, after: str, stretches: Iterable[tuple[int, int]]) -> Patch:
    """The patch from one text to another that differs within some stretches only, which it keeps apart."""
    stretches = list(stretches)
    if not stretches:
        return patch_of(text, [])
    # What stands between stretches is the same in both texts, and in the same order.
    changes, at = [], 0
    for place, (start, end) in enumerate(stretches):
        here = at + start - (stretches[place - 1][1] if place else 0)
        following = stretches[place + 1][0] if place + 1 < len(stretches) else len(text)
        rest = text[end:]
        stop = len(after) - len(rest) if place + 1 == len(stretches) else after.find(text[end:following], here)
        if stop < here or not text[end:following]:
            return patch_of(text, [(stretches[0][0], stretches[-1][1], _middle(text, after, stretches))])
        changes.append((start, end, after[here:stop]))
        at = stop
    if _changed(text, sorted(Change(a, b, new, text[a:b]) for a, b, new in changes)) != after:
        return patch_of(text, [(stretches[0][0], stretches[-1][1], _middle(text, after, stretches))])
    return patch_of(text, changes)


def _middle(text: str, after: str, stretches: list[tuple[int, int]]) -> str:
    return after[stretches[0][0] : len(after) - (len(text) - stretches[-1][1])]


def _back(patch: Patch, at: int, end: bool) -> int:
    """The place before a patch of a place behind it; within a change, its start or its end."""
    moved = 0
    for change in patch.changes:
        start = change.start + moved
        if at < start:
            break
        if at <= start + len(change.text):
            return change.end if end else change.start
        moved += len(change.text) - len(change.old)
    return at - moved


def _changed(text: str, changes: Iterable[Change]) -> str:
    parts, at = [], 0
    for change in changes:
        parts += text[at : change.start], change.text
        at = change.end
    return "".join((*parts, text[at:]))


def _pairs(items: list[Change]) -> Iterator[tuple[Change, Change]]:
    return zip(items, items[1:], strict=False)
