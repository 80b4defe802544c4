"""The points of lookups: written out when a blob starts, as `packed` says what it carries."""

from __future__ import annotations

import math

from ...abi import SET_VALUE
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
    load,
    local,
    negate,
    where,
)
from ...ops import F64, I32, I64
from ...program import POINTS, Program
from ..emit import BYTES
from ..packed import RAW
from .shorthand import Body, get, i32, int_, put

_TRIPLE = 3


def unpack(start: int, count: int) -> Function:
    """Points and slopes of so many lookups, from what stands at byte `start` on."""
    place, at, n = int_("place"), int_("at"), int_("n")
    word = load(BYTES, 0, place, I64)
    single = equal(n, 1)
    return Function(
        "unpack",
        (),
        (
            Set("place", i32(start)),
            Set("at", i32(0)),
            While(
                place < start + 16 * count,
                (
                    Set("n", apply("i32.wrap_i64", word)),
                    *_array(start, 0),
                    *_array(start, 1),
                    *_slopes(at, n),
                    If(single, (Store(POINTS, 3, constant(math.nan), at),)),
                    Set("at", at + n * _TRIPLE + single),
                ),
            ),
        ),
    )


def _array(start: int, part: int) -> Body:
    """The numbers that the word at `place` tells of, as the x or y of points; then the next word."""
    place, at, n, i, source = (int_(name) for name in ("place", "at", "n", "i", "source"))
    width, decimals, scale = int_("width"), int_("decimals"), local("scale")
    bits = load(BYTES, 1, source, I64)
    unused = apply("i64.extend_i32_u", (RAW - width) << 3)
    whole = binary("shr_s", bits << unused, unused)
    value = where(
        equal(width, RAW),
        apply("f64.reinterpret_i64", bits),
        apply("f64.convert_i64_s", whole) / scale,
    )
    how = apply("i32.wrap_i64", load(BYTES, 0, source, I64))
    return (
        Set("source", apply("i32.wrap_i64", load(BYTES, 0, place, I64) >> 32) + start),
        Set("width", how & 255),
        Set("decimals", how >> 8),
        Set("scale", constant(1.0)),
        While(decimals, (Set("scale", scale * 10.0), Set("decimals", decimals - 1))),
        Set("i", i32(0)),
        While(
            i < n,
            (
                Store(POINTS, part, value, at + i * _TRIPLE),
                Set("source", source + width),
                Set("i", i + 1),
            ),
        ),
        Set("place", place + 8),
    )


def _slopes(at: Node, n: Node) -> Body:
    """To the next point each, and where the search begins."""
    i = int_("i")
    first = apply("f64.reinterpret_i64", apply("i64.extend_i32_u", at))
    return (
        Set("i", i32(0)),
        *_slopes_until(at, n - 1),
        Store(POINTS, 2, first, at + i * _TRIPLE),
    )


def _slopes_until(at: Node, end: Node) -> Body:
    """Of the points from ``i`` on that come before `end`."""
    i = int_("i")
    here = at + i * _TRIPLE
    width = load(POINTS, 3, here) - load(POINTS, 0, here)
    rise = load(POINTS, 4, here) - load(POINTS, 1, here)
    slope = where(differ(load(POINTS, 3, here), load(POINTS, 0, here)), rise / width, 0.0)
    return (While(i < end, (Store(POINTS, 2, slope, here), Set("i", i + 1))),)


def set_point(program: Program, start: int) -> Function:
    """Give a double of the points a value, x or y; the slopes beside it follow. The result is a code of `set_value`."""
    place, value, at, n, i, part = (
        int_("place"),
        local("value"),
        *(int_(name) for name in ("at", "n", "i", "part")),
    )
    entry, status = int_("entry"), int_("status")
    behind = at + n * _TRIPLE + equal(n, 1)
    count = Set("n", apply("i32.wrap_i64", load(BYTES, 0, entry, I64)))
    rises = where(i < 1, i32(1), load(POINTS, 0, place - _TRIPLE) <= value) & where(
        i < n - 1, value <= load(POINTS, 3, place), i32(1)
    )
    fill = If(differ(get("saved_steps"), 0) & equal(get("full_rows"), 0), (Do("fill_fixed"),))
    lacks = differ(get("saved_steps"), 0) & equal(get("full_rows"), 0)
    bad, late = i32(SET_VALUE["BAD_VALUE"]), i32(SET_VALUE["TOO_LATE"])
    checked = where(negate(abs(value) < math.inf), bad, where(equal(part, 0) & negate(rises), bad, i32(0)))
    if program.points_wait:
        checked = where(abs(value) < math.inf, where(get("begun"), late, checked), bad)
    settable = (part < 2) & (i < n)
    change: Body = (
        Store(POINTS, 0, value, place),
        Set("i", where(i < 1, i32(0), i - 1)),
        *_slopes_until(at, where(int_("last") < n - 1, int_("last") + 1, n - 1)),
        put("points_set", 1),
        put("stale", 1),
        *((Do("reset"),) if program.points_wait else ()),
    )
    return Function(
        "set_point",
        (("place", I32), ("value", F64)),
        (
            Set("entry", i32(start)),
            Set("at", i32(0)),
            count,
            While(
                place >= behind,
                (Set("at", behind), Set("entry", entry + 16), count),
            ),
            Set("i", apply("i32.trunc_sat_f64_s", apply("f64.convert_i32_s", place - at) / 3.0)),
            Set("last", i),
            Set("part", place - at - i * _TRIPLE),
            Set("status", where(settable, checked, i32(SET_VALUE["NOT_SETTABLE"]))),
            If(equal(status, 0), (fill, If(lacks, (Set("status", bad),), change))),
        ),
        status,
    )
