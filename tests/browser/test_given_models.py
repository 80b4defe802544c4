"""Models from elsewhere, opened in the page: both engines run them there, with equal bits, as on the command line."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.reader import drop, until
from penstock.compiler import compile_file
from penstock.run import simulate

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["teacup.mdl", "fishbanks.xmile", "wrld3-03.mdl"])
def test_a_model_file_runs_on_both_engines_with_the_bits_of_the_command_line(
    page: Page, bench_models: Path, name: str
) -> None:
    page.goto("")
    page.get_by_test_id("play").wait_for()
    page.get_by_test_id("engine-both").check(force=True)
    drop(page, name, (bench_models / name).read_bytes())
    state = until(
        page, lambda now: now["file"] == name and now["verdict"]["state"] in ("same", "different"), 60
    )
    assert state["verdict"]["state"] == "same"
    expected = simulate(compile_file(bench_models / name), engine="vm")
    for variable in expected.names:
        assert page.evaluate("name => penstock.series(name)", variable) == list(expected.series(variable)), (
            variable
        )
