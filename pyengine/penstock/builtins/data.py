"""Functions that ask the series of a data variable, not only its value now.

Vensim's GET DATA BETWEEN TIMES does not quite do what its manual says, and people have its results: where it
looks forward or backward it first goes back to the last whole step, and backward never takes a value at that
very time, but the one before.
"""

from __future__ import annotations

from collections.abc import Callable

from ..expr import Binary, Call, Expr, Number, Reference
from ..model import Question
from .table import Builtin, Expansion
from .time import DT, START

_NA = Number(-(2.0**109))
_SLACK = Number(2.0**-20)  # of a step: times that are rounded a little below a step are at it


def _op(operator: str, left: Expr, right: Expr) -> Expr:
    return Binary(operator, left, right)


def _where(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    return Call("if_then_else", (condition, then, otherwise))


def _whole_step(time: Expr) -> Expr:
    """The last time of a step that is not later."""
    steps = _op("+", _op("/", _op("-", time, Reference(START)), Reference(DT)), _SLACK)
    return _op("+", Reference(START), _op("*", Call("floor", (steps,)), Reference(DT)))


def _between(expansion: Expansion, data: Expr, time: Expr, mode: Expr) -> Expr:
    time = expansion.auxiliary("time", time)
    mode = expansion.auxiliary("mode", mode)
    step = expansion.auxiliary("step", _whole_step(time))
    value = _where(
        _op(">=", mode, Number(1.0)),
        expansion.asked("forward", data, step),
        _where(
            _op("<=", mode, Number(-1.0)),
            expansion.asked("before", data, step),
            expansion.asked("continuous", data, time),
        ),
    )
    return _where(_op(">", expansion.asked("covers", data, time), Number(0.0)), value, _NA)


def _at_time(expansion: Expansion, data: Expr, time: Expr) -> Expr:
    return expansion.asked("raw", data, time)


def _whole(question: Question) -> Callable[..., Expr]:
    """A question with no arguments, or with a span of time."""
    return lambda expansion, data, *times: expansion.asked(question, data, *times)


def _unknown(expansion: Expansion, *_: Expr) -> Expr:
    return expansion.refuse("this statistic of data", "Compute it outside the model, and make it a constant.")


ROWS = (
    Builtin(
        name="get_data_between_times",
        params=("data", "time", "mode"),
        units="a, time, * -> a",
        meaning="The value of a data variable at a time: by lines where `mode` is 0, the next value from 1 on, the"
        " value before from -1 down; :NA: outside its times.",
        mdl=("GET DATA BETWEEN TIMES",),
        expand=_between,
    ),
    Builtin(
        name="get_data_at_time",
        params=("data", "time"),
        units="a, time -> a",
        meaning="The value that a data variable has exactly at a time, else :NA:.",
        mdl=("GET DATA AT TIME",),
        expand=_at_time,
    ),
    Builtin(
        name="get_data_first_time",
        params=("data",),
        units="* -> time",
        meaning="The first time for which a data variable has a value.",
        mdl=("GET DATA FIRST TIME",),
        expand=_whole("first_time"),
    ),
    Builtin(
        name="get_data_last_time",
        params=("data",),
        units="* -> time",
        meaning="The last time for which a data variable has a value.",
        mdl=("GET DATA LAST TIME",),
        expand=_whole("last_time"),
    ),
    Builtin(
        name="get_data_total_points",
        params=("data",),
        units="* -> 1",
        meaning="How many values a data variable has.",
        mdl=("GET DATA TOTAL POINTS",),
        expand=_whole("count"),
    ),
    Builtin(
        name="get_data_min",
        params=("data", "from", "to"),
        units="a, time, time -> a",
        meaning="The smallest value of a data variable from one time to another, both included; :NA: for none.",
        mdl=("GET DATA MIN",),
        expand=_whole("least"),
    ),
    Builtin(
        name="get_data_max",
        params=("data", "from", "to"),
        units="a, time, time -> a",
        meaning="The largest value of a data variable from one time to another, both included; :NA: for none.",
        mdl=("GET DATA MAX",),
        expand=_whole("greatest"),
    ),
    Builtin(
        name="get_data_mean",
        params=("data", "from", "to"),
        units="a, time, time -> a",
        meaning="The mean of a data variable's values from one time to another, both included; :NA: for none.",
        mdl=("GET DATA MEAN",),
        expand=_whole("mean"),
    ),
    *(
        Builtin(
            name=f"get_data_{word}",
            params=("data", "from", "to"),
            units="a, time, time -> a",
            meaning="Known by name, and refused: how it counts is not documented.",
            mdl=(f"GET DATA {word.upper()}",),
            expand=_unknown,
        )
        for word in ("median", "stdv")
    ),
)
