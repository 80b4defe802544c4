"""`snapshot` and `restore`: the state of a run and its inputs, to and from the bytes that `snapshot_words` tells of."""

from __future__ import annotations

from ...abi import RUN_ERROR
from ...ir import Copy, Function, If, Node, Set, Store, apply, differ, equal, load, negate
from ...ops import F64, I32, I64
from ...program import RING_TOP, STEP, Program, snapshot_words
from ..emit import BYTES
from .rows import reserved, rings_end
from .shorthand import GLOBALS, Body, get, has_kernels, i32, int_, put, slot, waiting_rows


def snapshot(program: Program, row: int, rings: int) -> Function:
    """Write the state to byte ``at`` and on; `row` is the live row's byte. Rows are left out."""
    at, words = int_("at"), snapshot_words(program.clock_varies)
    ring = Copy(at + program.state_bytes, i32(rings), _ring_bytes())
    return Function(
        "snapshot",
        (("at", I32),),
        (
            *(Store(BYTES, k, _written(name), at) for k, name in enumerate(words)),
            Copy(at + 8 * len(words), i32(row), i32(program.state_bytes - 8 * len(words))),
            *((ring,) if has_kernels(program) else ()),
        ),
    )


def restore(program: Program, row: int, rings: int) -> Function:
    """Take over a state; the result is not 0, and nothing changed, where it is another program's.

    Rows saved so far are dropped: those that follow are saved from the first on.
    """
    at, words = int_("at"), snapshot_words(program.clock_varies)
    read = [put(name, _read(name, load(BYTES, k, at))) for k, name in enumerate(words) if k]
    dropped = ("saved_steps", "full_rows", *(("waiting",) if waiting_rows(program) else ()))
    clock: Body = () if program.clock_varies else (put("error", Node("call", I32, (), "read_clock")),)
    ring: Body = (  # last: where it goes, the bytes themselves may stand
        Set("granted", Node("call", I32, (rings_end(rings),), "grow")),
        If(int_("granted"), (Copy(i32(rings), at + program.state_bytes, _ring_bytes()),)),
        *ring_used(program, rings),
    )
    failed = If(
        negate(int_("granted") & reserved(program.n_varying)), (put("error", RUN_ERROR["TOO_MUCH_MEMORY"]),)
    )
    begin: Body = (
        put("step_count", apply("i32.trunc_sat_f64_s", slot(STEP))),
        put("stale", 1),
        *clock,
    )
    return Function(
        "restore",
        (("at", I32),),
        (
            Set("other", differ(load(BYTES, 0, at, I64), get("identity"))),
            If(
                negate(int_("other")),
                (
                    put("error", 0),
                    *(put(name, 0) for name in dropped),
                    Copy(i32(row), at + 8 * len(words), i32(program.state_bytes - 8 * len(words))),
                    *((put("points_set", 1),) if program.n_points else ()),
                    put("begun", equal(slot(STEP), slot(STEP))),
                    If(get("begun"), begin),
                    *read,
                    *(ring if has_kernels(program) else (Set("granted", i32(1)),)),
                    If(get("begun"), (failed,)),
                ),
            ),
        ),
        int_("other"),
    )


def ring_used(program: Program, rings: int) -> Body:
    """What follows from how much of the rings is in use, in programs that have any."""
    if not has_kernels(program):
        return ()
    return (
        put("results_offset", rings_end(rings)),
        put("snapshot_size", _ring_bytes() + program.state_bytes),
    )


def _ring_bytes() -> Node:
    return apply("i32.trunc_sat_f64_s", slot(RING_TOP)) << 3


def _written(name: str) -> Node:
    value = get(name)
    return apply("f64.convert_i32_s", value) if GLOBALS[name] is I32 else value


def _read(name: str, value: Node) -> Node:
    return value if GLOBALS[name] is F64 else apply("i32.trunc_sat_f64_s", value)
