"""Snapshots of a machine's state, in the bytes that a blob of the same program writes."""

from __future__ import annotations

import math
import struct
from array import array
from typing import TYPE_CHECKING

from ..abi import RUN_ERROR
from ..program import DT, RING, RING_TOP, ROW, SNAPSHOT, START, STEP, snapshot_words

if TYPE_CHECKING:
    from .machine import Machine


def snapshot(machine: Machine) -> bytes:
    """State and inputs, as `program.snapshot_words` tells; no rows."""
    program, regions = machine.program, machine.regions
    words = {name: float(getattr(machine, name)) for name in _words(machine)}
    values = [*words.values(), *(value for name in SNAPSHOT for value in regions[name])]
    top = regions[ROW][RING_TOP]
    values += regions[RING][: int(top)] if math.isfinite(top) else ()
    return struct.pack("<Q", program.identity) + b"".join(map(_word, values))


def restore(machine: Machine, data: bytes) -> int:
    """Take over a state; the result is not 0, and nothing changed, where it is another program's."""
    program, regions = machine.program, machine.regions
    if struct.unpack_from("<Q", data)[0] != program.identity:
        return 1
    names = _words(machine)
    values = struct.unpack_from(f"<{len(data) // 8 - 1}d", data, 8)
    at = len(names)
    for name in SNAPSHOT:
        region = regions[name]
        region[:] = values[at : at + len(region)]
        at += len(region)
    regions[RING][: len(values) - at] = values[at:]
    row = regions[ROW]
    machine.saved_steps, machine.full_rows = 0, False
    machine.columns = [array("d") for _ in range(program.n_columns)]
    machine.points_set = bool(program.n_points)
    machine.begun = row[STEP] == row[STEP]
    machine.error = machine.step_count = 0
    if machine.begun:
        machine.step_count = int(row[STEP])
        machine.error = RUN_ERROR["NONE"] if program.clock_varies else machine.read_clock()
        machine.base, machine.base_dt, machine.since_base = row[START], row[DT], machine.step_count
    for name, value in zip(names, values, strict=False):
        setattr(machine, name, type(getattr(machine, name))(value))
    return 0


def _words(machine: Machine) -> tuple[str, ...]:
    """Attributes of the machine that have a word each."""
    return snapshot_words(machine.program.clock_varies)[1:]


def _word(value: float | int) -> bytes:
    return struct.pack("<Q", value) if isinstance(value, int) else struct.pack("<d", value)
