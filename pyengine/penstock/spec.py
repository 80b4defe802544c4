"""What is legal in a program. A breach is a fault of ours, so it is an AssertionError.

The pipeline calls `check` after each pass that yields a program when `PENSTOCK_CHECK` is on; tests have it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from .ir import (
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
    nodes,
    postorder,
    statements,
    uses,
)
from .ops import F64, I32, I64, OPS, Type
from .program import GIVEN, INPUT, POINTS, RING, ROW, Program


def check(program: Program) -> Program:
    """The same program, found legal."""
    others = program.n_inputs - len(program.defaults)
    sizes = {ROW: program.n_slots, GIVEN: others, INPUT: others, POINTS: 0, RING: 1 << 32}
    sizes |= {name: len(values) for name, values in program.tables.items()}
    for function in program.functions.values():
        assert function.value is not None, f"{function.name} has no result"
        stores = (s for s in statements(function.body) if isinstance(s, Store))
        assert all(s.region == POINTS for s in stores), f"{function.name} stores"
        check_function(function, program.functions, sizes)
    for function in program.own:
        assert not function.params, function.name
        assert function.value is None, function.name
        if function is program.initials:
            function = replace(function, body=tuple(s for s in function.body if s != Do("evaluate")))
        check_function(function, program.functions, sizes)
    _check_places(program)
    return program


def _check_places(program: Program) -> None:
    """Blocks lie in the row without overlap, and columns are dense."""
    assert program.constants.count == len(program.defaults)
    assert program.stocks.count == program.rates.count
    assert program.memories.count == program.followers.count
    blocks = [program.constants, program.stocks, program.memories, program.rates, program.followers]
    spans = sorted((block.start, block.end) for block in blocks if block.count)
    assert all(before[1] <= after[0] for before, after in pairwise(spans)), "blocks overlap"
    assert all(start >= 0 and end <= program.n_slots for start, end in spans), "a block lies outside the row"
    at = 0
    for run in (*program.varying, *program.fixed):
        assert run.column == at, "columns are not dense"
        at += run.count


def check_function(function: Function, library: Mapping[str, Function], sizes: Mapping[str, int]) -> None:
    """Types fit, names exist, fixed offsets lie inside their regions, locals have a value before they are read."""
    types = dict(function.params)
    for statement in statements(function.body):
        if isinstance(statement, (Set, For)):
            type_ = I32 if isinstance(statement, For) else statement.value.type
            assert types.setdefault(statement.name, type_) is type_, f"{statement.name} has two types"
    for node in nodes(function):
        _check_node(node, types, library, sizes)
    defined = {name for name, _ in function.params}
    _check_body(function.body, defined, sizes)
    if function.value is not None:
        _check_defined(function.value, defined)


def _check_node(
    node: Node, types: Mapping[str, Type], library: Mapping[str, Function], sizes: Mapping[str, int]
) -> None:
    args = tuple(arg.type for arg in node.args)
    if node.op in OPS:
        row = OPS[node.op]
        assert (args, node.type) == (row.params, row.result), node
        return
    match node.op:
        case "const":
            assert isinstance(node.imm, float if node.type is F64 else int), node
        case "local":
            assert types.get(str(node.imm)) is node.type, node
        case "load":
            assert isinstance(node.imm, tuple), node
            assert node.type in (F64, I64), node
            assert args in ((), (I32,)), node
            _check_place(node.imm[0], node.imm[1], bool(args), sizes)
        case "if":
            assert args == (I32, node.type, node.type), node
        case "call":
            callee = library[str(node.imm)]
            assert args == tuple(type_ for _, type_ in callee.params), node
            assert callee.value is not None, node
            assert callee.value.type is node.type, node
        case _:
            raise AssertionError(f"{node.op} is no operation of a program")


def _check_place(region: str, offset: int, indexed: bool, sizes: Mapping[str, int]) -> None:
    assert region in sizes, f"no region {region}"
    assert 0 <= offset < sizes[region] or indexed, f"{region}[{offset}] of {sizes[region]}"


def _check_body(body: tuple[Statement, ...], defined: set[str], sizes: Mapping[str, int]) -> None:
    """`defined` grows with what has a value whichever way is taken."""
    for statement in body:
        for node in uses(statement):
            _check_defined(node, defined)
        match statement:
            case Set(name=name):
                defined.add(name)
            case Store(region=region, offset=offset, value=value, index=index):
                assert value.type is F64, statement
                assert index is None or index.type is I32, statement
                _check_place(region, offset, index is not None, sizes)
            case If(condition=condition, then=then, otherwise=otherwise):
                assert condition.type is I32, statement
                sides = set(defined), set(defined)
                _check_body(then, sides[0], sizes)
                _check_body(otherwise, sides[1], sizes)
                defined |= sides[0] & sides[1]
            case While(condition=condition, body=inner):
                assert condition.type is I32, statement
                _check_body(inner, set(defined), sizes)
            case For(name=name, count=count, body=inner):
                assert count > 0, statement
                _check_body(inner, defined | {name}, sizes)
            case Reserve(count=count):
                assert count.type is I32, statement
            case Do() | SetGlobal() | Copy() | Fill():
                raise AssertionError(f"{statement} stands in a program")


def _check_defined(root: Node, defined: set[str]) -> None:
    for node in postorder(root, set()):
        assert node.op != "local" or node.imm in defined, f"{node.imm} is read before it has a value"
