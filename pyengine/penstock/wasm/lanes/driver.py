"""The functions of a lane blob around its program: most are those of any blob, without saved rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ...abi import RUN_ERROR, SET_VALUE
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
    load,
    local,
    negate,
    where,
)
from ...ops import F64, I32, I64
from ...program import ERROR, GIVEN, INPUT, ROW, SETTINGS, START, STOP, TIME, Program
from ..driver.clock import initials_once, read_clock, run, run_to
from ..driver.inputs import clear_given, clear_values, reset, set_value
from ..driver.plain import allocate, deallocate
from ..driver.rows import grow
from ..driver.shorthand import Body, evaluate_row, get, has_kernels, i32, int_, put, slot
from ..driver.steps import advance_stocks, stepped
from ..emit import BYTES
from .forms import LANES

WHOLE = "evaluate whole"
"""`evaluate` with all that it writes."""
SINGLE = {ROW: "row by lane", GIVEN: "given by lane", INPUT: "input by lane"}
"""Other names of regions, by which a double is that of one lane; the index is `LANES` times the place, and the lane."""


def functions(program: Program, addresses: Mapping[str, int], arena: int, arena_end: int) -> list[Function]:
    """All of them, those that the module exports among them, by the export's name."""
    return [
        set_value(program),
        set_lane_value(program),
        clear_values(program),
        clear_given(program),
        reset(program),
        read_clock(program),
        grow(),
        reserve_ring(addresses["ring"]),
        run_initials(program),
        advance_stocks(program),
        run_to(),
        run(),
        go(program),
        sweep(),
        allocate(arena_end),
        deallocate(arena, arena_end),
        Function("fill_fixed"),  # there are no rows to fill
        Function("get_error", (), (), apply("i64.extend_i32_u", get("error"))),
    ]


def of_lane(region: str, place: Node | int, lane: Node | int) -> Node:
    """The index of a place in a region of `SINGLE`."""
    return (constant(place, I32) << 2) + lane


def reserve_ring(rings: int) -> Function:
    granted = Node("call", I32, ((int_("count") << 5) + rings,), "grow")
    failed = Store(ROW, ERROR, constant(float(RUN_ERROR["TOO_MUCH_MEMORY"])))
    return Function("reserve_ring", (("count", I32),), (If(negate(granted), (failed,)),))


def failure() -> Node:
    """The greatest error that a kernel has left in any lane."""
    errors = [load(SINGLE[ROW], LANES * ERROR + lane) for lane in range(LANES)]
    pairs = [binary("max", a, b) for a, b in (errors[:2], errors[2:])]
    return apply("i32.trunc_sat_f64_s", binary("max", *pairs))


def run_initials(program: Program) -> Function:
    kernels: Body = (If(negate(get("error")), (put("error", failure()),)),) if has_kernels(program) else ()
    return initials_once(program, (*kernels, put("begun", negate(get("error")))))


def go(program: Program) -> Function:
    """Take every step up to the global ``until``, in all lanes; then the live rows are complete."""
    begun, time, until, dt = get("begun"), slot(TIME), get("until"), slot(1)
    count, following = int_("count"), local("following")
    limit = until + 1e-9 * dt
    fresh = If(get("stale"), (Do("invariants"), *evaluate_row(program), put("stale", 0)))
    on: Body = (
        Set("dt", dt),
        Set("limit", binary("min", limit, slot(STOP) + 1e-9 * local("dt"))),
        Set("count", get("step_count")),
        Set("going", i32(1)),
        While(
            int_("going"),
            (
                Set("following", slot(START) + apply("f64.convert_i32_s", count + 1) * local("dt")),
                Set("going", (following <= local("limit")) & negate(get("error"))),
                If(
                    int_("going"),
                    (Set("count", count + 1), *stepped(program, count, local("dt"), following, failure())),
                ),
            ),
        ),
        put("step_count", count),
        Do(WHOLE),
        *((Do("complete"),) if program.complete.body else ()),
    )
    ready = negate(where(begun, limit, until) < time)
    begin = If(begun, (fresh,), (Do("run_initials"),))
    return Function("go", (), (If(ready, (begin, If(begun, on))),))


def set_lane_value(program: Program) -> Function:
    """An input of one lane: a constant that no setting follows from, an initial value, or the seed."""
    n, clock = len(program.defaults), program.clock_constants
    lane, number, value, status = int_("lane"), int_("input"), local("value"), int_("status")
    seed = n + SETTINGS.index("seed")
    settings = (number >= n) & (number < n + len(SETTINGS)) & binary("ne", number, i32(seed))
    outside = negate(binary("lt_u", number, i32(program.n_inputs)) & binary("lt_u", lane, i32(LANES)))
    place = number - n

    def done(name: str) -> Set:
        return Set("status", i32(SET_VALUE[name]))

    early: Body = (
        Store(SINGLE[GIVEN], 0, constant(1.0), of_lane(GIVEN, place, lane)),
        Store(SINGLE[INPUT], 0, value, of_lane(INPUT, place, lane)),
        put("error", 0),
        done("OK"),
    )
    constant_: Body = (
        Store(SINGLE[ROW], 0, value, of_lane(ROW, number + program.constants.start, lane)),
        put("stale", 1),
        done("OK"),
    )
    return Function(
        "set_lane_value",
        (("lane", I32), ("input", I32), ("value", F64)),
        (
            If(
                outside | (number < clock) | settings,
                (done("NOT_SETTABLE"),),
                (
                    If(
                        negate(abs(value) < math.inf),
                        (done("BAD_VALUE"),),
                        (If(number < n, constant_, (If(get("begun"), (done("TOO_LATE"),), early),)),),
                    ),
                ),
            ),
        ),
        status,
    )


def sweep() -> Function:
    """Runs, `LANES` at a time, as a request says; values and the status of each run go to `reply`.

    See the manual's page on blobs for both.
    """
    request, reply = int_("request"), int_("reply")
    n_runs, n_inputs, n_outputs, n_times = (
        int_(name) for name in ("n_runs", "n_inputs", "n_outputs", "n_times")
    )
    first, lane, source, j, t, o, at = (
        int_(name) for name in ("first", "lane", "source", "j", "t", "o", "at")
    )
    inputs = request + 16
    slots = inputs + (n_inputs << 2)
    times, values, status = int_("times"), int_("values"), int_("status")
    nth = where(first + lane < n_runs, first + lane, n_runs - 1)
    given = Node(
        "call", I32, (lane, _word(inputs + (j << 2)), load(BYTES, 0, source + (j << 3))), "set_lane_value"
    )
    set_all: Body = (
        Set("lane", i32(0)),
        While(
            lane < LANES,
            (
                Set("source", values + (nth * n_inputs << 3)),
                Set("j", i32(0)),
                While(j < n_inputs, (Set("status", status | given), Set("j", j + 1))),
                Set("lane", lane + 1),
            ),
        ),
    )
    seen = load(SINGLE[ROW], 0, of_lane(ROW, _word(slots + (o << 2)), lane))
    read: Body = (
        Set("lane", i32(0)),
        While(
            (lane < LANES) & (first + lane < n_runs),
            (
                Set("at", reply + (((first + lane) * n_times + t) * n_outputs << 3)),
                Set("o", i32(0)),
                While(
                    o < n_outputs,
                    (Store(BYTES, 0, seen, at), Set("at", at + 8), Set("o", o + 1)),
                ),
                Set("lane", lane + 1),
            ),
        ),
    )
    finish: Body = (
        Set("status", status | get("error")),
        Set("lane", i32(0)),
        While(
            (lane < LANES) & (first + lane < n_runs),
            (
                Store(
                    BYTES,
                    0,
                    apply("f64.convert_i32_s", status),
                    reply + ((n_runs * n_times * n_outputs + first + lane) << 3),
                ),
                Set("lane", lane + 1),
            ),
        ),
    )
    return Function(
        "sweep",
        (("request", I32), ("reply", I32)),
        (
            *(
                Set(name, _word(request + 4 * k))
                for k, name in enumerate(("n_runs", "n_inputs", "n_outputs", "n_times"))
            ),
            Set("times", slots + (n_outputs << 2) + 7 & constant(-8, I32)),
            Set("values", times + (n_times << 3)),
            Set("first", i32(0)),
            While(
                first < n_runs,
                (
                    Do("reset"),
                    Set("status", i32(0)),
                    *set_all,
                    Set("t", i32(0)),
                    While(
                        (t < n_times) & negate(status),
                        (
                            put("until", load(BYTES, 0, times + (t << 3))),
                            Do("go"),
                            *read,
                            Set("t", t + 1),
                        ),
                    ),
                    *finish,
                    Set("first", first + LANES),
                ),
            ),
        ),
    )


def _word(at: Node) -> Node:
    return apply("i32.wrap_i64", load(BYTES, 0, at, I64))
