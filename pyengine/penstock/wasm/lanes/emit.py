"""One function of a program as code that runs four lanes: a value of each, side by side in two vectors.

What is the same in all lanes is computed once. Doubles are vectors, truths are masks; integers that differ from lane
to lane are four scalars, and calls are made lane by lane. Where lanes go different ways, both ways are taken as far as
any lane goes them, and each lane keeps what is its own; a loop whose turns differ is gone through lane by lane.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, groupby

from ...ir import Copy, Do, For, Function, If, Node, Reserve, Set, SetGlobal, Statement, Store, While, signed
from ...ops import F64, I32, I64, OPS, Type
from ...placement import place
from .. import binary as wasm
from ..emit import BYTES, Names, number
from . import simd
from .uniform import LANED, Uniform

LANES = 4
ALL = tuple(range(LANES))
_SIGN = (1 << 63).to_bytes(8, "little")


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


def emit(function: Function, names: LaneNames, lanes: tuple[int, ...] = ALL) -> bytes:
    """The code section's entry for a function without parameters that vary and without a result that does, or of a
    function for one lane alone."""
    emitter = _Emitter(function, names)
    emitter.lanes = lanes
    emitter.body(function.body)
    if function.value is not None:
        emitter.out.append(emitter.lane_of(emitter.value(function.value), lanes[0]))
    return wasm.code(emitter.declarations(), b"".join(emitter.out))


class _Emitter:
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

    # --- statements

    def body(self, body: tuple[Statement, ...]) -> None:
        for statement in body:
            with self.temporaries():
                self.statement(statement)

    def statement(self, statement: Statement) -> None:
        out = self.out
        match statement:
            case Set(name=name, value=value):
                self.assign(self.local(name, value.type), self.value(value))
            case Store(region=region, offset=offset, value=value, index=index):
                self.store(region, offset, value, index)
            case If(condition=condition, then=then, otherwise=otherwise):
                self.branch(condition, then, otherwise)
            case While(condition=condition, body=body):
                self.loop(condition, body)
            case For(name=name, count=count, body=body) if count > 0:
                counter = self.index_of(self.local(name, I32))
                out.append(wasm.const(I32, 0) + wasm.local_set(counter) + wasm.LOOP + wasm.EMPTY_BLOCK)
                self.body(body)
                out.append(wasm.local_get(counter) + wasm.const(I32, 1) + OPS["i32.add"].code)
                out.append(wasm.local_tee(counter) + wasm.const(I32, count) + OPS["i32.lt_s"].code)
                out.append(wasm.br_if(0) + wasm.END)
            case Reserve(count=count):
                amount = self.value(count)
                for lane in self.lanes:
                    with self.only(lane):
                        out.append(
                            self.lane_of(amount, lane) + wasm.call(self.names.functions["reserve_ring"])
                        )
            case Do(function=function):
                out.append(wasm.call(self.names.functions[function]))
            case SetGlobal(name=name, value=value):
                out.append(self.push_one(value) + wasm.global_set(self.names.globals[name]))
            case Copy(to=to, source=source, count=count):
                out.append(b"".join(self.push_one(value) for value in (to, source, count)) + wasm.MEMORY_COPY)

    @staticmethod
    def index_of(value: Value) -> int:
        """The number of the local that holds what is the same in all lanes."""
        assert isinstance(value, One)
        index = shift = 0
        for byte in value.code[1:]:
            index |= (byte & 0x7F) << shift
            shift += 7
        return index

    def assign(self, target: Value, value: Value) -> None:
        """Give a named local a value, in the lanes that are active."""
        out = self.out
        match target:
            case One():
                assert isinstance(value, One)
                out.append(value.code + wasm.local_set(self.index_of(target)))
            case Pair(first=first, second=second) if self.lanes == ALL:
                new = self.pair(value, target.mask)
                for at, half, here in zip(
                    (first, second), self.halves(new), self.active_halves(), strict=True
                ):
                    kept = wasm.local_get(at) + here + simd.BITSELECT if here else b""
                    out.append(half + kept + wasm.local_set(at))
            case Pair(first=first, second=second):
                for lane in self.lanes:
                    at = (first, second)[lane // 2]
                    put = self.lane_of(value, lane)
                    if target.mask:
                        put = _wide(put) + simd.replace_i64(lane % 2)
                    else:
                        put += simd.replace_f64(lane % 2)
                    out.append(wasm.local_get(at) + put + wasm.local_set(at))
            case Each(locals=locals_):
                for lane in self.lanes:
                    with self.only(lane):
                        out.append(self.lane_of(value, lane) + wasm.local_set(locals_[lane]))

    def store(self, region: str, offset: int, value: Node, index: Node | None) -> None:
        known: Known = {}
        at = None if index is None else self.value(index, known)
        what = self.value(value, known) if index is None else self.value(value)
        address = self.names.regions[region] + 8 * offset * (LANES if region in LANED else 1)
        if region not in LANED:
            assert isinstance(what, One) and self.active is None and (at is None or isinstance(at, One)), (
                region
            )
            self.out.append(self.place(region, at, 0) + what.code + _STORES[value.type](address))
        elif isinstance(at, Each) or self.lanes != ALL:
            for lane in self.lanes:
                with self.only(lane):
                    place = self.place(region, at, lane)
                    self.out.append(place + self.lane_of(what, lane) + wasm.f64_store(address + 8 * lane))
        else:
            place = self.place(region, at, 0)
            new = self.halves(self.pair(what, False))
            for half, here, shift in zip(new, self.active_halves(), (0, 16), strict=True):
                kept = place + simd.load(address + shift) + here + simd.BITSELECT if here else b""
                self.out.append(place + half + kept + simd.store(address + shift))

    def place(self, region: str, index: Value | None, lane: int) -> bytes:
        """Push what is added to the address."""
        if index is None:
            return wasm.const(I32, 0)
        code = self.lane_of(index, lane)
        if region == BYTES:
            return code
        return code + wasm.const(I32, 5 if region in LANED else 3) + OPS["i32.shl"].code

    def branch(self, condition: Node, then: tuple[Statement, ...], otherwise: tuple[Statement, ...]) -> None:
        out = self.out
        test = self.value(condition)
        if isinstance(test, One) or self.lanes != ALL:
            out.append(self.lane_of(test, self.lanes[0]) + wasm.IF + wasm.EMPTY_BLOCK)
            self.body(then)
            if otherwise:
                out.append(wasm.ELSE)
                self.body(otherwise)
            out.append(wasm.END)
            return
        mask = self.named_pair(self.pair(test, True))
        for side, holds in ((then, True), (otherwise, False)):
            if side:
                with self.going(mask, holds):
                    self.body(side)

    def loop(self, condition: Node, body: tuple[Statement, ...]) -> None:
        if self.lanes == ALL and not self.uniform.has(condition):
            for lane in ALL:
                with self.one_lane(lane):
                    self.loop(condition, body)
            return
        self.out.append(wasm.BLOCK + wasm.EMPTY_BLOCK + wasm.LOOP + wasm.EMPTY_BLOCK)
        with self.temporaries():
            self.out.append(self.lane_of(self.value(condition), self.lanes[0]))
        self.out.append(OPS["i32.eqz"].code + wasm.br_if(1))
        self.body(body)
        self.out.append(wasm.br(0) + wasm.END + wasm.END)

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

    # --- values

    def push_one(self, node: Node) -> bytes:
        value = self.value(node)
        assert isinstance(value, One), node
        return value.code

    def value(self, root: Node, known: Known | None = None) -> Value:
        """The value of a node; what it takes is written out before. Without recursion but into the sides of choices."""
        return self.node(root, {} if known is None else known, place(root).before)

    def node(self, root: Node, known: Known, before: Mapping[int, list[Node]]) -> Value:
        stack = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if id(node) in known:
                continue
            if not ready:
                stack.append((node, True))
                needed = (*before.get(id(node), ()), node.args[0]) if node.op == "if" else node.args
                stack.extend((arg, False) for arg in reversed(needed))
            elif node.op == "if":
                known[id(node)] = self.choice(node, known, before)
            else:
                known[id(node)] = self.operation(node, [known[id(arg)] for arg in node.args])
        return known[id(root)]

    def operation(self, node: Node, args: list[Value]) -> Value:
        if node.op == "const":
            if not isinstance(node.imm, float):
                return One(wasm.const(node.type, signed(node)))
            pushed = number(node.imm)
            self.constants[pushed] = node.imm
            return One(pushed)
        if node.op == "local":
            return self.local(str(node.imm), node.type)
        if self.uniform.has(node):
            return self.same(node, args)
        if node.op == "load":
            return self.load(node, args)
        if self.lanes == ALL:
            if (code := simd.ARITHMETIC.get(node.op)) is not None:
                return self.each_half(args, code, False)
            if (code := simd.COMPARISONS.get(node.op)) is not None:
                return self.each_half(args, code, True)
            if node.op == "f64.copysign":
                return self.signed_as(args)
            if self.uniform.is_truth(node) and all(map(self.uniform.is_truth, node.args)):
                if (code := simd.LOGIC.get(node.op)) is not None:
                    return self.each_half(args, code, True, True)
                if node.op == "i32.eqz":
                    return self.each_half(args, simd.NOT, True, True)
        return self.lane_by_lane(node, args)

    def same(self, node: Node, args: list[Value]) -> Value:
        """What is the same in all lanes."""
        code = b"".join(self.lane_of(arg, self.lanes[0]) for arg in args)
        match node.op:
            case "load":
                assert isinstance(node.imm, tuple)
                region, offset = node.imm
                index = args[0] if args else None
                address = self.names.regions[region] + 8 * offset * (LANES if region in LANED else 1)
                read = wasm.i64_load(address) if node.type is I64 else wasm.f64_load(address)
                code = self.place(region, index, 0) + read
            case "call":
                code += self.call(str(node.imm), self.lanes[0])
            case "global":
                code = wasm.global_get(self.names.globals[str(node.imm)])
            case "memory.size":
                code = wasm.MEMORY_SIZE
            case "memory.grow":
                code += wasm.MEMORY_GROW
            case _:
                code += OPS[node.op].code
        return self.one(code, node.type)

    def one(self, code: bytes, type_: Type) -> One:
        local = self.temporary(type_)
        self.out.append(code + wasm.local_set(local))
        return One(wasm.local_get(local))

    def load(self, node: Node, args: list[Value]) -> Value:
        assert isinstance(node.imm, tuple)
        region, offset = node.imm
        index = args[0] if args else None
        laned = region in LANED
        address = self.names.regions[region] + 8 * offset * (LANES if laned else 1)
        alike = index is None or isinstance(index, One)
        if alike and laned and node.type is F64 and self.lanes == ALL:
            place = self.place(region, index, 0)
            return self.kept(place + simd.load(address), place + simd.load(address + 16))
        read = wasm.i64_load if node.type is I64 else wasm.f64_load

        def one(lane: int) -> bytes:
            return self.place(region, index, lane) + read(address + (8 * lane if laned else 0))

        return self.scalars(one, node.type, guarded=not alike)

    def each_half(self, args: list[Value], code: bytes, mask: bool, of_masks: bool = False) -> Pair:
        pairs = [self.halves(self.pair(arg, of_masks)) for arg in args]
        first, second = (b"".join(pair[half] for pair in pairs) + code for half in (0, 1))
        return self.kept(first, second, mask)

    def signed_as(self, args: list[Value]) -> Pair:
        size, sign = (self.halves(self.pair(arg, False)) for arg in args)
        first, second = (b + a + simd.const(_SIGN) + simd.BITSELECT for a, b in zip(size, sign, strict=True))
        return self.kept(first, second)

    def lane_by_lane(self, node: Node, args: list[Value]) -> Value:
        is_call = node.op == "call"

        def one(lane: int) -> bytes:
            code = self.call(str(node.imm), lane) if is_call else OPS[node.op].code
            return b"".join(self.lane_of(arg, lane) for arg in args) + code

        return self.scalars(one, node.type, guarded=is_call)

    def call(self, name: str, lane: int) -> bytes:
        """Of a function for all lanes, or of the lane's own."""
        functions = self.names.functions
        return wasm.call(functions[name] if name in functions else functions[f"{name} {lane}"])

    def scalars(self, one: Callable[[int], bytes], type_: Type, guarded: bool) -> Value:
        """A scalar for each lane, or a vector of doubles. `guarded` ones are left out where the lane is not active."""
        found = {}
        for lane in self.lanes:
            code = one(lane)
            if guarded and self.active is not None:
                here = self.lane_of(self.active, lane)
                code = (
                    here + wasm.IF + wasm.valtype(type_) + code + wasm.ELSE + wasm.const(type_, 0) + wasm.END
                )
            found[lane] = self.temporary(type_)
            self.out.append(code + wasm.local_set(found[lane]))
        value = Each(type_, found)
        return self.pair(value, False) if type_ is F64 and self.lanes == ALL else value

    def choice(self, node: Node, known: Known, before: Mapping[int, list[Node]]) -> Value:
        """An ``if``; its condition, and what its sides share, is known."""
        condition, then, otherwise = node.args
        test, out = known[id(condition)], self.out
        if isinstance(test, One) or self.lanes != ALL:
            result = self.room(node)
            out.append(self.lane_of(test, self.lanes[0]) + wasm.IF + wasm.EMPTY_BLOCK)
            self.settle(result, self.node(then, dict(known), before))
            out.append(wasm.ELSE)
            self.settle(result, self.node(otherwise, dict(known), before))
            out.append(wasm.END)
            return result
        mask = self.named_pair(self.pair(test, True))
        if node.type is not F64 and not self.uniform.is_truth(node):
            return self.chosen_lanes(node, mask, known, before)
        return self.blended(node, mask, known, before)

    def blended(self, node: Node, mask: Pair, known: Known, before: Mapping[int, list[Node]]) -> Pair:
        """Both sides as far as lanes need them. A side that costs little is computed without asking; what the other
        yields then takes its place in some lanes."""
        is_mask = node.type is I32
        sides = sorted(
            zip(node.args[1:], (True, False), strict=True), key=lambda side: not self.is_cheap(side[0], known)
        )
        result: Pair | None = None
        for side, holds in sides:
            if self.is_cheap(side, known):
                value = self.pair(self.node(side, known, before), is_mask)
                result = self.mixed(result, value, mask, holds)
                continue
            if result is None:
                zero = simd.const(bytes(8))
                result = self.kept(zero, zero, is_mask)
            else:
                result = self.named_pair(result)
            with self.going(mask, holds):
                value = self.pair(self.node(side, dict(known), before), is_mask)
                self.settle(result, self.mixed(result, value, mask, holds))
        assert result is not None
        return result

    def mixed(self, one: Pair | None, other: Pair, mask: Pair, holds: bool) -> Pair:
        """`other` where the mask does or does not hold, else `one`."""
        if one is None:
            return other
        sides = (other, one) if holds else (one, other)
        a, b = map(self.halves, sides)
        first, second = (x + y + m + simd.BITSELECT for x, y, m in zip(a, b, self.halves(mask), strict=True))
        return self.kept(first, second, other.mask)

    def chosen_lanes(self, node: Node, mask: Pair, known: Known, before: Mapping[int, list[Node]]) -> Value:
        """A choice between integers, lane by lane; both sides have been computed."""
        kept = Each(node.type, {lane: self.temporary(node.type) for lane in self.lanes})
        for side, holds in ((node.args[1], True), (node.args[2], False)):
            with self.going(mask, holds):
                value = self.node(side, dict(known), before)
                for lane in self.lanes:
                    with self.only(lane):
                        self.out.append(self.lane_of(value, lane) + wasm.local_set(kept.locals[lane]))
        return kept

    def is_cheap(self, root: Node, known: Known) -> bool:
        """Whether to compute it for nothing costs less than to ask whether anyone needs it."""
        seen, waiting = 0, [root]
        while waiting:
            node = waiting.pop()
            if id(node) in known:
                continue
            seen += 1
            if seen > _CHEAP or node.op in ("call", "if"):
                return False
            if not (self.uniform.has(node) or node.op in _CHEAP_OPS):
                return False
            if node.op == "load" and node.args and not self.uniform.has(node.args[0]):
                return False
            waiting.extend(node.args)
        return True

    def room(self, node: Node) -> Value:
        """Locals for the result of a choice that all lanes make alike, or one lane alone."""
        if self.uniform.has(node):
            return One(wasm.local_get(self.temporary(node.type)))
        if self.lanes == ALL and (node.type is F64 or self.uniform.is_truth(node)):
            return Pair(self.temporary(Type.V128), self.temporary(Type.V128), node.type is I32)
        return Each(node.type, {lane: self.temporary(node.type) for lane in self.lanes})

    def settle(self, target: Value, value: Value) -> None:
        """Give locals of a choice a value, in all lanes."""
        match target:
            case One():
                assert isinstance(value, One)
                self.out.append(value.code + wasm.local_set(self.index_of(target)))
            case Pair(first=first, second=second, mask=mask):
                for at, half in zip((first, second), self.halves(self.pair(value, mask)), strict=True):
                    self.out.append(half + wasm.local_set(at))
            case Each(locals=locals_):
                for lane, at in locals_.items():
                    self.out.append(self.lane_of(value, lane) + wasm.local_set(at))

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
                return self.kept_once(_wide(code) + simd.SPLAT_I64 if mask else self.splat(code), mask)
        halves = []
        for first, second in ((0, 1), (2, 3)):
            low, high = (self.lane_of(value, lane) for lane in (first, second))
            if mask:
                halves.append(_wide(low) + simd.SPLAT_I64 + _wide(high) + simd.replace_i64(1))
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


def _wide(truth: bytes) -> bytes:
    """64 ones where an i32 is not zero."""
    none = OPS["i32.eqz"].code + OPS["i64.extend_i32_u"].code
    return truth + none + wasm.const(I64, 1) + OPS["i64.sub"].code


_CHEAP = 24
_CHEAP_OPS = frozenset(
    chain(
        simd.ARITHMETIC, simd.COMPARISONS, simd.LOGIC, ("i32.eqz", "load", "local", "const", "f64.copysign")
    )
)
_STORES = {F64: wasm.f64_store, I32: wasm.i32_store, I64: wasm.i64_store}
