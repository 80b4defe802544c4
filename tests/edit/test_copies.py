"""Copy and paste: what comes along, what is renamed, and what the pasted part says in another format."""

import pytest

from edit.cases import TEXTS
from penstock import PenstockError, edit
from penstock.compiler import compile_text
from penstock.model import Stock
from penstock.read import ReadResult, read_text
from penstock.run import simulate

ARRAYED = """model Arrays
time 0 to 2 by 1
dim leaf = green, black
const share[leaf] = 1, 3
aux parts[leaf] = 2 * share[leaf]
"""


def read(name: str) -> ReadResult:
    return read_text(TEXTS[name], name)


@pytest.mark.parametrize("name", TEXTS)
def test_a_part_put_beside_itself_runs_alike_under_new_names(name: str) -> None:
    before = read(name)
    made = edit.paste(before, edit.copied(before, ["Tea", "cooling", "tau"]), (400, 300))
    assert made.patch.inverse().apply(made.text) == TEXTS[name]
    results = simulate(compile_text(made.text, name))
    for old in ("Tea", "cooling", "tau"):
        assert list(results[f"{old} 2"]) == list(results[old])
    changed = simulate(compile_text(edit.set_equation(made.after, "tau 2", "5").text, name))
    assert list(changed["Tea"]) == list(results["Tea"])
    assert changed["cooling 2"][0] == pytest.approx(2 * changed["cooling"][0])


@pytest.mark.parametrize("name", TEXTS)
def test_pasted_symbols_keep_their_distances_around_the_place(name: str) -> None:
    before = read(name)
    made = edit.paste(before, edit.copied(before, ["Tea", "cooling"]), (400, 300))
    places = {item.name: (item.x, item.y) for item in made.model.views[0].items if item.name}
    assert places["Tea 2"] == (350, 300)
    assert places["cooling 2"] == (450, 300)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("target", TEXTS)
def test_a_part_goes_from_any_format_into_any_other(name: str, target: str) -> None:
    made = edit.paste(read(target), edit.copied(read(name), ["Tea", "cooling"]))
    stock = next(item for item in made.model.variables if item.name == "Tea 2")
    assert isinstance(stock, Stock)
    values = simulate(compile_text(made.text, target))["Tea 2"]
    assert values[0] == 180
    assert values[1] < 180


def test_a_stock_without_its_flow_keeps_its_value() -> None:
    before = read("cup.pen")
    made = edit.paste(before, edit.copied(before, ["Tea"]))
    assert set(simulate(compile_text(made.text, "cup.pen"))["Tea 2"]) == {180.0}


def test_what_is_missing_elsewhere_is_said() -> None:
    bare = read_text("model Bare\ntime 0 to 1 by 1\naux x = 1\n", "bare.pen")
    made = edit.paste(bare, edit.copied(read("cup.pen"), ["cooling"]))
    missing = {item.message.split(" uses ")[1].split(",")[0] for item in made.consequences}
    assert missing == {"Tea", "room temp", "tau"}


def test_arrays_need_their_dimension() -> None:
    before = read_text(ARRAYED, "arrays.pen")
    text = edit.copied(before, ["share", "parts"])
    made = edit.paste(before, text)
    results = simulate(compile_text(made.text, "arrays.pen"))
    assert [results[f"parts 2[{leaf}]"][0] for leaf in ("green", "black")] == [2, 6]
    with pytest.raises(PenstockError, match="no dimension"):
        edit.paste(read("cup.mdl"), text)


@pytest.mark.parametrize(
    "text", ["", "hello there", "<b>x</b>", "model Empty\ntime 0 to 1 by 1\n", "\x00", "stock"]
)
def test_what_is_no_part_of_a_model_is_refused(text: str) -> None:
    with pytest.raises(PenstockError, match="PEN902"):
        edit.paste(read("cup.pen"), text)


def test_a_name_counts_on_from_its_own_number() -> None:
    first = edit.paste(read("cup.pen"), "const tau = 3")
    second = edit.paste(first.after, "const tau 2 = 4")
    assert [item.name for item in second.model.variables][-2:] == ["tau 2", "tau 3"]
