"""What lowering equations leaves besides statements: tables, and the points of lookups, each set once.

What an equation asked for is noted, so that it can be asked for again in place of lowering the equation again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..library.lookups import records, room
from ..model import Points

Table = tuple[float | int, ...]
Note = tuple[str, object, object]
"""A question, and its answer."""


@dataclass(frozen=True, slots=True)
class Region:
    """Lookups in their order, and the doubles that say what they are."""

    lookups: tuple[Points, ...]
    values: Table


class Effects:
    """`tables` grow, and so do the points of lookups, which `points` yields."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.notes: list[Note] = []
        self._names: dict[tuple[int, ...], str] = {}
        self._placed: dict[tuple[int, int], int] = {}
        self._kept: list[Points] = []  # so that identities stay taken
        self._end = 0

    def note(self, question: str, asked: object, answer: object) -> None:
        self.notes.append((question, asked, answer))

    def table(self, name: str, values: Table) -> None:
        """Enter a table."""
        self.tables[name] = values
        self.note("table", name, values)

    def has(self, name: str) -> bool:
        """Whether there is a table of that name."""
        found = name in self.tables
        self.note("has", name, found)
        return found

    def name(self, positions: tuple[int, ...]) -> str:
        """A name for a table of positions."""
        found = self._names.setdefault(positions, f"positions {len(self._names)}")
        self.note("name", positions, found)
        return found

    def at(self, points: Points) -> int | None:
        """Where points stand if anything uses them."""
        return self._placed.get((id(points.x), id(points.y)))

    def place(self, points: Points) -> int:
        """Where points stand; the same ones taken in two ways stand there once."""
        at = self.at(points)
        if at is None:
            self._kept.append(points)
            at = self._placed[id(points.x), id(points.y)] = self._end
            self._end += room(len(points.x))
        self.note("place", points, at)
        return at

    def points(self, known: Region | None = None) -> Region:
        """The region of points; one that is known, where it holds the same ones."""
        if known is not None and [*map(id, known.lookups)] == [*map(id, self._kept)]:
            return known
        placed = zip(self._kept, self._placed.values(), strict=True)
        values = tuple(value for points, at in placed for value in records(points.x, points.y, at))
        return Region(tuple(self._kept), values)

    def again(self, notes: Iterable[Note]) -> bool:
        """Ask for the same again; whether the answers are the same, as far as one was not."""
        for question, asked, answer in notes:
            if question == "table":
                self.table(asked, answer)  # type: ignore[arg-type]
            elif getattr(self, question)(asked) != answer:
                return False
        return True
