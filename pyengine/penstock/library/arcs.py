"""The inverse trigonometric functions: all are the angle of a point.

The quotient t ≤ 1 of the smaller and the larger coordinate is taken as a pair, because rounding it would cost
half a unit in the last place. From 5/16 on, with c the next multiple of 1/8,

    arctan t = arctan c + arctan u,   u = (t - c) / (1 + t c),   |u| ≤ 1/16;

below, u = t. The odd function arctan u is a minimax polynomial (Remez's exchange, relative error below
2^-56). The octant's multiple of pi/2 and arctan c are pairs. For arcsine and arccosine, the other
coordinate is sqrt(1 - x²), as a pair.
"""

from __future__ import annotations

from fractions import Fraction

from ..ir import Node, apply, binary, constant, equal, load, where
from ..ops import F64
from .building import INFINITY, Pair, folded_polynomial, product, sum_of_ordered
from .constants import PI, arctangent, pieces
from .registry import function, table

# arctan u = u + u³ (c0 + c1 u² + …), |u| ≤ 5/16
_ARCTANGENT = (
    -0.3333333333333303,
    0.19999999999830445,
    -0.14285714257635182,
    0.11111108960863014,
    -0.09090818398863929,
    0.07690025407423053,
    -0.06631362897623437,
    0.05550064529700453,
    -0.034703075058827484,
)
_DIRECT = 5 / 16
_STEPS = (0, 3, 4, 5, 6, 7, 8, 8)  # eighths; as many as a power of two, so that a mask keeps an index inside
_RIGHT, _RIGHT_LOW = pieces(PI / 2, 52)

_ANGLES = [pieces(arctangent(Fraction(step, 8)), 53) for step in _STEPS]
_TABLE = table("arctangents", (*(high for high, _ in _ANGLES), *(low for _, low in _ANGLES)))


@function(y=F64, y_low=F64, x=F64, x_low=F64)
def angle(y: Node, y_low: Node, x: Node, x_low: Node) -> Node:
    """The angle of the point (x, y) from the x axis, with the sign of y; the low parts add to |x| and |y|.

    Low parts are for a point with a radius near 1; elsewhere they are 0.
    """
    rise, run = abs(y), abs(x)
    steep = rise > run
    backward = apply("f64.copysign", constant(1.0), x) < 0.0
    small, large = apply("f64.min", rise, run), apply("f64.max", rise, run)
    t = where(equal(small, large), where(equal(large, 0.0), 0.0, 1.0), small / large)

    scale = where(large > 2.0**500, 2.0**-600, where(large < 2.0**-500, 2.0**600, 1.0))
    scaled = large * scale
    exact, exact_low = product(t, scaled)
    lows = where(steep, x_low, y_low) - t * where(steep, y_low, x_low)
    remainder = ((small * scale - exact) - exact_low) + lows
    # A smaller t is its own arctangent, and infinite coordinates leave nothing.
    t_low = where((t > 2.0**-30) & (small < INFINITY), remainder / scaled, 0.0)

    direct = t < _DIRECT
    eighths = apply("f64.nearest", t * 8.0)
    c = eighths * 0.125
    step = apply("i32.trunc_sat_f64_s", eighths) - 2 & len(_STEPS) - 1
    u = where(direct, t, ((t - c) + t_low) / (t * c + 1.0))
    known = where(direct, 0.0, load(_TABLE, 0, step))
    known_low = where(direct, t_low, load(_TABLE, len(_STEPS), step))
    square = u * u
    rest = u + ((u * square) * folded_polynomial(square, _ARCTANGENT) + known_low)

    rights = where(steep, 1.0, where(backward, 2.0, 0.0))
    sign = where(binary("ne", steep, backward), -1.0, 1.0)
    total, lost = sum_of_ordered(rights * _RIGHT, sign * known)
    return apply("f64.copysign", total + (lost + (rights * _RIGHT_LOW + sign * rest)), y)


def _other_leg(x: Node) -> Pair:
    """sqrt(1 - x²); NaN where |x| > 1."""
    square, square_low = product(x, x)
    rest = 1.0 - square
    rest_low = ((1.0 - rest) - square) - square_low
    root = apply("f64.sqrt", rest)
    exact, exact_low = product(root, root)
    low = (((rest - exact) - exact_low) + rest_low) / (root * 2.0)
    return sum_of_ordered(root, where(root > 0.0, low, 0.0))


@function(x=F64)
def atan(x: Node) -> Node:
    return angle(x, 0.0, 1.0, 0.0)


@function(y=F64, x=F64)
def atan2(y: Node, x: Node) -> Node:
    return angle(y, 0.0, x, 0.0)


@function(x=F64)
def asin(x: Node) -> Node:
    return angle(x, 0.0, *_other_leg(x))


@function(x=F64)
def acos(x: Node) -> Node:
    return angle(*_other_leg(x), x, 0.0)
