"""Lit and the signals library in the embed are small ones of its own: views cannot tell them from the real ones."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from playwright.sync_api import Page

import build

HERE = Path(__file__).parent


def bundled(folder: Path, name: str, own: bool) -> None:
    source = build.WEB / "src/embed"
    aliases = [
        *(f"--alias:{path}={source / 'lit.ts'}" for path in ("lit/directive.js", "lit/directives/live.js")),
        f"--alias:lit/directives/repeat.js={source / 'lit.ts'}",
        f"--alias:lit={source / 'lit.ts'}",
        f"--alias:@preact/signals-core={source / 'signals.ts'}",
    ]
    command = [
        str(build.find_node().node),
        str(build.MODULES / "esbuild/bin/esbuild"),
        str(HERE / "replaced.ts"),
        *("--bundle", "--format=esm", "--target=es2022", "--log-level=warning", f"--outfile={folder / name}"),
        *(aliases if own else ()),
    ]
    subprocess.run(command, check=True, timeout=60, env={"NODE_PATH": str(build.MODULES), "PATH": "/usr/bin"})


def test_views_and_signals_do_the_same_with_ours_as_with_the_libraries(page: Page, folder: Path) -> None:
    logs = []
    for name, own in (("theirs.js", False), ("ours.js", True)):
        bundled(folder, name, own)
        (folder / "empty.html").write_text("<!doctype html><title>Empty</title><body>")
        page.goto("empty.html")
        logs.append(page.evaluate(f"import('./{name}').then(module => module.run())"))
    theirs, ours = logs
    assert len(theirs) > 30
    for number, (their, our) in enumerate(zip(theirs, ours, strict=False)):
        assert our == their, f"step {number}, after {json.dumps(theirs[max(0, number - 3) : number])}"
    assert len(ours) == len(theirs)
