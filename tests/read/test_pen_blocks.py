"""Penstock text beyond plain variables: blocks, lines below declarations, and what is said of mistakes in them."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.expr import ArrayLiteral, Binary, Call, Number
from penstock.model import Model
from penstock.read import read_text
from penstock.run import simulate
from write.test_pen import GALLERY


def read(text: str) -> Model:
    return read_text(text, "test.pen").model


def findings(text: str) -> list[tuple[str, str]]:
    """The codes of all errors, and the text that each points at."""
    with pytest.raises(PenstockError) as caught:
        read(text)
    assert all(item.advice for item in caught.value.diagnostics)
    return [(item.code, item.span.text) for item in caught.value.diagnostics]


def test_a_macro_is_a_function_with_variables_of_its_own() -> None:
    text = "model m\ntime 0 to 2 by 1\nmacro twice(x)\n  aux twice = 2 * x\naux a = twice(3) + twice(4)"
    assert list(simulate(compile_text(text, "m.pen")).series("a")) == [14.0, 14.0, 14.0]


def test_a_submodel_is_run_in_its_module_with_its_connections() -> None:
    text = """
time 0 to 2 by 1
const start = 5
module Tank
  connect Tank.level = start
submodel Tank
  input aux level = ?
  stock water = level
    out drain
  flow drain = 1
"""
    results = simulate(compile_text(text, "m.pen"))
    assert list(results.series("Tank.water")) == [5.0, 4.0, 3.0]


def test_a_block_ends_where_the_indentation_does() -> None:
    model = read(
        "macro f(x)\n    aux f = x +\n  1\n    aux g = 2\naux b = f(1)\n  {m}\nview V\n aux b (1, 2)\naux c = 1"
    )
    assert [item.name for item in model.macros[0].variables] == ["f", "g"]
    assert [(item.name, item.units) for item in model.variables] == [("b", "m"), ("c", "")]
    assert [item.name for item in model.views[0].items] == ["b"]


def test_words_of_new_lines_are_names_elsewhere() -> None:
    model = read(
        "aux view = data + macro\nconst data = 1\nconst macro = 2\nflow input = hold\nstock range = leak\n  in input"
    )
    assert [item.name for item in model.variables] == ["view", "data", "macro", "input", "range"]


def test_a_modifier_may_stand_before_a_name_that_starts_with_its_word() -> None:
    (variable,) = read("aux input aux = 1").variables
    assert (variable.name, variable.access) == ("input aux", "")


def test_documentation_in_several_texts_has_several_lines() -> None:
    assert (
        read('const a = 1 "one"\n  "two"\n  ""\n  "\\"four\\""').variables[0].documentation
        == 'one\ntwo\n\n"four"'
    )


def test_units_may_hold_hashes_and_braces() -> None:
    assert read(r"const a = 1 {#/\{x\}} # a comment").variables[0].units == "#/{x}"


def test_values_that_come_from_files_say_where() -> None:
    (external,) = [
        item.external for item in read('aux a = file("f.xlsx", "S", cell "B2")').variables[0].equations
    ]
    assert external is not None
    assert (external.what, external.file, external.tab, external.cell) == ("constants", "f.xlsx", "S", "B2")


def test_a_list_of_one_stands_in_brackets() -> None:
    stock = read("stock a[d] = [1]\n  net 2").variables[0].equations[0]
    assert (stock.expr, stock.rate) == (ArrayLiteral((Number(1.0),)), Number(2.0))


def test_a_lookup_of_the_name_lookup_is_no_graphical_function() -> None:
    assert isinstance(read("aux a = lookup(t, 1), 2; 3").variables[0].equations[0].expr, ArrayLiteral)


def test_not_available_is_a_number() -> None:
    assert read("const a = :NA:").variables[0].equations[0].expr == Number(-(2.0**109))


def test_a_name_in_quotes_is_never_a_built_in_function() -> None:
    expr = read("aux a = `Step`(1, 2) + Step(1, 2)").variables[0].equations[0].expr
    values = (Number(1.0), Number(2.0))
    assert expr == Binary("+", Call("Step", values), Call("step", values))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aux a = 1\n  in b", [("PEN101", "in")]),
        ("flow a = 1\n  conveyor 4", [("PEN101", "conveyor")]),
        ("stock a = 1\n  capacity 4", [("PEN101", "capacity")]),
        ("stock a = 1\n  conveyor 4\n  conveyor 5", [("PEN106", "conveyor")]),
        ("stock a = 1\n  conveyor 4\n  capacity 5\n  capacity 5", [("PEN106", "capacity")]),
        ("stock a = 1\n  conveyor 4\n  as round", [("PEN105", "as round")]),
        ("stock a = 1\n  queue now", [("PEN101", "now")]),
        ("stock a = 1\n  net 1\n  net 2", [("PEN106", "net")]),
        ("stock a = ?\n  net 1", [("PEN208", "net")]),
        ("flow a = 1\n  leak 0 to 2", [("PEN514", "leak 0 to 2")]),
        ("aux a = 1\n  range 1", [("PEN101", "")]),
        ("aux a = 1\n  range 1 to 2\n  range 1 to 2", [("PEN106", "range")]),
        ("hold lookup a = (1, 1)", [("PEN105", "lookup")]),
        ("input input aux a = 1", [("PEN106", "input")]),
        ("input time 0 to 1\naux a = 1", [("PEN105", "time")]),
        ("aux a = ? + 1", [("PEN101", "+")]),
        ("aux a = ?\naux a = 1", [("PEN202", "a")]),
        ("aux a = 1\nmacro f\n  aux f = 1", [("PEN101", "")]),
        ("aux a = 1\nmacro f(x\n  aux f = 1", [("PEN103", "(")]),
        ("aux a = 1\nmacro f(x)\n  dim d = a, b", [("PEN105", "dim")]),
        ("aux a = 1\nsubmodel S\n  submodel T\n    aux b = 1", [("PEN105", "submodel")]),
        ("aux a = 1\nview V\n  aux a", [("PEN101", "")]),
        ("aux a = 1\nview V\n  aux a (1, 2) colour", [("PEN105", "colour")]),
        ("aux a = 1\nview V\n  aux a (1, 2) id (1) id (2)", [("PEN106", "id")]),
        ("aux a = 1\nview V\n  arrow a", [("PEN101", "")]),
        ("aux a = 1\nview V\n  net a", [("PEN105", "net")]),
        ("aux a = 1\nmodule M\nmodule m", [("PEN202", "m")]),
        ("aux a = 1\nmodule M slider 1 to 2", [("PEN105", "module M slider 1 to 2")]),
        ("aux a = 1\nmodule M\n  connect a", [("PEN101", "")]),
        ('aux a = file("x", cel "A1")', [("PEN105", "cel")]),
        ('aux a = file("x"', [("PEN103", "(")]),
        ("dim d = a -> \naux a = 1", [("PEN101", "")]),
        ("lookup f = [1 : 2 (1, 1)", [("PEN101", "(")]),
    ],
)
def test_mistakes_are_shown_where_they_are(text: str, found: list[tuple[str, str]]) -> None:
    assert findings(text) == found


def test_a_word_of_another_block_is_answered_with_the_words_of_this_one() -> None:
    with pytest.raises(PenstockError, match=r"Here a line starts with one of looks, stock"):
        read("aux a = 1\nview V\n  aux a (1, 2)\n  time 0 to 1")


# --- hostile texts -----------------------------------------------------------------------------------


@given(
    place=st.integers(0, len(GALLERY)),
    length=st.integers(0, 30),
    text=st.sampled_from(
        ["", "(", ")", '"', "`", "{", "\\", "\n", "\n  ", "->", "?", "#", "[", ":", "if ", "\t", "9e999"]
    ),
)
def test_a_damaged_text_is_read_or_refused(place: int, length: int, text: str) -> None:
    with suppress(PenstockError):
        read_text(GALLERY[:place] + text + GALLERY[place + length :], "x.pen")


@pytest.mark.parametrize(
    "text",
    [
        "macro f(x)\n" + "\n".join(" " * depth + f"macro f{depth}(x)" for depth in range(1, 3000)),
        "aux a = 1\n" + "view V\n  aux a (1, 2)\n" * 20_000,
        "aux a = " + "(" * 100_000,
        'const a = 1 "' + '\\"' * 200_000,
        "const a = 1 {" + "\\}" * 200_000,
        "const a = 1 " + '"x" ' * 50_000,
        "unit " + "a = " * 50_000,
        "dim d = " + "a, " * 100_000,
        "aux a = " + "`" * 100_001,
        "in " * 100_000,
        "input " * 50_000,
        "view V\n" + "  arrow ->\n" * 50_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_takes_for_ever(text: str) -> None:
    start = time.process_time()
    with suppress(PenstockError):
        read_text(text, "x.pen")
    assert time.process_time() - start < 5  # seconds; each takes less than one where nothing is quadratic
