"""The life of an element: it follows the page around, survives moves, and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from embed.site_of import (
    MODEL,
    ONE,
    POSTER,
    last,
    level,
    ready,
    show,
    until,
)


@pytest.mark.parametrize(
    ("where", "attribute", "dark", "light"),
    [
        ("documentElement", "data-theme", "dark", "light"),
        ("body", "data-md-color-scheme", "slate", "default"),
        ("body", "data-theme", "dark", "light"),
    ],
)
def test_the_colours_follow_the_page_around(
    page: Page, folder: Path, where: str, attribute: str, dark: str, light: str
) -> None:
    page.emulate_media(color_scheme="light")
    show(page, folder, ONE)
    ready(page)
    ground = f"getComputedStyle({MODEL}.shadowRoot.querySelector('.frame')).backgroundColor"
    white = page.evaluate(ground)
    page.evaluate(f"document.{where}.setAttribute('{attribute}', '{dark}')")
    black = until(page, f"{ground} !== '{white}' && {ground}")
    page.emulate_media(color_scheme="dark")
    page.evaluate(f"document.{where}.setAttribute('{attribute}', '{light}')")
    until(page, f"{ground} === '{white}'")
    page.evaluate(f"document.{where}.removeAttribute('{attribute}')")
    until(page, f"{ground} === '{black}'")
    page.evaluate(f"{MODEL}.setAttribute('theme', 'light')")
    until(page, f"{ground} === '{white}'")


def test_attributes_can_change_at_any_time(page: Page, folder: Path) -> None:
    show(page, folder, ONE)
    ready(page)
    page.evaluate(f"{MODEL}.setAttribute('params', 'rate=0.5')")
    until(page, f"Math.abs({MODEL}.series('Level').at(-1) / {level(0.5)} - 1) < 1e-12")
    page.evaluate(f"{MODEL}.setAttribute('plots', 'growth')")
    until(page, f"{MODEL}.getState().plots[0][0] === 'growth'")
    page.evaluate(f"{MODEL}.setAttribute('height', '500')")
    until(page, f"{MODEL}.offsetHeight === 500")
    page.evaluate(f"{MODEL}.setAttribute('src', 'teacup.json')")
    until(page, f"{MODEL}.bundle?.document.name === 'Teacup' && {MODEL}.stage.is === 'ready'")


def test_a_moved_element_keeps_its_model_and_a_removed_one_starts_again_with_its_values(
    page: Page, folder: Path
) -> None:
    show(page, folder, f'<div id="a">{ONE}</div><div id="b"></div>')
    ready(page)
    page.evaluate(f"{MODEL}.setParams({{ rate: 0.4 }})")
    until(page, f"{MODEL}.getState().params.rate === 0.4")
    page.evaluate(f"(window.bench = {MODEL}.bench, document.querySelector('#b').append({MODEL}))")
    page.wait_for_timeout(100)
    assert page.evaluate(f"{MODEL}.bench === window.bench")
    page.evaluate(f"(window.kept = {MODEL}).remove()")
    page.wait_for_timeout(50)
    assert page.evaluate("kept.bench") is None
    page.evaluate("document.querySelector('#a').append(kept)")
    ready(page)
    assert last(page) == pytest.approx(level(0.4), rel=1e-14)


def test_removed_elements_leave_no_listeners_and_no_memory_behind(page: Page, folder: Path) -> None:
    show(page, folder, '<div id="place"></div>')
    session = page.context.new_cdp_session(page)

    def counted() -> dict[str, float]:
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
            page.wait_for_timeout(50)
        rows = session.send("Performance.getMetrics")["metrics"]
        return {row["name"]: row["value"] for row in rows}

    def round_trip(times: int) -> None:
        page.evaluate(
            """async times => {
                for (let n = 0; n < times; n++) {
                    place.innerHTML = '<penstock-model src="predator-prey.json" loading="eager"></penstock-model>';
                    await place.firstChild.ready;
                    place.replaceChildren();
                    await new Promise(done => setTimeout(done, 30));
                }
            }""",
            times,
        )

    session.send("Performance.enable")
    round_trip(3)
    before = counted()
    round_trip(10)
    after = counted()
    assert after["JSEventListeners"] - before["JSEventListeners"] < 20
    assert after["Nodes"] - before["Nodes"] < 400  # one diagram alone has more
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 1.5e6
    assert page.workers == []


def test_a_script_that_comes_twice_defines_the_element_once(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        ONE,
        head='<script src="penstock-embed.classic.js" defer></script>'
        '<script type="module" src="penstock-embed.js?again"></script>',
    )
    ready(page)
    assert last(page) == pytest.approx(level(0.1), rel=1e-14)


def test_loading_waits_for_a_click_or_until_it_is_near(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        f'<penstock-model id="click" src="growth.json" loading="click">{POSTER}</penstock-model>'
        f'<p>{"Prose. " * 9000}</p><penstock-model id="far" src="growth.json"></penstock-model>',
    )
    start = page.get_by_test_id("start")
    start.wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector('#far').stage.is") == "waiting"
    assert page.locator("img").is_visible()
    start.click()
    until(page, "document.querySelector('#click').stage.is === 'ready'")
    page.evaluate("document.querySelector('#far').scrollIntoView()")
    until(page, "document.querySelector('#far').stage.is === 'ready'")


def test_where_no_worker_is_allowed_the_page_itself_runs_the_model(
    page: Page, folder: Path, expected_errors: list[str]
) -> None:
    expected_errors.append("worker-src")
    show(
        page,
        folder,
        ONE,
        policy="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
    )
    ready(page)
    assert last(page) == pytest.approx(level(0.1), rel=1e-14)
    assert page.workers == []
    page.evaluate(f"{MODEL}.setParams({{ rate: 0.2 }})")
    until(page, f"Math.abs({MODEL}.series('Level').at(-1) / {level(0.2)} - 1) < 1e-12")


def test_a_story_is_told_by_its_steps(page: Page, folder: Path) -> None:
    steps = [{"params": {"rate": 0.3}, "highlight": ["growth"], "t": 2}, {"params": {"rate": 0.6}}]
    child = f'<script type="application/json">{json.dumps({"steps": steps})}</script>'
    show(page, folder, f'<penstock-model src="growth.json" step="1">{child}</penstock-model>')
    ready(page)
    assert last(page) == pytest.approx(level(0.3), rel=1e-14)
    assert page.evaluate(f"{MODEL}.time") == 2
    assert page.evaluate(f"{MODEL}.bench.lifted.value") == "growth"
    page.evaluate(f"{MODEL}.setAttribute('step', '2')")
    until(page, f"Math.abs({MODEL}.series('Level').at(-1) / {level(0.6)} - 1) < 1e-12")
    assert page.evaluate(f"{MODEL}.bench.lifted.value") is None
