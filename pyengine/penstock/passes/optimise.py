"""The optimiser: the same values to the bit, with less work. Wasm runs what it yields, the VM never does.

Every rule is exact for NaN, infinities and -0. `x*0 → 0` and `x+0 → x` are not, and are not here.
"""

from __future__ import annotations

from ..changing import replace
from ..ir import Function
from ..library import FUNCTIONS, TABLES
from ..library.lookups import REMEMBERING, SEARCHING
from ..program import ROW, Program
from ..rewrite.forward import forwarded
from ..rewrite.fused import fused
from ..rewrite.lazy import lazy
from .fold import folded
from .linked import linked
from .staged import staged
from .started import started

ONCE = ("invariants", "initials")
"""Functions that run once in a run, where speed is nothing and size is something."""


def optimise(program: Program) -> Program:
    """The program with its functions optimised, and only those library functions that they still call."""
    library = {name: row.function for name, row in FUNCTIONS.items() if name in program.functions}

    def rewritten(function: Function) -> Function:
        return lazy(folded(function, library, SEARCHING if function.name in ONCE else REMEMBERING))

    program = staged(started(program).with_each(rewritten))
    starts = program.starts
    program = program.with_each(lambda function: forwarded(fused(function, ROW, starts)))
    functions, tables = linked(program.own)
    others = {name: values for name, values in program.tables.items() if name not in TABLES}
    return replace(
        program,
        functions={name: folded(function, library) for name, function in functions.items()},
        tables={**tables, **others},
    )
