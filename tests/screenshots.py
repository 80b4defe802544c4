"""Takes the pictures of the README from the built site: `python build.py screenshots`."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

import build
from conftest import CHROMIUM_ARGUMENTS

FOLDER = build.WEB / "images"
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def compared(page: Page) -> None:
    """The first sample on both engines, found identical, at a moment of interest."""
    choice = page.get_by_test_id("engine-both")
    if choice.count():
        choice.check(force=True)
    else:
        page.get_by_test_id("engine").select_option("both")
    page.locator("[data-testid=verdict][data-state=same]").wait_for()
    page.mouse.move(1, 400)


def asked(page: Page) -> None:
    """A slider in hand: the curves answer, those of before stay as ghosts."""
    slider = page.get_by_test_id("slider").and_(page.locator('[data-name="contact rate"]'))
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.72, box["y"] + box["height"] / 2, steps=8)


def explained(page: Page) -> None:
    """A variable with its equation, causes and loops, on both engines."""
    compared(page)
    page.locator('ps-diagram [data-name="infection"] .knob').first.click()
    page.locator("ps-equation .cm-content").first.wait_for()
    page.mouse.move(1, 400)


SHOTS: dict[str, tuple[dict[str, Any], Callable[[Page], None]]] = {
    "asking": ({**DESKTOP, "color_scheme": "light"}, asked),
    "workbench-dark": ({**DESKTOP, "color_scheme": "dark"}, explained),
    "phone": ({**PHONE, "color_scheme": "light"}, compared),
}
"""Pictures: what the browser is, and what is done before it is taken."""


def take(page: Page, path: Path, act: Callable[[Page], None]) -> None:
    page.goto("")
    page.get_by_test_id("play").wait_for()
    page.locator("ps-diagram-tools .bar").wait_for()  # the last that Python brings
    act(page)
    page.wait_for_timeout(500)
    page.screenshot(path=path)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with build.StaticServer(build.ROOT) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=build.find_chromium(), args=CHROMIUM_ARGUMENTS)
        for name, (options, act) in SHOTS.items():
            address = f"http://127.0.0.1:{server.server_port}/{build.DIST.name}/"
            with browser.new_context(base_url=address, **options) as context:
                take(context.new_page(), FOLDER / f"{name}.png", act)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
