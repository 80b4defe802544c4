"""Inputs and the state before a run: `set_value`, `clear_values`, `reset`."""

from __future__ import annotations

import math

from ...abi import SET_VALUE
from ...ir import (
    Do,
    For,
    Function,
    If,
    Node,
    Set,
    Statement,
    Store,
    binary,
    constant,
    differ,
    equal,
    load,
    local,
    negate,
)
from ...ops import F64, I32, I64
from ...program import GIVEN, INPUT, ROW, SETTINGS, START, TIME, Program
from .shorthand import (
    DEFAULTS,
    NANS,
    ZEROS,
    Body,
    copy,
    fill,
    get,
    has_kernels,
    i32,
    int_,
    put,
    slot,
    waiting_rows,
)


def set_value(program: Program) -> Function:
    n_constants, clock = len(program.defaults), program.clock_constants
    first = program.constants.start
    number, value, status = int_("input"), local("value"), int_("status")
    place = number - n_constants
    positive = [n_constants + SETTINGS.index(name) for name in ("dt", "save_step")]
    needs_positive = equal(number, i32(positive[0])) | equal(number, i32(positive[1]))

    def done(name: str) -> Set:
        return Set("status", i32(SET_VALUE[name]))

    def choose(*cases: tuple[Node, Body], otherwise: Body) -> Body:
        for condition, body in reversed(cases):
            otherwise = (If(condition, body, otherwise),)
        return otherwise

    def constant_(*after: Statement) -> Body:
        return (Store(ROW, first, value, number), put("stale", 1), *after, done("OK"))

    setting: Body = (
        Store(GIVEN, 0, constant(1.0), place),
        Store(INPUT, 0, value, place),
        put("error", 0),
        If(equal(number, i32(n_constants + SETTINGS.index("start"))), (Store(ROW, TIME, value),)),
        done("OK"),
    )
    early = If(get("begun"), (done("TOO_LATE"),), choose(
        (binary("lt_s", number, i32(clock)), constant_(Do("reset"))),
        (needs_positive & (value <= 0.0), (done("BAD_VALUE"),)),
        otherwise=setting,
    ))  # fmt: skip
    rows_lack_it = differ(get("saved_steps"), 0) & equal(get("full_rows"), 0)
    body = choose(
        (negate(binary("lt_u", number, i32(program.n_inputs))), (done("NOT_SETTABLE"),)),
        (negate(abs(value) < math.inf), (done("BAD_VALUE"),)),
        (binary("lt_s", number, i32(clock)) | (number >= n_constants), (early,)),
        otherwise=(
            If(rows_lack_it, (Do("fill_fixed"),)),
            *choose((rows_lack_it, (done("BAD_VALUE"),)), otherwise=constant_()),
        ),
    )
    if program.n_points:
        point = number - program.n_inputs
        move = Set("status", Node("call", I32, (point, value), "set_point"))
        body = (If(binary("lt_u", point, program.n_points), (move,), body),)
    return Function("set_value", (("input", I32), ("value", F64)), body, status)


def clear_values(program: Program) -> Function:
    n, clock, first = len(program.defaults), program.clock_constants, program.constants.start
    i = int_("i")
    points = bool(program.n_points) and not program.points_wait
    changed: Body = ()
    if n > clock or points:
        differs = differ(load(ROW, first + clock, i, I64), load(DEFAULTS, clock, i, I64))
        rows_lack_it = differ(get("saved_steps"), 0) & equal(get("full_rows"), 0)
        changed = (
            Set("changed", get("points_set") if points else i32(0)),
            *((For("i", n - clock, (Set("changed", int_("changed") | differs),)),) if n > clock else ()),
            If(rows_lack_it & int_("changed"), (Do("fill_fixed"),)),
        )
    later = (
        *changed,
        *copy(ROW, first + clock, DEFAULTS, clock, n - clock),
        *(clear_points(program) if points else ()),
        put("clears", 1),
        put("stale", 1),
    )
    now = (*copy(ROW, first, DEFAULTS, 0, n), Do("clear_given"), Do("reset"))
    return Function("clear_values", (), (If(get("begun"), later, now),))


def clear_given(program: Program) -> Function:
    """Drop the overrides that a run reads at its start."""
    n, clock = len(program.defaults), program.clock_constants
    return Function(
        "clear_given",
        (),
        (
            *fill(GIVEN, 0, program.n_inputs - n, ZEROS),
            *copy(ROW, program.constants.start, DEFAULTS, 0, clock),
            *clear_points(program),
            put("clears", 0),
        ),
    )


def clear_points(program: Program) -> Body:
    """The points as they were compiled in."""
    return (If(get("points_set"), (Do("unpack"), put("points_set", 0))),) if program.n_points else ()


def reset(program: Program) -> Function:
    n, first = len(program.defaults), program.constants.start
    behind = program.constants.end if n else first
    waiting = ("waiting",) if waiting_rows(program) else ()
    blank = (*fill(ROW, 0, first, NANS), *fill(ROW, behind, program.n_slots - behind, NANS))
    return Function(
        "reset",
        (),
        (
            If(get("clears"), (Do("clear_given"),)),
            *blank,
            Do("invariants"),
            Set("start", slot(START)),
            *blank,
            Store(ROW, TIME, local("start")),
            *((put("snapshot_size", program.state_bytes),) if has_kernels(program) else ()),
            *(
                put(name, 0)
                for name in ("step_count", "saved_steps", "n_rows", "full_rows", "begun", "error", *waiting)
            ),
        ),
    )
