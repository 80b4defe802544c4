"""What the compiler yields: functions over one memory, and what each place in it means.

The live row, in doubles: the clock, constants, invariants, stocks, memories, held values, varying
variables, the stocks' rates, and what the memories take next. Stocks and rates, memories and what follows
them, stand in the same order.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

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


def snapshot_words(clock_varies: bool) -> tuple[str, ...]:
    """What the words of a snapshot hold before the regions `SNAPSHOT`, eight bytes each, little-endian.

    The first is the program's `identity`, the others are doubles. Behind the regions stand as many doubles of the
    region ``ring`` as are in use. A state that has not begun has a NaN for
    STEP; one with an error is not kept.
    """
    clock = ("n_rows", "since_base", "base", "base_dt") if clock_varies else ()
    return ("identity", "unsaved", "clears", *clock)


SNAPSHOT = (ROW, GIVEN, INPUT, POINTS)
"""Regions whose doubles are state, in the order of memory."""


def fits(program: Program, snapshot: bytes) -> bool:
    """Whether bytes may be a snapshot of a program: its identity, and as long as it says."""
    fixed = program.state_bytes
    if len(snapshot) < fixed or int.from_bytes(snapshot[:8], "little") != program.identity:
        return False
    top = struct.unpack_from("<d", snapshot, 8 * (len(snapshot_words(program.clock_varies)) + RING_TOP))[0]
    return len(snapshot) == fixed + (8 * int(top) if top >= 0.0 and top < 1 << 27 else 0)


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


_NOTHING_LEFT = Function("complete")


@dataclass(frozen=True, slots=True)
class Program:
    """`invariants`, `initials`, `evaluate`, `complete`, `advance` and `settle` have no parameters and no result:
    they write the live row.

    `evaluate` computes everything that varies, rates and followers included, from the states and the time, and
    `complete`, behind it, what no step needs; where it is left out, the row is not one to be seen. `advance` runs
    once before each step is taken, and updates what kernels keep; `settle` runs once when the stocks have their
    new values, and keeps non-negative ones from going below zero.
    Input i below the number of constants is the slot ``constants.start + i``; the first
    `clock_constants` of them feed the simulation settings and can only be set before a run.
    Inputs from `n_inputs` on are doubles of the region ``points``, x and y alone; `points_wait` where the settings
    may follow from them, so that they can only be set before a run.
    `clock_varies` where dt, stop time or save step change during a run; `evaluate` computes them then.
    `starts` are the first slots of all variables, rates and followers; a place with an index lies in the variable
    of its offset, which begins at the last start that is not above it. `apart` are the first slots of varying
    variables that `initials` computes in another way than `evaluate`.
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
    starts: tuple[int, ...] = ()
    complete: Function = _NOTHING_LEFT
    points_wait: bool = False
    apart: frozenset[int] = frozenset()

    @property
    def own(self) -> tuple[Function, ...]:
        """The functions that are not the library's."""
        return self.invariants, self.initials, self.evaluate, self.complete, self.advance, self.settle

    def with_each(self, change: Callable[[Function], Function]) -> Program:
        """The program with each of its own functions changed."""
        invariants, initials, evaluate, complete, advance, settle = map(change, self.own)
        return replace(
            self,
            invariants=invariants,
            initials=initials,
            evaluate=evaluate,
            complete=complete,
            advance=advance,
            settle=settle,
        )

    @property
    def n_points(self) -> int:
        """Doubles of the region ``points``."""
        return len(self.tables.get(POINTS, ()))

    @property
    def identity(self) -> int:
        """64 bits that tell programs apart: a snapshot of one is none of another."""
        said = repr((self.model, self.method.name, self.n_slots, self.n_inputs, self.n_points))
        return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "little")

    @property
    def state_bytes(self) -> int:
        """Bytes of a snapshot without rings."""
        others = self.n_inputs - len(self.defaults)
        return 8 * (len(snapshot_words(self.clock_varies)) + self.n_slots + 2 * others + self.n_points)

    @property
    def n_varying(self) -> int:
        return sum(columns.count for columns in self.varying)

    @property
    def n_columns(self) -> int:
        return self.n_varying + sum(columns.count for columns in self.fixed)
