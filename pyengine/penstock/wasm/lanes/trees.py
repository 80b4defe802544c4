"""Expressions in code for lanes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

from ...ir import Node, signed
from ...ops import F64, I32, I64, OPS, Type
from ...placement import place
from .. import binary as wasm
from ..emit import BYTES, number
from . import simd
from .forms import ALL, LANES, Each, Forms, Known, One, Pair, Value
from .uniform import LANED

_SIGN = (1 << 63).to_bytes(8, "little")


class Trees(Forms):
    """Writes out what nodes take."""

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

    def place(self, region: str, index: Value | None, lane: int) -> bytes:
        """Push what is added to the address."""
        if index is None:
            return wasm.const(I32, 0)
        code = self.lane_of(index, lane)
        if region == BYTES:
            return code
        return code + wasm.const(I32, 5 if region in LANED else 3) + OPS["i32.shl"].code


_CHEAP = 24
_CHEAP_OPS = frozenset(
    chain(
        simd.ARITHMETIC, simd.COMPARISONS, simd.LOGIC, ("i32.eqz", "load", "local", "const", "f64.copysign")
    )
)
