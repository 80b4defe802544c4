"""One Vensim block: a subscript range, or an equation of a variable.

What may stand at the top of an equation and nowhere else (INTEG, ACTIVE INITIAL, WITH LOOKUP) has a
row in `_FORMS`; what follows the name on the left has one in `_KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from ...changing import replace
from ...errors import PenstockError, error
from ...expr import ArrayLiteral, Expr, Number
from ...model import DataKind, Dimension, Equation, Unread, canonical
from ...place import Source
from ..dialects import MDL, Dialect, Refusal
from ..expression import Parser
from ..lexer import Token, passage
from .blocks import Block
from .external import read_external, reads_file
from .lookups import read_points
from .ranges import read_alias, read_range

Kind = Literal["stock", "lookup", "auxiliary"]
ValueRange = tuple[float | None, float | None] | None


@dataclass(frozen=True, slots=True)
class Definition:
    """One equation of a variable, with what its block says about the variable."""

    name: str
    equation: Equation
    kind: Kind
    units: str
    documentation: str
    value_range: ValueRange
    step: float | None
    group: str
    supplementary: bool = False


Statement = Definition | Dimension


def read_statement(source: Source, block: Block, group: str, dialect: Dialect = MDL) -> Statement:
    """The block's range or equation."""
    key = (block.units, block.documentation, block.supplementary, group, dialect.key, dialect.macros)

    def read(source: Source, start: int, end: int) -> Statement:
        text = passage(source, start, end)
        if _POINTS.search(source.text, start, end):
            # What is wrong is said as if each point had been read by itself.
            with suppress(PenstockError):
                return _statement(Parser(text, dialect, points=True), block, group)
        return _statement(Parser(text, dialect), block, group)

    return source.part(block.start, block.end, key, read)


def _statement(parser: Parser, block: Block, group: str) -> Statement:
    name = parser.expect("name", "the name of a variable")
    if parser.token.kind == ":":
        return replace(read_range(parser, name), documentation=block.documentation)
    if parser.token.kind == "<->":
        return replace(read_alias(parser, name), documentation=block.documentation)
    kind, equation = _equation(parser, name)
    units, value_range, step = split_units(block.units)
    rest = (units, block.documentation, value_range, step, group, block.supplementary)
    return Definition(name.text, equation, kind, *rest)


def unread_of(source: Source, block: Block) -> Unread:
    """What a block is about, as far as it can be made out without reading the block."""
    match = _HEAD.match(source.text, block.start, block.end)
    return Unread(" ".join(match[1].split()), bool(match[2])) if match else Unread("")


def _equation(parser: Parser, name: Token) -> tuple[Kind, Equation]:
    """What follows the name: subscripts, exceptions, then points or an expression."""
    subscripts = parser.names() if parser.token.kind == "[" else ()
    exceptions = _exceptions(parser)
    if parser.token.kind in _CHECKS:
        construct = f"the reality check {name.text}"
        raise error(
            "PEN403", parser.span_of(name), construct=construct, advice="It takes no part in a simulation."
        )
    if row := _REFUSED.get(parser.token.kind):
        construct = row.construct.format(name=name.text)
        raise error("PEN401", parser.span_of(name), construct=construct, advice=row.advice)
    data = _data_kind(parser)
    if parser.token.kind == "(" and not data:
        kind: Kind = "lookup"
        equation = _lookup(parser, name.text)
    elif parser.token.kind == "end" or parser.accept(":="):
        kind, equation = _data(parser, data or "interpolate")
    else:
        if not (parser.accept("=") or parser.accept("==")):
            raise parser.unexpected("= or (", "A name is followed by = and its equation, or by (points).")
        kind, equation = _data(parser, data) if data else _right_side(parser, name.text)
    parser.finish()
    return kind, replace(equation, subscripts=subscripts, exceptions=exceptions, span=parser.since(name))


def _exceptions(parser: Parser) -> tuple[tuple[str, ...], ...]:
    """``:EXCEPT: [a, b], [c, d]``"""
    found: list[tuple[str, ...]] = []
    if parser.accept(":except:"):
        found.append(parser.names())
        while parser.accept(","):
            found.append(parser.names())
    return tuple(found)


def _data_kind(parser: Parser) -> DataKind | None:
    """How a data variable's values are taken between its times, where that is said."""
    kind = _DATA_KINDS.get(parser.token.kind)
    if kind:
        parser.advance()
    return kind


def _data(parser: Parser, kind: DataKind) -> tuple[Kind, Equation]:
    """What a data variable's values come from: a file, other data, or nothing said, the run."""
    if parser.token.kind == "end":
        return "auxiliary", Equation(None, data=kind)
    if reads_file(parser):
        return "auxiliary", Equation(None, external=read_external(parser, "data"), data=kind)
    return "auxiliary", Equation(parser.expression(), data=kind)


def _lookup(parser: Parser, name: str) -> Equation:
    """``(points)`` or ``(GET DIRECT LOOKUPS(…))``"""
    if parser.peek() != "name":
        return Equation(None, lookup=read_points(parser, name))
    opened = parser.advance()
    if not reads_file(parser):
        parser.refuse(parser.token)
        raise parser.unexpected("the points of a lookup")
    equation = Equation(None, external=read_external(parser, "lookups"))
    parser.close(")", opened)
    return equation


def _external(parser: Parser) -> tuple[Kind, Equation]:
    external = read_external(parser, "constants", "lookups", "data")
    data: DataKind | None = "interpolate" if external.what == "data" else None
    kind: Kind = "lookup" if external.what == "lookups" else "auxiliary"
    return kind, Equation(None, external=external, data=data)


def _right_side(parser: Parser, name: str) -> tuple[Kind, Equation]:
    if reads_file(parser):
        return _external(parser)
    form = _FORMS.get(canonical(parser.token.text)) if parser.peek() == "(" else None
    if form is None:
        expr = parser.expression()
        if parser.token.kind in (",", ";"):
            expr = parser.array(expr)
        return "auxiliary", Equation(expr)
    word = parser.advance()
    opened = parser.advance()
    kind, equation = form(parser, name)
    parser.close(")", opened, "an operator or ")
    if parser.token.kind != "end":
        advice = f"Give the {word.text} a variable of its own."
        raise error(
            "PEN401", parser.span_of(word), construct=f"{word.text} within an expression", advice=advice
        )
    return kind, equation


def _integ(parser: Parser, name: str) -> tuple[Kind, Equation]:
    """``INTEG(rate, initial value)``"""
    rate, initial = _two(parser)
    return "stock", Equation(initial, rate=rate)


def _active_initial(parser: Parser, name: str) -> tuple[Kind, Equation]:
    """``ACTIVE INITIAL(active equation, initial equation)``"""
    expr, initial = _two(parser)
    return "auxiliary", Equation(expr, initial=initial)


def _with_lookup(parser: Parser, name: str) -> tuple[Kind, Equation]:
    """``WITH LOOKUP(argument, (points))``"""
    argument = parser.expression()
    parser.expect(",", "an operator or a comma")
    return "auxiliary", Equation(argument, lookup=read_points(parser, name))


def _tabbed_array(parser: Parser, name: str) -> tuple[Kind, Equation]:
    """``TABBED ARRAY(1 2 3 …)``: numbers with white space between them."""
    first = parser.token
    values: list[Expr] = []
    while parser.token.kind not in (")", "end"):
        token = parser.token
        constant = parser.dialect.constants.get(token.kind)
        if constant is not None:
            parser.advance()
        value = parser.signed_number() if constant is None else constant.value
        values.append(Number(value, parser.since(token)))
        parser.accept(",")
    return "auxiliary", Equation(ArrayLiteral(tuple(values), parser.since(first)))


def _two(parser: Parser) -> tuple[Expr, Expr]:
    first = parser.expression()
    parser.expect(",", "an operator or a comma")
    return first, parser.expression()


_FORMS: Mapping[str, Callable[[Parser, str], tuple[Kind, Equation]]] = {
    "integ": _integ,
    "active_initial": _active_initial,
    "with_lookup": _with_lookup,
    "tabbed_array": _tabbed_array,
}

_DATA_KINDS: Mapping[str, DataKind] = {
    ":interpolate:": "interpolate",
    ":hold backward:": "hold",
    ":look forward:": "forward",
    ":raw:": "raw",
}

_CHECKS = (":the condition:", ":test input:", ":implies:")
"""What reality checks have instead of an equation; they are reported and passed over."""

_REFUSED: Mapping[str, Refusal] = {
    ":is:": Refusal("", "the text variable {name}", "Remove it; models compute with numbers."),
}

_HEAD = re.compile(r'("(?:[^"\\\n]|\\.)*+"|[^"=(\[:<>,{}~|]++)\s*+(<->|:(?![=A-Z ]+:|=))?', re.IGNORECASE)
_POINTS = re.compile(r"[0-9.]\s*\)[\s\\]*,[\s\\]*\(")
_RANGE = re.compile(r"\[([^\[\]]*)\]\s*$")


def split_units(text: str) -> tuple[str, ValueRange, float | None]:
    """The parts of ``units [low, high, step]``; a ``?`` leaves one open."""
    match = _RANGE.search(text)
    if match is None:
        return text, None, None
    limits = [_limit(part) for part in match[1].split(",")]
    low, high, step = (*limits, None, None, None)[:3]
    value_range = None if low is None and high is None else (low, high)
    return text[: match.start()].rstrip(), value_range, step


def _limit(text: str) -> float | None:
    """A finite number; all else that tools write there (``?``, inf, nan) means none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def join_units(units: str, value_range: ValueRange, step: float | None = None) -> str:
    """The field that `split_units` takes apart."""
    if value_range is None and step is None:
        return units
    limits = (*(value_range or (None, None)), *(() if step is None else (step,)))
    numbers = ",".join("?" if limit is None else f"{limit!r}".removesuffix(".0") for limit in limits)
    return f"{units} [{numbers}]".lstrip()
