"""The points of lookups: written out when a blob starts, as `packed` says what it carries."""

from __future__ import annotations

import math

from ...ir import (
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
    where,
)
from ...ops import I64
from ...program import POINTS
from ..emit import BYTES
from ..packed import RAW
from .shorthand import Body, i32, int_

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
    here = at + i * _TRIPLE
    width = load(POINTS, 3, here) - load(POINTS, 0, here)
    rise = load(POINTS, 4, here) - load(POINTS, 1, here)
    slope = where(differ(load(POINTS, 3, here), load(POINTS, 0, here)), rise / width, 0.0)
    first = apply("f64.reinterpret_i64", apply("i64.extend_i32_u", at))
    return (
        Set("i", i32(0)),
        While(i < n - 1, (Store(POINTS, 2, slope, here), Set("i", i + 1))),
        Store(POINTS, 2, first, here),
    )
