"""What lookups remember, lane by lane: not where the segment is that a point was found in last, but the segment itself.

So a lane whose point stays in its segment costs four loads of vectors, and shares them with the other lanes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum, auto

from ...ir import (
    Function,
    If,
    Node,
    Statement,
    Store,
    While,
    apply,
    constant,
    differ,
    equal,
    load,
    local,
    negate,
    nodes,
    statements,
)
from ...library.lookups import SEARCHING, placed
from ...ops import I32, I64
from ...program import POINTS, Program
from ...rewrite.replaced import replaced
from ..driver.shorthand import NANS, Body, fill
from .uniform import HINTS

_PLACES = {0: 0, 3: 1, 1: 2, 2: 3}
"""Where x, the next x, y and slope of the segment stand, by their offset from its point in the region of points."""


def remembers(function: Function) -> bool:
    """Whether a library's function keeps something from one call to the next."""
    return any(isinstance(statement, Store) for statement in statements(function.body))


def fill_hints(program: Program) -> Function:
    """Forget all segments."""
    return Function("fill_hints", (), fill(HINTS, 0, program.n_points, NANS))


def keeping(function: Function) -> Function:
    """A library's function that remembers; now the segment too, and where the points have ended."""
    return replace(function, body=(*_keeping(function.body), *_beyond(_SHAPES[function.name])))


def _keeping(body: Body) -> Body:
    return tuple(after for statement in body for after in _with_segment(statement))


class _Beyond(Enum):
    """What a lookup's values are before its first and behind its last point."""

    LEVEL = auto()  # those of the point
    LINE = auto()  # on the lines of the first and the last segment


_SHAPES = {
    "lookup_found": _Beyond.LEVEL,
    "lookup_discrete_found": _Beyond.LEVEL,
    "lookup_extrapolate_found": _Beyond.LINE,
}
assert set(_SHAPES) == {found.name for found in SEARCHING.values()}

_FAR, _NEAR = 1e308, 1e300
_MINUS_ZERO = 1 << 63


def _beyond(shape: _Beyond) -> Body:
    """Segments to remember that begin or end far away; their numbers must give the same bits as a search does.

    ``y + 0*(x - x0)`` is y but for -0, as long as the difference is finite. The line before the first point is not
    from that point on, so there is no such segment for it.
    """
    x, at, n = local("x"), local("at", I32), local("n", I32)
    last = at + (n - 1) * 3
    place = last - negate(equal(n, 1))

    def when(condition: Node, x0: Node, segment: tuple[Node, ...], point: Node, level: bool) -> Body:
        safe = condition & (abs(x0) < _NEAR)
        if level:
            bits = apply("i64.reinterpret_f64", load(POINTS, 1, point))
            safe = safe & differ(bits, _MINUS_ZERO)
        return (If(safe, tuple(Store(HINTS, k, value, place) for k, value in enumerate(segment))),)

    first_x, last_x, far, none = load(POINTS, 0, at), load(POINTS, 0, last), constant(_FAR), constant(0.0)
    level = shape is _Beyond.LEVEL
    slope = none if level else load(POINTS, 2, last - 3)
    above = x > last_x if level else (x > last_x) & negate(equal(n, 1))
    below = when(x < first_x, first_x, (-far, first_x, load(POINTS, 1, at), none), at, True) if level else ()
    return (*below, *when(above, last_x, (last_x, far, load(POINTS, 1, last), slope), last, level))


def _with_segment(statement: Statement) -> Iterator[Statement]:
    match statement:
        case If(then=then, otherwise=otherwise):
            yield replace(statement, then=_keeping(then), otherwise=_keeping(otherwise))
        case While(body=body):
            yield replace(statement, body=_keeping(body))
        case Store(region=region, value=value, index=index):
            yield statement
            assert region == POINTS and index is not None
            segment = value.args[0].args[0]  # an integer, extended, as a double
            first = index - negate(equal(local("n", I32), 1))
            for offset, place in _PLACES.items():
                yield Store(HINTS, place, load(POINTS, offset, segment), first)
        case _:
            yield statement


def remembering(function: Function, program: Program) -> Function:
    """A function of the program; where it reads the last segment of a lookup that it names, it reads the lane's."""
    firsts = {at + 3 * n - 1: at + 3 * (n - 1) - (n > 1) for at, n in placed(program.tables.get(POINTS, ()))}
    places: dict[int, int] = {}  # of nodes that say where a segment is: where it stands itself
    for node in nodes(function):
        if (place := _remembered(node)) is not None and place in firsts:
            places[id(node)] = firsts[place]
    for node in nodes(function):
        if node.op != "load" or node.imm not in _READS:
            for arg in node.args:
                places.pop(id(arg), None)

    def segment(node: Node, args: tuple[Node, ...]) -> Node | None:
        if node.op == "load" and node.args and id(node.args[0]) in places and isinstance(node.imm, tuple):
            return load(HINTS, places[id(node.args[0])] + _PLACES[node.imm[1]])
        return None

    return replaced(function, segment)


_READS = {(POINTS, offset) for offset in _PLACES}


def _remembered(node: Node) -> int | None:
    """The double of the points that tells where a node, an index, is; None where the node is something else."""
    if node.op != "i32.wrap_i64" or node.args[0].op != "load" or node.args[0].type is not I64:
        return None
    read = node.args[0]
    assert isinstance(read.imm, tuple)
    region, offset = read.imm
    index = read.args[0] if read.args else None
    if region != POINTS or (index is not None and index.op != "const"):
        return None
    return offset + (int(index.imm) if index is not None and isinstance(index.imm, int) else 0)
