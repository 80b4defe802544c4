"""`validate` remembers what it read of a text; an edited one is answered as if it had never been seen."""

import random

import pytest

from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.read import read_partially
from penstock.tools import call
from penstock.tools.checks import found
from tools.models import TEXTS


def read_anew(text: str, name: str) -> dict[str, object]:
    try:
        return found(read_partially(text, name).findings)
    except PenstockError as problem:
        return found(problem.diagnostics)


@pytest.mark.parametrize("name", ["cup.mdl", "tea.pen"])
def test_an_edited_text_gets_the_answer_of_a_new_one(name: str) -> None:
    text, chance, seen = TEXTS[name], random.Random(5), set()
    for _ in range(30):
        at = chance.randrange(len(text))
        edited = (
            text[:at]
            + chance.choice(["\n", ")", "* 2", "{", "~", "|", "\n\n"])
            + text[at + chance.randrange(3) :]
        )
        answer = call("validate", {"text": edited, "name": name}, {})
        seen.add(answer["ok"])
        assert answer == read_anew(edited, name)
        text = edited if answer["ok"] else text
    assert seen == {True, False}


SKETCH = r"""
\\\---/// Sketch information - do not modify anything except names
V300
*View 1
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|72,72,100,0
10,1,S,100,100,40,20,3,3,0,0,0,0,0,0
11,2,0,200,100,6,8,34,3,0,0,1,0,0,0
10,3,inflow,200,120,30,11,40,3,0,0,-1,0,0,0
///---\\\
"""


def test_what_is_found_in_a_text_with_a_sketch_is_what_opening_it_finds() -> None:
    text, chance = TEXTS["cup.mdl"] + SKETCH, random.Random(7)
    kinds = {item.kind for item in read_partially(text, "cup.mdl").model.views[0].items}
    assert kinds == {"stock", "flow"}
    for _ in range(20):
        at = chance.randrange(len(text))
        edited = text[:at] + chance.choice(["\n", ")", "~", "|", ","]) + text[at + chance.randrange(3) :]
        assert call("validate", {"text": edited, "name": "cup.mdl"}, {}) == read_anew(edited, "cup.mdl")


def test_places_in_a_compiled_model_stay_where_they_are() -> None:
    text = TEXTS["cup.mdl"]
    compiled = compile_text(text, "cup.mdl")
    before = [item.span.start for item in compiled.model.variables]
    for given in (text, "\n\n\n" + text):
        call("validate", {"text": given, "name": "cup.mdl"}, {compiled.model_hash: compiled})
    assert [item.span.start for item in compiled.model.variables] == before
