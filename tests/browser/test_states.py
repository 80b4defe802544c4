"""Every state that the page can be in keeps nobody out, in either scheme, and says what it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from browser.reader import SMALL, open_sample, open_text, page_at_start, replace_text, serious, state, until

pytestmark = pytest.mark.browser

# Answers of the reference machine arrive a little off: so it looks when an engine has a fault.
FAULT = """
const set = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage").set;
Object.defineProperty(Worker.prototype, "onmessage", {
  set(handler) {
    set.call(this, (event) => {
      if (event.data.type === "result" && event.data.engine === "vm") event.data.data[event.data.rows + 3] += 1e-9;
      handler.call(this, event);
    });
  },
});
"""


def no_model(page: Page) -> None:
    page.goto("#m=nothing")
    page.get_by_test_id("notice").wait_for()


def slip(page: Page) -> None:
    open_text(page, SMALL)
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")
    replace_text(page, "rate * Level", "rte * Level")
    page.get_by_test_id("stale").wait_for()
    page.get_by_test_id("fix").wait_for()


def breakdown(page: Page) -> None:
    text = SMALL.replace("flow growth = rate * Level", "flow growth = rate * ln(3 - Time)")
    open_text(page, text)
    page.get_by_test_id("breakdown").wait_for()


def broken(page: Page) -> None:
    open_text(page, SMALL + "aux a = 3 )\naux b = a\n")
    until(page, lambda now: now["phase"] == "broken" and now["problems"])


def partial(page: Page) -> None:
    broken(page)
    page.get_by_test_id("open-what-works").click()
    page.get_by_test_id("partial").locator("summary").click()


def waiting_for_python(page: Page) -> None:
    page.route("**/python/snapshot*", lambda _: None)  # never answered
    page.route("**/pyodide/**", lambda _: None)
    open_sample(page)
    page.get_by_test_id("python").wait_for()


def offline(page: Page) -> None:
    open_sample(page)
    page.locator("ps-diagram-tools .bar, ps-diagram-tools [role=toolbar]").first.wait_for(
        timeout=60_000
    )  # the last to be loaded
    page.context.set_offline(True)
    page.get_by_test_id("offline").wait_for()


def slow(page: Page) -> None:
    text = SMALL.replace("time 0 to 10 by 0.5 {year}", "time 0 to stop by 0.5 {year} save every 1000")
    open_text(page, text + "const stop = 10\n")
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")
    page.get_by_test_id("more-constants").locator("summary").click()
    field = page.get_by_test_id("slider-value").and_(page.locator('[data-name="stop"]'))
    field.fill("400000000")
    field.press("Enter")
    page.get_by_test_id("cancel-run").wait_for()


def compared(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("engine-both").check()
    page.get_by_test_id("verdict-details").wait_for(timeout=60_000)
    page.get_by_test_id("verdict-details").click()
    page.locator("ps-engine-report dl").wait_for()


def no_webassembly(page: Page) -> None:
    page.add_init_script("delete window.WebAssembly")
    page.goto("")
    page.get_by_role("alert").wait_for()


WITH_PYTHON: dict[str, Callable[[Page], None]] = {
    made.__name__: made for made in (offline, slip, breakdown, broken, partial, slow)
}
OF_ITS_OWN: dict[str, Callable[[Page], None]] = {
    made.__name__: made for made in (no_model, waiting_for_python, no_webassembly)
}


@pytest.fixture(scope="module")
def at_work(browser: Browser, site: str) -> Iterator[Page]:
    """One page for all states that need Python, which takes seconds to load."""
    seen: list[str] = []
    with browser.new_context(base_url=site, service_workers="block") as context:
        context.on("weberror", lambda event: seen.append(event.error.message))
        page = page_at_start(context.new_page())
        until(page, lambda now: now["python"] == "ready")
        yield page
    assert seen == []


def keeps_nobody_out(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_timeout(200)
        assert serious(page) == [], scheme


@pytest.mark.parametrize("name", WITH_PYTHON)
def test_axe_finds_nothing_serious_in_any_state(at_work: Page, name: str) -> None:
    WITH_PYTHON[name](at_work)
    keeps_nobody_out(at_work)
    at_work.context.set_offline(False)
    if name == "slow":
        at_work.get_by_test_id("cancel-run").click()


@pytest.mark.parametrize("name", OF_ITS_OWN)
def test_axe_finds_nothing_serious_in_any_state_without_a_model(page: Page, name: str) -> None:
    OF_ITS_OWN[name](page)
    keeps_nobody_out(page)


def test_where_the_engines_part_is_shown_and_gone_to(page: Page) -> None:
    page.add_init_script(FAULT)
    compared(page)
    name = next(iter(state(page)["values"]))
    words = page.get_by_test_id("difference").inner_text()
    assert "1.0e−9" in words or "e−10" in words
    assert name in words
    values = page.locator("ps-engine-report u").all_inner_texts()
    assert len(values) == 2
    assert values[0] != values[1]
    keeps_nobody_out(page)
    page.get_by_test_id("go-to-difference").click()
    assert state(page)["row"] == 3  # where FAULT has it
    assert not page.get_by_test_id("difference").is_visible()


def test_what_both_engines_agree_on_is_counted(at_work: Page) -> None:
    compared(at_work)
    words = at_work.locator("ps-engine-report dl").inner_text()
    assert f"0 in {len(state(at_work)['values']) + 1} variables, {state(at_work)['rows']} rows" in words
    keeps_nobody_out(at_work)
    at_work.keyboard.press("Escape")


def test_why_a_run_breaks_down_is_shown_at_the_time_where_it_does(at_work: Page) -> None:
    breakdown(at_work)
    at_work.get_by_test_id("why").click()
    at_work.get_by_test_id("inspected").wait_for()
    now = state(at_work)
    assert (now["selected"], now["time"]) == ("growth", 3)
