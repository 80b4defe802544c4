"""Pages of generators and of `penstock export` as readers have them: live, below a path, and without scripts."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import build
from docs.sites import GROWTH, TEA, done, element, fence, indented

pytestmark = pytest.mark.browser

MKDOCS = """site_name: Handbook
theme: {name: material, font: false, features: [navigation.instant]}
site_url: ADDRESS
markdown_extensions: [pymdownx.superfences]
plugins: [penstock]
"""
CONF = 'extensions = ["penstock.docs.sphinx"]\nhtml_theme = "furo"\nhtml_favicon = "icon.svg"\n'


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Where sites are served from, each below a path, and the folder that they stand in."""
    root = tmp_path_factory.mktemp("sites")
    real = element(root, real=True)
    with build.StaticServer(root) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        for name, text in (
            ("material/mkdocs.yml", MKDOCS.replace("ADDRESS", f"{address}/material/site/")),
            ("material/docs/index.md", "# Tea\n\n" + fence(TEA, 'height=420 caption="Let it cool."')),
            ("material/docs/deep/more.md", "# Growth\n\n" + fence(GROWTH)),
            ("furo/conf.py", CONF),
            ("furo/index.rst", f"Tea\n===\n\n.. penstock::\n   :height: 420\n\n{indented(TEA, 3)}"),
            ("furo/icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
            ("tea.pen", TEA),
        ):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        done(real, "mkdocs", "build", "-q", cwd=root / "material")
        done(real, "sphinx", "-q", "-b", "dirhtml", ".", "site", cwd=root / "furo")
        done(real, "penstock", "export", "tea.pen", "--out", "tea.html", cwd=root)
        yield address, root
        server.shutdown()
        thread.join()


def last(page: Page, name: str) -> float:
    """A variable's last value in the first model of the page, when that has run."""
    return page.locator("penstock-model").first.evaluate(
        "async (model, name) => (await model.ready, model.series(name).at(-1))", name
    )


def assert_it_cools(page: Page) -> None:
    """The last value is what Euler's method gives, before and after the room is made as warm as it gets."""
    steps, share = 240, 1 - 0.125 / 10
    assert last(page, "Temperature") == pytest.approx(70 + 110 * share**steps, rel=1e-12)
    with page.expect_event("console", lambda message: message.text == "moved"):
        page.evaluate("addEventListener('penstock-result', () => console.log('moved'), { once: true })")
        page.get_by_role("slider", name="room").first.press("End")
    assert last(page, "Temperature") == pytest.approx(100 + 80 * share**steps, rel=1e-12)


@pytest.mark.parametrize("path", ["material/site/", "furo/site/"])
def test_a_slider_moves_the_curve_of_a_page_below_a_path(
    page: Page, sites: tuple[str, Path], path: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{sites[0]}/{path}")
    assert_it_cools(page)
    assert all(url.startswith((sites[0], "blob:", "data:")) for url in asked)
    assert not any("pyodide" in url for url in asked)


def test_instant_navigation_leads_to_live_models_and_back(page: Page, sites: tuple[str, Path]) -> None:
    page.goto(f"{sites[0]}/material/site/")
    assert_it_cools(page)
    page.evaluate("window.sameDocument = true")
    page.goto(f"{sites[0]}/material/site/#")  # nothing may hide the links
    page.get_by_role("link", name="Deep").or_(page.get_by_text("Deep", exact=True)).first.click()
    page.locator("a[href$='deep/more/']").first.click()
    page.get_by_role("heading", name="Growth").wait_for()
    assert last(page, "Level") == pytest.approx(100 * 1.05**20, rel=1e-12)
    assert page.evaluate("window.sameDocument") is True
    page.go_back()
    page.get_by_role("heading", name="Tea").wait_for()
    assert_it_cools(page)


def test_a_page_in_one_file_works_from_a_folder(page: Page, sites: tuple[str, Path]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((sites[1] / "tea.html").as_uri())
    assert_it_cools(page)
    assert not any(url.startswith("http") for url in asked)


def test_readers_without_scripts_see_poster_and_caption(browser: Browser, sites: tuple[str, Path]) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{sites[0]}/material/site/")
        poster = page.locator("penstock-model img")
        assert poster.is_visible()
        assert (poster.bounding_box() or {})["width"] > 500
        assert page.get_by_text("Let it cool.").is_visible()
        assert "Temperature goes from 180 to 75.37 degF." in (poster.get_attribute("alt") or "")


def test_the_manual_s_own_models_are_live_and_nothing_leaves_its_site(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("manual/tutorial.html")
    models = page.locator("penstock-model")
    assert models.count() == 3
    for number in range(3):
        models.nth(number).scroll_into_view_if_needed()
        assert (
            models.nth(number).evaluate("async model => (await model.ready, model.series('Time').length)")
            > 50
        )
    page.locator("header a.md-logo").click()
    page.get_by_test_id("models").wait_for()  # the workbench
    assert all(url.startswith((site, "blob:", "data:")) for url in asked)
