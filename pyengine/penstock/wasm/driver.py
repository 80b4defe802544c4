"""The blob's own functions around a program: inputs, clock, method, saved rows.

They say the same as `vm.machine`, in nodes; the parity tests hold one against the other. All are built per
program: sizes and the method's coefficients are constants in them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import reduce

from ..abi import MAX_RESULT_BYTES, RUN_ERROR, SET_VALUE
from ..ir import (
    Do,
    For,
    Function,
    If,
    Node,
    Operand,
    Set,
    SetGlobal,
    Statement,
    Store,
    While,
    apply,
    binary,
    constant,
    differ,
    equal,
    load,
    local,
    negate,
    where,
)
from ..methods import PIECES, TOLERANCE
from ..ops import F64, I32, I64, Type
from ..program import (
    DT,
    ERROR,
    GIVEN,
    INPUT,
    RING_TOP,
    ROW,
    SAVE_STEP,
    SETTINGS,
    START,
    STEP,
    STOP,
    TIME,
    Columns,
    Program,
)

PIECE, PIECE_SLOPES, WHOLE = "piece", "piece slopes", "whole"
"""Regions of adaptive methods: stocks and rates at the start of a piece, and stocks after it in one go."""

DEFAULTS, BEFORE, SLOPES, FOLLOWING, RESULTS = "defaults", "before", "slopes", "following", "results"
"""Regions that only the blob has: constants as compiled in; stocks before a step and their slopes at each
stage; what memories take next; the saved columns, counted from the start of memory."""

GLOBALS: dict[str, Type] = {
    "saved_steps": I32,
    "n_slots": I32,
    "row_offset": I32,
    "n_rows": I32,
    "results_offset": I32,
    "full_rows": I32,
    "begun": I32,
    "error": I32,
    "step_count": I32,
    "since_base": I32,
    "unsaved": I32,
    "clears": I32,
    "base": F64,
    "base_dt": F64,
    "next": F64,
    "sub_time": F64,
    "sub_dt": F64,
}

Body = tuple[Statement, ...]
_BLOCK = 65536
_MOST_STEPS = 2147483647.0
_MOST_DOUBLES = float(MAX_RESULT_BYTES // 8)


def regions(program: Program) -> dict[str, int]:
    """Sizes, in doubles, of the blob's regions in memory order, the program's tables and results left out."""
    stages = program.method.stages
    others = program.n_inputs - len(program.defaults)
    return {
        ROW: program.n_slots,
        BEFORE: program.stocks.count if stages > 1 else 0,
        SLOPES: program.stocks.count * stages if stages > 1 else 0,
        **dict.fromkeys((PIECE, PIECE_SLOPES, WHOLE), program.stocks.count if program.method.adaptive else 0),
        FOLLOWING: program.memories.count,
        GIVEN: others,
        INPUT: others,
        DEFAULTS: len(program.defaults),
    }


def functions(program: Program, rings: int) -> list[Function]:
    """All of them, those that the module exports among them, by the export's name. Rings begin at byte `rings`."""
    return [
        _set_value(program),
        _clear_values(program),
        _clear_given(program),
        _reset(program),
        _read_clock(program),
        _grow(),
        _reserve(),
        _reserve_ring(rings),
        _run_initials(program, rings),
        _step(program),
        _advance_stocks(program),
        _more(),
        _save(program),
        _enlarge(program),
        _fill_fixed(program),
        _run_to(),
        Function("run", (), (Do("reset"), Set("t", constant(math.inf)), *_run_to().body)),
        Function("get_error", (), (), apply("i64.extend_i32_u", _get("error"))),
    ]


# --- shorthand


def _get(name: str) -> Node:
    return Node("global", GLOBALS[name], (), name)


def _put(name: str, value: Operand) -> SetGlobal:
    return SetGlobal(name, constant(value, GLOBALS[name]))


def _i(value: int) -> Node:
    return constant(value, I32)


def _int(name: str) -> Node:
    return local(name, I32)


def _slot(slot: int) -> Node:
    return load(ROW, slot)


def _copy(target: str, to: int, source: str, at: int, count: int) -> Body:
    """Doubles from one region to another; the regions do not overlap, or are equal."""
    i = _int("i")
    return (For("i", count, (Store(target, to, load(source, at, i), i),)),) if count else ()


def _fill(target: str, to: int, count: int, value: float) -> Body:
    return (For("i", count, (Store(target, to, constant(value), _int("i")),)),) if count else ()


def _all(*truths: Node) -> Node:
    return reduce(lambda a, b: a & b, truths)


# --- inputs


def _set_value(program: Program) -> Function:
    n_constants, clock = len(program.defaults), program.clock_constants
    first = program.constants.start
    number, value, status = _int("input"), local("value"), _int("status")
    place = number - n_constants
    positive = [n_constants + SETTINGS.index(name) for name in ("dt", "save_step")]
    needs_positive = equal(number, _i(positive[0])) | equal(number, _i(positive[1]))

    def done(name: str) -> Set:
        return Set("status", _i(SET_VALUE[name]))

    def choose(*cases: tuple[Node, Body], otherwise: Body) -> Body:
        for condition, body in reversed(cases):
            otherwise = (If(condition, body, otherwise),)
        return otherwise

    def constant_(*after: Statement) -> Body:
        return (Store(ROW, first, value, number), *after, done("OK"))

    setting: Body = (
        Store(GIVEN, 0, constant(1.0), place),
        Store(INPUT, 0, value, place),
        _put("error", 0),
        If(equal(number, _i(n_constants + SETTINGS.index("start"))), (Store(ROW, TIME, value),)),
        done("OK"),
    )
    early = If(_get("begun"), (done("TOO_LATE"),), choose(
        (binary("lt_s", number, _i(clock)), constant_(Do("reset"))),
        (needs_positive & (value <= 0.0), (done("BAD_VALUE"),)),
        otherwise=setting,
    ))  # fmt: skip
    rows_lack_it = differ(_get("saved_steps"), 0) & equal(_get("full_rows"), 0)
    body = choose(
        (negate(binary("lt_u", number, _i(program.n_inputs))), (done("NOT_SETTABLE"),)),
        (negate(abs(value) < math.inf), (done("BAD_VALUE"),)),
        (binary("lt_s", number, _i(clock)) | (number >= n_constants), (early,)),
        otherwise=(
            If(rows_lack_it, (Do("fill_fixed"),)),
            *choose((rows_lack_it, (done("BAD_VALUE"),)), otherwise=constant_()),
        ),
    )
    return Function("set_value", (("input", I32), ("value", F64)), body, status)


def _clear_values(program: Program) -> Function:
    n, clock, first = len(program.defaults), program.clock_constants, program.constants.start
    i = _int("i")
    changed: Body = ()
    if n > clock:
        differs = differ(load(ROW, first + clock, i, I64), load(DEFAULTS, clock, i, I64))
        rows_lack_it = differ(_get("saved_steps"), 0) & equal(_get("full_rows"), 0)
        changed = (
            Set("changed", _i(0)),
            For("i", n - clock, (Set("changed", _int("changed") | differs),)),
            If(rows_lack_it & _int("changed"), (Do("fill_fixed"),)),
        )
    later = (*changed, *_copy(ROW, first + clock, DEFAULTS, clock, n - clock), _put("clears", 1))
    now = (*_copy(ROW, first, DEFAULTS, 0, n), Do("clear_given"), Do("reset"))
    return Function("clear_values", (), (If(_get("begun"), later, now),))


def _clear_given(program: Program) -> Function:
    """Drop the overrides that a run reads at its start."""
    n, clock = len(program.defaults), program.clock_constants
    return Function(
        "clear_given",
        (),
        (
            *_fill(GIVEN, 0, program.n_inputs - n, 0.0),
            *_copy(ROW, program.constants.start, DEFAULTS, 0, clock),
            _put("clears", 0),
        ),
    )


def _reset(program: Program) -> Function:
    n, first = len(program.defaults), program.constants.start
    behind = program.constants.end if n else first
    blank = (*_fill(ROW, 0, first, math.nan), *_fill(ROW, behind, program.n_slots - behind, math.nan))
    return Function(
        "reset",
        (),
        (
            If(_get("clears"), (Do("clear_given"),)),
            *blank,
            Do("invariants"),
            Set("start", _slot(START)),
            *blank,
            Store(ROW, TIME, local("start")),
            *(
                _put(name, 0)
                for name in ("step_count", "saved_steps", "n_rows", "full_rows", "begun", "error")
            ),
        ),
    )


# --- the clock


def _read_clock(program: Program) -> Function:
    """Check the settings and estimate the number of rows; the result is a code of `RUN_ERROR`."""
    start, stop, dt, save_step = _slot(START), _slot(STOP), _slot(DT), _slot(SAVE_STEP)
    ratio, every, steps, rows = local("ratio"), local("every"), local("steps"), local("rows")
    full = apply("f64.floor", steps / every)
    status = _int("status")

    def unless(condition: Node, name: str) -> Statement:
        return If(negate(condition) & equal(status, 0), (Set("status", _i(RUN_ERROR[name])),))

    off_grid = abs(ratio - every) > 1e-9 * every
    return Function(
        "read_clock",
        (),
        (
            Set("ratio", save_step / dt),
            Set("every", apply("f64.nearest", ratio)),
            Set("steps", apply("f64.trunc", binary("min", (stop - start) / dt + 1e-9, _MOST_STEPS))),
            Set("rows", full + 1.0 + where(differ(steps, full * every), 1.0, 0.0)),
            Set("status", _i(0)),
            unless((abs(start) < math.inf) & (abs(stop) < math.inf), "BAD_TIME"),
            unless((dt > 0.0) & (dt < math.inf), "BAD_DT"),
            unless(negate(stop < start), "STOP_BEFORE_START"),
            unless((ratio > 0.5) & (ratio < _MOST_STEPS), "BAD_SAVE_STEP"),
            *(() if program.clock_varies else (unless(negate(off_grid), "BAD_SAVE_STEP"),)),
            unless(differ(steps, _MOST_STEPS), "TOO_MANY_ROWS"),
            unless(rows * float(program.n_columns) <= _MOST_DOUBLES, "TOO_MANY_ROWS"),
            If(
                equal(status, 0),
                (
                    _put("base", start),
                    _put("base_dt", dt),
                    _put("since_base", 0),
                    _put("unsaved", 0),
                    _put("n_rows", apply("i32.trunc_sat_f64_s", rows)),
                ),
            ),
        ),
        status,
    )


def _run_initials(program: Program, rings: int) -> Function:
    used = apply("i32.trunc_sat_f64_s", _slot(RING_TOP))
    begin: Body = (
        _put("results_offset", (used << 3) + rings),
        If(_reserved(program.n_varying), (_put("begun", 1),), (_put("error", RUN_ERROR["TOO_MANY_ROWS"]),)),
    )
    return Function(
        "run_initials",
        (),
        (
            If(
                negate(_get("begun") | _get("error")),
                (
                    Do("invariants"),
                    Store(ROW, TIME, _slot(START)),
                    *(Store(ROW, slot, constant(0.0)) for slot in (STEP, ERROR, RING_TOP)),
                    Do("initials"),
                    Do("evaluate"),
                    _put("error", Node("call", I32, (), "read_clock")),
                    If(negate(_get("error")), (_put("error", _kernel_error()),)),
                    If(negate(_get("error")), begin),
                ),
            ),
        ),
    )


def _kernel_error() -> Node:
    return apply("i32.trunc_sat_f64_s", _slot(ERROR))


def _run_to() -> Function:
    t, dt = local("t"), _slot(DT)
    go: Body = (
        If(negate(_get("saved_steps")), (Do("save"),)),
        While(
            where(Node("call", I32, (), "more"), _get("next") <= t + 1e-9 * dt, _i(0)),
            (Do("step"),),
        ),
    )
    again = If(negate(t + 1e-9 * dt < _slot(TIME)), (Do("invariants"), Do("evaluate"), *go))
    first = If(negate(t < _slot(TIME)), (Do("run_initials"), If(_get("begun"), go)))
    return Function("run_to", (("t", F64),), (If(equal(t, t), (If(_get("begun"), (again,), (first,)),)),))


def _more() -> Function:
    """Whether there is a step before the end; its time is then `next`. A new dt counts steps anew from here."""
    dt = _slot(DT)
    following = _get("base") + apply("f64.convert_i32_s", _get("since_base") + 1) * dt
    return Function(
        "more",
        (),
        (
            If(
                differ(dt, _get("base_dt")),
                (
                    _put("base", _slot(TIME)),
                    _put("base_dt", dt),
                    _put("since_base", 0),
                    If(negate((dt > 0.0) & (dt < math.inf)), (_put("error", RUN_ERROR["BAD_DT"]),)),
                ),
            ),
            Set("going", negate(_get("error")) & (_get("step_count") < int(_MOST_STEPS))),
            If(
                _int("going"),
                (_put("next", following), Set("going", _get("next") <= _slot(STOP) + 1e-9 * dt)),
            ),
        ),
        _int("going"),
    )


def _step(program: Program) -> Function:
    method = program.method
    memories, followers = program.memories, program.followers
    body: list[Statement] = [
        *((Do("advance"),) if program.advance.body else ()),
        *_copy(FOLLOWING, 0, ROW, followers.start, memories.count),
    ]
    if method.stages == 1:
        slope = load(ROW, program.rates.start, _int("i"))
        body += _weighted(
            program, method.b, [slope], load(ROW, program.stocks.start, _int("i")), _get("base_dt")
        )
    elif method.adaptive:
        body += _in_pieces(program)
    else:
        body += [*_keep(program, BEFORE, SLOPES), *_advance(_slot(TIME), _get("base_dt"))]
    body += [
        *((Do("settle"),) if program.settle.body else ()),
        *_copy(ROW, memories.start, FOLLOWING, 0, memories.count),
        *(_put(name, _get(name) + 1) for name in ("step_count", "since_base", "unsaved")),
        Store(ROW, STEP, apply("f64.convert_i32_s", _get("step_count"))),
        Store(ROW, TIME, _get("next")),
        Do("evaluate"),
        *(
            (If(differ(_slot(ERROR), 0.0), (_put("error", _kernel_error()),)),)
            if program.advance.body
            else ()
        ),
        Set("every", apply("f64.nearest", _slot(SAVE_STEP) / _slot(DT))),
        If(
            where(
                apply("f64.convert_i32_s", _get("unsaved")) >= local("every"),
                _i(1),
                negate(Node("call", I32, (), "more")),
            ),
            (Do("save"),),
        ),
    ]
    return Function("step", (), tuple(body))


def _weighted(
    program: Program, weights: Iterable[float], slopes: Iterable[Node], before: Node, dt: Node
) -> Body:
    """Give every stock the value `before` + dt times the weighted slopes; all are indexed by the local ``i``."""
    terms = [
        slope if weight == 1.0 else constant(weight) * slope
        for weight, slope in zip(weights, slopes, strict=False)
        if weight
    ]
    total = reduce(lambda a, b: a + b, terms)
    stocks = program.stocks
    move = Store(ROW, stocks.start, before + dt * total, _int("i"))
    return (For("i", stocks.count, (move,)),) if stocks.count else ()


def _keep(program: Program, stocks: str, rates: str) -> Body:
    """Copy the live stocks and rates to the starts of two regions."""
    n = program.stocks.count
    return (*_copy(stocks, 0, ROW, program.stocks.start, n), *_copy(rates, 0, ROW, program.rates.start, n))


def _advance(time: Node, dt: Node) -> Body:
    """Give the stocks their values a step of the method after `time`, from those in `BEFORE` and the first slopes."""
    return (_put("sub_time", time), _put("sub_dt", dt), Do("advance_stocks"))


def _advance_stocks(program: Program) -> Function:
    method, n, i = program.method, program.stocks.count, _int("i")
    slopes = [load(SLOPES, stage * n, i) for stage in range(method.stages)]
    before, dt = load(BEFORE, 0, i), _get("sub_dt")
    body: list[Statement] = []
    for stage, (a, c) in enumerate(zip(method.a, method.c, strict=True), 1):
        body += [
            Store(ROW, TIME, _get("sub_time") + c * dt),
            *_weighted(program, a, slopes, before, dt),
            Do("evaluate"),
            *_copy(SLOPES, stage * n, ROW, program.rates.start, n),
        ]
    return Function("advance_stocks", (), (*body, *_weighted(program, method.b, slopes, before, dt)))


def _in_pieces(program: Program) -> Body:
    """A step of an adaptive method; `place` and `size` count in parts of dt."""
    n, i, dt = program.stocks.count, _int("i"), _get("base_dt")
    place, size = _int("place"), _int("size")
    at, length = local("at"), local("length")

    def part(count: Node) -> Node:
        return dt * (apply("f64.convert_i32_s", count) / float(PIECES))

    def start_again() -> Body:
        return (*_copy(BEFORE, 0, PIECE, 0, n), *_copy(SLOPES, 0, PIECE_SLOPES, 0, n))

    two, one, old = load(ROW, program.stocks.start, i), load(WHOLE, 0, i), load(PIECE, 0, i)
    close = abs(two - one) <= TOLERANCE * binary("max", abs(two), abs(old))
    check = (For("i", n, (Set("fine", _int("fine") & close),)),) if n else ()
    taken: Body = (
        Set("place", place + size),
        *_copy(PIECE, 0, ROW, program.stocks.start, n),
        If(
            place < PIECES,
            (
                Store(ROW, TIME, local("time") + part(place)),
                Do("evaluate"),
                *_copy(PIECE_SLOPES, 0, ROW, program.rates.start, n),
                If(_int("fine") & equal(place & ((size << 1) - 1), 0), (Set("size", size << 1),)),
            ),
        ),
    )
    piece: Body = (
        Set("at", local("time") + part(place)),
        Set("length", part(size)),
        *start_again(),
        *_advance(at, length),
        *_copy(WHOLE, 0, ROW, program.stocks.start, n),
        *_advance(at, 0.5 * length),
        Store(ROW, TIME, at + 0.5 * length),
        Do("evaluate"),
        *_keep(program, BEFORE, SLOPES),
        *_advance(at + 0.5 * length, 0.5 * length),
        Set("fine", _i(1)),
        *check,
        If(_int("fine") | (size < 2), taken, (Set("size", size >> 1),)),
    )
    return (
        Set("time", _slot(TIME)),
        *_keep(program, PIECE, PIECE_SLOPES),
        Set("place", _i(0)),
        Set("size", _i(PIECES)),
        While(place < PIECES, piece),
    )


# --- saved rows


def _grow() -> Function:
    """Make memory at least so many bytes long; the result is 0 where there is no more to be had."""
    missing = _int("missing")
    pages = (_int("bytes") + (_BLOCK - 1)) >> 16
    return Function(
        "grow",
        (("bytes", I32),),
        (
            Set("missing", pages - Node("memory.size", I32)),
            Set("granted", _i(1)),
            If(_i(0) < missing, (Set("granted", differ(Node("memory.grow", I32, (missing,)), -1)),)),
        ),
        _int("granted"),
    )


def _reserve() -> Function:
    """Make room for so many columns of rows."""
    needed = (_get("n_rows") * _int("columns") << 3) + _get("results_offset")
    return Function("reserve", (("columns", I32),), (), Node("call", I32, (needed,), "grow"))


def _reserve_ring(rings: int) -> Function:
    """Make room for so many doubles of rings. Without it the run cannot go on, and what follows traps."""
    granted = Node("call", I32, ((_int("count") << 3) + rings,), "grow")
    failed = Store(ROW, ERROR, constant(float(RUN_ERROR["TOO_MUCH_MEMORY"])))
    return Function("reserve_ring", (("count", I32),), (If(negate(granted), (failed,)),))


def _reserved(columns: Operand) -> Node:
    return Node("call", I32, (constant(columns, I32),), "reserve")


def _cell(column: Node, row: Node) -> Node:
    """Where a saved value stands, in doubles from the start of memory."""
    return column * _get("n_rows") + row + (_get("results_offset") >> 3)


def _save(program: Program) -> Function:
    """The live row's columns as a new row; more room is made where the clock has changed since the estimate."""

    def columns(runs: Iterable[Columns]) -> Body:
        i = _int("i")
        return tuple(
            For(
                "i",
                run.count,
                (Store(RESULTS, 0, load(ROW, run.slot, i), _cell(i + run.column, _get("saved_steps"))),),
            )
            for run in runs
        )

    fixed = (If(_get("full_rows"), columns(program.fixed)),) if program.fixed else ()
    write = (
        *columns(program.varying),
        *fixed,
        _put("saved_steps", _get("saved_steps") + 1),
        _put("unsaved", 0),
    )
    ready = negate(_get("error"))
    enlarge = If(equal(_get("saved_steps"), _get("n_rows")), (Do("enlarge"),))
    too_many = apply("f64.convert_i32_s", _get("saved_steps")) * float(program.n_columns) > _MOST_DOUBLES
    check = If(too_many, (_put("error", RUN_ERROR["TOO_MANY_ROWS"]),))
    return Function("save", (), (enlarge, If(ready, (*write, check))))


def _enlarge(program: Program) -> Function:
    """Double the room for rows. Columns move up, the last one first and each from its end."""
    old, column, row = _int("old"), _int("column"), _int("row")
    here = (_get("results_offset") >> 3) + column * old + (row - 1)
    move = Store(RESULTS, 0, load(RESULTS, 0, here), _cell(column, row - 1))
    stored = where(_get("full_rows"), _i(program.n_columns), _i(program.n_varying))
    return Function(
        "enlarge",
        (),
        (
            Set("old", _get("n_rows")),
            _put("n_rows", old << 1),
            If(
                _reserved(stored),
                (
                    Set("column", stored),
                    While(
                        _i(0) < column,
                        (
                            Set("column", column - 1),
                            Set("row", old),
                            While(_i(0) < row, (move, Set("row", row - 1))),
                        ),
                    ),
                ),
                (_put("n_rows", old), _put("error", RUN_ERROR["TOO_MANY_ROWS"])),
            ),
        ),
    )


def _fill_fixed(program: Program) -> Function:
    """From now on fixed columns are stored too; the rows so far get the values up to here."""
    i, j = _int("i"), _int("j")
    fill = tuple(
        For(
            "i",
            run.count,
            (
                Set("j", _i(0)),
                While(
                    j < _get("saved_steps"),
                    (Store(RESULTS, 0, load(ROW, run.slot, i), _cell(i + run.column, j)), Set("j", j + 1)),
                ),
            ),
        )
        for run in program.fixed
    )
    return Function("fill_fixed", (), (If(_reserved(program.n_columns), (*fill, _put("full_rows", 1))),))
