"""The logarithm of the gamma function's absolute value, to a relative error of some 1e-15.

Around 2, ln gamma(2 + t) = t Q(t) for |t| ≤ 1/2, Q a minimax polynomial (Remez's exchange, relative error
below 2^-52). The recurrence gamma(x + 1) = x gamma(x) takes any x below 8.5 there; the zero at 1 stays
accurate because ln x is. From 8.5 on, Stirling's series. Below 0, the reflection
gamma(-x) gamma(x) = -pi / (x sin(pi x)); next to the zeros there, only the absolute error is small.
"""

from __future__ import annotations

from fractions import Fraction

from ..ir import Node, apply, equal, where
from ..ops import F64
from .building import INFINITY, folded_polynomial, polynomial
from .constants import LN2, PI, natural_log
from .logarithm import ln
from .registry import function
from .trigonometric import sin

# ln gamma(2 + t) = t (c0 + c1 t + …), |t| ≤ 1/2
_AROUND_2 = (
    0.42278433509846713,
    0.32246703342411215,
    -0.06735230105319358,
    0.020580808427992217,
    -0.007385551029108375,
    0.002890510319171411,
    -0.0011927538954675505,
    0.0005096698136759136,
    -0.0002231550643773693,
    9.945369671913316e-05,
    -4.4922985876310596e-05,
    2.0535669997369863e-05,
    -9.459794748589371e-06,
    4.2551327422594645e-06,
    -1.965679807283682e-06,
    1.2162156862131243e-06,
    -5.897587912970936e-07,
)
_STIRLING_FROM = 8.5

# Bernoulli's numbers B(2k) / (2k (2k - 1)), k from 1
_STIRLING = tuple(
    float(Fraction(number) / (2 * k * (2 * k - 1)))
    for k, number in enumerate(["1/6", "-1/30", "1/42", "-1/30", "5/66", "-691/2730", "7/6"], start=1)
)
_PI = float(PI)
_HALF_LOG_2PI = LN2 + natural_log(PI / 2) / 2


@function(x=F64)
def gamma_ln_of_positive(x: Node) -> Node:
    """ln gamma(x) for x > 0."""
    # Below 1.5: gamma(x) = gamma(x + 1) / x or gamma(x + 2) / (x (x + 1)). Above 2.5: gamma(x) is
    # gamma(x - n) times (x - 1) (x - 2) … (x - n), the factors above 1.5.
    below_half = x < 0.5
    below = (where(below_half, x, x - 1.0), where(below_half, x * (x + 1.0), x))
    steps = apply("f64.nearest", x - 2.0)
    factors = x - 1.0
    for step in range(2, 7):
        factor = x - float(step)
        factors = factors * where(factor > 1.5, factor, 1.0)
    up = x < 1.5
    t = where(up, below[0], (x - 2.0) - steps)
    scale = where(up, -ln(below[1]), where(steps > 0.0, ln(factors), 0.0))
    near = scale + t * folded_polynomial(t, _AROUND_2)
    inverse = 1.0 / x
    series = inverse * polynomial(inverse * inverse, _STIRLING)
    far = (x - 0.5) * (ln(x) - 1.0) + (series + float(_HALF_LOG_2PI - Fraction(1, 2)))
    return where(x < _STIRLING_FROM, near, where(x < INFINITY, far, x))


@function(x=F64)
def gamma_ln(x: Node) -> Node:
    """ln |gamma(x)|; infinite at 0, -1, -2, … and at both infinities."""
    size = abs(x)
    from_pole = size - apply("f64.nearest", size)
    sine = abs(sin(from_pole * _PI))
    reflected = where(size < 2.0**-60, -ln(size), ln(_PI / (size * sine)) - gamma_ln_of_positive(size))
    at_pole = equal(from_pole, 0.0) | equal(size, INFINITY)
    return where(x > 0.0, gamma_ln_of_positive(x), where(at_pole, INFINITY, reflected))
