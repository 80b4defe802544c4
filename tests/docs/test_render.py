"""`penstock docs render`: Markdown for any generator."""

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from docs.sites import GROWTH, TEA, element, fence, files_of, run


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "deep").mkdir(parents=True)
    (folder / "index.md").write_text(f"# Tea\n\nBefore.\n{fence(TEA, 'code=below')}After *it*.\n")
    (folder / "deep/list.md").write_text(
        "1. One\n\n" + "".join(f"   {line}\n" for line in fence(GROWTH).splitlines())
    )
    (folder / "deep/plain.md").write_text("Nothing.\r\n")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    return folder


def render(folder: Path, *arguments: object) -> tuple[int, str, Path]:
    out = folder.parent / "out"
    made = run(
        element(folder.parent / "e"),
        "penstock",
        "docs",
        "render",
        folder,
        "--out",
        out,
        *arguments,
        cwd=folder,
    )
    return made.returncode, made.stderr, out


def test_pages_get_figures_and_all_that_they_ask_for(pages: Path) -> None:
    status, said, out = render(pages)
    assert (status, said) == (0, "2 pages with models\n")
    made = files_of(out)
    assert made["picture.png"] == b"\x89PNG"
    assert made["deep/plain.md"] == b"Nothing.\r\n"
    for page in ("index.md", "deep/list.md"):
        for address in re.findall(r'src="([^"]+)"', made[page].decode()):
            assert (out / page).parent.joinpath(address).is_file(), address
    listed = json.loads(made["penstock/manifest.json"])["files"]
    assert {f"penstock/{row['file']}" for row in listed.values()} | {"penstock/manifest.json"} == {
        name for name in made if name.startswith("penstock/")
    }


def test_commonmark_leaves_the_figures_whole(pages: Path) -> None:
    _, _, out = render(pages)
    html = MarkdownIt("commonmark").render((out / "index.md").read_text(encoding="utf-8"))
    assert "<p>Before.</p>\n<figure" in html
    assert "<em>it</em>" in html
    assert "stock Temperature = 180" in html
    assert html.count("<pre>") == 1
    listed = MarkdownIt("commonmark").render((out / "deep/list.md").read_text(encoding="utf-8"))
    assert re.search(r"<li>\n<p>One</p>\n<figure.*</script>\n</li>", listed)


def test_addresses_are_those_that_are_asked_for(pages: Path) -> None:
    _, _, out = render(pages, "--url", "/book/live/", "--assets", "static/live")
    assert 'src="/book/live/teacup.' in (out / "index.md").read_text(encoding="utf-8")
    assert (out / "static/live/manifest.json").is_file()


def test_all_errors_of_all_pages_are_told(pages: Path) -> None:
    (pages / "index.md").write_text(fence(TEA.replace("/ tau", "/ tauu")))
    (pages / "deep/list.md").write_text(fence(GROWTH, "height=x"))
    status, said, _ = render(pages)
    assert status == 1
    assert re.search(r"index.md:6:\d+: PEN201 the name tauu", said)
    assert re.search(r"list.md:1:1: PEN514 .*height", said)


def test_a_folder_is_never_rendered_into_itself(pages: Path) -> None:
    made = run(
        element(pages.parent / "e"), "penstock", "docs", "render", pages, "--out", pages / "out", cwd=pages
    )
    assert made.returncode == 1
    assert "PEN514" in made.stderr
