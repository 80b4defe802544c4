"""The numeric functions that are not core operations, all in one place.

Each but `gamma_ln` is within one unit in the last place of the true value over the whole range of doubles,
and answers infinities, zeros and NaN as Annex F of the C99 standard says.
"""

from .arcs import acos, asin, atan, atan2
from .exponential import exp
from .gamma import gamma_ln
from .hyperbolic import cosh, sinh, tanh
from .log_base import log10, log_base
from .logarithm import ln
from .power import pow_
from .trigonometric import cos, sin, tan

__all__ = [
    "acos",
    "asin",
    "atan",
    "atan2",
    "cos",
    "cosh",
    "exp",
    "gamma_ln",
    "ln",
    "log10",
    "log_base",
    "pow_",
    "sin",
    "sinh",
    "tan",
    "tanh",
]
