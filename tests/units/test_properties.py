"""What must hold for any model, tried on a small one and on large ones given in place."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.errors import Diagnostic, PenstockError
from penstock.model import Model
from penstock.passes.units import check_units
from penstock.place import NOWHERE
from penstock.read import read_file, read_text
from penstock.units import Table
from units.test_faults import FAULTS, shop
from units.writing import SHOP, written

LARGE = ("wrld3-03.mdl", "c-learn-v77.mdl")
"""Models with units for nearly all variables, which the tool that they were made with finds consistent."""


def warnings(model: Model) -> list[Diagnostic]:
    return [item for item in check_units(model).findings if item.severity == "warning"]


def said(model: Model) -> set[tuple[str, str]]:
    return {(item.code, item.message) for item in check_units(model).findings}


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(FAULTS)))
def test_the_order_of_variables_does_not_matter(draw: random.Random, name: str) -> None:
    model = read_text(written(shop(FAULTS[name].changes), "pen", FAULTS[name].time), "shop.pen").model
    variables = draw.sample(model.variables, len(model.variables))
    assert said(replace(model, variables=tuple(variables))) == said(model)


@pytest.mark.parametrize("name", FAULTS)
def test_other_names_for_the_units_change_only_the_names(name: str) -> None:
    rows = shop(FAULTS[name].changes)
    others = {"widget": "gizmo", "person": "zebra", "people": "zebra", "$": "guilder", "Dollars": "guilder"}

    def renamed(text: str) -> str:
        return re.sub("|".join(map(re.escape, others)), lambda match: others[match[0]], text)

    changed = {row: (kind, renamed(units), equation) for row, (kind, units, equation) in rows.items()}
    before, after = (
        check_units(read_text(written(model, "pen", FAULTS[name].time), "shop.pen").model)
        for model in (rows, changed)
    )
    assert [item.code for item in after.findings] == [item.code for item in before.findings]
    assert [item.span.text for item in after.findings] == [
        renamed(item.span.text) for item in before.findings
    ]


@pytest.mark.parametrize("name", [name for name, row in SHOP.items() if name != "initial_inventory"])
def test_wrong_units_of_any_variable_give_one_warning(name: str) -> None:
    kind, units, equation = SHOP[name]
    found = warnings(
        read_text(written({**SHOP, name: (kind, f"({units})*gizmo", equation)}, "pen"), "a.pen").model
    )
    assert len(found) == 1, "\n".join(map(str, found))


@given(st.sets(st.sampled_from(sorted(SHOP))))
def test_units_that_are_left_out_are_found_or_left_open_never_wrong(left_out: set[str]) -> None:
    rows = {name: (kind, "" if name in left_out else units, eq) for name, (kind, units, eq) in SHOP.items()}
    _found_or_open(
        read_text(written(rows, "pen"), "shop.pen").model, {name: row[1] for name, row in SHOP.items()}
    )


def _found_or_open(model: Model, units: dict[str, str]) -> int:
    """No warnings, no wrong units; how many were found."""
    table = Table(model.units, model.specs.time_units)
    report = check_units(model)
    assert [item for item in report.findings if item.severity == "warning"] == []
    inferred = {
        name: item.inferred for name, item in report.variables.items() if item.inferred and units[name]
    }
    for name, text in inferred.items():
        assert table.unit(text) == table.unit(units[name]), name
    return len(inferred)


# Large models, in place.


@pytest.mark.parametrize("name", LARGE)
def test_consistent_models_give_no_warning(bench_models: Path, name: str) -> None:
    model = read_file(bench_models / name).model
    assert sum(bool(item.units) for item in model.variables) > 200
    assert warnings(model) == []


def test_wrong_units_anywhere_give_one_warning_or_none(
    bench_models: Path, scale: Callable[[int, int], int]
) -> None:
    """None where the equations leave it open, as for a reference value in a quotient that nothing else checks."""
    model = read_file(bench_models / LARGE[0]).model
    counts = []
    for number in random.Random(1).sample(range(len(model.variables)), scale(30, 300)):
        variables = list(model.variables)
        units = variables[number].units
        variables[number] = replace(variables[number], units=f"({units})*gizmo")
        counts.append(len(warnings(replace(model, variables=tuple(variables)))))
    assert set(counts) <= {0, 1}
    assert counts.count(1) > 0.9 * len(counts)


@pytest.mark.parametrize("name", LARGE)
def test_units_left_out_of_a_large_model_are_found_or_left_open(
    bench_models: Path, name: str, scale: Callable[[int, int], int]
) -> None:
    model = read_file(bench_models / name).model
    units = {item.name: item.units for item in model.variables}
    for seed in range(scale(2, 30)):
        draw = random.Random(seed)
        share = draw.choice((0.1, 0.3, 0.5, 0.8))
        variables = (replace(item, units="") if draw.random() < share else item for item in model.variables)
        assert _found_or_open(replace(model, variables=tuple(variables)), units)


@pytest.mark.parametrize(("name", "seconds"), [(LARGE[0], 0.06), (LARGE[1], 1.5)])
def test_it_takes_no_time_to_speak_of(bench_models: Path, name: str, seconds: float) -> None:
    """The least of three, in processor time; the limits are what a person does not notice."""
    model = read_file(bench_models / name).model

    def once() -> float:
        start = process_time()
        check_units(model)
        return process_time() - start

    assert min(once() for _ in range(3)) < seconds


def test_models_of_all_kinds_are_checked_and_found_at_places(corpus: Path) -> None:
    for row in json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["models"]:
        try:
            model = read_file(corpus / row["model"]).model
            findings = check_units(model).findings
        except PenstockError:
            continue  # what cannot be compiled is told by compiling
        assert all(item.span is not NOWHERE for item in findings), row["model"]
