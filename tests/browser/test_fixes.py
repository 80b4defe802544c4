"""Errors that know what was meant are put right by one press; and texts whose lines end as on Windows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from browser.reader import (
    SMALL,
    editor,
    open_text,
    page_at_start,
    replace_text,
    series,
    serious,
    state,
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
    page.keyboard.type("2 * rte * Level ")
    page.get_by_test_id("fix").first.click()
    now = until(page, lambda now: "2 * rate * Level" in now["text"])
    assert now["problems"] == []


WINDOWS = SMALL.replace("\n", "\r\n")


def test_marks_stand_where_the_error_is_in_a_text_of_windows(page: Page) -> None:
    small(page, WINDOWS)
    replace_text(page, "rate * Level", "rte * Level")
    until(page, lambda now: now["problems"])
    assert page.locator(".cm-mark-error").inner_text() == "rte"
    page.get_by_test_id("problem").first.click()
    page.wait_for_timeout(200)
    page.keyboard.insert_text("rate")
    now = until(page, lambda now: not now["problems"] and not now["compiling"])
    assert now["text"] == WINDOWS


def test_an_edit_leaves_the_ends_of_all_other_lines_as_they_are(page: Page) -> None:
    mixed = SMALL.replace("\n", "\r\n", 3)
    small(page, mixed)
    editor(page).click()
    replace_text(page, "rate = 0.1", "rate = 0.2")
    until(page, lambda now: "0.2" in now["text"])
    assert state(page)["text"] == mixed.replace("rate = 0.1", "rate = 0.2")
    replace_text(page, "stock Level = 100", "stock Level = 90")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("  # new")
    now = until(page, lambda now: "# new" in now["text"])
    assert "stock Level = 90 {unit}\r\n" in now["text"]
    assert now["text"].count("\r\n") == 4
