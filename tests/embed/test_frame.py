"""embed.html in a frame, and the element in a file: where scripts, fetch or an origin are missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import build
from embed.site_of import bundle, growth, until

LISTEN = """<script>
window.heard = [];
addEventListener("message", ({ data, origin }) => heard.push({ ...data, origin }));
const say = (message, frame = 0) => frames[frame].postMessage(message, "*");
</script>"""


def around(page: Page, folder: Path, frame: str, name: str = "around.html") -> None:
    """Opens a page that frames something and hears what it says."""
    (folder / name).write_text(
        f"<!doctype html><title>Around</title>{LISTEN}<h1>Around</h1>{frame}", encoding="utf-8"
    )
    page.goto(name)


def answer(page: Page, message: dict[str, object]) -> dict[str, object]:
    """What the frame answers to a message."""
    page.evaluate("message => say(message)", {"ns": "penstock", "v": 1, **message})
    return until(page, f"heard.find(m => m.id === {json.dumps(message['id'])})")


def last(state: dict[str, object]) -> float:
    series = state["series"]
    assert isinstance(series, list | dict)
    return list(series.values())[-1] if isinstance(series, dict) else series[-1]


def test_a_frame_shows_a_model_and_tells_its_height(page: Page, folder: Path) -> None:
    around(
        page,
        folder,
        '<iframe src="embed.html?src=growth.json&sliders=rate&controls=min&height=500" width="720"></iframe>',
    )
    until(page, "heard.some(m => m.type === 'ready')")
    assert until(page, "heard.findLast(m => m.type === 'resize' && m.height > 0)")["height"] == 500
    frame = page.frame_locator("iframe")
    frame.get_by_test_id("play").wait_for()
    assert frame.get_by_test_id("slider").count() == 1
    said = page.evaluate("heard")
    assert all((message["ns"], message["v"]) == ("penstock", 1) for message in said)
    assert not [message for message in said if message["type"] == "event"], "nobody asked for events yet"


def test_the_page_around_sets_and_gets_and_then_hears_of_events(page: Page, folder: Path, site: str) -> None:
    around(page, folder, '<iframe src="embed.html?src=growth.json" width="720"></iframe>')
    until(page, "heard.some(m => m.type === 'ready')")
    state = answer(page, {"id": "a", "type": "set", "params": {"rate": 0.2}, "time": 5})
    assert state["type"] == "state"
    assert state["params"] == {"rate": 0.2, "a <b> & 'c'": 2}
    assert state["origin"] == site.split("/docs")[0]
    until(page, "heard.some(m => m.type === 'event' && m.name === 'result')")
    state = answer(page, {"id": "b", "type": "get", "name": "Level"})
    assert last(state) == pytest.approx(100 * 1.1**20, rel=1e-14)
    assert state["state"]["time"] == 5  # type: ignore[index]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"id": 1, "type": "set", "params": {"nothing": 1}}, "nothing"),
        ({"id": 2, "type": "steal"}, "the type steal is not known"),
        ({"id": 3, "type": "get", "name": "no such variable"}, "no such variable"),
        ({"id": 4, "type": "get", "v": 99}, "version 99"),
        ({"id": 5, "type": "set", "model": {"penstock": 1, "abi": 1}}, "no usable"),
    ],
)
def test_a_wrong_request_is_answered_with_what_is_wrong(
    page: Page, folder: Path, message: dict[str, object], said: str
) -> None:
    around(page, folder, '<iframe src="embed.html?src=growth.json" width="720"></iframe>')
    until(page, "heard.some(m => m.type === 'ready')")
    reply = answer(page, {**message, "play": False})
    assert reply["type"] == "error"
    assert said in str(reply["message"])


def test_hostile_messages_change_nothing_and_are_not_answered(page: Page, folder: Path) -> None:
    (folder / "sibling.html").write_text("<!doctype html><title>Sibling</title>", encoding="utf-8")
    around(
        page,
        folder,
        '<iframe src="embed.html?src=growth.json" width="720"></iframe><iframe src="sibling.html"></iframe>',
    )
    until(page, "heard.some(m => m.type === 'ready')")
    before = answer(page, {"id": "before", "type": "get", "name": "Level"})
    page.evaluate(
        """() => {
            const evil = { type: "set", id: "evil", params: { rate: 0.9 } };
            const deep = {}; deep.deep = deep;
            const odd = [{ ...evil, ns: "penstoc", v: 1 }, { ns: "penstock" , v: 1, id: 0 }, new Error("x")];
            for (const message of [null, 7, "set", [], deep, evil, ...odd]) say(message);
            const values = { params: { rate: NaN, __proto__: { polluted: 1 } }, state: { params: [1], plots: "x" } };
            say({ ns: "penstock", v: 1, id: "numbers", type: "set", time: "soon", ...values });
            const sibling = document.createElement("script");
            const asked = '{ ns: "penstock", v: 1, id: "sibling", type: "set", params: { rate: 0.9 } }';
            sibling.textContent = `parent.frames[0].postMessage(${asked}, "*")`;
            frames[1].document.head.append(sibling);
        }"""
    )
    after = answer(page, {"id": "after", "type": "get", "name": "Level"})
    assert last(after) == last(before)
    ids = page.evaluate("heard.map(m => m.id)")
    assert "evil" not in ids
    assert "sibling" not in ids
    assert page.frames[1].evaluate("({}).polluted") is None


@pytest.mark.parametrize(
    "src",
    ["https://example.com/model.json", "//example.com/model.json", "javascript:alert(1)", "growth.data.js"],
)
def test_an_address_of_another_site_or_a_script_is_not_loaded_in_this_one_s_name(
    page: Page, folder: Path, src: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    (folder / "growth.data.js").write_text("window.parent.stolen = 1; penstockBundle = {};", encoding="utf-8")
    around(page, folder, f'<iframe src="embed.html?src={src}" width="720"></iframe>')
    page.frame_locator("iframe").get_by_role("alert").wait_for()
    assert not [url for url in asked if url.startswith("https://example.com")]
    assert page.evaluate("window.stolen") is None
    if src == "growth.data.js":
        assert "Unexpected" in page.frame_locator("iframe").get_by_role("alert").inner_text()


def test_a_sandbox_runs_a_model_from_a_data_file(page: Page, folder: Path) -> None:
    (folder / "sandboxed.js").write_text(
        f"penstockBundle = {json.dumps(bundle(growth()))};", encoding="utf-8"
    )
    around(
        page,
        folder,
        '<iframe sandbox="allow-scripts" src="embed.html?src=sandboxed.js" width="720"></iframe>',
    )
    until(page, "heard.some(m => m.type === 'ready')")
    state = answer(page, {"id": 1, "type": "get", "name": "Level"})
    assert state["origin"] == "null"
    assert last(state) == pytest.approx(100 * 1.05**20, rel=1e-14)
    assert page.workers, "a worker of its own"


def test_a_sandbox_runs_a_model_that_the_page_around_sends(page: Page, folder: Path) -> None:
    around(page, folder, '<iframe sandbox="allow-scripts" src="embed.html" width="720"></iframe>')
    until(page, "heard.some(m => m.type === 'ready')")
    state = answer(page, {"id": 1, "type": "set", "model": bundle(growth()), "params": {"rate": 0.4}})
    assert state["params"]["rate"] == 0.4  # type: ignore[index]
    until(page, "heard.some(m => m.type === 'resize' && m.height === 420)")


@pytest.mark.parametrize("charset", ["utf-8"])
def test_one_file_works_from_a_disk(browser: Browser, tmp_path: Path, charset: str) -> None:
    script = (build.EMBED / "penstock-embed.classic.js").read_text(encoding=charset)
    data = json.dumps(bundle(growth())).replace("<", "\\u003c")
    file = tmp_path / "model.html"
    file.write_text(
        f'<!doctype html><meta charset="{charset}"><title>Growth</title><penstock-model src="#growth"></penstock-model>'
        f'<script type="application/json" id="growth">{data}</script><script>{script}</script>',
        encoding=charset,
    )
    with browser.new_context() as context:
        page = context.new_page()
        problems: list[str] = []
        page.on(
            "console",
            lambda message: problems.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(file.as_uri())
        assert page.evaluate(
            "document.querySelector('penstock-model').ready.then(el => el.series('Level').at(-1))"
        ) == pytest.approx(100 * 1.05**20, rel=1e-14)
        assert (
            page.evaluate(
                "document.querySelector('penstock-model').toCSV().then(text => text.split('\\n').length)"
            )
            == 23
        )
        assert page.workers, "a worker of its own"
        assert problems == []
