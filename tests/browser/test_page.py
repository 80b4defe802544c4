"""The page as a reader meets it, in a real browser: what is drawn, what is said, and what survives."""

import gzip
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import build
from browser.reader import (
    HOSTILE,
    SMALL,
    drop,
    editor,
    open_sample,
    open_text,
    page_at_start,
    replace_text,
    series,
    serious,
    state,
    until,
)

pytestmark = pytest.mark.browser

BUDGET = 90 * 1024


def drawn(page: Page, chart: int = 0) -> str:
    """What is on the canvas of a chart, once the frame that shows the newest state is painted."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.get_by_test_id("chart").nth(chart).locator("canvas").evaluate("canvas => canvas.toDataURL()")


def coloured(page: Page, rgb: tuple[int, int, int]) -> int:
    """How many pixel columns of the first chart hold a colour."""
    drawn(page)
    return (
        page.get_by_test_id("chart")
        .first.locator("canvas")
        .evaluate(
            """(canvas, [r, g, b]) => {
                const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                const columns = new Set();
                for (let at = 0; at < data.length; at += 4) {
                    const near = Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 30;
                    if (near && data[at + 3] > 200) columns.add((at / 4) % width);
                }
                return columns.size;
            }""",
            list(rgb),
        )
    )


# Running ---------------------------------------------------------------------------------------------------


def test_a_sample_is_drawn_before_python_is_there(page: Page) -> None:
    page.route("**/pyodide/**", lambda _: None)  # never answered
    page.goto("")
    now = until(page, lambda now: now["phase"] == "ready", patience=10)
    assert now["python"] != "ready"
    assert now["plotted"] == ["Susceptible", "Infected", "Recovered"]
    for colour in ((0x00, 0x5E, 0xA8), (0xD1, 0x52, 0x0A), (0x0B, 0x8A, 0x6A)):
        assert coloured(page, colour) > 200
    page.get_by_test_id("slider").first.press("ArrowRight")
    until(page, lambda later: later["runs"] > now["runs"], patience=5)


@pytest.mark.parametrize("name", ["teacup", "sir", "predator-prey", "fishery"])
def test_every_sample_runs_alike_on_both_engines(page: Page, name: str) -> None:
    now = open_sample(page, name)
    assert now["problems"] == []
    page.get_by_test_id("engine-both").check()
    now = until(page, lambda now: now["verdict"]["state"] not in ("waiting", "none"))
    assert now["verdict"]["state"] == "same"
    assert "identical" in page.get_by_test_id("verdict").inner_text()


def test_the_vm_alone_gives_the_same_curves(page: Page) -> None:
    open_sample(page, "teacup")
    before = series(page, "tea temperature")
    page.get_by_test_id("engine-vm").check()
    until(page, lambda now: now["ranOn"] == "vm")
    assert series(page, "tea temperature") == before


def test_a_slider_answers_to_keys(page: Page) -> None:
    open_sample(page)
    before, picture = series(page, "Infected"), drawn(page)
    slider = page.get_by_test_id("slider").and_(page.locator('[data-name="contact rate"]'))
    slider.press("ArrowRight")
    now = until(page, lambda now: now["overrides"])
    until(page, lambda now: series(page, "Infected") != before)
    assert now["overrides"]["contact rate"] > 6
    assert drawn(page) != picture
    assert state(page)["ghost"]


def test_a_slider_answers_to_the_pointer_while_it_is_held(page: Page) -> None:
    open_sample(page)
    before, picture = series(page, "Infected"), drawn(page)
    box = page.get_by_test_id("slider").and_(page.locator('[data-name="contact rate"]')).bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, middle, steps=12)
    now = until(page, lambda now: series(page, "Infected") != before)
    assert now["ghost"]
    assert now["overrides"]["contact rate"] < 4.5
    assert drawn(page) != picture
    page.mouse.up()
    # No backlog: what is shown soon after the release is the answer to the last position.
    page.wait_for_timeout(300)
    runs = state(page)["runs"]
    page.wait_for_timeout(300)
    assert state(page)["runs"] == runs


def test_a_typed_value_is_taken_and_a_double_click_takes_it_back(page: Page) -> None:
    open_sample(page)
    before = series(page, "Infected")
    field = page.get_by_test_id("slider-value").and_(page.locator('[data-name="contact rate"]'))
    field.fill("4,5")
    field.press("Enter")
    until(page, lambda now: now["overrides"].get("contact rate") == 4.5)
    page.get_by_test_id("slider").and_(page.locator('[data-name="contact rate"]')).dblclick()
    until(page, lambda now: now["overrides"] == {} and series(page, "Infected") == before)
    field.fill("many")
    field.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"


def test_time_is_scrubbed_by_keys_and_pointer_and_every_value_follows(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("tab-variables").click()
    bar = page.get_by_test_id("time-bar")
    last = state(page)["rows"] - 1
    bar.focus()
    for key, row in (("Home", 0), ("ArrowRight", 1), ("PageUp", 13), ("PageDown", 1), ("End", last)):
        bar.press(key)
        assert state(page)["row"] == row
        for name in ("Susceptible", "infection"):
            assert state(page)["values"][name] == series(page, name)[row]
    box = bar.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert state(page)["time"] == 30
    shown = page.get_by_test_id("values").locator('tr[data-name="Susceptible"] .value').inner_text()
    assert shown == f"{state(page)['values']['Susceptible']:,.0f}"
    chart = page.get_by_test_id("chart").first.bounding_box()
    assert chart
    page.mouse.click(chart["x"] + 60, chart["y"] + chart["height"] / 2)
    assert state(page)["time"] < 6


def test_space_plays_and_pauses(page: Page) -> None:
    open_sample(page)
    bar = page.get_by_test_id("time-bar")
    bar.press("Home")
    bar.press(" ")
    until(page, lambda now: now["playing"] and now["row"] > 2)
    bar.press(" ")
    assert not state(page)["playing"]


def test_a_variable_is_plotted_by_choosing_it(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("tab-variables").click()
    page.get_by_test_id("plot").and_(page.locator('[data-name="infection"]')).check()
    now = state(page)
    assert now["plotted"][-1] == "infection"
    assert [group["units"] for group in now["groups"]] == ["person", "person/day"]
    page.get_by_test_id("chart").nth(1).wait_for()


def test_the_chart_can_be_read_without_seeing_it(page: Page) -> None:
    open_sample(page)
    page.wait_for_timeout(400)
    rows = page.get_by_test_id("chart-table").first.locator("tbody tr")
    assert rows.count() <= 50
    chart = page.get_by_test_id("chart").first
    chart.focus()
    chart.press("End")
    live = page.locator('ps-chart [aria-live="polite"]').first
    page.wait_for_timeout(500)
    assert live.inner_text().startswith("day 60.0: Susceptible ")


# Editing ---------------------------------------------------------------------------------------------------


def test_an_edit_of_the_text_makes_a_new_run(page: Page) -> None:
    open_sample(page)
    before, picture = series(page, "Infected"), drawn(page)
    replace_text(page, "contact rate = 6", "contact rate = 9")
    until(page, lambda now: series(page, "Infected") != before)
    assert drawn(page) != picture
    assert state(page)["problems"] == []
    page.get_by_test_id("revert").click()
    until(page, lambda now: series(page, "Infected") == before)


def test_an_error_is_marked_in_its_place_and_the_last_run_stays(page: Page) -> None:
    # Characters outside the basic plane before the error: marks count in UTF-16.
    open_text(page_at_start(page), SMALL.replace("model", "# 🐟🐟 fish\nmodel"))
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")
    before = series(page, "Level")
    replace_text(page, "rate * Level", "rte * Level")
    now = until(page, lambda now: now["problems"])
    assert now["problems"][0]["place"]["line"] == 6
    page.locator(".cm-mark-error").wait_for()
    assert page.locator(".cm-mark-error").inner_text() == "rte"
    page.get_by_test_id("stale").wait_for()
    assert "Showing the last run that worked" in page.get_by_test_id("stale").inner_text()
    assert series(page, "Level") == before
    problem = page.get_by_test_id("problem").first
    assert "6:15" in problem.inner_text()
    problem.click()
    replace_text(page, "rte * Level", "2 * rate * Level")
    until(page, lambda now: not now["problems"] and series(page, "Level") != before)
    page.get_by_test_id("stale").wait_for(state="detached")


def test_the_text_outlives_a_reload(page: Page) -> None:
    page_at_start(page)
    replace_text(page, "SIR epidemic", "My own epidemic")
    until(page, lambda now: now["saved"] == "saved" and "My own" in now["text"])
    page.goto("about:blank")
    page.goto("")
    now = until(page, lambda now: now["phase"] == "ready")
    assert "model My own epidemic" in now["text"]


def test_a_text_that_makes_room_is_put_aside(page: Page) -> None:
    page_at_start(page)
    replace_text(page, "SIR epidemic", "My own epidemic")
    until(page, lambda now: "My own" in now["text"])
    page.get_by_test_id("models").click()
    page.get_by_test_id("sample-teacup").click()
    until(page, lambda now: now["title"] == "Teacup" and now["phase"] == "ready")
    page.get_by_test_id("models").click()
    page.get_by_test_id("recent").click()
    until(page, lambda now: now["phase"] == "ready" and "My own epidemic" in now["text"])


def test_without_storage_everything_else_works(page: Page) -> None:
    page.add_init_script(
        """for (const name of ["indexedDB", "localStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""
    )
    page_at_start(page)
    replace_text(page, "contact rate = 6", "contact rate = 9")
    page.get_by_test_id("unsaved").wait_for()


def test_a_run_that_breaks_down_says_when_and_where(page: Page) -> None:
    text = SMALL.replace("flow growth = rate * Level", "flow growth = rate * ln(3 - Time)")
    page_at_start(page)
    open_text(page, text)
    now = until(page, lambda now: now["breakdown"])
    assert now["breakdown"]["name"] == "growth"
    assert "from t = 3.0, first in growth" in page.get_by_test_id("breakdown").inner_text()
    page.get_by_test_id("breakdown").get_by_role("button", name="Go to").click()
    assert state(page)["time"] == 3


# Files and other people's models ---------------------------------------------------------------------------


def test_a_broken_file_shows_its_problems(page: Page) -> None:
    page_at_start(page)
    drop(page, "broken.pen", b"model Broken\nstok Level = 1\n")
    now = until(page, lambda now: now["phase"] == "broken" and now["problems"])
    assert "broken.pen does not run yet" in page.get_by_test_id("broken").inner_text()
    assert now["problems"][0]["place"]["line"] == 2


def test_of_a_file_with_errors_what_works_can_be_opened_and_the_rest_is_listed(page: Page) -> None:
    page_at_start(page)
    text = SMALL + f"aux `{HOSTILE}` = 3 )\naux twice = 2 * `{HOSTILE}`\naux fine = Level + 1\n"
    open_text(page, text)
    until(page, lambda now: now["phase"] == "broken" and now["problems"])
    page.get_by_test_id("open-what-works").click()
    now = until(page, lambda now: now["phase"] == "ready")
    assert now["problems"] == []
    assert series(page, "fine")[0] == 101
    report = page.get_by_test_id("partial")
    assert "1 part of " in report.inner_text()
    assert "could not be used, and 1 more needs it" in report.inner_text()
    report.locator("summary").click()
    first, second = page.get_by_test_id("left-out").all_inner_texts()
    assert first.startswith("7:")
    assert HOSTILE in first
    assert "expected" in first
    assert second.endswith(f"twice needs {HOSTILE}")
    replace_text(page, "= 3 )", "= 3")
    report.wait_for(state="detached")
    until(page, lambda now: now["phase"] == "ready" and "twice" in now["values"])
    assert set(series(page, "twice")) == {6}
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("huge.pen", b"#" * (17 * 1024 * 1024), "models of up to 16 MB are read"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is not a text file"),
        ("empty.mdl", b"", "is empty"),
    ],
)
def test_a_file_that_is_no_model_leaves_the_open_one_untouched(
    page: Page, name: str, content: bytes, words: str
) -> None:
    before = until(page_at_start(page), lambda now: now["phase"] == "ready")
    drop(page, name, content)
    page.get_by_test_id("notice").wait_for()
    assert words in page.get_by_test_id("notice").inner_text()
    assert state(page)["model"] == before["model"]


def test_a_file_in_an_old_encoding_keeps_its_letters(page: Page) -> None:
    page_at_start(page)
    drop(page, "old.pen", SMALL.replace("Growth", "Größe").encode("cp1252"))
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Größe")


def test_names_that_look_like_markup_stay_text(page: Page) -> None:
    page_at_start(page)
    text = SMALL.replace("Growth", HOSTILE).replace("rate", f"`{HOSTILE}`")
    open_text(page, text, name=f"{HOSTILE}.pen")
    until(page, lambda now: now["phase"] == "ready" and now["title"] == HOSTILE)
    page.get_by_test_id("tab-variables").click()
    page.wait_for_timeout(300)
    images = page.evaluate(
        """() => {
            const inside = root => [...root.querySelectorAll("*")].flatMap(
                element => [element, ...(element.shadowRoot ? inside(element.shadowRoot) : [])]);
            return inside(document).filter(element => element.localName === "img").length;
        }"""
    )
    assert images == 0
    assert page.evaluate("window.hacked") is None
    assert HOSTILE in page.get_by_test_id("values").inner_text()


def test_the_policy_allows_no_inline_script_and_no_eval(page: Page, expected_errors: list[str]) -> None:
    expected_errors.append("Content Security Policy")
    page_at_start(page)
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.hacked = 1";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.hacked") is None


# When something is missing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["WebAssembly", "Worker"])
def test_a_browser_that_cannot_run_models_is_told_so(page: Page, missing: str) -> None:
    page.add_init_script(f"delete window.{missing}")
    page.goto("")
    message = page.get_by_role("alert")
    message.wait_for()
    assert "Penstock cannot run here" in message.inner_text()


def test_a_runner_that_dies_is_replaced(page: Page) -> None:
    page_at_start(page)
    before = series(page, "Infected")
    runner = next(worker for worker in page.workers if "runner-worker" in worker.url)
    runner.evaluate("() => void setTimeout(() => self.close())")
    page.get_by_test_id("slider").first.press("ArrowRight")
    until(page, lambda now: series(page, "Infected") != before)
    assert "It was started again" in page.get_by_test_id("notice").inner_text()


def test_an_unknown_sample_leaves_a_way_on(page: Page, expected_errors: list[str]) -> None:
    expected_errors.append("404")
    page.goto("#sample=nothing")
    page.get_by_test_id("empty").wait_for()
    page.get_by_test_id("card-teacup").click()
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Teacup")


# Looks, weight and access ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (900, 700), (390, 844)], ids=["desktop", "tablet", "phone"])
def test_axe_finds_nothing_serious(page: Page, scheme: str, size: tuple[int, int]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page_at_start(page)
    if 720 <= size[0] < 1100:
        assert serious(page) == []
        page.get_by_test_id("tab-controls").click()
    page.get_by_test_id("slider").first.press("ArrowRight")
    page.wait_for_timeout(500)
    assert serious(page) == []
    page.get_by_test_id("tab-variables").click()
    assert serious(page) == []
    if size[0] < 720:
        page.get_by_test_id("tab-text").click()
    replace_text(page, "model SIR epidemic", "modl SIR epidemic")
    until(page, lambda now: now["problems"])
    page.get_by_test_id("stale").wait_for()
    page.locator(".cm-mark-error").first.wait_for()
    assert serious(page) == []
    page.get_by_test_id("models").click()
    assert serious(page) == []


def test_the_phone_shows_everything_in_one_column(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page_at_start(page)
    assert state(page)["layout"] == "phone"
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow == 0
    boxes = [
        page.locator(name).bounding_box()
        for name in ("ps-top-bar", "ps-charts", "ps-controls", "ps-time-bar")
    ]
    tops = [box["y"] for box in boxes if box]
    assert len(tops) == 4
    assert all(above < below for above, below in pairwise(tops))
    for box in boxes:
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_the_theme_button_goes_round(page: Page) -> None:
    page_at_start(page)
    background = "getComputedStyle(document.querySelector('penstock-model')).backgroundColor"
    seen = []
    for _ in range(3):
        page.get_by_test_id("theme").click()
        seen.append((state(page)["theme"], page.evaluate(background)))
    assert seen == [
        ("light", "rgb(255, 255, 255)"),
        ("dark", "rgb(18, 22, 27)"),
        ("auto", "rgb(255, 255, 255)"),
    ]


def test_nothing_shifts_while_the_page_loads(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(
            """window.shift = 0;
               new PerformanceObserver(list => list.getEntries().forEach(entry => (window.shift += entry.value)))
                 .observe({ type: "layout-shift", buffered: true });"""
        )
        page.goto(site)
        until(page, lambda now: now["phase"] == "ready")
        editor(page)
        page.wait_for_timeout(500)
        assert page.evaluate("window.shift") <= 0.02


def test_the_page_is_light_before_the_first_interaction() -> None:
    assert compressed(static_scripts(build.DIST / "app.js")) <= BUDGET


def static_scripts(script: Path) -> set[Path]:
    """A script and all that it imports before it runs."""
    found = {script}
    waiting = [script]
    while waiting:
        one = waiting.pop()
        text = one.read_text(encoding="utf-8")
        for address in re.findall(r"""(?:from|import)\s*"(\.{1,2}/[^"]+\.js)\"""", text):
            imported = (one.parent / address).resolve()
            if imported not in found:
                found.add(imported)
                waiting.append(imported)
    return found


def compressed(files: set[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)
