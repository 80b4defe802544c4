"""Undo takes back what changed the model or what is asked of it, step by step, and nothing else."""

import pytest
from playwright.sync_api import Page

from browser.reader import open_sample, page_at_start, replace_text, state, until

pytestmark = pytest.mark.browser


def test_a_drag_is_one_step_and_undo_gives_the_value_back(page: Page) -> None:
    open_sample(page)
    slider = page.locator('ps-slider input[type="range"]').first
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in range(1, 9):
        page.mouse.move(box["x"] + box["width"] * (0.5 + part / 40), box["y"] + box["height"] / 2)
        page.wait_for_timeout(20)
    page.mouse.up()
    now = until(page, lambda now: now["overrides"])
    assert now["steps"] == 1
    page.keyboard.press("ControlOrMeta+z")
    now = until(page, lambda now: not now["overrides"])
    assert now["redoes"] is not None
    page.keyboard.press("ControlOrMeta+Shift+Z")
    until(page, lambda now: now["overrides"])


def test_looking_around_is_no_step(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("time-bar").press("PageUp")
    page.locator("ps-diagram .stage").hover()
    page.mouse.wheel(40, 60)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    page.locator("ps-diagram .zoom button").first.click()
    page.locator('ps-diagram .symbol[data-name="Infected"] .knob').click(force=True)
    page.get_by_test_id("theme").click()
    assert state(page)["steps"] == 0


def test_curves_values_and_text_come_back_in_the_order_they_were_changed(page: Page) -> None:
    open_sample(page)
    before = state(page)
    page.locator('ps-slider input[type="range"]').first.press("ArrowRight")
    page.get_by_test_id("tab-variables").click()
    page.locator('ps-variables tr[data-name="infection"]').get_by_test_id("plot").click()
    replace_text(page, "recovery time = 5", "recovery time = 7")
    until(page, lambda now: now["values"].get("recovery time") == 7 and not now["compiling"])
    assert state(page)["steps"] == 3
    page.get_by_test_id("undo").click()
    until(page, lambda now: now["values"].get("recovery time") == 5 and not now["compiling"])
    assert "infection" in state(page)["plotted"]
    page.get_by_test_id("undo").click()
    assert state(page)["plotted"] == before["plotted"]
    page.get_by_test_id("undo").click()
    now = until(page, lambda now: not now["overrides"])
    assert now["undoes"] is None
    assert now["text"] == before["text"]


def test_a_value_that_an_edit_dropped_comes_back_with_its_undo(page: Page) -> None:
    open_sample(page)
    page.locator('ps-slider input[type="range"]').first.press("ArrowRight")
    moved = until(page, lambda now: now["overrides"])["overrides"]
    replace_text(page, "contact rate = 6", "contact rate = 9")
    until(page, lambda now: not now["overrides"] and not now["compiling"])
    page.get_by_test_id("undo").click()
    until(page, lambda now: now["overrides"] == moved and not now["compiling"])


def test_steps_outlive_a_reload(page: Page) -> None:
    page_at_start(page)
    page.locator('ps-slider input[type="range"]').first.press("ArrowRight")
    replace_text(page, "recovery time = 5", "recovery time = 7")
    now = until(page, lambda now: now["values"].get("recovery time") == 7 and now["saved"] == "saved")
    page.wait_for_timeout(600)
    page.reload()
    again = until(page, lambda now: now["phase"] == "ready" and now["values"].get("recovery time") == 7)
    assert (again["steps"], again["overrides"]) == (now["steps"], now["overrides"])
    page.get_by_test_id("undo").click()
    until(page, lambda now: now["values"].get("recovery time") == 5)
    page.get_by_test_id("undo").click()
    until(page, lambda now: not now["overrides"])


def test_two_hundred_steps_are_kept(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("tab-variables").click()
    page.locator("ps-variables").evaluate(
        "list => { const box = list.shadowRoot.querySelector('[data-testid=plot][data-name=infection]');"
        " for (let at = 0; at < 230; at++) box.click(); }"
    )
    now = state(page)
    assert now["steps"] == 200
    assert "infection" not in now["plotted"]
