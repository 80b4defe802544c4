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
from .keeping import ring_used
from .rows import reserved, settled
from .shorthand import (
    MOST_DOUBLES,
    MOST_STEPS,
    Body,
    complete,
    evaluate_row,
    get,
    has_kernels,
    i32,
    int_,
    kernel_error,
    put,
    slot,
)
from .steps import steps


def read_clock(program: Program) -> Function:
    """Check the settings and find the number of rows; the result is a code of `RUN_ERROR`."""
    start, stop, dt, far, tiny = (local(name) for name in ("start", "stop", "dt", "far", "tiny"))
    ratio, every, steps, last = (local(name) for name in ("ratio", "every", "steps", "last"))
    off_grid = abs(ratio - every) > tiny * every
    too_many = negate(_rows(steps, every) * float(program.n_columns) <= MOST_DOUBLES)
    faults = [
        (negate((abs(start) < far) & (abs(stop) < far)), "BAD_TIME"),
        (negate((dt > 0.0) & (dt < far)), "BAD_DT"),
        (stop < start, "STOP_BEFORE_START"),
        (negate((ratio > 0.5) & (ratio < MOST_STEPS)), "BAD_SAVE_STEP"),
        *(() if program.clock_varies else ((off_grid, "BAD_SAVE_STEP"),)),
        (equal(steps, MOST_STEPS) | too_many, "TOO_MANY_ROWS"),
    ]
    status = i32(RUN_ERROR["NONE"])
    for fault, name in reversed(faults):
        status = where(fault, i32(RUN_ERROR[name]), status)
    begin: Body
    if program.clock_varies:
        begin = (put("base", start), put("base_dt", dt), put("since_base", 0))
    else:  # exactly the steps that `steps` will take
        fewer, further = Set("steps", steps - 1.0), Set("steps", steps + 1.0)
        begin = (
            Set("last", stop + tiny * dt),
            While(start + steps * dt > last, (fewer,)),
            While((start + (steps + 1.0) * dt <= last) & (steps < MOST_STEPS), (further,)),
            If(too_many, (Set("status", i32(RUN_ERROR["TOO_MANY_ROWS"])),)),
        )
    return Function(
        "read_clock",
        (),
        (
            Set("start", slot(START)),
            Set("stop", slot(STOP)),
            Set("dt", slot(DT)),
            Set("far", constant(math.inf)),
            Set("tiny", constant(1e-9)),
            Set("ratio", slot(SAVE_STEP) / dt),
            Set("every", apply("f64.nearest", ratio)),
            Set("steps", apply("f64.trunc", binary("min", (stop - start) / dt + tiny, MOST_STEPS))),
            Set("status", status),
            If(
                equal(int_("status"), 0),
                (
                    *begin,
                    put("unsaved", apply("i32.trunc_sat_f64_s", every)),
                    put("n_rows", apply("i32.trunc_sat_f64_s", _rows(steps, every))),
                ),
            ),
        ),
        int_("status"),
    )


def _rows(steps: Node, every: Node) -> Node:
    full = apply("f64.floor", steps / every)
    return full + 1.0 + where(differ(steps, full * every), 1.0, 0.0)


def run_initials(program: Program, rings: int) -> Function:
    kernels: Body = (
        (If(negate(get("error")), (put("error", kernel_error()),)),) if has_kernels(program) else ()
    )
    begin: Body = (
        *ring_used(program, rings),
        If(reserved(program.n_varying), (put("begun", 1),), (put("error", RUN_ERROR["TOO_MANY_ROWS"]),)),
    )
    return initials_once(program, (*kernels, If(negate(get("error")), begin)))


def initials_once(program: Program, after: Body) -> Function:
    """`run_initials` with what a kind of blob does behind the first evaluation."""
    return Function(
        "run_initials",
        (),
        (
            If(
                negate(get("begun") | get("error")),
                (
                    put("stale", 0),
                    Do("invariants"),
                    Store(ROW, TIME, slot(START)),
                    *(Store(ROW, slot, constant(0.0)) for slot in (STEP, ERROR, RING_TOP)),
                    Do("initials"),
                    *evaluate_row(program),
                    put("error", Node("call", I32, (), "read_clock")),
                    *after,
                ),
            ),
        ),
    )


def run_to() -> Function:
    t = local("t")
    return Function("run_to", (("t", F64),), (If(equal(t, t), (put("until", t), Do("go"))),))


def run() -> Function:
    return Function("run", (), (Do("reset"), put("until", math.inf), Do("go")))


def go(program: Program) -> Function:
    """Take every step up to the global ``until``; then the live row is complete."""
    begun, time, until = get("begun"), slot(TIME), get("until")
    limit = until + local("tiny") * slot(DT)
    if program.clock_varies:
        more_steps = where(Node("call", I32, (), "more"), get("next") <= limit, i32(0))
        first = where(get("step_count"), i32(0), get("unsaved"))
        on: Body = (If(first, (Do("save"),)), While(more_steps, (Do("step"),)))
    else:
        on = (Set("limit", limit), *steps(program))
    seen = complete(program) and (If(get("unsaved"), complete(program)),)
    fresh = If(get("stale"), (Do("invariants"), *evaluate_row(program), put("stale", 0)))
    ready = negate(where(begun, limit, until) < time)
    begin = If(begun, (fresh,), (Do("run_initials"),))
    return Function(
        "go",
        (),
        (
            Set("tiny", constant(1e-9)),
            If(ready, (begin, If(begun, (*on, *settled(program), *seen)))),
        ),
    )


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
