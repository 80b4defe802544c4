"""Vensim subscript ranges: ``dim: a, b, (c1-c9) -> other, (third: x, y)`` and ``dim <-> other``."""

from __future__ import annotations

import re

from ...errors import error
from ...model import Dimension, DimensionMapping, canonical
from ..expression import Parser
from ..lexer import Token
from .external import read_external, reads_file

_NUMBERED = re.compile(r"(.*?)([0-9]+)$", re.DOTALL)
_LONGEST = 100_000
_DIGITS = 15


def read_range(parser: Parser, name: Token) -> Dimension:
    """A range whose name has been passed."""
    parser.expect(":")
    if external := read_external(parser, "subscript") if reads_file(parser) else None:
        elements = []
    else:
        if parser.token.kind == "name" and parser.peek() == "(":
            parser.refuse(parser.token)
        elements = _elements(parser)
    mappings: list[DimensionMapping] = []
    if parser.accept("->"):
        mappings.append(_mapping(parser))
        while parser.accept(","):
            mappings.append(_mapping(parser))
    parser.finish("the end of the range")
    return Dimension(name.text, tuple(elements), tuple(mappings), external=external, span=parser.since(name))


def read_alias(parser: Parser, name: Token) -> Dimension:
    """``dim <-> other``"""
    parser.expect("<->")
    other = parser.expect("name", "the name of a dimension")
    parser.finish("the end of the range")
    return Dimension(name.text, (), same_as=other.text, span=parser.since(name))


def _elements(parser: Parser) -> list[str]:
    """Names and numbered runs with commas between them."""
    elements: list[str] = []
    while True:
        if parser.token.kind == "(":
            elements.extend(_numbered(parser))
        else:
            elements.append(parser.expect("name", "the name of an element").text)
        if not parser.accept(","):
            return elements


def _numbered(parser: Parser) -> list[str]:
    """``(a1-a9)``"""
    opened = parser.advance()
    first = parser.expect("name", "the name of an element")
    parser.expect("-")
    last = parser.expect("name", "the name of an element")
    parser.close(")", opened)
    low, high = _NUMBERED.match(first.text), _NUMBERED.match(last.text)
    if low and high and canonical(low[1]) == canonical(high[1]):
        start, end = (int(match[2][-_DIGITS:]) for match in (low, high))
        short = max(len(low[2]), len(high[2])) <= _DIGITS
        if short and start <= end < start + _LONGEST:
            return [f"{low[1]}{number}" for number in range(start, end + 1)]
    raise error(
        "PEN101",
        parser.since(opened),
        expected="a numbered run like (a1-a9)",
        found=f"({first.text}-{last.text})",
        advice="Both names are the same up to their last number, and the second number is the larger.",
    )


def _mapping(parser: Parser) -> DimensionMapping:
    """``other`` or ``(other: a, b)``"""
    opened = parser.token
    if not parser.accept("("):
        return DimensionMapping(
            parser.expect("name", "the name of a dimension").text, span=parser.since(opened)
        )
    target = parser.expect("name", "the name of a dimension")
    parser.expect(":")
    elements = _elements(parser)
    parser.close(")", opened, "a comma or ")
    return DimensionMapping(target.text, tuple(elements), parser.since(opened))
