"""The live diagram: it shows the moment under the cursor, and is walked by keys."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from browser.reader import HOSTILE, SMALL, open_sample, open_text, series, state, until


def symbol(page: Page, name: str) -> Locator:
    return page.locator(f'ps-diagram .symbol[data-name="{name}"]:not(.alias)')


def knob(page: Page, name: str) -> Locator:
    """The part of a symbol that takes the focus."""
    return symbol(page, name).locator(".knob")


def frame(page: Page) -> None:
    """Waits until what changed has been painted."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def number(part: Locator, name: str) -> float:
    found = part.get_attribute(name)
    assert found is not None
    return float(found)


def at_start(page: Page, name: str = "sir") -> dict[str, Any]:
    now = open_sample(page, name)
    symbol(page, now["plotted"][0]).wait_for()
    frame(page)
    return now


def test_a_stock_is_filled_as_far_as_its_value_is_of_its_largest(page: Page) -> None:
    at_start(page)
    bar = page.get_by_test_id("time-bar")
    for key in ("Home", "PageUp", "PageUp", "End"):
        bar.press(key)
        frame(page)
        row = state(page)["row"]
        for name in ("Susceptible", "Infected", "Recovered"):
            values = series(page, name)
            stock = symbol(page, name)
            height = number(stock.locator(".box").last, "height")
            assert number(stock.locator(".fill"), "height") == pytest.approx(
                height * values[row] / max(values), abs=1e-6
            )


def test_a_pipe_is_as_full_as_its_rate_is_of_its_largest(page: Page) -> None:
    at_start(page)
    values = series(page, "infection")
    page.get_by_test_id("time-bar").press("PageUp")
    frame(page)
    share = values[state(page)["row"]] / max(values)
    pipe = page.locator(f'[data-pipe="{symbol(page, "infection").get_attribute("data-id")}"]')
    assert number(pipe.locator(".fluid"), "stroke-width") == pytest.approx(1 + 5 * share, abs=0.01)


def test_a_negative_rate_turns_the_head_of_its_pipe(page: Page) -> None:
    open_text(page_with(page), SMALL.replace("rate * Level", "(3 - Time) * Level / 10"))
    until(page, lambda now: now["phase"] == "ready" and "growth" in now["values"])
    pipe = page.locator(f'[data-pipe="{symbol(page, "growth").get_attribute("data-id")}"]')
    bar = page.get_by_test_id("time-bar")
    for key, ahead in (("Home", "visible"), ("End", "hidden")):
        bar.press(key)
        frame(page)
        assert pipe.locator(".ahead").get_attribute("visibility") == ahead
        assert pipe.locator(".back").get_attribute("visibility") != ahead


def page_with(page: Page) -> Page:
    at_start(page)
    return page


def test_the_level_before_the_gesture_is_marked_while_a_slider_moves(page: Page) -> None:
    at_start(page)
    tick = symbol(page, "Infected").locator(".tick")
    assert tick.get_attribute("visibility") == "hidden"
    page.get_by_test_id("slider").first.press("ArrowRight")
    until(page, lambda now: now["runs"] > 1)
    frame(page)
    assert tick.get_attribute("visibility") == "visible"


def test_the_diagram_is_walked_along_its_links_by_keys(page: Page) -> None:
    at_start(page)
    knob(page, "contact rate").focus()
    walked = page.evaluate(FOCUSED)
    assert walked.startswith("contact rate, constant, 6")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED).startswith("infection, flow, ")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED).startswith("Infected, stock, ")
    assert "at day 15.0" in page.evaluate(FOCUSED)
    assert "1 inflow, 1 outflow" in page.evaluate(FOCUSED)
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(FOCUSED).split(",")[0] in ("infection", "first cases")


FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? "";
}"""


def test_every_symbol_is_reached_by_going_down_once_around(page: Page) -> None:
    at_start(page)
    page.locator("ps-diagram .knob[tabindex='0']").focus()
    seen = set()
    count = page.locator("ps-diagram .knob[role=button]").count()
    for _ in range(count):
        seen.add(page.evaluate(FOCUSED).split(",")[0])
        page.keyboard.press("ArrowDown")
    assert len(seen) == count
    assert page.locator("ps-diagram .knob[tabindex='0']").count() == 1


def test_what_is_chosen_stands_out_with_its_neighbours(page: Page) -> None:
    at_start(page)
    knob(page, "contact rate").focus()
    page.keyboard.press("Enter")
    frame(page)
    assert knob(page, "contact rate").get_attribute("aria-pressed") == "true"
    assert page.locator("ps-diagram .arrow.lifted").count() == 1
    page.keyboard.press("Escape")
    frame(page)
    assert page.locator("ps-diagram .arrow.lifted").count() == 0


def test_a_click_chooses_and_a_drag_moves_the_diagram(page: Page) -> None:
    at_start(page)
    box = symbol(page, "Infected").locator(".box").last.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    frame(page)
    assert knob(page, "Infected").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    frame(page)
    before = page.locator("ps-diagram .world").get_attribute("transform")
    page.mouse.move(x, y + 120)
    page.mouse.down()
    page.mouse.move(x + 50, y + 150, steps=5)
    page.mouse.up()
    assert page.locator("ps-diagram .world").get_attribute("transform") != before
    assert knob(page, "Infected").get_attribute("aria-pressed") == "false"


def test_keys_and_buttons_set_the_size_and_names_keep_theirs(page: Page) -> None:
    at_start(page)
    name = symbol(page, "Infected").locator(".name")
    before = name.evaluate("element => element.getBoundingClientRect().height")
    for _ in range(3):
        page.get_by_role("button", name="Larger").click()
    shown = page.get_by_test_id("zoom").inner_text()
    assert int(shown.rstrip("%")) > 160
    after = name.evaluate("element => element.getBoundingClientRect().height")
    assert after == pytest.approx(before, rel=0.02)
    knob(page, "Infected").focus()
    page.keyboard.press("0")
    assert int(page.get_by_test_id("zoom").inner_text().rstrip("%")) <= 160


def test_a_name_that_looks_like_markup_is_drawn_as_text(page: Page) -> None:
    open_text(page_with(page), SMALL.replace("rate", f"`{HOSTILE}`"))
    until(page, lambda now: HOSTILE in now["values"])
    page.locator("ps-diagram .name", has_text="<img").wait_for()
    assert page.evaluate("window.hacked") is None
    assert page.locator("ps-diagram img").count() == 0


def test_an_edited_model_gets_its_diagram_from_python(page: Page) -> None:
    open_text(page_with(page), SMALL)
    symbol(page, "Level").wait_for(timeout=60_000)
    assert page.locator("ps-diagram .symbol.cloud").count() == 1
