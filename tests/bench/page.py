"""How soon the page answers, measured in the page itself; a row of `MEASURES` is a script and its target."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

import build
from conftest import CHROMIUM_ARGUMENTS

REPEATS = 5
SLOW = {"offline": False, "latency": 20, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}

BOOT = """() => new Promise((resolve, reject) => {
  const worker = new Worker(new URL("../compiler-worker.js", location.href), { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.type === "failed") reject(new Error(JSON.stringify(data)));
    if (data.type === "ready") resolve([data.boot, data.ms]); // and what it keeps is still on its way
  };
})"""

HELPERS = """
const painted = () => new Promise((done) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(performance.now());
  port2.postMessage(null);
}));
const deep = function* (root) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* deep(element.shadowRoot);
  }
};
const find = (id) => [...deep(document)].find((element) => element.dataset?.testid === id);
const p95 = (times) => times.toSorted((a, b) => a - b)[Math.floor(0.95 * (times.length - 1))];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const ran = async (before) => { while (penstock.state().runs === before) await sleep(0); };
const set = (slider, share) => {
  slider.value = String(+slider.min + share * (slider.max - slider.min));
  slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
};
"""


@dataclass(frozen=True)
class Measure:
    """`script` is the body of an async function that yields one number."""

    measure: str
    unit: str
    target: float
    script: str


@dataclass(frozen=True)
class Found:
    measure: str
    value: float
    unit: str
    target: float


MEASURES = (
    Measure(
        "scrub to paint, 95 of 100",
        "ms",
        33,
        """const bar = find("time-bar"), times = [];
        for (let i = 0; i < 60; i++) {
          const start = performance.now();
          const key = i % 40 < 20 ? "ArrowLeft" : "ArrowRight";
          bar.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
          times.push((await painted()) - start);
        }
        return p95(times);""",
    ),
    Measure(
        "parameter to paint, 95 of 100",
        "ms",
        50,
        """const slider = find("slider"), times = [];
        for (let i = 0; i < 60; i++) {
          const before = penstock.state().runs, start = performance.now();
          set(slider, 0.2 + 0.01 * i);
          await ran(before);
          times.push((await painted()) - start);
        }
        return p95(times);""",
    ),
    Measure(
        "runs left after a slider is released",
        "",
        1,
        """const slider = find("slider");
        for (let i = 0; i < 200; i++) { set(slider, 0.1 + 0.004 * i); if (i % 5 === 0) await sleep(0); }
        await sleep(0);
        const before = penstock.state().runs;
        await sleep(500);
        return penstock.state().runs - before;""",
    ),
)


def measured(dist: Path, chromium: Path) -> Iterator[Found]:
    """All measures, each the median of `REPEATS`."""
    with build.StaticServer(dist) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        yield from boots(playwright, chromium, address)
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        found: dict[str, list[float]] = {}
        for _ in range(REPEATS):
            with browser.new_context(base_url=address) as context:
                for measure, value in visit(context):
                    found.setdefault(measure, []).append(value)
        for row in (*MEASURES, *JOURNEY):
            yield Found(row.measure, median(found[row.measure]), row.unit, row.target)
        browser.close()
        server.shutdown()


def boots(playwright: Playwright, chromium: Path, address: str) -> Iterator[Found]:
    """Python from the site's snapshot, in a new profile and in one that has been here before."""
    first, later = [], []
    for _ in range(REPEATS):
        with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            for times in (first, later):
                context = playwright.chromium.launch_persistent_context(
                    profile, executable_path=chromium, args=CHROMIUM_ARGUMENTS
                )
                page = context.new_page()
                page.goto(
                    f"{address}python/manifest.json"
                )  # a page of the site on which nothing else happens
                way, ms = page.evaluate(BOOT)
                if way != "snapshot":
                    raise RuntimeError("Python did not start from the snapshot")
                times.append(ms)
                page.wait_for_timeout(1500)  # until the browser has kept what it may keep
                context.close()
    yield Found("Python ready, first visit", median(first), "ms", 1200)
    yield Found("Python ready, repeat visit", median(later), "ms", 400)


JOURNEY = (
    Measure("sample usable, cold, at 10 Mbit/s", "ms", 1500, ""),
    Measure("layout shift", "", 0.02, ""),
    Measure("longest interaction to next paint", "ms", 100, ""),
)
"""What is observed during a visit, in the order of what `visit` yields last."""


def visit(context: BrowserContext) -> Iterator[tuple[str, float]]:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    page.add_init_script(
        """window.observed = { shift: 0, interaction: 0 };
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) observed.shift += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            if (entry.interactionId) observed.interaction = Math.max(observed.interaction, entry.duration);
        }).observe({ type: "event", durationThreshold: 16, buffered: true });"""
    )
    page.goto("")
    usable = in_page(
        page, "while (!window.penstock) await sleep(5); await penstock.ready; return await painted();"
    )
    session.send(
        "Network.emulateNetworkConditions", {**SLOW, "downloadThroughput": -1, "uploadThroughput": -1}
    )
    for row in MEASURES:
        yield row.measure, float(in_page(page, row.script))
    slider = page.get_by_test_id("slider").first
    for key in ("ArrowRight", "ArrowLeft", "End", "Home"):
        slider.press(key)
    page.get_by_test_id("tab-variables").click()
    page.get_by_test_id("time-bar").press("Home")
    page.wait_for_timeout(300)
    observed: dict[str, float] = page.evaluate("observed")
    for row, value in zip(JOURNEY, (usable, observed["shift"], observed["interaction"]), strict=True):
        yield row.measure, float(value)


def in_page(page: Page, script: str) -> Any:
    return page.evaluate(f"async () => {{ {HELPERS} {script} }}")
