"""What tests of the embed share: bundles as `penstock export` writes them, pages around them, and a browser's page."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import build
from penstock.abi import ABI
from penstock.compiler import Compiled, compile_file, compile_text
from penstock.layout import diagram

PATIENCE = 15
SHOWN = ("sir", "predator-prey", "teacup", "fishery", "bass-diffusion")
_numbers = count()

STRICT = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; "
    "worker-src blob:; img-src 'self'"
)
"""A policy without unsafe-inline and unsafe-eval, as the manual says that the element needs it at most."""

GROWTH = """model Growth
time 0 to 10 by 0.5 {year}
stock Level = 100 {unit}
  in growth
flow growth = rate * Level {unit/year}
const rate = 0.1 {1/year} slider 0 to 1
const `a <b> & 'c'` = 2 slider 0 to 4
"""
"""Euler: every step of half a year multiplies Level by 1 + rate / 2."""

POSTER = '<img src="poster.svg" alt="A poster of the model" width="720" height="420">'


def bundle(compiled: Compiled, **other: object) -> dict[str, Any]:
    """A bundle; its blob is inside where no address of it is given."""
    blob = compiled.blob
    inside = "data:application/wasm;base64," + base64.b64encode(blob).decode()
    return {
        "penstock": 1,
        "abi": ABI,
        "wasm": inside,
        "sha256": hashlib.sha256(blob).hexdigest(),
        "bytes": len(blob),
        "model": compiled.layout["model"],
        "document": compiled.document,
        "diagram": None,
        "poster": None,
        "view": {},
        **other,
    }


def growth() -> Compiled:
    return compile_text(GROWTH, "growth.pen")


def write_site(folder: Path) -> None:
    """The element, the sample models and a poster, in one folder."""
    if not (build.EMBED / "manifest.json").exists():
        pytest.fail("the embed is not built: run `python build.py embed`")
    shutil.copytree(build.EMBED, folder, dirs_exist_ok=True)
    models = {name: compile_file(build.SAMPLES / f"{name}.pen") for name in SHOWN}
    for name, compiled in {**models, "growth": growth()}.items():
        made = build.DIST / "samples" / f"{name}.diagram.json"
        drawn = (
            json.loads(made.read_text(encoding="utf-8"))
            if made.exists()
            else diagram(compiled.model).to_json()
        )
        (folder / f"{name}.wasm").write_bytes(compiled.blob)
        write_json(folder / f"{name}.json", bundle(compiled, wasm=f"{name}.wasm", diagram=drawn))
    (folder.parents[1] / "favicon.ico").write_bytes(b"")
    (folder / "poster.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 420">'
        '<rect width="720" height="420" fill="#cde"/></svg>'
    )
    (folder / "page.css").write_text(
        "body { margin: 0; font: 16px/1.6 sans-serif } main { max-width: 720px; margin: auto }"
        "penstock-model:not(:defined) { display: block; height: 420px }"  # as the manual says
    )


def write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")


def page_of(body: str, policy: str = STRICT, head: str = "") -> str:
    """A page of some prose and models."""
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Handbook</title>
<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="stylesheet" href="page.css">{head}<script type="module" src="penstock-embed.js"></script></head>
<body><main><h1>Handbook</h1>{body}</main></body></html>"""


def show(page: Page, folder: Path, body: str, **how: str) -> str:
    """Opens a page with this inside, whose models are not loaded yet, and returns its name."""
    name = f"page{next(_numbers)}.html"  # a browser may keep one that was changed within a second
    (folder / name).write_text(page_of(body, **how), encoding="utf-8")
    page.goto(name)
    return name


def ready(page: Page, which: str = "penstock-model") -> None:
    """Waits until the elements have drawn their first run."""
    page.evaluate(
        "which => Promise.all([...document.querySelectorAll(which)].map(el => el.ready)).then(() => 0)", which
    )


def until(page: Page, expression: str, patience: float = PATIENCE) -> Any:
    """The value of an expression as soon as it is true; the policy forbids Playwright's own way."""
    end = time.monotonic() + patience
    while not (value := page.evaluate(expression)):
        if time.monotonic() > end:
            pytest.fail(f"did not become true within {patience} s: {expression}")
        page.wait_for_timeout(20)
    return value


ONE = '<penstock-model src="growth.json"></penstock-model>'
MODEL = "document.querySelector('penstock-model')"


def level(rate: float) -> float:
    """Euler's Level after twenty steps of half a year."""
    return 100.0 * (1 + rate / 2) ** 20


def last(page: Page, which: str = "penstock-model") -> float:
    return page.evaluate("which => document.querySelector(which).series('Level').at(-1)", which)


def heard(page: Page, *events: str) -> None:
    """Collects these events in `window.heard`."""
    page.evaluate(
        """events => {
            window.heard = [];
            for (const name of events) document.addEventListener(`penstock-${name}`, e => heard.push([name, e.detail]));
        }""",
        list(events),
    )
