"""Time and the shapes that are functions of it.

The clock's own values (time, dt, start, stop, save step) are variables of every model, not functions;
`CLOCK` lists their spellings. Comparisons of times allow half a step of rounding, so that an event falls on
the step it was meant for whatever dt is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

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
_START = Reference(START)


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
    period = expansion.auxiliary("period", period)
    phase = _call("modulo", _op("-", middle, start), period)
    pulses = _call("if_then_else", _op(">", period, Number(0.0)), _op("<", phase, length), Number(1.0))
    inside = _op("and", _op(">", middle, start), pulses)
    before_end = _op("<", middle, _op("+", end, _DT))
    return _call("if_then_else", _op("and", inside, before_end), Number(1.0), Number(0.0))


def _volume_pulse(
    expansion: Expansion, volume: Expr, first: Expr | None = None, interval: Expr | None = None
) -> Expr:
    """The whole volume in the first step that reaches an instant, give or take rounding."""
    since = _op("-", _TIME, _START if first is None else first)
    elapsed = expansion.auxiliary("elapsed", _op("+", since, _op("*", Number(1e-6), _DT)))
    if interval is None or expansion.constant(interval) == 0.0:
        phase = elapsed
    else:
        interval = expansion.auxiliary("interval", interval)
        again = _op("and", _op(">", interval, Number(0.0)), _op(">=", elapsed, Number(0.0)))
        phase = _call("if_then_else", again, _call("modulo", elapsed, interval), elapsed)
    phase = expansion.auxiliary("phase", phase)
    now = _op("and", _op(">=", phase, Number(0.0)), _op("<", phase, _DT))
    return _call("if_then_else", now, _op("/", volume, _DT), Number(0.0))


def _ramp_from_to(_: Expansion, start_value: Expr, end_value: Expr, start: Expr, end: Expr) -> Expr:
    share = _op("/", _op("-", _TIME, start), _op("-", end, start))
    inside = _op("+", start_value, _op("*", _op("-", end_value, start_value), share))
    after = _call("if_then_else", _op(">=", _TIME, end), end_value, inside)
    return _call("if_then_else", _op("<=", _TIME, start), start_value, after)


def _wave(function: str) -> Callable[..., Expr]:
    def expand(_: Expansion, amplitude: Expr, period: Expr) -> Expr:
        angle = _op("/", _op("*", Number(2.0 * math.pi), _TIME), period)
        return _op("*", amplitude, _call(function, angle))

    return expand


def _compound_growth(_: Expansion, percentage: Expr) -> Expr:
    """The rate that compounds to a percentage within a unit of time, whatever dt is."""
    growth = _op("^", _op("+", Number(1.0), _op("/", percentage, Number(100.0))), _DT)
    return _op("/", _op("-", growth, Number(1.0)), _DT)


def _get_time_value(expansion: Expansion, relative_to: Expr, offset: Expr, measure: Expr) -> Expr:
    base, unit = expansion.constant(relative_to), expansion.constant(measure)
    if base not in (0.0, 1.0):
        advice = "Only 0 (now) and 1 (the start of the run) can be computed from the model."
        return expansion.refuse("the clock of the computer in GET TIME VALUE", advice)
    instant = _op("+", _TIME if base == 0.0 else _START, offset)
    if unit == 0.0:
        return instant
    return expansion.refuse("a calendar in GET TIME VALUE", "Only measure 0, model time, is supported.")


def _time_base(_: Expansion, start: Expr, slope: Expr) -> Expr:
    return _op("+", start, _op("*", slope, _TIME))


ROWS = (
    Builtin(
        name="step",
        params=("height", "start"),
        slopes={"height": "+", "start": "-height"},
        units="a, time -> a",
        meaning="0 before the start, `height` from then on.",
        mdl=("STEP",),
        xmile=("STEP",),
        expand=_step,
    ),
    Builtin(
        name="ramp",
        params=("slope", "start", "end?"),
        slopes={"end": "+slope"},
        units="a, time, time -> a*time",
        meaning="0 before the start, then rises by `slope` per unit of time until the end, and stays.",
        mdl=("RAMP",),
        xmile=("RAMP",),
        expand=_ramp,
    ),
    Builtin(
        name="pulse",
        params=("start", "width"),
        units="time, time -> 1",
        meaning="1 from the start on for `width`, at least for one time step; else 0.",
        mdl=("PULSE",),
        expand=_pulse,
    ),
    Builtin(
        name="volume_pulse",
        params=("volume", "first?", "interval?"),
        units="a, time, time -> a/time",
        meaning="A volume that arrives within one step at `first`, else at the start, and again after each interval;"
        " once where the interval is left out or 0.",
        xmile=("PULSE",),
        expand=_volume_pulse,
    ),
    Builtin(
        name="pulse_train",
        params=("start", "width", "period", "end"),
        units="time, time, time, time -> 1",
        meaning="Pulses of a width, one each period, from the start to the end; one long pulse where they meet.",
        mdl=("PULSE TRAIN",),
        expand=_pulse_train,
    ),
    Builtin(
        name="ramp_from_to",
        params=("from", "to", "start", "end"),
        units="a, a, time, time -> a",
        meaning="`from` until the start, `to` from the end on, and a line between.",
        expand=_ramp_from_to,
    ),
    Builtin(
        name="get_time_value",
        params=("relative_to", "offset", "measure"),
        units="*, time, * -> *",
        meaning="Time now (0) or at the start (1), moved by an offset; only measure 0, model time, can be had.",
        mdl=("GET TIME VALUE",),
        expand=_get_time_value,
    ),
    Builtin(
        name="time_base",
        params=("start", "slope"),
        slopes={"start": "+"},
        units="a, a/time -> a",
        meaning="Time on another scale: `start` + `slope` × time.",
        mdl=("TIME BASE",),
        expand=_time_base,
    ),
    Builtin(
        name="sinwave",
        params=("amplitude", "period"),
        units="a, time -> a",
        meaning="A sine wave of time.",
        xmile=("SINWAVE",),
        expand=_wave("sin"),
    ),
    Builtin(
        name="coswave",
        params=("amplitude", "period"),
        units="a, time -> a",
        meaning="A cosine wave of time.",
        xmile=("COSWAVE",),
        expand=_wave("cos"),
    ),
    Builtin(
        name="cgrowth",
        params=("percentage",),
        units="* -> 1/time",
        meaning="The rate of growth that compounds to a percentage per unit of time, whatever dt is.",
        xmile=("CGROWTH",),
        expand=_compound_growth,
    ),
)
