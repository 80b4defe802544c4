"""The inspector: what a variable is and why, and edits of it that leave the author's text as it was."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from browser.reader import (
    HOSTILE,
    SMALL,
    drop,
    editor,
    open_sample,
    open_text,
    series,
    serious,
    state,
    until,
)

pytestmark = pytest.mark.browser

CHOICE = """model Choice
time 0 to 10 by 1
stock Level = 10
  in filling  # from the tap
flow filling = if time < 5 then 2 * tap else tap / 4   # two speeds
const tap = 8 slider 0 to 20
"""


def choose(page: Page, name: str) -> None:
    """Opens a variable from the list of all."""
    if page.get_by_test_id("close-inspector").count():
        page.get_by_test_id("close-inspector").click()
    page.get_by_test_id("tab-variables").click()
    page.locator(f'ps-variables tr[data-name="{name}"]').get_by_test_id("open-variable").click()
    page.get_by_test_id("inspected").wait_for()


def rows(page: Page, part: str) -> list[str]:
    return page.get_by_test_id(part).locator(".row").evaluate_all("rows => rows.map(row => row.dataset.name)")


def equation(page: Page) -> Locator:
    """The editor of the equation, once it and Python are there."""
    found = page.locator("ps-equation .cm-content").first
    found.wait_for(timeout=60_000)
    return found


def line(page: Page, start: str) -> str:
    return next(line for line in state(page)["text"].split("\n") if line.startswith(start))


def rewrite(page: Page, text: str) -> None:
    equation(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def focused(page: Page) -> str | None:
    """The test id of what has the focus, below all shadow roots."""
    return page.evaluate(
        """() => {
            let at = document.activeElement;
            while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
            return at.dataset.testid ?? null;
        }"""
    )


# Looking ---------------------------------------------------------------------------------------------------


def test_a_variable_shows_its_value_range_causes_and_effects_before_python_is_there(page: Page) -> None:
    page.route("**/pyodide/**", lambda _: None)  # never answered
    open_sample(page)
    choose(page, "infection")
    values = series(page, "infection")
    row = state(page)["row"]
    assert page.get_by_test_id("inspected-value").inner_text().startswith(f"{values[row]:.1f}")
    assert page.get_by_test_id("range").inner_text() == f"{min(values):.4g} – {max(values):.4g}"
    assert set(rows(page, "causes")) == {"Susceptible", "prevalence", "contact rate", "infectivity"}
    assert set(rows(page, "effects")) == {"Susceptible", "Infected"}


def test_causes_are_walked_upstream_and_follow_the_time(page: Page) -> None:
    open_sample(page)
    choose(page, "infection")
    page.get_by_test_id("causes").locator('[data-name="prevalence"]').click()
    assert page.get_by_test_id("inspected").inner_text() == "prevalence"
    assert set(rows(page, "causes")) == {"Infected", "population"}
    before = page.get_by_test_id("causes").locator('[data-name="Infected"] .value').inner_text()
    page.get_by_test_id("time-bar").press("End")
    after = page.get_by_test_id("causes").locator('[data-name="Infected"] .value').inner_text()
    assert before != after
    assert after == f"{series(page, 'Infected')[-1]:.1f}"


def test_enter_in_the_diagram_opens_and_escape_goes_back(page: Page) -> None:
    open_sample(page)
    knob = page.locator('ps-diagram .symbol[data-name="Infected"] .knob')
    knob.focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("inspected").wait_for()
    page.wait_for_timeout(100)
    assert focused(page) == "inspected"
    page.keyboard.press("Escape")
    assert state(page)["selected"] is None
    assert page.get_by_test_id("tab-controls").is_visible()


def test_an_equation_is_taken_apart_and_the_side_that_is_not_taken_is_named(page: Page) -> None:
    open_sample(page)
    open_text(page, CHOICE)
    until(page, lambda now: now["title"] == "Choice" and now["phase"] == "ready")
    choose(page, "filling")
    steps = page.get_by_test_id("steps")
    steps.wait_for(timeout=60_000)

    def shown() -> dict[str, str]:
        texts = steps.locator("li").evaluate_all(
            "rows => rows.map(row => [...row.children].map(part => part.textContent))"
        )
        return dict(texts)

    page.get_by_test_id("time-bar").press("Home")
    assert shown() == {"time < 5": "1", "2 * tap": "16", "tap / 4": "not taken"}
    page.get_by_test_id("time-bar").press("End")
    assert shown() == {"time < 5": "0", "2 * tap": "not taken", "tap / 4": "2"}


def test_feedback_loops_are_listed_with_polarity_and_shown_in_the_diagram(page: Page) -> None:
    open_sample(page)
    choose(page, "infection")
    loops = page.get_by_test_id("loops")
    loops.wait_for(timeout=60_000)
    found = loops.locator("button")
    assert found.count() == 3  # one that drains Susceptible, one through prevalence, one around all stocks
    reinforcing = found.filter(has_text="prevalence")
    assert "reinforcing" in (reinforcing.text_content() or "")
    reinforcing.click()
    lifted = page.locator("ps-diagram .symbol.lifted").evaluate_all(
        "found => found.map(one => one.dataset.name)"
    )
    assert set(lifted) == {"Infected", "prevalence", "infection"}
    assert page.locator("ps-diagram .arrow.lifted").count() == 2


def test_a_text_half_typed_below_the_inspector_is_kept(page: Page) -> None:
    open_sample(page, "climate-economy")
    page.get_by_test_id("tab-variables").click()
    page.get_by_test_id("filter").fill("temp")
    page.get_by_test_id("open-variable").first.click()
    page.get_by_test_id("close-inspector").click()
    assert page.get_by_test_id("filter").input_value() == "temp"


def test_names_that_look_like_markup_stay_text_in_the_inspector(page: Page) -> None:
    open_sample(page)
    text = SMALL.replace("growth", f"`{HOSTILE}`")
    open_text(page, text)
    until(page, lambda now: now["title"] == "Growth" and now["phase"] == "ready")
    choose(page, "Level")
    page.get_by_test_id("causes").wait_for(timeout=60_000)
    page.get_by_test_id("causes").locator("button").first.click()
    equation(page)
    assert HOSTILE in page.get_by_test_id("inspected").inner_text()
    assert page.evaluate("window.hacked") is None


# Editing ---------------------------------------------------------------------------------------------------


def open_choice(page: Page) -> None:
    open_sample(page)
    open_text(page, CHOICE)
    until(page, lambda now: now["title"] == "Choice" and now["phase"] == "ready")


def test_an_edited_equation_runs_at_once_and_the_rest_of_the_text_stays(page: Page) -> None:
    open_choice(page)
    choose(page, "filling")
    rewrite(page, "tap + 1")
    now = until(page, lambda now: now["values"].get("filling") == 9)
    assert now["text"] == CHOICE.replace("if time < 5 then 2 * tap else tap / 4", "tap + 1")
    page.keyboard.press("ControlOrMeta+z")
    now = until(page, lambda now: now["text"] == CHOICE and not now["compiling"])
    until(page, lambda now: now["values"].get("filling") == 16)
    until(page, lambda _: equation(page).inner_text() == "if time < 5 then 2 * tap else tap / 4")
    page.keyboard.press("ControlOrMeta+Shift+Z")
    until(page, lambda now: "filling = tap + 1 " in now["text"])


def test_an_edit_after_undo_changes_what_is_there_now(page: Page) -> None:
    open_choice(page)
    choose(page, "filling")
    rewrite(page, "tap + 1")
    until(page, lambda now: "= tap + 1" in now["text"])
    page.keyboard.press("ControlOrMeta+z")
    until(page, lambda now: now["text"] == CHOICE and not now["compiling"])
    page.wait_for_timeout(300)
    rewrite(page, "tap + 2")
    now = until(page, lambda now: now["values"].get("filling") == 10)
    assert now["redoes"] is None
    page.keyboard.press("ControlOrMeta+z")
    until(page, lambda now: now["text"] == CHOICE and now["values"].get("filling") == 16)


def test_a_wrong_equation_is_marked_kept_and_not_put_into_the_model(page: Page) -> None:
    open_choice(page)
    choose(page, "filling")
    rewrite(page, "tapp * 🦀 2")
    page.get_by_test_id("discard").wait_for(timeout=60_000)
    rewrite(page, "2 * tapp")
    page.locator("ps-equation .cm-mark-error", has_text="tapp").wait_for(timeout=60_000)
    assert page.locator("ps-equation .cm-mark-error").inner_text() == "tapp"
    assert state(page)["text"] == CHOICE
    choose(page, "Level")
    choose(page, "filling")
    assert equation(page).inner_text().startswith("2 * tapp")
    page.get_by_test_id("discard").click()
    assert equation(page).inner_text().startswith("if time < 5")
    assert state(page)["text"] == CHOICE


def test_names_are_completed_and_functions_explained(page: Page) -> None:
    open_choice(page)
    choose(page, "filling")
    rewrite(page, "min(4, ")
    page.keyboard.type("ta", delay=30)
    option = page.locator(".cm-tooltip-autocomplete li", has_text="tap")
    option.wait_for()
    assert "constant · 8" in option.inner_text()
    page.wait_for_timeout(200)  # a list that has just opened takes no key yet
    page.keyboard.press("Tab")
    page.keyboard.type(")")
    until(page, lambda now: "filling = min(4, tap) " in now["text"])


def test_units_that_fit_are_offered_and_other_fields_are_edited_in_place(page: Page) -> None:
    open_sample(page)
    before = state(page)["text"]
    choose(page, "prevalence")
    page.get_by_test_id("take-units").click(timeout=60_000)
    until(page, lambda now: "prevalence = Infected / population {dimensionless}" in now["text"])
    page.get_by_test_id("documentation").fill('How many are "ill"')
    page.keyboard.press("ControlOrMeta+Enter")
    until(page, lambda now: 'How many are \\"ill\\"' in now["text"])
    choose(page, "contact rate")
    page.get_by_test_id("range-high").fill("20")
    page.keyboard.press("Enter")
    now = until(page, lambda now: "slider 0 to 20" in now["text"])
    assert now["steps"] == 3
    for _ in range(3):
        page.get_by_test_id("undo").click()
    assert state(page)["text"] == before


def test_a_vensim_equation_is_edited_in_its_place(page: Page) -> None:
    open_sample(page)
    text = (
        "{UTF-8}\nS = INTEG( inflow -\n\tS / 4, 2 )\n~ cup ~ What is there. |\ninflow = 3 ~ cup/Month ~ |\n"
        + "".join(
            f"{name} = {value} ~ Month ~ |\n"
            for name, value in (("INITIAL TIME", 0), ("FINAL TIME", 8), ("TIME STEP", 1), ("SAVEPER", 1))
        )
    )
    drop(page, "cup.mdl", text.encode())
    until(page, lambda now: now["file"] == "cup.mdl" and now["phase"] == "ready")
    choose(page, "S")
    fields = page.locator("ps-equation .cm-content")
    fields.nth(1).wait_for(timeout=60_000)
    fields.nth(1).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("5")
    now = until(page, lambda now: ", 5 )" in now["text"])
    assert now["text"] == text.replace(", 2 )", ", 5 )")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_axe_finds_nothing_serious_in_the_inspector(page: Page, scheme: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    open_sample(page)
    choose(page, "infection")
    equation(page)
    page.get_by_test_id("loops").wait_for(timeout=60_000)
    assert serious(page) == []


def test_the_text_and_the_inspector_share_one_history(page: Page) -> None:
    open_choice(page)
    choose(page, "tap")
    rewrite(page, "9")
    until(page, lambda now: "const tap = 9" in now["text"])
    content = editor(page)
    content.click()
    page.keyboard.press("ControlOrMeta+z")
    until(page, lambda now: now["text"] == CHOICE)


def test_a_label_in_the_chart_opens_its_variable(page: Page) -> None:
    open_sample(page)
    time = state(page)["time"]
    page.locator(".end-label", has_text="Infected").click()
    page.get_by_test_id("inspected").wait_for()
    assert (state(page)["selected"], state(page)["time"]) == ("Infected", time)


def test_the_clock_is_set_in_the_controls(page: Page) -> None:
    open_choice(page)
    page.get_by_test_id("clock").locator("summary").click(timeout=60_000)
    stop = page.get_by_test_id("setting-stop")
    stop.wait_for(timeout=60_000)
    assert stop.input_value() == "10"
    stop.fill("20")
    page.keyboard.press("Enter")
    now = until(page, lambda now: now["rows"] == 21)
    assert now["text"] == CHOICE.replace("time 0 to 10", "time 0 to 20")
    stop.fill("2 +")
    page.keyboard.press("Enter")
    page.locator("ps-field [role=alert]").wait_for(timeout=60_000)
    assert "time 0 to 20" in state(page)["text"]
