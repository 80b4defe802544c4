"""The compiler worker's Python half: one answer for each request, in turns, whatever goes wrong."""

import json
from array import array
from collections.abc import Callable, Generator
from types import SimpleNamespace
from typing import Any

import pytest

from penstock.errors import error, finding
from penstock.hosts import browser
from penstock.hosts.browser import Desk
from penstock.protocol import MESSAGES, VERSION, parse
from protocol.test_messages import complete

pytestmark = pytest.mark.smoke


class Worker:
    """A desk with a compiler and an engine that do what a test says; a model's hash is its text."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.posted: list[dict[str, Any]] = []
        self.compiled: list[str] = []
        self.turns: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.slices = 3
        monkeypatch.setattr(browser, "compile_text", self.compile_text)
        monkeypatch.setattr(browser, "slices", self.run_slices)
        self.desk = Desk(self.post)
        self.last_id = 0

    def compile_text(self, text: str, name: str, **_: Any) -> Any:
        self.compiled.append(text)
        if text == "wrong":
            raise error("PEN009")
        if text == "fault":
            raise KeyError("unforeseen")
        warning = finding("PEN403", construct="X", advice="")
        return SimpleNamespace(
            model_hash=text,
            layout={"abi": 1},
            blob=b"\0asm",
            document={"name": name},
            warnings=(warning,),
            missing=(),
        )

    def run_slices(self, compiled: Any, **asked: Any) -> Generator[None, None, Any]:
        self.asked.append(asked)
        for _ in range(self.slices):
            self.turns.append(compiled.model_hash)
            yield
        if compiled.model_hash == "raises":
            raise error("PEN312", stop=1, start=2)
        return SimpleNamespace(rows=2, columns=["time"], fixed=["x"], data=array("d", [0.0, 1.0, 5.0]))

    def post(self, text: str, payload: Any) -> None:
        message = json.loads(text)
        row = MESSAGES[message["type"]]
        assert (payload is not None) == bool(row.transfer)
        for name in row.transfer:
            message[name] = payload
        assert parse(message, "worker") is row
        self.posted.append(message)

    def send(self, type_: str, **fields: Any) -> int:
        self.last_id += 1
        self.desk.receive(json.dumps({"type": type_, "version": VERSION, "id": self.last_id, **fields}))
        return self.last_id

    def work(self) -> None:
        while self.desk.step():
            pass

    def answers(self) -> list[tuple[int, str]]:
        """Ids and types, an error's code instead of its type."""
        return [
            (m["id"], m["diagnostics"][0]["code"] if m["type"] == "error" else m["type"]) for m in self.posted
        ]

    def open(self, text: str) -> None:
        self.send("compile", name="m.pen", text=text)
        self.work()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(monkeypatch)


def test_a_model_is_compiled_and_run(worker: Worker) -> None:
    worker.open("a")
    worker.send(
        "run", model="a", engine="vm", overrides=[{"name": "x", "value": 2, "at": 3}], specs={"stop": 9}
    )
    worker.work()
    compiled, result = worker.posted
    assert compiled["blob"] == b"\0asm"
    assert [item["code"] for item in compiled["diagnostics"]] == ["PEN403"]
    assert list(result["data"]) == [0.0, 1.0, 5.0]
    assert (result["rows"], result["columns"], result["fixed"]) == (2, ["time"], ["x"])
    assert result["engine"] == "vm"
    (asked,) = worker.asked
    assert repr(asked["overrides"]) == "[{'name': 'x', 'value': 2.0, 'at': 3.0}]"
    assert repr(asked["specs"]) == "{'stop': 9.0}"
    assert asked["save"] is None
    assert asked["seconds"] == 0.05


def test_nothing_is_worked_on_before_step(worker: Worker) -> None:
    worker.send("compile", name="m.pen", text="a")
    assert not worker.compiled
    assert not worker.posted
    worker.work()
    assert worker.answers() == [(1, "compiled")]


def test_runs_take_turns_and_a_compile_goes_first(worker: Worker) -> None:
    worker.open("a")
    worker.open("b")
    worker.send("run", model="a", engine="vm")
    worker.send("run", model="b", engine="vm")
    worker.desk.step()
    worker.desk.step()
    worker.send("compile", name="m.pen", text="c")
    worker.desk.step()
    assert worker.answers()[-1] == (5, "compiled")
    worker.work()
    assert worker.turns == ["a", "b"] * 3
    assert worker.answers()[-2:] == [(3, "result"), (4, "result")]


def test_a_cancelled_run_stops_and_is_answered_by_an_error(worker: Worker) -> None:
    worker.open("a")
    worker.slices = 10**6
    run = worker.send("run", model="a", engine="vm")
    worker.desk.step()
    cancel = worker.send("cancel", target=run)
    assert worker.answers()[-2:] == [(run, "PEN512"), (cancel, "cancelled")]
    assert worker.posted[-1]["found"] is True
    assert not worker.desk.step()
    worker.send("cancel", target=run)
    assert worker.posted[-1]["found"] is False


def test_a_compile_that_waits_can_be_cancelled(worker: Worker) -> None:
    first = worker.send("compile", name="m.pen", text="a")
    second = worker.send("compile", name="m.pen", text="b")
    worker.send("cancel", target=second)
    worker.work()
    assert worker.compiled == ["a"]
    assert sorted(worker.answers()) == [(first, "compiled"), (second, "PEN512"), (3, "cancelled")]


def test_errors_of_the_model_and_the_run_are_answers(worker: Worker) -> None:
    worker.open("wrong")
    worker.open("raises")
    worker.send("run", model="raises", engine="vm")
    worker.work()
    assert worker.answers() == [(1, "PEN009"), (2, "compiled"), (3, "PEN312")]


def test_a_fault_of_ours_is_an_answer_and_leaves_its_traceback(
    worker: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    worker.open("fault")
    assert worker.answers() == [(1, "PEN599")]
    assert worker.posted[0]["diagnostics"][0]["message"] == "internal fault: KeyError: 'unforeseen'"
    assert "Traceback" in capsys.readouterr().err
    worker.open("a")
    assert worker.answers()[-1] == (2, "compiled")


@pytest.mark.parametrize(
    ("engine", "code"), [("wasm", "PEN505"), (None, "PEN505"), ("jit", "PEN501")], ids=str
)
def test_only_the_vm_runs_here(worker: Worker, engine: str | None, code: str) -> None:
    worker.open("a")
    worker.send("run", model="a", engine=engine)
    worker.work()
    assert worker.answers()[-1] == (2, code)


def test_a_model_that_was_forgotten_is_not_run(worker: Worker) -> None:
    worker.open("a")
    worker.send("forget", model="a")
    worker.send("forget", model="never seen")
    worker.send("run", model="a", engine="vm")
    worker.work()
    assert worker.answers()[1:] == [(2, "forgotten"), (3, "forgotten"), (4, "PEN511")]


@pytest.mark.parametrize(
    ("message", "id_", "code"),
    [
        ({"type": "run", "version": VERSION, "id": 7}, 7, "PEN510"),
        ({"type": "unheard of", "version": VERSION, "id": 7}, 7, "PEN508"),
        ({"type": "result", "version": VERSION, "id": 7}, 7, "PEN508"),
        ({"type": "cancel", "version": 99, "id": 7, "target": 1}, 7, "PEN509"),
        ({"type": "cancel", "version": VERSION, "target": 1}, 0, "PEN510"),
        ({"type": "cancel", "version": VERSION, "id": True, "target": 1}, 0, "PEN510"),
        (complete(MESSAGES["load"]) | {"id": 7}, 7, "PEN508"),
        (None, 0, "PEN508"),
        ([], 0, "PEN508"),
        ("run", 0, "PEN508"),
    ],
    ids=str,
)
def test_messages_that_cannot_be_met_are_answered(worker: Worker, message: Any, id_: int, code: str) -> None:
    worker.desk.receive(json.dumps(message))
    assert worker.answers() == [(id_, code)]


def test_an_id_is_used_once(worker: Worker) -> None:
    worker.send("cancel", target=0)
    worker.last_id = 0
    worker.send("cancel", target=0)
    assert worker.answers() == [(1, "cancelled"), (1, "PEN510")]


def test_ready_names_the_engine_and_the_release(worker: Worker) -> None:
    worker.desk.ready(12.5)
    (ready,) = worker.posted
    assert ready["engines"] == ["vm"]
    assert ready["ms"] == 12.5
    assert ready["release"]


def test_what_is_posted_is_json_that_browsers_read(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(monkeypatch)
    wide: Callable[..., Any] = lambda text, name, **_: SimpleNamespace(  # noqa: E731
        model_hash="a", layout={}, blob=b"", document={"high": float("inf")}, warnings=(), missing=()
    )
    monkeypatch.setattr(browser, "compile_text", wide)
    worker.open("a")
    assert worker.answers() == [(1, "PEN599")]


def test_a_partial_model_says_what_it_is_without_and_a_whole_one_is_refused() -> None:
    posted: list[dict[str, Any]] = []
    desk = Desk(lambda text, _: posted.append(json.loads(text)))
    text = "time 0 to 1\nconst a = nothing\naux b = a\nconst c = 1\n"
    for id_, partial in enumerate((True, False), 1):
        request = {"type": "compile", "version": VERSION, "id": id_, "name": "m.pen", "text": text}
        desk.receive(json.dumps({**request, "partial": partial}))
    while desk.step():
        pass
    part, whole = posted
    assert [(item["name"], item["needs"], item["reasons"][0]["code"]) for item in part["missing"]] == [
        ("a", [], "PEN201"),
        ("b", ["a"], "PEN404"),
    ]
    assert part["diagnostics"] == []
    assert [item["code"] for item in whole["diagnostics"]] == ["PEN201"]
