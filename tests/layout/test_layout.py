"""Automatic layout: what is drawn is what the model says, nothing covers anything, and it is the same everywhere."""

import json
import math
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import build
from layout.geometry import box_of, clashes, course, crossings, holds
from penstock.layout import Diagram, diagram
from penstock.model import Model
from penstock.read import read_file, read_partially, read_text
from penstock.read.files import load

SAMPLES = sorted(build.SAMPLES.glob("*.pen"))


def model(name: str) -> Model:
    return read_file(build.SAMPLES / f"{name}.pen").model


def named(made: Diagram, number: int | None) -> str:
    return "" if number is None else made.symbols[number].name or made.symbols[number].kind


@pytest.mark.smoke
def test_a_model_is_drawn_with_its_stocks_flows_and_influences() -> None:
    made = diagram(model("sir"))
    kinds = {symbol.name: symbol.kind for symbol in made.symbols}
    assert kinds["Susceptible"] == "stock"
    assert kinds["infection"] == "flow"
    assert kinds["prevalence"] == "auxiliary"
    assert kinds["contact rate"] == "constant"
    pipes = {named(made, p.flow): (named(made, p.source), named(made, p.target)) for p in made.pipes}
    assert pipes == {
        "infection": ("Susceptible", "Infected"),
        "recovery": ("Infected", "Recovered"),
        "waning": ("Recovered", "Susceptible"),
    }
    arrows = {(named(made, a.source), named(made, a.target)): a.initial for a in made.arrows}
    assert arrows == {
        ("Susceptible", "infection"): False,
        ("prevalence", "infection"): False,
        ("contact rate", "infection"): False,
        ("infectivity", "infection"): False,
        ("Infected", "recovery"): False,
        ("recovery time", "recovery"): False,
        ("Recovered", "waning"): False,
        ("immunity time", "waning"): False,
        ("Infected", "prevalence"): False,
        ("population", "prevalence"): False,
        ("population", "Susceptible"): True,
        ("first cases", "Susceptible"): True,
        ("first cases", "Infected"): True,
    }


def test_a_flow_with_one_stock_comes_from_or_goes_to_a_cloud() -> None:
    made = diagram(model("teacup"))
    [pipe] = made.pipes
    assert (named(made, pipe.source), named(made, pipe.target)) == ("tea temperature", "cloud")


def test_a_chain_of_stocks_is_a_straight_line_from_left_to_right() -> None:
    made = diagram(model("sir"))
    stocks = {symbol.name: symbol for symbol in made.symbols if symbol.kind == "stock"}
    line = [stocks[name] for name in ("Susceptible", "Infected", "Recovered")]
    assert len({symbol.y for symbol in line}) == 1
    assert line[0].x < line[1].x < line[2].x


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_nothing_covers_anything_in_the_samples(file: Path) -> None:
    made = diagram(read_file(file).model)
    assert not clashes(made)
    whole = 0.0, 0.0, made.width, made.height
    for symbol in made.symbols:
        assert holds(whole, box_of(symbol))
        assert symbol.label is None or holds(whole, symbol.label.box)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_arrows_run_from_the_edge_of_one_symbol_to_that_of_another(file: Path) -> None:
    """Within six pixels: a small gap before the head, none that the eye takes for a loose end."""
    made = diagram(read_file(file).model)
    for arrow in made.arrows:
        for number, (x, y) in ((arrow.source, arrow.points[0]), (arrow.target, arrow.points[-1])):
            left, top, right, bottom = box_of(made.symbols[number])
            outside = math.hypot(max(left - x, 0.0, x - right), max(top - y, 0.0, y - bottom))
            assert outside < 6.0, (named(made, arrow.source), named(made, arrow.target))
            inside = min(x - left, right - x, y - top, bottom - y)
            # The corners of a circle's box lie outside of it.
            assert inside < 0.3 * (right - left), (named(made, arrow.source), named(made, arrow.target))


@pytest.mark.parametrize(
    ("name", "most"), [("teacup", 0), ("bass-diffusion", 2), ("sir", 3), ("predator-prey", 1), ("fishery", 3)]
)
def test_few_arrows_cross(name: str, most: int) -> None:
    assert crossings(diagram(model(name))) <= most


def test_the_head_of_an_arrow_points_along_its_end() -> None:
    for arrow in diagram(model("fishery")).arrows:
        *_, before, end = course(arrow, 60)
        length = math.dist(before, end)
        along = (end[0] - before[0]) * arrow.heading[0] + (end[1] - before[1]) * arrow.heading[1]
        # The head follows the chord of its own length, which bends off a tight arc by less than 30 degrees.
        assert along / length > math.cos(math.radians(30))


def test_a_large_model_is_drawn_in_sectors_with_each_variable_once() -> None:
    read = model("climate-economy")
    made = diagram(read)
    names = Counter(symbol.name for symbol in made.symbols if symbol.kind not in ("alias", "cloud"))
    assert names == Counter(variable.name for variable in read.variables)
    assert len(made.frames) > 1
    for arrow in made.arrows:
        ends = made.symbols[arrow.source], made.symbols[arrow.target]
        frames = [[holds(frame.box, box_of(end)) for frame in made.frames] for end in ends]
        assert frames[0] == frames[1]
        assert ends[1].kind != "alias"


def test_a_chain_is_never_cut_by_sectors() -> None:
    """A hundred stocks in a row hang together by their flows, and stay together."""
    count = 100
    lines = ["time 0 to 1 by 1"]
    for n in range(count):
        lines += [f"stock s{n} = 1"] + [f"  in f{n - 1}"] * (n > 0) + [f"  out f{n}"] * (n < count - 1)
    lines += [f"flow f{n} = s{n}" for n in range(count - 1)]
    made = diagram(read_text("\n".join(lines), "chain.pen").model)
    assert all(
        made.symbols[pipe.source].kind == "stock" == made.symbols[pipe.target].kind for pipe in made.pipes
    )
    assert len(made.pipes) == count - 1
    assert not clashes(made)


def test_a_stock_with_many_flows_finds_room_for_all() -> None:
    flows = [f"f{n}" for n in range(9)]
    lines = ["time 0 to 1 by 1", "stock s = 1"]
    lines += [f"  {'in' if n % 2 else 'out'} {name}" for n, name in enumerate(flows)]
    lines += [f"flow {name} = 1" for name in flows]
    made = diagram(read_text("\n".join(lines), "star.pen").model)
    assert len(made.pipes) == 9
    assert not clashes(made)


def test_a_model_of_nothing_but_constants_is_drawn() -> None:
    made = diagram(read_text("time 0 to 1 by 1\nconst a = 1\nconst b = 2\n", "two.pen").model)
    assert [symbol.name for symbol in made.symbols] == ["a", "b"]
    assert not clashes(made)


def test_the_data_are_plain_and_rounded_to_a_tenth_of_a_pixel() -> None:
    plain = diagram(model("fishery")).to_json()
    assert json.loads(json.dumps(plain))["symbols"][0]["name"] == plain["symbols"][0]["name"]
    del plain["arrows"]  # whose headings have three digits
    numbers = re.findall(r"-?\d+\.\d+", json.dumps(plain))
    assert numbers
    assert all(len(number.rpartition(".")[2]) == 1 for number in numbers)


def test_the_same_model_gives_the_same_diagram_whatever_order_sets_have() -> None:
    code = (
        "import sys, json; from penstock.layout import diagram; from penstock.read import read_file;"
        "print(json.dumps(diagram(read_file(sys.argv[1]).model).to_json()))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(build.SAMPLES / "climate-economy.pen")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_nothing_covers_anything_in_automatic_layouts_of_the_corpus(corpus: Path, long_run: bool) -> None:
    """A quarter of the models, all of them with --long."""
    files = sorted({row["model"] for row in json.loads((corpus / "manifest.json").read_text())["models"]})
    wrong = {}
    for name in files if long_run else files[::4]:
        if found := clashes(diagram(read_partially(load(corpus / name), name).model, auto=True)):
            wrong[name] = found[:3]
    assert not wrong


@pytest.mark.long
@pytest.mark.parametrize(("name", "seconds"), [("wrld3-03.mdl", 1.5), ("c-learn-v77.mdl", 10.0)])
def test_large_models_are_laid_out_within_seconds(bench_models: Path, name: str, seconds: float) -> None:
    read = read_file(bench_models / name).model
    start = time.process_time()
    made = diagram(read, auto=True)
    # Twice the target, for slower machines.
    assert time.process_time() - start < 2 * seconds
    assert not clashes(made)
