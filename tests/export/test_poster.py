"""Posters: curves where they belong, nothing of a model that could act, and words for those who do not see them."""

import re
import xml.etree.ElementTree as ElementTree  # reads our own files here
from itertools import pairwise

import pytest

from export.models import HOSTILE, lines, strange
from penstock.chart import Chart, parts
from penstock.export.poster import PosterTheme, poster
from penstock.export.view import read_view

SVG = "{http://www.w3.org/2000/svg}"
THEMES: list[PosterTheme] = ["auto", "light", "dark", "print"]


def tree(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def path_points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](\S+?) (-?[\d.]+)", path)]


def curves(chart: Chart, width: float = 500, height: float = 220) -> list[str]:
    text = "".join(parts(chart, width, height))
    return re.findall(r'<path class="curve [^"]*" d="([^"]*)"', text)


def test_a_straight_line_is_straight_and_as_high_as_its_axis() -> None:
    times = [float(t) for t in range(11)]
    (path,) = curves(Chart(times, (("Level", times),)))
    points = path_points(path)
    assert len(points) == 11
    (x0, y0), (x1, y1) = points[0], points[-1]
    assert (y0, y1) == (198.0, 26.0)  # the axis ends at 0 and at 10
    for number, (x, y) in enumerate(points):
        assert x == pytest.approx(
            x0 + (x1 - x0) * number / 10, abs=0.11
        )  # written to a tenth of a pixel, ends too
        assert y == pytest.approx(y0 + (y1 - y0) * number / 10, abs=0.06)


def test_a_curve_breaks_where_there_is_no_value() -> None:
    values = [1.0, 2.0, float("nan"), float("inf"), 3.0, 4.0]
    (path,) = curves(Chart([0.0, 1, 2, 3, 4, 5], (("a", values),)))
    assert path.count("M") == 2
    assert path.count("L") == 2


def test_a_peak_of_one_row_stays_when_a_run_has_more_rows_than_pixels() -> None:
    values = [0.0] * 50_000
    values[31_234] = 8.0
    (path,) = curves(Chart([float(t) for t in range(50_000)], (("a", values),)))
    points = path_points(path)
    assert len(points) < 5_000
    (peak,) = [x for x, y in points if y < 100]
    left, right = points[0][0], points[-1][0]
    assert (peak - left) / (right - left) == pytest.approx(31_234 / 49_999, abs=0.001)


@pytest.mark.parametrize(
    "values", [[0.0, 0.0], [1e-320, 0.0], [-1e299, 1e299], [float("nan")] * 2, [5.0, 5.0 + 1e-15]]
)
def test_values_of_any_size_have_an_axis(values: list[float]) -> None:
    text = "".join(parts(Chart([0.0, 1.0], (("a", values),)), 300, 200))
    assert "nan" not in text
    assert "inf" not in text


def test_labels_of_curves_that_end_together_do_not_cover_each_other() -> None:
    times = [0.0, 1.0]
    chart = Chart(times, tuple((f"c{n}", [0.0, 1.0 + n / 1000]) for n in range(6)))
    places = [
        float(y) for y in re.findall(r'<text class="l\d" x="\S+" y="(\S+)"', "".join(parts(chart, 400, 200)))
    ]
    assert len(places) == 6
    ordered = sorted(places)
    assert ordered[0] >= 26  # below the upper end of the axis
    assert ordered[-1] <= 182  # and above the marks of time
    assert all(after - before >= 13.9 for before, after in pairwise(ordered))


@pytest.mark.parametrize("theme", THEMES)
def test_a_poster_is_sound_xml_and_plain_colours(theme: PosterTheme) -> None:
    svg = poster(lines(), {}, caption="A & B < C").svg(theme)
    root = tree(svg)
    assert "var(" not in svg
    assert "@page" not in svg
    assert ("prefers-color-scheme" in svg) == (theme == "auto")
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert "A & B < C" in texts
    assert {"Level", "Other"} <= set(texts)


def test_a_strange_model_is_only_text() -> None:
    picture = poster(strange(), {}, caption=HOSTILE)
    root = tree(picture.svg("auto"))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "style", "rect", "g", "path", "circle", "text", "tspan")
    }
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    assert "window.hacked" in "".join(root.itertext())


def test_a_view_shows_what_it_asks_for() -> None:
    compiled = lines()
    of_charts = poster(compiled, read_view(compiled, {"view": "chart", "plots": "Level;rise"})).svg("light")
    assert of_charts.count('class="penstock-chart"') == 2
    assert 'penstock-diagram"' not in of_charts
    of_diagram = poster(compiled, read_view(compiled, {"view": "diagram"})).svg("light")
    assert 'class="penstock-chart"' not in of_diagram
    assert 'class="penstock-diagram"' in of_diagram


def test_words_tell_what_curves_do_with_the_values_the_view_starts_from() -> None:
    compiled = lines()
    assert "Level goes from 0 to 10 unit." in poster(compiled, {}).alt
    assert "Level goes from 0 to 30 unit." in poster(compiled, {"params": {"speed": 3.0}}).alt
