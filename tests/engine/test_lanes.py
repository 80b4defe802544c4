"""Runs that stand side by side in lanes are the runs that each would be alone, to the last bit."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
import wasmtime

from conveyors.writing import aux, conveyor, flow, stock, xmile
from engine.bits import SPECIAL, assert_same
from engine.models import EVERYTHING, SIR, compiled, with_lines
from engine.test_lockstep import VARYING_CLOCK
from engine.test_random_models import Writer
from engine.test_snapshots import MODELS
from penstock import sweep
from penstock.abi import LAYOUT_SECTION, SET_VALUE
from penstock.compiler import Compiled, compile_file, compile_text
from penstock.engines import create_lanes
from penstock.errors import PenstockError
from penstock.hosts import flags
from penstock.results import column_names
from penstock.run import simulate
from penstock.sweep import Sweep, run_lanes
from penstock.wasm.text import sections, text

Scale = Callable[[int, int], int]

STEADY = [title for title in MODELS if title not in ("a clock that varies", "pieces of steps")]


@pytest.fixture(autouse=True)
def _any_number_of_runs_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "FEW", 1)


def settable(model: Compiled, most: int = 6) -> dict[str, float]:
    """Inputs that may differ from lane to lane, with the values they have: constants, initial values and the seed."""
    program = model.program
    rows = [row for row in program.inputs if "count" not in row]
    found = {
        row["name"]: program.defaults[row["input"]]
        for row in rows
        if row["kind"] == "constant" and row["input"] >= program.clock_constants
    }
    starts = {row["name"]: 3.0 for row in rows if row["kind"] == "initial"}
    return dict([*found.items()][:most]) | dict([*starts.items()][:2]) | {"seed": 1.0}


def drawn(rng: Random, model: Compiled, runs: int) -> tuple[list[str], list[list[float]]]:
    own = settable(model)

    def near(name: str, value: float) -> float:
        return (
            float(rng.randrange(99))
            if name == "seed"
            else value * rng.choice([1.0, rng.uniform(0.3, 2.0), -1.0])
        )

    return [*own], [[near(name, value) for name, value in own.items()] for _ in range(runs)]


def assert_alike(
    model: Compiled, rng: Random, runs: int, at: Sequence[float] | None = None, most: int = 400
) -> Sweep:
    """Lanes, and single runs on the engine that makes them fastest, give everything alike."""
    names, values = drawn(rng, model, runs)
    outputs = column_names(model.program)
    if len(outputs) > most:
        outputs = rng.sample(outputs, most)
    beside = run_lanes(model, names, values, outputs, at)
    assert beside.lanes == 4, beside.reason
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "FEW", 1 << 30)
        alone = run_lanes(model, names, values, outputs, at)
    assert alone.lanes == 1
    assert beside.shape == alone.shape
    assert {run: str(problem) for run, problem in beside.errors.items()} == {
        run: str(problem) for run, problem in alone.errors.items()
    }
    if beside.values != alone.values:  # NaNs are never equal
        for place, output in enumerate(outputs):
            assert_same(beside.values[place :: len(outputs)], alone.values[place :: len(outputs)], output)
    return beside


@pytest.mark.parametrize("runs", [1, 2, 4, 7])
@pytest.mark.parametrize("title", STEADY)
def test_lanes_are_single_runs(title: str, runs: int) -> None:
    model = MODELS[title]()
    assert_alike(model, Random(f"{title} {runs}"), runs)
    assert_alike(model, Random(f"{title} {runs}"), runs, [-1.0, 0.0, 2.0, 2.6, 5.5, 1e9])


@pytest.mark.parametrize("method", ["euler", "rk2", "rk4"])
def test_every_step_can_be_asked_for(method: str) -> None:
    model = compiled(EVERYTHING, method)
    assert_alike(model, Random(method), 5, [2 + 0.25 * step for step in range(33)])


@pytest.mark.parametrize("chunk", range(5))
def test_random_models_run_in_lanes(chunk: int, scale: Scale) -> None:
    for seed in range(chunk * scale(6, 300), (chunk + 1) * scale(6, 300)):
        written, rng = Writer(seed).model(), Random(seed)
        model = compile_text(written, f"{seed}.pen", method=rng.choice(["euler", "euler", "rk4"]))
        try:
            assert_alike(model, rng, 5, rng.choice([None, [0.0, 1.0, 9.0]]))
        except AssertionError as fault:
            raise AssertionError(f"{fault}\n{written}") from None


@pytest.mark.parametrize("kind", ["", " extrapolate", " discrete"])
def test_lookups_find_each_lanes_own_segment(kind: str) -> None:
    """At, between and beyond points, where lanes are in different segments, and where y is -0."""
    ends = [0.0, 4.0, 1e300, -1e300]
    rng = Random(kind)
    for points in (
        "(0, 2) (1, 5) (1, 3) (2, -1) (4, 0)",
        "(0, -0) (4, -0)",
        "(1, 7)",
        "(-1e301, 1) (1e301, 2)",
    ):
        if kind == " extrapolate" and points == "(1, 7)":
            continue
        lines = with_lines(
            f"lookup curve = {points}{kind}",
            "stock x = start",
            "  net move",
            "const start = 0",
            "const move = 1",
            "aux y = curve(x)",
            "aux z = curve(x * 0.5)",
            time="time 0 to 6 by 0.5",
        )
        model = compile_text(lines, "m.pen")
        values = [
            [rng.choice([*ends, rng.uniform(-2, 6)]), rng.choice([0.0, 0.5, -0.25, 3.0])] for _ in range(40)
        ]
        beside = run_lanes(model, ["x", "move"], values, ["x", "y", "z"], [0.5 * k for k in range(13)])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweep, "FEW", 1 << 30)
            alone = run_lanes(model, ["x", "move"], values, ["x", "y", "z"], [0.5 * k for k in range(13)])
        assert (beside.lanes, alone.lanes) == (4, 1)
        assert_same(beside.values, alone.values, points)


def test_special_numbers_in_every_lane() -> None:
    lines = with_lines(
        "const a = 1",
        "const b = 1",
        *(f"aux r{number} = {rule}" for number, rule in enumerate(RULES)),
    )
    model = compile_text(lines, "m.pen")
    finite = [value for value in SPECIAL if math.isfinite(value)][:24]
    values = [[a, b] for a in finite for b in finite]
    outputs = [f"r{number}" for number in range(len(RULES))]
    beside = run_lanes(model, ["a", "b"], values, outputs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "FEW", 1 << 30)
        alone = run_lanes(model, ["a", "b"], values, outputs)
    assert (beside.lanes, alone.lanes) == (4, 1)
    assert_same(beside.values, alone.values)


RULES = [
    "a / b", "min(a, b)", "max(a, b)", "abs(a)", "-a", "sqrt(a)", "integer(a)", "a mod b", "a ^ b", "exp(a)", "ln(a)",
    "sin(a)", "if a > b then a / b else b - a", "if a = b or not b then ln(a) else if a < 0 then sin(b) else a",
    "zidz(a, b)", "xidz(a, b, 3)", "a + (b / 0)", "0 / a - b",
]  # fmt: skip


def test_a_lane_that_fails_leaves_the_others_alone() -> None:
    """A conveyor with more slats than memory can hold."""
    belt = stock("belt", "0", "in", "out", conveyor("length"))
    lines = xmile(belt, flow("in", "TIME"), flow("out"), aux("length", "1"), stop=4.0, dt=1.0)
    model = compile_text(lines, "m.xmile")
    values = [[length] for length in (1.0, 2.0, 1e15, 3.0, 4.0)]
    found = run_lanes(model, ["length"], values, ["out"])
    assert found.lanes == 4
    assert list(found.errors) == [2]
    assert str(found.errors[2]).startswith("PEN316")
    assert [x for x in found.values if x == x] == [3.0, 2.0, 1.0, 0.0]


def test_what_cannot_go_in_step_runs_one_by_one_and_says_why() -> None:
    for lines, method, names, reason in (
        (VARYING_CLOCK, None, ["seed"], "time step"),
        (SIR, "rk4_auto", ["duration"], "rk4_auto"),
        (SIR, None, ["stop"], "stop changes the simulation settings"),
        (EVERYTHING, None, ["begin"], "begin changes the simulation settings"),
    ):
        model = compiled(lines, method)
        found = run_lanes(model, names, [[3.0], [2.0], [4.0]], ["time"])
        assert (found.lanes, len(found.values)) == (1, 3)
        assert reason in found.reason
    with pytest.raises(PenstockError, match="PEN406"):
        _ = compiled(VARYING_CLOCK).lane_blob


def test_what_is_the_same_in_all_runs_is_said_once() -> None:
    model = compiled(SIR)
    values = [[3.0], [5.0], [9.0]]
    outputs = ["Infected", "time"]
    found = run_lanes(model, ["duration"], values, outputs, fixed={"contact rate": 3.0}, specs={"stop": 30.0})
    single = [model_result(model, row[0]) for row in values]
    assert found.lanes == 4
    assert [*zip(found.values[::2], found.values[1::2], strict=True)] == single


def model_result(model: Compiled, duration: float) -> tuple[float, float]:
    overrides = {"duration": duration, "contact rate": 3.0}
    results = simulate(model, engine="vm", overrides=overrides, specs={"stop": 30.0})
    return results["Infected"][-1], results["time"][-1]


def test_wrong_questions_are_refused() -> None:
    model = compiled(SIR)
    for names, values, outputs, at, code in (
        (["none such"], [[1.0]], ["Infected"], None, "PEN201"),
        (["infection"], [[1.0]], ["Infected"], None, "PEN502"),
        (["duration"], [[1.0]], ["none such"], None, "PEN201"),
        (["duration"], [[1.0, 2.0]], ["Infected"], None, "PEN514"),
        (["duration"], [[1.0]], ["Infected"], [2.0, 1.0], "PEN514"),
        (["duration"], [[1.0]], ["Infected"], [math.nan], "PEN514"),
    ):
        with pytest.raises(PenstockError, match=code):
            run_lanes(model, names, values, outputs, at)


def test_a_value_that_is_refused_is_that_runs_error() -> None:
    found = run_lanes(compiled(SIR), ["duration"], [[5.0], [math.nan], [6.0]], ["duration"])
    assert found.values[0] == 5.0
    assert found.values[2] == 6.0
    assert found.values[1] != found.values[1]
    assert [str(problem)[:6] for problem in found.errors.values()] == ["PEN504"]


def test_more_runs_than_there_is_room_for_at_once_are_made_in_turns() -> None:
    model, told = compiled(SIR), list[int]()
    values = [[1.0 + run / 7] for run in range(1500)]
    times = [0.5 * k for k in range(201)]
    outputs = ["Infected", "Susceptible"]
    found = run_lanes(model, ["duration"], values, outputs, times, progress=told.append)
    assert found.lanes == 4
    assert len(told) > 1
    assert told[-1] == 1500
    few = run_lanes(model, ["duration"], values[-3:], outputs, times)
    assert_same(found.values[-len(few.values) :], few.values)


def test_one_lane_can_be_set_alone() -> None:
    model = compiled(SIR)
    lanes = create_lanes(model)
    numbers = {row["name"]: row["input"] for row in model.layout["inputs"]}
    set_lane = lanes._call
    ok, no, bad, late = (SET_VALUE[name] for name in ("OK", "NOT_SETTABLE", "BAD_VALUE", "TOO_LATE"))
    for lane, name, value, code in (
        (2, "duration", 9.0, ok),
        (4, "duration", 9.0, no),
        (-1, "duration", 9.0, no),
        (0, "duration", math.inf, bad),
        (1, "Recovered", 5.0, ok),
        (1, "stop", 5.0, no),
        (1, "seed", 5.0, ok),
    ):
        assert set_lane("set_lane_value", lane, numbers[name], value) == code, name
    assert set_lane("set_lane_value", 0, 9999, 1.0) == no
    set_lane("run_to", 1.0)
    assert set_lane("set_lane_value", 1, numbers["Recovered"], 5.0) == late
    rows = lanes._doubles(lanes._global("row_offset"), 4 * lanes._global("n_slots"))
    slots = {row["name"]: row["slot"] for row in model.layout["variables"]}
    assert lanes._global("n_lanes") == 4
    assert list(rows[4 * slots["duration"] :][:4]) == [5.0, 5.0, 9.0, 5.0]
    assert rows[4 * slots["Recovered"] + 1] > 5.0 > rows[4 * slots["Recovered"]]


def test_only_the_lane_blob_asks_for_vectors_and_says_so() -> None:
    model = compiled(SIR)
    strict, with_lanes = flags.engine(), flags.engine(lanes=True)
    (section,) = (content for id_, content in sections(model.lane_blob) if id_ == 0)
    layout = json.loads(section[1 + len(LAYOUT_SECTION) :])
    assert layout["lanes"] == 4
    assert {**layout, "bytes": 0} == {**model.layout, "lanes": 4, "bytes": 0}
    assert "lanes" not in model.layout
    wasmtime.Module(strict, model.blob)
    wasmtime.Module(with_lanes, model.lane_blob)
    with pytest.raises(wasmtime.WasmtimeError, match="SIMD"):
        wasmtime.Module(strict, model.lane_blob)
    assert "f64x2.mul" in text(model.lane_blob)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" not in metafunc.fixturenames:
        return
    folder = metafunc.config.getoption("--corpus")
    cases = []
    if folder and (manifest := Path(folder) / "manifest.json").is_file():
        rows = json.loads(manifest.read_text(encoding="utf-8"))["models"]
        cases = [row for row in rows if not (row.get("known_bad") or {}).get("exclude")]
        if not metafunc.config.getoption("--long"):
            cases = cases[::6]
    reason = "needs --corpus DIR or $PENSTOCK_CORPUS"
    metafunc.parametrize(
        "case",
        cases or [pytest.param(None, marks=pytest.mark.skip(reason=reason))],
        ids=[row["id"] for row in cases] or None,
    )


def test_public_models_run_in_lanes(case: dict, corpus: Path) -> None:
    data = [corpus / file for file in case["run_data"]]
    try:
        model = (
            compile_file(corpus / case["model"], data=data) if data else compile_file(corpus / case["model"])
        )
    except PenstockError as problem:
        pytest.skip(str(problem))
    if model.program.clock_varies or model.program.method.adaptive:
        with pytest.raises(PenstockError, match="PEN406"):
            _ = model.lane_blob
        return
    assert_alike(model, Random(case["id"]), 5)
