"""What one movement of the hand costs: counted, since times depend on who else uses the machine."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from browser.reader import open_sample, state, until

pytestmark = pytest.mark.browser

# What every view says at one moment, read in one go.
SHOWN = r"""
const deep = function* (root) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* deep(element.shadowRoot);
  }
};
const all = [...deep(document)];
const parts = {};
for (const element of all) {
  const at = (selector) => element.matches(selector);
  if (at(".chip") && !element.hidden) (parts.chips ??= []).push(element.textContent);
  if (at(".symbol.stock .value")) (parts.diagram ??= []).push(element.textContent);
  if (at(".watch .now")) (parts.watch ??= []).push(element.textContent);
  if (at(".time-chip")) parts.chart = element.textContent.trim().split(" ").at(-1);
  if (at('[data-testid="now"]')) parts.bar = element.textContent.trim().split(" ").at(-1).replace(/^[^\d-]+/, "");
  if (at('[data-testid="run-table"] tr.here th')) parts.table = element.textContent.trim();
  if (at('[data-testid="run-table"] tr.here'))
    parts.cells = [...element.cells].slice(1, 4).map((cell) => cell.textContent);
}
return parts;
"""
NEXT_FRAME = "await new Promise((done) => requestAnimationFrame(done));"


def shown(page: Page, first: str = "") -> dict[str, Any]:
    """What is in the document when the frame after `first` is painted."""
    return page.evaluate(f"async () => {{ {first} {NEXT_FRAME} {SHOWN} }}")


PRESS = """
const inside = (element) => element.shadowRoot;
const time = inside(document.querySelector("penstock-model")).querySelector("ps-time-bar");
const bar = inside(time).querySelector('[role="slider"]');
bar.dispatchEvent(new KeyboardEvent("keydown", { key: KEY, bubbles: true, composed: true }));
"""


def press(key: str) -> str:
    return PRESS.replace("KEY", repr(key))


def test_a_move_in_time_is_everywhere_in_the_same_frame(page: Page) -> None:
    open_sample(page)
    before = shown(page)
    for key in ("PageUp", "ArrowRight", "End", "PageDown"):
        now = shown(page, press(key))
        assert now["bar"] != before["bar"]
        assert now["chart"] == now["bar"]
        assert now["chips"] == now["diagram"] == now["watch"] != before["chips"]
        before = now


def test_the_row_of_the_table_moves_in_the_same_frame(page: Page) -> None:
    open_sample(page)
    page.get_by_test_id("table").click()
    page.get_by_test_id("run-table").wait_for()
    for key in ("PageUp", "Home", "ArrowRight"):
        now = shown(page, press(key))
        assert now["table"] == now["bar"]
        assert now["cells"] == now["diagram"] == now["watch"]


def test_while_time_passes_the_views_stay_together(page: Page) -> None:
    open_sample(page)
    shown(page, press("Home"))
    page.get_by_test_id("speed").select_option("2")
    page.get_by_test_id("play").click()
    seen = []
    for _ in range(15):
        now = shown(page)
        assert now["chart"] == now["bar"]
        assert now["chips"] == now["diagram"] == now["watch"]
        seen.append(now["bar"])
    assert len(set(seen)) > 6
    assert state(page)["playing"]


def counted(page: Page, times: int, act: str) -> dict[str, float]:
    """Layouts of the page and messages to workers, for each of `times` frames with one `act` in it."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def layouts() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(row["value"] for row in metrics if row["name"] == "LayoutCount")

    page.evaluate("window.sent = {}")
    before = layouts()
    page.evaluate(f"async () => {{ for (let i = 0; i < {times}; i++) {{ {act} {NEXT_FRAME} }} }}")
    sent = page.evaluate("sent")
    return {"layouts": (layouts() - before) / times, **{kind: count / times for kind, count in sent.items()}}


COUNTING = """
window.sent = {};
window.forks = [];
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...rest) {
  sent[message.type] = (sent[message.type] ?? 0) + 1;
  if (message.type === "run") forks.push(message.branch?.at ?? null);
  return post.call(this, message, ...rest);
};
"""


@pytest.fixture
def watched(page: Page) -> Page:
    """A sample at rest, in a page that counts the messages to its workers."""
    page.add_init_script(COUNTING)
    page.route("**/pyodide/**", lambda _: None)  # its progress would be shown, and counted
    open_sample(page)
    page.wait_for_timeout(1500)
    return page


def test_a_move_in_time_asks_no_worker_and_the_page_is_laid_out_once(watched: Page) -> None:
    cost = counted(watched, 40, press("ArrowRight"))
    assert cost.pop("layouts") <= 1.2
    assert cost == {}


def test_a_move_of_a_slider_asks_for_one_run_at_most_and_needs_two_layouts_at_most(watched: Page) -> None:
    watched.get_by_test_id("slider").first.evaluate(
        """slider => (window.turn = (share) => {
          slider.value = String(+slider.min + share * (slider.max - slider.min));
          slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
        })"""
    )
    runs = state(watched)["runs"]
    cost = counted(watched, 40, "turn(0.2 + 0.01 * i);")
    assert cost["run"] <= 1
    assert set(cost) == {"run", "layouts"}
    assert cost["layouts"] <= 2.2  # one for the slider, one for the curves that come with the next frame
    watched.wait_for_timeout(200)
    assert 0 < state(watched)["runs"] - runs <= 40


def test_many_inputs_within_a_frame_make_no_backlog(watched: Page) -> None:
    watched.get_by_test_id("slider").first.evaluate(
        """slider => {
          for (let i = 0; i < 200; i++) {
            slider.value = String(+slider.min + (0.1 + 0.004 * i) * (slider.max - slider.min));
            slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
          }
        }"""
    )
    watched.wait_for_timeout(400)
    assert watched.evaluate("sent.run") <= 4  # the first of the sample, one under way, one that waited


def test_a_fork_simulates_its_trunk_once_and_then_only_what_follows(watched: Page) -> None:
    watched.get_by_test_id("branch").click()
    at = state(watched)["branch"]
    watched.evaluate("window.forks = []")
    slider = watched.get_by_test_id("slider").first
    for _ in range(6):
        slider.press("ArrowRight")
        watched.wait_for_timeout(60)
    asked = watched.evaluate("forks")
    assert asked.count(None) == 1
    assert asked.count(at) == len(asked) - 1 > 1


def test_a_symbol_that_is_dragged_asks_no_worker_before_it_is_let_go(page: Page) -> None:
    page.add_init_script(COUNTING)
    open_sample(page)
    page.locator("ps-diagram-tools .bar").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    box = page.locator('ps-diagram [data-name="prevalence"] .knob').first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)  # the signs of its arrows are asked for once
    page.mouse.down()
    page.mouse.move(x + 20, y + 20, steps=2)
    until(page, lambda _: page.evaluate("sent.ask") and not page.evaluate("penstock.state().compiling"))
    page.wait_for_timeout(1500)
    before = page.evaluate("sent.ask")
    page.mouse.move(x + 80, y + 60, steps=20)
    assert page.evaluate("sent.ask") == before
    page.mouse.up()
    until(page, lambda _: page.evaluate("sent.ask") > before)
