"""Every call answers by its schema, and the same in Python, on the command line, and behind the page's messages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import build
from penstock import Compiled, PenstockError
from penstock.builtins import BUILTINS
from penstock.cli import main
from penstock.hosts.browser import Desk
from penstock.protocol import VERSION
from penstock.tools import CALLS, call
from penstock.tools.engine import BESIDE, _sources, engine_hash
from tools.models import ASKED, TEXTS, asked, model

pytestmark = pytest.mark.smoke

SCHEMAS = build.WEB / "manual/schemas"
CASES = [pytest.param(name, *row, id=f"{row[0]}-{name}") for name in TEXTS for row in asked(name)]


@pytest.fixture(scope="module")
def models() -> dict[str, Compiled]:
    return {name: model(name) for name in TEXTS}


def answer(compiled: Compiled, name: str, arguments: dict) -> object:
    return call(name, arguments, {compiled.model_hash: compiled})


def test_every_call_is_tried_here() -> None:
    assert {name for case in TEXTS for name, _ in asked(case)} == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_the_published_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("source", "name", "arguments"), CASES)
def test_questions_and_answers_are_as_their_schema_says(
    source: str, name: str, arguments: dict, models: dict[str, Compiled]
) -> None:
    result = json.loads(json.dumps(answer(models[source], name, arguments), allow_nan=False))
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate({"arguments": arguments, "result": result})


def test_a_schema_refuses_what_it_does_not_describe() -> None:
    schema = json.loads((SCHEMAS / "feeds.json").read_text(encoding="utf-8"))
    wrong = {"arguments": {"name": 3}, "result": {"model": "m", "name": "a", "causes": [{}], "effects": []}}
    assert len(list(Draft202012Validator(schema).iter_errors(wrong))) >= 2


@pytest.mark.parametrize("source", TEXTS)
def test_the_page_and_python_get_the_same_json(source: str) -> None:
    sent: list[dict] = []
    desk = Desk(lambda text, payload: sent.append(json.loads(text)))

    def request(type_: str, **fields: object) -> dict:
        desk.receive(json.dumps({"type": type_, "version": VERSION, "id": len(sent) + 1, **fields}))
        while desk.step():
            pass
        return sent[-1]

    compiled = request("compile", name=source, text=TEXTS[source])
    own = model(source)
    assert compiled["model"] == own.model_hash
    for name, arguments in asked(source):
        got = request("ask", call=name, arguments=arguments)
        assert got["type"] == "answer"
        assert got["result"] == json.loads(json.dumps(answer(own, name, arguments)))
    refused = request("ask", call="introspekt", arguments={})
    assert refused["type"] == "error"
    assert refused["diagnostics"][0]["code"] == "PEN515"
    assert "introspect" in refused["diagnostics"][0]["advice"]
    assert request("ask", call="introspect", arguments=[])["diagnostics"][0]["code"] == "PEN510"


@pytest.mark.parametrize("source", TEXTS)
def test_the_command_line_answers_the_same(
    source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / source
    path.write_text(TEXTS[source], encoding="utf-8")
    for name, arguments in [*ASKED[source], ("introspect", {}), ("validate", {})]:
        words = [f"--ask={key}={json.dumps(value)}" for key, value in arguments.items()]
        assert main(["tool", name, str(path), *words]) == 0
        if name == "validate":
            arguments = {"text": TEXTS[source], "name": source}
        assert json.loads(capsys.readouterr().out) == json.loads(
            json.dumps(answer(model(source), name, arguments))
        )


@pytest.mark.parametrize(
    ("name", "arguments", "code", "says"),
    [
        ("nothing", {}, "PEN515", "Calls are"),
        ("introspect", {"model": "0123"}, "PEN511", ""),
        ("introspect", {"models": 1}, "PEN516", "there is no models"),
        ("introspect", {"model": 7}, "PEN516", "model is no string"),
        ("feeds", {}, "PEN516", "name is missing"),
        ("feeds", {"name": "teaa"}, "PEN201", "Did you mean Tea"),
        ("traceRun", {"equations": "Tea"}, "PEN516", "equations is no list"),
        ("traceRun", {"equations": ["Tea", 3]}, "PEN516", r"equations\[1\] is no string"),
        ("traceRun", {"overrides": [{"name": "tau"}]}, "PEN516", r"overrides\[0\].value is no number"),
        ("traceRun", {"overrides": [{"nam": "tau", "value": 1}]}, "PEN516", "has no nam"),
        ("traceRun", {"overrides": [{"name": "tau", "value": float("nan")}]}, "PEN516", "not finite"),
        ("traceRun", {"first": True}, "PEN516", "first is no number"),
        ("feedbackLoops", {"limit": 1e9}, "PEN504", ""),
        ("fieldDescriptors", {"dialect": "dynamo"}, "PEN514", "mdl, xmile, pen"),
        ("validateFor", {}, "PEN516", "either"),
        ("validateFor", {"variable": "Tea", "equation": "1", "part": "end"}, "PEN516", "part"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(
    name: str, arguments: dict, code: str, says: str, models: dict[str, Compiled]
) -> None:
    with pytest.raises(PenstockError, match=f"(?s){code}.*{says}"):
        answer(models["tea.pen"], name, arguments)


def test_of_several_models_one_must_be_named(models: dict[str, Compiled]) -> None:
    several = {item.model_hash: item for item in models.values()}
    with pytest.raises(PenstockError, match="model is missing"):
        call("introspect", {}, several)
    rows = call("listModels", {}, several)
    assert [row["source"] for row in rows] == list(TEXTS)
    assert call("introspect", {"model": rows[1]["model"]}, several)["format"] == "mdl"


def test_introspection_has_what_the_file_says(models: dict[str, Compiled]) -> None:
    rows = {row["name"]: row for row in answer(models["cup.mdl"], "introspect", {})["variables"]}
    assert rows["S"]["kind"] == "stock"
    assert (rows["S"]["units"], rows["S"]["documentation"]) == ("cup", "What is there.")
    assert rows["k"]["kind"] == "constant"
    tea = answer(models["tea.pen"], "introspect", {})
    assert next(row for row in tea["variables"] if row["name"] == "parts")["dims"] == ["leaf"]
    assert tea["dimensions"] == [{"name": "leaf", "elements": ["green", "black"]}]
    assert [row["name"] for row in answer(models["tank.xmile"], "introspect", {})["modules"]] == ["m"]


def test_resolved_values_are_those_a_run_starts_with(models: dict[str, Compiled]) -> None:
    asked_ = {"overrides": [{"name": "share[black]", "value": 9}], "specs": {"stop": 7}}
    found = answer(models["tea.pen"], "introspectResolved", asked_)
    constants = {row["name"]: row for row in found["constants"]}
    assert constants["share"] == {"name": "share", "elements": ["green", "black"], "values": [1.0, 9.0]}
    assert found["initial"] == [{"name": "Tea", "elements": [], "values": [180.0]}]
    assert (found["lookups"][0]["x"], found["lookups"][0]["y"]) == ([0.0, 100.0], [0.0, 50.0])
    assert (found["settings"]["stop"], found["settings"]["method"]) == (7.0, "euler")


@pytest.mark.parametrize("dialect", ["mdl", "xmile", "pen"])
def test_a_dialect_completes_its_own_functions_with_examples_that_it_can_read(
    dialect: str, models: dict[str, Compiled]
) -> None:
    found = answer(models["tea.pen"], "fieldDescriptors", {"dialect": dialect})
    names = {row["name"] for row in found["functions"]}
    assert {"mdl": "SMOOTH", "xmile": "SMTH1", "pen": "smooth"}[dialect] in names
    assert len(found["functions"]) > len(BUILTINS) / 2
    inserted = {row["name"]: row["insert"] for row in found["names"]}
    assert inserted["Tea"] == "Tea"
    slider = next(row for row in found["names"] if row["name"] == "tau")["slider"]
    assert slider["low"] <= slider["value"] <= slider["high"]


@pytest.mark.parametrize("dialect", ["mdl", "xmile", "pen"])
def test_examples_have_their_value_in_the_dialect(dialect: str, models: dict[str, Compiled]) -> None:
    """Each is checked where it would stand: as the equation of a variable of a model in that language."""
    import penstock

    found = answer(models["tea.pen"], "fieldDescriptors", {"dialect": dialect})
    examples = [row for function in found["functions"] for row in function["examples"]]
    assert examples
    if dialect == "xmile":
        variables = "".join(
            f'<aux name="v{n}"><eqn>{row["expression"].replace("&", "&amp;").replace("<", "&lt;")}</eqn></aux>'
            for n, row in enumerate(examples)
        )
        text = (
            '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>x</vendor>'
            "<product>y</product></header><sim_specs><start>0</start><stop>1</stop><dt>1</dt></sim_specs>"
            f"<model><variables>{variables}</variables></model></xmile>"
        )
    elif dialect == "mdl":
        text = "".join(f"v{n} = {row['expression']} ~~|\n" for n, row in enumerate(examples))
        text += "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"
    else:
        text = "".join(f"aux v{n} = {row['expression']}\n" for n, row in enumerate(examples))
        text += "time 0 to 1 by 1\n"
    results = penstock.simulate(penstock.loads(text, f"m.{dialect}"), engine="vm")
    for n, row in enumerate(examples):
        value = float(row["value"])
        assert results[f"v{n}"][0] == value or value != value, row


def test_the_engine_hash_is_over_what_decides_results_and_nothing_else(tmp_path: Path) -> None:
    found = engine_hash()
    folder = build.PACKAGE
    names = {name for name, _ in _sources(folder, "")}
    assert found["files"] == len(names)
    assert {"vm/machine.py", "passes/lower.py", "library/power.py", "builtins/time.py", "abi.py"} <= names
    assert not any(name.split("/")[0] in BESIDE for name in names)
    again = subprocess.run(
        [sys.executable, "-c", "from penstock.tools.engine import engine_hash; print(engine_hash()['hash'])"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.strip() == found["hash"]
