"""Expressions at random, and how each language writes them: the other half of the parser's tests.

Everything is put in parentheses by binding power, from a table of this module's own, so that a mistake
in the parser's table shows.
"""

from collections.abc import Callable

from hypothesis import strategies as st

from penstock.expr import Binary, Call, Expr, Number, Reference, Subscript, Unary

LOOSEST_FIRST = [["or"], ["and"], ["=", "<>", "<", "<=", ">", ">="], ["+", "-"], ["*", "/"], ["-x"], ["^"]]
LEVEL = {operator: level for level, row in enumerate(LOOSEST_FIRST) for operator in row}
NAMES = ["Tea", "room temperature", "x1", "Größe", "net flow of heat"]
WORDS = {"mdl": {"and": ":AND:", "or": ":OR:", "not": ":NOT:"}}


def numbers() -> st.SearchStrategy[Expr]:
    return st.floats(min_value=0, max_value=1e300, allow_nan=False).map(lambda value: Number(value + 0.0))


def references() -> st.SearchStrategy[Expr]:
    subscript = st.builds(Subscript, st.sampled_from(["mug", "Cup"]), reduced=st.booleans())
    return st.builds(Reference, st.sampled_from(NAMES), st.lists(subscript, max_size=2).map(tuple))


def compounds(part: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        st.builds(Binary, st.sampled_from([name for name in LEVEL if name != "-x"]), part, part),
        st.builds(Unary, st.sampled_from(["-", "+", "not"]), part),
        st.builds(Call, st.just("my function"), st.lists(part, max_size=3).map(tuple)),
        st.builds(lambda a, b, c: Call("if_then_else", (a, b, c)), part, part, part),
    )


EXPRESSIONS = st.recursive(numbers() | references(), compounds, max_leaves=25)


def write(dialect: str, expr: Expr) -> str:
    """The expression in a language's own spelling."""
    return _write(dialect, expr, 0)


def _write(dialect: str, expr: Expr, level: int) -> str:
    def inner(part: Expr, level: int = 0) -> str:
        return _write(dialect, part, level)

    match expr:
        case Number(value):
            return repr(value)
        case Reference(name, subscripts):
            return _name(dialect, name) + _subscripts(dialect, subscripts)
        case Call("if_then_else", (a, b, c)):
            return _if(dialect, inner(a), inner(b), inner(c))
        case Call(function, arguments):
            return f"{_name(dialect, function)}({', '.join(map(inner, arguments))})"
        case Unary(operator, operand):
            # The languages disagree about where `not` binds: always in parentheses, inside and out.
            tight = len(LOOSEST_FIRST)
            text = f"{_word(dialect, operator)} {inner(operand, tight if operator == 'not' else LEVEL['-x'])}"
            return f"({text})" if level > LEVEL["-x"] or operator == "not" else text
        case Binary(operator, left, right):
            own = LEVEL[operator]
            # Comparisons among themselves differ between the languages too.
            comparing = operator in LOOSEST_FIRST[2]
            at_left, at_right = (own + 1, own) if operator == "^" else (own + comparing, own + 1)
            text = f"{inner(left, at_left)} {_word(dialect, operator)} {inner(right, at_right)}"
            return f"({text})" if level > own else text
    raise AssertionError(expr)


def _if(dialect: str, condition: str, then: str, otherwise: str) -> str:
    if dialect == "mdl":
        return f"IF THEN ELSE({condition}, {then}, {otherwise})"
    return f"(if {condition} then {then} else {otherwise})"


def _word(dialect: str, operator: str) -> str:
    return WORDS.get(dialect, {}).get(operator, operator)


def _name(dialect: str, name: str) -> str:
    return f'"{name}"' if dialect == "xmile" else name


def _subscripts(dialect: str, subscripts: tuple[Subscript, ...]) -> str:
    spell: Callable[[Subscript], str] = lambda item: f"{item.name}{'!' if item.reduced else ''}"  # noqa: E731
    return f"[{', '.join(map(spell, subscripts))}]" if subscripts else ""
