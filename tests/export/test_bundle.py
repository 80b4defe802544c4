"""Bundles: what they say of a blob is so, they fit their published schema, and no text in them can act."""

import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import build
from export.models import HOSTILE, lines, strange
from penstock.export import embed
from penstock.export.bundle import Bundle, bundle, file_stem, hashed, manifest
from penstock.export.markup import figure, page
from penstock.export.view import read_view

SCHEMA = json.loads((build.WEB / "manual/schemas/bundle.json").read_text(encoding="utf-8"))


def made(**options: str) -> Bundle:
    compiled = lines()
    return bundle(compiled, read_view(compiled, options), "My Model.mdl")


@pytest.fixture
def element(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the element, which these tests do not run."""
    for name in (embed.MODULE, embed.MORE, embed.CLASSIC):
        (tmp_path / name).write_text('console.log("</script><!--");')
    monkeypatch.setattr(embed, "_PACKAGED", tmp_path)
    embed.embed_file.cache_clear()
    yield
    embed.embed_file.cache_clear()


def test_a_bundle_tells_the_truth_about_its_blob() -> None:
    one = made()
    content = json.loads(one.files[one.name])
    blob = one.files[content["wasm"]]
    assert blob[:4] == b"\0asm"
    assert content["sha256"] == hashlib.sha256(blob).hexdigest()
    assert content["bytes"] == len(blob)
    layout = json.loads(blob[blob.index(b'{"abi"') :])
    assert (content["abi"], content["model"]) == (layout["abi"], layout["model"])
    assert one.files[content["poster"]].startswith(b"<svg")


def test_names_of_files_tell_their_content() -> None:
    one = made()
    for name, content in one.files.items():
        stem, digits, _ = name.split(".")
        assert stem == "my-model-mdl"
        assert hashlib.sha256(content).hexdigest().startswith(digits)
        assert len(digits) == 16
    assert made(height="300").name != one.name
    assert made().name == one.name


@pytest.mark.parametrize(
    "options", [{}, {"view": "table"}, {"plots": "Level;Other", "params": "speed=2", "loop": ""}]
)
def test_a_bundle_fits_its_published_schema(options: dict[str, str]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    one = made(**options)
    content = json.loads(one.files[one.name])
    Draft202012Validator(SCHEMA).validate(content)
    for name in SCHEMA["required"]:
        part = {key: value for key, value in content.items() if key != name}
        assert not Draft202012Validator(SCHEMA).is_valid(part), name


@pytest.mark.parametrize(
    ("name", "stem"),
    [("../../etc/passwd", "etc-passwd"), ("Über uns", "uber-uns"), ("人", "model"), ("", "model")],
)
def test_names_of_models_cannot_leave_the_folder(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_a_manifest_lists_whole_digests_and_every_file() -> None:
    files = {hashed("a.js", b"1"): b"1", hashed("b.json", b"2"): b"2", hashed("b.json", b"3"): b"3"}
    rows = json.loads(manifest(files))["files"]
    assert {row["file"] for row in rows.values()} == set(files)
    assert rows["a.js"]["sha256"] == hashlib.sha256(b"1").hexdigest()
    assert "b.json" not in rows  # two of that name


class Seen(HTMLParser):
    """Elements, attributes and texts as a browser's parser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


@pytest.mark.usefixtures("element")
def test_a_page_of_a_strange_model_holds_it_as_text() -> None:
    compiled = strange()
    one = bundle(compiled, {"caption": HOSTILE}, "x")
    text = page(compiled, one)
    seen = Seen(text)
    assert seen.count("img") == 0
    assert seen.count("script") == 2
    assert not any(name.startswith("on") for _, attributes in seen.elements for name in attributes)
    assert json.loads(one.inline())["document"]["text"] == compiled.source.text
    assert "<" not in one.inline()
    assert HOSTILE in seen.texts


@pytest.mark.usefixtures("element")
def test_a_page_asks_nothing_of_anybody_and_runs_only_its_own_script() -> None:
    text = page(lines(), made())
    seen = Seen(text)
    policy = next(a["content"] for tag, a in seen.elements if tag == "meta" and "http-equiv" in a) or ""
    assert "default-src 'none'" in policy
    script = text.rpartition("<script>")[2].partition("</script>")[0]
    digest = hashlib.sha256(script.encode()).digest()
    import base64

    assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert "http:" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in text


def test_a_figure_is_one_line_that_markdown_leaves_alone() -> None:
    compiled = strange()
    one = bundle(compiled, {"caption": "a\n\nb"}, "x")
    text = figure(one, 'a"b/', "s.js", code="above", text=compiled.source.text)
    assert "\n" not in text
    seen = Seen(text)
    assert seen.count("penstock-model") == 1
    assert seen.count("img") == 1
    assert compiled.source.text.strip() in seen.texts
