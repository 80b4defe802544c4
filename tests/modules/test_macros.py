"""Vensim's macros: what a call means, on both engines with equal bits, and what is refused."""

import math

import pytest

from modules.running import bits, errors, messages, series
from penstock.compiler import compile_text
from penstock.model import Parameter
from penstock.read import read_text

SPECS = """
INITIAL TIME = 0 ~~|
FINAL TIME = 10 ~~|
TIME STEP = 0.5 ~~|
SAVEPER = TIME STEP ~~|
"""

FOLLOW = """
:MACRO: FOLLOW(goal, delay)
FOLLOW = INTEG(change, goal / 2) ~ goal ~ moves towards its goal |
change = (goal - FOLLOW) / delay ~~|
:END OF MACRO:
"""


def followed(goal: list[float], delay: float, dt: float = 0.5) -> list[float]:
    """The same in plain Python; operations in the order of the macro's equations, so the bits are the same."""
    level, levels = goal[0] / 2, []
    for value in goal:
        levels.append(level)
        level = level + dt * ((value - level) / delay)
    return levels


def test_every_call_has_stocks_of_its_own() -> None:
    saved = series(
        SPECS + FOLLOW + "a = FOLLOW(8, 2) ~~|\nb = FOLLOW(a, 4) ~~|\nc = FOLLOW(8, 2) + FOLLOW(8, 4) ~~|"
    )
    assert list(saved["a"]) == followed([8.0] * 21, 2)
    assert list(saved["b"]) == followed(list(saved["a"]), 4)
    both = zip(followed([8.0] * 21, 2), followed([8.0] * 21, 4), strict=True)
    assert list(saved["c"]) == [one + other for one, other in both]


def test_only_the_models_own_variables_are_saved() -> None:
    assert set(series(SPECS + FOLLOW + "a = FOLLOW(8, 2) ~~|")) == {"Time", "a"}


def test_constants_inside_a_macro_are_no_inputs_of_the_model() -> None:
    macro = ":MACRO: M(x)\nM = x * factor ~~|\nfactor = 3 ~~|\n:END OF MACRO:\n"
    program = compile_text(SPECS + macro + "a = M(b) ~~|\nb = 2 ~~|", "test.mdl").program
    assert [row["name"] for row in program.inputs if row["kind"] == "constant"] == ["b"]


def test_a_macro_may_stand_behind_its_calls() -> None:
    call = "a = FOLLOW(8, 2) ~~|"
    assert bits(series(SPECS + call + FOLLOW)) == bits(series(FOLLOW + call + SPECS))


def test_names_inside_are_not_those_outside() -> None:
    names = "change = 100 ~~|\ngoal = 3 ~~|\ndelay = 4 ~~|\n"
    saved = series(SPECS + FOLLOW + names + "a = FOLLOW(goal + 5, delay / 2) ~~|\nb = change ~~|")
    assert list(saved["a"]) == followed([8.0] * 21, 2)
    assert saved["b"] == (100.0,) * 21


def test_a_dollar_sign_reaches_into_the_model() -> None:
    macro = ":MACRO: LATE(x)\nLATE = x * gain$ + Time$ + TIME STEP$ + FINAL TIME$ ~~|\n:END OF MACRO:\n"
    saved = series(SPECS + macro + "gain = 7 ~~|\na = LATE(2) ~~|")
    assert list(saved["a"]) == [14 + 0.5 * step + 0.5 + 10 for step in range(21)]


def test_macros_call_macros_each_with_an_instance_of_its_own() -> None:
    twice = (
        ":MACRO: TWICE(x, d)\nTWICE = FOLLOW(inner, d) ~~|\ninner = FOLLOW(x, 2 * d) ~~|\n:END OF MACRO:\n"
    )
    saved = series(SPECS + twice + FOLLOW + "a = TWICE(8, 1) ~~|\nb = TWICE(a, 1) ~~|")
    once = followed(followed([8.0] * 21, 2), 1)
    assert list(saved["a"]) == once
    assert list(saved["b"]) == followed(followed(once, 2), 1)


def test_a_call_may_be_an_argument_of_a_call() -> None:
    saved = series(SPECS + FOLLOW + "a = 1 + FOLLOW(FOLLOW(8, 2) * 2, 4) ~~|")
    inner = [2 * value for value in followed([8.0] * 21, 2)]
    assert list(saved["a"]) == [1 + value for value in followed(inner, 4)]


def test_further_outputs_define_variables_of_the_model() -> None:
    inside = "SPLIT = x - y ~~|\nsum = x + y ~~|\nproduct = x * y ~~|\n"
    macro = f":MACRO: SPLIT(x, y : sum, product)\n{inside}:END OF MACRO:\n"
    saved = series(SPECS + macro + "a = 2 * SPLIT(7, 3 : total, area) ~~|\nb = total * 10 ~~|")
    assert (saved["a"][0], saved["total"][0], saved["area"][0], saved["b"][0]) == (8.0, 10.0, 21.0, 100.0)


SHARED = """
:MACRO: SHIPPED(orders : backlog)
SHIPPED = backlog / 2 ~~|
backlog = INTEG(orders - SHIPPED, 10) ~~|
:END OF MACRO:
r: a, b ~~|
d[r] = 1, 2 ~~|
"""


def test_an_output_has_the_dimensions_of_the_equation() -> None:
    saved = series(SPECS + SHARED + "s[r] = SHIPPED(d[r] : left) ~~|\ntotal = SUM(left[r!]) ~~|")
    levels = [[10.0], [10.0]]
    for orders, level in zip((1.0, 2.0), levels, strict=True):
        for _ in range(20):
            level.append(level[-1] + 0.5 * (orders - level[-1] / 2))
    assert list(saved["total"]) == [a + b for a, b in zip(*levels, strict=True)]
    wrong = SPECS + SHARED + "s[r] = SHIPPED(d[r] : left[r]) ~~|"
    assert messages(wrong) == ["the output left of a macro with subscripts is not supported"]


def test_a_call_in_an_array_has_a_stock_for_each_element() -> None:
    text = """
    town: north, south, east ~~|
    goal[town] = 8, 6, 4 ~~|
    a[town] = FOLLOW(goal[town], 2) ~~|
    b[north] = FOLLOW(goal[north] + 1, 4) ~~|
    b[south] = 0 ~~|
    b[east] = 1 ~~|
    """
    saved = series(SPECS + FOLLOW + text)
    for name, goal in (("north", 8.0), ("south", 6.0), ("east", 4.0)):
        assert list(saved[f"a[{name}]"]) == followed([goal] * 21, 2)
    assert list(saved["b[north]"]) == followed([9.0] * 21, 4)


def test_a_call_may_leave_elements_out() -> None:
    text = """
    town: north, south ~~|
    goal[town] = 8, 6 ~~|
    a[town] :EXCEPT: [south] = FOLLOW(goal[town] * 1, 2) ~~|
    a[south] = 5 ~~|
    """
    saved = series(SPECS + FOLLOW + text)
    assert list(saved["a[north]"]) == followed([8.0] * 21, 2)
    assert saved["a[south]"] == (5.0,) * 21


def test_a_call_within_a_sum_has_a_stock_for_each_element_summed() -> None:
    text = """
    town: north, south ~~|
    year: y1, y2 ~~|
    goal[town, year] = 8, 6; 4, 2; ~~|
    total[year] = SUM(FOLLOW(goal[town!, year] * 2, 2)) ~~|
    """
    saved = series(SPECS + FOLLOW + text)
    for year, goals in (("y1", (16.0, 8.0)), ("y2", (12.0, 4.0))):
        first, second = (followed([goal] * 21, 2) for goal in goals)
        assert list(saved[f"total[{year}]"]) == [a + b for a, b in zip(first, second, strict=True)]


def test_lookups_may_be_inside_or_an_argument() -> None:
    macro = """
    :MACRO: SHAPE(x, curve)
    SHAPE = curve(x) + own(x) ~~|
    own((0, 0), (10, 100)) ~~|
    :END OF MACRO:
    double((0, 0), (10, 20)) ~~|
    town: north, south ~~|
    a = SHAPE(Time, double) ~~|
    b[town] = SHAPE(Time + 0, double) ~~|
    """
    saved = series(SPECS + macro)
    assert list(saved["a"]) == pytest.approx([12 * 0.5 * step for step in range(21)], rel=1e-15)
    assert saved["b[north]"] == saved["b[south]"] == saved["a"]


def test_delays_inside_work_as_they_do_outside() -> None:
    macro = ":MACRO: SLOW(x, d)\nSLOW = SMOOTH3(step, d) + INITIAL(x) ~~|\nstep = x + STEP(5, 3) ~~|\n:END OF MACRO:\n"
    flat = "a = SMOOTH3(step, 2) + INITIAL(x) ~~|\nstep = x + STEP(5, 3) ~~|\n"
    x = "x = Time * Time + 1 ~~|\n"
    assert series(SPECS + macro + x + "a = SLOW(x, 2) ~~|")["a"] == series(SPECS + flat + x)["a"]


def test_a_call_may_be_an_initial_value_or_a_rate() -> None:
    text = "s = INTEG(FOLLOW(8, 2), FOLLOW(6, 1) * 3) ~~|\n"
    saved = series(SPECS + FOLLOW + text)
    level, rate = 9.0, followed([8.0] * 21, 2)
    for step, value in enumerate(saved["s"]):
        assert value == level
        level += 0.5 * rate[step]


def test_a_macro_of_a_built_in_functions_name_counts_first() -> None:
    macro = ":MACRO: SMOOTH(x, d)\nSMOOTH = x + d ~~|\n:END OF MACRO:\n"
    assert series(SPECS + macro + "a = SMOOTH(3, 4) ~~|")["a"][0] == 7.0


def test_reading_keeps_the_macro_for_writers() -> None:
    model = read_text(SPECS + FOLLOW + "a = FOLLOW(8, 2) ~~|", "test.mdl").model
    (macro,) = model.macros
    assert (macro.name, macro.parameters) == ("FOLLOW", (Parameter("goal"), Parameter("delay")))
    assert [item.name for item in macro.variables] == ["FOLLOW", "change"]
    assert macro.span.text == FOLLOW.strip()
    assert [item.name for item in model.variables] == ["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":MACRO: M(x)\nM = M(x) ~~|\n:END OF MACRO:\na = M(1) ~~|", [("PEN205", "M(x)")]),
        (
            ":MACRO: M(x)\nM = N(x) ~~|\n:END OF MACRO:\n:MACRO: N(x)\nN = M(x) ~~|\n:END OF MACRO:\na = M(1) ~~|",
            [("PEN205", "M(x)")],
        ),
        (FOLLOW + "a = FOLLOW(1) ~~|", [("PEN204", "FOLLOW(1)")]),
        (FOLLOW + "a = FOLLOW(1, 2, 3) ~~|", [("PEN204", "FOLLOW(1, 2, 3)")]),
        (FOLLOW + "a = FOLLOW(1, 2 : b) ~~|", [("PEN204", "FOLLOW(1, 2 : b)")]),
        (FOLLOW + "a = FOLLOW(lost, 2) ~~|", [("PEN201", "lost")]),
        (FOLLOW + "a = FOLLOW[b](1, 2) ~~|", [("PEN401", "FOLLOW[b](1, 2)")]),
        (FOLLOW + "a = FOLLOW(lost + 1, 2) ~~|", [("PEN201", "lost")]),
        (
            ":MACRO: M(x)\nM = x + outside ~~|\n:END OF MACRO:\noutside = 1 ~~|\na = M(1) ~~|",
            [("PEN201", "outside")],
        ),
        (":MACRO: M(x)\nM = x + outside$ ~~|\n:END OF MACRO:\na = M(1) ~~|", [("PEN201", "outside$")]),
        (":MACRO: M(x)\nother = x ~~|\n:END OF MACRO:\na = M(1) ~~|", [("PEN201", ":MACRO: M(x)")]),
        (":MACRO: M(x)\nM = SIN(x, x) ~~|\n:END OF MACRO:\na = M(1) ~~|", [("PEN204", "SIN(x, x)")]),
        (":MACRO: M(x)\nM = x ~~|\n:END OF MACRO:\n" * 2 + "a = M(1) ~~|", [("PEN202", ":MACRO: M(x)")]),
        (":MACRO: M(x)\nM = x ~~|\na = M(1) ~~|", [("PEN103", ":MACRO: M(x)")]),
        (":END OF MACRO:\na = 1 ~~|", [("PEN101", ":END OF MACRO:")]),
        (":MACRO: M(x)\nd: e, f ~~|\nM = x ~~|\n:END OF MACRO:\na = M(1) ~~|", [("PEN401", "d: e, f")]),
        ("a = SMOOTH(1, 2 : b) ~~|", [("PEN101", ":")]),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(text: str, expected: list[tuple[str, str]]) -> None:
    found = errors(SPECS + text)
    assert [(code, place.split("\n")[0]) for code, place in found] == expected


def test_an_error_inside_a_macro_says_who_calls_it() -> None:
    macro = ":MACRO: M(x)\nM = x + lost ~~|\n:END OF MACRO:\n"
    calls = "".join(f"v{number} = M({number}) ~~|\n" for number in range(5))
    (message,) = messages(SPECS + macro + calls)
    assert message.endswith("(in the macro M, called by v0, v1, v2 and 2 more)")


def test_an_error_of_a_later_pass_inside_a_macro_says_who_calls_it() -> None:
    (message,) = messages(SPECS + ":MACRO: M(x)\nM = SIN(x, x) ~~|\n:END OF MACRO:\na = M(1) ~~|")
    assert message.endswith("(in the macro M, called by a)")


def test_a_loop_of_macros_says_its_path() -> None:
    text = (
        ":MACRO: M(x)\nM = N(x) ~~|\n:END OF MACRO:\n:MACRO: N(x)\nN = M(x) ~~|\n:END OF MACRO:\na = M(1) ~~|"
    )
    assert "M → N → M" in messages(SPECS + text)[0]


def test_macros_that_multiply_are_refused_before_they_fill_the_memory() -> None:
    text = ":MACRO: M0(x)\nM0 = x ~~|\n:END OF MACRO:\n"
    for number in range(1, 40):
        text += f":MACRO: M{number}(x)\nM{number} = M{number - 1}(x) + M{number - 1}(x) ~~|\n:END OF MACRO:\n"
    (message,) = messages(SPECS + text + "a = M39(1) ~~|")
    assert "macros make more than" in message


def test_a_chain_of_a_thousand_macros_is_no_recursion() -> None:
    text = ":MACRO: M0(x)\nM0 = x * 2 ~~|\n:END OF MACRO:\n"
    for number in range(1, 1000):
        text += f":MACRO: M{number}(x)\nM{number} = M{number - 1}(x) + 1 ~~|\n:END OF MACRO:\n"
    assert series(SPECS + text + "a = M999(4) ~~|")["a"][0] == 8 + 999


def test_a_ramp_built_from_a_macro_follows_its_closed_form() -> None:
    macro = """
    :MACRO: GROW FROM TO(from, to, begin, end)
    GROW FROM TO = IF THEN ELSE(Time$ <= begin, from, IF THEN ELSE(Time$ > end, to, between)) ~~|
    between = from * EXP(rate * (Time$ - begin)) ~~|
    rate = LN(to / from) / MAX(end - begin, TIME STEP$) ~~|
    :END OF MACRO:
    a = GROW FROM TO(2, 10, 1, 5) ~~|
    """
    expected = [2 * 5 ** min(1.0, max(0.0, (0.5 * step - 1) / 4)) for step in range(21)]
    assert series(SPECS + macro)["a"] == pytest.approx(expected, rel=1e-14)
    assert math.isclose(expected[-1], 10.0)
