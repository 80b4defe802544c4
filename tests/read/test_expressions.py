"""Expressions mean the same however they are written."""

import pytest
from hypothesis import given

from penstock.errors import PenstockError
from penstock.expr import Binary, Call, Expr, Number, Reference, Subscript, Unary, children, walk
from penstock.place import Source
from penstock.read.dialects import MDL, PEN, XMILE, Dialect
from penstock.read.expression import MAX_HEIGHT, MAX_NESTING, Parser
from penstock.read.lexer import passage
from read.printers import EXPRESSIONS, write

ALL = [MDL, XMILE, PEN]


def parse(dialect: Dialect, text: str) -> Expr:
    return Parser(passage(Source("test", text)), dialect).whole()


def codes(dialect: Dialect, text: str) -> list[str]:
    with pytest.raises(PenstockError) as caught:
        parse(dialect, text)
    return [item.code for item in caught.value.diagnostics]


def shape(expr: Expr) -> str:
    """An expression with every grouping shown."""
    match expr:
        case Binary(operator, left, right):
            return f"({shape(left)} {operator} {shape(right)})"
        case Unary(operator, operand):
            return f"({operator} {shape(operand)})"
        case Number(value):
            return f"{value:g}"
        case Reference(name):
            return name
        case Call(function, arguments):
            return f"{function}({', '.join(map(shape, arguments))})"
    raise AssertionError(expr)


@pytest.mark.parametrize("dialect", ALL, ids=lambda row: row.key)
@given(expr=EXPRESSIONS)
def test_an_expression_that_is_written_reads_back_equal(dialect: Dialect, expr: Expr) -> None:
    assert parse(dialect, write(dialect.key, expr)) == expr


@pytest.mark.parametrize("dialect", ALL, ids=lambda row: row.key)
@given(expr=EXPRESSIONS)
def test_the_span_of_every_part_is_the_text_of_that_part(dialect: Dialect, expr: Expr) -> None:
    for part in walk(parse(dialect, write(dialect.key, expr))):
        again = parse(dialect, part.span.text)
        assert again == part
        assert all(
            part.span.start <= child.span.start < child.span.end <= part.span.end for child in children(part)
        )


@pytest.mark.parametrize("dialect", ALL, ids=lambda row: row.key)
@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("-2^2", "(- (2 ^ 2))"),
        ("2^3^4", "(2 ^ (3 ^ 4))"),
        ("2^-3^-4", "(2 ^ (- (3 ^ (- 4))))"),
        ("2^-3*4", "((2 ^ (- 3)) * 4)"),
        ("a-b-c", "((a - b) - c)"),
        ("a/b*c", "((a / b) * c)"),
        ("-a*b", "((- a) * b)"),
        ("a*-b+c", "((a * (- b)) + c)"),
        ("a+b<c*d", "((a + b) < (c * d))"),
        ("--a", "(- (- a))"),
        ("((a))", "a"),
        ("1e3+.5+5.+1.5E-2", "(((1000 + 0.5) + 5) + 0.015)"),
    ],
)
def test_operators_bind_as_in_mathematics(dialect: Dialect, text: str, grouped: str) -> None:
    assert shape(parse(dialect, text)) == grouped


@pytest.mark.parametrize(
    ("dialect", "text", "grouped"),
    [
        (MDL, ":NOT: a > 5 :OR: b :AND: c", "((not (a > 5)) or (b and c))"),
        (XMILE, "NOT a = b", "((not a) = b)"),
        (XMILE, "a MOD b * c", "((a mod b) * c)"),
        (XMILE, "a = b <> c < d", "((a = b) <> (c < d))"),
        (XMILE, "1 + IF a THEN b ELSE c + 1", "(1 + if_then_else(a, b, (c + 1)))"),
        (PEN, "not a = b and c", "((not (a = b)) and c)"),
        (PEN, "a mod b + if c then d else e", "((a mod b) + if_then_else(c, d, e))"),
    ],
)
def test_logic_binds_as_each_language_says(dialect: Dialect, text: str, grouped: str) -> None:
    assert shape(parse(dialect, text)) == grouped


def test_vensim_names_hold_spaces_and_broken_lines() -> None:
    text = 'net \\\n\t\tflow * time\'s up + "a + b"'
    assert shape(parse(MDL, text)) == "((net flow * time's up) + a + b)"


def test_penstock_names_end_at_reserved_words_unless_quoted() -> None:
    assert shape(parse(PEN, "band or orchid and `if or`")) == "(band or (orchid and if or))"


def test_xmile_reads_a_variable_named_like_the_operator_mod() -> None:
    assert shape(parse(XMILE, "mod mod mod")) == "(mod mod mod)"


def test_comments_stand_anywhere_between_tokens() -> None:
    assert shape(parse(MDL, "{a} a {b} + {c} b {d}")) == "(a + b)"
    assert shape(parse(PEN, "a + # and then\n b")) == "(a + b)"


def test_vensim_missing_value_is_a_number() -> None:
    assert parse(MDL, ":NA:") == Number(-(2.0**109))


def test_functions_come_by_their_canonical_name_and_others_as_written() -> None:
    assert shape(parse(MDL, "Max(a, my  lookup(b))")) == "max(a, my lookup(b))"
    assert shape(parse(XMILE, "VECTOR ODD THING(a)")) == "VECTOR ODD THING(a)"


def test_subscripts_are_names_stars_ranges_and_expressions() -> None:
    found = parse(XMILE, "a[b, *, *:sub, i + 1, 2]")
    assert isinstance(found, Reference)
    assert found.subscripts == (
        Subscript("b"),
        Subscript("*"),
        Subscript("sub", reduced=True),
        Subscript(index=Binary("+", Reference("i"), Number(1.0))),
        Subscript(index=Number(2.0)),
    )


@pytest.mark.parametrize("dialect", ALL, ids=lambda row: row.key)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "PEN101"),
        ("a +", "PEN101"),
        ("a == b", "PEN101"),
        ("a b(c", "PEN103"),
        ("(a", "PEN103"),
        ("a[b", "PEN103"),
        ("f(a, b", "PEN103"),
        ("a)", "PEN101"),
        ("f(a,)", "PEN101"),
        ("2x", "PEN104"),
        ("1.2.3", "PEN104"),
        ("1e999", "PEN104"),
        ("a ~ b", "PEN101"),
    ],
)
def test_what_is_no_expression_is_refused(dialect: Dialect, text: str, code: str) -> None:
    assert codes(dialect, text) == [code]


def test_the_error_for_an_unclosed_bracket_points_at_it() -> None:
    with pytest.raises(PenstockError) as caught:
        parse(PEN, "a + max(b, (c)")
    assert caught.value.diagnostics[0].span.start == "a + max(b, (c)".index("(")


def test_operators_of_other_languages_are_answered_with_ours() -> None:
    with pytest.raises(PenstockError, match=r"Write \^ for a power"):
        parse(PEN, "a ** b")


@pytest.mark.parametrize("dialect", ALL, ids=lambda row: row.key)
@pytest.mark.parametrize(
    ("before", "after"), [("(", ")"), ("1+(", ")"), ("f(", ")"), ("f(1, ", ")"), ("a[1+", "]")]
)
def test_nesting_has_a_limit_that_python_does_not_reach_first(
    dialect: Dialect, before: str, after: str
) -> None:
    parse(dialect, before * 190 + "a" + after * 190)
    assert codes(dialect, before * (MAX_NESTING + 1) + "a" + after * (MAX_NESTING + 1)) == ["PEN102"]
    assert codes(dialect, before * 10_000) == ["PEN102"]


@pytest.mark.parametrize("dialect", ALL, ids=lambda row: row.key)
@pytest.mark.parametrize("link", ["+", "^", "*-", "- -"])
def test_chains_of_operators_have_a_limit(dialect: Dialect, link: str) -> None:
    parse(dialect, link.join(["a"] * (MAX_HEIGHT // 2)))
    assert codes(dialect, link.join(["a"] * 10_000)) == ["PEN107"]


@pytest.mark.parametrize("dialect", ALL, ids=lambda row: row.key)
def test_a_call_may_have_as_many_arguments_as_it_likes(dialect: Dialect) -> None:
    call = parse(dialect, f"max({', '.join(['a'] * 5000)})")
    assert isinstance(call, Call)
    assert len(call.arguments) == 5000
