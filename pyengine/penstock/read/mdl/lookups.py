"""The points of Vensim lookups, in the three forms that files hold."""

from __future__ import annotations

from ...errors import error
from ...model import Points
from ..expression import Parser
from ..points import Range, make_points

_STARTS = ("(", "points")


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
    wrapped = parser.token if parser.token.kind == "(" and parser.peek() in _STARTS else None
    if wrapped:
        parser.advance()
    x, y = parser.points() if parser.token.kind in _STARTS else _columns(parser, name)
    if wrapped:
        parser.close(")", wrapped, "a comma or ")
    parser.close(")", opened, "a comma or ")
    return make_points(name, x, y, x_range=x_range, y_range=y_range, span=parser.since(opened))


def _ranges(parser: Parser) -> tuple[Range, Range]:
    """``[(x low, y low)-(x high, y high), (x, y), …]``"""
    opened = parser.advance()
    x_low, y_low = parser.point()
    parser.expect("-")
    x, y = parser.points()
    parser.close("]", opened, "a comma or ")
    return (x_low, x[0]), (y_low, y[0])


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
