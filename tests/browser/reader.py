"""What tests of the page share: how a reader opens things, and how to wait without eval, which the policy forbids."""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

import build

# Loading Python takes seconds on a small machine.
PATIENCE = 60
HOSTILE = "<img src=x onerror=window.hacked=1> fish"

SMALL = """model Growth
time 0 to 10 by 0.5 {year}
stock Level = 100 {unit}
  in growth
flow growth = rate * Level {unit/year}
const rate = 0.1 {1/year} slider 0 to 1
"""


def state(page: Page) -> dict[str, Any]:
    return page.evaluate("penstock.state()")


def series(page: Page, name: str) -> list[float]:
    return page.evaluate("name => penstock.series(name)", name)


def until(page: Page, holds: Callable[[dict[str, Any]], Any], patience: float = PATIENCE) -> dict[str, Any]:
    """The page's state as soon as `holds` is true of it."""
    end = time.monotonic() + patience
    while True:
        now = page.evaluate("window.penstock?.state ? penstock.state() : null")
        if now and holds(now):
            return now
        if time.monotonic() > end:
            left_out = ("text", "values", "groups")
            shown = {key: value for key, value in (now or {}).items() if key not in left_out}
            pytest.fail(f"did not happen within {patience} s; the page is at {json.dumps(shown, indent=1)}")
        page.wait_for_timeout(30)


def open_sample(page: Page, name: str = "sir") -> dict[str, Any]:
    page.goto(f"#sample={name}")
    return until(page, lambda now: now["phase"] == "ready")


def open_text(page: Page, text: str, name: str = "model.pen") -> None:
    drop(page, name, text.encode())


def drop(page: Page, name: str, content: bytes) -> None:
    """Opens a file as the reader does, by the menu."""
    page.get_by_test_id("models").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("open-file").click()
    chooser.value.set_files({"name": name, "mimeType": "text/plain", "buffer": content})


def packed(content: object) -> str:
    """What stands after `#m=`: raw deflate, base64 for addresses; written here once more, apart from the page."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.urlsafe_b64encode(squeezer.compress(text) + squeezer.flush()).decode().rstrip("=")


def unpacked(link: str) -> dict[str, Any]:
    payload = link.split("#m=")[1]
    return json.loads(zlib.decompress(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), -15))


def serious(page: Page) -> list[str]:
    """What axe finds that keeps people out, with the element it is about."""
    page.evaluate((build.MODULES / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{row['id']}: {row['help']}: {node['target']} {node['failureSummary']}"
        for row in found["violations"]
        if row["impact"] in ("serious", "critical")
        for node in row["nodes"]
    ]


def editor(page: Page) -> Any:
    """The editor, which stands in the diagram's place once it is asked for; phones have a tab for it."""
    toggle = page.get_by_test_id("toggle-text")
    if toggle.count() and toggle.get_attribute("aria-pressed") == "false":
        toggle.click()
    found = page.get_by_test_id("editor")
    found.wait_for()
    return found


def replace_text(page: Page, old: str, new: str) -> None:
    """Types `new` over `old`, which stands once in the visible text."""
    editor(page).evaluate(
        """(content, old) => {
            for (const line of content.querySelectorAll(".cm-line")) {
                const at = line.textContent.indexOf(old);
                if (at < 0) continue;
                const place = offset => {
                    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
                    let node = walker.nextNode();
                    for (; offset > node.data.length; node = walker.nextNode()) offset -= node.data.length;
                    return [node, offset];
                };
                content.focus();
                getSelection().setBaseAndExtent(...place(at), ...place(at + old.length));
                return;
            }
            throw new Error(`not in the text: ${old}`);
        }""",
        old,
    )
    page.wait_for_timeout(50)  # the editor reads the selection with the next event
    page.keyboard.insert_text(new)


def page_at_start(page: Page) -> Page:
    page.goto("")
    until(page, lambda now: now["phase"] == "ready")
    return page
