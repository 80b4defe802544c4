"""What is built and published: sizes, names, digests, and the same bytes from the same sources."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

import build
from penstock.abi import ABI

BUDGET = 40 * 1024
"""What a reader of a page with a live model downloads of the element, packed as hosts pack it."""


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embed, built once more."""
    folder = tmp_path_factory.mktemp("again")
    subprocess.run(
        [str(build.find_node().node), str(build.EMBED_MAKER), str(folder)], check=True, timeout=120
    )
    return folder


def packed(name: str) -> int:
    return len(gzip.compress((build.EMBED / name).read_bytes(), 9))


def test_the_element_is_small() -> None:
    assert packed("penstock-embed.js") <= BUDGET


def test_what_is_loaded_on_demand_and_the_numbers_alone_are_smaller() -> None:
    assert packed("penstock-embed-more.js") <= 5 * 1024
    assert packed("model.js") <= 6 * 1024


def test_two_builds_are_equal(again: Path) -> None:
    for name in (*build.EMBED_PAGES, "model.js"):
        assert (again / name).read_bytes() == (build.EMBED / name).read_bytes(), (
            f"{name}: run `python build.py embed`"
        )


def test_the_manifest_names_each_file_with_its_whole_digest() -> None:
    manifest = json.loads((build.EMBED / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["penstock"], manifest["abi"]) == (1, ABI)
    assert set(manifest["files"]) == set(build.EMBED_PAGES)
    for name, row in manifest["files"].items():
        content = (build.EMBED / row["file"]).read_bytes()
        assert content == (build.EMBED / name).read_bytes()
        assert (row["sha256"], row["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
        assert row["sha256"][:16] in row["file"]
    more = manifest["files"]["penstock-embed-more.js"]["file"]
    assert f'"./{more}"' in (build.EMBED / "penstock-embed.js").read_text(encoding="utf-8")


def test_scripts_can_stand_inside_a_page() -> None:
    script = (build.EMBED / "penstock-embed.classic.js").read_text(encoding="utf-8").lower()
    assert "</script" not in script
    assert "<!--" not in script
    page = (build.EMBED / "embed.html").read_text(encoding="utf-8")
    inside = page.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page, "the page's policy lets its own script run"


def test_nothing_tells_where_it_was_built() -> None:
    for name in build.EMBED_PAGES:
        text = (build.EMBED / name).read_text(encoding="utf-8")
        assert str(build.ROOT) not in text
        assert "sourceMappingURL" not in text


def test_the_npm_package_is_the_same_bytes_again_and_holds_what_it_exports(tmp_path: Path) -> None:
    tarballs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        build.pack_npm(tmp_path / name)
        tarballs += (tmp_path / name).iterdir()
    assert tarballs[0].name == f"penstock-embed-{build.version()}.tgz"
    assert tarballs[0].read_bytes() == tarballs[1].read_bytes()
    with tarfile.open(tarballs[0]) as archive:
        names = set(archive.getnames())
        said = json.load(archive.extractfile("package/package.json"))  # type: ignore[arg-type]
    exported = json.dumps(said["exports"])
    for name in ("penstock-embed.js", "penstock-embed.d.ts", "model.js", "model.d.ts", "embed.html"):
        assert f'"./{name}"' in exported
        assert f"package/{name}" in names
    assert "package/README.md" in names
