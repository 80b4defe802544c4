"""The order of evaluation, element by element, with loops that stay loops."""

from arrays.both import CLOCK, aux, element_values, mdl, refused, run, xmile
from penstock.compiler import compile_text
from penstock.ir import For, Store, statements

CHAIN = """
    d: (e1-e6)
    rest: (e2-e6) -> before
    before: (e1-e5) -> rest
"""


def test_a_recurrence_forwards_gives_its_closed_form() -> None:
    series = mdl(CHAIN + "x[e1] = 1\nx[rest] = 2 * x[before]\n")
    assert [series[f"x[e{number}]"][0] for number in range(1, 7)] == [1, 2, 4, 8, 16, 32]


def test_a_recurrence_backwards_gives_its_closed_form() -> None:
    series = mdl(CHAIN + "x[e6] = 1\nx[before] = 3 * x[rest] + before\n")
    expected = [1.0]
    for number in range(5, 0, -1):
        expected.append(3 * expected[-1] + number)
    assert [series[f"x[e{number}]"][0] for number in range(6, 0, -1)] == expected


def test_two_arrays_that_need_each_other_run_in_one_loop() -> None:
    series = mdl(CHAIN + "x[e1] = 1\ny[e1] = 1\nx[rest] = x[before] + y[before]\ny[rest] = x[rest] * 2\n")
    x, y = [1.0], [1.0]
    for _ in range(5):
        x.append(x[-1] + y[-1])
        y.append(2 * x[-1])
    assert [series[f"x[e{number}]"][0] for number in range(1, 7)] == x
    assert [series[f"y[e{number}]"][0] for number in range(1, 7)] == y


def test_a_table_filled_from_two_sides_runs_in_nested_loops() -> None:
    """Pascal's triangle: every element needs the one above and the one to the left."""
    series = mdl(
        CHAIN
        + "col <-> d\ncrest: (e2-e6) -> cbefore\ncbefore: (e1-e5) -> crest\n"
        + "p[e1, col] = 1\np[rest, e1] = 1\np[rest, crest] = p[before, crest] + p[rest, cbefore]\n"
    )
    assert series["p[e6,e6]"][0] == 252
    assert series["p[e4,e3]"][0] == 10


def test_elements_without_any_rule_are_taken_apart() -> None:
    series = mdl("""
        d: a, b, c, e
        x[a] = y[c] + 1
        x[b] = 5
        x[c] = y[b] + 1
        x[e] = y[a] + 1
        y[d] = x[d] * 2
    """)
    assert [series[f"x[{key}]"][0] for key in "abce"] == [23, 5, 11, 47]


def test_a_shifted_subscript_of_xmile_is_a_recurrence_too() -> None:
    series = xmile({"d": ["a", "b", "c", "e"]}, aux("x", "x[d - 1] + d", "d"))
    assert [series[f"x[{key}]"][0] for key in "abce"] == [1, 3, 6, 10]


def test_initial_values_have_an_order_of_their_own() -> None:
    series = mdl(CHAIN + "s[e1] = INTEG(0, 7)\ns[rest] = INTEG(1, s[before] + 1)\n")
    assert [series[f"s[e{number}]"][0] for number in range(1, 7)] == [7, 8, 9, 10, 11, 12]


def test_a_circle_of_elements_is_reported_with_their_names() -> None:
    message = refused(
        "d: a, b, c\nx[a] = y[b]\nx[b] = 1\nx[c] = 1\ny[d] = x[d] + z[d]\nz[b] = y[a]\nz[a] = 1\nz[c] = 1"
    )
    assert "PEN205" in message
    assert "x[a]" in message
    assert "y[b]" in message


def test_an_element_that_needs_the_sum_of_all_is_a_circle() -> None:
    assert "PEN205" in refused("d: a, b\nx[d] = SUM(x[d!]) + 1")


def test_a_recurrence_stays_one_loop() -> None:
    text = "d: (e1-e500) ~~|\nrest: (e2-e500) -> before ~~|\nbefore: (e1-e499) -> rest ~~|\n"
    text += "x[e1] = Time ~~|\nx[rest] = x[before] + y[before] ~~|\ny[d] = x[d] * 2 ~~|\n"
    compiled = compile_text(text + CLOCK, "model.mdl")
    found = list(statements(compiled.program.evaluate.body))
    assert sum(isinstance(statement, For) for statement in found) <= 4
    assert sum(isinstance(statement, Store) for statement in found) <= 8
    assert run(compiled)["x[e3]"] == [0.0, 9.0, 18.0, 27.0]


def test_stocks_in_a_chain_are_no_circle() -> None:
    series = mdl(CHAIN + "s[e1] = INTEG(1, 0)\ns[rest] = INTEG(s[before], 0)\n")
    assert series["s[e1]"] == [0, 1, 2, 3]
    assert series["s[e3]"] == [0, 0, 0, 1]


def test_element_values_may_need_each_other_in_any_order() -> None:
    series = xmile({"d": ["a", "b", "c"]}, element_values("x", "d", a="x[c] + 1", b="x[a] + 1", c="TIME"))
    assert series["x[b]"] == [2, 3, 4, 5]
