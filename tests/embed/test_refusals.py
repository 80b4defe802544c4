"""What is not right is said in the model's place, and what leads on to the workbench waits for a click."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.reader import unpacked
from embed.site_of import (
    GROWTH,
    MODEL,
    ONE,
    POSTER,
    bundle,
    growth,
    heard,
    last,
    level,
    ready,
    show,
    until,
    write_json,
)


def wrong_bundles() -> list[tuple[str, dict[str, object], str]]:
    return [
        ("lacks", {"sha256": None}, 'no usable "sha256"'),
        ("digest", {"sha256": "0" * 64}, "is not the one that its bundle names"),
        ("abi", {"abi": 999}, "interface 999"),
        ("format", {"penstock": 2}, "format 2"),
        ("blob", {"wasm": "growth.json"}, "is not the one that its bundle names"),
        ("document", {"document": {"name": "x"}}, 'no usable "document"'),
        ("diagram", {"diagram": {"symbols": 3}}, 'no usable "diagram"'),
    ]


@pytest.mark.parametrize(("name", "change", "said"), wrong_bundles(), ids=[row[0] for row in wrong_bundles()])
def test_a_bundle_that_is_not_right_is_refused_in_its_place(
    page: Page, folder: Path, name: str, change: dict[str, object], said: str
) -> None:
    write_json(folder / "wrong.json", bundle(growth(), **{"wasm": "growth.wasm", **change}))
    show(page, folder, f'<penstock-model src="wrong.json">{POSTER}</penstock-model>')
    heard(page, "error")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert said in alert.inner_text()
    assert (
        page.evaluate("document.querySelector('penstock-model').ready.then(() => 'ready', e => e.message)")
        in alert.inner_text()
    )


@pytest.mark.parametrize("src", ["nowhere.json", "page.css", "#nothing", ""])
def test_an_address_without_a_bundle_is_said_in_its_place(
    page: Page, folder: Path, src: str, expected_errors: list[str]
) -> None:
    if src == "nowhere.json":
        expected_errors.append("404")
    show(page, folder, f'<penstock-model src="{src}"></penstock-model>')
    page.get_by_role("alert").wait_for()
    page.evaluate(f"{MODEL}.setAttribute('src', 'growth.json')")
    ready(page)  # another address is another chance
    assert last(page) == pytest.approx(level(0.1), rel=1e-14)


def test_a_policy_without_webassembly_is_named(page: Page, folder: Path, expected_errors: list[str]) -> None:
    show(page, folder, ONE, policy="default-src 'self'; script-src 'self'; worker-src blob:")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "wasm-unsafe-eval" in alert.inner_text()


def test_names_that_the_model_lacks_are_said_and_the_rest_works(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="growth.json" sliders="rate,ratio" plots="Levle" params="rate=x"></penstock-model>',
    )
    ready(page)
    note = page.get_by_role("status").inner_text()
    for said in ("“ratio”", "“Levle”", "“x” is no number for rate"):
        assert said in note
    assert page.get_by_test_id("slider").count() == 1


def test_hostile_names_are_only_words(page: Page, folder: Path) -> None:
    compiled = growth()
    hostile = "<img src=x onerror=alert(1)>"
    document = {**compiled.document, "name": hostile, "documentation": hostile, "time_units": hostile}
    write_json(
        folder / "hostile.json",
        bundle(compiled, document=document, poster="javascript:alert(1)", workbench="javascript:alert(1)"),
    )
    show(page, folder, '<penstock-model src="hostile.json"></penstock-model>')
    ready(page)
    assert page.evaluate(f"{MODEL}.shadowRoot.querySelectorAll('.frame img[src=x]').length") == 0
    assert page.evaluate(f"{MODEL}.workbench") is None
    assert page.get_by_test_id("edit").count() == 0


def test_editing_opens_the_workbench_with_model_and_values(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="growth.json" workbench="bench/" params="rate=0.25"></penstock-model>',
    )
    ready(page)
    link = page.evaluate(f"{MODEL}.link()")
    assert "/docs/v1/bench/#m=" in link
    said = unpacked(link)
    assert (said["v"], said["text"], said["values"], said["plotted"]) == (
        1,
        GROWTH,
        {"rate": 0.25},
        ["Level"],
    )


def test_the_reference_engine_is_loaded_only_after_a_click(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="growth.json" engine="vm" workbench="other.html"></penstock-model>',
        policy="default-src 'self'; script-src 'self'; frame-src 'self'",
    )
    (folder / "other.html").write_text("<!doctype html><title>Workbench</title>")
    start = page.get_by_test_id("start")
    start.wait_for()
    assert len(page.frames) == 1
    start.click()
    until(page, f"{MODEL}.stage.is === 'workbench'")
    page.wait_for_timeout(100)
    assert "other.html#m=" in page.frames[1].url
    assert unpacked(page.frames[1].url)["engine"] == "vm"


def test_numbers_unlike_the_reference_engine_s_are_told(page: Page, folder: Path) -> None:
    write_json(folder / "differs.json", bundle(growth(), reference="0" * 64))
    show(page, folder, "")
    heard(page, "engine-mismatch")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<penstock-model src=\"differs.json\"></penstock-model>'"
    )
    until(page, "heard.length === 1")
