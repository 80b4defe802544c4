"""The blob's own functions around a program: inputs, clock, method, saved rows.

They say the same as `vm.machine`, in nodes; the parity tests hold one against the other. All are built per
program: sizes and the method's coefficients are constants in them.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...ir import Function, apply
from ...program import RING, ROW, Program
from .clock import go, more, read_clock, run, run_initials, run_to
from .inputs import clear_given, clear_values, reset, set_value
from .keeping import restore, snapshot
from .plain import allocate, behind_rows, deallocate, process
from .points import set_point, unpack
from .rows import enlarge, fill_fixed, grow, reserve, reserve_ring, save, settle_rows
from .shorthand import ARENA, DEFAULTS, GLOBALS, HEAD, arena_doubles, get, regions
from .steps import advance_stocks, step

__all__ = [
    "ARENA",
    "DEFAULTS",
    "GLOBALS",
    "HEAD",
    "arena_doubles",
    "functions",
    "regions",
    "set_point",
    "unpack",
]


def functions(program: Program, addresses: Mapping[str, int]) -> list[Function]:
    """All of them, those that the module exports among them, by the export's name. `addresses` are those of regions."""
    row, rings, arena = addresses[ROW], addresses[RING], addresses[ARENA]
    arena_end = arena + 8 * arena_doubles(program)
    return [
        set_value(program),
        clear_values(program),
        clear_given(program),
        reset(program),
        read_clock(program),
        grow(),
        reserve(),
        reserve_ring(rings),
        run_initials(program, rings),
        step(program),
        advance_stocks(program),
        more(),
        save(program),
        settle_rows(program),
        enlarge(program),
        fill_fixed(program),
        run_to(),
        run(),
        go(program),
        snapshot(program, row, rings),
        restore(program, row, rings),
        allocate(arena_end, behind_rows(program)),
        deallocate(arena, arena_end),
        process(program),
        Function("get_error", (), (), apply("i64.extend_i32_u", get("error"))),
    ]
