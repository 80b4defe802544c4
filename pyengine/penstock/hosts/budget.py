"""How much fuel a run of a model may need: its instructions counted in the program, times its steps.

A bound with a margin, not a measurement: loops whose turns are known count in full, searches as `TURNS`.
"""

from __future__ import annotations

from ..ir import For, Function, Statement, While, bodies, postorder, uses
from ..methods import PIECES
from ..program import Program

MARGIN = 4
LEAST = 1_000_000
TURNS = 64
"""Turns of a loop whose end is not known; searches in tables and sorts in place take fewer."""

_PER_NODE, _PER_STATEMENT, _PER_COPY = 2, 3, 6


def per_step(program: Program) -> int:
    """Instructions of one step, methods with pieces at their finest."""
    weights: dict[str, int] = {}

    def weight(function: Function) -> int:
        total = body(function.body)
        return total + (0 if function.value is None else tree((function.value,)))

    def called(name: str) -> int:
        if name not in weights:
            weights[name] = 0  # nothing calls itself; this is for the bound's own sake
            weights[name] = weight(program.functions[name]) if name in program.functions else 0
        return weights[name]

    def tree(roots: tuple[object, ...]) -> int:
        total, seen = 0, set[int]()
        for root in roots:
            for node in postorder(root, seen):  # type: ignore[arg-type]
                total += _PER_NODE + (called(str(node.imm)) if node.op == "call" else 0)
        return total

    def body(statements: tuple[Statement, ...]) -> int:
        total = 0
        for statement in statements:
            turns = statement.count if isinstance(statement, For) else 1
            turns = TURNS if isinstance(statement, While) else turns
            inner = _PER_STATEMENT + tree(uses(statement)) + sum(map(body, bodies(statement)))
            total += turns * inner
        return total

    method = program.method
    stages = method.stages * (3 * PIECES if method.adaptive else 1)
    copies = program.n_varying + program.stocks.count * (2 * stages + 2) + 4 * program.memories.count
    once = sum(map(weight, (program.complete, program.advance, program.settle)))
    return stages * weight(program.evaluate) + once + _PER_COPY * copies + 100


def fuel_for(program: Program, steps: float, used: int, most: int) -> tuple[int, bool]:
    """What a run may use in all where nothing is asked for, `used` of it up to its first step; and whether `most` made
    it less."""
    wanted = used + max(LEAST, MARGIN * int(per_step(program) * (steps + 2)))
    return min(wanted, most), wanted > most
