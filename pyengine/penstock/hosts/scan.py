"""Sections of a module read by ourselves, for what wasmtime's flags do not refuse; wasmtime checks all the rest.

Section numbers and encodings are those of the WebAssembly core specification, chapter 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .limits import PAGE, Limits, refuse

MAGIC = b"\0asm"
VERSION = b"\x01\0\0\0"
COMPONENT = b"\x0d\0\x01\0"

TYPES, IMPORTS, TABLES, MEMORIES, GLOBALS, CODE, TAGS = 1, 2, 4, 5, 6, 10, 13
_LAST_SECTION = 13
_NUMBERS = frozenset({0x7F, 0x7E, 0x7D, 0x7C})  # i32, i64, f32, f64
_TYPE_FEATURES: Mapping[int, str] = {0x7B: "simd", 0x70: "reference types", 0x6F: "reference types"}
_FUNCTION, _FUNCREF = 0x60, 0x70
_SHARED, _MEMORY64, _PAGE_SIZE = 2, 4, 8


class Reader:
    """Bytes taken from the front; running out of them is an InvalidModule."""

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self.data, self.at, self.end = data, at, len(data) if end is None else end

    def byte(self) -> int:
        if self.at >= self.end:
            raise refuse("InvalidModule", reason="it ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def number(self, bits: int = 32) -> int:
        """Unsigned LEB128."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift >= bits:
                raise refuse("InvalidModule", reason="a number in it is too long")
        if value >> bits:
            raise refuse("InvalidModule", reason="a number in it is too large")
        return value

    def take(self, count: int) -> bytes:
        if count > self.end - self.at:
            raise refuse("InvalidModule", reason="it ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def part(self, count: int) -> Reader:
        start = self.at
        if count > self.end - start:
            raise refuse("InvalidModule", reason="it ends too early")
        self.at += count
        return Reader(self.data, start, start + count)

    def name(self) -> str:
        return self.take(self.number()).decode("utf-8", "replace")[:60]


def check_module(blob: bytes, limits: Limits, memory_bytes: int) -> None:
    """Refuse a module before wasmtime sees it: too large, no module, imports, or features that no flag turns off.

    Raises TooLarge, InvalidModule, ForbiddenFeature, ForbiddenImport, MemoryLimit.
    """
    if len(blob) > limits.module_bytes:
        raise refuse("TooLarge", what="the module", size=len(blob), limit=limits.module_bytes)
    if blob[:4] != MAGIC:
        raise refuse("InvalidModule", reason="it does not begin as a WebAssembly module does")
    if blob[4:8] == COMPONENT:
        raise refuse("ForbiddenFeature", feature="component model")
    if blob[4:8] != VERSION:
        raise refuse("InvalidModule", reason=f"its version is {blob[4:8].hex() or 'missing'}")
    reader = Reader(blob, 8)
    while reader.at < reader.end:
        number = reader.byte()
        content = reader.part(reader.number())
        if number == TAGS:
            raise refuse("ForbiddenFeature", feature="exceptions")
        if number > _LAST_SECTION:
            raise refuse("InvalidModule", reason=f"section {number} is not known")
        if number == MEMORIES:
            _memories(content, memory_bytes)
        elif number in _CHECKS:
            _CHECKS[number](content)


def _types(reader: Reader) -> None:
    for _ in range(reader.number()):
        form = reader.byte()
        if form != _FUNCTION:
            raise refuse("ForbiddenFeature", feature="gc")
        for _ in range(2):
            for _ in range(reader.number()):
                _value_type(reader)


def _value_type(reader: Reader) -> None:
    type_ = reader.byte()
    if type_ not in _NUMBERS:
        raise refuse("ForbiddenFeature", feature=_TYPE_FEATURES.get(type_, "function references"))


def _imports(reader: Reader) -> None:
    """The list of what may be imported is empty."""
    if reader.number():
        raise refuse("ForbiddenImport", name=f"{reader.name()}.{reader.name()}")


def _tables(reader: Reader) -> None:
    count = reader.number()
    if count > 1 or (count and reader.byte() != _FUNCREF):
        raise refuse("ForbiddenFeature", feature="reference types")


def _memories(reader: Reader, memory_bytes: int) -> None:
    count = reader.number()
    if count > 1:
        raise refuse("ForbiddenFeature", feature="multi-memory")
    if not count:
        return
    flags = reader.byte()
    for bit, feature in ((_SHARED, "threads"), (_MEMORY64, "memory64"), (_PAGE_SIZE, "custom page sizes")):
        if flags & bit:
            raise refuse("ForbiddenFeature", feature=feature)
    least = reader.number() * PAGE
    if least > memory_bytes:
        raise refuse("MemoryLimit", needed=least, limit=memory_bytes)


def _globals(reader: Reader) -> None:
    """Only the first one's type: what follows begins behind an expression, which wasmtime reads."""
    if reader.number():
        _value_type(reader)


def _code(reader: Reader) -> None:
    """The types of locals."""
    for _ in range(reader.number()):
        body = reader.part(reader.number())
        for _ in range(body.number()):
            body.number()
            _value_type(body)


_CHECKS: Mapping[int, Callable[[Reader], None]] = {
    TYPES: _types,
    IMPORTS: _imports,
    TABLES: _tables,
    GLOBALS: _globals,
    CODE: _code,
}
