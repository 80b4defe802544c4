"""The optimiser: the same values to the bit, with less work. Wasm runs what it yields, the VM never does.

Every rule is exact for NaN, infinities and -0. `x*0 → 0` and `x+0 → x` are not, and are not here.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir import Function
from ..library import FUNCTIONS, TABLES
from ..program import Program
from .fold import folded
from .forward import forwarded
from .lower import linked


def optimise(program: Program) -> Program:
    """The program with its functions optimised, and only those library functions that they still call."""
    library = {name: row.function for name, row in FUNCTIONS.items() if name in program.functions}

    def optimised(function: Function) -> Function:
        return forwarded(folded(function, library))

    own = map(
        optimised, (program.invariants, program.initials, program.evaluate, program.advance, program.settle)
    )
    invariants, initials, evaluate, advance, settle = own
    functions, tables = linked((invariants, initials, evaluate, advance))
    others = {name: values for name, values in program.tables.items() if name not in TABLES}
    return replace(
        program,
        invariants=invariants,
        initials=initials,
        evaluate=evaluate,
        advance=advance,
        settle=settle,
        functions={name: folded(function, library) for name, function in functions.items()},
        tables={**tables, **others},
    )
