"""One function of a program as code that runs four lanes: a value of each, side by side in two vectors.

What is the same in all lanes is computed once. Doubles are vectors, truths are masks; integers that differ from lane
to lane are four scalars, and calls are made lane by lane. Where lanes go different ways, both ways are taken as far as
any lane goes them, and each lane keeps what is its own; a loop whose turns differ is gone through lane by lane.
"""

from __future__ import annotations

from ...ir import Copy, Do, Fill, For, Function, If, Node, Reserve, Set, SetGlobal, Statement, Store, While
from ...ops import F64, I32, I64, OPS
from .. import binary as wasm
from ..emit import filled
from . import simd
from .forms import ALL, LANES, Each, Known, LaneNames, One, Pair, Value, wide
from .trees import Trees
from .uniform import LANED


def emit(function: Function, names: LaneNames, lanes: tuple[int, ...] = ALL) -> bytes:
    """The code section's entry for a function without parameters that vary and without a result that does, or of a
    function for one lane alone."""
    emitter = _Emitter(function, names)
    emitter.lanes = lanes
    emitter.body(function.body)
    if function.value is not None:
        emitter.out.append(emitter.lane_of(emitter.value(function.value), lanes[0]))
    return wasm.code(emitter.declarations(), b"".join(emitter.out))


class _Emitter(Trees):
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
            case Fill(region=region, offset=offset, count=count, byte=byte):
                times = 8 * (LANES if region in LANED else 1)
                out.append(filled(self.names.regions[region] + times * offset, byte, times * count))

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
                        put = wide(put) + simd.replace_i64(lane % 2)
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


_STORES = {F64: wasm.f64_store, I32: wasm.i32_store, I64: wasm.i64_store}
