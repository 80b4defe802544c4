"""The points of Vensim lookups, in the three forms that files hold."""

from __future__ import annotations

from ...errors import error
from ...model import Points
from ..expression import Parser
from ..points import Range, make_points


def read_points(parser: Parser, name: str) -> Points:
    """``((x,y),…)``, ``([(x,y)-(x,y),…],(x,y),…)`` or ``(x,x,…,y,y,…)``, the parentheses included.

    The range in brackets may hold reference points after its corners; they are for display, as it is.
    """
    opened = parser.expect("(", "the points of a lookup: (")
    if parser.token.kind == "name":
        parser.refuse(parser.token)
    x_range = y_range = None
    if parser.token.kind == "[":
        x_range, y_range = _ranges(parser)
        parser.expect(",", "a comma")
    # WITH LOOKUP may wrap the pairs once more.
    wrapped = parser.token if parser.token.kind == "(" and parser.peek() == "(" else None
    if wrapped:
        parser.advance()
    x, y = _pairs(parser) if parser.token.kind == "(" else _columns(parser, name)
    if wrapped:
        parser.close(")", wrapped, "a comma or ")
    parser.close(")", opened, "a comma or ")
    return make_points(name, x, y, x_range=x_range, y_range=y_range, span=parser.since(opened))


def _ranges(parser: Parser) -> tuple[Range, Range]:
    """``[(x low, y low)-(x high, y high), (x, y), …]``"""
    opened = parser.advance()
    x_low, y_low = parser.point()
    parser.expect("-")
    x_high, y_high = parser.point()
    while parser.accept(","):
        parser.point()
    parser.close("]", opened, "a comma or ")
    return (x_low, x_high), (y_low, y_high)


def _pairs(parser: Parser) -> tuple[list[float], list[float]]:
    points = [parser.point()]
    while parser.accept(","):
        points.append(parser.point())
    return [x for x, _ in points], [y for _, y in points]


def _columns(parser: Parser, name: str) -> tuple[list[float], list[float]]:
    """All x values, then all y values."""
    first = parser.token
    values = [parser.signed_number()]
    while parser.accept(","):
        values.append(parser.signed_number())
    half = len(values) // 2
    if len(values) % 2:
        raise error("PEN302", parser.since(first), name=name, xs=half, ys=half + 1)
    return values[:half], values[half:]
