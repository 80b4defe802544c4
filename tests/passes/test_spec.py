"""The checker of programs refuses what is not legal, and lets pass what the pipeline makes."""

from dataclasses import replace

import pytest

from engine.models import EVERYTHING, METHOD_NAMES, SIR, TEACUP, compiled
from engine.programs import FIRST, program_of
from penstock.ir import For, Function, If, Node, Set, Statement, Store, While, apply, constant, load, local
from penstock.ops import F64, I32, I64
from penstock.program import ROW, Block, Columns
from penstock.spec import check

pytestmark = pytest.mark.smoke

ONE = constant(1.0)
YES = constant(1, I32)


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_what_the_passes_yield_is_legal(method: str) -> None:
    for text in (TEACUP, SIR, EVERYTHING):
        model = compiled(text, method)
        check(model.program)
        check(model.optimised)


@pytest.mark.parametrize(
    "statements",
    [
        [Store(ROW, FIRST, Node("f64.add", F64, (ONE,)))],
        [Store(ROW, FIRST, Node("f64.add", F64, (ONE, YES)))],
        [Store(ROW, FIRST, Node("f64.add", I32, (ONE, ONE)))],
        [Store(ROW, FIRST, Node("f64.sum", F64, (ONE, ONE)))],
        [Store(ROW, FIRST, YES)],
        [Store(ROW, FIRST, Node("const", F64, (), 1))],
        [Store(ROW, FIRST, Node("const", I32, (), 1.0))],
        [Store(ROW, FIRST, local("x"))],
        [Set("x", YES), Store(ROW, FIRST, local("x"))],
        [Set("x", ONE), Set("x", YES)],
        [If(YES, (Set("x", ONE),)), Store(ROW, FIRST, local("x"))],
        [While(YES, (Set("x", ONE),)), Store(ROW, FIRST, local("x"))],
        [For("i", 2, (Set("x", ONE),)), Store(ROW, FIRST, local("x"))],
        [For("i", 0, (Store(ROW, FIRST, ONE),))],
        [If(ONE, (Store(ROW, FIRST, ONE),))],
        [While(ONE, (Store(ROW, FIRST, ONE),))],
        [Store("column", 0, ONE)],
        [Store(ROW, FIRST + 1, ONE)],
        [Store(ROW, -1, ONE)],
        [Store(ROW, FIRST, ONE, ONE)],
        [Store(ROW, FIRST, load(ROW, FIRST + 1))],
        [Store(ROW, FIRST, load("nothing", 0))],
        [Store(ROW, FIRST, Node("load", F64, (ONE,), (ROW, 0)))],
        [Store(ROW, FIRST, Node("if", F64, (ONE, ONE, ONE)))],
        [Store(ROW, FIRST, Node("if", F64, (YES, ONE, YES)))],
        [Store(ROW, FIRST, Node("global", F64, (), "n_rows"))],
        [Store(ROW, FIRST, apply("f64.convert_i32_u", Node("memory.size", I32)))],
    ],
)
def test_an_illegal_statement_is_found(statements: list[Statement]) -> None:
    with pytest.raises((AssertionError, KeyError)):
        program_of(statements, 1)


def test_an_illegal_program_is_found() -> None:
    program = compiled(EVERYTHING).program
    check(program)
    broken = [
        {"defaults": program.defaults[1:]},
        {"stocks": Block(program.stocks.start, program.stocks.count + 1)},
        {"rates": Block(program.stocks.start, program.rates.count)},
        {"rates": Block(program.n_slots, program.rates.count)},
        {"varying": (*program.varying, Columns(0, 0, 1))},
        {"fixed": program.fixed[1:] or (Columns(5, 0, 1),)},
        {"evaluate": Function("evaluate", (("x", F64),), ())},
        {"evaluate": Function("evaluate", (), (), ONE)},
        {"functions": {**program.functions, "odd": Function("odd", (), ())}},
        {"functions": {**program.functions, "odd": Function("odd", (), (Store(ROW, 0, ONE),), ONE)}},
        {"functions": {}},
        {"tables": {}},
    ]
    for change in broken:
        with pytest.raises((AssertionError, KeyError)):
            check(replace(program, **change))


def test_words_of_tables_are_loaded_as_bits() -> None:
    program_of([Store(ROW, FIRST, apply("f64.convert_i64_u", load("t", 0, type_=I64)))], 1, {"t": (5,)})
