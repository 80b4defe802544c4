"""Texts whose parts are read once: what was made of a part is kept by the part's text, and moves with it.

Between two versions of a file most declarations stay as they are, and stand a little further up or down.
`Recall` keeps what a reader made of each; the spans in it count from the start of the declaration, whose place
in the newest version the `Part` knows. So a span always points into the newest text, also one that an older
model holds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from operator import is_
from typing import Any, TypeVar

from .place import Source

T = TypeVar("T")

_KEPT = 4
"""For how many versions of a file a part that is no longer in it is kept: an edit is often taken back."""


@dataclass(slots=True)
class _Anchor:
    """Where a part stands now."""

    whole: Source
    offset: int


@dataclass(frozen=True, eq=False)
class Part(Source):
    """A part of a file, with a text of its own to count in."""

    anchor: _Anchor = field(repr=False)

    @property
    def whole(self) -> Source:
        return self.anchor.whole

    @property
    def offset(self) -> int:
        return self.anchor.offset


@dataclass(slots=True)
class _Made:
    part: Part
    result: Any


@dataclass(slots=True)
class _Entry:
    """What was made of the first, the second … part with the same text; `taken` of them stand in this version."""

    made: list[_Made] = field(default_factory=list)
    version: int = 0
    taken: int = 0


@dataclass
class Recall:
    """What was read of the parts of a file, in its newest versions. `read` counts parts that were not known."""

    read: int = 0
    _version: int = 0
    _entries: dict[Hashable, _Entry] = field(default_factory=dict)
    _joined: dict[Hashable, tuple[tuple[object, ...], Any]] = field(default_factory=dict)
    _joined_before: dict[Hashable, tuple[tuple[object, ...], Any]] = field(default_factory=dict)

    def source(self, name: str, text: str) -> Source:
        """The next version of the file."""
        self._version += 1
        oldest = self._version - _KEPT
        for key in [key for key, entry in self._entries.items() if entry.version < oldest]:
            del self._entries[key]
        self._joined, self._joined_before = {}, self._joined
        return _Remembering(name, text, self)

    def joined(self, key: Hashable, parts: tuple[object, ...], join: Callable[[], T]) -> T:
        known = self._joined_before.get(key)
        same = known is not None and len(known[0]) == len(parts) and all(map(is_, known[0], parts))
        found = self._joined[key] = known if known is not None and same else (parts, join())
        result: T = found[1]
        return result

    def part(
        self, source: Source, start: int, end: int, key: Hashable, read: Callable[[Source, int, int], T]
    ) -> T:
        text = source.text[start:end]
        entry = self._entries.setdefault((text, key), _Entry())
        if entry.version != self._version:
            del entry.made[entry.taken :]  # more than the version before had
            entry.version, entry.taken = self._version, 0
        if entry.taken < len(entry.made):
            made = entry.made[entry.taken]
            made.part.anchor.whole, made.part.anchor.offset = source, start
        else:
            self.read += 1
            part = Part(source.name, text, _Anchor(source, start))
            made = _Made(part, read(part, 0, len(text)))
            entry.made.append(made)
        entry.taken += 1
        result: T = made.result
        return result


@dataclass(frozen=True, eq=False)
class _Remembering(Source):
    recall: Recall = field(repr=False)

    def part(self, start: int, end: int, key: Hashable, read: Callable[[Source, int, int], T]) -> T:
        return self.recall.part(self, start, end, key, read)

    def joined(self, key: Hashable, parts: tuple[object, ...], join: Callable[[], T]) -> T:
        return self.recall.joined(key, parts, join)
