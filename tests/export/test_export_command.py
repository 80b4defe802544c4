"""`penstock export`: pages, folders and posters, and what it says when it cannot make them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from export.models import LINES
from penstock.cli import main
from penstock.export import embed


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "lines.pen"
    file.write_text(LINES)
    return file


@pytest.fixture
def element(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "element"
    folder.mkdir()
    for name in (embed.MODULE, embed.MORE, embed.CLASSIC):
        (folder / name).write_text("element();")
    monkeypatch.setattr(embed, "_PACKAGED", folder)
    embed.embed_file.cache_clear()
    yield
    embed.embed_file.cache_clear()


def export(*arguments: object) -> int:
    return main(["export", *map(str, arguments)])


def test_a_poster_shows_its_caption(model: Path, tmp_path: Path) -> None:
    assert export(model, "--poster", tmp_path / "x.svg", "--caption", "In 10 days") == 0
    text = (tmp_path / "x.svg").read_text(encoding="utf-8")
    assert "In 10 days" in text
    assert "prefers-color-scheme" not in text  # for print


@pytest.mark.usefixtures("element")
def test_a_folder_holds_all_that_the_snippet_asks_for(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert export(model, "--out", f"{out}/", "--plots", "Level;Other", "--height", "300") == 0
    snippet = capsys.readouterr().out
    assert snippet == (out / "lines.snippet.html").read_text(encoding="utf-8")
    assert 'plots="Level;Other" height="300"' in snippet
    listed = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    element = ["penstock-embed-more.js", "penstock-embed.js"]
    assert sorted(listed) == ["lines.json", "lines.svg", "lines.wasm", *element]
    for row in listed.values():
        assert (out / row["file"]).stat().st_size == row["bytes"]
    for kind in ("lines.json", "lines.svg", "penstock-embed.js"):
        assert f'"{listed[kind]["file"]}"' in snippet


@pytest.mark.usefixtures("element")
def test_a_folder_takes_more_models(model: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pen"
    other.write_text(LINES.replace("speed = 1", "speed = 2"))
    for file in (model, other):
        assert export(file, "--out", tmp_path / "out") == 0
    listed = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))["files"]
    assert {"lines.json", "other.json", "penstock-embed.js"} <= set(listed)


@pytest.mark.usefixtures("element")
def test_a_page_is_one_file(model: Path, tmp_path: Path) -> None:
    assert export(model, "--out", tmp_path / "x.html", "--theme", "dark") == 0
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "element();" in text
    assert 'data-theme="dark"' in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "PEN514"),
        (["--out", "x.pdf"], "PEN514"),
        (["--poster", "no/such/folder/x.svg"], "PEN015"),
        (["--poster", "x.svg", "--sliders", "sped"], "PEN201"),
    ],
)
def test_what_cannot_be_made_is_refused(
    model: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert export(model, *arguments) == 1
    assert said in capsys.readouterr().err


def test_an_installation_without_the_element_says_so(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_PACKAGED", "_BUILT"):
        monkeypatch.setattr(embed, name, tmp_path / "nothing")
    embed.embed_file.cache_clear()
    assert export(model, "--out", tmp_path / "x.html") == 1
    assert "PEN519 this installation has no penstock-embed" in capsys.readouterr().err
