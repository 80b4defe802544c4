"""Delays that keep a row of values: fixed delays as rings, chains of stages whose number a run decides.

What a delay keeps stands in the region ``ring``; a hidden state says where each element's part begins.
All of them move once a step, whatever the integration method.
"""

from __future__ import annotations

from collections.abc import Callable

from ..expr import Binary, Call, Expr, Number, Reference
from ..ir import For, If, Node, Set, Statement, Store, While, apply, constant, equal, local, where
from ..ops import I32
from .table import Body, Desk, Expansion, Phase
from .time import DT, START, STOP

MOST_PLACES = 100_000.0
"""A fixed delay keeps at most this many values, or those of a whole run where they are more."""

_E, _I, _BASE = (local(name, I32) for name in ("kept e", "kept i", "kept base"))


def _op(operator: str, left: Expr, right: Expr) -> Expr:
    return Binary(operator, left, right)


def _integer(value: int) -> Node:
    return constant(value, I32)


def _whole(x: Node) -> Node:
    return apply("i32.trunc_sat_f64_s", x)


def _real(x: Node) -> Node:
    return apply("f64.convert_i32_s", x)


def _each(desk: Desk, name: str, *body: Statement) -> Body:
    """For every element of the equation."""
    return (For("kept e", desk.size(name), body),)


def _counted(count: Node, *body: Statement) -> Body:
    counter = local("kept i", I32)
    return (Set("kept i", _integer(0)), While(counter < count, (*body, Set("kept i", counter + 1))))


def steps(time: Expr) -> Expr:
    """A time as a number of time steps, at least one; halves go up."""
    exact = _op("+", _op("/", time, Reference(DT)), Number(0.500001))
    run = _op("/", _op("-", Reference(STOP), Reference(START)), Reference(DT))
    most = Call("max", (_op("+", run, Number(2.0)), Number(MOST_PLACES)))
    return Call("min", (Call("max", (Call("floor", (exact,)), Number(1.0))), Call("floor", (most,))))


def _placed(count: Callable[[Desk], Node], *fill: Callable[[Desk, Node], Statement]) -> Phase:
    """Gives every element its part of the ring: the count of values, where the next one goes, the values."""

    def initial(desk: Desk) -> Body:
        return _each(
            desk,
            "count",
            Set("kept n", _whole(count(desk))),
            *desk.take("kept base", local("kept n", I32) + 2),
            desk.write(_real(_BASE), _E),
            desk.put(_BASE, _real(local("kept n", I32))),
            desk.put(_BASE + 1, 0.0),
            *_counted(local("kept n", I32), *(statement(desk, _BASE + 2 + _I) for statement in fill)),
        )

    return initial


def _count(desk: Desk) -> Node:
    """The count of values an element keeps, at least 1, also where an element has no equation."""
    asked = desk.read("count", _E)
    return where(asked >= 1.0, asked, 1.0)


def _filled(desk: Desk, place: Node) -> Store:
    return desk.put(place, desk.read("initial", _E))


def fixed(expansion: Expansion, value: Expr, time: Expr, initial: Expr) -> Expr:
    """The value so many steps ago; `initial` as long as the run is not that old."""
    initial = expansion.held("initial", initial)
    count = expansion.held("count", steps(time))
    places = expansion.kept("places", {"count": count, "initial": initial}, _placed(_count, _filled))
    inputs = {"count": places, "initial": initial, "value": value}
    return expansion.kept("output", inputs, _first, _shift)


def _first(desk: Desk) -> Body:
    return _each(desk, "initial", desk.write(desk.read("initial", _E), _E))


def _shift(desk: Desk) -> Body:
    """Write the value where the oldest stood, and show what is the oldest now."""
    at, n = local("kept at", I32), _whole(desk.ring(_BASE))
    return _each(
        desk,
        "count",
        Set("kept base", _whole(desk.read("count", _E))),
        Set("kept at", _whole(desk.ring(_BASE + 1))),
        desk.put(_BASE + 2 + at, desk.read("value", _E)),
        Set("kept at", where(at + 1 < n, at + 1, _integer(0))),
        desk.put(_BASE + 1, _real(at)),
        desk.write(desk.ring(_BASE + 2 + at), _E),
    )


def window(expansion: Expansion, value: Expr, count: Expr, initial: Expr) -> Expr:
    """The sum of the values of so many steps before this one; `initial` for each before the start."""
    count = expansion.held("count", count)
    initial = expansion.held("initial", initial)
    places = expansion.kept("places", {"count": count, "initial": initial}, _placed(_count, _filled))
    total = expansion.held("total", _op("*", initial, count))
    inputs = {"count": places, "initial": total, "value": value, "size": count}
    return expansion.kept("output", inputs, _first, _summed)


def _summed(desk: Desk) -> Body:
    """Write the value where the oldest stood, and add up all, from the first place of the ring on."""
    at, n, total = local("kept at", I32), _whole(desk.ring(_BASE)), local("kept out")
    return _each(
        desk,
        "count",
        Set("kept base", _whole(desk.read("count", _E))),
        Set("kept at", _whole(desk.ring(_BASE + 1))),
        desk.put(_BASE + 2 + at, desk.read("value", _E)),
        desk.put(_BASE + 1, _real(where(at + 1 < n, at + 1, _integer(0)))),
        Set("kept out", constant(0.0)),
        *_counted(n, Set("kept out", total + desk.ring(_BASE + 2 + _I))),
        desk.write(where(desk.read("size", _E) >= 1.0, total, 0.0), _E),
    )


def chain(
    expansion: Expansion,
    value: Expr,
    time: Expr,
    order: Expr,
    initial: Expr,
    *,
    material: bool,
    reduced: bool,
) -> Expr:
    """A delay of as many stages as `order` says at the start.

    `reduced` is Vensim's rule: as many stages as the time has steps at most, and no stage shorter than a step.
    A material delay's output then is what left its last stage by the time that held in the step before; without
    `reduced` it is the content of the last stage. An information delay's output is its last level.
    """
    whole: Expr = Call("max", (Call("floor", (_op("+", order, Number(0.5)),)), Number(1.0)))
    if reduced:
        fitting = Call("floor", (_op("+", _op("/", time, Reference(DT)), Number(1e-6)),))
        whole = Call("max", (Call("min", (whole, fitting)), Number(1.0)))
    count = expansion.held("count", Call("min", (whole, Number(MOST_PLACES))))
    step = expansion.auxiliary("dt", _op("+", Reference(DT), Number(0.0)))
    share = expansion.auxiliary("share", _op("/", time, count))
    if reduced:
        share = expansion.auxiliary("share", Call("max", (share, step)))
    start = expansion.held("initial", initial)
    content = expansion.held("content", _op("*", start, share)) if material else start
    places = expansion.kept("places", {"count": count, "initial": content}, _placed(_count, _filled))
    shown = start if material and reduced else content
    inputs = {"count": places, "initial": shown, "value": value, "share": share, "dt": step}
    return expansion.kept("output", inputs, _first, _material(reduced) if material else _information)


def _stage() -> Node:
    return _BASE + 2 + _I


def _entering(desk: Desk) -> Body:
    return (Set("kept base", _whole(desk.read("count", _E))), Set("kept flow", desk.read("value", _E)))


def _material(reduced: bool) -> Phase:
    """What leaves a stage enters the next one."""

    def advance(desk: Desk) -> Body:
        n, flow, out = _whole(desk.ring(_BASE)), local("kept flow"), local("kept out")
        content, share = desk.ring(_stage()), desk.read("share", _E)
        last = (If(equal(_I + 1, n), (Set("kept out", desk.own(_E)),)),) if reduced else ()
        shown = desk.ring(_BASE + 1 + n)
        return _each(
            desk,
            "count",
            *_entering(desk),
            *_counted(
                n,
                Set("kept out", content / share),
                *last,
                desk.put(_stage(), content + desk.read("dt", _E) * (flow - out)),
                Set("kept flow", out),
            ),
            desk.write(shown / share if reduced else shown, _E),
        )

    return advance


def _information(desk: Desk) -> Body:
    """Each stage closes its gap to what the one before it was."""
    n, flow, level = _whole(desk.ring(_BASE)), local("kept flow"), local("kept out")
    change = (flow - level) / desk.read("share", _E)
    return _each(
        desk,
        "count",
        *_entering(desk),
        *_counted(
            n,
            Set("kept out", desk.ring(_stage())),
            desk.put(_stage(), level + desk.read("dt", _E) * change),
            Set("kept flow", level),
        ),
        desk.write(desk.ring(_BASE + 1 + n), _E),
    )
