"""Equations of arrays that depend on each other in a circle although their elements do not.

First a loop is looked for that runs over one subscript of all of them together, forwards or backwards, such
that every element is read after it has been computed: ``x[i] = x[i - 1] + y[i]`` stays a loop however long it
is. Where some are for more elements than others, the rest is cut off. Where nothing helps, the equations are
taken apart into their elements.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from ..changing import replace
from ..model import Ident
from .subscripts import Index
from .symbols import Part, Symbol, cells

Unit = tuple[Symbol, Part]


@dataclass(frozen=True, slots=True)
class Together:
    """Equations that run in one loop over the subscript at `level`, in which all have as many elements."""

    level: int
    body: tuple[Unit | Together, ...]


Step = Unit | Together
Reads = Callable[[Part], Iterable[tuple[Symbol, Sequence[Index] | None]]]
"""What a part reads: symbols, and where along their dimensions (None: everything)."""

K = TypeVar("K", bound=Hashable)


def units(steps: Iterable[Step]) -> Iterator[Unit]:
    """The equations of steps in order."""
    for step in steps:
        if isinstance(step, Together):
            yield from units(step.body)
        else:
            yield step


def components(roots: Iterable[K], needs: Callable[[K], Iterable[K]]) -> Iterator[list[K]]:
    """All roots and what they need, each after its needs, otherwise in the order given; those that need each
    other come together (Tarjan 1972). No recursion."""
    number: dict[K, int] = {}
    low: dict[K, int] = {}
    open_: dict[K, None] = {}
    for root in roots:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        open_[root] = None
        stack = [(root, iter(needs(root)))]
        while stack:
            key, rest = stack[-1]
            for other in rest:
                if other not in number:
                    number[other] = low[other] = len(number)
                    open_[other] = None
                    stack.append((other, iter(needs(other))))
                    break
                if other in open_:
                    low[key] = min(low[key], number[other])
            else:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[key])
                if low[key] == number[key]:
                    yield _popped(open_, key)


def _popped(open_: dict[K, None], first: K) -> list[K]:
    found: list[K] = []
    while not found or found[-1] != first:
        found.append(open_.popitem()[0])
    return found[::-1]


def arranged(circle: Sequence[Unit], reads: Reads) -> tuple[list[Step], list[list[Unit]]]:
    """The equations of a circle in an order that works; and those elements that do need each other in circles."""
    loops = together(circle, reads)
    if loops is not None:
        return list(loops), []
    pieces = _cut(circle)
    if len(pieces) == len(circle):
        return _apart(circle, reads)

    numbers = _of_symbols(pieces)

    def needs(number: int) -> list[int]:
        return [
            other
            for symbol, along in reads(pieces[number][1])
            for other in numbers.get(symbol.ident, ())
            if along is None or _meets(along, pieces[other][1])
        ]

    steps: list[Step] = []
    left: list[list[Unit]] = []
    for group in components(range(len(pieces)), needs):
        units_ = [pieces[number] for number in group]
        if len(group) == 1 and group[0] not in needs(group[0]):
            steps.extend(units_)
        else:
            inner, circles = arranged(units_, reads)
            steps.extend(inner)
            left.extend(circles)
    return steps, left


def _of_symbols(circle: Sequence[Unit]) -> dict[Ident, list[int]]:
    """The numbers of each symbol's equations."""
    found: dict[Ident, list[int]] = {}
    for number, (symbol, _) in enumerate(circle):
        found.setdefault(symbol.ident, []).append(number)
    return found


def _cut(circle: Sequence[Unit]) -> list[Unit]:
    """The equations, cut in two along the first subscript where one of them is for fewer elements than others."""
    for level in range(min(len(part.axes) for _, part in circle)):
        axes = [part.axes[level] for _, part in circle]
        fewest = set(min(axes, key=lambda axis: len(axis.elements)).elements)
        if all(axis.dim is not None for axis in axes) and any(set(axis.elements) > fewest for axis in axes):
            return [(symbol, piece) for symbol, part in circle for piece in _halves(part, level, fewest)]
    return list(circle)


def _halves(part: Part, level: int, chosen: set[Ident]) -> Iterator[Part]:
    """The part for the chosen elements, and the part for the others; it as it is where it has only one sort."""
    axis = part.axes[level]
    for inside in (True, False):
        places = [place for place, element in enumerate(axis.elements) if (element in chosen) is inside]
        if len(places) == len(axis.elements):
            yield part
        elif places:
            yield replace(part, axes=(*part.axes[:level], axis.only(places), *part.axes[level + 1 :]))


# --- one loop for all


@dataclass(frozen=True, slots=True)
class _Edge:
    """A reference from one equation to another: positions along the dimensions of what is read."""

    reader: int
    source: int
    along: Sequence[Index]


def together(circle: Sequence[Unit], reads: Reads) -> tuple[Step, ...] | None:
    """The equations of a circle as loops that respect what they read; None where there are no such loops."""
    if any(part.kernel is not None for _, part in circle):
        return None
    edges = []
    numbers = _of_symbols(circle)
    for reader, (_, part) in enumerate(circle):
        for symbol, along in reads(part):
            for source in numbers.get(symbol.ident, ()):
                if along is None:
                    return None
                if _meets(along, circle[source][1]):
                    edges.append(_Edge(reader, source, along))
    return _loops(dict(enumerate(circle)), edges, frozenset())


def _meets(along: Sequence[Index], part: Part) -> bool:
    return all(
        not set(axis.positions).isdisjoint(index.positions)
        for axis, index in zip(part.axes, along, strict=True)
    )


def _loops(circle: Mapping[int, Unit], edges: list[_Edge], taken: frozenset[int]) -> tuple[Step, ...] | None:
    """Tries every subscript that no loop outside runs over."""
    levels = min(len(part.axes) for _, part in circle.values())
    for level in range(levels):
        axes = [part.axes[level] for _, part in circle.values()]
        if (
            level in taken
            or any(axis.dim is None for axis in axes)
            or len({len(a.positions) for a in axes}) > 1
        ):
            continue
        for backwards in (False, True):
            kept = _within(circle, edges, level, backwards)
            body = None if kept is None else _body(circle, kept, taken | {level})
            if body is not None:
                return (Together(level, _turned(body, level) if backwards else body),)
    return None


def _within(
    circle: Mapping[int, Unit], edges: list[_Edge], level: int, backwards: bool
) -> list[_Edge] | None:
    """The references to what the same turn of a loop computes; None where one reads what a later turn does."""
    kept = []
    for edge in edges:
        axis = circle[edge.source][1].axes[level]
        turns = {position: turn for turn, position in enumerate(axis.positions)}
        index = edge.along[level]
        if index.computed is not None or index.counter != f"i{level}":
            if backwards or any(turns.get(position, 0) > 0 for position in index.positions):
                return None  # what the first turn computes is there for all
            kept.append(edge)
            continue
        gaps = {turn - turns[p] for turn, p in enumerate(index.positions) if p in turns}
        if (max(gaps, default=0) > 0) if backwards else (min(gaps, default=0) < 0):
            return None
        if 0 in gaps:
            kept.append(edge)
    return kept


def _body(circle: Mapping[int, Unit], edges: list[_Edge], taken: frozenset[int]) -> tuple[Step, ...] | None:
    """The equations in an order that respects the references within one turn."""
    needs: dict[int, dict[int, None]] = {}
    for edge in edges:
        needs.setdefault(edge.reader, {})[edge.source] = None
    body: list[Step] = []
    for group in components(circle, lambda key: needs.get(key, {})):
        if len(group) == 1 and group[0] not in needs.get(group[0], {}):
            body.append(circle[group[0]])
            continue
        inner = [edge for edge in edges if edge.reader in group and edge.source in group]
        steps = _loops({key: circle[key] for key in group}, inner, taken)
        if steps is None:
            return None
        body.extend(steps)
    return tuple(body)


def _turned(body: tuple[Step, ...], level: int) -> tuple[Step, ...]:
    """The same equations, running backwards over one subscript."""
    turned: list[Step] = []
    for step in body:
        if isinstance(step, Together):
            turned.append(replace(step, body=_turned(step.body, level)))
            continue
        symbol, part = step
        axis = part.axes[level]
        axis = axis.only(range(len(axis.positions) - 1, -1, -1))
        turned.append((symbol, replace(part, axes=(*part.axes[:level], axis, *part.axes[level + 1 :]))))
    return tuple(turned)


# --- element by element


def _apart(circle: Sequence[Unit], reads: Reads) -> tuple[list[Step], list[list[Unit]]]:
    """The same, element by element."""
    found: list[Unit] = []
    first: list[int] = []
    for symbol, part in circle:
        first.append(len(found))
        found.extend((symbol, cell) for cell in (cells(part) if part.kernel is None else [part]))
    places = [
        [{position: place for place, position in enumerate(axis.positions)} for axis in part.axes]
        for _, part in circle
    ]

    numbers = _of_symbols(circle)

    def needs(cell: int) -> Iterator[int]:
        for symbol, along in reads(found[cell][1]):
            for number in numbers.get(symbol.ident, ()):
                yield from _numbers(first[number], places[number], along, circle[number][1])

    ordered: list[Step] = []
    circles: list[list[Unit]] = []
    for group in components(range(len(found)), needs):
        ordered.extend(found[cell] for cell in group)
        if len(group) > 1 or group[0] in needs(group[0]):
            circles.append([found[cell] for cell in group])
    return ordered, circles


def _numbers(
    start: int, places: list[dict[int, int]], along: Sequence[Index] | None, part: Part
) -> Iterator[int]:
    """The numbers of the cells that are read."""
    if part.kernel is not None:
        yield start
        return
    axes = [range(len(axis.positions)) for axis in part.axes]
    if along is not None:
        read = [
            [there[p] for p in index.positions if p in there]
            for there, index in zip(places, along, strict=True)
        ]
    else:
        read = [list(axis) for axis in axes]
    for chosen in product(*read):
        number = 0
        for place, axis in zip(chosen, axes, strict=True):
            number = number * len(axis) + place
        yield start + number
