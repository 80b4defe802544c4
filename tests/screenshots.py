"""Takes the pictures of the README from the built site: `python build.py screenshots`."""

import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import build
from conftest import CHROMIUM_ARGUMENTS

FOLDER = build.WEB / "images"
SHOTS = {
    "workbench": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "workbench-dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True},
}


def take(page: Page, path: Path) -> None:
    """The first sample on both engines, found identical, at a moment of interest."""
    page.goto("")
    page.get_by_test_id("play").wait_for()
    choice = page.get_by_test_id("engine-both")
    if choice.count():
        choice.check(force=True)
    else:
        page.get_by_test_id("engine").select_option("both")
    page.locator("[data-testid=verdict][data-state=same]").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=path)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with build.StaticServer(build.ROOT) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=build.find_chromium(), args=CHROMIUM_ARGUMENTS)
        for name, options in SHOTS.items():
            address = f"http://127.0.0.1:{server.server_port}/{build.DIST.name}/"
            with browser.new_context(base_url=address, **options) as context:
                take(context.new_page(), FOLDER / f"{name}.png")
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
