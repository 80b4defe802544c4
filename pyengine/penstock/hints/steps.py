"""A time step that is too coarse for how quickly a stock answers to itself.

A stock whose net flow falls by g for every unit in it closes gaps with the time constant 1/g. Euler's method
follows that well with some steps in a time constant, overshoots with less than one and blows up with less than
half of one. g is taken from the model itself, by small changes of each stock at the start of the run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..compiler import Compiled
from ..errors import Diagnostic, finding
from ..model import Stock
from ..place import NOWHERE, Span
from ..program import DT, Program
from ..vm import Machine

STEPS_IN_TIME_CONSTANT = 2.0
"""With fewer, curves are visibly the method's and not the model's."""

CHANGE = 2.0**-20
"""How much a stock is changed by, as a share of its size: half of the digits of a double."""

INSIDE = "a stock inside of a delay or smooth"

MOST_WORK = 1_500_000
"""Instructions of the machine that the rule may take, some seconds; what is left out then is said."""


def coarse_step(compiled: Compiled) -> list[Diagnostic]:
    program = compiled.program
    machine = Machine(program)
    machine.run_initials()
    if machine.get_error():
        return []  # which is an error of its own, not a hint
    dt = machine.row[DT]
    spans = {variable.name: variable.span for variable in compiled.model.variables}
    belts = {
        variable.name
        for variable in compiled.model.variables
        if isinstance(variable, Stock) and (variable.conveyor or variable.queue)
    }
    limit = max(1, MOST_WORK // max(1, machine.work))
    found = []
    for name, slots in _stocks(program):
        if name in belts:  # they go by whole steps, whatever dt is
            continue
        gains = [_gain(machine, program, slot) for slot in slots[: max(limit, 0)]]
        limit -= len(slots)
        fastest = max(filter(math.isfinite, gains), default=0.0)
        emptied = abs(fastest * dt - 1.0) < 1e-6  # within exactly one step, which is done on purpose
        if fastest * dt > 1.0 / STEPS_IN_TIME_CONSTANT and not emptied:
            found.append(_coarse(name, spans.get(name, NOWHERE), dt, 1.0 / fastest))
    if limit < 0:
        found.append(finding("PEN806", count=-limit))
    return list(dict.fromkeys(found))


def _stocks(program: Program) -> Iterator[tuple[str, range]]:
    """The slots of each stock, and those that delays and smooths have inside."""
    hidden = set(range(program.stocks.start, program.stocks.end))
    for row in program.variables:
        count = math.prod(len(program.dims[dim]) for dim in row.get("dims", ()))
        if row["kind"] == "stock" and row["slot"] in hidden:
            slots = range(row["slot"], row["slot"] + count)
            hidden.difference_update(slots)
            yield row["name"], slots
    for slot in sorted(hidden):
        yield INSIDE, range(slot, slot + 1)


def _gain(machine: Machine, program: Program, slot: int) -> float:
    """How much the net flow falls for each unit that the stock rises; at a kink, the lesser of both sides."""
    rate = program.rates.start + slot - program.stocks.start
    row = machine.row
    step = CHANGE * max(abs(row[slot]), 1e-3)
    sides = [(row[rate] - machine.evaluated({slot: row[slot] + way})[rate]) / way for way in (step, -step)]
    return min(sides)


def _coarse(name: str, span: Span, dt: float, time_constant: float) -> Diagnostic:
    advice = f"A dt of {_round_below(time_constant / 4):g} or less follows it; or integrate by RK4."
    return finding(
        "PEN805", span, dt=f"{dt:g}", name=name, time_constant=f"{time_constant:.3g}", advice=advice
    )


def _round_below(value: float) -> float:
    """The largest power of two that is not above a value: a dt that counts without rounding."""
    return float(2.0 ** math.floor(math.log2(value)))
