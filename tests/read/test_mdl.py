"""Vensim files: every field of a block ends up in the model, and nothing is guessed."""

import pytest

from penstock.errors import PenstockError
from penstock.expr import ArrayLiteral, Binary, Call, Number, Reference, Subscript, Unary
from penstock.model import (
    Auxiliary,
    DimensionMapping,
    Flow,
    Lookup,
    Model,
    Slider,
    Stock,
    Variable,
    canonical,
)
from penstock.read import read_text
from read.samples import MDL

CONTROL = "INITIAL TIME = 0 ~~|\nFINAL TIME = 10 ~~|\nTIME STEP = 1 ~~|\n"


def read(equations: str, rest: str = "") -> Model:
    return read_text(f"{{UTF-8}}\n{equations}\n{CONTROL}{rest}", "test.mdl").model


def variable(model: Model, name: str) -> Variable:
    return next(item for item in model.variables if item.ident == canonical(name))


def findings(equations: str, rest: str = "") -> list[tuple[str, str]]:
    """The codes of all errors, and the text that each points at."""
    with pytest.raises(PenstockError) as caught:
        read(equations, rest)
    return [(item.code, item.span.text) for item in caught.value.diagnostics]


@pytest.fixture(scope="module")
def tea() -> Model:
    return read_text(MDL, "tea.mdl").model


def test_variables_come_in_the_order_of_the_file_with_their_kinds(tea: Model) -> None:
    kinds = [(item.name, type(item)) for item in tea.variables]
    assert kinds == [
        ("Room Temperature", Auxiliary),
        ("Gap", Auxiliary),
        ("Cooling", Flow),
        ("Delay", Auxiliary),
        ("Tea", Stock),
        ("Draught", Lookup),
        ("Smell", Auxiliary),
        ("Mood", Auxiliary),
    ]


def test_units_ranges_sliders_and_documentation_are_told_apart(tea: Model) -> None:
    room = variable(tea, "room temperature")
    assert room.units == "Celsius"
    assert room.value_range == (-30.0, 40.0)
    assert room.slider == Slider(-30.0, 40.0, 0.5)
    assert room.documentation == "What the tea cools down to."
    assert variable(tea, "Cooling").documentation == "Heat that is lost."


def test_a_stock_has_its_initial_value_and_flows_that_say_what_its_rate_does(tea: Model) -> None:
    stock = variable(tea, "Tea")
    assert isinstance(stock, Stock)
    (equation,) = stock.equations
    assert equation.expr == Number(90.0)
    assert equation.rate is None
    assert (stock.inflows, stock.outflows) == ((), ("Cooling",))


def test_inline_lookups_and_active_initials_are_parts_of_their_equation(tea: Model) -> None:
    smell = variable(tea, "Smell").equations[0]
    assert smell.expr == Reference("Tea", (Subscript("mug"),))
    assert smell.lookup is not None
    assert smell.lookup.x == (20.0, 90.0)
    assert variable(tea, "Mood").equations[0].initial == Number(0.5)


def test_a_lookup_keeps_its_points_and_its_ranges(tea: Model) -> None:
    points = variable(tea, "Draught").equations[0].lookup
    assert points is not None
    assert (points.x, points.y) == ((0.0, 10.0, 30.0), (1.0, 1.5, 1.0))
    assert (points.x_range, points.y_range) == ((0.0, 30.0), (0.0, 2.0))


def test_control_variables_become_the_specs(tea: Model) -> None:
    specs = tea.specs
    assert (specs.start, specs.stop, specs.dt) == (Number(0.0), Number(30.0), Number(0.125))
    assert specs.save_step is None  # SAVEPER = TIME STEP
    assert (specs.time_units, specs.method) == ("Minute", "rk4")


def test_sketches_become_views_with_valves_as_flows(tea: Model) -> None:
    (view,) = tea.views
    assert [(item.kind, item.name) for item in view.items] == [
        ("stock", "Tea"),
        ("cloud", ""),
        ("flow", "Cooling"),
        ("auxiliary", "Room Temperature"),
    ]
    assert [(item.source, item.target) for item in view.connectors] == [("Room Temperature", "Cooling")]


@pytest.mark.parametrize("check", [":THE CONDITION: a = 1 :IMPLIES: b = 1", ":TEST INPUT: a = RC_STEP(a, 0)"])
def test_reality_checks_are_reported_and_passed_over(check: str) -> None:
    result = read_text(f"{{UTF-8}}\na = 1 ~~|\nmy check{check} ~~|\n{CONTROL}", "m.mdl")
    assert [variable.name for variable in result.model.variables] == ["a"]
    assert [(item.code, item.severity) for item in result.findings] == [("PEN403", "warning")]
    assert "my check" in result.findings[0].message


@pytest.mark.parametrize(
    ("number", "method"),
    [
        ("0", "euler"),
        ("1", "rk4_auto"),
        ("3", "rk2_auto"),
        ("4", "rk2"),
        ("5", "rk4"),
        ("2", None),
        ("9", None),
    ],
)
def test_methods_that_there_are_are_read_and_all_others_refused(number: str, method: str | None) -> None:
    settings = f"\\\\\\---/// Sketch\n*View 1\n///---\\\\\\\n:L<%^E!@\n15:0,0,0,{number},0,0\n"
    if method is not None:
        assert read("a = 1 ~~|", settings).specs.method == method
    else:
        assert findings("a = 1 ~~|", settings) == [("PEN402", number)]


def test_ranges_take_names_runs_subranges_and_mappings() -> None:
    model = read("d: a, (b8-b10), sub -> (e: x, y), f ~~|\ng <-> d ~~|\na = 1 ~~|")
    first, alias = model.dimensions
    assert first.elements == ("a", "b8", "b9", "b10", "sub")
    assert first.mappings == (DimensionMapping("e", ("x", "y")), DimensionMapping("f"))
    assert (alias.name, alias.same_as) == ("g", "d")


def test_a_run_that_does_not_count_up_is_refused() -> None:
    assert findings("d: (a9-a1) ~~|\na=1~~|") == [("PEN101", "(a9-a1)")]
    assert findings("d: (a1-a999999999999) ~~|\na=1~~|") == [("PEN101", "(a1-a999999999999)")]


def test_equations_of_one_name_are_one_variable() -> None:
    model = read("x[a] = 1 ~~|\ny = 2 ~~|\nX[b, c] :EXCEPT: [d, e], [f, g] = 3 ~ m ~ |")
    first, second = model.variables
    assert (first.name, first.units, second.name) == ("x", "m", "y")
    assert [item.subscripts for item in first.equations] == [("a",), ("b", "c")]
    assert first.equations[1].exceptions == (("d", "e"), ("f", "g"))


def test_constants_of_arrays_are_one_literal_row_by_row() -> None:
    assert variable(read("x[a, b] = 1, -2; 3, 4; ~~|"), "x").equations[0].expr == ArrayLiteral(
        (Number(1.0), Unary("-", Number(2.0)), Number(3.0), Number(4.0))
    )


def test_points_in_columns_are_read_too() -> None:
    points = variable(read("f(0, 1, 2, 5, - 6, 7) ~~|"), "f").equations[0].lookup
    assert points is not None
    assert (points.x, points.y) == ((0.0, 1.0, 2.0), (5.0, -6.0, 7.0))


def test_groups_flags_and_comments_do_not_disturb() -> None:
    text = '****\n\t.Heat\n****~\n\tAll of it ~ |\n{ a ~ b | }\n"a~|b" = 1 ~ [?,?] ~ ~ :SUPPLEMENTARY |'
    item = variable(read(text), "a~|b")
    assert (item.group, item.units, item.value_range, item.documentation) == ("Heat", "", None, "")


def test_a_rate_that_is_no_plain_sum_leaves_the_stock_without_flows() -> None:
    model = read("s = INTEG(a * 2 - b, 0) ~~|\na = Time ~~|\nb = Time ~~|")
    stock = variable(model, "s")
    assert isinstance(stock, Stock)
    assert (stock.inflows, stock.outflows) == ((), ())
    assert isinstance(variable(model, "b"), Auxiliary)


def test_a_rate_in_other_words_than_its_flows_is_kept() -> None:
    text = "s = INTEG(-b + a, 0) ~~|\na = Time ~~|\nb = Time ~~|\n"
    stock = variable(read(text), "s")
    assert isinstance(stock, Stock)
    assert (stock.inflows, stock.outflows) == (("a",), ("b",))
    assert stock.equations[0].rate == Binary("+", Unary("-", Reference("b")), Reference("a"))
    text = "d: x, y ~~|\ne: x ~~|\ns[e] = INTEG(a[e], 0) ~~|\na[d] = Time ~~|\n"
    assert variable(read(text), "s").equations[0].rate == Reference("a", (Subscript("e"),))


def test_a_term_of_many_stocks_is_an_auxiliary() -> None:
    model = read("s = INTEG(a, 0) ~~|\nt = INTEG(a, 0) ~~|\na = Time ~~|")
    assert [type(item) for item in model.variables] == [Stock, Stock, Auxiliary]


def test_a_flow_may_drain_one_stock_and_fill_another() -> None:
    model = read("s = INTEG(-(f - g), 0) ~~|\nt = INTEG(0 + f, 0) ~~|\nf = Time ~~|\ng = Time ~~|")
    s, t, *_ = model.variables
    assert isinstance(s, Stock)
    assert isinstance(t, Stock)
    assert (s.inflows, s.outflows, t.inflows) == (("g",), ("f",), ("f",))


def test_the_whole_equation_is_read_whatever_its_layout() -> None:
    model = read("a\\\n b= \\\n\tIF THEN ELSE(a  b>1,\\\n\t\t2,3)\n\t~~|")
    (item,) = model.variables
    assert item.name == "a b"
    assert item.equations[0].expr == Call(
        "if_then_else", (Binary(">", Reference("a b"), Number(1.0)), Number(2.0), Number(3.0))
    )


def test_an_error_costs_only_its_own_equation() -> None:
    assert findings('a = 1 + ~~|\nb = 2 ~~|\nc = (3 ~~|\n"d = 4 ~~|\ne = 5 ~~|\ne = 6 ~~|') == [
        ("PEN101", ""),
        ("PEN103", "("),
        ("PEN103", '"'),
        ("PEN202", "e = 6"),
    ]


@pytest.mark.parametrize(
    ("text", "pointed"),
    [
        ("a := GET VDF DATA('a.vdf', 'b', 0, 1) ~~|", "GET VDF DATA"),
        ("a = GET 123 CONSTANTS('a.wks', 'b', 'c') ~~|", "GET 123 CONSTANTS"),
        ("a = 1 + GET_DIRECT_CONSTANTS('a', 'b', 'c') ~~|", "GET_DIRECT_CONSTANTS"),
        ("d: GET ODBC SUBSCRIPT('a', 'b') ~~|", "GET ODBC SUBSCRIPT"),
        ("f(GET 123 LOOKUPS('a', 'b')) ~~|", "GET 123 LOOKUPS"),
        ("f(GET XLS DATA('a', 'b', '1', 'B2')) ~~|", "GET XLS DATA"),
        ("a[d] = 2 * TABBED ARRAY(1 2 3) ~~|", "TABBED ARRAY"),
        ("a = A FUNCTION OF(b, c) ~~|", "A FUNCTION OF"),
        ("a = 2 * INTEG(b, c) ~~|", "INTEG"),
        ("a = INTEG(b, c) * 2 ~~|", "INTEG"),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(text: str, pointed: str) -> None:
    assert findings(text + "\nok = 1 ~~|") == [("PEN401", pointed)]


def test_a_lookup_that_is_no_function_of_x_is_refused() -> None:
    assert [code for code, _ in findings("f((1,1),(0,2)) ~~|\ng(1,2,3) ~~|")] == ["PEN301", "PEN302"]


def test_a_model_needs_its_control_variables() -> None:
    with pytest.raises(PenstockError) as caught:
        read_text("a = 1 ~~|", "test.mdl")
    assert [item.code for item in caught.value.diagnostics] == ["PEN208"] * 3


def test_a_stock_in_one_equation_and_none_in_the_next_is_refused() -> None:
    assert findings("s[a] = INTEG(1, 0) ~~|\ns[b] = 2 ~~|") == [("PEN206", "s[b] = 2")]


def test_a_broken_sketch_never_fails_a_model() -> None:
    sketch = '\\\\\\---/// x\n10,1\n*View\n10,1,a,nan,1,1,1,1\n10\n11,\n1,2\n1,2,3,4\n12,a,b,c\n10,1,"a,3,4,5,6,7\n'
    assert len(read("a = 1 ~~|", sketch).views) == 1
