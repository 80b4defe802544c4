"""Random draws: Philox-4x32-10, and distributions over its words.

Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011). A word is a pure function of a key
and a counter, so that a draw needs no state. The key is the run's seed and the call's own, the counter the step,
the number of the word within a draw, and the stream: which variable, element and call is drawing.

All functions here take ``key``, ``at`` and ``stream`` as i64. The low half of ``at`` is the step, its high half
the number of the first word that the draw may use; rejection takes as many as it needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from hashlib import blake2b

from ..ir import If, Node, Set, Statement, While, apply, constant, equal, local, negate, where
from ..ops import F64, I32, I64
from .exponential import exp
from .logarithm import ln
from .power import pow_
from .registry import Body, LibraryFunction, function
from .trigonometric import cos

STREAM_FACTOR = 0x9E3779B97F4A7C15
"""Mixes the hashes of names to the number of a stream: odd, with bits like those of a random number."""

_LOW = 0xFFFFFFFF
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_WORD = 1 << 32
"""Added to ``at``, the next word."""
SIDE, OTHER_SIDE = 1 << 50, 1 << 51
"""Added to ``at``, words for a second variable of the same draw, and for a second one that has one itself."""
ATTEMPT = 1 << 52
"""Added to ``at``, words that no draw before has used."""
ATTEMPTS = 1000
"""A draw that has not met its bounds after so many attempts is NaN; one that cannot meet them is so at once."""


def hash_of(name: str) -> int:
    """64 bits that depend on a name alone."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def _high(x: Node) -> Node:
    return x >> 32


@function(key=I64, low=I64, high=I64)
def philox(key: Node, low: Node, high: Node) -> Body:
    """The first two words for a key of two words and a counter of four, each i64 the lower word first."""
    words = [local(f"c{i}", I64) for i in range(4)]
    keys = [local(f"k{i}", I64) for i in range(2)]
    body: list[Statement] = [
        Set("c0", low & _LOW),
        Set("c1", _high(low)),
        Set("c2", high & _LOW),
        Set("c3", _high(high)),
        Set("k0", key & _LOW),
        Set("k1", _high(key)),
        Set("round", constant(0, I32)),
    ]
    first, second = local("p0", I64), local("p1", I64)
    turn: tuple[Statement, ...] = (
        Set("p0", words[0] * _MULTIPLIERS[0]),
        Set("p1", words[2] * _MULTIPLIERS[1]),
        Set("c0", _high(second) ^ words[1] ^ keys[0]),
        Set("c1", second & _LOW),
        Set("c2", _high(first) ^ words[3] ^ keys[1]),
        Set("c3", first & _LOW),
        Set("k0", (keys[0] + _WEYL[0]) & _LOW),
        Set("k1", (keys[1] + _WEYL[1]) & _LOW),
        Set("round", local("round", I32) + 1),
    )
    body.append(While(local("round", I32) < _ROUNDS, turn))
    return tuple(body), words[0] | (words[1] << 32)


@function(key=I64, at=I64, stream=I64)
def draw_standard_uniform(key: Node, at: Node, stream: Node) -> Node:
    """A multiple of 2^-32, from 0 on and below 1."""
    return apply("f64.convert_i64_u", philox(key, at, stream) & _LOW) * 2.0**-32


@function(key=I64, at=I64, stream=I64)
def draw_standard_exponential(key: Node, at: Node, stream: Node) -> Node:
    """Mean 1."""
    return -ln(1.0 - draw_standard_uniform(key, at, stream))


@function(key=I64, at=I64, stream=I64)
def draw_standard_normal(key: Node, at: Node, stream: Node) -> Body:
    """Mean 0 and deviation 1, by Box's and Muller's method from the two words."""
    words = local("words", I64)
    radius, angle = (apply("f64.convert_i64_u", word) for word in (words & _LOW, words >> 32))
    size = apply("f64.sqrt", -2.0 * ln(1.0 - radius * 2.0**-32))
    return (Set("words", philox(key, at, stream)),), size * cos(angle * (2.0 * math.pi * 2.0**-32))


@function(key=I64, at=I64, stream=I64, shape=F64)
def draw_standard_gamma(key: Node, at: Node, stream: Node, shape: Node) -> Body:
    """Scale 1; NaN for a shape that is not above 0. Marsaglia and Tsang 2000; below 1 from that for shape + 1."""
    d, c, x, v, u, boost = (local(name) for name in ("d", "c", "x", "v", "u", "boost"))
    here, done = local("here", I64), local("done", I32)
    accepted = (v > 0.0) & (ln(1.0 - u) < 0.5 * x * x + d * (1.0 - v + ln(v)))
    turn: tuple[Statement, ...] = (
        Set("x", draw_standard_normal(key, here, stream)),
        Set("u", draw_standard_uniform(key, here + _WORD, stream)),
        Set("v", 1.0 + c * x),
        Set("v", v * v * v),
        Set("done", accepted | negate(d < math.inf)),
        Set("here", here + 2 * _WORD),
    )
    u0 = 1.0 - draw_standard_uniform(key, at, stream)
    body: tuple[Statement, ...] = (
        Set("boost", where(shape < 1.0, pow_(u0, 1.0 / shape), 1.0)),
        Set("d", where(shape < 1.0, shape + 1.0, shape) - 1.0 / 3.0),
        Set("c", 1.0 / apply("f64.sqrt", 9.0 * d)),
        Set("here", at + _WORD),
        Set("done", negate(shape > 0.0)),
        Set("v", constant(math.nan)),
        While(negate(done), turn),
    )
    return body, where((shape > 0.0) & (shape < math.inf), boost * d * v, math.nan)


@function(key=I64, at=I64, stream=I64, a=F64, b=F64)
def draw_standard_beta(key: Node, at: Node, stream: Node, a: Node, b: Node) -> Body:
    """From 0 to 1, as a gamma's share of two."""
    x, y = local("x"), local("y")
    body: tuple[Statement, ...] = (
        Set("x", draw_standard_gamma(key, at, stream, a)),
        Set("y", draw_standard_gamma(key, at + SIDE, stream, b)),
    )
    return body, x / (x + y)


@function(key=I64, at=I64, stream=I64, p=F64, n=F64)
def draw_binomial(key: Node, at: Node, stream: Node, p: Node, n: Node) -> Body:
    """Successes in n trials, n rounded; NaN where p is not from 0 to 1 or n not from 0 to 2^40.

    While there are many trials the order statistic in the middle, a beta, splits them (Devroye 1986, X.4.3).
    """
    k, left, q, x, half = (local(name) for name in ("k", "left", "q", "x", "half"))
    here = local("here", I64)
    split: tuple[Statement, ...] = (
        Set("half", apply("f64.floor", left * 0.5) + 1.0),
        Set("x", draw_standard_beta(key, here, stream, half, left + 1.0 - half)),
        Set("here", here + 64 * _WORD),
        If(
            x >= q,
            (Set("left", half - 1.0), Set("q", q / x)),
            (
                Set("k", k + half),
                Set("left", left - half),
                Set("q", (q - x) / (1.0 - x)),
            ),
        ),
    )
    trial: tuple[Statement, ...] = (
        Set("k", k + where(draw_standard_uniform(key, here, stream) < q, 1.0, 0.0)),
        Set("here", here + _WORD),
        Set("left", left - 1.0),
    )
    good = (p >= 0.0) & (p <= 1.0) & (n >= 0.0) & (n <= 2.0**40)
    body: tuple[Statement, ...] = (
        Set("k", constant(0.0)),
        Set("left", where(good, apply("f64.floor", n + 0.5), 0.0)),
        Set("q", p),
        Set("here", at),
        While(left > 16.0, split),
        While(left >= 1.0, trial),
    )
    return body, where(good, k, math.nan)


@function(key=I64, at=I64, stream=I64, mean=F64)
def draw_poisson(key: Node, at: Node, stream: Node, mean: Node) -> Body:
    """Events in a time in which `mean` are expected; NaN where that is not from 0 to 2^40.

    While many are expected, the time of an event far on, a gamma, cuts the rest (Ahrens and Dieter 1974).
    """
    k, left, m, x, product = (local(name) for name in ("k", "left", "m", "x", "product"))
    here, cut = local("here", I64), local("cut", I32)
    jump: tuple[Statement, ...] = (
        Set("m", apply("f64.floor", left * 0.875)),
        Set("x", draw_standard_gamma(key, here, stream, m)),
        Set("here", here + 32 * _WORD),
        If(
            x > left,
            (
                Set("k", k + draw_binomial(key, here, stream, left / x, m - 1.0)),
                Set("cut", constant(1, I32)),
                Set("left", constant(0.0)),
            ),
            (Set("k", k + m), Set("left", left - x)),
        ),
    )
    event: tuple[Statement, ...] = (
        Set("k", k + 1.0),
        Set("product", product * (1.0 - draw_standard_uniform(key, here, stream))),
        Set("here", here + _WORD),
    )
    good = (mean >= 0.0) & (mean <= 2.0**40)
    end = local("end")
    body: tuple[Statement, ...] = (
        Set("k", constant(0.0)),
        Set("left", where(good, mean, 0.0)),
        Set("cut", constant(0, I32)),
        Set("here", at),
        While(left > 16.0, jump),
        Set("end", exp(-left)),
        Set("product", 1.0 - draw_standard_uniform(key, here, stream)),
        Set("here", here + _WORD),
        If(cut, (Set("product", constant(0.0)),)),
        While(product > end, event),
    )
    return body, where(good, k, math.nan)


@function(key=I64, at=I64, stream=I64, p=F64, n=F64)
def draw_negative_binomial(key: Node, at: Node, stream: Node, p: Node, n: Node) -> Body:
    """Trials until n succeed: n and as many failures as a Poisson with a gamma for its mean has events."""
    mean = local("mean")
    good = (p > 0.0) & (p <= 1.0) & (n >= 1.0)
    count = apply("f64.floor", n + 0.5)
    body: tuple[Statement, ...] = (
        Set("mean", draw_standard_gamma(key, at, stream, count) * ((1.0 - p) / p)),
    )
    return body, where(good, count + draw_poisson(key, at + OTHER_SIDE, stream, mean), math.nan)


@function(key=I64, at=I64, stream=I64, shape=F64)
def draw_standard_weibull(key: Node, at: Node, stream: Node, shape: Node) -> Node:
    """Scale 1."""
    return where(shape > 0.0, pow_(draw_standard_exponential(key, at, stream), 1.0 / shape), math.nan)


@function(key=I64, at=I64, stream=I64, start=F64, mode=F64, end=F64)
def draw_triangular(key: Node, at: Node, stream: Node, start: Node, mode: Node, end: Node) -> Body:
    """By inversion; NaN where the mode does not lie between the ends."""
    u, share = local("u"), (mode - start) / (end - start)
    rising = start + apply("f64.sqrt", u * (end - start) * (mode - start))
    falling = end - apply("f64.sqrt", (1.0 - u) * (end - start) * (end - mode))
    body: tuple[Statement, ...] = (Set("u", draw_standard_uniform(key, at, stream)),)
    return body, where((start <= mode) & (mode <= end), where(u < share, rising, falling), math.nan)


@function(key=I64, at=I64, stream=I64)
def draw_standard_logistic(key: Node, at: Node, stream: Node) -> Body:
    """Mean 0 and scale 1; from the middle of each of the 2^32 intervals, so that it is finite."""
    u = local("u")
    body: tuple[Statement, ...] = (Set("u", draw_standard_uniform(key, at, stream) + 2.0**-33),)
    return body, ln(u / (1.0 - u))


def bounded(
    draw: LibraryFunction, reach: Callable[..., tuple[Node | float, Node | float]]
) -> LibraryFunction:
    """The same times a stretch plus a shift, drawn again until it lies within bounds; NaN where it does not.

    `reach` gives, of the distribution's parameters, what no draw lies below, and what none lies above.
    """
    names = [name for name, _ in draw.params[3:]]

    def build(key: Node, at: Node, stream: Node, *rest: Node) -> Body:
        *params, shift, stretch, low, high = rest
        here, tries, x = local("here", I64), local("tries", I32), local("x")
        one, other = (stretch * end + shift for end in reach(*params))
        below, above = apply("f64.max", one, other) < low, apply("f64.min", one, other) > high
        outside = negate((x >= low) & (x <= high)) & equal(x, x)
        turn: tuple[Statement, ...] = (
            Set("here", here + ATTEMPT),
            Set("tries", local("tries", I32) + 1),
            Set("x", draw(key, here, stream, *params) * stretch + shift),
        )
        body: tuple[Statement, ...] = (
            Set("here", at),
            Set("tries", where((low <= high) & negate(below | above), constant(0, I32), ATTEMPTS)),
            Set("x", draw(key, at, stream, *params) * stretch + shift),
            While(outside & (tries < ATTEMPTS), turn),
        )
        return body, where(outside, math.nan, x)

    build.__name__ = draw.name.replace("draw", "bounded")
    types = dict.fromkeys((*names, "shift", "stretch", "low", "high"), F64)
    return function(key=I64, at=I64, stream=I64, **types)(build)


_MOST = 1.7976931348623157e308  # infinity times a stretch of 0 would be NaN

# What 32 bits reach: sqrt(-2 ln 2^-32) = 6.66, -ln 2^-32 = 22.2, ln (2^33 - 1) = 22.9.
BOUNDED = {
    "normal": bounded(draw_standard_normal, lambda: (-7.0, 7.0)),
    "exponential": bounded(draw_standard_exponential, lambda: (0.0, 23.0)),
    "gamma": bounded(draw_standard_gamma, lambda shape: (0.0, _MOST)),
    "beta": bounded(draw_standard_beta, lambda a, b: (0.0, 1.0)),
    "binomial": bounded(draw_binomial, lambda p, n: (0.0, n + 1.0)),
    "poisson": bounded(draw_poisson, lambda mean: (0.0, _MOST)),
    "negative_binomial": bounded(draw_negative_binomial, lambda p, n: (n - 1.0, _MOST)),
    "weibull": bounded(draw_standard_weibull, lambda shape: (0.0, _MOST)),
    "triangular": bounded(draw_triangular, lambda start, mode, end: (start, end)),
    "logistic": bounded(draw_standard_logistic, lambda: (-23.0, 23.0)),
}
"""Distributions; after their parameters come shift, stretch and bounds."""
