"""The blob's own functions around a program: inputs, clock, method, saved rows.

They say the same as `vm.machine`, in nodes; the parity tests hold one against the other. All are built per
program: sizes and the method's coefficients are constants in them.
"""

from __future__ import annotations

from ...ir import Function, apply
from ...program import Program
from .clock import go, more, read_clock, run, run_initials, run_to
from .inputs import clear_given, clear_values, reset, set_value
from .points import set_point, unpack
from .rows import enlarge, fill_fixed, grow, reserve, reserve_ring, save, settle_rows
from .shorthand import DEFAULTS, GLOBALS, get, regions
from .steps import advance_stocks, step

__all__ = ["DEFAULTS", "GLOBALS", "functions", "regions", "set_point", "unpack"]


def functions(program: Program, rings: int) -> list[Function]:
    """All of them, those that the module exports among them, by the export's name. Rings begin at byte `rings`."""
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
        Function("get_error", (), (), apply("i64.extend_i32_u", get("error"))),
    ]
