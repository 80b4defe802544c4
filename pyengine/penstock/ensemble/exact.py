"""Functions of numbers that give the same bits everywhere: the library's own, run by the VM.

Those of Python's `math` come from the platform's C library, whose last bits differ between a page and a server.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from ..ir import nodes
from ..library import FUNCTIONS, TABLES
from ..vm.bytecode import Compiled, compile_function
from ..vm.execute import execute


@cache
def _compiled(name: str) -> dict[str, Compiled]:
    """A function of the library and all that it calls."""
    found: dict[str, Compiled] = {}
    waiting = [name]
    tables: dict[str, list[Any]] = {}
    while waiting:
        wanted = waiting.pop()
        if wanted not in found:
            function = FUNCTIONS[wanted].function
            found[wanted] = compile_function(
                function, lambda region: tables.setdefault(region, list(TABLES[region]))
            )
            waiting += [str(node.imm) for node in nodes(function) if node.op == "call"]
    return found


def _of(name: str) -> Callable[..., float]:
    def call(*args: float) -> float:
        functions = _compiled(name)
        return float(execute(functions[name], functions, [float(arg) for arg in args]))

    return call


exp, ln, power = _of("exp"), _of("ln"), _of("pow")
gamma_ln = _of("gamma_ln")
normal_quantile = _of("normal_inverse")
_erfc = _of("erfc")


def normal_below(x: float) -> float:
    """The share of a standard normal distribution below x."""
    return 0.5 * _erfc(-x * math.sqrt(0.5))


def gamma_below(x: float, shape: float) -> float:
    """The regularised incomplete gamma function P(shape, x): its series, or its continued fraction (DLMF 8.11, 8.9)."""
    if x <= 0.0:
        return 0.0
    if x == math.inf:
        return 1.0
    factor = exp(shape * ln(x) - x - gamma_ln(shape))
    if x < shape + 1.0:
        term = total = 1.0 / shape
        k = shape
        while abs(term) > 1e-17 * abs(total):
            k += 1.0
            term *= x / k
            total += term
        return min(1.0, factor * total)
    return max(0.0, 1.0 - factor * _fraction(lambda i: _gamma_terms(i, x, shape)))


def _gamma_terms(i: int, x: float, shape: float) -> tuple[float, float]:
    if i == 1:
        return 1.0, x + 1.0 - shape
    return -(i - 1) * (i - 1 - shape), x + 2.0 * i - 1.0 - shape


def beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_below(1.0 - x, b, a)
    factor = exp(gamma_ln(a + b) - gamma_ln(a) - gamma_ln(b) + a * ln(x) + b * ln(1.0 - x)) / a
    return min(1.0, factor * _fraction(lambda i: (_beta_term(i - 1, x, a, b) if i > 1 else 1.0, 1.0)))


def _beta_term(i: int, x: float, a: float, b: float) -> float:
    m = i // 2
    if i % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def _fraction(terms: Callable[[int], tuple[float, float]]) -> float:
    """a1/(b1 + a2/(b2 + …)) of the terms (a, b) by their number from 1, as Lentz has it."""
    tiny = 1e-300
    value, above, below = tiny, tiny, 0.0
    for i in range(1, 10_000):
        a, b = terms(i)
        below = b + a * below
        below = 1.0 / (below if below else tiny)
        above = b + a / above
        above = above if above else tiny
        change = above * below
        value *= change
        if abs(change - 1.0) < 1e-16:
            break
    return value


def inverse(below: Callable[[float], float], share: float, low: float, high: float) -> float:
    """Where an ascending function reaches a share, between two bounds; the upper one may be infinite.

    By halving, to the last bit that tells, with steps of the secant's in between.
    """
    if high == math.inf:
        high = max(1.0, 2.0 * low)
        while below(high) < share:
            low, high = high, high * 2.0
    at_low, at_high = below(low) - share, below(high) - share
    for turn in range(200):
        middle = 0.5 * (low + high)
        if turn % 2 == 0 and at_high > at_low:
            secant = low - at_low * (high - low) / (at_high - at_low)
            middle = secant if low < secant < high else middle
        if not low < middle < high or high - low <= 1e-15 * abs(middle):
            return middle
        value = below(middle) - share
        if value < 0.0:
            low, at_low = middle, value
        else:
            high, at_high = middle, value
    return 0.5 * (low + high)
