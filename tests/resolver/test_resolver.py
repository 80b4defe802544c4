"""Data: what backends may answer and how they fail, layers, single flight, versions, overlays, and a model's needs."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from penstock.errors import PenstockError
from penstock.read import read_partially
from penstock.resolver import METHODS, Event, Folder, Http, Overlay, Resolver, ResolverError, Series, Table
from penstock.resolver.methods import NotFound, Unsupported, asked
from penstock.resolver.needs import compile_resolved, needs
from penstock.run import simulate

each_method = pytest.mark.parametrize("method", METHODS)

ANSWERS: dict[str, Any] = {
    "getSeries": {"t": [0, 1, 2.5], "v": [1, 0.1, 3]},
    "getTable": {"shape": [2, 1], "data": [1, 2], "names": [["a", "b"], ["x"]]},
    "getUnits": {"person": "1"},
    "getConstants": {"tau": 4.5},
    "getScript": "time 0 to 1 by 1\naux a = 1\n",
}
READ: dict[str, Any] = {
    "getSeries": Series((0.0, 1.0, 2.5), (1.0, 0.1, 3.0)),
    "getTable": Table((2, 1), (1.0, 2.0), (("a", "b"), ("x",))),
    "getUnits": {"person": "1"},
    "getConstants": {"tau": 4.5},
    "getScript": ANSWERS["getScript"],
}


class Backend:
    """Answers everything, slowly, and counts."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str | None]] = []

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        if name not in METHODS:
            raise AttributeError(name)

        async def answer(id_: str | None = None) -> Any:
            self.calls.append((name, id_))
            await asyncio.sleep(0.01)
            return ANSWERS[name]

        return answer


def ask(resolver: Any, method: str) -> Any:
    return asyncio.run(resolver.ask(method, "x" if METHODS[method].takes_id else None))


# --- the five methods and their errors


@each_method
def test_every_method_is_answered_and_read(method: str) -> None:
    assert ask(Resolver(Backend()), method) == READ[method]


class Wrong:
    """What a backend's attribute of any name may be, by the reason that it is wrong for."""

    @staticmethod
    def failing(*_: object) -> None:
        raise ZeroDivisionError

    @staticmethod
    async def rejecting(*_: object) -> None:
        raise ConnectionError("gone")

    @staticmethod
    async def unknowing(*_: object) -> None:
        raise NotFound("x")

    @staticmethod
    async def unable(*_: object) -> None:
        raise Unsupported

    @staticmethod
    async def odd(*_: object) -> object:
        return object()


WRONG: dict[str, object] = {
    "NotAFunction": 3,
    "CallFailed": Wrong.failing,
    "NotAPromise": lambda *_: {"t": [], "v": []},
    "Rejected": Wrong.rejecting,
    "NotFound": Wrong.unknowing,
    "Unsupported": Wrong.unable,
    "BadAnswer": Wrong.odd,
}


@each_method
@pytest.mark.parametrize("reason", ["MissingMethod", *WRONG])
def test_every_error_has_the_methods_name_and_the_exact_reason(method: str, reason: str) -> None:
    wrong = WRONG.get(reason)
    attributes = {method: staticmethod(wrong) if callable(wrong) else wrong}
    backend = type("Backend", (), attributes if reason in WRONG else {})()
    with pytest.raises(ResolverError) as caught:
        asyncio.run(asked(backend, method, "x" if METHODS[method].takes_id else None))
    assert (caught.value.method, caught.value.reason) == (method, reason)
    assert method in str(caught.value)
    assert caught.value.diagnostics[0].advice


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("getSeries", {"t": [0, 0], "v": [1, 2]}),
        ("getSeries", {"t": [0, 1], "v": [1]}),
        ("getSeries", {"t": [0], "v": [float("nan")]}),
        ("getSeries", {"t": [0], "v": [1], "interp": "spline"}),
        ("getSeries", {"t": [0], "v": [1], "colour": "red"}),
        ("getSeries", [1, 2]),
        ("getTable", {"shape": [2, 2], "data": [1, 2, 3]}),
        ("getTable", {"shape": [1], "data": [1], "names": [["a", "b"]]}),
        ("getConstants", {"tau": "four"}),
        ("getConstants", {"tau": float("inf")}),
        ("getUnits", 4),
        ("getScript", b"text"),
    ],
)
def test_answers_that_make_no_sense_are_refused(method: str, answer: Any) -> None:
    async def give(*_: object) -> Any:
        return answer

    with pytest.raises(ResolverError, match="cannot be used"):
        asyncio.run(asked(type("B", (), {method: staticmethod(give)})(), method, "x"))


# --- layers


def test_eight_that_ask_together_make_one_call() -> None:
    backend = Backend()
    resolver = Resolver(backend)

    async def together() -> list[Any]:
        return await asyncio.gather(*(resolver.getSeries("x") for _ in range(8)))

    assert asyncio.run(together()) == [READ["getSeries"]] * 8
    assert backend.calls == [("getSeries", "x")]
    assert resolver.counters == {"network": 1, "memory": 7}


def test_a_second_object_finds_it_on_disk_until_the_data_have_another_version(tmp_path: Path) -> None:
    backend, seen = Backend(), list[Event]()

    def opened(version: str) -> Resolver:
        return Resolver(backend, version=version, store=tmp_path, listener=seen.append)

    for method in METHODS:
        assert ask(opened("1"), method) == READ[method]
    assert len(backend.calls) == 5
    for method in METHODS:
        assert ask(opened("1"), method) == READ[method]
    assert len(backend.calls) == 5
    assert [event.source for event in seen] == ["network"] * 5 + ["store"] * 5
    assert seen[0] == Event("series", "x", "network")
    ask(opened("2"), "getSeries")
    assert len(backend.calls) == 6
    ask(opened("1"), "getTable")  # the other version has cleared the store whole
    assert len(backend.calls) == 7


def test_what_was_damaged_on_disk_is_fetched_again(tmp_path: Path) -> None:
    backend = Backend()
    ask(Resolver(backend, store=tmp_path), "getSeries")
    (place,) = (tmp_path / "data-v1").glob("*.json")
    place.write_text(place.read_text().replace("0.1", "0.2"))
    assert ask(Resolver(backend, store=tmp_path), "getSeries") == READ["getSeries"]
    assert len(backend.calls) == 2


def test_an_error_is_not_kept() -> None:
    class Recovering(Backend):
        async def getSeries(self, id_: str) -> Any:  # noqa: N802
            self.calls.append(("getSeries", id_))
            if len(self.calls) == 1:
                raise ConnectionError
            return ANSWERS["getSeries"]

    resolver = Resolver(Recovering())
    with pytest.raises(ResolverError, match="could not answer"):
        ask(resolver, "getSeries")
    assert ask(resolver, "getSeries") == READ["getSeries"]


def test_memory_holds_so_many_and_drops_the_one_not_asked_for_longest() -> None:
    backend = Backend()
    resolver = Resolver(backend, entries=2)

    async def some() -> None:
        for id_ in ("a", "b", "a", "c", "a", "b"):
            await resolver.getSeries(id_)

    asyncio.run(some())
    assert [id_ for _, id_ in backend.calls] == ["a", "b", "c", "b"]


@each_method
def test_an_overlay_answers_what_it_has_and_forwards_every_other_call(method: str) -> None:
    backend = Backend()
    empty = Overlay(backend)
    id_ = "x" if METHODS[method].takes_id else None
    assert asyncio.run(asked(empty, method, id_)) == READ[method]
    assert backend.calls == [(method, id_)]
    own: dict[str, tuple[dict[str, Any], Any]] = {
        "getSeries": ({"series": {"x": Series((0.0,), (9.0,))}}, Series((0.0,), (9.0,))),
        "getTable": ({"tables": {"x": Table((1,), (9.0,))}}, Table((1,), (9.0,))),
        "getUnits": ({"units": {"cow": "1"}}, {"person": "1", "cow": "1"}),
        "getConstants": ({"constants": {"tau": 1.0}}, {"tau": 1.0}),
        "getScript": ({"scripts": {"x": "text"}}, "text"),
    }
    given, wanted = own[method]
    assert asyncio.run(asked(Overlay(backend, **given), method, id_)) == wanted


# --- backends


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("series", "tables", "scripts"):
        (tmp_path / name).mkdir()
    (tmp_path / "series/x.json").write_text(json.dumps(ANSWERS["getSeries"]))
    (tmp_path / "series/odd%2Fid.json").write_text(json.dumps(ANSWERS["getSeries"]))
    (tmp_path / "tables/x.json").write_text(json.dumps(ANSWERS["getTable"]))
    (tmp_path / "units.json").write_text(json.dumps(ANSWERS["getUnits"]))
    (tmp_path / "constants.json").write_text(json.dumps(ANSWERS["getConstants"]))
    (tmp_path / "scripts/x").write_text(ANSWERS["getScript"])
    (tmp_path / "measured.csv").write_text("time,Price\n0,2\n10,7\n")
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[tuple[str, list[str]]]:
    paths: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            paths.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", paths
        running.shutdown()


@each_method
def test_a_folder_and_an_address_hold_the_same(
    method: str, folder: Path, server: tuple[str, list[str]]
) -> None:
    assert ask(Resolver(Folder(folder)), method) == READ[method]
    assert ask(Resolver(Http(server[0], allowed=True)), method) == READ[method]


def test_a_folders_data_files_are_series_too(folder: Path) -> None:
    backend = Folder(folder)
    assert asyncio.run(asked(backend, "getSeries", "price")) == Series((0.0, 10.0), (2.0, 7.0))
    assert asyncio.run(asked(backend, "getSeries", "odd/id")) == READ["getSeries"]


@pytest.mark.parametrize("id_", ["../secret", "..", "../../etc/passwd", "/etc/passwd", "x\0y", "a" * 300, ""])
def test_no_id_leads_out_of_the_folder(folder: Path, id_: str) -> None:
    (folder.parent / "secret").write_text("a secret")
    for method in ("getScript", "getSeries", "getTable"):
        with pytest.raises(ResolverError) as caught:
            asyncio.run(asked(Folder(folder), method, id_))
        assert caught.value.reason in ("NotFound", "Rejected")


def test_the_network_is_off_unless_allowed() -> None:
    with pytest.raises(PenstockError, match="network is off"):
        Http("https://example.org")
    with pytest.raises(PenstockError, match="no address"):
        Http("file:///etc", allowed=True)


def test_what_an_address_does_not_have_is_not_found(server: tuple[str, list[str]]) -> None:
    with pytest.raises(ResolverError) as caught:
        asyncio.run(asked(Http(server[0], allowed=True), "getSeries", "none"))
    assert caught.value.reason == "NotFound"


# --- models

DATA_MODEL = """\
{UTF-8}
Price:INTERPOLATE: ~~|
Region: north, south ~~|
Rain[Region] ~~|
Both = Price + Rain[north] + Rain[south] ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 2 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
"""


def test_a_model_is_given_exactly_the_series_that_it_asks_for() -> None:
    assert set(needs(read_partially(DATA_MODEL, "data.mdl").model)) == {"Price", "Rain[north]", "Rain[south]"}
    backend = Backend()
    overlay = Overlay(
        backend,
        series={
            "Price": Series((0.0, 2.0), (0.1, 0.3)),
            "Rain[north]": Series((0.0, 2.0), (1.0, 1.0)),
            "Rain[south]": Series((0.0, 1.0, 2.0), (10.0, 20.0, 40.0)),
        },
    )
    model = asyncio.run(compile_resolved(DATA_MODEL, "data.mdl", overlay))
    assert list(simulate(model)["Both"]) == pytest.approx([11.1, 21.2, 41.3], rel=1e-15)
    assert backend.calls == []


def test_a_series_that_cannot_be_had_stops_the_compile() -> None:
    class Empty(Backend):
        async def getSeries(self, id_: str) -> Any:  # noqa: N802
            raise NotFound(id_)

    text = DATA_MODEL.replace("Rain[Region] ~~|\n", "").replace(" + Rain[north] + Rain[south]", "")
    with pytest.raises(ResolverError, match="Price"):
        asyncio.run(compile_resolved(text, "data.mdl", Empty()))
