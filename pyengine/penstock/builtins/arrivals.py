"""Delays whose time may change: what goes in is entered for the step at which it comes out.

A part of the region ``ring`` for each element of the equation, found through a hidden state, holds: how many steps
it has, which of them is now, how far ahead the last entry is, the values to come, and a 1 for each entry. All of
it moves once a step, whatever the integration method.
"""

from __future__ import annotations

from ..expr import Binary, Call, Expr, Number, Reference
from ..ir import For, If, Node, Set, Statement, While, apply, constant, local, where
from ..model import canonical
from ..ops import I32
from .pipelines import fixed, steps
from .table import Body, Builtin, Desk, Expansion
from .time import CLOCK_SPELLINGS, DT, START, STOP, TIME
from .vectors import whole

_E, _I, _BASE, _N, _AT, _AHEAD, _TO = (
    local(f"arriving {name}", I32) for name in ("e", "i", "base", "n", "at", "ahead", "to")
)
_HEAD = 3
"""Places before the values."""


def _integer(x: Node) -> Node:
    return apply("i32.trunc_sat_f64_s", x)


def _real(x: Node) -> Node:
    return apply("f64.convert_i32_s", x)


def _material(expansion: Expansion, value: Expr, time: Expr, initial: Expr, missing: Expr) -> Expr:
    """What arrives together is added; `missing` where nothing arrives."""
    return _delayed(expansion, value, time, initial, missing)


def _information(expansion: Expansion, value: Expr, time: Expr, initial: Expr) -> Expr:
    """Later news replaces what would arrive with it or after it; the last value holds where nothing arrives."""
    return _delayed(expansion, value, time, initial, None)


def _delayed(expansion: Expansion, value: Expr, time: Expr, initial: Expr, missing: Expr | None) -> Expr:
    if expansion.constant(Reference(DT)) is None:
        advice = "Give the time step as a number, or use DELAY FIXED."
        return expansion.refuse("a delay of varying time with a time step that is computed", advice)
    initial = expansion.held("initial", initial)
    run = Binary("/", Binary("-", Reference(STOP), Reference(START)), Reference(DT))
    count = Call("max", (Binary("+", Call("floor", (run,)), Number(3.0)), Number(3.0)))
    opening = {
        "count": expansion.held("count", count),
        "initial": initial,
        "first": expansion.held("first", steps(time)),
    }
    places = expansion.kept("places", opening, _opened)
    inputs = {"places": places, "initial": initial, "value": value, "steps": steps(time)}
    if missing is None:
        return expansion.kept("output", inputs, _first, _replaced)
    return expansion.kept("output", {**inputs, "missing": missing}, _first, _added)


def _each(desk: Desk, *body: Statement) -> Body:
    return (For("arriving e", desk.size("initial"), body),)


def _first(desk: Desk) -> Body:
    return _each(desk, desk.write(desk.read("initial", _E), _E))


def _opened(desk: Desk) -> Body:
    """The initial value is entered for each step that the first delay takes."""
    count, first = local("arriving i", I32), _integer(desk.read("first", _E))
    due = (whole(0) < count) & (count < first)
    asked = desk.read("count", _E)
    return _each(
        desk,
        Set("arriving n", _integer(where(asked >= 3.0, asked, 3.0))),
        *desk.take("arriving base", _N + _N + _HEAD),
        desk.write(_real(_BASE), _E),
        desk.put(_BASE, _real(_N)),
        desk.put(_BASE + 1, 0.0),
        desk.put(_BASE + 2, desk.read("first", _E) - 1.0),
        *_counted(
            whole(0),
            _N,
            desk.put(_BASE + _HEAD + _I, where(due, desk.read("initial", _E), 0.0)),
            desk.put(_BASE + _HEAD + _N + _I, where(due, constant(1.0), 0.0)),
        ),
    )


def _counted(start: Node, end: Node, *body: Statement) -> Body:
    counter = local("arriving i", I32)
    return Set("arriving i", start), While(counter < end, (*body, Set("arriving i", counter + 1)))


def _later(ahead: Node) -> Node:
    """The place, within the values, of a step fewer than n ahead."""
    return where(_AT + ahead < _N, _AT + ahead, _AT + ahead - _N)


def _opening(desk: Desk) -> Body:
    return (
        Set("arriving base", _integer(desk.read("places", _E))),
        Set("arriving n", _integer(desk.ring(_BASE))),
        Set("arriving at", _integer(desk.ring(_BASE + 1))),
        Set("arriving ahead", _integer(desk.read("steps", _E))),
        Set("arriving to", _later(_AHEAD)),
    )


def _closing(desk: Desk, otherwise: Node) -> Body:
    """Show what is due at the next step, and clear its place."""
    value, entered = _BASE + _HEAD + _TO, _BASE + _HEAD + _N + _TO
    return (
        Set("arriving to", _later(whole(1))),
        desk.write(where(desk.ring(entered) > 0.0, desk.ring(value), otherwise), _E),
        desk.put(value, 0.0),
        desk.put(entered, 0.0),
        desk.put(_BASE + 1, _real(_TO)),
    )


def _added(desk: Desk) -> Body:
    value, entered = _BASE + _HEAD + _TO, _BASE + _HEAD + _N + _TO
    enter = (desk.put(value, desk.ring(value) + desk.read("value", _E)), desk.put(entered, 1.0))
    return _each(desk, *_opening(desk), If(_AHEAD < _N, enter, ()), *_closing(desk, desk.read("missing", _E)))


def _replaced(desk: Desk) -> Body:
    value, entered = _BASE + _HEAD + _TO, _BASE + _HEAD + _N + _TO
    enter = (desk.put(value, desk.read("value", _E)), desk.put(entered, 1.0))
    last = _integer(desk.ring(_BASE + 2))
    end = where(last < _N, last + 1, _N)
    return _each(
        desk,
        *_opening(desk),
        *_counted(_AHEAD + 1, end, desk.put(_BASE + _HEAD + _N + _later(_I), 0.0)),
        If(_AHEAD < _N, enter, ()),
        desk.put(_BASE + 2, _real(_AHEAD - 1)),
        *_closing(desk, desk.own(_E)),
    )


def _history(expansion: Expansion, value: Expr, time: Expr) -> Expr:
    """The value so many steps back, which must be known beforehand; 0 before the run."""
    back, dt = _back(time), expansion.constant(Reference(DT))
    steady = None if back is None else expansion.constant(back)
    if back is None or steady is None or dt is None:
        advice = "Write it as HISTORY(x, TIME - 5), with a number or a constant."
        return expansion.refuse("HISTORY at a time that is computed otherwise", advice)
    count = steady / dt
    if count < 0.5 or abs(count - round(count)) > 1e-6:
        advice = "Make it a whole number of time steps before now."
        return expansion.refuse("HISTORY at a time between the steps", advice)
    return fixed(expansion, value, back, Number(0.0))


def _back(time: Expr) -> Expr | None:
    """What is taken from the time now; None for any other expression."""
    match time:
        case Binary(operator="-", left=Reference(name=name), right=back):
            return back if CLOCK_SPELLINGS.get(canonical(name)) == TIME else None
    return None


ROWS = (
    Builtin(
        name="delay_material",
        params=("value", "time", "initial", "missing"),
        lags=("value",),
        at_start=("initial",),
        units="a, time, a, a -> a",
        meaning="Each value comes out after the time that holds when it goes in, in whole time steps, at least one;"
        " values that come out together are added, and `missing` is there where none does; `initial` at first.",
        mdl=("DELAY MATERIAL",),
        expand=_material,
    ),
    Builtin(
        name="delay_information",
        params=("value", "time", "initial"),
        lags=("value",),
        at_start=("initial",),
        units="a, time, a -> a",
        meaning="Each value comes out after the time that holds when it goes in, in whole time steps, at least one,"
        " unless a later one comes out with it or before it; the last one holds; `initial` at first.",
        mdl=("DELAY INFORMATION",),
        expand=_information,
    ),
    Builtin(
        name="history",
        params=("value", "time"),
        lags=("value",),
        units="a, time -> a",
        meaning="The value at an earlier time of the run, given as `time - 5`: a whole number of time steps before now."
        " 0 where that is before the start.",
        xmile=("HISTORY",),
        expand=_history,
    ),
)
