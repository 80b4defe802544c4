"""Models in links and at addresses, and files to save: what is put in comes out, and what is hostile stays out."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import build
from browser.reader import (
    HOSTILE,
    SMALL,
    open_sample,
    open_text,
    packed,
    series,
    serious,
    state,
    unpacked,
    until,
)

pytestmark = pytest.mark.browser


def share(page: Page) -> str:
    """The link that the page offers."""
    page.get_by_test_id("share").click()
    field = page.get_by_test_id("link")
    for _ in range(100):
        if link := field.input_value():
            return link
        page.wait_for_timeout(30)
    pytest.fail("no link was made")


def close(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_test_id("share-panel").wait_for(state="detached")


def started(page: Page) -> dict:
    page.goto("")
    return until(page, lambda now: now["phase"] == "ready")


def saved(page: Page, kind: str) -> bytes:
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_test_id(f"save-{kind}").click()
    path = waiting.value.path()
    return Path(path).read_bytes()


# Links -----------------------------------------------------------------------------------------------------


def test_a_link_holds_the_model_the_sliders_the_curves_and_the_time(
    page: Page, browser: Browser, site: str
) -> None:
    open_sample(page)
    slider = page.get_by_test_id("slider").and_(page.locator('[data-name="contact rate"]'))
    slider.press("ArrowRight")
    page.get_by_test_id("tab-variables").click()
    page.locator('[data-testid="plot"][data-name="Susceptible"]').uncheck()
    page.get_by_test_id("time-bar").press("Home")
    page.get_by_test_id("time-bar").press("PageUp")
    before = until(page, lambda now: "Susceptible" not in now["plotted"])
    infected = series(page, "Infected")
    link = share(page)
    assert link.startswith(f"{site}#m=")
    content = unpacked(link)
    assert content["text"] == before["text"]
    assert content["values"] == before["overrides"]
    assert "theme" not in json.dumps({key: value for key, value in content.items() if key != "text"})
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(link)
        now = until(other, lambda now: now["phase"] == "ready")
        for key in ("text", "overrides", "plotted", "time", "title"):
            assert now[key] == before[key], key
        assert series(other, "Infected") == infected


def test_a_model_of_ones_own_is_opened_from_its_link(page: Page, browser: Browser, site: str) -> None:
    started(page)
    open_text(page, SMALL.replace("Growth", "Größe 🐟"))
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Größe 🐟")
    link = share(page)
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(link)
        until(other, lambda now: now["phase"] == "ready" and now["title"] == "Größe 🐟")
        assert series(other, "Level") == series(page, "Level")


def test_the_link_is_copied_with_a_word_and_the_panel_is_left_by_escape(page: Page) -> None:
    open_sample(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = share(page)
    assert "characters" in page.get_by_test_id("link-size").inner_text()
    page.get_by_test_id("copy-link").press("Enter")
    page.get_by_test_id("copy-link").get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert serious(page) == []
    close(page)
    inside = "document.querySelector('penstock-model').shadowRoot.activeElement.shadowRoot"
    focused = f"{inside}.activeElement.dataset.testid"
    assert page.evaluate(focused) == "share"


def test_a_link_that_would_be_too_long_offers_a_file_instead(page: Page) -> None:
    started(page)
    # Digits of a square root do not compress well.
    digits = "".join(str(pow(7, n, 1_000_003)) for n in range(30_000))
    open_text(page, SMALL + "".join(f"# {digits[at : at + 100]}\n" for at in range(0, len(digits), 100)))
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")
    page.get_by_test_id("share").click()
    page.get_by_test_id("link-too-long").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as .pen file").click()
    assert Path(waiting.value.path()).read_text().startswith("model Growth")


def test_a_link_can_ask_for_the_reference_engine(page: Page) -> None:
    page.goto(f"#m={packed({'v': 1, 'name': 'a.pen', 'text': SMALL, 'engine': 'vm'})}")
    assert until(page, lambda now: now["phase"] == "ready")["engine"] == "vm"


def test_a_changed_text_outlives_a_reload_of_the_address_it_came_from(page: Page, site: str) -> None:
    page.goto(f"#m={packed({'v': 1, 'name': 'a.pen', 'text': SMALL})}")
    until(page, lambda now: now["phase"] == "ready")
    page.get_by_test_id("toggle-text").click()
    page.get_by_test_id("editor").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("# mine\n")
    until(page, lambda now: now["saved"] == "saved" and now["text"].startswith("# mine"))
    page.reload()
    assert until(page, lambda now: now["phase"] == "ready")["text"].startswith("# mine")


def test_a_file_opened_at_an_address_is_there_after_a_reload(page: Page) -> None:
    open_sample(page, "teacup")
    open_text(page, SMALL)
    until(page, lambda now: now["title"] == "Growth" and now["saved"] != "saving")
    page.reload()
    now = until(page, lambda now: now["phase"] == "ready")
    assert now["text"] == SMALL


def test_a_link_puts_changed_work_aside_says_so_and_gives_it_back(page: Page) -> None:
    started(page)
    page.get_by_test_id("toggle-text").click()
    page.get_by_test_id("editor").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("# mine\n")
    until(page, lambda now: now["saved"] == "saved" and now["text"].startswith("# mine"))
    page.evaluate("link => { location.hash = link }", f"m={packed({'v': 1, 'name': 'a.pen', 'text': SMALL})}")
    until(page, lambda now: now["title"] == "Growth" and now["phase"] == "ready")
    assert "put aside" in page.get_by_test_id("notice").inner_text()
    page.get_by_test_id("notice-action").click()
    until(page, lambda now: now["phase"] == "ready" and now["text"].startswith("# mine"))


BROKEN = {
    "no base64": "***",
    "cut": packed({"v": 1, "name": "a.pen", "text": SMALL})[:40],
    "no deflate": "AAAA" * 20,
    "empty": "",
    "no json": packed(b"{"),
    "no text": packed({"v": 1, "name": "a.pen"}),
    "wrong types": packed({"v": 1, "name": 5, "text": ["x"]}),
    "another time": packed({"v": 99, "name": "a.pen", "text": SMALL}),
    "a list": packed([1, 2]),
    "not unicode": packed(b'{"v":1,"name":"a","text":"\xff"}'),
    "a bomb": packed(b'{"v":1,"name":"a","text":"' + b"a" * 50_000_000 + b'"}'),
    "endless": "A" * 600_000,
}


@pytest.mark.parametrize("payload", BROKEN.values(), ids=BROKEN)
def test_a_link_that_holds_no_model_is_refused_and_the_page_stays(page: Page, payload: str) -> None:
    page.goto(f"#m={payload}")
    now = until(page, lambda now: now["phase"] == "ready", patience=15)
    assert now["title"] == "SIR epidemic"
    assert now["notice"]["kind"] == "error"
    assert page.get_by_test_id("notice").inner_text() != ""


def test_a_hostile_link_is_only_text(page: Page) -> None:
    content = {
        "v": 1,
        "name": f"../{HOSTILE}.pen",
        "format": "pen",
        "sample": "../../secret",
        "text": SMALL.replace("Growth", HOSTILE).replace("rate", f"`{HOSTILE}`"),
        "values": {HOSTILE: 0.5, "__proto__": 7, "constructor": 3, "Level": "1e9", "rate": None},
        "plotted": [HOSTILE, "__proto__", 7, "Level"],
        "time": 1e300,
        "from": {"time": "x", "values": []},
    }
    page.goto(f"#m={packed(content)}")
    now = until(page, lambda now: now["phase"] == "ready" and now["title"] == HOSTILE)
    assert now["overrides"] == {HOSTILE: 0.5}
    assert now["plotted"] == [HOSTILE, "Level"]
    assert now["time"] == 10
    page.get_by_test_id("share").click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    with page.expect_download() as waiting:
        page.get_by_test_id("save-pen").click()
    assert "/" not in waiting.value.suggested_filename
    assert "<" not in waiting.value.suggested_filename


# Addresses -------------------------------------------------------------------------------------------------


def test_a_model_at_an_address_of_the_same_site_is_opened(page: Page) -> None:
    page.route("**/models/growth.pen", lambda route: route.fulfill(body=SMALL, content_type="text/plain"))
    page.goto("#src=models/growth.pen")
    now = until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")
    assert now["file"] == "growth.pen"


def test_a_model_of_another_site_needs_its_leave(page: Page, expected_errors: list[str]) -> None:
    allowed = {"Access-Control-Allow-Origin": "*"}
    closed = {"Access-Control-Allow-Origin": "https://elsewhere.test"}
    page.route("https://models.test/open.pen", lambda route: route.fulfill(body=SMALL, headers=allowed))
    page.route("https://models.test/closed.pen", lambda route: route.fulfill(body=SMALL, headers=closed))
    page.goto("#src=https://models.test/open.pen")
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")
    expected_errors += ["blocked by CORS policy", "net::ERR_FAILED"]
    page.evaluate("location.hash = 'src=https://models.test/closed.pen'")
    now = until(page, lambda now: now["notice"])
    assert "does not let pages of other sites read it" in now["notice"]["text"]
    assert now["title"] == "Growth"


@pytest.mark.parametrize(
    ("src", "words"),
    [
        ("javascript:alert(1)", "is no address of a model"),
        ("data:text/plain,model X", "is no address of a model"),
        ("file:///etc/passwd", "is no address of a model"),
        ("nowhere.pen", "there is no such file"),
    ],
)
def test_an_address_without_a_model_is_refused(
    page: Page, src: str, words: str, expected_errors: list[str]
) -> None:
    if "nowhere" in src:
        expected_errors.append("404")
    page.goto(f"#src={src}")
    now = until(page, lambda now: now["notice"] and now["phase"] == "ready", patience=15)
    assert words in now["notice"]["text"]


def test_an_address_never_takes_the_place_of_changed_work_unasked(page: Page) -> None:
    started(page)
    page.get_by_test_id("toggle-text").click()
    page.get_by_test_id("editor").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("# mine\n")
    until(page, lambda now: now["saved"] == "saved" and now["text"].startswith("# mine"))
    asked: list[str] = []

    def answer(route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=SMALL, content_type="text/plain")

    page.route("**/models/growth.pen", answer)
    page.goto("about:blank")
    page.goto("#src=models/growth.pen")
    now = until(page, lambda now: now["notice"] and now["phase"] == "ready")
    assert now["text"].startswith("# mine")
    assert asked == []
    page.get_by_test_id("notice-action").first.click()
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")
    page.get_by_test_id("models").click()
    page.get_by_test_id("recent").wait_for()


# Files -----------------------------------------------------------------------------------------------------


def penstock(*arguments: str | Path) -> bytes:
    return subprocess.run(
        [sys.executable, "-m", "penstock", *map(str, arguments)], check=True, capture_output=True
    ).stdout


def test_the_saved_run_is_the_one_of_the_command_line_to_the_last_byte(page: Page) -> None:
    open_sample(page, "supply-chain")
    page.get_by_test_id("share").click()
    assert saved(page, "csv") == penstock("run", build.SAMPLES / "supply-chain.pen")


def test_numbers_are_written_as_python_writes_them(page: Page) -> None:
    numbers = [0.0, -0.0, 1e16, 1e17, 123456789012345678.0, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308]
    numbers += [0.1, 1 / 3, -2.5, 1e22, 2.0**-20, 1.0000000000000002, 9007199254740993.0]
    # exact halves at the 18th digit, which go to the even digit
    numbers += [0.5**n * odd for n in range(17, 30) for odd in (1, 3, 5, 7, 9, 11, 13)]
    numbers += [(2.0**53 + 2 * n) / 8 for n in range(20)]
    text = "model Numbers\ntime 0 to 1 by 1\n" + "".join(
        f"const c{at} = {value!r}\n" for at, value in enumerate(numbers)
    )
    started(page)
    open_text(page, text)
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Numbers")
    page.get_by_test_id("share").click()
    lines = saved(page, "csv").decode().splitlines()
    assert lines[0].split(",")[1:] == [f"c{at}" for at in range(len(numbers))]
    assert lines[1].split(",")[1:] == [f"{value:.17g}" for value in numbers]


def test_every_kind_of_file_is_what_it_says(page: Page, tmp_path: Path) -> None:
    open_sample(page)
    page.get_by_test_id("share").click()
    assert saved(page, "pen").decode() == state(page)["text"]
    assert saved(page, "svg").startswith(b"<svg ")
    picture = saved(page, "png")
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width > 600
    assert height > 300
    blob = saved(page, "wasm")
    assert blob.startswith(b"\0asm")
    assert blob == (build.DIST / "samples/sir.wasm").read_bytes()
    # What the format has no words for is shown first.
    page.get_by_test_id("save-mdl").click()
    losses = page.get_by_test_id("losses")
    losses.wait_for(timeout=60_000)
    assert "Vensim cannot say" in losses.inner_text()
    assert serious(page) == []
    with page.expect_download() as waiting:
        page.get_by_test_id("save-anyway").click()
    (tmp_path / "sir.mdl").write_bytes(Path(waiting.value.path()).read_bytes())
    direct = penstock("run", build.SAMPLES / "sir.pen")
    assert sorted(penstock("run", tmp_path / "sir.mdl").decode().split()) == sorted(direct.decode().split())


def test_a_text_with_problems_can_be_saved_as_it_is_and_not_be_converted(page: Page) -> None:
    started(page)
    page.get_by_test_id("toggle-text").click()
    page.get_by_test_id("editor").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("stok\n")
    until(page, lambda now: now["problems"] and not now["compiling"])
    page.get_by_test_id("share").click()
    assert saved(page, "pen").startswith(b"stok\n")
    page.get_by_test_id("save-xmile").click()
    page.get_by_text("The text has problems").wait_for()
