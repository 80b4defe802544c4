"""Small programs made by hand, run on both engines."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.bits import assert_same
from penstock.abi import VariableLayout
from penstock.hosts.wasmtime import Instance
from penstock.ir import Function, Statement, Store, constant
from penstock.methods import METHODS
from penstock.passes import optimised
from penstock.passes.linked import linked
from penstock.program import CLOCK, DT, POINTS, ROW, SAVE_STEP, SETTINGS, START, STOP, Block, Columns, Program
from penstock.spec import check
from penstock.vm import Machine
from penstock.wasm.module import blob

FIRST = len(CLOCK)
"""The slot from which a program's own values stand in the row."""


def program_of(
    evaluate: Sequence[Statement],
    values: int,
    tables: Mapping[str, tuple[float | int, ...]] | None = None,
    functions: Sequence[Function] = (),
    stop: float = 0.0,
) -> Program:
    """A program without inputs that evaluates statements at each of its times 0, 1, … stop, over `values` slots."""
    none = Block(FIRST, 0)
    settings = {START: 0.0, STOP: stop, DT: 1.0, SAVE_STEP: 1.0}
    body = Function("evaluate", (), tuple(evaluate))
    library, used = linked([body]) if not functions else ({}, {})
    program = Program(
        name="by hand",
        model="",
        method=METHODS["euler"],
        constants=none,
        defaults=(),
        clock_constants=0,
        stocks=none,
        rates=none,
        memories=none,
        followers=none,
        n_slots=FIRST + values,
        n_inputs=len(SETTINGS),
        varying=(Columns(0, 0, 1), Columns(FIRST, 1, values)),
        fixed=(),
        invariants=Function(
            "invariants", (), tuple(Store(ROW, slot, constant(value)) for slot, value in settings.items())
        ),
        initials=Function("initials", (), ()),
        evaluate=body,
        advance=Function("advance", (), ()),
        settle=Function("settle", (), ()),
        clock_varies=False,
        functions=library | {function.name: function for function in functions},
        tables={**used, **(tables or {})},
        inputs=(),
        variables=(VariableLayout(name="Time", kind="time", slot=0, column=0),),
        dims={},
    )
    return check(program)


def runs(program: Program, optimise: bool = True) -> dict[str, list[list[float]]]:
    """All columns of a full run, on both engines: of the program as it is, and optimised."""
    versions = {"": program}
    if optimise:
        versions["optimised "] = optimised(program)
    found = {}
    for title, version in versions.items():
        check(version)
        for name, engine in (("vm", Machine(version)), ("wasm", Instance(version, blob(version)))):
            engine.run()
            assert engine.get_error() == 0
            found[title + name] = [list(engine.column(column)) for column in range(version.n_columns)]
    return found


def outcome(program: Program, what: str = "", optimise: bool = True) -> list[list[float]]:
    """The columns that every engine agrees on, time left out."""
    found = runs(program, optimise)
    expected = found.pop("vm")
    for name, columns in found.items():
        for column, (a, b) in enumerate(zip(expected, columns, strict=True)):
            assert_same(a, b, f"{what} vm and {name}, column {column}")
    return expected[1:]


def with_points(program: Program, points: Sequence[float | int]) -> Program:
    return replace(program, tables={**program.tables, POINTS: tuple(points)})
