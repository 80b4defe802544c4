"""The SVG: sound, self-contained, inert whatever a model calls its variables, and found its way around in."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import build
from penstock.cli import main
from penstock.drawing import THEMES, svg
from penstock.expr import Number
from penstock.layout import diagram
from penstock.layout.text import SIZE, shown, width, wrap
from penstock.model import Auxiliary, Equation, Model, View, ViewItem
from penstock.read import read_file

SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = (
    "<script>alert(1)</script>",
    'a" onload="alert(1)',
    "]]><!-- --><![CDATA[",
    "&lt;b&gt; &amp; &#0; &unknown;",
    "line\u0000one\u0008two\u001b",
    "\ud800 half a pair \udfff",
    "\u202eright to left\u200b\ufffe\uffff",
    "x" * 5000,
    "many words " * 400,
    "%s {0} ${y} \\n",
    "漢字かな交じり文の長い名前です" * 3,
    " \t ",
)


def model_of(names: tuple[str, ...]) -> Model:
    variables = tuple(Auxiliary(name, (Equation(Number(1.0)),)) for name in names)
    return Model("m<o>&d\u0000el", variables)


def picture(theme: str = "light") -> str:
    return svg(diagram(read_file(build.SAMPLES / "sir.pen").model), theme=theme)  # type: ignore[arg-type]


@pytest.mark.smoke
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_inert_text(name: str) -> None:
    root = ET.fromstring(svg(diagram(model_of((name,)))))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text", "tspan"}
    for element in root.iter():
        assert not any(
            attribute.lower().startswith("on") or "href" in attribute for attribute in element.attrib
        )
    assert "expression" not in (root.findtext(f"{SVG}style") or "")


def test_a_hostile_comment_and_view_name_are_inert_too() -> None:
    items = tuple(ViewItem("comment", name, 10.0, 10.0) for name in HOSTILE)
    views = tuple(View(name, (*items, ViewItem("auxiliary", "a", 50.0, 50.0))) for name in HOSTILE[:3])
    model = Model("m", model_of(("a",)).variables, views=views)
    root = ET.fromstring(svg(diagram(model)))
    assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_a_plain_name_is_found_as_text_and_as_data() -> None:
    root = ET.fromstring(picture())
    [group] = [group for group in root.iter(f"{SVG}g") if group.get("data-name") == "contact rate"]
    assert group.get("data-kind") == "constant"
    assert [text.text for text in group.iter(f"{SVG}text")] == ["contact rate"]


def test_every_symbol_is_a_group_with_its_kind() -> None:
    made = diagram(read_file(build.SAMPLES / "sir.pen").model)
    groups = list(ET.fromstring(svg(made)).iter(f"{SVG}g"))
    assert [group.get("data-kind") for group in groups] == [symbol.kind for symbol in made.symbols]


def test_the_picture_says_what_it_is() -> None:
    root = ET.fromstring(picture())
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "SIR epidemic"
    assert root.findtext(f"{SVG}desc") == "Stock and flow diagram of 13 variables"


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_nothing_is_loaded_from_anywhere(theme: str) -> None:
    text = picture(theme).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not any(word in text for word in ("http", "url(", "@import", "href", "<image", "<use", "<script"))


def test_screen_themes_take_the_page_s_colours_and_print_needs_no_variables() -> None:
    assert "var(--ps-page,#ffffff)" in picture("light")
    assert "var(--ps-page,#12161b)" in picture("dark")
    assert "--ps-page" not in picture("print")


def test_the_width_scales_the_picture_and_nothing_else() -> None:
    made = diagram(read_file(build.SAMPLES / "sir.pen").model)
    root = ET.fromstring(svg(made, width=2 * made.width))
    assert float(root.get("width", "")) == pytest.approx(2 * made.width)
    assert float(root.get("height", "")) == pytest.approx(2 * made.height)
    assert [float(number) for number in root.get("viewBox", "").split()] == [0, 0, made.width, made.height]


# --- text


def test_text_is_as_wide_as_in_a_wide_font() -> None:
    """The widths of these words by Helvetica's published metrics, in thousandths of an em; Verdana and its like are up
    to a fifth wider."""
    for word, units in (("Teacup", 3335), ("population", 4614)):
        assert 1.0 < width(word) / (units * SIZE / 1000) < 1.25


def test_a_name_breaks_between_words_into_lines_of_about_the_same_length() -> None:
    assert wrap("fraction of services allocated") in (
        ("fraction of", "services allocated"),
        ("fraction of services", "allocated"),
        ("fraction", "of services", "allocated"),
        ("fraction of", "services", "allocated"),
    )
    assert wrap("room temperature 1")[-1] != "1"


def test_what_cannot_be_seen_is_not_shown() -> None:
    assert shown("heat_loss\\nto  room\u0000\u200b") == "heat loss to room"
    assert shown(" \t") == "?"


# --- the command


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    out = tmp_path / "teacup.svg"
    assert main(["draw", str(build.SAMPLES / "teacup.pen"), str(out), "--theme", "print"]) == 0
    assert ET.fromstring(out.read_text(encoding="utf-8")).tag == f"{SVG}svg"


def test_the_command_refuses_what_it_cannot_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    teacup = str(build.SAMPLES / "teacup.pen")
    assert main(["draw", teacup, "-", "--view", "1"]) == 1
    assert "PEN514" in capsys.readouterr().err
    assert main(["draw", teacup, "-", "--width", "nan"]) == 1
    assert "PEN514" in capsys.readouterr().err
    assert main(["draw", teacup, str(tmp_path / "no" / "folder.svg")]) == 1
    assert "PEN015" in capsys.readouterr().err
