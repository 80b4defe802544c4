"""The parts of Penstock's declarations that stand after a name: values, points, clauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ...changing import replace
from ...errors import PenstockError, error
from ...expr import Expr
from ...methods import METHODS
from ...model import (
    DataKind,
    DimensionMapping,
    Equation,
    External,
    LookupKind,
    Points,
    Slider,
    UnitDefinition,
)
from ...place import Span
from ...units import is_name
from ..dialects import PEN_TIME
from ..expression import Parser
from ..lexer import Token, passage
from ..points import make_points

_LOOKUP_KINDS: tuple[LookupKind, ...] = tuple(kind for kind in get_args(LookupKind) if kind != "continuous")
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
    while (kind := parser.token.kind) in _CLAUSES:
        key, read = _CLAUSES[kind]
        if getattr(found, key) is not None:
            raise error("PEN106", parser.span_of(parser.token), what=f"the {key}")
        setattr(found, key, read(parser))
    parser.finish("the end of the line")
    return found


def text_of(token: Token) -> str:
    """What units and documentation say, without their marks and escapes."""
    inner = token.text[1:-1].strip() if token.kind == "units" else token.text[1:-1]
    return _ESCAPED.sub(lambda match: {"n": "\n"}.get(match[1], match[1]), inner)


def texts(parser: Parser) -> str:
    """Texts in quotes one after the other, each a line of its own."""
    found = [text_of(parser.expect("string", "the documentation"))]
    while parser.token.kind == "string":
        found.append(text_of(parser.advance()))
    return "\n".join(found)


def _slider(parser: Parser) -> Slider:
    """``slider LOW to HIGH by STEP``; its words are reserved only here, so it has tokens of its own."""
    start = parser.advance().end
    clause = Parser(passage(parser.passage.source, start, parser.passage.end), PEN_TIME)
    low = clause.signed_number()
    clause.expect("to", advice="Write the range as in slider 0 to 20.")
    high = clause.signed_number()
    step = clause.signed_number() if clause.accept("by") else None
    while parser.token.kind != "end" and parser.token.start < clause.token.start:
        parser.advance()
    return Slider(low, high, step)


_CLAUSES: Mapping[str, tuple[str, Callable[[Parser], object]]] = {
    "units": ("units", lambda parser: text_of(parser.advance())),
    "slider": ("slider", _slider),
    "string": ("documentation", texts),
}
"""What may stand in a tail, by the kind of token that starts it: the field of `Tail`, and its reader."""


def value(parser: Parser, name: str) -> Equation:
    """An expression, values for the elements of an array, a graphical function of an expression, or a file."""
    if external := file(parser, "constants"):
        equation = Equation(None, external=external)
    elif parser.token.text.lower() == "lookup" and _has_points(parser):
        parser.advance()
        opened = parser.advance()
        argument = parser.expression()
        parser.expect(";", "an operator or ;")
        points = read_points(parser, name)
        parser.close(")", opened, "a point or ")
        equation = Equation(argument, lookup=points)
    elif parser.token.kind == "[":
        opened = parser.advance()
        equation = Equation(parser.array(parser.expression(), "]"))
        parser.close("]", opened, "an operator, a comma or ")
    else:
        expr: Expr = parser.expression()
        if parser.token.kind in (",", ";"):
            expr = parser.array(expr, "initially", *_CLAUSES)
        equation = Equation(expr)
    return replace(equation, initial=parser.expression()) if parser.accept("initially") else equation


def _has_points(parser: Parser) -> bool:
    """Whether parentheses follow in which a semicolon stands; ``lookup(f, x)`` is a function like others."""
    depth = 0
    for token in parser.tokens[parser.at + 1 :]:
        if token.kind in ("(", "["):
            depth += 1
        elif token.kind in (")", "]"):
            depth -= 1
        elif token.kind == ";" and depth == 1:
            return True
        if depth <= 0:
            return False
    return False


def lookup(parser: Parser, name: str) -> Equation:
    """Points, or the file that they stand in."""
    if external := file(parser, "lookups"):
        return Equation(None, external=external)
    return Equation(None, lookup=read_points(parser, name))


def data(parser: Parser, kind: DataKind) -> Equation:
    """What a data variable's values come from: a file, other data, or nothing said, the run."""
    if not parser.accept("="):
        return Equation(None, data=kind)
    if external := file(parser, "data"):
        return Equation(None, external=external, data=kind)
    return Equation(parser.expression(), data=kind)


_PLACES = ("cell", "along", "last", "prefix")


def file(parser: Parser, what: Literal["data", "lookups", "constants", "subscript"]) -> External | None:
    """``file("name", "tab", cell "B2", along "A")``; None where something else stands."""
    if not (parser.token.text.lower() == "file" and (parser.peek(), parser.peek(2)) == ("(", "string")):
        return None
    first = parser.advance()
    opened = parser.advance()
    given = {"file": text_of(parser.advance()), "tab": "", "cell": ""}
    if parser.token.kind == "," and parser.peek() == "string":
        parser.advance()
        given["tab"] = text_of(parser.advance())
    while parser.accept(","):
        word = parser.expect("name", f"one of {', '.join(_PLACES)}")
        if word.text.lower() not in _PLACES:
            advice = 'Write cell "B2", and where it is needed along, last or prefix.'
            raise error("PEN105", parser.span_of(word), text=word.text, advice=advice)
        given[word.text.lower()] = text_of(parser.expect("string", "a text in quotes"))
    parser.close(")", opened, "a comma or ")
    return External(what, **given, span=parser.since(first))


def read_points(parser: Parser, name: str) -> Points:
    """``[0 : 10, 0 : 5] (x, y) (x, y) … extrapolate``"""
    first = parser.token
    x_range = y_range = None
    if parser.token.kind == "[":
        opened = parser.advance()
        x_range = _limits(parser)
        y_range = _limits(parser) if parser.accept(",") else None
        parser.close("]", opened, "a comma or ")
    points = [parser.point()]
    while parser.token.kind == "(" or parser.accept(","):
        points.append(parser.point())
    kind: LookupKind = "continuous"
    for word in _LOOKUP_KINDS:
        if parser.token.kind == "name" and parser.token.text.lower() == word:
            parser.advance()
            kind = word
    x, y = zip(*points, strict=True)
    span = parser.since(first)
    return make_points(name, x, y, kind=kind, x_range=x_range, y_range=y_range, span=span)


def _limits(parser: Parser) -> tuple[float, float] | None:
    """``low : high``, or nothing."""
    if parser.token.kind in (",", "]"):
        return None
    low = parser.signed_number()
    parser.expect(":")
    return low, parser.signed_number()


def limits(parser: Parser) -> tuple[float | None, float | None]:
    """``low to high``, where a question mark leaves one open."""
    low = None if parser.accept("?") else parser.signed_number()
    parser.expect("to")
    return low, None if parser.accept("?") else parser.signed_number()


def subscripts(parser: Parser) -> tuple[str, ...]:
    """``[a, b]`` on the left of an equation."""
    opened = parser.expect("[")
    found = names(parser, "the name of a dimension or an element")
    parser.close("]", opened, "a comma or ")
    return found


def exceptions(parser: Parser) -> tuple[tuple[str, ...], ...]:
    """``except [a, b], [c, d]``"""
    found: list[tuple[str, ...]] = []
    if parser.token.kind == "name" and parser.token.text.lower() == "except":
        parser.advance()
        found.append(subscripts(parser))
        while parser.accept(","):
            found.append(subscripts(parser))
    return tuple(found)


def names(parser: Parser, what: str) -> tuple[str, ...]:
    """Names with commas between them; elements may be whole numbers."""
    found = [_name(parser, what)]
    while parser.accept(","):
        found.append(_name(parser, what))
    return tuple(found)


def _name(parser: Parser, what: str) -> str:
    if parser.token.kind == "number" and parser.token.text.isdecimal():
        return parser.advance().text
    return parser.expect("name", what).text


def mappings(parser: Parser) -> tuple[DimensionMapping, ...]:
    """``-> other, (third: a, b)``, or nothing."""
    found: list[DimensionMapping] = []
    while parser.accept(",") if found else parser.accept("->"):
        first = parser.token
        if parser.accept("("):
            target = parser.expect("name", "the name of a dimension").text
            parser.expect(":")
            elements = names(parser, "the name of an element")
            parser.close(")", first, "a comma or ")
        else:
            target, elements = parser.expect("name", "the name of a dimension").text, ()
        found.append(DimensionMapping(target, elements, parser.since(first)))
    return tuple(found)


def method(parser: Parser) -> str:
    """The name of an integration method."""
    token = parser.expect("name", "an integration method")
    if token.text.lower() not in METHODS:
        raise error("PEN402", parser.span_of(token), method=token.text, known=", ".join(METHODS))
    return token.text.lower()


_UNIT = re.compile(r"\s*+(\{(?:[^{}\\]|\\.)*+\}|[^={}:]*+)\s*+([=:]|\Z)")


def unit(text: str, span: Span) -> UnitDefinition:
    """``NAME = NAME = units``: names of one unit, and what it is made of, in any order after the first.

    Text in braces is always a name, and what follows a colon is always what the unit is made of.
    """
    names: list[str] = []
    equations: list[str] = []
    separator, at = "=", 0
    while separator:
        match = _UNIT.match(text, at)
        if match is None:
            raise _no_unit(text[at:].strip(), text, span)
        part = match[1].strip()
        if part.startswith("{"):
            (names if separator == "=" else equations).append(text_of(Token("units", part, 0, 0)))
        elif not part or (not names and not is_name(part)):
            raise _no_unit(part, text, span)
        else:
            (names if separator == "=" and is_name(part) else equations).append(part)
        separator, at = match[2], match.end()
    if len(equations) > 1:
        raise _no_unit(equations[1], text, span)
    return UnitDefinition(names[0], tuple(names[1:]), "".join(equations), span)


def _no_unit(found: str, text: str, span: Span) -> PenstockError:
    advice = "Write `unit day = days`, or `unit newton = kg*m/s^2`."
    found = found or text.strip() or "none"
    return error("PEN101", span, expected="the name of a unit", found=found, advice=advice)
