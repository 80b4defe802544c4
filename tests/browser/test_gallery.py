"""The start page: samples that show what they do, and the ways in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from browser.reader import SMALL, open_sample, packed, serious, until

pytestmark = pytest.mark.browser


def moving(page: Page) -> bool:
    cursor = page.locator("ps-card-picture").first.locator(".cursor")
    before = cursor.evaluate("line => line.style.transform")
    page.wait_for_timeout(300)
    return before != cursor.evaluate("line => line.style.transform")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_first_cards_move_unless_the_reader_wants_less_motion(page: Page, motion: str) -> None:
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    open_sample(page)
    page.get_by_test_id("gallery").click()
    page.locator("ps-card-picture .cursor").first.wait_for()
    assert moving(page) == (motion == "no-preference")
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_test_id("empty").wait_for(state="detached")
    assert until(page, lambda now: now["phase"] == "ready")["title"] == "SIR epidemic"


def test_a_card_opens_its_sample_and_a_pasted_link_its_model(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("gallery").click()
    page.get_by_test_id("card-fishery").click()
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Fishery")
    page.get_by_test_id("gallery").click()
    link = page.get_by_test_id("paste-link")
    link.fill("https://example.test/penstock/#m=***")
    link.press("Enter")
    page.get_by_test_id("empty").get_by_test_id("notice").wait_for()
    link.fill(f"https://example.test/penstock/#m={packed({'v': 1, 'name': 'a.pen', 'text': SMALL})}")
    link.press("Enter")
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Growth")
