"""What is published: the same bytes for the same sources, whole, and able to do what it is for without the checkout."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

import build
from docs.sites import GROWTH

FILES = "penstock/export/files"


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, the sdist and the npm package, built twice: `one` now, `two` elsewhere with a clock that runs on."""
    if not (build.EMBED / "manifest.json").exists():
        pytest.fail("the element is not built: run `python build.py embed`")
    root = tmp_path_factory.mktemp("release")
    for name in ("one", "two"):
        sources, out = root / f"{name} of two", root / name
        sources.mkdir()
        out.mkdir()
        build.pack_python(sources, out)
        build.pack_npm(out)
        time.sleep(1.1)  # archives count in seconds

    return root


def test_two_builds_give_equal_bytes(artefacts: Path) -> None:
    one, two = (sorted((artefacts / name).iterdir()) for name in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two]
    assert {path.suffix for path in one} == {".whl", ".gz", ".tgz"}
    for first, second in zip(one, two, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def test_wheel_and_sdist_hold_the_element_and_what_plugins_need(artefacts: Path) -> None:
    (wheel,), (sdist,) = ((artefacts / "one").glob(pattern) for pattern in ("*.whl", "*.tar.gz"))
    with zipfile.ZipFile(wheel) as archive:
        for name in build.EMBED_PAGES:
            assert archive.read(f"{FILES}/{name}") == (build.EMBED / name).read_bytes()
        names = archive.namelist()
        (points,) = (name for name in names if name.endswith("entry_points.txt"))
        assert (
            "[mkdocs.plugins]\npenstock = penstock.docs.mkdocs:PenstockPlugin"
            in archive.read(points).decode()
        )
    assert "penstock/docs/quarto/_extensions/penstock/_extension.yml" in names
    assert not any("__pycache__" in name or name.endswith(".pyc") for name in names)
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/pyengine/")[2] for name in archive.getnames()}
    assert {f"{FILES}/{name}" for name in build.EMBED_PAGES} <= inside


def test_an_unpacked_wheel_makes_pages_by_itself(artefacts: Path, tmp_path: Path) -> None:
    (wheel,) = (artefacts / "one").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    (tmp_path / "growth.pen").write_text(GROWTH)
    command = [sys.executable, "-m", "penstock", "export", "growth.pen", "--out", "live/"]
    # First on the path, so that nothing of the checkout is used.
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=60)
    listed = json.loads((tmp_path / "live/manifest.json").read_text(encoding="utf-8"))
    assert {"growth.json", "growth.wasm", "penstock-embed.js", "penstock-embed-more.js"} <= set(
        listed["files"]
    )
    for row in listed["files"].values():
        content = (tmp_path / "live" / row["file"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(content).hexdigest()
    module = (tmp_path / "live" / listed["files"]["penstock-embed.js"]["file"]).read_text(encoding="utf-8")
    asked = set(re.findall(r"\./(penstock-embed-[\w.-]+\.js)", module))
    assert asked == {listed["files"]["penstock-embed-more.js"]["file"]}


def test_the_site_s_manifest_lists_what_is_there() -> None:
    if not build.SITE_MANIFEST.exists():
        pytest.fail("the site is not built: run `python build.py site`")
    listed = json.loads(build.SITE_MANIFEST.read_text(encoding="utf-8"))
    assert listed["abi"] == build.abi()
    assert {"index.html", "app.js", "embed/penstock-embed.js", "manual/index.html"} <= set(listed["files"])
    for name, row in listed["files"].items():
        content = (build.DIST / name).read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(content), hashlib.sha256(content).hexdigest()), name
