"""Pass 7: from expressions to nodes. The result is the program that the VM runs as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..ir import (
    For,
    Function,
    Statement,
    Store,
    binary,
    load,
    local,
    postorder,
    statements,
)
from ..library.data import BY_KIND
from ..ops import I32
from ..program import CLOCK, POINTS, ROW, Block, Program
from .allocate import CLOCK_SLOTS, Places, allocate, defaults
from .circles import Unit, units
from .effects import Region
from .equations import Lowered, Lowering, body, initial, settings_or_value
from .linked import linked_to
from .memo import Memo
from .order import Schedule
from .symbols import Symbol, Symbols


@dataclass
class LowerMemo:
    """What `lower` keeps for the next version of a model; and the equations of each function, one by one."""

    units: Memo[Symbol, Lowered] = field(default_factory=Memo)
    bodies: dict[str, list[Lowered]] = field(default_factory=dict)
    points: Region | None = None


def lower(schedule: Schedule, model: str, memo: LowerMemo | None = None) -> Program:
    """The program of a schedule; `model` is the hash that the layout carries."""
    memo = memo or LowerMemo()
    plan = allocate(schedule)
    lowering = Lowering(schedule.symbols, plan, memo.units)
    invariants = lowering.assignments("invariants", schedule.invariants, settings_or_value)
    initials = lowering.assignments("initials", schedule.initials, initial)
    evaluate = [
        *lowering.assignments("steps", schedule.steps, settings_or_value),
        *lowering.assignments("rates", _units(plan.stocks), lambda _, __, part: part.rate, plan.rates),
        *lowering.assignments(
            "followers", _units(plan.memories), lambda _, __, part: part.following, plan.followers
        ),
    ]
    advance = lowering.advances(schedule.symbols)
    settle = Function("settle", (), tuple(_settled(plan, schedule.symbols)))
    memo.bodies = {"invariants": invariants, "initials": initials, "evaluate": evaluate, "advance": advance}
    memo.points = lowering.effects.points(memo.points)
    functions, tables = linked_to([[unit.uses for unit in body] for body in memo.bodies.values()])
    own = {name: Function(name, (), body(units_)) for name, units_ in memo.bodies.items()}
    return Program(
        name=schedule.symbols.name,
        model=model,
        method=schedule.symbols.method,
        constants=plan.block(plan.constants),
        defaults=tuple(defaults(plan.constants, schedule.symbols)),
        clock_constants=sum(schedule.symbols.size(s) for s in plan.constants[: plan.clock_constants]),
        stocks=plan.block(plan.stocks),
        rates=Block(plan.first_rate, plan.block(plan.stocks).count),
        memories=plan.block(plan.memories),
        followers=Block(plan.first_follower, plan.block(plan.memories).count),
        n_slots=plan.n_slots,
        n_inputs=plan.n_inputs,
        clock_varies=any(symbol.ident in CLOCK_SLOTS for symbol, _ in units(schedule.steps)),
        varying=plan.varying,
        fixed=plan.fixed,
        **own,
        settle=settle,
        functions=functions,
        tables={**tables, **lowering.effects.tables, POINTS: memo.points.values},
        inputs=(*plan.inputs, *lowering.points_as_inputs()),
        points_wait=_clock_follows(own["invariants"], plan.block(plan.constants)),
        variables=plan.variables,
        dims={dim.name: dim.names for dim in schedule.symbols.dims.values() if dim.name[:1] != "#"},
        apart=frozenset(_apart(plan, schedule)),
        starts=tuple(sorted({*plan.slots.values(), *plan.rates.values(), *plan.followers.values()})),
    )


def _settled(plan: Places, symbols: Symbols) -> Iterator[Statement]:
    for stock in plan.stocks:
        if stock.non_negative:
            at = plan.slots[stock.ident]
            counter = local("i0", I32) if stock.dims else None
            store = Store(ROW, at, binary("max", load(ROW, at, counter), 0.0), counter)
            yield For("i0", symbols.size(stock), (store,)) if stock.dims else store


def _apart(plan: Places, schedule: Schedule) -> Iterator[int]:
    """The slots of variables whose initial value may be another than what a step computes from the same values."""
    for symbol, part in units(schedule.steps):
        if part.initial is not None or part.kernel is not None or symbol.ident in plan.initial_inputs:
            yield plan.slots[symbol.ident]


def _clock_follows(invariants: Function, constants: Block) -> bool:
    """Whether a setting may follow from more than constants and other settings."""
    known = {*range(len(CLOCK)), *range(constants.start, constants.end)}
    clock = [s for s in statements(invariants.body) if isinstance(s, Store) and s.offset < len(CLOCK)]
    return any(
        (node.op == "call" and node.imm in _LOOKED_UP)
        or (
            node.op == "load"
            and isinstance(node.imm, tuple)
            and node.imm[0] == ROW
            and node.imm[1] not in known
        )
        for statement in clock
        for node in postorder(statement.value, set())
    )


_LOOKED_UP = frozenset(row.name for row in BY_KIND.values())


def _units(symbols: Iterable[Symbol]) -> Iterator[Unit]:
    return ((symbol, part) for symbol in symbols for part in symbol.parts)
