"""What can be set before and during a run, and what stops one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from .abi import MAX_RESULT_BYTES, RUN_ERROR
from .compiler import Compiled
from .errors import PenstockError, error
from .place import NOWHERE, Span
from .program import DT, SAVE_STEP, SETTINGS, START, STOP
from .results import element_names, key


def stopped(code: int, row: Sequence[float], compiled: Compiled, given: Iterable[str]) -> PenstockError:
    """What a code of `RUN_ERROR` says; where it is a setting of the model's own, that is its place."""
    start, stop, dt, save_step = row[START], row[STOP], row[DT], row[SAVE_STEP]
    specs = compiled.model.specs

    def at(setting: str) -> Span:
        written = getattr(specs, setting)
        return NOWHERE if setting in given or written is None else written.span

    match next(name for name, number in RUN_ERROR.items() if number == code):
        case "BAD_TIME" if not math.isfinite(start):
            return error("PEN315", at("start"), what="the start time", value=start)
        case "BAD_TIME":
            return error("PEN315", at("stop"), what="the stop time", value=stop)
        case "BAD_DT":
            return error("PEN311", at("dt"), dt=dt)
        case "STOP_BEFORE_START":
            return error("PEN312", at("stop"), start=start, stop=stop)
        case "BAD_SAVE_STEP":
            return error("PEN313", at("save_step"), save_step=save_step, dt=dt)
        case "TOO_MUCH_MEMORY":
            return error("PEN316")
    rows, columns = (stop - start) / save_step + 1, compiled.program.n_columns
    return error(
        "PEN314",
        rows=f"{rows:.0f}",
        columns=columns,
        megabytes=rows * columns * 8 / 1e6,
        limit=f"{MAX_RESULT_BYTES / 1e6:.0f}",
    )


def inputs_of(compiled: Compiled) -> dict[str, int]:
    """The number of every constant and initial value by the key of its name."""
    program = compiled.program
    dims = {row["name"]: row.get("dims", []) for row in program.variables}
    numbers: dict[str, int] = {}
    for row in program.inputs:
        if row["kind"] not in (*SETTINGS, "points"):
            labels = element_names(row["name"], dims[row["name"]], program.dims)
            numbers |= {key(label): number for number, label in enumerate(labels, row["input"])}
    return numbers


def is_finite(value: object) -> bool:
    """Whether it is a number that is a finite double; a whole number may be too large for one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
