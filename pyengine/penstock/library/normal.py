"""The standard normal distribution: how much of it lies between two values, and what value a share lies below.

The inverse is Wichura's PPND16 (Algorithm AS 241, Applied Statistics 37, 1988): quotients of polynomials of degree 7,
in the middle and in two parts of the tails, to a relative error of some 1e-15.
"""

from __future__ import annotations

from ..ir import Node, apply, equal, where
from ..ops import F64
from .building import INFINITY, NAN, polynomial
from .error_function import erfc
from .logarithm import ln
from .registry import function

_HALF_ROOT = 0.7071067811865476

_Quotient = tuple[tuple[float, ...], tuple[float, ...]]

_MIDDLE: _Quotient = (
    (
        3.3871328727963666080,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
_NEAR_TAIL: _Quotient = (
    (
        1.42343711074968357734,
        4.63033784615654529590,
        5.76949722146069140550,
        3.64784832476320460504,
        1.27045825245236838258,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187,
        1.67638483018380384940,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)
_FAR_TAIL: _Quotient = (
    (
        6.65790464350110377720,
        5.46378491116411436990,
        1.78482653991729133580,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ),
    (
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)
_MIDDLE_WIDTH = 0.425
_FAR_FROM = 5.0


@function(left=F64, right=F64)
def normal_between(left: Node, right: Node) -> Node:
    """The share between two values; both taken from the nearer tail, so that small shares stay accurate."""
    swap = left + right > 0.0
    low, high = where(swap, -right, left), where(swap, -left, right)
    below, above = erfc(low * -_HALF_ROOT), erfc(high * _HALF_ROOT)
    one_side = (erfc(high * -_HALF_ROOT) - below) * 0.5
    return where(high > 0.0, 1.0 - (below + above) * 0.5, one_side)


@function(share=F64)
def normal_inverse(share: Node) -> Node:
    """The value that a share lies below; infinite for 0 and 1, NaN outside."""
    middle = share - 0.5
    inner = middle * _of(_MIDDLE, _MIDDLE_WIDTH * _MIDDLE_WIDTH - middle * middle)
    tail = where(middle < 0.0, share, 1.0 - share)
    depth = apply("f64.sqrt", -ln(tail))
    outer = where(depth <= _FAR_FROM, _of(_NEAR_TAIL, depth - 1.6), _of(_FAR_TAIL, depth - _FAR_FROM))
    outer = where(equal(tail, 0.0), INFINITY, outer)
    signed = where(middle < 0.0, -outer, outer)
    known = where(abs(middle) <= _MIDDLE_WIDTH, inner, signed)
    return where(abs(middle) <= 0.5, known, NAN)


def _of(quotient: _Quotient, x: Node) -> Node:
    above, below = quotient
    return polynomial(x, above) / polynomial(x, below)
