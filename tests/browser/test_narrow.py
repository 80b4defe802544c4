"""Where there is little room: the sheet of a phone and the icons at the side of a narrow page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from browser.reader import page_at_start, serious, state, until

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def phone(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page_at_start(page)
    page.get_by_test_id("grip").wait_for()


def place(found: Locator) -> dict[str, float]:
    box = found.bounding_box()
    assert box
    return {
        "x": box["x"],
        "y": box["y"],
        "width": box["width"],
        "height": box["height"],
        "bottom": box["y"] + box["height"],
    }


def height(page: Page, part: str) -> float:
    return place(page.locator(part))["height"]


def pull(page: Page, by: float, rest: bool = True) -> None:
    """Drags the sheet's edge down by so many pixels; at `rest` the hand stops before it lets go."""
    page.wait_for_timeout(300)  # it glides to its place
    box = place(page.get_by_test_id("grip"))
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by, steps=6)
    if rest:
        page.wait_for_timeout(200)
    page.mouse.up()


def test_the_sheet_takes_three_heights_by_keys_and_the_chart_stays(page: Page) -> None:
    phone(page)
    grip = page.get_by_test_id("grip")
    seen: dict[str, float] = {}
    for key, name in (("Home", "low"), ("ArrowUp", "half"), ("End", "full")):
        grip.press(key)
        assert state(page)["sheet"] == name
        assert grip.get_attribute("aria-valuenow") == str(len(seen))
        seen[name] = height(page, ".rail")
        assert height(page, "ps-charts") >= 180
    assert seen["low"] < 80 < 200 < seen["half"] < 260 < 500 < seen["full"]
    # At its highest, what makes room is the diagram, and a slider can be moved in sight of the chart.
    assert not page.locator("ps-diagram").is_visible()
    assert place(page.locator("ps-charts"))["bottom"] <= place(page.get_by_test_id("slider").last)["y"]
    grip.press("ArrowDown")
    assert page.locator("ps-diagram").is_visible()


def test_the_sheet_is_pulled_and_goes_to_the_height_that_is_nearest(page: Page) -> None:
    phone(page)
    pull(page, -40)
    assert state(page)["sheet"] == "half"
    pull(page, -200)
    assert state(page)["sheet"] == "full"
    pull(page, 2000)
    assert state(page)["sheet"] == "low"
    pull(page, -150)
    assert state(page)["sheet"] == "half"


def test_the_sheet_follows_the_hand_without_a_new_layout(page: Page) -> None:
    phone(page)
    box, before = place(page.get_by_test_id("grip")), place(page.locator(".rail"))
    chart = height(page, "ps-charts")
    page.mouse.move(box["x"] + 50, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] - 63, steps=5)
    assert place(page.locator(".rail"))["y"] == before["y"] - 73
    assert height(page, "ps-charts") == chart
    page.mouse.up()


def test_a_press_and_the_button_step_the_sheet_upward_and_then_lay_it_down(page: Page) -> None:
    phone(page)
    button = page.get_by_test_id("sheet-size")
    for expected in ("full", "low", "half"):
        button.click()
        assert state(page)["sheet"] == expected
    pull(page, 0)
    assert state(page)["sheet"] == "full"


def test_the_sheet_glides_unless_the_reader_wants_less_motion(page: Page) -> None:
    gliding = (
        "document.querySelector('penstock-model').shadowRoot.querySelector('.rail').getAnimations().length"
    )
    in_two_frames = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    phone(page)
    for motion, count in (("no-preference", 1), ("reduce", 0)):
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        page.wait_for_timeout(300)
        page.get_by_test_id("sheet-size").click()
        page.evaluate(in_two_frames)
        assert page.evaluate(gliding) == count


def test_a_tab_opens_the_sheet_and_the_text_gets_the_most_room(page: Page) -> None:
    phone(page)
    page.get_by_test_id("grip").press("Home")
    assert not page.get_by_test_id("slider").first.is_visible()
    page.get_by_test_id("tab-controls").click()
    assert state(page)["sheet"] == "half"
    assert page.get_by_test_id("slider").first.is_visible()
    page.get_by_test_id("tab-text").click()
    assert state(page)["sheet"] == "full"
    page.get_by_test_id("editor").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_at_any_height_of_the_sheet(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    phone(page)
    for key in ("Home", "ArrowUp", "End"):
        page.get_by_test_id("grip").press(key)
        page.wait_for_timeout(300)
        assert serious(page) == []


def test_a_narrow_page_keeps_its_controls_behind_icons_and_remembers_them_open(page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 700})
    page_at_start(page)
    slider, icon = page.get_by_test_id("slider").first, page.get_by_test_id("tab-controls")
    assert not slider.is_visible()
    assert place(page.locator("ps-diagram"))["x"] <= 65
    icon.click()
    assert slider.is_visible()
    assert icon.get_attribute("aria-selected") == "true"
    page.reload()
    until(page, lambda now: now["phase"] == "ready")
    assert slider.is_visible()
    icon.click()
    assert not slider.is_visible()
    assert icon.get_attribute("aria-selected") == "false"
    page.get_by_test_id("tab-variables").press("Enter")
    page.get_by_test_id("values").wait_for()


def test_the_charts_lie_below_the_diagram_on_a_narrow_page(page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 700})
    page_at_start(page)
    diagram, charts = place(page.locator("ps-diagram")), place(page.locator("ps-charts"))
    assert diagram["bottom"] <= charts["y"] + 1
    assert diagram["x"] == charts["x"]
