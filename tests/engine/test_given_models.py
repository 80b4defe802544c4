"""Models of others, read in place: the bench models on both engines, and the corpus' expected results."""

import csv
import json
import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.bits import assert_same, same
from engine.models import ENGINE_NAMES, METHOD_NAMES
from penstock.builtins.time import CLOCK_SPELLINGS
from penstock.compiler import Compiled, compile_file
from penstock.model import canonical
from penstock.program import START, STOP
from penstock.results import key
from penstock.run import Simulation, simulate

BENCH = {"teacup.mdl": (5, 241), "fishbanks.xmile": (15, 161), "wrld3-03.mdl": (257, 401)}
"""Files, and the variables and rows that they have."""

compile_once = cache(compile_file)


def model_of(folder: Path, name: str, method: str | None = None) -> Compiled:
    return compile_once(folder / name, method)


def pair(model: Compiled) -> list[Simulation]:
    return [Simulation(model, engine) for engine in ENGINE_NAMES]


def assert_alike(simulations: list[Simulation]) -> None:
    vm, wasm = simulations
    assert vm.saved_steps == wasm.saved_steps
    assert_same(vm.engine.row, wasm.engine.row, "live row")
    a, b = vm.results(), wasm.results()
    assert a.names == b.names
    for name in a.names:
        assert_same(a[name], b[name], name)


@pytest.mark.parametrize("name", BENCH)
@pytest.mark.parametrize("method", METHOD_NAMES)
def test_a_full_run_of_a_bench_model_is_the_same_to_the_bit(
    bench_models: Path, name: str, method: str
) -> None:
    model = model_of(bench_models, name, method)
    simulations = pair(model)
    for simulation in simulations:
        simulation.run()
    assert_alike(simulations)
    results = simulations[0].results()
    variables, rows = BENCH[name]
    assert (len(model.program.variables), results.rows) == (variables, rows)
    assert all(math.isfinite(value) for value in results.data)


@pytest.mark.parametrize("name", BENCH)
def test_runs_of_a_bench_model_in_pieces_overridden_and_reset_are_the_same_to_the_bit(
    bench_models: Path, name: str
) -> None:
    model = model_of(bench_models, name)
    simulations = pair(model)
    simulations[0].run()
    whole = simulations[0].results().data.tobytes()
    start, stop = (simulations[0].engine.row[slot] for slot in (START, STOP))
    simulations[0].reset()
    for part in (0.25, 0.6, 1.0):
        for simulation in simulations:
            simulation.run_to(start + part * (stop - start))
        assert_alike(simulations)
    assert simulations[1].results().data.tobytes() == whole

    constants = [row for row in model.program.inputs if row["kind"] == "constant"]
    chosen = constants[:: max(1, len(constants) // 3)]
    for simulation in simulations:
        simulation.reset()
        simulation.run_to(start + 0.3 * (stop - start))
        for row in chosen:
            value = simulation.value(row["name"])
            if row["input"] >= model.program.clock_constants:
                simulation.set_value(row["name"], value * 1.25 + 0.01)
    assert_alike(simulations)
    for simulation in simulations:
        simulation.run_to(math.inf)
    assert_alike(simulations)
    assert simulations[0].results().data.tobytes() != whole
    for simulation in simulations:
        simulation.reset()
    assert_alike(simulations)
    for simulation in simulations:
        simulation.clear_values()
        simulation.run()
    assert_alike(simulations)
    assert simulations[0].results().data.tobytes() == whole


# --- the corpus


def corpus_cases(folder: Path) -> list[dict[str, Any]]:
    cases = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["models"]
    return [case for case in cases if case.get("primary") == "sample_model" and not case.get("known_bad")]


@pytest.fixture(scope="session")
def rule(corpus: Path) -> dict[str, float]:
    given: dict[str, float] = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["tolerance"]
    return given


def expected_of(file: Path) -> tuple[list[float], dict[str, list[float | None]]]:
    """Times and series of a table with a row for each time; comma or tab, gaps as None."""
    text = file.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter="\t" if "\t" in text.partition("\n")[0] else ","))
    head, *body = [row for row in rows if any(cell.strip() for cell in row)]
    series = {
        name: [float(row[place]) if place < len(row) and row[place].strip() else None for row in body]
        for place, name in enumerate(head)
        if place and name.strip()
    }
    return [float(row[0]) for row in body], series


def nearest(ascending: Sequence[float], x: float) -> int:
    """The place of the value that is closest to x."""
    place = bisect_left(ascending, x)
    around = (p for p in (place - 1, place) if 0 <= p < len(ascending))
    return min(around, key=lambda p: abs(ascending[p] - x))


def off(expected: float, found: float, scale: float, rule: dict[str, float]) -> bool:
    """Whether a value breaks the manifest's rule; NaN is only like NaN."""
    if same(expected, found):
        return False
    if not (math.isfinite(expected) and math.isfinite(found)):
        return True
    bound = max(rule["atol"], rule["rtol"] * max(abs(expected), abs(found)), rule["zrel"] * scale)
    return abs(expected - found) > bound


def test_the_corpus_has_the_cases_that_this_counts_on(corpus: Path) -> None:
    assert len(corpus_cases(corpus)) >= 18


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_sample_models_of_the_corpus_give_the_published_results(
    corpus: Path, rule: dict[str, float], engine: str
) -> None:
    """Names count without regard to case and spacing; the clock's own columns may be missing."""
    wrong: list[str] = []
    for case in corpus_cases(corpus):
        results = simulate(model_of(corpus, case["model"]), engine=engine)
        times, series = expected_of(corpus / case["expected"])
        saved = results["time"]
        rows = [nearest(saved, time) for time in times]
        gap = min((b - a for a, b in pairwise(times)), default=1.0)
        if any(abs(saved[row] - time) > gap / 4 for row, time in zip(rows, times, strict=True)):
            wrong.append(f"{case['id']}: a time is missing")
        known = {key(name) for name in results.names}
        for name, values in series.items():
            if canonical(name) in CLOCK_SPELLINGS and key(name) not in known:
                continue
            if key(name) not in known:
                wrong.append(f"{case['id']}: {name} is missing")
                continue
            found = results[name]
            scale = max(
                (abs(value) for value in values if value is not None and math.isfinite(value)), default=0.0
            )
            for row, value in zip(rows, values, strict=True):
                if value is not None and off(value, found[row], scale, rule):
                    wrong.append(f"{case['id']}: {name} at {saved[row]} is {found[row]!r}, not {value!r}")
                    break
    assert not wrong, "\n".join(wrong)


def test_sample_models_of_the_corpus_are_the_same_to_the_bit(corpus: Path) -> None:
    for case in corpus_cases(corpus):
        simulations = pair(model_of(corpus, case["model"]))
        for simulation in simulations:
            simulation.run()
        assert_alike(simulations)


def test_the_rule_of_the_corpus_takes_nan_for_a_difference() -> None:
    given = {"rtol": 1e-4, "atol": 1e-6, "zrel": 1e-6}
    assert off(1.0, math.nan, 1.0, given)
    assert off(math.nan, 1.0, 1.0, given)
    assert not off(math.nan, math.nan, 1.0, given)
    assert not off(1.0, 1.00005, 1.0, given)
    assert off(1.0, 1.001, 1.0, given)
    assert off(math.inf, 1.0, 1.0, given)
