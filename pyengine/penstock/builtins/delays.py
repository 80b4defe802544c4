"""Functions with a memory: smooths, delays and held values, as hidden stocks and states."""

from __future__ import annotations

from collections.abc import Callable

from ..expr import Binary, Call, Expr, Number
from .table import Builtin, Expansion


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


def _initial(expansion: Expansion, value: Expr) -> Expr:
    return expansion.held("initial", value)


def _sample_if_true(expansion: Expansion, condition: Expr, value: Expr, initial: Expr) -> Expr:
    sample = expansion.memory("sample", initial, lambda here: Call("if_then_else", (condition, value, here)))
    return Call("if_then_else", (condition, value, sample))


def _previous(expansion: Expansion, value: Expr, initial: Expr) -> Expr:
    return expansion.memory("previous", initial, lambda _: value)


ROWS = (
    Builtin(
        name="smooth",
        params=("value", "time", "initial?"),
        meaning="Exponential smoothing (first-order information delay); starts at `initial`, else at the value.",
        mdl=("SMOOTH", "SMOOTHI"),
        xmile=("SMTH1",),
        expand=_smooth(1),
    ),
    Builtin(
        name="smooth3",
        params=("value", "time", "initial?"),
        meaning="Third-order information delay.",
        mdl=("SMOOTH3", "SMOOTH3I"),
        xmile=("SMTH3",),
        expand=_smooth(3),
    ),
    Builtin(
        name="delay1",
        params=("value", "time", "initial?"),
        meaning="First-order material delay; starts in equilibrium with `initial`, else with the value.",
        mdl=("DELAY1", "DELAY1I"),
        xmile=("DELAY1",),
        expand=_delay(1),
    ),
    Builtin(
        name="delay3",
        params=("value", "time", "initial?"),
        meaning="Third-order material delay.",
        mdl=("DELAY3", "DELAY3I"),
        xmile=("DELAY3",),
        expand=_delay(3),
    ),
    Builtin(
        name="initial",
        params=("value",),
        meaning="The value that the expression has at the start of the run, all along.",
        mdl=("INITIAL",),
        xmile=("INIT",),
        expand=_initial,
    ),
    Builtin(
        name="sample_if_true",
        params=("condition", "value", "initial"),
        meaning="The value while the condition is true; then the last one sampled, `initial` before the first.",
        mdl=("SAMPLE IF TRUE",),
        expand=_sample_if_true,
    ),
    Builtin(
        name="previous",
        params=("value", "initial"),
        meaning="The value one time step ago; `initial` in the first step.",
        xmile=("PREVIOUS",),
        expand=_previous,
    ),
)
