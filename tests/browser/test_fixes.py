"""Errors that know what was meant are put right by one press; and texts whose lines end as on Windows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from browser.reader import (
    SMALL,
    editor,
    open_text,
    packed,
    page_at_start,
    replace_text,
    series,
    serious,
    until,
)

pytestmark = pytest.mark.browser


def small(page: Page, text: str = SMALL) -> None:
    open_text(page_at_start(page), text)
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")


def test_a_slip_is_put_right_by_one_press_and_undo_gives_it_back(page: Page) -> None:
    small(page)
    before = series(page, "Level")
    replace_text(page, "rate * Level", "rte * Level")
    until(page, lambda now: now["problems"])
    page.get_by_test_id("fix").click()
    now = until(page, lambda now: not now["problems"] and not now["compiling"])
    assert now["text"] == SMALL
    assert series(page, "Level") == before
    page.keyboard.press("Control+z")
    until(page, lambda now: "rte * Level" in now["text"])


def test_the_words_above_the_charts_offer_it_too(page: Page) -> None:
    small(page)
    replace_text(page, "rate * Level", "rte * Level")
    page.get_by_test_id("banner-fix").wait_for()
    assert serious(page) == []
    page.get_by_test_id("banner-fix").click()
    until(page, lambda now: not now["problems"] and now["text"] == SMALL)


def test_a_file_that_does_not_run_for_a_slip_is_put_right_where_it_is_opened(page: Page) -> None:
    open_text(page_at_start(page), SMALL.replace("rate * Level", "rate * Levl"))
    until(page, lambda now: now["phase"] == "broken")
    page.get_by_test_id("start-fix").click()
    now = until(page, lambda now: now["phase"] == "ready")
    assert now["text"] == SMALL


def test_an_equation_in_the_inspector_is_put_right(page: Page) -> None:
    small(page)
    page.locator('ps-diagram [data-name="growth"] .knob').first.click()
    field = page.get_by_test_id("equation-field").locator(".cm-content")
    field.wait_for()
    until(page, lambda now: now["python"] == "ready")
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("2 * rte * 3")
    page.get_by_test_id("fix").first.click()
    until(page, lambda now: "2 * rate * 3" in now["text"])


def test_marks_stand_where_the_error_is_in_a_text_that_comes_with_the_line_ends_of_windows(
    page: Page,
) -> None:
    text = SMALL.replace("rate * Level", "rte * Level")
    page.goto("#m=" + packed({"v": 1, "name": "model.pen", "text": text.replace("\n", "\r\n")}))
    until(page, lambda now: now["problems"])
    editor(page)
    page.locator(".cm-mark-error").wait_for()
    assert page.locator(".cm-mark-error").inner_text() == "rte"
    page.get_by_test_id("fix").click()
    now = until(page, lambda now: now["phase"] == "ready" and not now["problems"])
    assert now["text"] == SMALL
