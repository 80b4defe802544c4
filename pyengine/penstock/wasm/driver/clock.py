"""The clock: settings read at the start, `run_initials`, `run_to`, and whether there is another step."""

from __future__ import annotations

import math

from ...abi import RUN_ERROR
from ...ir import (
    Do,
    Function,
    If,
    Node,
    Set,
    Statement,
    Store,
    While,
    apply,
    binary,
    constant,
    differ,
    equal,
    local,
    negate,
    where,
)
from ...ops import F64, I32
from ...program import DT, ERROR, RING_TOP, ROW, SAVE_STEP, START, STEP, STOP, TIME, Program
from .rows import reserved
from .shorthand import MOST_DOUBLES, MOST_STEPS, Body, get, i32, int_, put, slot


def read_clock(program: Program) -> Function:
    """Check the settings and estimate the number of rows; the result is a code of `RUN_ERROR`."""
    start, stop, dt, save_step = slot(START), slot(STOP), slot(DT), slot(SAVE_STEP)
    ratio, every, steps, rows = local("ratio"), local("every"), local("steps"), local("rows")
    full = apply("f64.floor", steps / every)
    status = int_("status")

    def unless(condition: Node, name: str) -> Statement:
        return If(negate(condition) & equal(status, 0), (Set("status", i32(RUN_ERROR[name])),))

    off_grid = abs(ratio - every) > 1e-9 * every
    return Function(
        "read_clock",
        (),
        (
            Set("ratio", save_step / dt),
            Set("every", apply("f64.nearest", ratio)),
            Set("steps", apply("f64.trunc", binary("min", (stop - start) / dt + 1e-9, MOST_STEPS))),
            Set("rows", full + 1.0 + where(differ(steps, full * every), 1.0, 0.0)),
            Set("status", i32(0)),
            unless((abs(start) < math.inf) & (abs(stop) < math.inf), "BAD_TIME"),
            unless((dt > 0.0) & (dt < math.inf), "BAD_DT"),
            unless(negate(stop < start), "STOP_BEFORE_START"),
            unless((ratio > 0.5) & (ratio < MOST_STEPS), "BAD_SAVE_STEP"),
            *(() if program.clock_varies else (unless(negate(off_grid), "BAD_SAVE_STEP"),)),
            unless(differ(steps, MOST_STEPS), "TOO_MANY_ROWS"),
            unless(rows * float(program.n_columns) <= MOST_DOUBLES, "TOO_MANY_ROWS"),
            If(
                equal(status, 0),
                (
                    put("base", start),
                    put("base_dt", dt),
                    put("since_base", 0),
                    put("unsaved", 0),
                    put("n_rows", apply("i32.trunc_sat_f64_s", rows)),
                ),
            ),
        ),
        status,
    )


def run_initials(program: Program, rings: int) -> Function:
    used = apply("i32.trunc_sat_f64_s", slot(RING_TOP))
    begin: Body = (
        put("results_offset", (used << 3) + rings),
        If(reserved(program.n_varying), (put("begun", 1),), (put("error", RUN_ERROR["TOO_MANY_ROWS"]),)),
    )
    return Function(
        "run_initials",
        (),
        (
            If(
                negate(get("begun") | get("error")),
                (
                    Do("invariants"),
                    Store(ROW, TIME, slot(START)),
                    *(Store(ROW, slot, constant(0.0)) for slot in (STEP, ERROR, RING_TOP)),
                    Do("initials"),
                    Do("evaluate"),
                    put("error", Node("call", I32, (), "read_clock")),
                    If(negate(get("error")), (put("error", kernel_error()),)),
                    If(negate(get("error")), begin),
                ),
            ),
        ),
    )


def kernel_error() -> Node:
    return apply("i32.trunc_sat_f64_s", slot(ERROR))


def run_to() -> Function:
    t, dt = local("t"), slot(DT)
    go: Body = (
        If(negate(get("saved_steps")), (Do("save"),)),
        While(
            where(Node("call", I32, (), "more"), get("next") <= t + 1e-9 * dt, i32(0)),
            (Do("step"),),
        ),
    )
    again = If(negate(t + 1e-9 * dt < slot(TIME)), (Do("invariants"), Do("evaluate"), *go))
    first = If(negate(t < slot(TIME)), (Do("run_initials"), If(get("begun"), go)))
    return Function("run_to", (("t", F64),), (If(equal(t, t), (If(get("begun"), (again,), (first,)),)),))


def more() -> Function:
    """Whether there is a step before the end; its time is then `next`. A new dt counts steps anew from here."""
    dt = slot(DT)
    following = get("base") + apply("f64.convert_i32_s", get("since_base") + 1) * dt
    return Function(
        "more",
        (),
        (
            If(
                differ(dt, get("base_dt")),
                (
                    put("base", slot(TIME)),
                    put("base_dt", dt),
                    put("since_base", 0),
                    If(negate((dt > 0.0) & (dt < math.inf)), (put("error", RUN_ERROR["BAD_DT"]),)),
                ),
            ),
            Set("going", negate(get("error")) & (get("step_count") < int(MOST_STEPS))),
            If(
                int_("going"),
                (put("next", following), Set("going", get("next") <= slot(STOP) + 1e-9 * dt)),
            ),
        ),
        int_("going"),
    )
