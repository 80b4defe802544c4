"""Time and the shapes that are functions of it.

The clock's own values (time, dt, start, stop, save step) are variables of every model, not functions;
`CLOCK` lists their spellings. Comparisons of times allow half a step of rounding, so that an event falls on
the step it was meant for whatever dt is.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..expr import Binary, Call, Expr, Number, Reference
from ..model import Ident, canonical
from .table import Builtin, Expansion

CLOCK: Mapping[str, tuple[str, ...]] = {
    "#time": ("time",),
    "#dt": ("dt", "time step"),
    "#start": ("starttime", "start time", "initial time"),
    "#stop": ("stoptime", "stop time", "final time"),
    "#save_step": ("saveper", "save step"),
    "#seed": (),
    "#step": (),
}
"""The clock's hidden names, and how models spell them. A model may give all but time a meaning of its own."""

CLOCK_SPELLINGS: Mapping[Ident, Ident] = {
    canonical(spelling): Ident(name) for name, row in CLOCK.items() for spelling in row
}
TIME, DT, START, STOP, SAVE_STEP, SEED, STEP = map(Ident, CLOCK)

_TIME = Reference(TIME)
_DT = Reference(DT)


def _op(operator: str, left: Expr, right: Expr) -> Expr:
    return Binary(operator, left, right)


def _call(function: str, *arguments: Expr) -> Expr:
    return Call(function, arguments)


def _reached(instant: Expr) -> Expr:
    """Whether time has reached an instant, give or take half a step."""
    return _op(">", _op("+", _TIME, _op("*", Number(0.5), _DT)), instant)


def _step(_: Expansion, height: Expr, start: Expr) -> Expr:
    return _call("if_then_else", _reached(start), height, Number(0.0))


def _ramp(expansion: Expansion, slope: Expr, start: Expr, end: Expr | None = None) -> Expr:
    start = expansion.auxiliary("start", start)
    if end is None:
        elapsed = _op("-", _TIME, start)
    else:
        end = expansion.auxiliary("end", end)
        elapsed = _op("-", _call("min", _TIME, end), start)
    return _call("if_then_else", _op(">", _TIME, start), _op("*", slope, elapsed), Number(0.0))


def _pulse(expansion: Expansion, start: Expr, width: Expr) -> Expr:
    """1 from `start` for `width`, at least one step."""
    start = expansion.auxiliary("start", start)
    length = _call("max", width, _DT)
    middle = expansion.auxiliary("middle", _op("+", _TIME, _op("*", Number(0.5), _DT)))
    inside = _op("and", _op(">", middle, start), _op("<", middle, _op("+", start, length)))
    return _call("if_then_else", inside, Number(1.0), Number(0.0))


def _pulse_train(expansion: Expansion, start: Expr, width: Expr, period: Expr, end: Expr) -> Expr:
    start = expansion.auxiliary("start", start)
    length = _call("max", width, _DT)
    middle = expansion.auxiliary("middle", _op("+", _TIME, _op("*", Number(0.5), _DT)))
    phase = _call("modulo", _op("-", middle, start), period)
    inside = _op("and", _op(">", middle, start), _op("<", phase, length))
    before_end = _op("<", middle, _op("+", end, _DT))
    return _call("if_then_else", _op("and", inside, before_end), Number(1.0), Number(0.0))


ROWS = (
    Builtin(
        name="step",
        params=("height", "start"),
        meaning="0 before the start, `height` from then on.",
        mdl=("STEP",),
        xmile=("STEP",),
        expand=_step,
    ),
    Builtin(
        name="ramp",
        params=("slope", "start", "end?"),
        meaning="0 before the start, then rises by `slope` per unit of time until the end, and stays.",
        mdl=("RAMP",),
        xmile=("RAMP",),
        expand=_ramp,
    ),
    Builtin(
        name="pulse",
        params=("start", "width"),
        meaning="1 from the start on for `width`, at least for one time step; else 0.",
        mdl=("PULSE",),
        expand=_pulse,
    ),
    Builtin(
        name="pulse_train",
        params=("start", "width", "period", "end"),
        meaning="Pulses of a width, one each period, from the start to the end.",
        mdl=("PULSE TRAIN",),
        expand=_pulse_train,
    ),
)
