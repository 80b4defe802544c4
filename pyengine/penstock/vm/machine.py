"""A run of a program as bytecode: inputs, the clock, the methods, the saved rows."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from ..abi import MAX_RESULT_BYTES, RUN_ERROR, SET_VALUE
from ..ir import Do, Function
from ..library.lookups import placed
from ..methods import PIECES, TOLERANCE, weighted
from ..program import (
    DT,
    ERROR,
    GIVEN,
    INPUT,
    POINTS,
    RING,
    RING_TOP,
    ROW,
    SAVE_STEP,
    SETTINGS,
    START,
    STEP,
    STOP,
    TIME,
    Program,
)
from . import keeping
from .bytecode import Called, Compiled, compile_function
from .execute import execute
from .numbers import bits, larger, nearest, quotient

_NAN = math.nan
_MOST_STEPS = 2147483647
_MOST_DOUBLES = MAX_RESULT_BYTES // 8


class Machine:
    """One instance of a program, with the same interface, and the same behaviour, as a blob.

    Times are model time. `set_value` and `get_error` return the codes of `abi`.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.regions: dict[str, list[Any]] = {name: list(values) for name, values in program.tables.items()}
        others = program.n_inputs - len(program.defaults)
        self.regions |= {ROW: [_NAN] * program.n_slots, GIVEN: [0.0] * others, INPUT: [0.0] * others}
        self.regions.setdefault(POINTS, [])
        self._lookups = list(placed(self.regions[POINTS]))
        self.points_set = False
        self.regions[RING] = []
        self._functions = Called(program.functions, self._compiled)
        own = (self._compiled(item) for item in program.own if item is not program.initials)
        self._invariants, self._evaluate, self._complete, self._advance, self._settle = own
        self._initials = [
            self._evaluate if calls else self._compiled(Function("initials", (), tuple(body)))
            for calls, body in groupby(program.initials.body, key=lambda item: isinstance(item, Do))
        ]
        self._varying = [slot for run in program.varying for slot in range(run.slot, run.slot + run.count)]
        self._fixed = [slot for run in program.fixed for slot in range(run.slot, run.slot + run.count)]
        self._row: list[float] = self.regions[ROW]
        self.clears = False
        self.base = self.base_dt = _NAN
        self.since_base = self.unsaved = 0
        self.columns: list[array[float]] = []
        self._stocks = slice(program.stocks.start, program.stocks.end)
        self._rates = slice(program.rates.start, program.rates.end)
        self._constants = slice(program.constants.start, program.constants.end)
        self._row[self._constants] = program.defaults
        self.reset()

    # --- the interface of a blob

    def reset(self) -> None:
        """Cursor and live row as in a new instance with the same inputs; overrides stay."""
        if self.clears:
            self._clear_given()
        row, constants = self._row, self._row[self._constants]
        row[:] = [_NAN] * len(row)
        row[self._constants] = constants
        self._call(self._invariants)
        start = row[START]
        row[:] = [_NAN] * len(row)
        row[self._constants] = constants
        row[TIME] = start
        self.step_count = 0
        self.saved_steps = 0
        self.n_rows = 0
        self.full_rows = False
        self.columns = [array("d") for _ in range(self.program.n_columns)]
        self.begun = False
        self.error = RUN_ERROR["NONE"]

    def run_initials(self) -> None:
        """Evaluate initial values; does nothing when that has been done."""
        if self.begun or self.error:
            return
        row = self._row
        self._call(self._invariants)
        row[TIME] = row[START]
        row[STEP] = row[ERROR] = row[RING_TOP] = 0.0
        for function in self._initials:
            self._call(function)
        self._evaluate_row()
        self.error = self.read_clock() or int(row[ERROR])
        self.begun = not self.error

    def run_to(self, t: float) -> None:
        """Take every whole step whose time is at most t, give or take a billionth of dt; stop at the end."""
        row = self._row
        if t != t:
            return
        if not self.begun:
            if t < row[TIME]:
                return
            self.run_initials()
            if self.error:
                return
        else:
            if t + 1e-9 * row[DT] < row[TIME]:
                return
            self._call(self._invariants)
            self._evaluate_row()
        if not self.step_count and self.unsaved:
            self._save()
        while self._more() and self._next <= t + 1e-9 * row[DT]:
            self._step()

    def run(self) -> None:
        """A full run from the start, whatever came before."""
        self.reset()
        self.run_to(math.inf)

    def set_value(self, number: int, value: float) -> int:
        """Set an input by its number."""
        program = self.program
        if program.n_inputs <= number < program.n_inputs + program.n_points:
            return self._set_point(number - program.n_inputs, value)
        if not 0 <= number < program.n_inputs:
            return SET_VALUE["NOT_SETTABLE"]
        if not math.isfinite(value):
            return SET_VALUE["BAD_VALUE"]
        if number >= len(program.defaults):
            if self.begun:
                return SET_VALUE["TOO_LATE"]
            place = number - len(program.defaults)
            if SETTINGS[place : place + 1] in (("dt",), ("save_step",)) and not value > 0.0:
                return SET_VALUE["BAD_VALUE"]
            self.regions[GIVEN][place] = 1.0
            self.regions[INPUT][place] = value
            self.error = RUN_ERROR["NONE"]
            if SETTINGS[place : place + 1] == ("start",):
                self._row[TIME] = value
            return SET_VALUE["OK"]
        if number < program.clock_constants:
            if self.begun:
                return SET_VALUE["TOO_LATE"]
            self._row[program.constants.start + number] = value
            self.reset()  # the start time may follow from it
            return SET_VALUE["OK"]
        if self.saved_steps and not self.full_rows:
            self._fill_fixed()
        self._row[program.constants.start + number] = value
        return SET_VALUE["OK"]

    def _set_point(self, place: int, value: float) -> int:
        """Set a double of the points, x or y; the slopes beside it follow."""
        points = self.regions[POINTS]
        at, n = next((at, n) for at, n in reversed(self._lookups) if at <= place)
        i, part = divmod(place - at, 3)
        if part == 2 or i >= n:
            return SET_VALUE["NOT_SETTABLE"]
        if not math.isfinite(value):
            return SET_VALUE["BAD_VALUE"]
        if self.begun and self.program.points_wait:
            return SET_VALUE["TOO_LATE"]
        if part == 0 and not (
            (i == 0 or points[place - 3] <= value) and (i == n - 1 or value <= points[place + 3])
        ):
            return SET_VALUE["BAD_VALUE"]
        if self.saved_steps and not self.full_rows:
            self._fill_fixed()
        points[place] = value
        for here in range(at + 3 * max(i - 1, 0), at + 3 * min(i + 1, n - 1), 3):
            x0, y0, _, x1, y1 = points[here : here + 5]
            points[here + 2] = 0.0 if x0 == x1 else (y1 - y0) / (x1 - x0)
        self.points_set = True
        if self.program.points_wait:
            self.reset()
        return SET_VALUE["OK"]

    def clear_values(self) -> None:
        """Drop all overrides; during a run, those that it has read at its start stay until the next reset."""
        program = self.program
        if not self.begun:
            self._row[self._constants] = program.defaults
            self._clear_given()
            self.reset()
            return
        free = slice(program.constants.start + program.clock_constants, program.constants.end)
        defaults = program.defaults[program.clock_constants :]
        points_set = self.points_set and not program.points_wait
        changed = points_set or bits(self._row[free]) != bits(defaults)
        if self.saved_steps and not self.full_rows and changed:
            self._fill_fixed()
        if points_set:
            self._clear_points()
        self._row[free] = defaults
        self.clears = True

    def _clear_points(self) -> None:
        self.regions[POINTS][:] = self.program.tables.get(POINTS, ())
        self.points_set = False

    def _clear_given(self) -> None:
        self._clear_points()
        given = self.regions[GIVEN]
        given[:] = [0.0] * len(given)
        first, count = self.program.constants.start, self.program.clock_constants
        self._row[first : first + count] = self.program.defaults[:count]
        self.clears = False

    def get_error(self) -> int:
        return self.error

    def snapshot(self) -> bytes:
        """State and inputs, no rows."""
        return keeping.snapshot(self)

    def restore(self, snapshot: bytes) -> int:
        """Take over a state; not 0 where it is another program's. Rows saved so far are dropped."""
        return keeping.restore(self, snapshot)

    @property
    def row(self) -> list[float]:
        """A copy of the live row."""
        return list(self._row)

    @property
    def work(self) -> int:
        """How many instructions stand for one evaluation, loops and calls counted once."""
        return len(self._evaluate.code)

    def evaluated(self, changes: Mapping[int, float]) -> list[float]:
        """The live row as it would be with other values in some slots of states; the row itself stays."""
        row, kept = self._row, list(self._row)
        for slot, value in changes.items():
            row[slot] = value
        self._call(self._evaluate)
        seen = list(row)
        row[:] = kept
        return seen

    # --- the clock

    def read_clock(self) -> int:
        """Check the settings and estimate the number of rows; returns a code of `RUN_ERROR`."""
        row = self._row
        start, stop, dt, save_step = row[START], row[STOP], row[DT], row[SAVE_STEP]
        if not (math.isfinite(start) and math.isfinite(stop)):
            return RUN_ERROR["BAD_TIME"]
        if not (0.0 < dt < math.inf):
            return RUN_ERROR["BAD_DT"]
        if stop < start:
            return RUN_ERROR["STOP_BEFORE_START"]
        ratio = quotient(save_step, dt)
        if not (0.5 < ratio < _MOST_STEPS):
            return RUN_ERROR["BAD_SAVE_STEP"]
        every = nearest(ratio)
        if abs(ratio - every) > 1e-9 * every and not self.program.clock_varies:
            return RUN_ERROR["BAD_SAVE_STEP"]
        steps = math.trunc(min((stop - start) / dt + 1e-9, _MOST_STEPS))
        rows = steps // int(every) + 1 + (steps % int(every) != 0)
        if steps == _MOST_STEPS or rows * self.program.n_columns > _MOST_DOUBLES:
            return RUN_ERROR["TOO_MANY_ROWS"]
        self.n_rows = rows
        self.base, self.base_dt, self.since_base, self.unsaved = start, dt, 0, int(every)
        return RUN_ERROR["NONE"]

    def _more(self) -> bool:
        """Whether there is a step before the end; its time is then `_next`.

        Where dt has changed, the steps are counted anew from here.
        """
        row = self._row
        dt = row[DT]
        if dt != self.base_dt:
            self.base, self.base_dt, self.since_base = row[TIME], dt, 0
            if not (0.0 < dt < math.inf):
                self.error = RUN_ERROR["BAD_DT"]
        if self.error or self.step_count >= _MOST_STEPS:
            return False
        self._next = self.base + (self.since_base + 1) * dt
        return self._next <= row[STOP] + 1e-9 * dt

    def _step(self) -> None:
        """One step of the method, then everything evaluated at its end."""
        row, program, dt = self._row, self.program, self.base_dt
        stocks, rates = self._stocks, self._rates
        self._call(self._advance)
        following = row[program.followers.start : program.followers.end]
        if program.method.adaptive:
            row[stocks] = self._in_pieces(row[TIME], dt)
        else:
            row[stocks] = self._advanced(row[stocks], row[rates], row[TIME], dt)
        self._call(self._settle)
        row[program.memories.start : program.memories.end] = following
        self.step_count += 1
        self.since_base += 1
        self.unsaved += 1
        row[STEP] = float(self.step_count)
        row[TIME] = self._next
        self._evaluate_row()
        if row[ERROR]:
            self.error = int(row[ERROR])
        if self.unsaved >= nearest(quotient(row[SAVE_STEP], dt)) or not self._more():
            self._save()

    def _evaluate_row(self) -> None:
        self._call(self._evaluate)
        self._call(self._complete)

    def _advanced(self, before: list[float], slope: list[float], time: float, dt: float) -> list[float]:
        """The stocks after a step of the method from a time; `slope` is their rates there."""
        row, method = self._row, self.program.method
        slopes = [slope]
        for a, c in zip(method.a, method.c, strict=True):
            row[TIME] = time + c * dt
            row[self._stocks] = weighted(before, dt, a, slopes)
            self._call(self._evaluate)
            slopes.append(row[self._rates])
        return weighted(before, dt, method.b, slopes)

    def _in_pieces(self, time: float, dt: float) -> list[float]:
        """The same by an adaptive method; pieces and their places are counted in parts of dt."""
        row = self._row
        before, slope = row[self._stocks], row[self._rates]
        place, size = 0, PIECES
        while place < PIECES:
            at, length = time + dt * (place / PIECES), dt * (size / PIECES)
            whole = self._advanced(before, slope, at, length)
            row[self._stocks] = self._advanced(before, slope, at, 0.5 * length)
            row[TIME] = at + 0.5 * length
            self._call(self._evaluate)
            halves = self._advanced(row[self._stocks], row[self._rates], at + 0.5 * length, 0.5 * length)
            fine = all(
                abs(two - one) <= TOLERANCE * larger(abs(two), abs(old))
                for one, two, old in zip(whole, halves, before, strict=True)
            )
            if not fine and size > 1:
                size //= 2
                continue
            place += size
            before = row[self._stocks] = halves
            if place < PIECES:
                row[TIME] = time + dt * (place / PIECES)
                self._call(self._evaluate)
                slope = row[self._rates]
                if fine and place % (2 * size) == 0:
                    size *= 2
        return before

    # --- saved rows

    def _save(self) -> None:
        slots = self._varying + self._fixed if self.full_rows else self._varying
        for column, slot in enumerate(slots):
            self.columns[column].append(self._row[slot])
        self.saved_steps += 1
        self.unsaved = 0
        if self.saved_steps * self.program.n_columns > _MOST_DOUBLES:
            self.error = RUN_ERROR["TOO_MANY_ROWS"]

    def _fill_fixed(self) -> None:
        """From now on fixed columns are stored too; the rows so far get the values up to here."""
        first = len(self._varying)
        for column, slot in enumerate(self._fixed, first):
            self.columns[column].extend([self._row[slot]] * self.saved_steps)
        self.full_rows = True

    def column(self, column: int) -> array[float]:
        """`saved_steps` values; a fixed column's are those of the live row."""
        if column < len(self._varying) or self.full_rows:
            return self.columns[column][:]
        return array("d", [self._row[self._fixed[column - len(self._varying)]]]) * self.saved_steps

    # --- the machine

    def _compiled(self, function: Function) -> Compiled:
        return compile_function(function, self.regions.__getitem__)

    def _call(self, compiled: Compiled) -> None:
        execute(compiled, self._functions)
