"""The page without a network: what it kept, and how it gets newer."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import build
from browser.reader import SMALL, open_text, series, until

pytestmark = pytest.mark.browser


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A copy of the site two folders below a static host's root, and its address."""
    folder = tmp_path / "some/where"
    shutil.copytree(build.DIST, folder)
    with build.StaticServer(tmp_path) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}/some/where/"
        server.shutdown()
        thread.join()


def visited(browser: Browser, address: str) -> Page:
    """A page whose service worker has kept the page's files."""
    page = browser.new_context().new_page()
    page.goto(address)
    until(page, lambda now: now["phase"] == "ready")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    until(page, lambda now: page.evaluate("navigator.serviceWorker.controller !== null"))
    return page


def kept(page: Page) -> int:
    return page.evaluate("async () => (await (await caches.open('penstock-files')).keys()).length")


def listed(folder: Path, kind: str) -> list[str]:
    text = (folder / "service-worker.js").read_text(encoding="utf-8")
    return list(json.loads(text.removeprefix("const FILES=").split(";\n")[0])[kind])


def test_after_one_visit_the_page_runs_without_a_network_python_included(
    browser: Browser, place: tuple[Path, str]
) -> None:
    folder, address = place
    page = visited(browser, address)
    until(page, lambda now: now["python"] == "ready")
    all_files = len(listed(folder, "page")) + len(listed(folder, "python"))
    until(page, lambda now: kept(page) >= all_files - 2)  # files of the same content are kept once
    page.context.set_offline(True)
    page.goto("about:blank")
    page.goto(address)
    until(page, lambda now: now["phase"] == "ready")
    page.get_by_test_id("offline").wait_for()
    assert "Offline, saved here" in page.get_by_test_id("offline").inner_text()
    page.get_by_test_id("models").click()
    page.get_by_test_id("sample-teacup").click()
    until(page, lambda now: now["title"] == "Teacup" and now["phase"] == "ready")
    open_text(page, SMALL)
    until(page, lambda now: now["title"] == "Growth" and now["phase"] == "ready")
    assert series(page, "Level")[1] == 105
    page.get_by_test_id("share").click()  # a part that was never loaded before
    page.get_by_test_id("share-panel").wait_for()
    page.context.close()


def test_before_python_was_there_the_samples_still_run_without_a_network(
    browser: Browser, place: tuple[Path, str]
) -> None:
    folder, address = place
    page = browser.new_context().new_page()
    page.route("**/pyodide/**", lambda _: None)  # never answered
    page.goto(address)
    until(page, lambda now: now["phase"] == "ready")
    until(page, lambda now: kept(page) >= len(listed(folder, "page")) - 2)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    page.unroute_all()
    page.context.set_offline(True)
    page.goto("about:blank")
    page.goto(f"{address}#sample=fishery")
    until(page, lambda now: now["phase"] == "ready" and now["title"] == "Fishery")
    page.get_by_test_id("slider").first.press("ArrowRight")
    until(page, lambda now: now["overrides"])
    page.context.close()


def test_a_new_version_waits_until_the_reader_reloads(browser: Browser, place: tuple[Path, str]) -> None:
    folder, address = place
    page = visited(browser, address)
    index, worker = folder / "index.html", folder / "service-worker.js"
    old = index.read_bytes()
    index.write_bytes(old.replace(b"<title>Penstock", b"<title>Newer"))
    was, now_is = (str(build.described(file)["sha256"])[:16] for file in (build.DIST / "index.html", index))
    worker.write_text(worker.read_text(encoding="utf-8").replace(was, now_is), encoding="utf-8")
    page.evaluate("() => navigator.serviceWorker.getRegistration().then(found => void found.update())")
    until(page, lambda now: now["update"])
    page.reload()
    until(page, lambda now: now["phase"] == "ready" and now["update"])
    assert page.title() == "Penstock"  # the old version goes on until it is asked
    with page.expect_navigation():
        page.get_by_test_id("update").get_by_role("button").click()
    until(page, lambda now: now["phase"] == "ready" and not now["update"])
    assert page.title() == "Newer"
    page.context.close()


def test_a_file_of_another_version_is_not_kept(browser: Browser, place: tuple[Path, str]) -> None:
    """A server in the middle of an upload: the worker gives up and the page goes on from the server."""
    folder, address = place
    index = folder / "index.html"
    index.write_bytes(index.read_bytes().replace(b"<title>Penstock", b"<title>Newer"))
    page = browser.new_context().new_page()
    page.goto(address)
    until(page, lambda now: now["phase"] == "ready")
    page.wait_for_timeout(1500)
    assert page.evaluate("navigator.serviceWorker.controller") is None
    page.reload()
    until(page, lambda now: now["phase"] == "ready")
    page.context.close()


def test_the_worker_lists_every_file_of_the_page_and_none_twice() -> None:
    page, python = listed(build.DIST, "page"), listed(build.DIST, "python")
    assert {"index.html", "app.js", "app.css", "samples/index.json", "runner-worker.js"} <= set(page)
    assert {"pyodide/pyodide.asm.wasm", "python/manifest.json"} <= set(python)
    assert not set(page) & set(python)
    assert not [name for name in page + python if name.endswith(".map") or "service-worker" in name]
