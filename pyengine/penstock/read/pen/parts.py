"""The parts of Penstock's declarations that stand after a name: values, points, clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import error
from ...expr import Expr
from ...methods import METHODS
from ...model import Equation, LookupKind, Points, Slider, UnitDefinition
from ...place import Span
from ...units import is_name
from ..dialects import PEN_TIME
from ..expression import Parser
from ..lexer import Token, passage
from ..points import make_points

_LOOKUP_KINDS: tuple[LookupKind, ...] = ("extrapolate", "discrete")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class Tail:
    """What follows the value of a declaration, as far as it is given."""

    units: str | None = None
    slider: Slider | None = None
    documentation: str | None = None


def tail(parser: Parser) -> Tail:
    """Units, a slider and documentation, each once at most, to the end of the line."""
    found = Tail()
    while (kind := parser.token.kind) in ("units", "slider", "string"):
        key = "documentation" if kind == "string" else kind
        if getattr(found, key) is not None:
            raise error("PEN106", parser.span_of(parser.token), what=f"the {key}")
        if kind == "slider":
            found.slider = _slider(parser)
        else:
            setattr(found, key, text_of(parser.advance()))
    parser.finish("the end of the line")
    return found


def text_of(token: Token) -> str:
    """What units and documentation say, without their marks and escapes."""
    if token.kind == "units":
        return token.text[1:-1].strip()
    return _ESCAPED.sub(lambda match: {"n": "\n"}.get(match[1], match[1]), token.text[1:-1])


def _slider(parser: Parser) -> Slider:
    """``slider LOW to HIGH by STEP``; its words are reserved only here, so it has tokens of its own."""
    start = parser.advance().end
    clause = Parser(passage(parser.passage.source, start, parser.passage.end), PEN_TIME)
    low = clause.signed_number()
    clause.expect("to")
    high = clause.signed_number()
    step = clause.signed_number() if clause.accept("by") else None
    while parser.token.kind != "end" and parser.token.start < clause.token.start:
        parser.advance()
    return Slider(low, high, step)


def value(parser: Parser, name: str) -> Equation:
    """An expression, values for the elements of an array, or a graphical function of an expression."""
    if parser.token.text.lower() == "lookup" and parser.peek() == "(" and parser.sees(";"):
        parser.advance()
        opened = parser.advance()
        argument = parser.expression()
        parser.expect(";", "an operator or ;")
        points = read_points(parser, name)
        parser.close(")", opened, "a point or ")
        return Equation(argument, lookup=points)
    expr: Expr = parser.expression()
    if parser.token.kind in (",", ";"):
        expr = parser.array(expr, *_AFTER_VALUES)
    initial = parser.expression() if parser.accept("initially") else None
    return Equation(expr, initial=initial)


_AFTER_VALUES = ("initially", "units", "slider", "string")


def read_points(parser: Parser, name: str) -> Points:
    """``(x, y) (x, y) … extrapolate``"""
    first = parser.token
    points = [parser.point()]
    while parser.token.kind == "(" or parser.accept(","):
        points.append(parser.point())
    kind: LookupKind = "continuous"
    for word in _LOOKUP_KINDS:
        if parser.token.kind == "name" and parser.token.text.lower() == word:
            parser.advance()
            kind = word
    x, y = zip(*points, strict=True)
    return make_points(name, x, y, kind=kind, span=parser.since(first))


def exceptions(parser: Parser) -> tuple[tuple[str, ...], ...]:
    """``except [a, b], [c, d]``"""
    found: list[tuple[str, ...]] = []
    if parser.token.kind == "name" and parser.token.text.lower() == "except":
        parser.advance()
        found.append(parser.names())
        while parser.accept(","):
            found.append(parser.names())
    return tuple(found)


def names(parser: Parser, what: str) -> tuple[str, ...]:
    """Names with commas between them."""
    found = [parser.expect("name", what).text]
    while parser.accept(","):
        found.append(parser.expect("name", what).text)
    return tuple(found)


def method(parser: Parser) -> str:
    """The name of an integration method."""
    token = parser.expect("name", "an integration method")
    if token.text.lower() not in METHODS:
        raise error("PEN402", parser.span_of(token), method=token.text, known=", ".join(METHODS))
    return token.text.lower()


def unit(text: str, span: Span) -> UnitDefinition:
    """``NAME = NAME = units``: names of one unit, and what it is made of, in any order after the first."""
    name, *others = (part.strip() for part in text.split("="))
    equations = [part for part in others if part and not is_name(part)]
    if not is_name(name) or "" in others or len(equations) > 1:
        advice = "Write `unit day = days`, or `unit newton = kg*m/s^2`."
        raise error("PEN101", span, expected="the name of a unit", found=text.strip() or "none", advice=advice)
    return UnitDefinition(name, tuple(part for part in others if part not in equations), *equations, span=span)
