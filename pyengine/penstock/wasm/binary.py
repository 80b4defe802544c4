"""The binary format of WebAssembly: a function for each production of the specification that blobs need."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from ..ops import Type

# --- values (5.2)


def u32(value: int) -> bytes:
    """Unsigned LEB128."""
    assert value >= 0
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def s64(value: int) -> bytes:
    """Signed LEB128; i32 and i64 constants share it."""
    out = bytearray()
    while not -64 <= value <= 63:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def f64(value: float) -> bytes:
    return struct.pack("<d", value)


def vec(items: Sequence[bytes]) -> bytes:
    return u32(len(items)) + b"".join(items)


def name(text: str) -> bytes:
    data = text.encode()
    return u32(len(data)) + data


# --- types (5.3)


def functype(params: Iterable[Type], results: Iterable[Type]) -> bytes:
    return b"\x60" + vec([valtype(t) for t in params]) + vec([valtype(t) for t in results])


def valtype(type_: Type) -> bytes:
    return bytes([type_.value])


EMPTY_BLOCK = b"\x40"

# --- instructions (5.4)

LOOP, BLOCK, IF, ELSE, END = b"\x03", b"\x02", b"\x04", b"\x05", b"\x0b"
DROP, SELECT = b"\x1a", b"\x1b"


def br(depth: int) -> bytes:
    return b"\x0c" + u32(depth)


def br_if(depth: int) -> bytes:
    return b"\x0d" + u32(depth)


def call(function: int) -> bytes:
    return b"\x10" + u32(function)


def local_get(index: int) -> bytes:
    return b"\x20" + u32(index)


def local_set(index: int) -> bytes:
    return b"\x21" + u32(index)


def local_tee(index: int) -> bytes:
    return b"\x22" + u32(index)


def global_get(index: int) -> bytes:
    return b"\x23" + u32(index)


def global_set(index: int) -> bytes:
    return b"\x24" + u32(index)


def i64_load(offset: int) -> bytes:
    return b"\x29" + memarg(offset)


def f64_load(offset: int) -> bytes:
    return b"\x2b" + memarg(offset)


def f64_store(offset: int) -> bytes:
    return b"\x39" + memarg(offset)


def i32_store(offset: int) -> bytes:
    return b"\x36" + u32(2) + u32(offset)


def i64_store(offset: int) -> bytes:
    return b"\x37" + memarg(offset)


def memarg(offset: int) -> bytes:
    """Doubles stand at multiples of eight."""
    return u32(3) + u32(offset)


MEMORY_SIZE, MEMORY_GROW = b"\x3f\x00", b"\x40\x00"
MEMORY_COPY, MEMORY_FILL = b"\xfc\x0a\x00\x00", b"\xfc\x0b\x00"


def const(type_: Type, value: float | int) -> bytes:
    """`value` is signed for integers."""
    if type_ is Type.F64:
        return b"\x44" + f64(value)
    assert isinstance(value, int)
    return (b"\x41" if type_ is Type.I32 else b"\x42") + s64(value)


# --- modules (5.5)


def section(id_: int, content: bytes) -> bytes:
    return bytes([id_]) + u32(len(content)) + content


def custom(title: str, content: bytes) -> bytes:
    return section(0, name(title) + content)


def memory_type(pages: int) -> bytes:
    return b"\x00" + u32(pages)


def global_(type_: Type, mutable: bool, value: float | int) -> bytes:
    return valtype(type_) + bytes([mutable]) + const(type_, value) + END


def export(title: str, kind: int, index: int) -> bytes:
    """`kind`: 0 function, 2 memory, 3 global."""
    return name(title) + bytes([kind]) + u32(index)


def code(locals_: Iterable[tuple[int, Type]], body: bytes) -> bytes:
    """A function's body; `locals_` are counts of a type, in order."""
    content = vec([u32(count) + valtype(type_) for count, type_ in locals_]) + body + END
    return u32(len(content)) + content


def data(offset: int, content: bytes) -> bytes:
    """An active segment of memory 0."""
    return b"\x00" + const(Type.I32, offset) + END + u32(len(content)) + content


def module(sections: Iterable[bytes]) -> bytes:
    return b"\0asm\x01\0\0\0" + b"".join(sections)
