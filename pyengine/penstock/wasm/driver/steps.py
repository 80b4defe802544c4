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
from ...program import ERROR, ROW, SAVE_STEP, STEP, TIME, Program
from .clock import kernel_error
from .shorthand import (
    BEFORE,
    FOLLOWING,
    PIECE,
    PIECE_SLOPES,
    SLOPES,
    WHOLE,
    Body,
    copy,
    get,
    i32,
    int_,
    put,
    slot,
)


def step(program: Program) -> Function:
    method = program.method
    memories, followers = program.memories, program.followers
    body: list[Statement] = [
        *((Do("advance"),) if program.advance.body else ()),
        *copy(FOLLOWING, 0, ROW, followers.start, memories.count),
    ]
    if method.stages == 1:
        slope = load(ROW, program.rates.start, int_("i"))
        body += _weighted(
            program, method.b, [slope], load(ROW, program.stocks.start, int_("i")), get("base_dt")
        )
    elif method.adaptive:
        body += _in_pieces(program)
    else:
        body += [*_keep(program, BEFORE, SLOPES), *_advance(slot(TIME), get("base_dt"))]
    body += [
        *((Do("settle"),) if program.settle.body else ()),
        *copy(ROW, memories.start, FOLLOWING, 0, memories.count),
        *(put(name, get(name) + 1) for name in ("step_count", "since_base", "unsaved")),
        Store(ROW, STEP, apply("f64.convert_i32_s", get("step_count"))),
        Store(ROW, TIME, get("next")),
        Do("evaluate"),
        *((If(differ(slot(ERROR), 0.0), (put("error", kernel_error()),)),) if program.advance.body else ()),
        Set("every", apply("f64.nearest", slot(SAVE_STEP) / get("base_dt"))),
        If(
            where(
                apply("f64.convert_i32_s", get("unsaved")) >= local("every"),
                i32(1),
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
    move = Store(ROW, stocks.start, before + dt * total, int_("i"))
    return (For("i", stocks.count, (move,)),) if stocks.count else ()


def _keep(program: Program, stocks: str, rates: str) -> Body:
    """Copy the live stocks and rates to the starts of two regions."""
    n = program.stocks.count
    return (*copy(stocks, 0, ROW, program.stocks.start, n), *copy(rates, 0, ROW, program.rates.start, n))


def _advance(time: Node, dt: Node) -> Body:
    """Give the stocks their values a step of the method after `time`, from those in `BEFORE` and the first slopes."""
    return (put("sub_time", time), put("sub_dt", dt), Do("advance_stocks"))


def advance_stocks(program: Program) -> Function:
    method, n, i = program.method, program.stocks.count, int_("i")
    slopes = [load(SLOPES, stage * n, i) for stage in range(method.stages)]
    before, dt = load(BEFORE, 0, i), get("sub_dt")
    body: list[Statement] = []
    for stage, (a, c) in enumerate(zip(method.a, method.c, strict=True), 1):
        body += [
            Store(ROW, TIME, get("sub_time") + c * dt),
            *_weighted(program, a, slopes, before, dt),
            Do("evaluate"),
            *copy(SLOPES, stage * n, ROW, program.rates.start, n),
        ]
    return Function("advance_stocks", (), (*body, *_weighted(program, method.b, slopes, before, dt)))


def _in_pieces(program: Program) -> Body:
    """A step of an adaptive method; `place` and `size` count in parts of dt."""
    n, i, dt = program.stocks.count, int_("i"), get("base_dt")
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
