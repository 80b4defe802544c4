"""The instructions on 128-bit vectors that lanes need; two doubles, or two masks of 64 bits, in each."""

from __future__ import annotations

from ..binary import u32

_PREFIX = b"\xfd"


def _plain(code: int) -> bytes:
    return _PREFIX + u32(code)


SPLAT_F64, SPLAT_I64 = _plain(0x14), _plain(0x12)
NOT, AND, NOT_AND, OR, XOR, BITSELECT = map(_plain, (0x4D, 0x4E, 0x4F, 0x50, 0x51, 0x52))
"""`NOT_AND` takes from the first what is in the second."""
BITMASK_I64 = _plain(0xC4)

ARITHMETIC = {
    f"f64.{name}": _plain(code)
    for name, code in {
        "ceil": 0x74, "floor": 0x75, "trunc": 0x7A, "nearest": 0x94,
        "abs": 0xEC, "neg": 0xED, "sqrt": 0xEF,
        "add": 0xF0, "sub": 0xF1, "mul": 0xF2, "div": 0xF3, "min": 0xF4, "max": 0xF5,
    }.items()
}  # fmt: skip
"""Core operations on doubles that are one instruction for two of them, with the same bits."""

COMPARISONS = {
    f"f64.{name}": _plain(0x47 + number) for number, name in enumerate(("eq", "ne", "lt", "gt", "le", "ge"))
}
"""Comparisons of doubles: masks of ones where they hold."""

LOGIC = {"i32.and": AND, "i32.or": OR, "i32.xor": XOR}
"""What truths do as numbers, masks do as bits."""


def load(offset: int) -> bytes:
    return _plain(0) + u32(3) + u32(offset)


def load_splat(offset: int) -> bytes:
    """A double from memory, twice."""
    return _plain(0x0A) + u32(3) + u32(offset)


def store(offset: int) -> bytes:
    return _plain(0x0B) + u32(3) + u32(offset)


def const(half: bytes) -> bytes:
    """A vector of the same eight bytes twice."""
    return _plain(0x0C) + half * 2


def extract_f64(lane: int) -> bytes:
    return _plain(0x21) + bytes([lane])


def replace_f64(lane: int) -> bytes:
    return _plain(0x22) + bytes([lane])


def extract_i64(lane: int) -> bytes:
    return _plain(0x1D) + bytes([lane])


def replace_i64(lane: int) -> bytes:
    return _plain(0x1E) + bytes([lane])
