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


def test_places_in_a_compiled_model_stay_where_they_are() -> None:
    text = TEXTS["cup.mdl"]
    compiled = compile_text(text, "cup.mdl")
    before = [item.span.start for item in compiled.model.variables]
    for given in (text, "\n\n\n" + text):
        call("validate", {"text": given, "name": "cup.mdl"}, {compiled.model_hash: compiled})
    assert [item.span.start for item in compiled.model.variables] == before
