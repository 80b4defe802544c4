"""Values in code for lanes: locals, the forms that a value may have, and how one becomes another."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from ...ir import Function
from ...ops import F64, I32, I64, OPS, Type
from .. import binary as wasm
from ..emit import Names
from . import simd
from .uniform import Uniform

LANES = 4
ALL = tuple(range(LANES))


@dataclass(frozen=True, slots=True)
class One:
    """The same in all lanes; `code` pushes it."""

    code: bytes


@dataclass(frozen=True, slots=True)
class Pair:
    """Two vectors in locals: doubles, or masks of truths."""

    first: int
    second: int
    mask: bool = False


@dataclass(frozen=True, slots=True)
class Each:
    """A scalar local for each of some lanes."""

    type: Type
    locals: Mapping[int, int]


@dataclass(frozen=True)
class LaneNames(Names):
    """With constants in memory, and the slots of the row that are the same in all lanes."""

    constants: Constants
    slots: frozenset[int]


class Constants:
    """Doubles from a byte of memory on, each once; there is room for some."""

    def __init__(self, start: int, room: int) -> None:
        self.start, self.room = start, room
        self.places: dict[bytes, int] = {}

    def place(self, bits: bytes) -> int | None:
        """The byte where a double stands; None where it has no place."""
        if bits not in self.places and len(self.places) < self.room:
            self.places[bits] = self.start + 8 * len(self.places)
        return self.places.get(bits)

    @property
    def content(self) -> bytes:
        return b"".join(self.places)


Value = One | Pair | Each
Known = dict[int, Value]


class Forms:
    """The locals of one function, which lanes its code is for, and conversions."""

    def __init__(self, function: Function, names: LaneNames) -> None:
        self.names = names
        self.out: list[bytes] = []
        self.uniform = Uniform(function, names.slots)
        self.params = len(function.params)
        self.named: dict[str, Value] = {
            name: One(wasm.local_get(index)) for index, (name, _) in enumerate(function.params)
        }
        self.types: list[Type] = []
        self.free: dict[Type, list[int]] = {}
        self.taken: list[tuple[Type, int]] = []
        self.constants: dict[bytes, float] = {}  # by the code that pushes them
        self.lanes = ALL  # those that code is for: all, or one in a loop that is gone through lane by lane
        self.active: Pair | None = None  # the lanes that go this way, where not all do

    # --- locals

    def declarations(self) -> list[tuple[int, Type]]:
        return [(len(list(run)), type_) for type_, run in groupby(self.types)]

    def make(self, type_: Type) -> int:
        self.types.append(type_)
        return self.params + len(self.types) - 1

    def temporary(self, type_: Type) -> int:
        free = self.free.setdefault(type_, [])
        index = free.pop() if free else self.make(type_)
        self.taken.append((type_, index))
        return index

    @contextmanager
    def temporaries(self) -> Iterator[None]:
        """What is taken inside is free again behind."""
        before, self.taken = self.taken, []
        yield
        for type_, index in self.taken:
            self.free[type_].append(index)
        self.taken = before

    def local(self, name: str, type_: Type) -> Value:
        if name not in self.named:
            if name not in self.uniform.varying:
                self.named[name] = One(wasm.local_get(self.make(type_)))
            elif type_ is F64 or (type_ is I32 and name not in self.uniform.integers):
                v = Type.V128
                self.named[name] = Pair(self.make(v), self.make(v), type_ is I32)
            else:
                self.named[name] = Each(type_, {lane: self.make(type_) for lane in ALL})
        return self.named[name]

    @staticmethod
    def index_of(value: Value) -> int:
        """The number of the local that holds what is the same in all lanes."""
        assert isinstance(value, One)
        index = shift = 0
        for byte in value.code[1:]:
            index |= (byte & 0x7F) << shift
            shift += 7
        return index

    # --- which lanes go here

    def active_halves(self) -> tuple[bytes, bytes]:
        return (b"", b"") if self.active is None else self.halves(self.active)

    @contextmanager
    def going(self, mask: Pair, holds: bool) -> Iterator[None]:
        """Code for the lanes among the active ones where a mask does or does not hold; skipped where there is none."""
        before, halves = self.active, self.halves(mask)
        if before is not None:  # those that do not hold are not those that are not active
            taken = simd.AND if holds else simd.NOT_AND
            first, second = (b + a + taken for a, b in zip(halves, self.halves(before), strict=True))
            halves = self.halves(self.kept(first, second, True))
        first, second = (half + simd.BITMASK_I64 for half in halves)
        if holds or before is not None:
            some = first + second + OPS["i32.or"].code
        else:
            some = first + second + OPS["i32.and"].code + wasm.const(I32, 3) + OPS["i32.ne"].code
        self.out.append(some + wasm.IF + wasm.EMPTY_BLOCK)
        if before is None and not holds:
            halves = self.halves(self.kept(halves[0] + simd.NOT, halves[1] + simd.NOT, True))
        self.active = Pair(self.index_of(One(halves[0])), self.index_of(One(halves[1])), True)
        yield
        self.out.append(wasm.END)
        self.active = before

    @contextmanager
    def only(self, lane: int) -> Iterator[None]:
        """Code for one lane that has effects: skipped where the lane is not active."""
        if self.active is None:
            yield
            return
        self.out.append(self.lane_of(self.active, lane) + wasm.IF + wasm.EMPTY_BLOCK)
        yield
        self.out.append(wasm.END)

    @contextmanager
    def one_lane(self, lane: int) -> Iterator[None]:
        """Code that is for a lane alone, where it is active."""
        with self.only(lane):
            before = self.active
            self.lanes, self.active = (lane,), None
            yield
            self.lanes, self.active = ALL, before

    # --- from one form to another

    def kept(self, first: bytes, second: bytes, mask: bool = False) -> Pair:
        at = self.temporary(Type.V128), self.temporary(Type.V128)
        self.out.append(first + wasm.local_set(at[0]) + second + wasm.local_set(at[1]))
        return Pair(*at, mask)

    def named_pair(self, pair: Pair) -> Pair:
        """A copy of a pair that no statement changes."""
        first, second = self.halves(pair)
        return self.kept(first, second, pair.mask)

    def halves(self, pair: Pair) -> tuple[bytes, bytes]:
        return wasm.local_get(pair.first), wasm.local_get(pair.second)

    def pair(self, value: Value, mask: bool) -> Pair:
        """A value as two vectors: of doubles, or of masks where it is a truth."""
        match value:
            case Pair():
                assert value.mask == mask
                return value
            case One(code=code):
                return self.kept_once(wide(code) + simd.SPLAT_I64 if mask else self.splat(code), mask)
        halves = []
        for first, second in ((0, 1), (2, 3)):
            low, high = (self.lane_of(value, lane) for lane in (first, second))
            if mask:
                halves.append(wide(low) + simd.SPLAT_I64 + wide(high) + simd.replace_i64(1))
            else:
                halves.append(low + simd.SPLAT_F64 + high + simd.replace_f64(1))
        return self.kept(halves[0], halves[1], mask)

    def splat(self, code: bytes) -> bytes:
        """A double in both places; constants come from memory, where engines need one instruction for that."""
        value = self.constants.get(code)
        if value is None:
            return code + simd.SPLAT_F64
        bits = struct.pack("<d", value)
        if not any(bits):
            return simd.const(bits)
        place = self.names.constants.place(bits)
        return code + simd.SPLAT_F64 if place is None else wasm.const(I32, 0) + simd.load_splat(place)

    def kept_once(self, code: bytes, mask: bool) -> Pair:
        """One vector for both halves."""
        at = self.temporary(Type.V128)
        self.out.append(code + wasm.local_set(at))
        return Pair(at, at, mask)

    def lane_of(self, value: Value, lane: int) -> bytes:
        """Push the value of one lane."""
        match value:
            case One(code=code):
                return code
            case Each(locals=locals_):
                return wasm.local_get(locals_[lane])
            case Pair(mask=True):
                half = wasm.local_get((value.first, value.second)[lane // 2])
                low = simd.extract_i64(lane % 2) + OPS["i32.wrap_i64"].code
                return half + low + wasm.const(I32, 1) + OPS["i32.and"].code
        return wasm.local_get((value.first, value.second)[lane // 2]) + simd.extract_f64(lane % 2)


def wide(truth: bytes) -> bytes:
    """64 ones where an i32 is not zero."""
    none = OPS["i32.eqz"].code + OPS["i64.extend_i32_u"].code
    return truth + none + wasm.const(I64, 1) + OPS["i64.sub"].code
