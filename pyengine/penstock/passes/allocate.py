"""Pass 6: places. Gives every symbol its slots in the live row, its inputs and its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan, prod

from ..abi import InputLayout, VariableLayout
from ..builtins.time import TIME
from ..changing import replace
from ..model import Ident
from ..program import CLOCK, SETTINGS, Block, Columns
from .declare import literal
from .order import Schedule, read
from .symbols import Part, Role, Symbol, Symbols

CLOCK_SLOTS = {Ident(f"#{name}"): slot for slot, name in enumerate(CLOCK)}


@dataclass(frozen=True)
class Places:
    """Slots, inputs and columns of all symbols; each mapping holds the first of a symbol's elements."""

    symbols: Symbols
    slots: dict[Ident, int]
    constants: tuple[Symbol, ...]
    clock_constants: int
    stocks: tuple[Symbol, ...]
    memories: tuple[Symbol, ...]
    rates: dict[Ident, int]
    followers: dict[Ident, int]
    first_rate: int
    first_follower: int
    n_slots: int
    initial_inputs: dict[Ident, int]
    n_inputs: int
    varying: tuple[Columns, ...]
    fixed: tuple[Columns, ...]
    inputs: tuple[InputLayout, ...]
    variables: tuple[VariableLayout, ...]

    def block(self, chosen: Sequence[Symbol]) -> Block:
        """Where symbols of one role stand; they follow each other."""
        start = self.slots[chosen[0].ident] if chosen else len(CLOCK)
        return Block(start, sum(map(self.symbols.size, chosen)))

    @property
    def places(self) -> tuple[object, ...]:
        """What the statements of an equation depend on."""
        return self.slots, self.rates, self.followers, self.initial_inputs, self.n_constants

    @property
    def n_constants(self) -> int:
        return sum(map(self.symbols.size, self.constants))


def allocate(schedule: Schedule) -> Places:
    """A place for every symbol of a schedule."""
    symbols = schedule.symbols
    everything = list(symbols.by_ident.values())

    def having(*roles: Role) -> list[Symbol]:
        chosen = [s for s in everything if s.role in roles and s.ident not in CLOCK_SLOTS]
        return sorted(chosen, key=lambda s: s.hidden)  # hidden ones last: visible columns stay together

    settings = [symbols.by_ident[Ident(f"#{name}")] for name in SETTINGS]
    feeds_clock = _feeding(schedule, [symbol for symbol in settings if symbol.role is Role.CLOCK])
    constants = sorted(having(Role.CONSTANT), key=lambda s: s.ident not in feeds_clock)
    stocks, memories = having(Role.STOCK), having(Role.MEMORY)
    slots = dict(CLOCK_SLOTS)
    at = len(CLOCK)
    in_row = [
        *constants,
        *having(Role.INVARIANT),
        *stocks,
        *memories,
        *having(Role.HELD, Role.KEPT),
        *having(Role.VARYING),
    ]
    for symbol in in_row:
        slots[symbol.ident] = at
        at += symbols.size(symbol)
    first_rate = at
    rates, at = _following(stocks, symbols, at)
    first_follower = at
    followers, at = _following(memories, symbols, at)
    n_constants = sum(map(symbols.size, constants))
    settable = [s for s in stocks if not s.hidden]
    initial_inputs, n_inputs = _following(settable, symbols, n_constants + len(SETTINGS))
    columns = _columns([symbols.by_ident[TIME], *in_row], symbols)
    visible = [symbols.by_ident[ident] for ident in columns]
    return Places(
        symbols=symbols,
        slots=slots,
        constants=tuple(constants),
        clock_constants=sum(s.ident in feeds_clock for s in constants),
        stocks=tuple(stocks),
        memories=tuple(memories),
        rates=rates,
        followers=followers,
        first_rate=first_rate,
        first_follower=first_follower,
        n_slots=at,
        initial_inputs=initial_inputs,
        n_inputs=n_inputs,
        varying=_runs([s for s in visible if not _is_fixed(s)], columns, slots, symbols),
        fixed=_runs([s for s in visible if _is_fixed(s)], columns, slots, symbols),
        inputs=tuple(_inputs(constants, n_constants, initial_inputs, symbols)),
        variables=tuple(_variable(s, slots, columns, symbols) for s in everything if s.ident in columns),
    )


def _feeding(schedule: Schedule, settings: list[Symbol]) -> set[Ident]:
    """Everything that the simulation settings follow from."""
    found: set[Ident] = set()
    waiting = list(settings)
    while waiting:
        for part in waiting.pop().parts:
            for symbol in read(part, schedule.symbols):
                if symbol.ident not in found:
                    found.add(symbol.ident)
                    waiting.append(symbol)
    return found


def _following(chosen: Iterable[Symbol], symbols: Symbols, at: int) -> tuple[dict[Ident, int], int]:
    places = {}
    for symbol in chosen:
        places[symbol.ident] = at
        at += symbols.size(symbol)
    return places, at


def _is_fixed(symbol: Symbol) -> bool:
    return symbol.role in (Role.CONSTANT, Role.INVARIANT)


def _columns(in_row: list[Symbol], symbols: Symbols) -> dict[Ident, int]:
    """The first column of every visible symbol; those that vary come first, each group in the order of slots."""
    columns: dict[Ident, int] = {}
    at = 0
    for fixed in (False, True):
        for symbol in in_row:
            if not symbol.hidden and _is_fixed(symbol) == fixed:
                columns[symbol.ident] = at
                at += symbols.size(symbol)
    return columns


def _runs(
    chosen: list[Symbol], columns: dict[Ident, int], slots: dict[Ident, int], symbols: Symbols
) -> tuple[Columns, ...]:
    """Slots and columns as few runs as possible."""
    runs: list[Columns] = []
    for symbol in chosen:
        slot, size = slots[symbol.ident], symbols.size(symbol)
        if runs and runs[-1].slot + runs[-1].count == slot:
            runs[-1] = replace(runs[-1], count=runs[-1].count + size)
        else:
            runs.append(Columns(slot, columns[symbol.ident], size))
    return tuple(runs)


def _inputs(
    constants: list[Symbol], n_constants: int, initial_inputs: dict[Ident, int], symbols: Symbols
) -> Iterable[InputLayout]:
    at = 0
    for symbol in constants:
        yield _input(symbol, "constant", at, symbols)
        at += symbols.size(symbol)
    for number_, name in enumerate(SETTINGS, n_constants):
        yield InputLayout(name=name, kind=name, input=number_)
    for ident, first in initial_inputs.items():
        yield _input(symbols.by_ident[ident], "initial", first, symbols)


def _input(symbol: Symbol, kind: str, first: int, symbols: Symbols) -> InputLayout:
    row = InputLayout(name=symbol.name, kind=kind, input=first)
    if symbol.dims:
        row["count"] = symbols.size(symbol)
    return row


def _variable(
    symbol: Symbol, slots: dict[Ident, int], columns: dict[Ident, int], symbols: Symbols
) -> VariableLayout:
    row = VariableLayout(
        name=symbol.name, kind=symbol.kind, slot=slots[symbol.ident], column=columns[symbol.ident]
    )
    if symbol.dims:
        row["dims"] = [symbols.dims[dim].name for dim in symbol.dims]
        if missing := _missing(symbol, symbols):
            row["missing"] = missing
    if symbol.units:
        row["units"] = symbol.units
    return row


def _missing(symbol: Symbol, symbols: Symbols) -> list[int]:
    """The elements without an equation."""
    size = symbols.size(symbol)
    if any(part.kernel is not None for part in symbol.parts):
        return []
    if sum(prod(len(axis.positions) for axis in part.axes) for part in symbol.parts) == size:
        return []  # no element has two
    found = {cell for part in symbol.parts for cell in cell_numbers(symbol, part, symbols)}
    return [number for number in range(size) if number not in found]


def defaults(constants: Iterable[Symbol], symbols: Symbols) -> Iterable[float]:
    for symbol in constants:
        values = [nan] * symbols.size(symbol)
        for part in symbol.parts:
            for cell in cell_numbers(symbol, part, symbols):
                values[cell] = literal(part.expr)
        yield from values


def cell_numbers(symbol: Symbol, part: Part, symbols: Symbols) -> list[int]:
    """The flat element numbers that a part is for, in the order of its loops."""
    cells = [0]
    for axis, dim in zip(part.axes, symbol.dims, strict=True):
        size = len(symbols.dims[dim].elements)
        cells = [cell * size + position for cell in cells for position in axis.positions]
    return cells
