"""What passes made of single symbols, kept for the next version of the model.

A result is good as long as all is as it was that was looked up to make it: `Memo` notes what that is, and
drops what depends on anything that has changed. "As it was" means the same object; a pass that leaves a symbol
alone must hand on the object that it was given. A pass that is given no memos makes everything anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ..model import Ident

T = TypeVar("T")
R = TypeVar("R")


_KEPT = 4
"""For how many versions a result is kept that nobody asks for: an edit is often taken back."""


class Watched(Mapping[Ident, T]):
    """A table that notes what is looked up in it; one that has been read as a whole says so."""

    __slots__ = ("read", "seen", "table")

    def __init__(self, table: Mapping[Ident, T], owner: Ident) -> None:
        self.table = table
        self.seen = {owner}
        self.read = False

    def __getitem__(self, ident: Ident) -> T:
        self.seen.add(ident)
        return self.table[ident]

    def get(self, ident: Ident, default: Any = None) -> Any:
        self.seen.add(ident)
        return self.table.get(ident, default)

    def __contains__(self, ident: object) -> bool:
        self.seen.add(ident)  # type: ignore[arg-type]
        return ident in self.table

    def __iter__(self) -> Iterator[Ident]:
        self.read = True
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


@dataclass(slots=True)
class _Entry(Generic[R]):
    result: R
    seen: set[Ident]
    version: int
    asked: int


@dataclass
class Memo(Generic[T, R]):
    """Results by key. `made` counts those that were not known, or not good any more."""

    made: int = 0
    _version: int = 0
    _table: Mapping[Ident, T] = field(default_factory=dict)
    _world: tuple[object, ...] = ()
    _entries: dict[Hashable, _Entry[R]] = field(default_factory=dict)
    _readers: dict[Ident, set[Hashable]] = field(default_factory=dict)

    def renew(self, table: Mapping[Ident, T], *world: object) -> None:
        """From here on the table is this one. `world` is all else that the results depend on."""
        old, self._table = self._table, table
        self._version += 1
        if world != self._world:
            self._world = world
            self._entries.clear()
            self._readers.clear()
            return
        stale = [key for key, entry in self._entries.items() if entry.asked < self._version - _KEPT]
        for key in stale:
            self.drop(key)
        get = old.get
        changed = [ident for ident, item in table.items() if get(ident) is not item]
        changed += old.keys() - table.keys()
        for ident in changed:
            for key in self._readers.pop(ident, ()):
                self.drop(key)

    def result(
        self,
        key: Hashable,
        owner: Ident,
        make: Callable[[Watched[T]], R],
        findings: list[Any] | None = None,
    ) -> R:
        """What `make` yields for a key, where that is not known: looking things up in the table it is given.

        It may depend on the table's entry `owner` without looking. What comes with findings is not kept.
        """
        entry = self._entries.get(key)
        if entry is not None:
            entry.asked = self._version
            return entry.result
        self.made += 1
        before = len(findings or ())
        table = Watched(self._table, owner)
        result = make(table)
        if not table.read and len(findings or ()) == before:
            self._entries[key] = _Entry(result, table.seen, self._version, self._version)
            for ident in table.seen:
                self._readers.setdefault(ident, set()).add(key)
        return result

    def drop(self, key: Hashable) -> None:
        """Forget a result."""
        entry = self._entries.pop(key, None)
        for ident in entry.seen if entry is not None else ():
            if readers := self._readers.get(ident):
                readers.discard(key)

    def version(self, key: Hashable) -> int:
        """In which version of the table a result was made; 0 for one that is not kept."""
        entry = self._entries.get(key)
        return 0 if entry is None else entry.version
