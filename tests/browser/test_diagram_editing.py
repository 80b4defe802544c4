"""Editing in the diagram: by pointer and by keys, each edit a step that undo takes back and a change of the text."""

import pytest
from playwright.sync_api import Page

from browser.reader import open_sample, open_text, serious, state, until
from browser.test_diagram import knob, symbol

pytestmark = pytest.mark.browser

TABLED = """model Tabled
time 0 to 10 by 1
stock Level = 10
  in filling
flow filling = effect(Level)  # less when it is full
lookup effect = (0, 8) (50, 4) (100, 0)
"""


def at_work(page: Page) -> str:
    """A sample with its tools there; returns its text."""
    open_sample(page)
    page.get_by_test_id("tool-select").wait_for(timeout=60_000)
    return state(page)["text"]


def middle(page: Page, name: str) -> tuple[float, float]:
    box = knob(page, name).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=3)
    page.mouse.move(*end, steps=3)
    page.mouse.up()


def called(page: Page, name: str) -> None:
    page.get_by_test_id("symbol-name").fill(name)
    page.keyboard.press("Enter")


def test_a_stock_is_added_where_the_click_was_and_undo_takes_it_away(page: Page) -> None:
    before = at_work(page)
    page.get_by_test_id("tool-stock").click()
    box = page.locator("ps-diagram").bounding_box()
    assert box is not None
    place = box["x"] + 120, box["y"] + box["height"] - 120
    page.mouse.click(*place)
    called(page, "Dead")
    until(page, lambda now: now["values"].get("Dead") == 0 and not now["compiling"])
    symbol(page, "Dead").wait_for()
    at = next(line for line in state(page)["text"].split("\n") if line.startswith("  stock Dead ("))
    across, down = (float(part) for part in at.split("(")[1].rstrip(")").split(", "))
    assert across % 8 == down % 8 == 0
    assert (state(page)["steps"], state(page)["selected"]) == (1, "Dead")
    page.get_by_test_id("undo").click()
    assert state(page)["text"] == before


def test_a_flow_is_drawn_from_stock_to_stock(page: Page) -> None:
    at_work(page)
    page.get_by_test_id("tool-flow").click()
    drag(page, middle(page, "Infected"), middle(page, "Susceptible"))
    called(page, "recovering at once")
    now = until(page, lambda now: "recovering at once" in now["values"] and not now["compiling"])
    assert "out recovery, recovering at once" in now["text"]
    assert "in waning, recovering at once" in now["text"]


def test_a_flow_to_the_outside_is_drawn_by_keys(page: Page) -> None:
    at_work(page)
    knob(page, "Infected").focus()
    for key in ("f", "Enter", "Space"):
        page.keyboard.press(key)
    called(page, "dying")
    now = until(page, lambda now: "dying" in now["values"] and not now["compiling"])
    assert "out recovery, dying" in now["text"]


def test_a_renamed_variable_keeps_its_uses_its_curve_and_its_colour(page: Page) -> None:
    before = at_work(page)
    plotted = state(page)["plotted"]
    knob(page, "Infected").focus()
    page.keyboard.press("F2")
    called(page, "Ill")
    now = until(page, lambda now: "Ill" in now["plotted"] and not now["compiling"])
    assert now["text"] == before.replace("Infected", "Ill")
    assert now["plotted"] == ["Ill" if name == "Infected" else name for name in plotted]
    page.get_by_test_id("undo").click()
    until(page, lambda now: now["text"] == before and now["plotted"] == plotted)


def test_a_cancelled_or_refused_name_changes_nothing(page: Page) -> None:
    before = at_work(page)
    knob(page, "Infected").focus()
    page.keyboard.press("F2")
    page.get_by_test_id("symbol-name").fill("")
    page.keyboard.press("Escape")
    page.get_by_test_id("symbol-name").wait_for(state="detached")
    page.keyboard.press("F2")
    page.get_by_test_id("symbol-name").fill("Recovered")
    page.keyboard.press("Enter")
    page.locator("ps-diagram-tools [role=alert]").wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    page.get_by_test_id("tool-stock").click()
    page.keyboard.press("Escape")
    now = state(page)
    assert (now["text"], now["steps"]) == (before, 0)


def test_what_uses_a_variable_is_named_before_it_is_deleted(page: Page) -> None:
    before = at_work(page)
    knob(page, "prevalence").focus()
    page.keyboard.press("Delete")
    question = page.get_by_test_id("delete-question")
    question.wait_for(timeout=60_000)
    assert "infection uses prevalence" in question.inner_text()
    assert serious(page) == []
    page.keyboard.press("Escape")
    assert state(page)["text"] == before
    knob(page, "prevalence").focus()
    page.keyboard.press("Delete")
    page.get_by_test_id("delete-sure").click(timeout=60_000)
    until(page, lambda now: now["problems"])
    page.get_by_test_id("undo").click()
    until(page, lambda now: now["text"] == before and not now["problems"])


def test_a_drag_moves_a_symbol_and_is_one_step(page: Page) -> None:
    before = at_work(page)
    x, y = middle(page, "prevalence")
    drag(page, (x, y), (x + 60, y + 40))
    now = until(page, lambda now: "view " in now["text"] and not now["compiling"])
    assert now["steps"] == 1
    assert now["selected"] is None
    page.get_by_test_id("undo").click()
    assert state(page)["text"] == before


def test_symbols_are_chosen_together_and_moved_by_keys(page: Page) -> None:
    at_work(page)
    for name in ("prevalence", "contact rate"):
        page.keyboard.down("Shift")
        page.mouse.click(*middle(page, name))
        page.keyboard.up("Shift")
    assert page.locator("ps-diagram .symbol.chosen").count() == 2
    knob(page, "prevalence").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    before = {name: symbol(page, name).get_attribute("transform") for name in ("prevalence", "contact rate")}
    now = until(page, lambda now: "view " in now["text"] and not now["compiling"])
    assert now["steps"] == 1
    assert all(before.values())


def test_an_arrow_puts_the_name_into_the_equation(page: Page) -> None:
    at_work(page)
    page.get_by_test_id("tool-connector").click()
    drag(page, middle(page, "infectivity"), middle(page, "recovery"))
    field = page.locator("ps-equation .cm-content")
    field.wait_for(timeout=60_000)
    assert "recovery time infectivity" in field.inner_text().replace("\n", " ")
    page.get_by_test_id("discard").wait_for(timeout=60_000)  # the author has to say how


def test_points_of_a_graphical_function_are_moved_by_keys_and_pasted(page: Page) -> None:
    at_work(page)
    open_text(page, TABLED)
    until(page, lambda now: now["title"] == "Tabled" and now["phase"] == "ready")
    page.get_by_test_id("tab-variables").click()
    page.locator("ps-variables").get_by_text("Level", exact=True).click()
    page.get_by_test_id("causes").locator('[data-name="filling"]').click()
    page.get_by_test_id("causes").locator('[data-name="effect"]').click()
    points = page.get_by_test_id("points").locator("circle")
    points.first.wait_for(timeout=60_000)
    assert points.count() == 3
    assert points.nth(1).get_attribute("aria-valuetext") == "4 at 50"
    points.nth(1).press("ArrowUp")
    now = until(page, lambda now: "(50, 4)" not in now["text"] and not now["compiling"])
    assert "(0, 8)" in now["text"]
    assert "# less when it is full" in now["text"]
    page.get_by_test_id("points-text").fill("0\t6\n100\t6")
    page.keyboard.press("ControlOrMeta+Enter")
    until(page, lambda now: now["values"].get("filling") == 6)
    page.get_by_test_id("undo").click()
    page.get_by_test_id("undo").click()
    assert state(page)["text"] == TABLED
