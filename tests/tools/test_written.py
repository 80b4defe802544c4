"""What the text says of a variable, part by part: every part stands where its range says."""

import pytest

from penstock import loads
from penstock.tools import call
from tools.models import MDL, PEN, TEXTS, XMILE

pytestmark = pytest.mark.smoke


def written(text: str, file: str, name: str) -> dict:
    compiled = loads(text, file)
    found = call("written", {"name": name}, {compiled.model_hash: compiled})
    assert isinstance(found, dict)
    return found


def parts(found: dict) -> list[tuple[str, str, str]]:
    return [(row["name"], row["part"], row["text"]) for row in found["equations"]]


def test_a_vensim_stock_has_a_rate_and_an_initial_value() -> None:
    found = written(MDL, "cup.mdl", "S")
    assert parts(found) == [("S", "rate", "inflow - S / T"), ("S", "value", "first")]
    assert (found["units"], found["documentation"]) == ("cup", "What is there.")


def test_a_range_is_that_of_the_slider() -> None:
    found = written(MDL, "cup.mdl", "k")
    assert (found["limits"], found["step"]) == ([0, 9], 0.5)


def test_the_points_of_a_graphical_function_are_there() -> None:
    (row,) = written(PEN, "tea.pen", "table")["equations"]
    assert row["text"] == ""
    assert (row["points"]["x"], row["points"]["y"]) == ([0, 100], [0, 50])


def test_characters_that_markup_escapes_are_shown_as_they_are_meant() -> None:
    text = XMILE.replace("1 + a / 2", "IF a &lt; 5 THEN 1 ELSE 2")
    assert parts(written(text, "tank.xmile", "drain")) == [("drain", "value", "IF a < 5 THEN 1 ELSE 2")]


@pytest.mark.parametrize(
    ("file", "name"), [("tea.pen", "Tea"), ("cup.mdl", "inflow"), ("tank.xmile", "drain")]
)
def test_ranges_count_utf_16_units_of_the_text(file: str, name: str) -> None:
    text = TEXTS[file].replace("~ What is there.", "~ What is 🫖 there.")
    units = text.encode("utf-16-le")
    for row in written(text, file, name)["equations"]:
        start, end = row["range"]
        assert units[2 * start : 2 * end].decode("utf-16-le") == row["text"]


def test_units_that_fit_are_offered_where_there_are_none() -> None:
    text = "stock tank = 5 {m}\n  out drain\nflow drain = tank / life\nconst life = 2 {day}\ntime 0 to 3 by 1 {day}\n"
    assert written(text, "tank.pen", "drain")["inferred_units"] == "m/day"
    assert written(text, "tank.pen", "tank")["inferred_units"] == ""
