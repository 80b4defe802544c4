"""The optimiser: the same values to the bit, with less work. Wasm runs what it yields, the VM never does.

Every rule is exact for NaN, infinities and -0. `x*0 → 0` and `x+0 → x` are not, and are not here.
"""

from __future__ import annotations

from ..program import Program


def optimise(program: Program) -> Program:
    """The program with its three functions optimised and only the library functions that they still call."""
    return program
