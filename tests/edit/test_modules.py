"""New modules, in the formats that have them."""

import pytest

from edit.cases import TEXTS
from penstock import PenstockError, edit
from penstock.compiler import compile_text
from penstock.layout import diagram
from penstock.read import ReadResult, read_text
from penstock.run import simulate


def read(name: str) -> ReadResult:
    return read_text(TEXTS[name], name)


@pytest.mark.parametrize("name", ["cup.pen", "cup.xmile"])
def test_a_new_module_runs_and_can_be_used(name: str) -> None:
    made = edit.add_module(read(name), "Pot", place=(300, 40))
    assert made.patch.inverse().apply(made.text) == TEXTS[name]
    assert simulate(compile_text(made.text, name))["Pot.output"][0] == 0
    assert ("module", "Pot") in [(item.kind, item.name) for item in diagram(made.model).symbols]
    used = edit.set_equation(edit.set_equation(made.after, "Pot.output", "7").after, "tau", "Pot.output")
    assert simulate(compile_text(used.text, name))["tau"][0] == 7


@pytest.mark.parametrize("name", ["cup.pen", "cup.xmile"])
def test_a_submodel_is_used_once_more(name: str) -> None:
    made = edit.add_module(edit.add_module(read(name), "Pot").after, "Pan", "Pot")
    results = simulate(compile_text(made.text, name))
    assert (results["Pot.output"][0], results["Pan.output"][0]) == (0, 0)


@pytest.mark.parametrize(
    ("name", "new"), [("cup.pen", "Tea"), ("cup.xmile", "tau"), ("cup.pen", ""), ("cup.mdl", "Pot")]
)
def test_taken_names_and_files_without_modules_are_refused_with_advice(name: str, new: str) -> None:
    with pytest.raises(PenstockError, match="PEN902") as problem:
        edit.add_module(read(name), new)
    assert problem.value.diagnostics[0].advice
    with pytest.raises(PenstockError, match="PEN902"):
        edit.add_module(read(name), "Pan", "Pot")
