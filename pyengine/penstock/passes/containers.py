"""What equations ask of conveyors and queues: ``SUM(belt)``, ``SIZE(belt)``, ``belt[2]``, ``CAP(belt)`` and so on.

Slats count from the exit and batches from the front, as they are at the start of the step. Only scalar conveyors and
queues have contents that can be asked for; subscripts of arrays mean their elements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..changing import replace
from ..errors import PenstockError, finding
from ..expr import Call, Expr, Number, Reference, rewrite
from ..ir import Node, apply, constant, local
from ..model import Conveyor, Ident, canonical
from . import belts, lines
from .belts import assign
from .courses import Courses
from .hiding import Hiding
from .kernels import Body, Desk, Phase
from .symbols import Part, Symbols

_SUM, _MEAN = local("contents sum"), local("contents mean")


@dataclass(frozen=True, slots=True)
class _Store:
    """A conveyor's belt or a queue: how to find it, to go through it, its count, and one of its places."""

    input: str
    located: Callable[[Desk], Body]
    over: Callable[[Callable[[Desk, Node], Body]], Callable[[Desk], Body]]
    count: Callable[[], Node]
    at: Callable[[Desk, int], Node]


def _belt(shape: belts.Belt) -> _Store:
    return _Store(
        "belt",
        belts.located,
        lambda body: belts.over_slats(shape, body),
        belts.slat_count,
        lambda desk, position: belts.slat(shape, desk, position),
    )


_QUEUE = _Store("queue", lines.located, lines.over_batches, lines.batch_count, lines.batch)

_FUNCTIONS = {
    "sum": "sum",
    "mean": "mean",
    "min": "min",
    "vmin": "min",
    "max": "max",
    "vmax": "max",
    "stddev": "stddev",
    "size": "size",
}

_UNLIMITED = Number(float("inf"))
_SETTINGS: dict[str, Callable[[Conveyor], Expr]] = {
    "cap": lambda conveyor: conveyor.capacity or _UNLIMITED,
    "capacity": lambda conveyor: conveyor.capacity or _UNLIMITED,
    "transtime": lambda conveyor: conveyor.length,
    "proctime": lambda conveyor: conveyor.length,
}
"""Stella's functions of a conveyor's settings."""


def with_contents(symbols: Symbols, states: dict[Ident, Reference], found: Courses) -> Symbols:
    """The same symbols; what is asked of contents is a reference to a hidden symbol."""
    shop = Hiding(symbols)
    made: dict[tuple[Ident, str | int], Reference] = {}

    def change(expr: Expr) -> Expr:
        setting = _setting(expr, symbols, found)
        if setting is not None:
            return rewrite(setting, lambda node: replace(node, span=expr.span))
        asked = _asked(expr, symbols, found)
        if asked is None:
            return expr
        if asked[0] in found.belts and found.belts[asked[0]].shape.varying:
            construct = f"a question about the slats of {symbols.by_ident[asked[0]].name}"
            advice = "Give it a transit time that does not change, or use the stock's own value."
            raise PenstockError([finding("PEN401", expr.span, construct=construct, advice=advice)])
        if asked not in made:
            made[asked] = _make(shop, asked, states[asked[0]], found)
        return replace(made[asked], span=expr.span)

    for symbol in symbols.by_ident.values():
        parts = tuple(_changed(part, change) for part in symbol.parts)
        if parts != symbol.parts:
            shop.table[symbol.ident] = replace(symbol, parts=parts)
    return replace(symbols, by_ident=shop.table)


def _changed(part: Part, change: Callable[[Expr], Expr]) -> Part:
    def of(expr: Expr | None) -> Expr | None:
        return None if expr is None else rewrite(expr, change)

    value = rewrite(part.expr, change)
    return replace(
        part, expr=value, rate=of(part.rate), following=of(part.following), initial=of(part.initial)
    )


def _asked(expr: Expr, symbols: Symbols, found: Courses) -> tuple[Ident, str | int] | None:
    """The conveyor or queue, and the function or the position that is asked for."""
    match expr:
        case Reference(name=name, subscripts=(subscript,)):
            ident = canonical(name)
            position = _position(subscript.index, subscript.name)
            return None if position is None or not _is_scalar(ident, symbols, found) else (ident, position)
        case Call(function=function, arguments=(Reference(name=name, subscripts=()),), subscripts=()):
            ident = canonical(name)
            row = _FUNCTIONS.get(canonical(function))
            if canonical(function) == "qlen" and ident in found.queues:
                row = "size"
            return None if row is None or not _is_scalar(ident, symbols, found) else (ident, row)
    return None


def _setting(expr: Expr, symbols: Symbols, found: Courses) -> Expr | None:
    """What a conveyor's setting is, where an expression asks for it."""
    match expr:
        case Call(function=function, arguments=(Reference(name=name, subscripts=()),), subscripts=()):
            ident, named = canonical(name), canonical(function)
            if ident not in found.belts or symbols.by_ident[ident].dims or named in symbols.by_ident:
                return None
            if found.belts[ident].shape.varying and named in ("transtime", "proctime"):
                return None
            return _SETTINGS[named](found.belts[ident].conveyor) if named in _SETTINGS else None
    return None


def _is_scalar(ident: Ident, symbols: Symbols, found: Courses) -> bool:
    return (ident in found.belts or ident in found.queues) and not symbols.by_ident[ident].dims


def _position(index: Expr | None, name: str) -> int | None:
    """A place written as a number, from 1 on."""
    if isinstance(index, Number) and index.value >= 1.0 and index.value == int(index.value):
        return int(index.value)
    return int(name) if name.isdecimal() and name != "0" else None


def _make(shop: Hiding, asked: tuple[Ident, str | int], state: Reference, found: Courses) -> Reference:
    ident, what = asked
    store = _belt(found.belts[ident].shape) if ident in found.belts else _QUEUE
    evaluate = _place(store, what) if isinstance(what, int) else _folds(store)[what]
    return shop.kernel(shop.table[ident], f"contents {what}", {store.input: state}, evaluate=evaluate)


def _place(store: _Store, position: int) -> Phase:
    def evaluate(desk: Desk) -> Body:
        return belts.each(
            desk, store.input, *store.located(desk), desk.write(store.at(desk, position), belts.ELEMENT)
        )

    return evaluate


def _folds(store: _Store) -> dict[str, Phase]:
    def fold(start: float, following: Callable[[Node], Node], end: Callable[[Node], Node]) -> Phase:
        def evaluate(desk: Desk) -> Body:
            loop = store.over(lambda _, content: (assign(_SUM, following(content)),))
            return belts.each(
                desk,
                store.input,
                *store.located(desk),
                assign(_SUM, constant(start)),
                *loop(desk),
                desk.write(end(_SUM), belts.ELEMENT),
            )

        return evaluate

    def mean(total: Node) -> Node:
        return total / store.count()

    def spread(desk: Desk) -> Body:
        """The standard deviation of all that there is, not of a sample."""
        adding = store.over(lambda _, content: (assign(_SUM, _SUM + content),))
        squares = store.over(lambda _, content: (assign(_SUM, _SUM + (content - _MEAN) * (content - _MEAN)),))
        return belts.each(
            desk,
            store.input,
            *store.located(desk),
            assign(_SUM, constant(0.0)),
            *adding(desk),
            assign(_MEAN, mean(_SUM)),
            assign(_SUM, constant(0.0)),
            *squares(desk),
            desk.write(apply("f64.sqrt", mean(_SUM)), belts.ELEMENT),
        )

    def size(desk: Desk) -> Body:
        return belts.each(desk, store.input, *store.located(desk), desk.write(store.count(), belts.ELEMENT))

    return {
        "sum": fold(0.0, lambda content: _SUM + content, lambda total: total),
        "mean": fold(0.0, lambda content: _SUM + content, mean),
        "min": fold(float("inf"), lambda content: belts.least(_SUM, content), lambda total: total),
        "max": fold(float("-inf"), lambda content: belts.most(_SUM, content), lambda total: total),
        "stddev": spread,
        "size": size,
    }
