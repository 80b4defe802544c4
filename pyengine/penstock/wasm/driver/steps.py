"""One step of the integration method, fixed or adaptive."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from ...ir import (
    Do,
    For,
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
    load,
    local,
    negate,
    where,
)
from ...methods import PIECES, TOLERANCE
from ...ops import I32
from ...program import DT, ROW, SAVE_STEP, START, STEP, STOP, TIME, Program
from .shorthand import (
    BEFORE,
    FOLLOWING,
    PIECE,
    PIECE_SLOPES,
    SLOPES,
    WHOLE,
    Body,
    complete,
    copy,
    get,
    has_kernels,
    i32,
    int_,
    kernel_error,
    put,
    slot,
    unrolled,
)


def step(program: Program) -> Function:
    """One step to the time ``next`` of a clock that may change, saved where a row is due."""
    due = apply("f64.convert_i32_s", get("unsaved")) >= local("every")
    return Function(
        "step",
        (),
        (
            *(put(name, get(name) + 1) for name in ("step_count", "since_base", "unsaved")),
            *stepped(program, get("step_count"), get("base_dt"), get("next")),
            Set("every", apply("f64.nearest", slot(SAVE_STEP) / get("base_dt"))),
            If(where(due, i32(1), negate(Node("call", I32, (), "more"))), (*complete(program), Do("save"))),
        ),
    )


def steps(program: Program) -> Body:
    """Save the row where it is due and take a step, until the local ``limit``, with a clock that stays as it is; the
    local ``tiny`` is what of dt does not count.

    A run starts with as many unsaved steps as are due, so that its first row is saved.
    """
    dt, last, following, count = local("dt"), local("last"), local("following"), int_("count")
    unsaved = get("unsaved")
    due = (unsaved >= int_("every")) | (differ(unsaved, 0) & negate(following <= last))
    fails = has_kernels(program)
    on: Body = (
        Set("going", following <= local("limit")),
        *((Set("going", int_("going") & equal(get("error"), 0)),) if fails else ()),
    )
    return (
        Set("dt", slot(DT)),
        Set("last", slot(STOP) + local("tiny") * dt),
        Set("limit", binary("min", local("limit"), last)),
        Set("every", apply("i32.trunc_sat_f64_s", apply("f64.nearest", slot(SAVE_STEP) / dt))),
        Set("count", get("step_count")),
        Set("going", i32(1)),
        While(
            int_("going"),
            (
                Set("following", slot(START) + apply("f64.convert_i32_s", count + 1) * dt),
                If(due, (*complete(program), Do("save"))),
                *on,
                If(
                    int_("going"),
                    (
                        Set("count", count + 1),
                        put("unsaved", unsaved + 1),
                        *stepped(program, count, dt, following),
                    ),
                ),
            ),
        ),
        put("step_count", count),
    )


def stepped(program: Program, number: Node, dt: Node, time: Node, failed: Node | None = None) -> Body:
    """Take the step of a number to a time, and evaluate everything there. `failed` is a kernel's error, the row's own
    unless given."""
    failed = kernel_error() if failed is None else failed
    method = program.method
    memories, followers = program.memories, program.followers
    several = method.stages > 1
    body: list[Statement] = [*((Do("advance"),) if program.advance.body else ())]
    if several:
        body += copy(FOLLOWING, 0, ROW, followers.start, memories.count)
    if not several:
        stocks = ROW, program.stocks.start
        body += _weighted(program, method.b, [(ROW, program.rates.start)], stocks, dt)
    elif method.adaptive:
        body += _in_pieces(program, dt)
    else:
        body += [*_keep(program, BEFORE, SLOPES), *_advance(slot(TIME), dt)]
    taken = (FOLLOWING, 0) if several else (ROW, followers.start)
    return (
        *body,
        *((Do("settle"),) if program.settle.body else ()),
        *copy(ROW, memories.start, *taken, memories.count),
        Store(ROW, STEP, apply("f64.convert_i32_s", number)),
        Store(ROW, TIME, time),
        Do("evaluate"),
        *((If(failed, (put("error", failed),)),) if has_kernels(program) else ()),
    )


_Place = tuple[str, int]
"""A region and the offset of a block in it."""


def _weighted(
    program: Program, weights: Iterable[float], slopes: Iterable[_Place], before: _Place, dt: Node
) -> Body:
    """Give every stock the value of `before` + dt times the weighted slopes."""
    stocks = program.stocks
    weighted = [pair for pair in zip(weights, slopes, strict=False) if pair[0]]

    def at(place: _Place, k: int, i: Node | None) -> Node:
        return load(place[0], place[1] + k, i)

    def one(k: int, i: Node | None) -> Body:
        terms = (
            at(slope, k, i) if weight == 1.0 else constant(weight) * at(slope, k, i)
            for weight, slope in weighted
        )
        value = at(before, k, i) + dt * reduce(lambda a, b: a + b, terms)
        return (Store(ROW, stocks.start + k, value, i),)

    return unrolled(stocks.count, 4, one)


def _keep(program: Program, stocks: str, rates: str) -> Body:
    """Copy the live stocks and rates to the starts of two regions."""
    n = program.stocks.count
    return (*copy(stocks, 0, ROW, program.stocks.start, n), *copy(rates, 0, ROW, program.rates.start, n))


def _advance(time: Node, dt: Node) -> Body:
    """Give the stocks their values a step of the method after `time`, from those in `BEFORE` and the first slopes."""
    return (put("sub_time", time), put("sub_dt", dt), Do("advance_stocks"))


def advance_stocks(program: Program) -> Function:
    method, n = program.method, program.stocks.count
    slopes = [(SLOPES, stage * n) for stage in range(method.stages)]
    before, dt = (BEFORE, 0), get("sub_dt")
    body: list[Statement] = []
    for stage, (a, c) in enumerate(zip(method.a, method.c, strict=True), 1):
        body += [
            Store(ROW, TIME, get("sub_time") + c * dt),
            *_weighted(program, a, slopes, before, dt),
            Do("evaluate"),
            *copy(SLOPES, stage * n, ROW, program.rates.start, n),
        ]
    return Function("advance_stocks", (), (*body, *_weighted(program, method.b, slopes, before, dt)))


def _in_pieces(program: Program, dt: Node) -> Body:
    """A step of an adaptive method; `place` and `size` count in parts of dt."""
    n, i = program.stocks.count, int_("i")
    place, size = int_("place"), int_("size")
    at, length = local("at"), local("length")

    def part(count: Node) -> Node:
        return dt * (apply("f64.convert_i32_s", count) / float(PIECES))

    def start_again() -> Body:
        return (*copy(BEFORE, 0, PIECE, 0, n), *copy(SLOPES, 0, PIECE_SLOPES, 0, n))

    two, one, old = load(ROW, program.stocks.start, i), load(WHOLE, 0, i), load(PIECE, 0, i)
    close = abs(two - one) <= TOLERANCE * binary("max", abs(two), abs(old))
    check = (For("i", n, (Set("fine", int_("fine") & close),)),) if n else ()
    taken: Body = (
        Set("place", place + size),
        *copy(PIECE, 0, ROW, program.stocks.start, n),
        If(
            place < PIECES,
            (
                Store(ROW, TIME, local("time") + part(place)),
                Do("evaluate"),
                *copy(PIECE_SLOPES, 0, ROW, program.rates.start, n),
                If(int_("fine") & equal(place & ((size << 1) - 1), 0), (Set("size", size << 1),)),
            ),
        ),
    )
    piece: Body = (
        Set("at", local("time") + part(place)),
        Set("length", part(size)),
        *start_again(),
        *_advance(at, length),
        *copy(WHOLE, 0, ROW, program.stocks.start, n),
        *_advance(at, 0.5 * length),
        Store(ROW, TIME, at + 0.5 * length),
        Do("evaluate"),
        *_keep(program, BEFORE, SLOPES),
        *_advance(at + 0.5 * length, 0.5 * length),
        Set("fine", i32(1)),
        *check,
        If(int_("fine") | (size < 2), taken, (Set("size", size >> 1),)),
    )
    return (
        Set("time", slot(TIME)),
        *_keep(program, PIECE, PIECE_SLOPES),
        Set("place", i32(0)),
        Set("size", i32(PIECES)),
        While(place < PIECES, piece),
    )
