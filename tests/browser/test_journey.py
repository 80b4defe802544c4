"""A new user: from the first paint of a sample to a model of one's own, kept, shared and opened elsewhere.

With $PENSTOCK_PICTURES, a folder, each step leaves a picture there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from browser.reader import editor, series, serious, state, until

pytestmark = pytest.mark.browser

OWN = """model Bathtub
time 0 to 20 by 0.25 {minute}

stock Water = 50 {litre}
  in filling
  out draining
flow filling = tap {litre/minute}
flow draining = Water / drain time {litre/minute}
const tap = 8 {litre/minute} slider 0 to 20
const drain time = 10 {minute} slider 1 to 30
"""


def look(page: Page, step: str) -> None:
    page.wait_for_timeout(300)
    if folder := os.environ.get("PENSTOCK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{step}.png")
    assert serious(page) == [], step


def drag(page: Page, name: str, share: float) -> None:
    slider = page.get_by_test_id("slider").and_(page.locator(f'[data-name="{name}"]'))
    box: Any = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * share, y, steps=8)


def test_from_the_first_sample_to_a_model_of_ones_own_that_somebody_else_opens(
    browser: Browser, site: str
) -> None:
    seen: list[str] = []
    with browser.new_context(base_url=site, service_workers="block") as context:
        context.on("weberror", lambda event: seen.append(event.error.message))
        page = context.new_page()
        page.goto("")
        # A model runs before anything is asked for, and answers before Python is there.
        until(page, lambda now: now["phase"] == "ready", patience=20)
        look(page, "1-first-paint")
        before = series(page, "Infected")
        drag(page, "contact rate", 0.75)
        until(page, lambda now: series(page, "Infected") != before)
        look(page, "2-dragging")
        page.mouse.up()
        page.get_by_test_id("time-bar").press("PageUp")
        look(page, "3-another-time")

        # A model of one's own, typed; a slip is put right by a press.
        page.get_by_test_id("models").click()
        page.get_by_test_id("new-model").click()
        until(page, lambda now: now["phase"] == "ready" and now["title"] == "Untitled")
        editor(page).click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(OWN.replace("Water / drain", "Watr / drain"))
        until(page, lambda now: now["problems"])
        look(page, "4-a-slip")
        page.get_by_test_id("fix").click()
        now = until(page, lambda now: now["title"] == "Bathtub" and not now["problems"])
        assert now["text"] == OWN
        page.get_by_test_id("toggle-text").click()
        # A stock that is filled at 8 and emptied by a tenth goes to 80; Euler by hand gives the second row.
        water = series(page, "Water")
        assert water[:2] == [50, 50 + 0.25 * (8 - 50 / 10)]
        assert 70 < water[-1] < 80
        look(page, "5-own-model")

        # It is kept.
        drag(page, "tap", 0.8)
        page.mouse.up()
        now = until(page, lambda now: now["overrides"].get("tap", 0) > 15 and now["saved"] == "saved")
        tap = now["overrides"]["tap"]
        until(page, lambda now: series(page, "filling")[0] == tap)
        water = series(page, "Water")
        page.wait_for_timeout(800)  # steps are written once the hand rests
        page.reload()
        until(page, lambda now: now["phase"] == "ready" and now["title"] == "Bathtub")
        until(page, lambda now: series(page, "Water") == water)
        look(page, "6-after-a-reload")

        # And shared.
        page.get_by_test_id("share").click()
        page.wait_for_timeout(300)
        link = page.get_by_test_id("link").input_value()
        look(page, "7-sharing")
        assert link.startswith(f"{site}#m=")

    with browser.new_context(service_workers="block", viewport={"width": 390, "height": 844}) as context:
        context.on("weberror", lambda event: seen.append(event.error.message))
        other = context.new_page()
        other.goto(link)
        now = until(other, lambda now: now["phase"] == "ready")
        assert (now["title"], now["text"], now["overrides"]) == ("Bathtub", OWN, {"tap": tap})
        assert series(other, "Water") == water
        look(other, "8-opened-elsewhere")
        assert state(other)["layout"] == "phone"
    assert seen == []
