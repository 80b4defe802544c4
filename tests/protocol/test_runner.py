"""The runner, which has no Python, answers as `penstock.run` does: the same bits, the same refusals."""

import base64
import math
import struct
from array import array
from collections.abc import Callable
from typing import Any

import pytest

from penstock.compiler import Compiled, compile_text
from penstock.errors import PenstockError
from penstock.run import slices

EPIDEMIC = """\
model Epidemic
time 0 to 100 by 0.125 {day} save every 1 using rk4

stock Susceptible = population - 1 {person}
  out infection
stock Infected = 1 {person}
  in infection
  out recovery
flow infection = contact rate * infectivity * Susceptible * Infected / population {person/day}
flow recovery = Infected / duration {person/day}
const contact rate = 6 {1/day}
const infectivity = 0.05
const duration = 5 {day}
const population = 10000 {person}
"""


def override(name: str, value: Any, at: Any = None) -> dict[str, Any]:
    return {"name": name, "value": value} | ({} if at is None else {"at": at})


NUMBERS = [math.nan, math.inf, -math.inf]
REQUESTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "constant": {"overrides": [override("contact rate", 3.5)]},
    "spelling": {"overrides": [override('"CONTACT_rate"', 3.5)]},
    "minus zero": {"overrides": [override("contact rate", -0.0)]},
    "twice": {"overrides": [override("duration", 3.0), override("duration", 4.0)]},
    "initial": {"overrides": [override("Infected", 50.0)]},
    "initial follows": {"overrides": [override("population", 500.0)]},
    "later": {"overrides": [override("contact rate", 0.0, 20.0)]},
    "between steps": {"overrides": [override("contact rate", 0.0, 20.06)]},
    "disordered": {"overrides": [override("duration", 2.0, 60.0), override("duration", 9.0, 30.0)]},
    "at the start": {"overrides": [override("contact rate", 0.0, 0.0)]},
    "before the start": {"overrides": [override("contact rate", 0.0, -5.0)]},
    "at the stop": {"overrides": [override("contact rate", 0.0, 100.0)]},
    "after the stop": {"overrides": [override("contact rate", 0.0, 1000.0)]},
    "later initial": {"overrides": [override("Infected", 50.0, 20.0)]},
    "later setting": {"overrides": [override("stop", 50.0, 20.0)]},
    "shorter": {"specs": {"stop": 10.0}},
    "longer": {"specs": {"stop": 2_000.0}},
    "other times": {"specs": {"start": 5.0, "stop": 6.0, "dt": 0.25, "save_step": 0.5}},
    "setting by name": {"overrides": [override("FINAL TIME", 10.0)]},
    "same method": {"specs": {"method": "rk4"}},
    "other method": {"specs": {"method": "euler"}},
    "seed": {"specs": {"seed": 1.0}},
    "unknown setting": {"specs": {"speed": 1.0}},
    "unknown name": {"overrides": [override("contact", 1.0)]},
    "unknown element": {"overrides": [override("contact rate[a]", 1.0)]},
    "computed": {"overrides": [override("infection", 1.0)]},
    "time": {"overrides": [override("Time", 1.0)]},
    "branch": {"branch": {"at": 20.0, "values": [override("contact rate", 0.0)]}},
    "the same again": {"branch": {"at": 20.0, "values": [override("contact rate", 9.0)]}},
    "of another run": {
        "overrides": [
            override("duration", 3.0),
            override("duration", 8.0, 50.0),
            override("duration", 4.0, 10.0),
        ],
        "specs": {"stop": 80.0},
        "branch": {
            "at": 20.0,
            "values": [override("contact rate", 1.0), override("contact rate", 5.0, 30.0)],
        },
    },
    "branch between rows": {
        "branch": {"at": 20.55, "values": [override("contact rate", 0.0)]},
        "save": ["Infected"],
    },
    "branch of nothing": {"branch": {"at": 20.0, "values": []}, "save": ["Infected", "contact rate"]},
    "branch at the start": {"branch": {"at": 0.0, "values": [override("contact rate", 1.0)]}},
    "branch before the start": {"branch": {"at": -1.0, "values": [override("Infected", 2.0)]}},
    "branch at the stop": {"branch": {"at": 100.0, "values": [override("contact rate", 1.0)]}},
    "branch too late": {"branch": {"at": 20.0, "values": [override("Infected", 2.0)]}},
    "branch with an early value": {"branch": {"at": 20.0, "values": [override("duration", 2.0, 10.0)]}},
    "branch with an unknown name": {"branch": {"at": 20.0, "values": [override("contact", 2.0)]}},
    "branch at no time": {"branch": {"at": math.nan, "values": []}},
    "some": {"save": ["Infected", "duration"]},
    "none": {"save": []},
    "repeated": {"save": ["recovery", "time", "Recovery"]},
    "unknown saved": {"save": ["Infected", "Recovered"]},
    "dt zero": {"specs": {"dt": 0.0}},
    "dt negative": {"specs": {"dt": -1.0}},
    "save step zero": {"specs": {"save_step": 0.0}},
    "odd save step": {"specs": {"save_step": 0.3}},
    "stop before start": {"specs": {"stop": -7.0}},
    "too many rows": {"specs": {"stop": 1e9}},
    "far too many rows": {"specs": {"stop": 1e300}},
    **{f"constant {n}": {"overrides": [override("duration", n)]} for n in NUMBERS},
    **{f"setting {n}": {"specs": {"stop": n}} for n in NUMBERS},
    **{f"at {n}": {"overrides": [override("duration", 1.0, n)]} for n in NUMBERS},
    "nothing again": {},
}

ARRAYS = """\
model Regions
time 0 to 10 by 1
dim region = north, south
dim age = young, old
stock people[region, age] = start people[region] + 1
  in growth
flow growth[region, age] = people[region, age] * rate[age]
const rate[age] = 0.1, 0.2
const start people[region] = 10, 20
aux total = SUM(people[*, *])
"""


VARYING_STEP = """\
{UTF-8}
Level = INTEG(1, 0) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 100 ~~|
TIME STEP = IF THEN ELSE(Time < 10, 0.125, 4) ~~|
SAVEPER = TIME STEP ~~|
"""

NO_START = """\
model No start
time first to 10 by 1
const first = 0 / 0
stock Level = 1
"""


def plain(value: Any) -> Any:
    """JSON cannot hold every number: these go as their bits."""
    if isinstance(value, float):
        return {"bits": struct.pack(">d", value).hex()}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def python_says(compiled: Compiled, request: dict[str, Any]) -> Any:
    """The table, or what is wrong; advice on spelling is better here, and not compared."""
    steps = slices(compiled, engine="vm", **request)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            table = stop.value
            return table.rows, list(table.columns), list(table.fixed), bits(table.data)
        except PenstockError as raised:
            return [
                (item.code, item.message, item.code == "PEN201" or item.advice) for item in raised.diagnostics
            ]


def runner_says(answer: dict[str, Any]) -> Any:
    if answer["type"] == "error":
        return [
            (d["code"], d["message"], d["code"] == "PEN201" or d["advice"]) for d in answer["diagnostics"]
        ]
    data = array("d", base64.b64decode(answer["data"]))
    return answer["rows"], answer["columns"], answer["fixed"], bits(data)


def bits(data: "array[float]") -> bytes:
    """All NaN as one: their payload is free."""
    return array("d", [x if x == x else math.nan for x in data]).tobytes()


def runs(script: Callable[..., Any], compiled: Compiled, requests: list[dict[str, Any]]) -> dict[str, Any]:
    blob = base64.b64encode(compiled.blob).decode()
    return script("runs", {"blob": blob, "requests": [plain(request) for request in requests]})


@pytest.fixture(scope="module")
def epidemic() -> Compiled:
    return compile_text(EPIDEMIC, "epidemic.pen")


@pytest.fixture(scope="module")
def answers(script: Callable[..., Any], epidemic: Compiled) -> dict[str, Any]:
    """All requests one after the other in one instance."""
    found = runs(script, epidemic, list(REQUESTS.values()))
    assert found["ids"] == list(range(1, len(REQUESTS) + 2))
    return dict(zip(REQUESTS, found["answers"], strict=True))


@pytest.mark.parametrize("name", list(REQUESTS))
def test_the_runner_answers_as_python_does(name: str, answers: dict[str, Any], epidemic: Compiled) -> None:
    assert runner_says(answers[name]) == python_says(epidemic, REQUESTS[name])


def test_the_layout_in_the_blob_is_the_compilers(script: Callable[..., Any], epidemic: Compiled) -> None:
    assert runs(script, epidemic, [])["layout"] == epidemic.layout


def test_arrays_are_read_and_set_by_element_and_as_a_whole(script: Callable[..., Any]) -> None:
    compiled = compile_text(ARRAYS, "regions.pen")
    requests = [
        {},
        {"save": ["people"]},
        {"save": ["people[South, young]", "rate", "people"]},
        {"save": ["people[west,young]"]},
        {"save": ["people[south]"]},
        {"overrides": [override("rate[OLD]", 0.5), override("start people[north]", 3.0)]},
        {"overrides": [override("people[north, old]", 7.0)]},
        {"overrides": [override("rate[old]", 0.5, 4.0)]},
        {"overrides": [override("rate", 0.5)]},
        {"overrides": [override("rate[oldest]", 0.5)]},
    ]
    answers = runs(script, compiled, requests)["answers"]
    for request, answer in zip(requests, answers, strict=True):
        assert runner_says(answer) == python_says(compiled, request), request


@pytest.mark.parametrize(("name", "text"), [("varying.mdl", VARYING_STEP), ("none.pen", NO_START)])
def test_slices_fit_any_clock(script: Callable[..., Any], name: str, text: str) -> None:
    compiled = compile_text(text, name)
    sliced, whole = runs(script, compiled, [{}, {}])["answers"]
    assert runner_says(sliced) == runner_says(whole) == python_says(compiled, {})


def test_desk(node_tests: Callable[[str], None]) -> None:
    node_tests("desk")
