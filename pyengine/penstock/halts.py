"""A run looked at from inside: halted at its saved steps, at its start, or asked whether it could be begun."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from .compiler import Compiled
from .errors import Diagnostic, PenstockError
from .ir import Function
from .program import DT, TIME
from .run import Override, Simulation, apply_specs, overrides_of, time_of


def at_saved_steps(
    compiled: Compiled,
    *,
    engine: str | None = None,
    overrides: Mapping[str, float] | Iterable[Override] = (),
    specs: Mapping[str, Any] | None = None,
) -> Generator[Sequence[float], None, None]:
    """The live rows of a run at its saved steps, one after the other: everything in them, hidden values included."""
    given = overrides_of(overrides)
    with Simulation(compiled, engine) as simulation:
        apply_specs(simulation, specs or {})
        later = sorted((item for item in given if item.get("at") is not None), key=time_of)
        for item in given:
            if item.get("at") is None:
                simulation.set_value(item["name"], item["value"])
        while later and time_of(later[0]) < simulation.time:
            simulation.set_value(later[0]["name"], later.pop(0)["value"])
        simulation.run_to(simulation.time)
        row = simulation.engine.row
        yield row
        saved = simulation.saved_steps
        while True:
            before = row[TIME]
            following = before + row[DT]
            until = min(following, time_of(later[0])) if later else following
            simulation.run_to(until)
            row = simulation.engine.row
            if simulation.saved_steps > saved:
                saved = simulation.saved_steps
                yield row
            if row[TIME] == before:
                if not later:
                    return
                simulation.set_value(later[0]["name"], later.pop(0)["value"])


def at_start(
    compiled: Compiled,
    overrides: Mapping[str, float] | Iterable[Override] = (),
    specs: Mapping[str, Any] | None = None,
    *,
    evaluated: bool = False,
) -> Sequence[float]:
    """The live row while initial values are computed, before anything is `evaluated` for the first step. Whether a
    run could go on from there is not looked at."""
    with _starting(compiled, whole=evaluated) as simulation:
        apply_specs(simulation, specs or {})
        for row in overrides_of(overrides):
            if row.get("at") is None or time_of(row) < simulation.time:
                simulation.set_value(row["name"], row["value"])
        simulation.engine.run_initials()
        return simulation.engine.row


def refusals(
    compiled: Compiled,
    overrides: Iterable[Override] = (),
    specs: Mapping[str, Any] | None = None,
    save: Iterable[str] = (),
) -> tuple[Diagnostic, ...]:
    """All that a run would refuse before its first step, and every name in it that is not known."""
    rows = overrides_of(overrides)
    later = [row for row in rows if row.get("at") is not None]
    found: list[Diagnostic] = []

    def attempt(action: Callable[[], object]) -> None:
        try:
            action()
        except PenstockError as problem:
            found.extend(problem.diagnostics)

    with _starting(compiled, whole=compiled.program.clock_varies) as simulation:
        for name, value in (specs or {}).items():
            attempt(partial(apply_specs, simulation, {name: value}))
        for row in rows:
            if row not in later:
                attempt(partial(simulation.set_value, row["name"], row["value"]))
        attempt(simulation.run_initials)
        for row in later:
            attempt(partial(time_of, row))
            attempt(partial(simulation.set_value, row["name"], row["value"]))
        for name in save:
            attempt(partial(simulation.results, [name]))
    return tuple(dict.fromkeys(found))


def _starting(compiled: Compiled, *, whole: bool) -> Simulation:
    """A simulation that computes nothing but initial values unless it is `whole`."""
    if whole:
        return Simulation(compiled, "vm")
    nothing = replace(compiled.program, evaluate=Function("evaluate"))
    return Simulation(replace(compiled, program=nothing), "vm")
