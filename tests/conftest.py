"""Fixtures that all tests share: how much to run, models in place, and the site in a browser."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

import build

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# An ordinary run draws the same examples every time, so that only a change of the code can fail it.
settings.register_profile("sample", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("long", deadline=None, max_examples=2000, print_blob=True)


# How much to run -----------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="full counts and the tests marked `long`")
    parser.addoption(
        "--corpus",
        type=Path,
        metavar="DIR",
        default=os.environ.get("PENSTOCK_CORPUS"),
        help="folder of public models with expected results, with a manifest.json (or $PENSTOCK_CORPUS)",
    )
    parser.addoption(
        "--bench-models",
        type=Path,
        metavar="DIR",
        default=os.environ.get("PENSTOCK_BENCH_MODELS"),
        help="folder of the models that speed is measured on (or $PENSTOCK_BENCH_MODELS)",
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("long" if config.getoption("--long") else "sample")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="runs only with --long"))


@pytest.fixture(scope="session")
def long_run(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(scope="session")
def scale(long_run: bool) -> Callable[[int, int], int]:
    """`scale(sample, full)` is the count to use: `full` with --long, `sample` otherwise."""
    return lambda sample, full: full if long_run else sample


# Models in place -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def corpus(pytestconfig: pytest.Config) -> Path:
    """The folder of the corpus; its manifest.json names the models."""
    folder = given_folder(pytestconfig, "--corpus", "PENSTOCK_CORPUS")
    if not (folder / "manifest.json").is_file():
        pytest.fail(f"the corpus has no manifest.json: {folder}")
    return folder


@pytest.fixture(scope="session")
def bench_models(pytestconfig: pytest.Config) -> Path:
    return given_folder(pytestconfig, "--bench-models", "PENSTOCK_BENCH_MODELS")


def given_folder(config: pytest.Config, option: str, variable: str) -> Path:
    given = config.getoption(option)
    if not given:
        pytest.skip(f"needs {option} DIR or ${variable}")
    folder = Path(given).resolve()
    if not folder.is_dir():
        pytest.fail(f"{option}: no such folder: {folder}")
    return folder


# The site and its browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def node() -> Path:
    return build.find_node().node


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of dist/ on a plain static host, below a path, since nothing in it may need the root."""
    if not (build.DIST / "index.html").exists():
        pytest.fail("the site is not built: run `python build.py site`")
    with build.StaticServer(build.ROOT) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{build.DIST.name}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = build.find_chromium()
    if chromium is None:
        pytest.fail("no Chromium on this machine: `python build.py test` installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def expected_errors() -> list[str]:
    """A test that provokes errors in the page appends a part of each message that it expects."""
    return []


@pytest.fixture
def page(browser: Browser, site: str, expected_errors: list[str]) -> Iterator[Page]:
    """A page with storage of its own, at no address yet; `page.goto("")` opens the site.

    The test fails when the page logs an error or throws one that it does not expect, and when an expected
    one does not come.
    """
    seen: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.append(f"{message.text} ({message.location['url']})")

    # A service worker would answer in the server's and in `route`'s place; tests/browser/test_offline.py has one.
    with browser.new_context(base_url=site, service_workers="block") as context:
        context.on("console", on_console)
        context.on("weberror", lambda event: seen.append(event.error.stack or event.error.message))
        yield context.new_page()
    unexpected = [error for error in seen if not any(part in error for part in expected_errors)]
    missing = [part for part in expected_errors if not any(part in error for error in seen)]
    if unexpected:
        pytest.fail("errors in the page:\n" + "\n".join(unexpected), pytrace=False)
    if missing:
        pytest.fail(f"errors that were expected did not come: {missing}", pytrace=False)
