"""Models in notebooks: live in JupyterLab, live without Python in what was exported, and a picture elsewhere."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from array import array
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import build
import penstock

TEA = """model Tea
time 0 to 30 by 0.125 {minute}
stock Tea = 180 {degF}
  out cooling
flow cooling = (Tea - room temperature) / tau {degF/minute}
const room temperature = 70 {degF} slider 40 to 100
const tau = 10 {minute} slider 1 to 30
"""
SHOW = f'import penstock\nmodel = penstock.load("""{TEA}""")\nwidget = model.widget(height=400)\nwidget'
ALL = "[...document.querySelectorAll('penstock-model')]"


def tea(room: float = 70, tau: float = 10, minutes: float = 30) -> float:
    """Euler's temperature after steps of an eighth of a minute."""
    return room + (180 - room) * (1 - 0.125 / tau) ** (minutes * 8)


def notebook(*cells: str) -> str:
    rows = [
        {
            "cell_type": "code",
            "id": f"c{at}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": text,
        }
        for at, text in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": rows, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


# In Python -----------------------------------------------------------------------------------------------


def test_params_are_all_constants_and_one_left_out_gets_its_own_value_back() -> None:
    widget = penstock.load(TEA).widget(params={"tau": 4})
    assert widget.params == {"room temperature": 70, "tau": 4}
    widget.params = {"Room_Temperature": 20}
    assert widget.params == {"room temperature": 20, "tau": 10}


@pytest.mark.parametrize(
    ("params", "code"), [({"taw": 3}, "PEN201"), ({"Tea": 3}, "PEN201"), ({"tau": float("inf")}, "PEN514")]
)
def test_params_that_no_slider_can_have_are_refused(params: dict[str, float], code: str) -> None:
    widget = penstock.load(TEA).widget()
    with pytest.raises(penstock.PenstockError, match=code):
        widget.params = params
    assert widget.params == {"room temperature": 70, "tau": 10}


def test_options_may_be_said_as_python_says_them() -> None:
    model = penstock.load(TEA)
    said = model.widget(
        sliders=["tau"], plots=[["Tea", "room temperature"], ["cooling"]], height=300, loop=True, t=12
    )
    written = model.widget(
        sliders="tau", plots="Tea, room temperature; cooling", height="300", loop="", t="12"
    )
    assert said._bundle["view"] == written._bundle["view"]
    assert said._bundle["view"]["plots"] == [["Tea", "room temperature"], ["cooling"]]
    assert said.time == written.time == 12
    with pytest.raises(penstock.PenstockError, match="PEN514"):
        model.widget(slider=["tau"])


def test_the_reference_engine_answers_for_the_constants_that_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widget = penstock.load(TEA).widget()
    sent: list[tuple[dict[str, Any], list[bytes]]] = []
    monkeypatch.setattr(widget, "send", lambda said, buffers=(): sent.append((said, list(buffers))))
    widget._asked(widget, {"run": 7, "params": {"tau": 4.0}}, [])
    widget._asked(widget, {"run": 8, "params": {"taw": 4.0}}, [])
    (said, [data]), (refused, []) = sent
    assert (said["run"], said["rows"]) == (7, 241)
    at = said["columns"].index("Tea")
    assert array("d", data)[(at + 1) * 241 - 1] == pytest.approx(tea(tau=4), rel=1e-12)
    assert refused["run"] == 8
    assert "PEN201" in refused["problem"]


def test_without_anywidget_a_model_is_a_text_and_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    model = penstock.load(TEA)
    widget = "application/vnd.jupyter.widget-view+json"
    assert model._repr_mimebundle_().keys() == {widget, "text/plain", "image/svg+xml"}
    assert ">Tea<" in model._repr_mimebundle_()["image/svg+xml"]
    monkeypatch.setitem(sys.modules, "anywidget", None)
    assert model._repr_mimebundle_().keys() == {"text/plain", "image/svg+xml"}
    with pytest.raises(penstock.PenstockError, match="pip install anywidget"):
        model.widget()


def test_the_manual_s_cells_run() -> None:
    page = (build.WEB / "manual/notebooks.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for cell in re.findall(r"^```python\n(.*?)^```", page, re.M | re.S):
        exec(cell, names)
    assert names["widget"].params == {"room temperature": 70, "tau": 4}
    assert names["run"]["Tea"][-1] == pytest.approx(tea(), rel=1e-12)


# In the browser ------------------------------------------------------------------------------------------


def ready(page: Page) -> None:
    page.locator("penstock-model").first.wait_for(timeout=60_000)
    page.evaluate(f"Promise.all({ALL}.map(model => model.ready)).then(() => 0)")


def last(page: Page) -> list[float]:
    found: list[float] = page.evaluate(f"{ALL}.map(model => model.series('Tea').at(-1))")
    return found


def to_the_right_end(page: Page, slider: Locator) -> None:
    slider.click()
    page.keyboard.press("End")
    expect(slider).to_have_value("100")


@pytest.mark.browser
def test_in_jupyterlab_a_slider_moves_the_curve_and_python_follows(
    page: Page, notebooks: Path, site: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    (notebooks / "tea.ipynb").write_text(notebook(SHOW, "print(1)"), encoding="utf-8")
    page.goto("lab/tree/tea.ipynb")
    cells = page.locator(".jp-Notebook .jp-Cell")
    cells.first.click(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    ready(page)
    assert last(page) == [pytest.approx(tea(), rel=1e-12)]
    expect(cells.last).to_contain_text("[2]:")

    def python(code: str) -> None:
        cells.last.locator(".cm-content").click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(code)
        page.keyboard.press("ControlOrMeta+Enter")

    # While Python is busy, which shows that the curve asks nothing of it.
    python("import time; time.sleep(4); print('done', widget.params['tau'])")
    expect(cells.last).to_contain_text("[*]:")
    to_the_right_end(page, page.locator("penstock-model input[type=range]").first)
    page.keyboard.press("b")  # JupyterLab's command for a new cell, were it not in the model
    page.wait_for_function(f"{ALL}[0].series('Tea').at(-1) > 100")
    assert last(page) == [pytest.approx(tea(room=100), rel=1e-12)]
    expect(cells.last).to_contain_text("[*]:")
    expect(cells).to_have_count(2)
    expect(cells.last).to_contain_text("done 10.0", timeout=20_000)
    python("print('room', widget.params['room temperature'])")
    expect(cells.last).to_contain_text("room 100.0")

    python("widget.params = {'tau': 3}; widget.time = 20; widget.engine = 'vm'; print('set')")
    expect(page.get_by_role("status").first).to_have_text(
        "The reference engine computed the same 1,205 values, to the last bit.", timeout=20_000
    )
    assert last(page) == [pytest.approx(tea(tau=3), rel=1e-12)]
    assert page.evaluate(f"{ALL}[0].time") == 20
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")  # as JupyterLab says that it is dark
    expect(page.locator("[data-theme=dark] > penstock-model")).to_have_count(1)
    assert all(url.startswith((site, f"ws{site[4:]}", "blob:", "data:")) for url in asked), asked


HOST = """<!doctype html><meta charset="utf-8"><body><script type="module">
const { state, buffers } = JSON.parse(document.body.dataset.widget);
const bytes = data => Uint8Array.from(atob(data), letter => letter.charCodeAt());
for (const { path, data } of buffers) state[path[0]] = new DataView(bytes(data).buffer);
const nothing = () => {};
const set = (name, value) => (state[name] = value);
const model = { get: name => state[name], set, save_changes: nothing, send: nothing, on: nothing, off: nothing };
const module = await import(URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" })));
module.default.render({ model, el: document.body });
window.state = state;
</script>"""
"""What stands for Jupyter's own scripts, which exported pages load from a public host: traits without a Python."""


@pytest.mark.browser
def test_in_an_exported_notebook_sliders_work_without_python(
    page: Page, jupyter: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "tea.ipynb"
    file.write_text(notebook(SHOW + ".params = {'tau': 3}\nwidget"), encoding="utf-8")
    command = [build.PYTHON, "-m", "nbconvert", "--execute", "--to", "html", file]
    subprocess.run(command, env=jupyter, check=True, capture_output=True)
    html = file.with_suffix(".html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/vnd.jupyter.widget-state\+json">(.*?)</script>', html, re.S)
    assert found
    saved = json.loads(found[1].replace("<\\/", "</"))
    [widget] = [row for row in saved["state"].values() if row["model_name"] == "AnyModel"]
    assert all(base64.b64decode(row["data"]) for row in widget["buffers"])
    body = json.dumps(widget).replace("&", "&amp;").replace("'", "&#39;")
    page.route(
        "https://exported.example/",
        lambda route: route.fulfill(
            body=HOST.replace("<body>", f"<body data-widget='{body}'>"), content_type="text/html"
        ),
    )
    page.goto("https://exported.example/")
    ready(page)
    assert last(page) == [pytest.approx(tea(tau=3), rel=1e-12)]
    to_the_right_end(page, page.locator("input[type=range]").first)
    page.wait_for_function("state.params['room temperature'] === 100")
    page.wait_for_function(f"{ALL}[0].series('Tea').at(-1) > 99")
    assert last(page) == [pytest.approx(tea(room=100, tau=3), rel=1e-12)]
