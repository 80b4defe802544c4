"""Runs of models that are boxed in, measured and reported."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from time import monotonic
from typing import Any

from .. import __version__
from ..abi import ABI, MAX_RESULT_BYTES
from ..compiler import Compiled
from ..errors import PenstockError, error
from ..program import DT, START, STEP, STOP
from ..results import Results
from ..run import Override, Simulation, carried_out, overrides_of
from .budget import fuel_for
from .limits import MIB, Limits, Metadata, kind_of, refuse

PIECES = 64
"""A run is so many calls, the same each time, so that it can be interrupted between them."""
RING_BYTES = 64 * MIB
"""For delays, above what rows may take, where no cap is given."""


def run_metered(
    compiled: Compiled,
    *,
    engine: str = "wasm",
    overrides: Mapping[str, float] | Iterable[Override] = (),
    specs: Mapping[str, Any] | None = None,
    save: Iterable[str] | None = None,
    limits: Limits | None = None,
    fallback: str | None = None,
) -> tuple[Results, Metadata]:
    """A whole run within limits, and its metadata.

    With `fallback` "vm", what fails on the host is run by the VM, and marked as that. Raises `PenstockError`:
    the host's by their kinds, a model's as `simulate` does.
    """
    if fallback not in (None, "vm"):
        raise error("PEN514", what="the fallback", value=fallback, advice="Only vm can be fallen back on.")
    rows, limits = overrides_of(overrides), limits or Limits()
    wanted = None if save is None else list(save)
    if engine != "wasm":
        return _on_vm(compiled, engine, rows, specs, wanted, None)
    try:
        return _boxed(compiled, rows, specs, wanted, limits)
    except PenstockError as problem:
        unable = kind_of(problem) is not None or problem.diagnostics[0].code == "PEN505"
        if fallback is None or not unable:
            raise
    return _on_vm(compiled, fallback, rows, specs, wanted, "wasm")


def _boxed(
    compiled: Compiled,
    rows: list[Override],
    specs: Mapping[str, Any] | None,
    save: list[str] | None,
    limits: Limits,
) -> tuple[Results, Metadata]:
    try:
        from . import flags
        from .wasmtime import BoxedInstance
    except ImportError as problem:
        advice = "Install wasmtime, or choose engine vm."
        raise error("PEN505", engine="wasm", reason=str(problem), advice=advice) from None
    began = monotonic()
    blob = compiled.blob
    # The cap on modules is for strangers'; ours is as large as its model.
    limits = _sized(limits, len(blob))
    memory = compiled.layout["bytes"] + MAX_RESULT_BYTES + RING_BYTES
    instance = BoxedInstance(compiled.program, blob, limits, memory)
    box, clamped = instance.box, list[str]()

    def most_of_it() -> None:
        simulation.run_initials()
        row = instance.row
        start, stop = row[START], row[STOP]
        if limits.fuel is None:
            steps = max(0.0, (stop - start) / row[DT])
            fuel, less = fuel_for(compiled.program, steps, box.fuel_used, limits.most_fuel)
            box.give(fuel)
            clamped.extend(["fuel"] if less else [])
        for piece in range(1, PIECES):
            simulation.run_to(start + (stop - start) * (piece / PIECES))

    with Simulation(compiled, "wasm", instance) as simulation:
        try:
            results = _whole(simulation, rows, specs, save, most_of_it)
        except PenstockError as problem:
            codes = {item.code for item in problem.diagnostics}
            if limits.memory_bytes and codes & {"PEN314", "PEN316"}:
                raise refuse("MemoryLimit", needed="more", limit=limits.memory_bytes) from None
            raise
        steps = int(instance.row[STEP])
    return results, Metadata(
        **_common(compiled, rows, specs, results, steps, began),  # type: ignore[typeddict-item]
        module=hashlib.sha256(blob).hexdigest(),
        module_bytes=len(blob),
        engine="wasm",
        fallback_from=None,
        versions=_versions(wasmtime=flags.installed()),
        flags=flags.flags(flags.OFF),
        fuel_given=box.fuel_given,
        fuel_used=box.fuel_used,
        clamped=clamped,
        pages_peak=box.pages,
        memory_bytes=box.memory_bytes,
    )


def _sized(limits: Limits, module_bytes: int) -> Limits:
    return Limits(**{**asdict(limits), "module_bytes": max(limits.module_bytes, module_bytes)})


def _on_vm(
    compiled: Compiled,
    engine: str,
    rows: list[Override],
    specs: Mapping[str, Any] | None,
    save: list[str] | None,
    fallback_from: str | None,
) -> tuple[Results, Metadata]:
    began = monotonic()
    with Simulation(compiled, engine) as simulation:
        results = _whole(simulation, rows, specs, save, lambda: None)
        steps = int(simulation.engine.row[STEP])
    return results, Metadata(
        **_common(compiled, rows, specs, results, steps, began),  # type: ignore[typeddict-item]
        module="",
        module_bytes=0,
        engine=engine,
        fallback_from=fallback_from,
        versions=_versions(),
        flags={},
        fuel_given=None,
        fuel_used=None,
        clamped=[],
        pages_peak=None,
        memory_bytes=None,
    )


def _whole(
    simulation: Simulation,
    rows: list[Override],
    specs: Mapping[str, Any] | None,
    save: list[str] | None,
    begun: Callable[[], None],
) -> Results:
    """Without pieces by the clock, which would use another amount of fuel each time."""
    steps = carried_out(simulation, rows, specs, save, begun=begun)
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _common(
    compiled: Compiled,
    rows: list[Override],
    specs: Mapping[str, Any] | None,
    results: Results,
    steps: int,
    began: float,
) -> dict[str, Any]:
    given = len(rows) + sum(value is not None for value in (specs or {}).values())
    return {
        "model": compiled.model_hash,
        "name": compiled.model.name,
        "steps": steps,
        "wall_ms": 1e3 * (monotonic() - began),
        "input_bytes": 8 * given,
        "output_bytes": 8 * len(results.data),
    }


def _versions(**more: str) -> dict[str, str]:
    return {"penstock": __version__, "abi": str(ABI), "python": platform.python_version(), **more}
