"""What the compiler yields: functions over one memory, and what each place in it means.

The live row, in doubles: the clock, constants, invariants, stocks, memories, held values, varying
variables, the stocks' rates, and what the memories take next. Stocks and rates, memories and what follows
them, stand in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .abi import InputLayout, VariableLayout
from .ir import Function, Tables
from .methods import Method

CLOCK = ("time", "dt", "start", "stop", "save_step", "seed", "step", "error", "ring_top")
TIME, DT, START, STOP, SAVE_STEP, SEED, STEP, ERROR, RING_TOP = range(len(CLOCK))
"""The first slots of the row: the clock; the seed of random draws; how many steps have been taken; a code of
`abi.RUN_ERROR` that a kernel left; and how many doubles of the region ``ring`` are in use."""

SETTINGS = ("start", "stop", "dt", "save_step", "seed")
"""Inputs that follow the constants, in this order; a run reads them once, at its start."""

ROW, GIVEN, INPUT, POINTS, RING = "row", "given", "input", "points", "ring"
"""Regions that every program may name: the live row; for every input that is no constant, whether it was
given (0 or 1) and its value; the points of lookups; what kernels keep, growing at the start of a run."""


@dataclass(frozen=True, slots=True)
class Block:
    """Slots that follow each other."""

    start: int
    count: int

    @property
    def end(self) -> int:
        return self.start + self.count


@dataclass(frozen=True, slots=True)
class Columns:
    """`count` columns from `column` on hold the slots from `slot` on."""

    slot: int
    column: int
    count: int


@dataclass(frozen=True, slots=True)
class Program:
    """`invariants`, `initials`, `evaluate`, `advance` and `settle` have no parameters and no result: they write
    the live row.

    `evaluate` computes everything that varies, rates and followers included, from the states and the time;
    `advance` runs once before each step is taken, and updates what kernels keep; `settle` runs once when the
    stocks have their new values, and keeps non-negative ones from going below zero.
    Input i below the number of constants is the slot ``constants.start + i``; the first
    `clock_constants` of them feed the simulation settings and can only be set before a run.
    `clock_varies` where dt, stop time or save step change during a run; `evaluate` computes them then.
    """

    name: str
    model: str
    method: Method
    constants: Block
    defaults: tuple[float, ...]
    clock_constants: int
    clock_varies: bool
    stocks: Block
    rates: Block
    memories: Block
    followers: Block
    n_slots: int
    n_inputs: int
    varying: tuple[Columns, ...]
    fixed: tuple[Columns, ...]
    invariants: Function
    initials: Function
    evaluate: Function
    advance: Function
    settle: Function
    functions: Mapping[str, Function]
    tables: Tables
    inputs: tuple[InputLayout, ...]
    variables: tuple[VariableLayout, ...]
    dims: Mapping[str, tuple[str, ...]]

    @property
    def n_varying(self) -> int:
        return sum(columns.count for columns in self.varying)

    @property
    def n_columns(self) -> int:
        return self.n_varying + sum(columns.count for columns in self.fixed)
