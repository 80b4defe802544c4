"""One function of a program as WebAssembly code.

A tree is emitted operands first; values with several uses go through wasm locals, at the places that
`placement` names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ir import (
    Copy,
    Do,
    Fill,
    For,
    Function,
    If,
    Node,
    Reserve,
    Set,
    SetGlobal,
    Statement,
    Store,
    While,
    signed,
)
from ..ops import F64, I32, I64, OPS, Type, bits_of
from ..placement import Placement, place
from . import binary as wasm

_SHORT = 1 << 27
BYTES = "bytes"
"""The region of all memory; an index into it counts bytes."""


@dataclass(frozen=True)
class Names:
    """What names mean in a module: byte addresses of regions, indices of functions and globals."""

    regions: Mapping[str, int]
    functions: Mapping[str, int]
    globals: Mapping[str, int]


@dataclass
class _Locals:
    """Wasm locals of one function; temporaries are used again in the next statement."""

    params: int
    types: list[Type] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    free: dict[Type, list[int]] = field(default_factory=dict)
    taken: list[tuple[Type, int]] = field(default_factory=list)

    def make(self, type_: Type) -> int:
        self.types.append(type_)
        return self.params + len(self.types) - 1

    def name(self, name: str, type_: Type) -> int:
        if name not in self.named:
            self.named[name] = self.make(type_)
        return self.named[name]

    def temporary(self, type_: Type) -> int:
        free = self.free.setdefault(type_, [])
        index = free.pop() if free else self.make(type_)
        self.taken.append((type_, index))
        return index

    def release(self) -> None:
        for type_, index in self.taken:
            self.free[type_].append(index)
        self.taken.clear()

    def declarations(self) -> list[tuple[int, Type]]:
        """Counts by type, in the order of indices."""
        groups: list[tuple[int, Type]] = []
        for type_ in self.types:
            if groups and groups[-1][1] is type_:
                groups[-1] = (groups[-1][0] + 1, type_)
            else:
                groups.append((1, type_))
        return groups


def number(value: float) -> bytes:
    """A double constant; whole ones are shorter as converted integers, which compilers fold."""
    if abs(value) < _SHORT and value == int(value) and bits_of(value) != bits_of(-0.0):
        return wasm.const(I32, int(value)) + OPS["f64.convert_i32_s"].code
    return wasm.const(F64, value)


_STORES = {F64: wasm.f64_store, I32: wasm.i32_store, I64: wasm.i64_store}


def scale(region: str) -> bytes:
    """From an index to what is added to the address."""
    return b"" if region == BYTES else wasm.const(I32, 3) + OPS["i32.shl"].code


def filled(at: int, byte: int, count: int) -> bytes:
    """Give so many bytes from one on a value."""
    return b"".join(wasm.const(I32, value) for value in (at, byte, count)) + wasm.MEMORY_FILL


def emit(function: Function, names: Names) -> bytes:
    """The code section's entry for a function."""
    emitter = _Emitter(function, names)
    emitter.body(function.body)
    if function.value is not None:
        emitter.tree(function.value)
    return wasm.code(emitter.locals.declarations(), b"".join(emitter.out))


def _is_stored(statement: Set, following: Statement | None) -> bool:
    """Whether the next statement does no more than store the local at a fixed place."""
    return (
        isinstance(following, Store)
        and following.index is None
        and following.value.op == "local"
        and following.value.imm == statement.name
    )


class _Emitter:
    def __init__(self, function: Function, names: Names) -> None:
        self.names = names
        self.out: list[bytes] = []
        self.locals = _Locals(len(function.params))
        self.locals.named = {name: index for index, (name, _) in enumerate(function.params)}
        self.stored_next: Set | None = None  # a local that the next statement stores

    # --- statements

    def body(self, body: tuple[Statement, ...]) -> None:
        for statement, following in zip(body, (*body[1:], None), strict=False):
            if isinstance(statement, Set) and _is_stored(statement, following):
                self.stored_next = statement
            else:
                self.statement(statement)

    def statement(self, statement: Statement) -> None:
        out = self.out
        match statement:
            case Set(name=name, value=value):
                self.tree(value)
                out.append(wasm.local_set(self.locals.name(name, value.type)))
            case Store(region=region, offset=offset, value=value, index=index):
                at = self.address(region, offset, index)
                if self.stored_next is not None:
                    self.tree(self.stored_next.value)
                    out.append(wasm.local_tee(self.locals.name(self.stored_next.name, F64)))
                    self.stored_next = None
                else:
                    self.tree(value)
                out.append(_STORES[value.type](at))
            case If(condition=condition, then=then, otherwise=otherwise):
                self.tree(condition)
                out.append(wasm.IF + wasm.EMPTY_BLOCK)
                self.body(then)
                if otherwise:
                    out.append(wasm.ELSE)
                    self.body(otherwise)
                out.append(wasm.END)
            case While(condition=condition, body=body):
                out.append(wasm.BLOCK + wasm.EMPTY_BLOCK + wasm.LOOP + wasm.EMPTY_BLOCK)
                self.tree(condition)
                out.append(OPS["i32.eqz"].code + wasm.br_if(1))
                self.body(body)
                out.append(wasm.br(0) + wasm.END + wasm.END)
            case For(name=name, count=count, body=body):
                self.count(self.locals.name(name, I32), count, body)
            case Reserve(count=count):
                self.tree(count)
                out.append(wasm.call(self.names.functions["reserve_ring"]))
            case Do(function=function):
                out.append(wasm.call(self.names.functions[function]))
            case SetGlobal(name=name, value=value):
                self.tree(value)
                out.append(wasm.global_set(self.names.globals[name]))
            case Copy(to=to, source=source, count=count):
                for value in (to, source, count):
                    self.tree(value)
                out.append(wasm.MEMORY_COPY)
            case Fill(region=region, offset=offset, count=count, byte=byte):
                out.append(filled(self.names.regions[region] + 8 * offset, byte, 8 * count))
        self.locals.release()

    def count(self, counter: int, count: int, body: tuple[Statement, ...]) -> None:
        if count <= 0:
            return
        out = self.out
        out.append(wasm.const(I32, 0) + wasm.local_set(counter) + wasm.LOOP + wasm.EMPTY_BLOCK)
        self.body(body)
        out.append(
            wasm.local_get(counter) + wasm.const(I32, 1) + OPS["i32.add"].code + wasm.local_tee(counter)
        )
        out.append(wasm.const(I32, count) + OPS["i32.lt_s"].code + wasm.br_if(0) + wasm.END)

    def address(self, region: str, offset: int, index: Node | None) -> int:
        """Push what is added to the address that is returned."""
        if index is None:
            self.out.append(wasm.const(I32, 0))
        else:
            self.tree(index)
            self.out.append(scale(region))
        at = self.names.regions[region] + 8 * offset
        assert at >= 0
        return at

    # --- trees

    def tree(self, root: Node) -> None:
        """Push the value of a node."""
        _Tree(self, place(root)).push(root)


class _Tree:
    """Emits what is below one root; `kept` are the wasm locals of shared values that have been computed."""

    def __init__(self, emitter: _Emitter, placement: Placement) -> None:
        self.emitter = emitter
        self.placement = placement
        self.kept: dict[int, int] = {}

    def push(self, root: Node) -> None:
        """Without recursion: the stack holds nodes to push and code to write behind them."""
        out, locals_ = self.emitter.out, self.emitter.locals
        shared, before = self.placement.shared, self.placement.before
        stack: list[Node | bytes | tuple[Node, int] | list[Node]] = [root]
        while stack:
            task = stack.pop()
            if isinstance(task, bytes):
                out.append(task)
            elif isinstance(task, tuple):  # a shared value has been pushed: keep it
                node, keep = task
                self.kept[id(node)] = keep
                out.append(wasm.local_tee(keep))
            elif isinstance(task, list):  # shared values to compute before a choice
                stack += [
                    item for node in reversed(task) if id(node) not in self.kept for item in (wasm.DROP, node)
                ]
            elif id(task) in self.kept:
                out.append(wasm.local_get(self.kept[id(task)]))
            else:
                if id(task) in shared:
                    stack.append((task, locals_.temporary(task.type)))
                if task.op == "if":
                    condition, then, otherwise = task.args
                    begin = wasm.IF + wasm.valtype(task.type)
                    stack += [wasm.END, otherwise, wasm.ELSE, then, begin, condition]
                    stack.append(before.get(id(task), []))
                else:
                    stack.append(self.operation(task))
                    stack.extend(reversed(task.args))

    def operation(self, node: Node) -> bytes:
        """The code behind a node's operands."""
        names = self.emitter.names
        if node.op in OPS:
            return OPS[node.op].code
        match node.op:
            case "const":
                return (
                    number(node.imm) if isinstance(node.imm, float) else wasm.const(node.type, signed(node))
                )
            case "local":
                return wasm.local_get(self.emitter.locals.name(str(node.imm), node.type))
            case "load":
                assert isinstance(node.imm, tuple)
                region, offset = node.imm
                at = names.regions[region] + 8 * offset
                read = wasm.i64_load(at) if node.type is I64 else wasm.f64_load(at)
                return (scale(region) if node.args else wasm.const(I32, 0)) + read
            case "call":
                return wasm.call(names.functions[str(node.imm)])
            case "global":
                return wasm.global_get(names.globals[str(node.imm)])
            case "memory.size":
                return wasm.MEMORY_SIZE
            case "memory.grow":
                return wasm.MEMORY_GROW
        raise AssertionError(node.op)
