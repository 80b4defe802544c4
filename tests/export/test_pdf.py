"""Posters as PDF, for LaTeX: what other readers of PDF see in them."""

import io
import math
import re
from pathlib import Path

import matplotlib
import pypdfium2
import pytest

from export.models import HOSTILE, lines, strange
from penstock.export.paths import curves
from penstock.export.pdf import WIDTHS, pdf
from penstock.export.poster import poster

METRICS = Path(matplotlib.get_data_path(), "fonts/pdfcorefonts")


def text_of(content: bytes) -> str:
    return pypdfium2.PdfDocument(io.BytesIO(content))[0].get_textpage().get_text_bounded()


@pytest.mark.parametrize(("bold", "file"), [(False, "Helvetica.afm"), (True, "Helvetica-Bold.afm")])
def test_widths_are_those_that_adobe_published(bold: bool, file: str) -> None:
    rows = re.findall(
        r"^C (\d+) ; WX (\d+)", (METRICS / file).read_text(encoding="ascii", errors="replace"), re.M
    )
    published = {int(code): int(width) for code, width in rows}
    # Codes of the file are of Adobe's own encoding, where ' and ` are other letters.
    assert [published[code] for code in range(32, 127) if code not in (39, 96)] == [
        width for code, width in enumerate(WIDTHS[bold], start=32) if code not in (39, 96)
    ]


def test_a_poster_is_a_page_of_its_size_with_all_its_words() -> None:
    picture = poster(lines(), {}, caption="Größe – café")
    made = pdf(picture.svg("print"))
    page = pypdfium2.PdfDocument(io.BytesIO(made.content))[0]
    assert page.get_size() == pytest.approx((picture.width * 0.75, picture.height * 0.75), abs=0.01)
    text = text_of(made.content)
    for word in ("Level", "Other", "rise", "speed", "Größe – café", "20"):
        assert word in text
    assert made.lost == ""


def test_the_same_poster_is_the_same_file() -> None:
    picture = poster(lines(), {})
    assert pdf(picture.svg("print")) == pdf(picture.svg("print"))


def test_letters_that_the_fonts_lack_are_reported() -> None:
    made = pdf(poster(lines(), {}, caption="Ω ≤ 3 人 ő").svg("print"))
    assert "<= 3" in text_of(made.content)
    assert made.lost == "Ω人"


def test_parentheses_of_strange_names_stay_text() -> None:
    assert "window.hacked" in text_of(
        pdf(poster(strange(), {}, caption=HOSTILE + ") Tj (").svg("print")).content
    )


def test_ink_is_where_the_svg_has_it() -> None:
    svg = (
        '<svg viewBox="0 0 100 100" width="100" height="100"><style>.a .s{fill:#ff0000;stroke:none}</style>'
        '<g class="a" transform="translate(50 0)"><rect class="s" x="10" y="20" width="30" height="10" rx="2"/></g>'
        "</svg>"
    )
    image = pypdfium2.PdfDocument(io.BytesIO(pdf(svg).content))[0].render(scale=4 / 3).to_pil().convert("RGB")
    assert image.size == (100, 100)
    red = [(x, y) for x in range(100) for y in range(100) if image.getpixel((x, y)) == (255, 0, 0)]
    xs, ys = [x for x, _ in red], [y for _, y in red]
    assert (min(xs), max(xs), min(ys), max(ys)) == (60, 89, 20, 29)


IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("path", "centre"),
    [
        ("M0 0A5 5 0 0 1 10 0", (5, 0)),
        ("M0 0A5 5 0 1 0 5 5", (0, 5)),
        ("M0 0a5 5 0 0 0 5 5", (5, 0)),
        ("M3 4A5 5 0 0 1 -4 3", (0, 0)),
    ],
)
def test_arcs_keep_their_distance_from_their_centre(path: str, centre: tuple[float, float]) -> None:
    here: list[tuple[float, float]] = []
    for line in curves(path, IDENTITY):
        *numbers, operator = line.split()
        values = list(map(float, numbers))
        points = list(zip(values[::2], values[1::2], strict=True))
        if operator == "c":
            four = [here[-1], *points]
            for at in (0.25, 0.5, 0.75, 1.0):
                weights = [(1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at * at * (1 - at), at**3]
                x, y = (sum(w * p[axis] for w, p in zip(weights, four, strict=True)) for axis in (0, 1))
                # The best a cubic can do for a quarter is 0.03 %; places are written to a hundredth.
                assert math.dist((x, y), centre) == pytest.approx(5, abs=0.012)
        here += points
    assert here[-1] == pytest.approx(
        tuple(map(float, re.findall(r"-?\d+", path)[-2:])) if "A" in path else (5, 5)
    )


def test_steps_of_paths_are_relative_or_not_as_they_are_written() -> None:
    assert list(curves("M1 2h3v4H0V0l1 1Q2 3 4 5z", IDENTITY)) == [
        *("1.00 2.00 m", "4.00 2.00 l", "4.00 6.00 l", "0.00 6.00 l", "0.00 0.00 l", "1.00 1.00 l"),
        "1.67 2.33 2.67 3.67 4.00 5.00 c",
        "h",
    ]
    assert list(curves("M-8 8a5.5 5.5 0 0 1-2.6-10.3", IDENTITY))[-1].endswith("-10.60 -2.30 c")
