"""Functions with a memory: smooths, delays and held values, as hidden stocks and states."""

from __future__ import annotations

from collections.abc import Callable

from ..expr import Binary, Call, Expr, Number, Reference, Unary
from . import pipelines
from .table import Builtin, Expansion
from .time import DT


def _op(operator: str, left: Expr, right: Expr) -> Expr:
    return Binary(operator, left, right)


def _share(expansion: Expansion, time: Expr, order: int) -> Expr:
    """The time constant of one of `order` stages."""
    return time if order == 1 else expansion.auxiliary("stage time", _op("/", time, Number(float(order))))


def _closing(goal: Expr, time: Expr) -> Callable[[Expr], Expr]:
    """The rate of a level that closes its gap to a goal."""
    return lambda here: _op("/", _op("-", goal, here), time)


def _passing(inflow: Expr, time: Expr) -> Callable[[Expr], Expr]:
    """The rate of a content that is drained over a time."""
    return lambda here: _op("-", inflow, _op("/", here, time))


def _smooth(order: int) -> Callable[..., Expr]:
    """Information delay: each stage closes the gap to the one before it."""

    def expand(expansion: Expansion, value: Expr, time: Expr, initial: Expr | None = None) -> Expr:
        value = expansion.auxiliary("input", value)
        share = _share(expansion, time, order)
        start = value if initial is None else expansion.auxiliary("initial", initial)
        level = value
        for _ in range(order):
            level = expansion.stock("level", start, _closing(level, share))
        return level

    return expand


def _delay(order: int) -> Callable[..., Expr]:
    """Material delay: what flows into a stage leaves it at content / time; nothing is lost when the time changes."""

    def expand(expansion: Expansion, value: Expr, time: Expr, initial: Expr | None = None) -> Expr:
        value = expansion.auxiliary("input", value)
        share = expansion.auxiliary("time", _share(expansion, time, order))
        start = _op("*", value if initial is None else expansion.auxiliary("initial", initial), share)
        flow = value
        for _ in range(order):
            content = expansion.stock("content", start, _passing(flow, share))
            flow = expansion.auxiliary("outflow", _op("/", content, share))
        return flow

    return expand


def _delay_fixed(expansion: Expansion, value: Expr, time: Expr, initial: Expr | None = None) -> Expr:
    return pipelines.fixed(expansion, value, time, value if initial is None else initial)


def _smooth_n(expansion: Expansion, value: Expr, time: Expr, initial: Expr, order: Expr) -> Expr:
    return pipelines.chain(expansion, value, time, order, initial, material=False, reduced=True)


def _delay_n(expansion: Expansion, value: Expr, time: Expr, initial: Expr, order: Expr) -> Expr:
    return pipelines.chain(expansion, value, time, order, initial, material=True, reduced=True)


def _ordered(of_order: Callable[[int], Callable[..., Expr]], material: bool) -> Callable[..., Expr]:
    """A delay of an order: stocks where it is a number, else stages that only Euler steps move rightly."""

    def expand(
        expansion: Expansion, value: Expr, time: Expr, order: Expr, initial: Expr | None = None
    ) -> Expr:
        if isinstance(order, Number) and 1.0 <= order.value <= 100.0 and order.value == int(order.value):
            return of_order(int(order.value))(expansion, value, time, initial)
        if expansion.method != "euler":
            advice = "Write the order as a whole number from 1 to 100, or use Euler integration."
            return expansion.refuse(f"a computed order with method {expansion.method}", advice)
        value = expansion.auxiliary("input", value)
        start = value if initial is None else initial
        end = pipelines.chain(expansion, value, time, order, start, material=material, reduced=False)
        if not material:
            return end
        whole = expansion.held(
            "order", Call("max", (Call("floor", (_op("+", order, Number(0.5)),)), Number(1.0)))
        )
        return _op("/", end, _op("/", time, whole))

    return expand


def _as_vensim(row: Callable[..., Expr]) -> Callable[..., Expr]:
    """Vensim's rule with the arguments in XMILE's order."""

    def expand(
        expansion: Expansion, value: Expr, time: Expr, order: Expr, initial: Expr | None = None
    ) -> Expr:
        return row(expansion, value, time, value if initial is None else initial, order)

    return expand


def _average_of(value: Expr, time: Expr, trend: Expr | None) -> Expr:
    """The average that a value with a trend has."""
    return value if trend is None else _op("/", value, _op("+", Number(1.0), _op("*", trend, time)))


def _trend(expansion: Expansion, value: Expr, time: Expr, initial: Expr | None = None) -> Expr:
    """The gap to an average, as a share of it per time."""
    value = expansion.auxiliary("input", value)
    time = expansion.auxiliary("time", time)
    average = expansion.stock("average", _average_of(value, time, initial), _closing(value, time))
    return Call("zidz", (_op("-", value, average), _op("*", time, Call("abs", (average,)))))


def _forecast(
    expansion: Expansion, value: Expr, time: Expr, horizon: Expr, initial: Expr | None = None
) -> Expr:
    value = expansion.auxiliary("input", value)
    time = expansion.auxiliary("time", time)
    average = expansion.stock("average", _average_of(value, time, initial), _closing(value, time))
    trend = Call("zidz", (_op("-", value, average), _op("*", time, average)))
    return _op("*", value, _op("+", Number(1.0), _op("*", trend, horizon)))


def _present_value(at_end: bool) -> Callable[..., Expr]:
    """Net present value: a discounted sum; the current step counts, at the end of it for Vensim's NPVE."""

    def expand(expansion: Expansion, stream: Expr, rate: Expr, initial: Expr, factor: Expr) -> Expr:
        stream = expansion.auxiliary("stream", stream)
        rate = expansion.auxiliary("rate", rate)
        dt = Reference(DT)
        growth = expansion.auxiliary("growth", _op("+", Number(1.0), _op("*", rate, dt)))
        first = _op("/", Number(1.0), growth) if at_end else Number(1.0)
        discount = expansion.stock(
            "discount", first, lambda here: _op("/", _op("*", Unary("-", here), rate), growth)
        )
        total = expansion.stock("total", initial, lambda _: _op("*", stream, discount))
        now = _op("*", _op("*", stream, dt), discount)
        return _op("*", _op("+", total, now), factor)

    return expand


def _straight_line(expansion: Expansion, stream: Expr, time: Expr, fiscal: Expr, initial: Expr) -> Expr:
    """What a stream of costs adds to assets, written off in equal parts, the first in the step it comes."""
    interval, dt = expansion.constant(fiscal), expansion.constant(Reference(DT))
    if interval is None or dt is None or interval > dt * (1.0 + 1e-9):
        advice = "Give an interval of at most one time step."
        return expansion.refuse("a fiscal interval that is longer than dt, or not a constant,", advice)
    stream = expansion.auxiliary("stream", stream)
    count = expansion.held("steps", pipelines.steps(time))
    before = pipelines.window(expansion, stream, _op("-", count, Number(1.0)), initial)
    return _op("/", _op("+", stream, before), count)


def _initial(expansion: Expansion, value: Expr) -> Expr:
    return expansion.held("initial", value)


def _sample_if_true(expansion: Expansion, condition: Expr, value: Expr, initial: Expr) -> Expr:
    sample = expansion.memory("sample", initial, lambda here: Call("if_then_else", (condition, value, here)))
    return Call("if_then_else", (condition, value, sample))


def _previous(expansion: Expansion, value: Expr, initial: Expr | None = None) -> Expr:
    return expansion.memory("previous", initial or Number(0.0), lambda _: value)


ROWS = (
    Builtin(
        name="smooth",
        params=("value", "time", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial",),
        units="a, time, a -> a",
        meaning="Exponential smoothing (first-order information delay); starts at `initial`, else at the value.",
        mdl=("SMOOTH", "SMOOTHI"),
        mdl_full="SMOOTHI",
        xmile=("SMTH1",),
        expand=_smooth(1),
    ),
    Builtin(
        name="smooth3",
        params=("value", "time", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial",),
        units="a, time, a -> a",
        meaning="Third-order information delay.",
        mdl=("SMOOTH3", "SMOOTH3I"),
        mdl_full="SMOOTH3I",
        xmile=("SMTH3",),
        expand=_smooth(3),
    ),
    Builtin(
        name="delay1",
        params=("value", "time", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial",),
        units="a, time, a -> a",
        meaning="First-order material delay; starts in equilibrium with `initial`, else with the value.",
        mdl=("DELAY1", "DELAY1I"),
        mdl_full="DELAY1I",
        xmile=("DELAY1",),
        expand=_delay(1),
    ),
    Builtin(
        name="delay3",
        params=("value", "time", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial",),
        units="a, time, a -> a",
        meaning="Third-order material delay.",
        mdl=("DELAY3", "DELAY3I"),
        mdl_full="DELAY3I",
        xmile=("DELAY3",),
        expand=_delay(3),
    ),
    Builtin(
        name="smooth_n",
        params=("value", "time", "initial", "order"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial", "order"),
        units="a, time, a, 1 -> a",
        meaning="Information delay of an order, which is read at the start; changes once a step. The order is lowered"
        " where the time has fewer steps.",
        mdl=("SMOOTH N",),
        expand=_smooth_n,
    ),
    Builtin(
        name="delay_n",
        params=("value", "time", "initial", "order"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial", "order"),
        units="a, time, a, 1 -> a",
        meaning="Material delay of an order, which is read at the start; changes once a step. The order is lowered"
        " where the time has fewer steps.",
        mdl=("DELAY N",),
        expand=_delay_n,
    ),
    Builtin(
        name="smthn",
        params=("value", "time", "order", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial",),
        units="a, time, 1, a -> a",
        meaning="Information delay of an order, which is read at the start.",
        xmile=("SMTHN",),
        expand=_ordered(_smooth, material=False),
    ),
    Builtin(
        name="delayn",
        params=("value", "time", "order", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial",),
        units="a, time, 1, a -> a",
        meaning="Material delay of an order, which is read at the start.",
        xmile=("DELAYN",),
        expand=_ordered(_delay, material=True),
    ),
    Builtin(
        name="vensim_smthn",
        params=("value", "time", "order", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("order", "initial"),
        units="a, time, 1, a -> a",
        meaning="Vensim's SMOOTH N as its exporters write it.",
        xmile_vensim=("SMTHN",),
        expand=_as_vensim(_smooth_n),
    ),
    Builtin(
        name="vensim_delayn",
        params=("value", "time", "order", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("order", "initial"),
        units="a, time, 1, a -> a",
        meaning="Vensim's DELAY N as its exporters write it.",
        xmile_vensim=("DELAYN",),
        expand=_as_vensim(_delay_n),
    ),
    Builtin(
        name="delay_fixed",
        params=("value", "time", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("time", "initial"),
        units="a, time, a -> a",
        meaning="The value `time` ago, rounded to whole time steps, at least one; `initial`, or the first value, before"
        " that. The time is read at the start.",
        mdl=("DELAY FIXED",),
        xmile=("DELAY",),
        expand=_delay_fixed,
    ),
    Builtin(
        name="trend",
        params=("value", "time", "initial?"),
        lags=("value",),
        at_start=("initial",),
        units="a, time, 1/time -> 1/time",
        meaning="Growth of the value per unit of time as a share of its average over a time; `initial` at the start.",
        mdl=("TREND",),
        xmile=("TREND",),
        expand=_trend,
    ),
    Builtin(
        name="forecast",
        params=("value", "time", "horizon", "initial?"),
        lags=("value",),
        at_start=("initial",),
        units="a, time, time, 1/time -> a",
        meaning="The value after a horizon if its trend over a time goes on; the trend at the start is `initial`, else"
        " 0.",
        mdl=("FORECAST",),
        xmile=("FORCST",),
        expand=_forecast,
    ),
    Builtin(
        name="depreciate_straightline",
        params=("stream", "time", "interval", "initial"),
        lags=("stream",),
        at_start=("initial",),
        units="a, time, time, a -> a",
        meaning="Depreciation of a stream of costs, each written off in equal parts over a time, which is read at the"
        " start, as if the stream had been `initial` before. The fiscal interval may not be longer than dt.",
        mdl=("DEPRECIATE STRAIGHTLINE",),
        expand=_straight_line,
    ),
    Builtin(
        name="npv",
        params=("stream", "rate", "initial", "factor"),
        lags=("stream",),
        at_start=("initial",),
        units="a, 1/time, a*time, b -> a*b*time",
        meaning="Net present value of a stream up to now, plus `initial`, times a factor; the rate is per time.",
        mdl=("NPV",),
        expand=_present_value(at_end=False),
    ),
    Builtin(
        name="npve",
        params=("stream", "rate", "initial", "factor"),
        lags=("stream",),
        at_start=("initial",),
        units="a, 1/time, a*time, b -> a*b*time",
        meaning="Net present value of a stream that is paid at the end of each time step.",
        mdl=("NPVE",),
        expand=_present_value(at_end=True),
    ),
    Builtin(
        name="initial",
        params=("value",),
        slopes={"value": "+"},
        at_start=("value",),
        units="a -> a",
        meaning="The value that the expression has at the start of the run, all along.",
        mdl=("INITIAL", "REINITIAL"),
        xmile=("INIT",),
        expand=_initial,
    ),
    Builtin(
        name="sample_if_true",
        params=("condition", "value", "initial"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial",),
        units="*, a, a -> a",
        meaning="The value while the condition is true; then the last one sampled, `initial` before the first.",
        mdl=("SAMPLE IF TRUE",),
        expand=_sample_if_true,
    ),
    Builtin(
        name="previous",
        params=("value", "initial?"),
        slopes={"value": "+", "initial": "+"},
        lags=("value",),
        at_start=("initial",),
        units="a, a -> a",
        meaning="The value one time step ago; `initial` in the first step, 0 where that is left out.",
        xmile=("PREVIOUS",),
        expand=_previous,
    ),
)
