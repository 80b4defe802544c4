"""Expressions in every dialect read back as the same trees, with no parentheses too many."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.expr import ArrayLiteral, Binary, Call, Expr, Number, Reference, Subscript, Unary
from penstock.place import Source
from penstock.read.dialects import DIALECTS, MDL, PEN, XMILE, Dialect
from penstock.read.expression import Parser
from penstock.read.lexer import passage
from penstock.write.expression import Printer, parts, wrapped
from penstock.write.losses import Losses
from read.printers import EXPRESSIONS
from write.trips import folded

each_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)


def written(dialect: Dialect, expr: Expr) -> tuple[str, Losses]:
    losses = Losses(dialect.key)
    return Printer(dialect, losses).expression(expr), losses


def read(dialect: Dialect, text: str) -> Expr:
    return Parser(passage(Source("", text)), dialect).whole()


def rewritten(dialect: Dialect, text: str) -> str:
    """A text read and written in the same dialect."""
    return written(dialect, read(dialect, text))[0]


@each_dialect
@given(expr=EXPRESSIONS)
def test_an_expression_reads_back_as_the_same_tree(dialect: Dialect, expr: Expr) -> None:
    text, losses = written(dialect, expr)
    assert not losses.found
    assert folded(read(dialect, text)) == folded(expr)


@each_dialect
@given(expr=EXPRESSIONS, width=st.integers(5, 40))
def test_lines_break_where_the_text_stays_the_same(dialect: Dialect, expr: Expr, width: int) -> None:
    text, _ = written(dialect, expr)
    joint = " \\\n\t" if dialect.key == "mdl" else "\n    "
    broken = wrapped(parts(text, dialect), width, joint)
    assert folded(read(dialect, broken)) == folded(expr)
    assert "".join(broken.split()).replace("\\", "") == "".join(text.split()).replace("\\", "")


@pytest.mark.parametrize(
    "text",
    [
        *("a + b + c", "a - b - c", "a - (b - c)", "a + (b + c)", "a / b / c", "a / (b / c)", "a * (b + c)"),
        *("a^b^c", "(a^b)^c", "-a^b", "(-a)^b", "a^(-b)", "-a * b", "a * -b", "-(a * b)", "- -a", "+a"),
        *("a < b", "a < b = c", "a = (b < c)", "a < b + c", "(a < b) + c", "a mod b * c", "a mod (b * c)"),
        *("not a = b", "not (a and b)", "not a and not b", "a and b or c", "a and (b or c)", "(not a) = b"),
        *("if a then b else c", "(if a then b else c) + d", "if a then b else if c then d else e"),
        *(
            "f(a, (b + c) * d)",
            "f(if a then b else c)",
            "a[b, c!, *]",
            "a[b + 1, (c)]",
            "f[a](b)",
            "step(1, 2)",
        ),
        *("0.1", "1e16", "1e-7", "123456789.125", "5e-324", "1.7976931348623157e308", ":NA:", "-5", "(-5)^2"),
        *("sample_if_true(a, b, c)", "delay fixed(a, b)", "`and`", "`a + b`", "`a ``b```", "`1 a`", "größe"),
        *("`Min`(a, b)", "min(a, b)", "a.b", "`.a`", "Net Flow"),
    ],
)
def test_nothing_is_in_parentheses_that_needs_none(text: str) -> None:
    """Each of these is as short as it can be in Penstock's own text."""
    assert rewritten(PEN, text) == text


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (MDL, ":NOT: a = b :OR: c :AND: d"),
        (MDL, "IF THEN ELSE(Net Flow > :NA:, SMOOTHI(a, 2, 3), SMOOTH(b, 2))"),
        (MDL, '"a + b"[dim!] - MODULO(a, b)'),
        (MDL, "DELAY1(a, 2) + DELAY1I(a, 2, 3) + SMOOTH3I(a, 1, 2) + DELAY3I(a, 1, 2)"),
        (XMILE, "IF a AND NOT b THEN c ELSE SMTH1(Net_Flow, 2)"),
        (XMILE, 'SUM(a[*, *:dim]) + a[i + 1] + "a+b" MOD 2'),
    ],
)
def test_each_language_has_its_own_spellings(dialect: Dialect, text: str) -> None:
    assert rewritten(dialect, text) == text


def test_conditionals_between_words_stand_in_parentheses_for_people() -> None:
    inner = read(PEN, "if a then b else c")
    expr = Call("if_then_else", (inner, inner, inner))
    once = "if a then b else c"
    assert written(PEN, expr)[0] == f"if ({once}) then ({once}) else {once}"


@pytest.mark.parametrize(
    ("dialect", "expr", "text"),
    [
        (MDL, Binary("mod", Reference("a"), Number(2.0)), "MODULO(a, 2)"),
        (MDL, Call("safediv", (Reference("a"), Reference("b"))), "SAFEDIV(a, b)"),
        (XMILE, Call("xidz", (Reference("a"), Reference("b"), Number(1.0))), "XIDZ(a, b, 1)"),
        (XMILE, Number(-(2.0**109)), "-6.490371073168535e32"),
        (XMILE, Call("Int", (Reference("a"),)), "Int(a)"),
        (PEN, Number(float("inf")), "inf()"),
        (PEN, Number(-3.0), "-3"),
    ],
)
def test_what_a_language_cannot_say_is_listed_and_written_in_the_closest_way(
    dialect: Dialect, expr: Expr, text: str
) -> None:
    found, losses = written(dialect, expr)
    assert found == text
    assert [loss.code for loss in losses.found] == ["PEN602"]


def test_a_macro_counts_before_a_function_of_its_name() -> None:
    dialect = replace(MDL, macros=frozenset({"smooth"}))
    expr = Call("SMOOTH", (Reference("a"),), outputs=("b", "c"))
    text, losses = written(dialect, expr)
    assert (text, losses.found) == ("SMOOTH(a : b, c)", [])
    assert read(dialect, text) == expr


def test_a_list_of_one_value_keeps_its_separator() -> None:
    assert written(PEN, ArrayLiteral((Number(1.0),)))[0] == "1;"


def test_a_bare_name_as_an_index_expression_is_no_element() -> None:
    expr = Reference("a", (Subscript(index=Reference("b")), Subscript("b"), Subscript(index=Number(2.0))))
    assert read(XMILE, written(XMILE, expr)[0]) == expr


def test_deep_trees_are_written() -> None:
    expr: Expr = Reference("a")
    for _ in range(2000):
        expr = Call("abs", (Unary("-", expr),))
    assert written(PEN, expr)[0] == "abs(-" * 2000 + "a" + ")" * 2000
