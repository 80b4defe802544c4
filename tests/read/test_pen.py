"""Penstock's own text, line by line."""

from typing import get_args

import pytest

from penstock.errors import PenstockError
from penstock.expr import ArrayLiteral, Binary, Call, Number, Reference, Unary
from penstock.model import (
    Auxiliary,
    Flow,
    Lookup,
    LookupKind,
    Model,
    Points,
    Slider,
    Stock,
    Variable,
    canonical,
)
from penstock.read import pen, read_text
from penstock.read.pen import variables
from read.samples import PEN


def read(text: str) -> Model:
    return read_text(text, "test.pen").model


def variable(model: Model, name: str) -> Variable:
    return next(item for item in model.variables if item.ident == canonical(name))


def findings(text: str) -> list[tuple[str, str]]:
    """The codes of all errors, and the text that each points at."""
    with pytest.raises(PenstockError) as caught:
        read(text)
    return [(item.code, item.span.text) for item in caught.value.diagnostics]


@pytest.fixture(scope="module")
def tea() -> Model:
    return read(PEN)


def test_variables_come_in_the_order_of_the_file_with_their_kinds(tea: Model) -> None:
    assert [(item.name, type(item)) for item in tea.variables] == [
        ("Tea", Stock),
        ("Milk", Stock),
        ("Cooling", Flow),
        ("Delay", Auxiliary),
        ("Room Temperature", Auxiliary),
        ("Smell", Auxiliary),
        ("Draught", Lookup),
        ("Mood", Auxiliary),
        ("if and else", Auxiliary),
    ]


def test_the_model_has_a_name_documentation_and_specs(tea: Model) -> None:
    assert (tea.name, tea.documentation) == ("Tea", "How tea cools")
    specs = tea.specs
    assert (specs.start, specs.stop) == (Number(0.0), Number(30.0))
    assert specs.dt == Binary("/", Number(1.0), Number(8.0))
    assert (specs.save_step, specs.method, specs.time_units) == (Number(0.5), "rk4", "Minute")


def test_stocks_have_flows_or_a_net_rate_and_may_not_go_below_zero(tea: Model) -> None:
    stock, milk = variable(tea, "Tea"), variable(tea, "Milk")
    assert isinstance(stock, Stock)
    assert (stock.inflows, stock.outflows, stock.non_negative) == ((), ("Cooling",), True)
    assert milk.equations[0].rate == Binary("/", Unary("-", Reference("Milk")), Number(10.0))
    assert not milk.non_negative


def test_units_sliders_documentation_and_groups_are_kept(tea: Model) -> None:
    room = variable(tea, "room temperature")
    assert (room.units, room.documentation, room.group) == ("Celsius", "Outside", "Cups")
    assert room.slider == Slider(-30.0, 40.0, 0.5)
    assert variable(tea, "Tea").documentation == 'A "hot" drink'


def test_a_line_goes_on_when_the_next_is_indented_or_it_ends_in_an_operator(tea: Model) -> None:
    expr = variable(tea, "Cooling").equations[0].expr
    assert isinstance(expr, Call)
    assert (expr.function, len(expr.arguments)) == ("if_then_else", 3)


def test_elements_and_lists_of_values_make_arrays(tea: Model) -> None:
    assert [item.subscripts for item in variable(tea, "Delay").equations] == [("mug",), ("glass",)]
    literal = variable(tea, "if and else").equations[0].expr
    assert isinstance(literal, ArrayLiteral)
    assert len(literal.elements) == 4
    assert tea.dimensions[0].elements == ("mug", "glass")


def test_graphical_functions_are_inline_or_on_their_own(tea: Model) -> None:
    smell = variable(tea, "Smell").equations[0]
    assert smell.lookup == Points((20.0, 55.0, 90.0), (0.0, 0.25, 1.0), "extrapolate")
    assert smell.expr is not None
    draught = variable(tea, "Draught")
    assert draught.equations[0].lookup == Points((0.0, 10.0, 30.0), (1.0, 1.5, 1.0), "discrete")
    assert draught.units == "1"


def test_an_initial_expression_stands_behind_the_value(tea: Model) -> None:
    assert variable(tea, "Mood").equations[0].initial == Number(0.5)


def test_exceptions_are_written_behind_the_subscripts() -> None:
    equation = read("aux a[Region] except [north], [south] = 1").variables[0].equations[0]
    assert (equation.subscripts, equation.exceptions) == (("Region",), (("north",), ("south",)))


def test_words_of_clauses_are_names_elsewhere() -> None:
    model = read("aux time to adjust by hand = save every day + in + out\nstock using = to\n  in by")
    assert model.variables[0].name == "time to adjust by hand"
    assert model.variables[0].equations[0].expr == Binary(
        "+", Binary("+", Reference("save every day"), Reference("in")), Reference("out")
    )


def test_a_slider_may_come_before_or_after_units_and_documentation() -> None:
    first, second = read(
        'const a = 1 slider -1 to 1e3 by .5 "doc" {m}\nconst b = 1 "doc" {m} slider 0 to 2'
    ).variables
    assert (first.slider, first.units, first.documentation) == (Slider(-1.0, 1000.0, 0.5), "m", "doc")
    assert (second.slider, second.units, second.documentation) == (Slider(0.0, 2.0), "m", "doc")


def test_units_may_hold_any_symbol() -> None:
    assert read("aux a = 1 {€/(m^2 * °C) @ 5%}").variables[0].units == "€/(m^2 * °C) @ 5%"


def test_names_between_backquotes_may_hold_anything() -> None:
    assert read("aux `a+b #1 ``x``` = 1").variables[0].name == "a+b #1 `x`"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("PEN009", "")]),
        ("# nothing", [("PEN009", "")]),
        ("stok a = 1", [("PEN105", "stok")]),
        ("aux a 1", [("PEN101", "")]),
        ("aux = 1", [("PEN101", "=")]),
        ("non-negative aux a = 1", [("PEN105", "aux")]),
        ("aux a = 1\nin b", [("PEN101", "in")]),
        ("aux a = 1\naux A = 2", [("PEN202", "A")]),
        ("aux a[x] = 1\nstock a[y] = 2", [("PEN206", "a")]),
        ("aux a = 1 {m} {m}", [("PEN106", "{m}")]),
        ("aux a = 1 {m", [("PEN103", "{")]),
        ('aux a = 1 "doc', [("PEN103", '"')]),
        ("aux a = `b", [("PEN103", "`")]),
        ("aux a = ``", [("PEN101", "``")]),
        ("const a = 1 slider 0", [("PEN101", "")]),
        ("const a = 1 slider x to 1", [("PEN101", "x")]),
        ("time 0 to 1\ntime 0 to 1\naux a = 1", [("PEN106", "0 to 1")]),
        ("time 0 to 1 by 1 by 2\naux a = 1", [("PEN106", "by")]),
        ("time 0 to 1 using rk45\naux a = 1", [("PEN402", "rk45")]),
        ("time 0\naux a = 1", [("PEN101", "")]),
        ("lookup f = \naux a = 1", [("PEN101", "")]),
        ("lookup f = (1, 1) (0, 0)", [("PEN301", "(1, 1) (0, 0)")]),
        ("aux a = 1 +\n\naux b = 2", [("PEN101", "")]),
        ("dim d = a, a b,\naux a = (", [("PEN101", ""), ("PEN101", "")]),
    ],
)
def test_mistakes_are_shown_where_they_are(text: str, found: list[tuple[str, str]]) -> None:
    assert findings(text) == found


def test_the_error_of_a_line_costs_only_that_line() -> None:
    assert [code for code, _ in findings("aux a = 1 +\naux b = )\nstok c = 1\naux d = 4\naux d = 5")][
        -2:
    ] == ["PEN105", "PEN202"]


def test_a_misspelt_declaration_is_answered_with_the_right_word() -> None:
    with pytest.raises(PenstockError, match=r"Did you mean stock\?"):
        read("stok a = 1")


def test_a_model_without_a_name_is_called_like_its_file() -> None:
    assert read("aux a = 1").name == "test"


def test_the_published_grammar_names_every_word() -> None:
    assert pen.__doc__ is not None
    for word in (*pen.WORDS, *variables.OPTIONS, *get_args(LookupKind)[1:]):
        assert f'"{word}"' in pen.__doc__, word
