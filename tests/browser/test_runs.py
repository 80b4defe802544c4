"""Runs beside each other: kept ones, forks, the table, and finding things by name."""

from __future__ import annotations

import math

import pytest
from playwright.sync_api import Locator, Page

from browser.reader import HOSTILE, SMALL, open_sample, open_text, series, serious, state, until

pytestmark = pytest.mark.browser

RATE = "contact rate"


def slider(page: Page, name: str) -> Locator:
    return page.get_by_test_id("slider").and_(page.locator(f'[data-name="{name}"]'))


def set_value(page: Page, name: str, value: float) -> None:
    field = page.get_by_test_id("slider-value").and_(page.locator(f'[data-name="{name}"]'))
    runs = state(page)["runs"]
    field.fill(str(value))
    field.press("Enter")
    until(page, lambda now: now["runs"] > runs)


def drawn(page: Page) -> str:
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.get_by_test_id("chart").first.locator("canvas").evaluate("canvas => canvas.toDataURL()")


def small(page: Page, text: str = SMALL) -> None:
    page.goto("")
    until(page, lambda now: now["phase"] == "ready")
    open_text(page, text)
    until(page, lambda now: now["phase"] == "ready" and now["file"] == "model.pen")


# Kept runs -------------------------------------------------------------------------------------------------


def test_a_run_is_kept_under_a_name_that_says_what_was_asked(page: Page) -> None:
    open_sample(page)
    set_value(page, RATE, 4.5)
    page.get_by_test_id("keep-run").click()
    set_value(page, RATE, 9)
    assert [pin["name"] for pin in state(page)["pinned"]] == ["Run 1: contact rate 4.5"]
    row = page.get_by_test_id("pinned")
    # The value at the cursor is the kept run's.
    now = row.locator(".value").inner_text()
    set_value(page, RATE, 4.5)
    assert f"{state(page)['values']['Susceptible']:,.0f}" == now
    set_value(page, RATE, 9)
    with_run = drawn(page)
    row.get_by_role("checkbox").uncheck()
    without = drawn(page)
    assert without != with_run
    row.get_by_role("checkbox").check()
    assert drawn(page) == with_run
    row.get_by_test_id("unpin").click()
    assert state(page)["pinned"] == []
    assert drawn(page) == without


def test_a_run_is_renamed_and_a_cancelled_or_empty_name_keeps_the_old_one(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("keep-run").click()
    name = page.get_by_test_id("run-name")
    name.fill(HOSTILE)
    name.press("Enter")
    assert state(page)["pinned"][0]["name"] == HOSTILE
    name.fill("something else")
    name.press("Escape")
    name.fill("  ")
    name.press("Enter")
    assert state(page)["pinned"][0]["name"] == HOSTILE
    assert name.input_value() == HOSTILE
    assert page.evaluate("window.hacked") is None


def test_at_most_six_runs_are_kept_and_numbers_are_not_used_twice(page: Page) -> None:
    open_sample(page)
    for value in (1, 2, 3, 4, 5, 7):
        set_value(page, RATE, value)
        page.get_by_test_id("keep-run").click()
    set_value(page, RATE, 8)
    page.get_by_test_id("keep-run").click()
    assert len(state(page)["pinned"]) == 6
    assert "6 runs are kept already" in page.get_by_test_id("notice").inner_text()
    page.get_by_test_id("unpin").nth(1).click()
    page.get_by_test_id("keep-run").click()
    assert [pin["number"] for pin in state(page)["pinned"]] == [1, 3, 4, 5, 6, 7]
    assert serious(page) == []


def test_the_ghost_is_kept_by_its_button_or_by_alt_and_a_click_on_the_chart(page: Page) -> None:
    open_sample(page)
    set_value(page, RATE, 4)
    page.get_by_test_id("keep-ghost").first.click()
    assert [pin["name"] for pin in state(page)["pinned"]] == ["Run 1: as the model says"]
    page.wait_for_timeout(1100)  # the next value is another gesture
    set_value(page, RATE, 5)
    page.get_by_test_id("chart").first.click(modifiers=["Alt"])
    assert [pin["name"] for pin in state(page)["pinned"]][1:] == ["Run 2: contact rate 4"]


# Forks -----------------------------------------------------------------------------------------------------


def test_a_fork_goes_on_from_the_cursor_with_other_values(page: Page) -> None:
    small(page)
    assert series(page, "Level")[0] == 100
    page.get_by_test_id("time-bar").press("Home")
    for _ in range(8):
        page.get_by_test_id("time-bar").press("ArrowRight")
    assert state(page)["time"] == 4
    before = series(page, "Level")
    page.get_by_test_id("branch").click()
    set_value(page, "rate", 0.4)
    assert state(page)["branch"] == 4
    forked = series(page, "Level")
    # Euler by hand: 8 steps of half a year at 10 %, then 12 at 40 %.
    expected = [100 * 1.05**row if row <= 8 else 100 * 1.05**8 * 1.2 ** (row - 8) for row in range(21)]
    assert forked[:9] == before[:9]
    assert all(math.isclose(a, b, rel_tol=1e-12) for a, b in zip(forked, expected, strict=True))
    assert series(page, "rate")[:8] == [0.1] * 8
    assert series(page, "rate")[-1] == 0.4
    assert state(page)["ghost"]
    page.get_by_test_id("keep-run").click()
    assert state(page)["pinned"][0]["name"] == "Run 1: rate 0.4, from 4.0 on"
    page.get_by_test_id("engine-both").check()
    assert (
        until(page, lambda now: now["verdict"]["state"] not in ("waiting", "none"))["verdict"]["state"]
        == "same"
    )
    assert serious(page) == []
    page.get_by_test_id("end-branch").click()
    until(page, lambda now: now["branch"] is None and now["overrides"] == {})
    until(page, lambda now: series(page, "Level") == before)


def test_a_fork_keeps_the_values_that_its_trunk_had(page: Page) -> None:
    small(page)
    set_value(page, "rate", 0.2)
    page.get_by_test_id("time-bar").press("Home")
    for _ in range(4):
        page.get_by_test_id("time-bar").press("ArrowRight")
    page.get_by_test_id("branch").click()
    set_value(page, "rate", 0.1)  # the model's own: still a change from here on
    expected = [100 * 1.1**row if row <= 4 else 100 * 1.1**4 * 1.05 ** (row - 4) for row in range(21)]
    assert all(
        math.isclose(a, b, rel_tol=1e-12) for a, b in zip(series(page, "Level"), expected, strict=True)
    )


def test_a_fork_travels_in_a_link(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("branch").click()
    set_value(page, RATE, 3)
    infected, time = series(page, "Infected"), state(page)["branch"]
    page.get_by_test_id("share").click()
    page.wait_for_timeout(300)
    link = page.get_by_test_id("link").input_value()
    page.goto("about:blank")
    page.goto(link)
    until(page, lambda now: now["phase"] == "ready")
    assert state(page)["branch"] == time
    assert series(page, "Infected") == infected


# The table and CSV -----------------------------------------------------------------------------------------


def test_the_table_holds_only_the_rows_in_view_and_follows_the_cursor(page: Page) -> None:
    small(page, SMALL.replace("time 0 to 10 by 0.5", "time 0 to 5000 by 0.5").replace("= 0.1 ", "= 0.0001 "))
    page.get_by_test_id("table").click()
    table = page.get_by_test_id("run-table")
    table.wait_for()
    assert table.get_attribute("aria-rowcount") == "10002"
    assert table.locator("tr").count() < 80
    page.get_by_test_id("time-bar").press("End")
    here = table.locator("tr.here")
    here.wait_for()
    page.wait_for_timeout(200)
    assert here.locator("th").inner_text() == "5000.0"
    assert table.locator("tr").count() < 80
    rows = table.locator("tbody tr:not(.gap)")
    rows.nth(rows.count() - 10).click()
    assert 4900 < state(page)["time"] < 5000
    assert serious(page) == []


def test_the_run_is_copied_as_csv(page: Page) -> None:
    small(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("copy-csv").press("Enter")
    page.get_by_test_id("copy-csv").get_by_text("Copied").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(lines) == 22
    assert lines[0].split(",")[0] == "time"


# Finding ---------------------------------------------------------------------------------------------------


def find(page: Page, text: str) -> Locator:
    page.keyboard.press("Control+k")
    field = page.get_by_test_id("find-field")
    field.wait_for()
    field.fill(text)
    return page.get_by_test_id("find-result")


def test_a_variable_a_command_and_a_sample_are_found_by_some_letters(page: Page) -> None:
    open_sample(page)
    results = find(page, "infcted")
    assert results.first.locator("span").first.inner_text() == "Infected"
    assert page.get_by_test_id("find-field").get_attribute("aria-activedescendant") == "result-0"
    assert serious(page) == []
    page.keyboard.press("Enter")
    assert until(page, lambda now: now["selected"] == "Infected")
    page.keyboard.press("Escape")
    find(page, "infec")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    until(page, lambda now: "infection" in now["plotted"])
    find(page, "teacup")
    page.keyboard.press("Enter")
    until(page, lambda now: now["title"] == "Teacup")
    find(page, "colours dark")
    page.keyboard.press("Enter")
    assert state(page)["theme"] == "dark"
    results = find(page, "zzzz")
    assert results.count() == 0
    page.keyboard.press("Escape")
    page.get_by_test_id("find-panel").wait_for(state="detached")


# Constants and long runs -----------------------------------------------------------------------------------


def test_the_authors_sliders_come_first_and_the_rest_is_found_by_name(page: Page) -> None:
    text = SMALL + "".join(f"const extra number {at} = {at + 1}\n" for at in range(200))
    small(page, text)
    assert page.get_by_test_id("slider").count() == 1
    more = page.get_by_test_id("more-constants")
    assert "More constants (200)" in more.locator("summary").inner_text()
    more.locator("summary").click()
    page.get_by_test_id("constant-filter").wait_for()
    assert page.get_by_test_id("slider").count() == 61
    page.get_by_test_id("constant-filter").fill("number 137")
    slider(page, "extra number 137").press("ArrowRight")
    until(page, lambda now: "extra number 137" in now["overrides"])
    assert "1 changed" in more.locator("summary").inner_text()


def test_a_run_that_takes_long_shows_it_and_can_be_given_up(page: Page) -> None:
    small(
        page,
        SMALL.replace("time 0 to 10 by 0.5 {year}", "time 0 to stop by 0.5 {year} save every 1000")
        + "const stop = 10\n",
    )
    page.get_by_test_id("more-constants").locator("summary").click()
    field = page.get_by_test_id("slider-value").and_(page.locator('[data-name="stop"]'))
    field.fill("400000000")
    field.press("Enter")
    page.get_by_test_id("progress").wait_for()
    page.get_by_test_id("cancel-run").click()
    now = until(page, lambda now: now["overrides"] == {})
    assert now["problems"] == []
    page.get_by_test_id("progress").wait_for(state="detached")
    set_value(page, "rate", 0.2)  # the runner takes the next question
