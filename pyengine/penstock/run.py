"""Running models: one simulation under the user's hands, and runs that are pure functions of their request."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from time import monotonic
from typing import Any

from .abi import RUN_ERROR, SET_VALUE
from .builtins.time import CLOCK_SPELLINGS
from .compiler import Compiled
from .engines import Engine, create
from .errors import PenstockError, error
from .inputs import inputs_of, is_finite, stopped
from .model import canonical
from .passes.declare import did_you_mean
from .program import DT, SETTINGS, STEP, TIME, fits
from .protocol import DEFAULT_ENGINE
from .results import Results, column_names, element_names, key

Override = Mapping[str, Any]
"""``{"name": …, "value": …}``, and ``"at"`` for the model time from which it acts."""


Branch = Mapping[str, Any]
"""``{"at": time, "values": overrides}``."""


class Simulation:
    """A model on an engine: set values, run in pieces, look at the state, start over.

    Overrides of constants act at any time, from the next step on; those of settings and initial values must
    come before the run begins. Raises `PenstockError` for what cannot be done; the state is then as before.
    """

    def __init__(self, compiled: Compiled, engine: str | None = None, instance: Engine | None = None) -> None:
        """On an engine by name, or on an `instance` of it that is there already."""
        self.compiled = compiled
        self.engine_name = DEFAULT_ENGINE if engine is None else engine
        self._engine: Engine | None = create(compiled, engine) if instance is None else instance
        self._inputs = inputs_of(compiled)
        self._settings = {
            row["name"]: row["input"] for row in compiled.program.inputs if row["kind"] in SETTINGS
        }
        self._lookups = {key(row["name"]): row for row in compiled.program.inputs if row["kind"] == "points"}
        self._given: set[str] = set()
        self._columns = column_names(compiled.program)
        self._places = {key(name): column for column, name in enumerate(self._columns)}

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            raise error("PEN506")
        return self._engine

    def dispose(self) -> None:
        """Release the instance and its memory; the simulation cannot be used any more."""
        self._engine = None

    def __enter__(self) -> Simulation:
        return self

    def __exit__(self, *_: object) -> None:
        self.dispose()

    # --- values

    def set_value(self, name: str, value: object) -> None:
        """Override a constant, an element `name[a]` of one, a stock's initial value, or a setting by its name."""
        self.set_input(self.input_of(name), name, value)

    def set_setting(self, name: str, value: object) -> None:
        """Override start, stop, dt, save_step or seed, whatever variables the model has by these names."""
        self.set_input(self._settings[name], name, value)
        self._given.add(name)

    def set_point(self, name: str, index: int, *, x: object = None, y: object = None) -> None:
        """Move a point, counted from 0, of a lookup or of an element `name[a]` of an array of them.

        Acts as `set_value` of a constant does. The x must ascend after each call.
        """
        row = self._lookups.get(key(name))
        if row is None:
            advice = did_you_mean(name, self._lookups, "Lookups that the model uses have points.")
            raise error("PEN201", name=name, advice=advice)
        if not 0 <= index < row["count"]:
            advice = f"Points are numbered from 0 to {row['count'] - 1}."
            raise error("PEN514", what="the point", value=str(index)[:40], advice=advice)
        for part, value in enumerate((x, y)):
            if value is not None:
                number = row["input"] + 3 * index + part
                self.set_input(number, name, value, "The x of a lookup's points must ascend.")

    def set_input(
        self, number: int, name: str, value: object, advice: str = "Give a value above zero."
    ) -> None:
        """The same by the input's number, which `input_of` yields for a name; `name` is what messages say."""
        if not is_finite(value):
            raise error("PEN504", name=name, value=str(value)[:40], advice="Give a finite number.")
        status = self.engine.set_value(number, float(value))  # type: ignore[arg-type]
        if status == SET_VALUE["TOO_LATE"]:
            raise error("PEN503", name=name)
        if status == SET_VALUE["BAD_VALUE"]:
            raise error("PEN504", name=name, value=value, advice=advice)
        assert status == SET_VALUE["OK"], status

    def setting_of(self, name: str) -> int:
        """The number of a setting's input: start, stop, dt, save_step or seed."""
        return self._settings[name]

    def input_of(self, name: str) -> int:
        """The number of what `set_value` takes by this name. Raises PEN201, PEN502."""
        number = self._inputs.get(key(name))
        if number is not None:
            return number
        if key(name) in self._places:
            advice = "Constants, initial values of stocks and settings can be set."
            raise error("PEN502", name=name, reason="it is computed by an equation", advice=advice)
        self._refuse_missing(name)
        setting = CLOCK_SPELLINGS.get(canonical(name), canonical(name)).removeprefix("#")
        if setting not in self._settings:
            advice = did_you_mean(name, self._columns, "Constants, initial values and settings can be set.")
            raise error("PEN201", name=name, advice=advice)
        return self._settings[setting]

    def _refuse_missing(self, name: str) -> None:
        """Raise why a partial model is without a variable, if it is."""
        ident = canonical(name.partition("[")[0])
        for item in self.compiled.missing:
            if canonical(item.name) == ident:
                raise PenstockError(item.reasons)

    def clear_values(self) -> None:
        """Drop all overrides."""
        self._given.clear()
        self.engine.clear_values()

    def value(self, name: str) -> float:
        """The live value: at the cursor, overrides included."""
        return self.engine.row[self.place_of(name)]

    def place_of(self, name: str) -> int:
        """The slot of a variable's or element's value in the live row. Raises PEN201."""
        column = self._column(name)
        program = self.compiled.program
        for run in (*program.varying, *program.fixed):
            if run.column <= column < run.column + run.count:
                return run.slot + column - run.column
        raise AssertionError(name)

    @property
    def time(self) -> float:
        return self.engine.row[TIME]

    # --- running

    def run(self) -> None:
        """A full run from the start, whatever came before."""
        self.engine.run()
        self._check()

    def run_initials(self) -> None:
        self.engine.run_initials()
        self._check()

    def run_to(self, t: float) -> None:
        """Take every whole step up to a time; an earlier one does nothing."""
        self.engine.run_to(t)
        self._check()

    def reset(self) -> None:
        """Back to the start; overrides stay."""
        self.engine.reset()

    def _check(self) -> None:
        """Raise what stopped the run."""
        code = self.engine.get_error()
        if code != RUN_ERROR["NONE"]:
            raise stopped(code, self.engine.row, self.compiled, self._given)

    # --- snapshots

    def snapshot(self) -> bytes:
        """The state of the run and all values that were set, without the rows saved so far.

        `restore` of any simulation of the same model and method takes it, on either engine. Raises what stopped a run.
        """
        self._check()
        return self.engine.snapshot()

    def restore(self, snapshot: bytes) -> None:
        """Go on from a snapshot; the rows that follow are saved, earlier ones are dropped.

        Raises PEN520 where the bytes are no snapshot of this model and method; the state is then as before.
        """
        program = self.compiled.program
        if not fits(program, snapshot) or self.engine.restore(snapshot):
            raise error("PEN520", name=program.name or "this model")
        self._check()

    def branch_off(self) -> Sequence[float]:
        """Drop the rows saved so far; the live row, which those that follow go on from, or () before the start."""
        row = self.engine.row
        self.restore(self.snapshot())
        return row if row[STEP] == row[STEP] else ()

    # --- saved rows

    @property
    def saved_steps(self) -> int:
        return self.engine.saved_steps

    def series(self, name: str) -> Sequence[float]:
        """The values saved so far, `saved_steps` of them."""
        return self.engine.column(self._column(name))

    def _column(self, name: str) -> int:
        column = self._places.get(key(name))
        if column is None:
            self._refuse_missing(name)
            raise error(
                "PEN201", name=name, advice=did_you_mean(name, self._columns, "Names are those of the model.")
            )
        return column

    def results(
        self, save: Iterable[str] | None = None, seconds: float = 0.0, start: Sequence[float] = ()
    ) -> Results:
        """All that was saved, or the variables named in `save`; an array by its own name stands for its elements.

        `start`, from `branch_off`, is a row before those.
        """
        program, engine = self.compiled.program, self.engine
        wanted = range(program.n_columns) if save is None else self._wanted(save)
        first_fixed = program.n_columns if engine.full_rows else program.n_varying
        columns = [column for column in wanted if column < first_fixed]
        fixed = [column for column in wanted if column >= first_fixed]
        data = array("d")
        for column in columns:
            series = engine.column(column)
            if start:  # a constant has the branch's value from the start
                slot = self.place_of(self._columns[column])
                data.append(series[0] if column >= program.n_varying and series else start[slot])
            data.extend(series)
        data.extend(self.value(self._columns[column]) for column in fixed)
        return Results(
            engine.saved_steps + bool(start),
            [self._columns[column] for column in columns],
            [self._columns[column] for column in fixed],
            data,
            self.engine_name,
            seconds,
        )

    def _wanted(self, save: Iterable[str]) -> list[int]:
        """Columns by name, time first, each once."""
        arrays = {canonical(row["name"]): row for row in self.compiled.program.variables if row.get("dims")}
        wanted = {0: None}
        for name in save:
            row = arrays.get(canonical(name))
            if row is None:
                wanted[self._column(name)] = None
            else:
                count = len(element_names(row["name"], row["dims"], self.compiled.program.dims))
                wanted |= dict.fromkeys(range(row["column"], row["column"] + count))
        return list(wanted)


def simulate(
    compiled: Compiled,
    *,
    engine: str | None = None,
    overrides: Mapping[str, float] | Iterable[Override] = (),
    specs: Mapping[str, Any] | None = None,
    branch: Branch | None = None,
    save: Iterable[str] | None = None,
) -> Results:
    """One run from start to stop; its result depends on the arguments alone.

    With a `branch`, the run that the others describe is left at a time, and goes on with other values; its rows
    begin there.
    """
    steps = slices(
        compiled,
        engine=engine,
        overrides=overrides,
        specs=specs,
        branch=branch,
        save=save,
        seconds=math.inf,
    )
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def slices(
    compiled: Compiled,
    *,
    engine: str | None = None,
    overrides: Mapping[str, float] | Iterable[Override] = (),
    specs: Mapping[str, Any] | None = None,
    branch: Branch | None = None,
    save: Iterable[str] | None = None,
    seconds: float = 0.05,
) -> Generator[None, None, Results]:
    """The same in slices: yields whenever about `seconds` have gone by, and returns the results."""
    with Simulation(compiled, engine) as simulation:
        return (yield from carried_out(simulation, overrides, specs, save, seconds, branch=branch))


def carried_out(
    simulation: Simulation,
    overrides: Mapping[str, float] | Iterable[Override] = (),
    specs: Mapping[str, Any] | None = None,
    save: Iterable[str] | None = None,
    seconds: float = math.inf,
    begun: Callable[[], None] = lambda: None,
    branch: Branch | None = None,
) -> Generator[None, None, Results]:
    """The same on a simulation that is new; `begun` is called when everything is set, before it runs to its end."""
    begin = monotonic()
    now, later = timed(overrides_of(overrides), -math.inf)
    start: Sequence[float] = ()
    apply_specs(simulation, specs or {})
    for row in now:
        simulation.set_value(row["name"], row["value"])
    begun()
    if branch is not None:
        at = time_of({"name": "the branch", **branch})
        now, new = timed(branch["values"], at)
        yield from _through(simulation, [row for row in later if time_of(row) <= at], seconds)
        yield from _advance(simulation, at, seconds)
        start = simulation.branch_off()
        for row in now:
            simulation.set_value(row["name"], row["value"])
        later = sorted((*(row for row in later if time_of(row) > at), *new), key=time_of)
    yield from _through(simulation, later, seconds)
    yield from _advance(simulation, math.inf, seconds)
    return simulation.results(save, monotonic() - begin, start)


def _through(
    simulation: Simulation, later: Iterable[Override], seconds: float
) -> Generator[None, None, None]:
    for row in later:
        yield from _advance(simulation, time_of(row), seconds)
        simulation.set_value(row["name"], row["value"])


def timed(rows: Iterable[Override], since: float) -> tuple[list[Override], list[Override]]:
    """Overrides that act at once, and those that act later than `since`, by time."""
    given = list(rows)
    later = [row for row in given if row.get("at") is not None]
    if late := next((row for row in later if not time_of(row) >= since), None):
        what, advice = f"the time of {late['name']}", "Give a time that the branch has before it."
        raise error("PEN504", name=what, value=late["at"], advice=advice)
    return [row for row in given if row.get("at") is None], sorted(later, key=time_of)


def overrides_of(overrides: Mapping[str, float] | Iterable[Override]) -> list[Override]:
    if isinstance(overrides, Mapping):
        return [{"name": name, "value": value} for name, value in overrides.items()]
    return list(overrides)


def time_of(row: Override) -> float:
    at = row["at"]
    if not is_finite(at):
        raise error("PEN504", name=f"the time of {row['name']}", value=at, advice="Give a finite time.")
    return float(at)


def apply_specs(simulation: Simulation, specs: Mapping[str, Any]) -> None:
    for name, value in specs.items():
        if value is None:
            continue
        if name in SETTINGS:
            simulation.set_setting(name, value)
        elif name == "method":
            compiled_in = simulation.compiled.program.method.name
            if value != compiled_in:
                advice = "Compile the model with that method."
                raise error("PEN502", name="method", reason=f"{compiled_in} is compiled in", advice=advice)
        else:
            advice = f"Settings are {', '.join((*SETTINGS, 'method'))}."
            raise error("PEN514", what="the setting", value=name, advice=advice)


def _advance(simulation: Simulation, t: float, seconds: float) -> Generator[None, None, None]:
    """`run_to` in pieces that grow or shrink with the time they take."""
    if seconds == math.inf:
        simulation.run_to(t)
        return
    if t < simulation.time:
        return
    simulation.run_initials()
    steps, due = 1.0, monotonic() + seconds
    while (until := simulation.time + steps * simulation.engine.row[DT]) < t:
        before, began = simulation.time, monotonic()
        simulation.run_to(until)
        now = monotonic()
        if simulation.time == before:  # the end
            break
        steps = steps * 2 if now - began < seconds / 8 else max(1.0, steps / 2)
        if now >= due:
            yield
            due = monotonic() + seconds
    simulation.run_to(t)
