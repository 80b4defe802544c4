"""Options as authors write them: names found however they are spelt, what is not understood refused with advice."""

import pytest

from export.models import LINES, lines
from penstock.errors import PenstockError
from penstock.export.view import OPTIONS, attributes, charts, read_view, roomy, split

ARRAYS = """model Arrays
time 0 to 2 by 1
dim Region = North, South
dim Many = m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13
stock Level[Region] = 1
  in growth
flow growth[Region] = 1
aux wide[Many] = 2
"""


def test_names_are_given_back_as_the_model_writes_them() -> None:
    view = read_view(
        lines(), {"sliders": "SPEED , spare", "plots": "level,OTHER;rise", "params": "Speed = 2.5"}
    )
    assert view == {
        "sliders": ["speed", "spare"],
        "plots": [["Level", "Other"], ["rise"]],
        "params": {"speed": 2.5},
    }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("sliders", "sped", r"PEN201.*sped.*\n.*speed"),
        ("sliders", "rise", r"PEN201.*rise.*\n.*constants"),
        ("plots", "Levl", r"PEN201.*Levl.*\n.*level"),
        ("height", "tall", r"PEN514.*height.*tall.*\n.*pixels"),
        ("height", "1", r"PEN514"),
        ("view", "chart;", r"PEN514.*both, chart, diagram, table"),
        ("controls", "play pause", r"PEN514.*fullscreen"),
        ("theme", "", r"PEN514.*nothing"),
        ("params", "speed", r"PEN201"),
        ("params", "speed=fast", r"PEN514.*fast"),
        ("speed", "inf", r"PEN514.*finite"),
        ("autoplay", "maybe", r"PEN514.*true or false"),
        ("colour", "red", r"PEN514.*colour.*\n.*controls"),
    ],
)
def test_what_is_not_understood_is_refused_with_advice(name: str, text: str, said: str) -> None:
    with pytest.raises(PenstockError, match=rf"(?s){said}"):
        read_view(lines(), {name: text})


def test_switches_are_on_where_they_are_named() -> None:
    assert read_view(lines(), {"autoplay": "", "loop": "no"}) == {"autoplay": True, "loop": False}
    assert attributes({"autoplay": True, "loop": False}) == {"autoplay": ""}


def test_attributes_say_the_view_in_the_element_s_own_form() -> None:
    view = read_view(
        lines(), {"plots": "Level,Other;rise", "height": "300px", "params": "speed=2", "caption": "x"}
    )
    assert attributes(view) == {"plots": "Level,Other;rise", "height": "300", "params": "speed=2.0"}


def test_a_name_with_a_separator_stands_in_the_bundle_only() -> None:
    assert attributes({"plots": [["a;b"], ["c"]], "sliders": ["d, e"], "params": {"f&g": 1.0}}) == {}
    assert attributes({"plots": [["a[x,y]"]]}) == {"plots": "a[x,y]"}


def test_separators_in_brackets_and_quotes_belong_to_names() -> None:
    assert split('a, b[x, y] ,"c, d",', ",") == ["a", "b[x, y]", "c, d"]
    assert split("a;b,c", ";") == ["a", "b,c"]
    assert split("  ", ",") == []


def test_an_array_stands_for_its_elements_unless_they_are_many() -> None:
    arrays = lines(ARRAYS)
    assert read_view(arrays, {"plots": "level"})["plots"] == [["Level[North]", "Level[South]"]]
    assert read_view(arrays, {"plots": "level[south]"})["plots"] == [["Level[South]"]]
    with pytest.raises(PenstockError, match=r"wide(?s:.*)12 elements"):
        read_view(arrays, {"plots": "wide"})


def test_without_wishes_stocks_of_one_unit_share_a_chart() -> None:
    assert charts(lines(), {}) == [["Level", "Other"]]
    assert charts(lines("model m\ntime 0 to 1 by 1\naux a = Time\n"), {}) == [["a"]]


def test_many_charts_or_sliders_get_the_room_that_they_need() -> None:
    compiled = lines()
    assert "height" not in roomy(compiled, {})
    assert roomy(compiled, {"height": 300})["height"] == 300
    three = roomy(compiled, {"plots": [["Level"], ["Other"], ["rise"]]})["height"]
    assert three > 3 * 190
    sliders = "".join(f"const c{n} = 1 slider 0 to 2\n" for n in range(4))
    assert roomy(lines(LINES + sliders), {})["height"] >= 560
    assert "height" not in roomy(lines(LINES + sliders), {"sliders": ["c1"]})
    assert "height" not in roomy(compiled, {"view": "table"})


def test_every_option_has_words_for_the_manual() -> None:
    for row in OPTIONS.values():
        assert row.help
        assert row.name == row.name.lower()
