"""The recipe for PyScript pages, in the page's own Pyodide: what PyScript does of it is done here by hand."""

import json
import re

import pytest
from playwright.sync_api import Page

import build

RECIPE = re.compile(r"^```html\n(.*?)^```", re.M | re.S)
SCRIPT = re.compile(r"""<script type="py" config='(.*?)'>\n(.*?)</script>""", re.S)
PYSCRIPT = """
import sys, types
from js import document, window
def display(text, target):
    document.getElementById(target).append(text)
sys.modules["pyscript"] = types.SimpleNamespace(display=display, document=document, window=window)
"""
RUN = """async ([wheels, code]) => {
    const { loadPyodide } = await import(new URL("pyodide/pyodide.mjs", document.baseURI).href);
    const python = await loadPyodide({ indexURL: new URL("pyodide/", document.baseURI).href });
    for (const wheel of wheels) {
        const reply = await fetch(new URL(`python/${wheel}`, document.baseURI));
        python.unpackArchive(await reply.arrayBuffer(), "wheel");
    }
    await python.runPythonAsync(code);
    const model = await document.querySelector("penstock-model").ready;
    model.setParams({ tau: 4 });
    return new Promise(done => model.addEventListener("penstock-result", () => done(model.series("Tea").at(-1))));
}"""


@pytest.mark.browser
def test_the_recipe_s_python_fills_the_element(page: Page) -> None:
    html = RECIPE.findall((build.WEB / "manual/pyscript.md").read_text(encoding="utf-8"))[0]
    [(config, code)] = SCRIPT.findall(html)
    served = re.sub(r'src="pyscript/core.js"', "", html).replace(
        "penstock-embed.js", "embed/penstock-embed.js"
    )
    page.route("**/recipe.html", lambda route: route.fulfill(body=served, content_type="text/html"))
    page.goto("recipe.html")
    wheels = [wheel.removeprefix("./") for wheel in json.loads(config)["packages"]]
    computed = page.evaluate(RUN, [wheels, PYSCRIPT + code])
    euler = 70 + 110 * (1 - 0.125 / 4) ** 240
    assert computed == pytest.approx(euler, rel=1e-12)
    assert page.locator("#said").inner_text() == f"With tau = 4, it is {euler:.2f} degF after half an hour."
