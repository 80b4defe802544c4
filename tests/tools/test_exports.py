"""Files that tools ask for: a model in another format, its diagram as a picture."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

import penstock
from penstock.errors import PenstockError
from penstock.run import simulate
from penstock.tools import call

TEXT = """model Tea <b>&
time 0 to 10 by 0.25
stock Tea = 80
  out cooling
flow cooling = (Tea - room) / 10
const room = 20 slider 0 to 40
"""


@pytest.mark.parametrize("format", ["mdl", "xmile", "pen"])
def test_a_converted_model_runs_alike(format: str) -> None:
    model = penstock.loads(TEXT, "tea.pen")
    made = call("convert", {"format": format}, {model.model_hash: model})
    again = penstock.loads(made["text"], f"tea.{format}")
    assert list(simulate(again)["Tea"]) == list(simulate(model)["Tea"])


def test_what_a_format_cannot_say_is_listed_with_its_place() -> None:
    model = penstock.loads(TEXT, "tea.pen")
    losses = call("convert", {"format": "mdl"}, {model.model_hash: model})["losses"]
    assert [loss["severity"] for loss in losses] == ["warning"] * len(losses)
    assert "value range of room" in losses[-1]["message"] or "slider" in losses[-1]["message"]
    assert losses[-1]["place"]["line"] == 6
    assert call("convert", {"format": "pen"}, {model.model_hash: model})["losses"] == []


def test_other_formats_are_refused() -> None:
    model = penstock.loads(TEXT, "tea.pen")
    with pytest.raises(PenstockError, match="PEN516"):
        call("convert", {"format": "exe"}, {model.model_hash: model})


def test_a_drawing_is_xml_in_which_names_are_text() -> None:
    model = penstock.loads(TEXT, "tea.pen")
    picture = ElementTree.fromstring(call("draw", {}, {model.model_hash: model})["svg"])
    assert picture.find("{http://www.w3.org/2000/svg}title").text == "Tea <b>&"  # type: ignore[union-attr]
