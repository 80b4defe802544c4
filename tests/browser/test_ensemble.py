"""Many runs in the page: real workers, what they were sent and answered, and the fan that comes of it."""

from __future__ import annotations

from array import array
from typing import Any

import numpy
import pytest
from playwright.sync_api import Page

import build
import penstock
from browser.reader import HOSTILE, open_sample, open_text, serious, state, until

pytestmark = pytest.mark.browser

# Keeps what goes to the pool's workers and what comes from them; `doomed` says of which chunk sent a worker dies.
RECORD = """
window.pool = { workers: [], sent: [], done: [], doomed: -1 };
window.Worker = class extends Worker {
  constructor(address, options) {
    super(address, options);
    if (!String(address).includes("pool-worker")) return;
    pool.workers.push(this);
    this.addEventListener("message", ({ data }) => {
      if (data.type === "chunk-done") pool.done.push({ task: data.task, values: [...data.result.values] });
    });
  }
  postMessage(message, transfer) {
    super.postMessage(message, transfer);
    if (message.type !== "chunk") return;
    const { names, values, overrides, rows } = message.payload;
    const { task, job, chunk } = message;
    pool.sent.push({ task, job, chunk, names, overrides, values: [...values], rows: [...rows] });
    if (pool.sent.length === pool.doomed) {
      this.terminate();
      setTimeout(() => this.onerror(new ErrorEvent("error", { message: "killed" })));
    }
  }
};
"""


@pytest.fixture
def sir(page: Page) -> Page:
    page.add_init_script(RECORD)
    open_sample(page)
    begin(page, "contact rate", "recovery time")
    return page


def begin(page: Page, *names: str) -> None:
    page.get_by_test_id("uncertainty").click()
    for name in names:
        page.get_by_test_id("add-varied").select_option(name)


def number(page: Page, field: str, value: int) -> None:
    page.get_by_test_id(field).fill(str(value))
    page.get_by_test_id(field).press("Enter")


def made(page: Page, runs: int) -> dict[int, dict[str, Any]]:
    """Starts the study and waits for its end; what was sent and answered, by the numbers of chunks."""
    page.evaluate("pool.sent = [], pool.done = []")
    page.get_by_test_id("start-study").click()
    page.get_by_test_id("study-said").get_by_text(f"{runs:,} runs made").wait_for(timeout=60_000)
    return answered(page)


def answered(page: Page) -> dict[int, dict[str, Any]]:
    found = page.evaluate("({ sent: pool.sent, done: pool.done })")
    results = {row["task"]: row["values"] for row in found["done"]}
    rows = [row | {"results": results[row["task"]]} for row in found["sent"] if row["task"] in results]
    assert len({row["chunk"] for row in rows}) == len(rows)  # each once
    return {row["chunk"]: row for row in rows}


def shown(page: Page, what: str) -> list[float]:
    return [
        float(part.replace(",", ""))
        for part in page.get_by_test_id(f"study-{what}").inner_text().split(" – ")
    ]


def test_a_thousand_runs_are_those_of_cpython_and_so_is_the_fan(sir: Page) -> None:
    chunks = made(sir, 1000)
    assert sorted(chunks) == list(range(16))
    model = penstock.load(build.SAMPLES / "sir.pen")
    inputs = {"contact rate": "uniform(4.8, 7.2)", "recovery time": "uniform(4, 6)"}
    expected = model.ensemble(inputs, ["Susceptible"], runs=1000, seed=1, workers=1)
    points = array("d", [value for chunk in sorted(chunks) for value in chunks[chunk]["values"]])
    series = array("d", [value for chunk in sorted(chunks) for value in chunks[chunk]["results"]])
    for place, name in enumerate(inputs):
        assert numpy.allclose(points[place::2], expected.input(name), rtol=1e-15)
    # The very points of the page, on CPython's virtual machine: the same bits.
    rows = len(chunks[0]["rows"])
    for run in (0, 1, 500, 999):
        rate, time = points[2 * run : 2 * run + 2]
        alone = model.run("vm", params={"contact rate": rate, "recovery time": time})
        assert series[run * rows : (run + 1) * rows] == alone["Susceptible"]
    # And the fan at the cursor, from numpy's percentiles of all runs.
    row = state(sir)["row"]
    low, quarter, half, most, high = numpy.percentile(series[row::rows], [5, 25, 50, 75, 95])
    assert shown(sir, "outer") == pytest.approx([low, high], rel=1e-3)
    assert shown(sir, "inner") == pytest.approx([quarter, most], rel=1e-3)
    assert shown(sir, "median") == pytest.approx([half], rel=1e-3)
    assert shown(sir, "mean") == pytest.approx([numpy.mean(series[row::rows])], rel=1e-3)
    assert "1,000 runs" in sir.get_by_test_id("fan-legend").inner_text()
    assert serious(sir) == []


def test_a_worker_that_dies_changes_nothing(sir: Page) -> None:
    undisturbed = made(sir, 1000)
    figures = [shown(sir, what) for what in ("outer", "inner", "median", "mean")]
    sir.evaluate("pool.doomed = 5")
    disturbed = made(sir, 1000)
    assert len(sir.evaluate("pool.sent")) == 17
    assert {key: row["results"] for key, row in disturbed.items()} == {
        key: row["results"] for key, row in undisturbed.items()
    }
    assert [shown(sir, what) for what in ("outer", "inner", "median", "mean")] == figures
    sir.get_by_test_id("workers").locator("summary").click()
    assert "1 worker had to be replaced" in sir.get_by_test_id("workers").inner_text()


def test_stop_ends_it_and_a_slider_starts_anew_with_its_value(sir: Page) -> None:
    number(sir, "study-runs", 20_000)
    sir.get_by_test_id("start-study").click()
    sir.get_by_test_id("fan-legend").wait_for()
    sir.get_by_test_id("stop-study").click()
    sent = sir.evaluate("pool.sent.length")
    assert sent < 200
    sir.wait_for_timeout(300)
    assert sir.evaluate("pool.sent.length") == sent
    assert "of 20,000 runs" in sir.get_by_test_id("study-said").inner_text()
    number(sir, "study-runs", 200)
    made(sir, 200)
    before = shown(sir, "median")
    sir.evaluate("pool.sent = [], pool.done = []")
    field = sir.get_by_test_id("slider-value").and_(sir.locator('[data-name="infectivity"]'))
    field.fill("0.12")
    field.press("Enter")
    until(sir, lambda _: shown(sir, "median") != before)
    assert all(row["overrides"] == [{"name": "infectivity", "value": 0.12}] for row in answered(sir).values())
    # Closed, nothing is left of it: no fan, and no worker that waits.
    sir.get_by_test_id("close-uncertainty").click()
    sir.get_by_test_id("fan-legend").wait_for(state="detached")
    assert sir.get_by_test_id("varied").count() == 0


def test_names_are_text(page: Page) -> None:
    page.add_init_script(RECORD)
    page.goto("")
    until(page, lambda now: now["phase"] == "ready")
    text = f"model M\ntime 0 to 10 by 1\nstock `{HOSTILE}` = 1\n  in inflow\nflow inflow = `r <b>`\nconst `r <b>` = 2\n"
    open_text(page, text)
    until(page, lambda now: now["phase"] == "ready" and now["file"] == "model.pen")
    begin(page, "r <b>")
    page.get_by_test_id("start-study").click()
    page.get_by_test_id("study-said").get_by_text("runs made").wait_for()
    assert page.evaluate("window.hacked") is None
    assert page.get_by_test_id("varied").locator("b").count() == 0
    # The stock is 1 + 10 r at the end, r between 1.6 and 2.4: so are its percentiles.
    page.get_by_test_id("time-bar").press("End")
    assert shown(page, "median") == pytest.approx([21], abs=0.02)
    assert shown(page, "outer") == pytest.approx([1 + 10 * 1.64, 1 + 10 * 2.36], abs=0.02)
    assert serious(page) == []
