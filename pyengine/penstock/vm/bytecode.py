"""Functions of a program as register bytecode.

An instruction is a tuple ``(code, target, a, b)`` whose meaning `machine` gives; registers 0 … hold the
parameters, then constants (given their values when a frame is made), then locals and results in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from ..ir import For, Function, If, Node, Reserve, Set, Statement, Store, While, constant
from ..ops import I32, I64, OPS
from ..placement import place
from ..program import RING


class Code(IntEnum):
    """What an instruction does with its target t and operands a, b; r is the frame's registers."""

    UNARY = 0  # r[t] = a(r[b])
    BINARY = 1  # r[t] = a(r[b[0]], r[b[1]])
    MOVE = 2  # r[t] = r[a]
    LOAD = 3  # r[t] = region a at b
    LOAD_AT = 4  # r[t] = region a[0] at a[1] + r[b]
    BITS = 5  # r[t] = the bits of region a[0] at a[1] + r[b]
    STORE = 6  # region t at a = r[b]
    STORE_AT = 7  # region t at a[0] + r[a[1]] = r[b]
    CALL = 8  # r[t] = function a of registers b
    JUMP = 9  # go on at t
    JUMP_UNLESS = 10  # go on at t where r[a] is zero
    RETURN = 11  # the result is r[t], or none where t is negative
    RESERVE = 12  # make region t at least r[a] long


Instruction = tuple[int, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """`frame` is the registers at the start, parameters still to be filled in."""

    name: str
    code: tuple[Instruction, ...]
    frame: tuple[float | int, ...]


class Called(dict[str, Compiled]):
    """Functions that are compiled when they are first called: initial values need few of a library's."""

    def __init__(self, functions: Mapping[str, Function], compile_: Callable[[Function], Compiled]) -> None:
        super().__init__()
        self.functions = functions
        self.compile = compile_

    def __missing__(self, name: str) -> Compiled:
        found = self[name] = self.compile(self.functions[name])
        return found


Region = list[float]


def compile_function(function: Function, region: Callable[[str], list[Any]]) -> Compiled:
    """`region` gives the storage behind a region's name."""
    return _Compiler(function, region).compiled()


class _Compiler:
    def __init__(self, function: Function, region: Callable[[str], list[Any]]) -> None:
        self.function = function
        self.region = region
        self.code: list[Instruction] = []
        self.frame: list[float | int] = [0.0] * len(function.params)
        self.locals = {name: register for register, (name, _) in enumerate(function.params)}
        self.constants: dict[tuple[object, str], int] = {}

    def compiled(self) -> Compiled:
        self.body(self.function.body)
        value = self.function.value
        self.emit(Code.RETURN, -1 if value is None else self.node(value))
        return Compiled(self.function.name, tuple(self.code), tuple(self.frame))

    def emit(self, code: Code, target: Any, a: Any = None, b: Any = None) -> int:
        self.code.append((int(code), target, a, b))
        return len(self.code) - 1

    def patch(self, at: int) -> None:
        """Let the jump at `at` go to what comes next."""
        code, _, a, b = self.code[at]
        self.code[at] = (code, len(self.code), a, b)

    def register(self, start: float | int = 0.0) -> int:
        self.frame.append(start)
        return len(self.frame) - 1

    def local(self, name: str) -> int:
        if name not in self.locals:
            self.locals[name] = self.register()
        return self.locals[name]

    # --- statements

    def body(self, body: tuple[Statement, ...]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, statement: Statement) -> None:
        match statement:
            case Set(name=name, value=value):
                self.emit(Code.MOVE, self.local(name), self.node(value))
            case Store(region=region, offset=offset, value=value, index=None):
                self.emit(Code.STORE, self.region(region), offset, self.node(value))
            case Store(region=region, offset=offset, value=value, index=index):
                assert index is not None
                at = self.node(index)
                self.emit(Code.STORE_AT, self.region(region), (offset, at), self.node(value))
            case If(condition=condition, then=then, otherwise=otherwise):
                skip = self.emit(Code.JUMP_UNLESS, None, self.node(condition))
                self.body(then)
                leave = self.emit(Code.JUMP, None)
                self.patch(skip)
                self.body(otherwise)
                self.patch(leave)
            case Reserve(count=count):
                self.emit(Code.RESERVE, self.region(RING), self.node(count))
            case While(condition=condition, body=body):
                start = len(self.code)
                leave = self.emit(Code.JUMP_UNLESS, None, self.node(condition))
                self.body(body)
                self.emit(Code.JUMP, start)
                self.patch(leave)
            case For(name=name, count=count, body=body):
                counter = self.local(name)
                self.emit(Code.MOVE, counter, self.node(constant(0, I32)))
                start = len(self.code)
                more = self.register()
                end = self.node(constant(count, I32))
                self.emit(Code.BINARY, more, OPS["i32.lt_s"].meaning, (counter, end))
                leave = self.emit(Code.JUMP_UNLESS, None, more)
                self.body(body)
                one = self.node(constant(1, I32))
                self.emit(Code.BINARY, counter, OPS["i32.add"].meaning, (counter, one))
                self.emit(Code.JUMP, start)
                self.patch(leave)

    # --- nodes

    def node(self, root: Node) -> int:
        """The register that holds the value of a node."""
        return self._node(root, {}, place(root).before)

    def _node(self, root: Node, done: dict[int, int], before: dict[int, list[Node]]) -> int:
        """`done` names the registers of what has been computed; recurses into the sides of an ``if`` only."""
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if id(node) in done:
                continue
            if not ready and node.args:
                stack.append((node, True))
                needed = (*before.get(id(node), ()), node.args[0]) if node.op == "if" else node.args
                stack.extend((arg, False) for arg in reversed(needed))
            elif node.op == "if":
                done[id(node)] = self._choice(node, done, before)
            else:
                done[id(node)] = self.operation(node, [done[id(arg)] for arg in node.args])
        return done[id(root)]

    def _choice(self, node: Node, done: dict[int, int], before: dict[int, list[Node]]) -> int:
        condition, then, otherwise = node.args
        result = self.register()
        skip = self.emit(Code.JUMP_UNLESS, None, done[id(condition)])
        self.emit(Code.MOVE, result, self._node(then, done, before))
        leave = self.emit(Code.JUMP, None)
        self.patch(skip)
        self.emit(Code.MOVE, result, self._node(otherwise, done, before))
        self.patch(leave)
        return result

    def operation(self, node: Node, args: list[int]) -> int:
        if node.op == "const":
            key = (repr(node.imm), node.type.name)
            if key not in self.constants:
                assert isinstance(node.imm, (int, float))
                self.constants[key] = self.register(node.imm)
            return self.constants[key]
        if node.op == "local":
            return self.local(str(node.imm))
        target = self.register()
        if node.op == "load":
            assert isinstance(node.imm, tuple)
            name, offset = node.imm
            if node.type is I64:
                self.emit(Code.BITS, target, (self.region(name), offset), args[0] if args else -1)
            elif args:
                self.emit(Code.LOAD_AT, target, (self.region(name), offset), args[0])
            else:
                self.emit(Code.LOAD, target, self.region(name), offset)
        elif node.op == "call":
            self.emit(Code.CALL, target, str(node.imm), tuple(args))
        elif len(args) == 1:
            self.emit(Code.UNARY, target, OPS[node.op].meaning, args[0])
        else:
            self.emit(Code.BINARY, target, OPS[node.op].meaning, tuple(args))
        return target
