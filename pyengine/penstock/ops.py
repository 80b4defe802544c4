"""The core operations: what both engines can do, and all they can do.

Each is an instruction of WebAssembly; a row holds its name, its types, its encoding and its meaning in
Python. The VM runs the meaning, the emitter writes the encoding, and the parity tests hold one against
the other. Everything else that a modeller may write is lowered to these.

Floats are IEEE doubles. Integers are held unsigned (0 ≤ x < 2^32 or 2^64), as bits. None of the
operations traps or raises; only the payload of a NaN is left open.
"""

from __future__ import annotations

import math
import operator
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

_M32 = (1 << 32) - 1
_M64 = (1 << 64) - 1
_INTEGRAL = 2.0**52  # from here on every double is an integer


class Type(Enum):
    """A value type; the value is its encoding in a wasm module."""

    V128 = 0x7B  # in blobs whose runs stand side by side
    F64 = 0x7C
    I64 = 0x7E
    I32 = 0x7F

    @property
    def prefix(self) -> str:
        return self.name.lower()


F64, I64, I32 = SCALARS = Type.F64, Type.I64, Type.I32
"""The types of a program's values; lanes of them come with the emitter of lanes alone."""


@dataclass(frozen=True, slots=True)
class Op:
    """`name` is wasm's own; a truth value is an i32 of 0 or 1."""

    name: str
    params: tuple[Type, ...]
    result: Type
    code: bytes
    meaning: Callable[..., Any]


def signed32(x: int) -> int:
    return x - (1 << 32) if x >> 31 else x


def signed64(x: int) -> int:
    return x - (1 << 64) if x >> 63 else x


def bits_of(x: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", x))[0])


def float_of(bits: int) -> float:
    return float(struct.unpack("<d", struct.pack("<Q", bits))[0])


def _div(a: float, b: float) -> float:
    if b:
        return a / b
    if a != a or b != b or not a:
        return math.nan
    return math.copysign(math.inf, math.copysign(1.0, a) * math.copysign(1.0, b))


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else (x if x == 0 else math.nan)


def _rounded(to_integer: Callable[[float], int]) -> Callable[[float], float]:
    """Python rounds to an int, which knows no infinity and no -0; both keep their place here."""

    def rounding(x: float) -> float:
        return math.copysign(float(to_integer(x)), x) if abs(x) < _INTEGRAL else x

    return rounding


def _min(a: float, b: float) -> float:
    if a != a or b != b:
        return math.nan
    if a == b:
        return a if math.copysign(1.0, a) < 0 else b
    return a if a < b else b


def _max(a: float, b: float) -> float:
    if a != a or b != b:
        return math.nan
    if a == b:
        return b if math.copysign(1.0, a) < 0 else a
    return a if a > b else b


def _truncated(low: int, high: int, mask: int) -> Callable[[float], int]:
    """A float as a signed integer, clamped to the range; NaN gives 0."""

    def truncation(x: float) -> int:
        if x != x:
            return 0
        if x <= low:
            return low & mask
        return high if x >= high else int(x) & mask

    return truncation


def _truth(holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], int]:
    return lambda a, b: int(holds(a, b))


def _floats() -> list[Op]:
    unary: dict[str, tuple[int, Callable[..., Any]]] = {
        "abs": (0x99, abs),
        "neg": (0x9A, operator.neg),
        "ceil": (0x9B, _rounded(math.ceil)),
        "floor": (0x9C, _rounded(math.floor)),
        "trunc": (0x9D, _rounded(math.trunc)),
        "nearest": (0x9E, _rounded(round)),
        "sqrt": (0x9F, _sqrt),
    }
    binary = {
        "add": (0xA0, operator.add),
        "sub": (0xA1, operator.sub),
        "mul": (0xA2, operator.mul),
        "div": (0xA3, _div),
        "min": (0xA4, _min),
        "max": (0xA5, _max),
        "copysign": (0xA6, math.copysign),
    }
    compare = {
        "eq": (0x61, operator.eq),
        "ne": (0x62, operator.ne),
        "lt": (0x63, operator.lt),
        "gt": (0x64, operator.gt),
        "le": (0x65, operator.le),
        "ge": (0x66, operator.ge),
    }
    return [
        *(Op(f"f64.{name}", (F64,), F64, bytes([code]), meaning) for name, (code, meaning) in unary.items()),
        *(
            Op(f"f64.{name}", (F64, F64), F64, bytes([code]), meaning)
            for name, (code, meaning) in binary.items()
        ),
        *(
            Op(f"f64.{name}", (F64, F64), I32, bytes([code]), _truth(holds))
            for name, (code, holds) in compare.items()
        ),
    ]


def _integers(type_: Type, mask: int, signed: Callable[[int], int], codes: Mapping[str, int]) -> list[Op]:
    bits = mask.bit_length()
    binary: dict[str, Callable[[int, int], int]] = {
        "add": lambda a, b: (a + b) & mask,
        "sub": lambda a, b: (a - b) & mask,
        "mul": lambda a, b: (a * b) & mask,
        "and": operator.and_,
        "or": operator.or_,
        "xor": operator.xor,
        "shl": lambda a, b: (a << (b % bits)) & mask,
        "shr_s": lambda a, b: (signed(a) >> (b % bits)) & mask,
        "shr_u": lambda a, b: a >> (b % bits),
    }
    compare: dict[str, Callable[[int, int], bool]] = {
        "eq": operator.eq,
        "ne": operator.ne,
        "lt_s": lambda a, b: signed(a) < signed(b),
        "lt_u": operator.lt,
        "ge_s": lambda a, b: signed(a) >= signed(b),
    }
    return [
        Op(f"{type_.prefix}.eqz", (type_,), I32, bytes([codes["eqz"]]), lambda a: int(a == 0)),
        *(
            Op(f"{type_.prefix}.{name}", (type_, type_), type_, bytes([codes[name]]), meaning)
            for name, meaning in binary.items()
        ),
        *(
            Op(f"{type_.prefix}.{name}", (type_, type_), I32, bytes([codes[name]]), _truth(holds))
            for name, holds in compare.items()
        ),
    ]


_I32_CODES = {"eqz": 0x45, "eq": 0x46, "ne": 0x47, "lt_s": 0x48, "lt_u": 0x49, "ge_s": 0x4E} | {
    "add": 0x6A, "sub": 0x6B, "mul": 0x6C, "and": 0x71, "or": 0x72, "xor": 0x73,
    "shl": 0x74, "shr_s": 0x75, "shr_u": 0x76,
}  # fmt: skip
_I64_CODES = {"eqz": 0x50, "eq": 0x51, "ne": 0x52, "lt_s": 0x53, "lt_u": 0x54, "ge_s": 0x59} | {
    "add": 0x7C, "sub": 0x7D, "mul": 0x7E, "and": 0x83, "or": 0x84, "xor": 0x85,
    "shl": 0x86, "shr_s": 0x87, "shr_u": 0x88,
}  # fmt: skip

_CONVERSIONS = [
    Op("i32.wrap_i64", (I64,), I32, b"\xa7", lambda a: a & _M32),
    Op("i64.extend_i32_s", (I32,), I64, b"\xac", lambda a: signed32(a) & _M64),
    Op("i64.extend_i32_u", (I32,), I64, b"\xad", lambda a: a),
    Op("f64.convert_i32_s", (I32,), F64, b"\xb7", lambda a: float(signed32(a))),
    Op("f64.convert_i32_u", (I32,), F64, b"\xb8", float),
    Op("f64.convert_i64_s", (I64,), F64, b"\xb9", lambda a: float(signed64(a))),
    Op("f64.convert_i64_u", (I64,), F64, b"\xba", float),
    Op("i64.reinterpret_f64", (F64,), I64, b"\xbd", bits_of),
    Op("f64.reinterpret_i64", (I64,), F64, b"\xbf", float_of),
    Op("i32.trunc_sat_f64_s", (F64,), I32, b"\xfc\x02", _truncated(-(1 << 31), (1 << 31) - 1, _M32)),
    Op("i64.trunc_sat_f64_s", (F64,), I64, b"\xfc\x06", _truncated(-(1 << 63), (1 << 63) - 1, _M64)),
]

OPS: Mapping[str, Op] = {
    op.name: op
    for op in (
        *_floats(),
        *_integers(I32, _M32, signed32, _I32_CODES),
        *_integers(I64, _M64, signed64, _I64_CODES),
        *_CONVERSIONS,
    )
}
