"""Logarithms to other bases, from the logarithm as a pair, so that they round once and log10(1000) is 3."""

from __future__ import annotations

from ..ir import Node, constant, differ, where
from ..ops import F64
from .building import INFINITY, product, quotient
from .constants import LN10, pieces
from .logarithm import ln
from .power import log_pair_of_positive
from .registry import function

_INVERSE, _INVERSE_LOW = pieces(1 / LN10, 53)


def _is_positive(x: Node) -> Node:
    return (x > 0.0) & (x < INFINITY)


@function(x=F64)
def log10(x: Node) -> Node:
    log, log_low = log_pair_of_positive(x)
    exact, exact_low = product(log, constant(_INVERSE))
    value = exact + (exact_low + (log * _INVERSE_LOW + log_low * _INVERSE))
    return where(_is_positive(x), value, ln(x))


@function(x=F64, base=F64)
def log_base(x: Node, base: Node) -> Node:
    """ln x / ln base; log_base(b^n, b) is n."""
    usual = _is_positive(x) & _is_positive(base) & differ(base, 1.0)
    value = quotient(log_pair_of_positive(x), log_pair_of_positive(base))
    return where(usual, value, ln(x) / ln(base))
