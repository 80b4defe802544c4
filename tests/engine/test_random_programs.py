"""Random programs give the same bits on both engines, as they are and optimised."""

from collections.abc import Callable

import pytest

from engine.making import SLOTS, Maker
from engine.programs import outcome, program_of
from penstock.ir import nodes
from penstock.ops import OPS

CHUNKS = 10
STATEMENTS = 20
Scale = Callable[[int, int], int]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_random_program_gives_the_same_bits_on_every_engine(chunk: int, scale: Scale) -> None:
    count = scale(15, 750)  # of 20 statements each, with about two trees
    for seed in range(chunk * count, (chunk + 1) * count):
        maker = Maker(seed)
        program = program_of(maker.program(STATEMENTS), SLOTS, maker.tables, stop=6.0)
        outcome(program, f"Maker({seed})")


@pytest.mark.smoke
def test_random_programs_use_every_operation_and_every_kind_of_statement() -> None:
    used: set[str] = set()
    for seed in range(40):
        maker = Maker(seed)
        program = program_of(maker.program(STATEMENTS), SLOTS, maker.tables)
        used |= {node.op for node in nodes(program.evaluate)}
        used |= {type(statement).__name__ for statement in program.evaluate.body}
    assert used >= {*OPS, "const", "local", "load", "if", "call", "Set", "Store", "If", "For"}


def test_most_values_of_random_programs_are_numbers() -> None:
    """Programs in which everything is NaN would agree on anything."""
    found = [
        value
        for seed in range(20)
        for maker in [Maker(seed)]
        for column in outcome(program_of(maker.program(STATEMENTS), SLOTS, maker.tables))
        for value in column
    ]
    assert sum(value == value for value in found) > len(found) / 4
