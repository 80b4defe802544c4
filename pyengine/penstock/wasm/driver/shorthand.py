"""What the blob's own functions share: regions, globals, and short names for nodes and statements."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from ...abi import MAX_RESULT_BYTES
from ...ir import (
    Do,
    Fill,
    For,
    Node,
    Operand,
    Reserve,
    SetGlobal,
    Statement,
    Store,
    apply,
    constant,
    load,
    local,
    statements,
)
from ...ops import F64, I32, I64, Type
from ...program import ERROR, GIVEN, INPUT, POINTS, ROW, Program

PIECE, PIECE_SLOPES, WHOLE = "piece", "piece slopes", "whole"
"""Regions of adaptive methods: stocks and rates at the start of a piece, and stocks after it in one go."""

DEFAULTS, BEFORE, SLOPES, FOLLOWING, WAITING = "defaults", "before", "slopes", "following", "waiting"
"""Regions that only the blob has: constants as compiled in; stocks before a step and their slopes at each
stage; what memories take next; rows that are not in their columns yet."""

ARENA = "arena"
"""What `allocate` gives away first."""
HEAD = 16
"""Bytes before the columns, where `process` says what they are."""

GLOBALS: dict[str, Type] = {
    "saved_steps": I32,
    "n_slots": I32,
    "n_lanes": I32,
    "row_offset": I32,
    "n_rows": I32,
    "results_offset": I32,
    "full_rows": I32,
    "begun": I32,
    "error": I32,
    "step_count": I32,
    "since_base": I32,
    "unsaved": I32,
    "clears": I32,
    "stale": I32,
    "waiting": I32,
    "points_set": I32,
    "snapshot_size": I32,
    "top": I32,
    "live": I32,
    "identity": I64,
    "base": F64,
    "base_dt": F64,
    "next": F64,
    "until": F64,
    "sub_time": F64,
    "sub_dt": F64,
}

Body = tuple[Statement, ...]
PAGE = 65536
MOST_STEPS = 2147483647.0
MOST_DOUBLES = float(MAX_RESULT_BYTES // 8)


FEW_COLUMNS = 512
"""So many are written to their places at once. More of them would each touch a page of memory for one double:
their rows wait, side by side, until there are `WAITING_ROWS`."""
WAITING_ROWS = 16


def waiting_rows(program: Program) -> int:
    """How many rows are written to their columns together; 0 where each is by itself."""
    return WAITING_ROWS if program.n_varying > FEW_COLUMNS else 0


def regions(program: Program) -> dict[str, int]:
    """Sizes, in doubles, of the blob's regions in memory order, the program's tables and results left out."""
    stages = program.method.stages
    others = program.n_inputs - len(program.defaults)
    return {
        ROW: program.n_slots,
        GIVEN: others,
        INPUT: others,
        POINTS: program.n_points,
        BEFORE: program.stocks.count if stages > 1 else 0,
        SLOPES: program.stocks.count * stages if stages > 1 else 0,
        **dict.fromkeys((PIECE, PIECE_SLOPES, WHOLE), program.stocks.count if program.method.adaptive else 0),
        FOLLOWING: program.memories.count,
        WAITING: waiting_rows(program) * program.n_varying,
        DEFAULTS: len(program.defaults),
    }


def arena_doubles(program: Program) -> int:
    """Room for a request that gives every input but points a value."""
    return 8 + 2 * program.n_inputs


def get(name: str) -> Node:
    return Node("global", GLOBALS[name], (), name)


def put(name: str, value: Operand) -> SetGlobal:
    return SetGlobal(name, constant(value, GLOBALS[name]))


def i32(value: int) -> Node:
    return constant(value, I32)


def int_(name: str) -> Node:
    return local(name, I32)


def slot(slot: int) -> Node:
    return load(ROW, slot)


def evaluate_row(program: Program) -> Body:
    """Everything in the live row; `evaluate` alone where nobody looks at it."""
    return (Do("evaluate"), *complete(program))


def complete(program: Program) -> Body:
    return (Do("complete"),) if program.complete.body else ()


def has_kernels(program: Program) -> bool:
    """Whether anything can fail during a run or keeps rings."""
    inner = (statement for function in program.own for statement in statements(function.body))
    return any(
        isinstance(statement, Reserve)
        or (isinstance(statement, Store) and (statement.region, statement.offset) == (ROW, ERROR))
        for statement in inner
    )


def kernel_error() -> Node:
    return apply("i32.trunc_sat_f64_s", slot(ERROR))


_STRAIGHT = 24
"""So many are written out one by one."""


def unrolled(count: int, by: int, body: Callable[[int, Node | None], Body]) -> Body:
    """`body` for every number below `count`, each a fixed part and what the local ``i`` adds; `by` at a time."""
    rounds, rest = (0, count) if count <= _STRAIGHT else divmod(count, by)
    index = int_("i") * by
    together = tuple(statement for k in range(by) for statement in body(k, index))
    left = tuple(statement for k in range(count - rest, count) for statement in body(k, None))
    return (*((For("i", rounds, together),) if rounds else ()), *left)


def copy(target: str, to: int, source: str, at: int, count: int) -> Body:
    """Doubles from one region to another; the regions do not overlap, or are equal."""
    return unrolled(count, 4, lambda k, i: (Store(target, to + k, load(source, at + k, i), i),))


ZEROS, NANS = 0, 255


def fill(target: str, to: int, count: int, byte: int) -> Body:
    """Give doubles the value of `ZEROS` or `NANS`."""
    return (Fill(target, to, count, byte),) if count else ()


def every(*truths: Node) -> Node:
    return reduce(lambda a, b: a & b, truths)
