"""More of editing in the diagram: parts copied, drawn again, led elsewhere and bent; by mouse, finger and keys.

All on one page, which is put back to the sample's text before each test; the phone has a page of its own.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from browser.reader import open_sample, open_text, state, until
from browser.test_diagram import knob, symbol
from browser.test_diagram_editing import called, drag, middle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(browser: Browser, site: str) -> Iterator[Page]:
    with browser.new_context(base_url=site, viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto("#sample=sir")
        until(page, lambda now: now["phase"] == "ready")
        page.get_by_test_id("tool-select").wait_for(timeout=60_000)
        yield page


@pytest.fixture
def fresh(desk: Page) -> Page:
    """The page with the sample as it was opened and nothing chosen."""
    while state(desk)["steps"]:
        desk.get_by_test_id("undo").click()
    until(desk, lambda now: not now["compiling"] and "view " not in now["text"])
    for _ in range(3):
        knob(desk, "population").focus()
        desk.keyboard.press("Escape")
    desk.get_by_label("Show all").click()
    symbol(desk, "prevalence").wait_for()
    return desk


def said(page: Page) -> str:
    return page.locator("ps-diagram-tools .said").text_content() or ""


def line(page: Page, start: str) -> str:
    return next(row for row in state(page)["text"].split("\n") if row.startswith(start))


def written(page: Page, part: str) -> None:
    until(page, lambda now: part in now["text"] and not now["compiling"])


def test_what_is_duplicated_has_free_names_and_undo_takes_it_back_at_once(fresh: Page) -> None:
    before = state(fresh)["text"]
    knob(fresh, "prevalence").focus()
    fresh.keyboard.press("ControlOrMeta+d")
    written(fresh, "  aux prevalence 2 (")
    now = until(fresh, lambda now: "prevalence 2" in now["values"])
    assert now["values"]["prevalence 2"] == now["values"]["prevalence"]
    symbol(fresh, "prevalence 2").wait_for()
    until(fresh, lambda _: fresh.locator("ps-diagram .symbol.chosen").count() == 1)
    fresh.get_by_test_id("undo").click()
    assert state(fresh)["text"] == before


def test_all_are_chosen_by_a_key_and_moved_as_one_without_losing_their_shape(fresh: Page) -> None:
    knob(fresh, "population").focus()
    fresh.keyboard.press("ControlOrMeta+a")
    count = fresh.locator("ps-diagram .symbol.chosen").count()
    assert count == fresh.locator("ps-diagram .symbol:not(.cloud):not(.comment)").count()
    assert str(count) in said(fresh)
    fresh.keyboard.press("Shift+ArrowRight")
    written(fresh, "view ")
    places = [
        tuple(map(float, row.split("(")[1].split(")")[0].split(",")))
        for row in (line(fresh, "  stock Susceptible ("), line(fresh, "  stock Infected ("))
    ]
    fresh.get_by_test_id("undo").click()
    until(fresh, lambda now: "view " not in now["text"] and not now["compiling"])
    assert places[0][1] == places[1][1]


def test_a_dragged_symbol_snaps_to_the_middle_of_another_and_shows_it(fresh: Page) -> None:
    x, y = middle(fresh, "prevalence")
    across, down = middle(fresh, "recovery time")
    fresh.mouse.move(x, y)
    fresh.mouse.down()
    fresh.mouse.move(x + 20, y + 60, steps=3)
    fresh.mouse.move(across + 2, down + 90, steps=3)
    assert fresh.locator("ps-diagram-tools line.guide").count() == 1
    fresh.mouse.up()
    written(fresh, "view ")
    prevalence, other = (
        line(fresh, f"  aux {name} (").split("(")[1].split(",")[0] for name in ("prevalence", "recovery time")
    )
    assert float(prevalence) == pytest.approx(float(other), abs=1)


def test_pipes_and_arrows_follow_while_a_stock_is_dragged(fresh: Page) -> None:
    pipe = fresh.locator(f'[data-pipe="{symbol(fresh, "infection").get_attribute("data-id")}"] .wall')
    shafts = fresh.locator("ps-diagram .arrow .shaft")
    before = pipe.get_attribute("d"), [shafts.nth(n).get_attribute("d") for n in range(shafts.count())]
    x, y = middle(fresh, "Infected")
    fresh.mouse.move(x, y)
    fresh.mouse.down()
    fresh.mouse.move(x + 10, y + 70, steps=4)
    during = pipe.get_attribute("d"), [shafts.nth(n).get_attribute("d") for n in range(shafts.count())]
    assert during[0] != before[0]
    assert (
        sum(a != b for a, b in zip(before[1], during[1], strict=True)) == 3
    )  # first cases, prevalence, recovery
    fresh.mouse.move(x, y, steps=2)
    fresh.mouse.up()
    assert (
        pipe.get_attribute("d"),
        [shafts.nth(n).get_attribute("d") for n in range(shafts.count())],
    ) == before
    assert state(fresh)["steps"] == 0


def test_what_did_not_move_stays_where_it_is_on_the_screen(fresh: Page) -> None:
    before = {name: middle(fresh, name) for name in ("Susceptible", "Recovered", "contact rate")}
    x, y = middle(fresh, "first cases")
    drag(fresh, (x, y), (x - 120, y - 90))
    written(fresh, "view ")
    fresh.wait_for_timeout(500)
    for name, place in before.items():
        assert middle(fresh, name) == pytest.approx(place, abs=1.5)


def test_an_alias_is_drawn_by_a_key_and_deleted_without_its_variable(fresh: Page) -> None:
    knob(fresh, "Recovered").focus()
    fresh.keyboard.press("g")
    written(fresh, "  alias Recovered (")
    ghost = fresh.locator("ps-diagram .symbol.alias .knob")
    ghost.wait_for()
    ghost.focus()
    fresh.keyboard.press("Delete")
    now = until(fresh, lambda now: "alias" not in now["text"] and not now["compiling"])
    assert "stock Recovered" in now["text"]


def test_a_flow_gets_another_end_by_its_handle_and_by_keys(fresh: Page) -> None:
    fresh.mouse.click(*middle(fresh, "waning"))
    grip = fresh.locator("ps-diagram-tools [data-handle=target] .grip")
    grip.wait_for()
    box = grip.bounding_box()
    assert box is not None
    drag(fresh, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), middle(fresh, "Infected"))
    written(fresh, "in infection, waning")
    knob(fresh, "waning").focus()
    fresh.keyboard.press("]")
    assert "Where waning goes to" in said(fresh)
    fresh.keyboard.press("Space")
    now = until(fresh, lambda now: "in infection, waning" not in now["text"] and not now["compiling"])
    assert "out waning" in now["text"]


def test_arrows_are_found_bent_and_taken_off_by_keys(fresh: Page) -> None:
    knob(fresh, "immunity time").focus()
    fresh.keyboard.press("b")
    assert "Arrow from immunity time to waning" in said(fresh)
    fresh.keyboard.press("ArrowUp")
    until(fresh, lambda now: "arrow immunity time -> waning (" in now["text"] and not now["compiling"])
    fresh.keyboard.press("Delete")
    question = fresh.get_by_test_id("delete-question")
    question.wait_for(timeout=60_000)
    assert "waning still uses immunity time" in question.inner_text()
    fresh.get_by_test_id("delete-sure").click()
    until(fresh, lambda now: "arrow immunity time" not in now["text"] and not now["compiling"])
    assert "immunity time" in line(fresh, "flow waning")


def test_a_module_is_added_where_the_click_was(fresh: Page) -> None:
    fresh.get_by_test_id("tool-module").click()
    box = fresh.locator("ps-diagram").bounding_box()
    assert box is not None
    fresh.mouse.click(box["x"] + 120, box["y"] + box["height"] - 120)
    called(fresh, "Clinic")
    now = until(fresh, lambda now: "Clinic.output" in now["values"] and not now["compiling"])
    assert "module Clinic" in now["text"]
    symbol(fresh, "Clinic").first.wait_for()


def test_the_signs_of_links_are_shown_beside_their_arrows_on_hover(fresh: Page) -> None:
    """More infectious people make a larger share of them; more people in all make it smaller."""
    fresh.mouse.move(*middle(fresh, "prevalence"))
    signs = fresh.locator("ps-diagram-tools .sign")
    until(fresh, lambda _: signs.count() == 3)
    assert sorted(text or "" for text in (signs.nth(n).text_content() for n in range(3))) == ["+", "+", "−"]


def test_small_curves_are_turned_on_for_what_is_chosen(fresh: Page) -> None:
    fresh.keyboard.down("Shift")
    fresh.mouse.click(*middle(fresh, "prevalence"))
    fresh.keyboard.up("Shift")
    fresh.get_by_test_id("sparks").click()
    sparks = fresh.locator("ps-diagram .spark")
    assert sparks.count() == 1
    dot = sparks.locator("circle")
    before = dot.get_attribute("cx")
    fresh.get_by_test_id("time-bar").press("End")
    until(fresh, lambda _: dot.get_attribute("cx") != before)
    assert float(dot.get_attribute("cx") or 0) == 52
    fresh.get_by_test_id("sparks").click()
    assert sparks.count() == 0


# By touch --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def phone(browser: Browser, site: str) -> Iterator[tuple[Page, CDPSession]]:
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with browser.new_context(base_url=site, **options) as context:
        page = context.new_page()
        open_sample(page)
        page.get_by_test_id("edit-diagram").wait_for(timeout=60_000)
        yield page, context.new_cdp_session(page)


def touch(fingers: CDPSession, kind: str, *places: tuple[float, float]) -> None:
    points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(places)]
    fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def swipe(fingers: CDPSession, start: tuple[float, float], end: tuple[float, float]) -> None:
    touch(fingers, "touchStart", start)
    for n in range(1, 7):
        touch(
            fingers,
            "touchMove",
            (start[0] + (end[0] - start[0]) * n / 6, start[1] + (end[1] - start[1]) * n / 6),
        )
    touch(fingers, "touchEnd")


def test_a_finger_pans_until_the_tools_are_open_and_then_moves(phone: tuple[Page, CDPSession]) -> None:
    page, fingers = phone
    before = state(page)["text"]
    x, y = middle(page, "Infected")
    swipe(fingers, (x, y), (x + 40, y + 10))
    assert middle(page, "Infected") == pytest.approx((x + 40, y + 10), abs=6)
    assert state(page)["text"] == before
    page.get_by_test_id("edit-diagram").click()
    x, y = middle(page, "prevalence")
    swipe(fingers, (x + 15, y + 10), (x + 45, y + 40))  # beside the symbol: a finger is wider than it
    until(page, lambda now: "view " in now["text"] and not now["compiling"])
    page.get_by_test_id("undo").click()
    page.get_by_test_id("edit-diagram").click()


def test_a_second_finger_turns_a_move_into_a_pinch(phone: tuple[Page, CDPSession]) -> None:
    page, fingers = phone
    until(page, lambda now: not now["compiling"])
    page.get_by_label("Show all").click()
    page.get_by_test_id("edit-diagram").click()
    before, size = state(page)["text"], page.get_by_test_id("zoom").inner_text()
    x, y = middle(page, "Infected")
    touch(fingers, "touchStart", (x, y))
    touch(fingers, "touchMove", (x + 12, y))
    touch(fingers, "touchStart", (x + 12, y), (x + 50, y))
    for n in range(1, 5):
        touch(fingers, "touchMove", (x + 12 - 5 * n, y), (x + 50 + 5 * n, y))
    touch(fingers, "touchEnd")
    until(page, lambda _: page.get_by_test_id("zoom").inner_text() != size)
    assert state(page)["text"] == before
    page.get_by_test_id("edit-diagram").click()


def test_on_phones_a_tap_chooses_and_everything_to_press_is_large_enough(
    phone: tuple[Page, CDPSession],
) -> None:
    page, fingers = phone
    page.get_by_label("Show all").click()
    page.get_by_test_id("edit-diagram").click()
    for bar in ("tools", "actions"):
        for button in page.locator("ps-diagram-tools button").all():
            box = button.bounding_box()
            assert box is not None
            assert (bar, min(box["width"], box["height"])) >= (bar, 44)
        touch(fingers, "touchStart", middle(page, "prevalence"))
        touch(fingers, "touchEnd")
        page.get_by_test_id("act-delete").wait_for()
    assert "prevalence 2" not in state(page)["text"]
    page.get_by_test_id("act-open").click()
    page.locator("ps-equation .cm-content").wait_for(timeout=60_000)


def test_a_file_of_another_tool_keeps_its_sketch_when_symbols_are_moved(fresh: Page) -> None:
    from edit.cases import MDL

    open_text(fresh, MDL, "cup.mdl")
    until(fresh, lambda now: now["title"] == "cup" and now["phase"] == "ready" and not now["compiling"])
    x, y = middle(fresh, "room temp")
    drag(fresh, (x, y), (x + 64, y))
    now = until(fresh, lambda now: now["steps"] == 1 and not now["compiling"])
    old, new = MDL.splitlines(), now["text"].splitlines()
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0][1].startswith("10,7,room temp,")
    fresh.get_by_test_id("undo").click()
