"""A blob as text: the sections that blobs have, in WebAssembly's text format, for people to read."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from ..ops import OPS, Type

_NAMES = {op.code: name for name, op in OPS.items()}
_TYPES = {type_.value: type_.prefix for type_ in Type}
_PLAIN = {0x05: "else", 0x0B: "end", 0x1A: "drop", 0x1B: "select"}
_WITH_INDEX = {
    0x0C: "br",
    0x0D: "br_if",
    0x10: "call",
    0x20: "local.get",
    0x21: "local.set",
    0x22: "local.tee",
    0x23: "global.get",
    0x24: "global.set",
}
_BLOCKS = {0x02: "block", 0x03: "loop", 0x04: "if"}
_MEMORY = {0x29: "i64.load", 0x2B: "f64.load", 0x36: "i32.store", 0x37: "i64.store", 0x39: "f64.store"}
_VECTORS = {
    0x00: "v128.load", 0x0A: "v128.load64_splat", 0x0B: "v128.store", 0x0C: "v128.const",
    0x12: "i64x2.splat", 0x14: "f64x2.splat",
    0x1D: "i64x2.extract_lane", 0x1E: "i64x2.replace_lane",
    0x21: "f64x2.extract_lane", 0x22: "f64x2.replace_lane",
    0x47: "f64x2.eq", 0x48: "f64x2.ne", 0x49: "f64x2.lt", 0x4A: "f64x2.gt", 0x4B: "f64x2.le", 0x4C: "f64x2.ge",
    0x4D: "v128.not", 0x4E: "v128.and", 0x4F: "v128.andnot", 0x50: "v128.or", 0x51: "v128.xor",
    0x52: "v128.bitselect", 0xC4: "i64x2.bitmask",
    0x74: "f64x2.ceil", 0x75: "f64x2.floor", 0x7A: "f64x2.trunc", 0x94: "f64x2.nearest",
    0xEC: "f64x2.abs", 0xED: "f64x2.neg", 0xEF: "f64x2.sqrt", 0xF0: "f64x2.add", 0xF1: "f64x2.sub",
    0xF2: "f64x2.mul", 0xF3: "f64x2.div", 0xF4: "f64x2.min", 0xF5: "f64x2.max",
}  # fmt: skip
_SIZES = {0x3F: "memory.size", 0x40: "memory.grow"}


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def u32(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value - (1 << shift) if byte & 0x40 else value

    def name(self) -> str:
        return self.take(self.u32()).decode()

    def vec(self, item: Callable[[], str]) -> list[str]:
        return [item() for _ in range(self.u32())]


def text(blob: bytes) -> str:
    """The whole module. Custom sections stand as comments, data segments by place and size."""
    return "\n".join(["(module", *("  " + line for line in _lines(blob)), ")"])


def sections(blob: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each section; custom ones have number 0."""
    reader = _Reader(blob)
    reader.take(8)
    while reader.at < len(blob):
        yield reader.byte(), reader.take(reader.u32())


def _lines(blob: bytes) -> Iterator[str]:
    types: list[str] = []
    functions: list[int] = []
    for id_, content in sections(blob):
        inner = _Reader(content)
        if id_ == 0:
            yield f";; custom section {inner.name()}, {len(content)} bytes"
        elif id_ == 1:
            types = inner.vec(lambda inner=inner: _functype(inner))  # type: ignore[misc]
        elif id_ == 3:
            functions = [inner.u32() for _ in range(inner.u32())]
        elif id_ == 5:
            inner.u32(), inner.byte()
            yield f"(memory {inner.u32()})"
        elif id_ == 6:
            for number in range(inner.u32()):
                yield _global(inner, number)
        elif id_ == 7:
            for _ in range(inner.u32()):
                title, kind = inner.name(), ("func", "table", "memory", "global")[inner.byte()]
                yield f'(export "{title}" ({kind} {inner.u32()}))'
        elif id_ == 8:
            yield f"(start {inner.u32()})"
        elif id_ == 10:
            for number in range(inner.u32()):
                body = _Reader(inner.take(inner.u32()))
                yield from _function(body, number, types[functions[number]])
        elif id_ == 11:
            for _ in range(inner.u32()):
                inner.take(2)
                offset = inner.signed()
                inner.byte()
                count = inner.u32()
                inner.take(count)
                yield f"(data (i32.const {offset}) (; {count} bytes ;))"
        else:
            raise AssertionError(f"section {id_}")


def _functype(reader: _Reader) -> str:
    reader.byte()
    params = reader.vec(lambda: _TYPES[reader.byte()])
    results = reader.vec(lambda: _TYPES[reader.byte()])
    return "".join(
        f" ({word} {' '.join(types)})" for word, types in (("param", params), ("result", results)) if types
    )


def _global(reader: _Reader, number: int) -> str:
    type_, mutable = _TYPES[reader.byte()], reader.byte()
    value = _instruction(reader)
    reader.byte()
    return f"(global (;{number};) {f'(mut {type_})' if mutable else type_} ({value}))"


def _function(reader: _Reader, number: int, signature: str) -> Iterator[str]:
    yield f"(func (;{number};){signature}"
    for _ in range(reader.u32()):
        count, type_ = reader.u32(), _TYPES[reader.byte()]
        yield f"  (local{f' {type_}' * count})"
    depth = 1
    while reader.at < len(reader.data):
        line = _instruction(reader)
        word = line.split()[0]
        depth -= word in ("end", "else")
        if depth or word != "end":
            yield "  " * depth + line
        depth += word in ("block", "loop", "if", "else")
    yield ")"


def _instruction(reader: _Reader) -> str:
    code = reader.byte()
    if code in _PLAIN:
        return _PLAIN[code]
    if code in _WITH_INDEX:
        return f"{_WITH_INDEX[code]} {reader.u32()}"
    if code in _BLOCKS:
        result = reader.byte()
        return _BLOCKS[code] + ("" if result == 0x40 else f" (result {_TYPES[result]})")
    if code in _MEMORY:
        reader.u32()
        return f"{_MEMORY[code]} offset={reader.u32()}"
    if code in _SIZES:
        reader.byte()
        return _SIZES[code]
    if code in (0x41, 0x42):
        return f"i{32 if code == 0x41 else 64}.const {reader.signed()}"
    if code == 0x44:
        return f"f64.const {_float(struct.unpack('<d', reader.take(8))[0])}"
    if code == 0xFC and reader.data[reader.at] in (0x0A, 0x0B):
        name, places = ("memory.copy", 2) if reader.byte() == 0x0A else ("memory.fill", 1)
        reader.take(places)
        return name
    if code == 0xFD:
        return _vector(reader)
    return _NAMES[bytes([code, reader.byte()]) if code == 0xFC else bytes([code])]


def _vector(reader: _Reader) -> str:
    code = reader.u32()
    name = _VECTORS[code]
    if name in ("v128.load", "v128.load64_splat", "v128.store"):
        reader.u32()
        return f"{name} offset={reader.u32()}"
    if name == "v128.const":
        low, high = struct.unpack("<QQ", reader.take(16))
        return f"v128.const i64x2 {low:#x} {high:#x}"
    return f"{name} {reader.byte()}" if name.endswith("_lane") else name


def _float(value: float) -> str:
    """Hexadecimal where decimal would be longer; WebAssembly writes nan and inf as C does."""
    return repr(value) if len(repr(value)) <= 12 else value.hex()
