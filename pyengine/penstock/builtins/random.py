"""Random functions: Vensim's, with bounds, shift and stretch; Stella's and XMILE's; and our own.

A draw is a pure function of the run's seed, the variable, element and place in the equation that draws, and the
step; it holds for the whole step. A call's own seed (Vensim's stream) makes its draws others; equal ones do not make
two calls draw alike.

A draw with bounds is made again until it lies within them. It is NaN where no draw can, and after a thousand that
did not; so a draw costs no more than that, whatever its arguments are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ..expr import Binary, Call, Expr, Number, Reference
from ..ir import Node, apply
from ..library import random as library
from .table import Builtin, Expansion
from .time import DT

ZERO, ONE = Number(0.0), Number(1.0)
LOWEST, HIGHEST = Number(-math.inf), Number(math.inf)


def _op(operator: str, left: Expr, right: Expr) -> Expr:
    return Binary(operator, left, right)


def _call(function: str, *arguments: Expr) -> Expr:
    return Call(function, arguments)


# --- draws


def _place(stream: Node, seed: Node, step: Node, own: Node) -> tuple[Node, Node, Node]:
    """The key, the counter and the stream of a draw."""
    whole = (apply("i64.trunc_sat_f64_s", x) for x in (seed, own, step))
    seed, own, step = whole
    return (seed << 32) | (own & 0xFFFFFFFF), step & 0xFFFFFFFF, stream


def _uniform(stream: Node, seed: Node, step: Node, own: Node) -> Node:
    return library.draw_standard_uniform(*_place(stream, seed, step, own))


def _bounded(name: str) -> Callable[..., Node]:
    def lower(stream: Node, seed: Node, step: Node, own: Node, *params: Node) -> Node:
        return library.BOUNDED[name](*_place(stream, seed, step, own), *params)

    return lower


DRAWS: Mapping[str, Callable[..., Node]] = {
    "#uniform": _uniform,
    **{f"#{name}": _bounded(name) for name in library.BOUNDED},
}
"""What random functions expand to, by names that no format can spell. Arguments are nodes: the stream, the run's seed,
the step, the call's own seed, and what the distribution asks for."""


# --- Vensim's


def _vensim_uniform(expansion: Expansion, low: Expr, high: Expr, seed: Expr = ZERO) -> Expr:
    low = expansion.auxiliary("low", low)
    return _op("+", low, _op("*", _op("-", high, low), expansion.draw("#uniform", seed)))


def _vensim(name: str) -> Callable[..., Expr]:
    """Arguments are bounds, parameters, shift, stretch, seed."""

    def expand(expansion: Expansion, low: Expr, high: Expr, *rest: Expr) -> Expr:
        *params, shift, stretch, seed = rest
        if name == "gamma":  # Vensim takes lower orders for 1, and says so
            params = [_call("max", *params, ONE)]
        return expansion.draw(f"#{name}", seed, *params, shift, stretch, low, high)

    return expand


def _vensim_triangular(
    expansion: Expansion, low: Expr, high: Expr, start: Expr, peak: Expr, stop: Expr, seed: Expr
) -> Expr:
    return expansion.draw("#triangular", seed, start, peak, stop, ZERO, ONE, low, high)


def _vensim_weibull(
    expansion: Expansion, low: Expr, high: Expr, shape: Expr, shift: Expr, stretch: Expr, seed: Expr
) -> Expr:
    """Before it is stretched the mean is 1."""
    shape = expansion.auxiliary("shape", shape)
    mean = _call("exp", _call("gamma_ln", _op("+", ONE, _op("/", ONE, shape))))
    scale = _op("/", stretch, mean)
    return expansion.draw("#weibull", seed, shape, shift, scale, low, high)


def _vensim_lookup(
    expansion: Expansion, density: Expr, low: Expr, high: Expr, shift: Expr, stretch: Expr, seed: Expr
) -> Expr:
    """One draw from the part of the area that lies within the bounds; no attempt is lost."""
    shift, stretch = expansion.auxiliary("shift", shift), expansion.auxiliary("stretch", stretch)
    ends = tuple(_op("/", _op("-", bound, shift), stretch) for bound in (low, high))
    first = expansion.auxiliary("first", expansion.table("area_within", density, _call("min", *ends)))
    last = expansion.auxiliary("last", expansion.table("area_within", density, _call("max", *ends)))
    area = _op("+", first, _op("*", _op("-", last, first), expansion.draw("#uniform", seed)))
    made = _op("+", shift, _op("*", stretch, expansion.table("quantile", density, area)))
    inside = _call("max", _call("min", made, high), low)
    return _call("if_then_else", _op(">", last, first), inside, Number(math.nan))


# --- Stella's and XMILE's, and our own: parameters, then a seed and bounds


def _or_else(given: tuple[Expr, ...], *defaults: Expr) -> tuple[Expr, ...]:
    return given + defaults[len(given) :]


def _plain(
    name: str, count: int, place: Callable[..., tuple[tuple[Expr, ...], Expr, Expr]]
) -> Callable[..., Expr]:
    """`place` gives the distribution's parameters, its shift and its stretch from the first `count` arguments."""

    def expand(expansion: Expansion, *arguments: Expr) -> Expr:
        params, rest = arguments[:count], arguments[count:]
        seed, low, high = _or_else(rest, ZERO, LOWEST, HIGHEST)
        inner, shift, stretch = place(*params)
        return expansion.draw(f"#{name}", seed, *inner, shift, stretch, low, high)

    return expand


def _random_0_1(expansion: Expansion) -> Expr:
    return expansion.draw("#uniform", ZERO)


def _lognormal(expansion: Expansion, mean: Expr, deviation: Expr, *rest: Expr) -> Expr:
    """`mean` and `deviation` are those of the draws, not of their logarithms."""
    seed, low, high = _or_else(rest, ZERO, ZERO, HIGHEST)
    mean = expansion.auxiliary("mean", mean)
    ratio = expansion.auxiliary("ratio", _op("/", deviation, mean))
    variance = expansion.auxiliary("variance", _call("ln", _op("+", ONE, _op("*", ratio, ratio))))
    middle = _op("-", _call("ln", mean), _op("*", Number(0.5), variance))
    low, high = (_call("ln", _call("max", bound, ZERO)) for bound in (low, high))
    return _call("exp", expansion.draw("#normal", seed, middle, _call("sqrt", variance), low, high))


def _monte_carlo(expansion: Expansion, percentage: Expr, seed: Expr = ZERO) -> Expr:
    chance = _op("*", _op("/", percentage, Number(100.0)), Reference(DT))
    return _call("if_then_else", _op("<", expansion.draw("#uniform", seed), chance), ONE, ZERO)


def _pink_noise(
    expansion: Expansion, mean: Expr, deviation: Expr, correlation: Expr, seed: Expr = ZERO
) -> Expr:
    """White noise in a first-order smooth, so strong that the smooth has the deviation under Euler integration."""
    if expansion.method != "euler":
        return expansion.refuse(f"pink noise with method {expansion.method}", "Use Euler integration.")
    mean = expansion.auxiliary("mean", mean)
    deviation = expansion.auxiliary("deviation", deviation)
    share = expansion.auxiliary("share", _op("/", Reference(DT), expansion.auxiliary("time", correlation)))
    normal = (ZERO, ONE, LOWEST, HIGHEST)
    strength = _call("sqrt", _op("/", _op("-", Number(2.0), share), share))
    white = _op("*", _op("*", deviation, strength), expansion.draw("#normal", seed, *normal))
    goal = expansion.auxiliary("white", _op("+", mean, white))
    first = _op("+", mean, _op("*", deviation, expansion.draw("#normal", seed, *normal)))
    return expansion.stock(
        "level", first, lambda here: _op("/", _op("*", _op("-", goal, here), share), Reference(DT))
    )


_BOUNDS = ("seed?", "low?", "high?")
_VENSIM_TAIL = ("shift", "stretch", "seed")

ROWS = (
    Builtin(
        name="random_0_1",
        units="-> 1",
        meaning="A random number from 0 to 1.",
        mdl=("RANDOM 0 1",),
        random=True,
        expand=_random_0_1,
    ),
    Builtin(
        name="random_uniform",
        params=("low", "high", "seed?"),
        units="a, a, * -> a",
        meaning="A random number between two.",
        mdl=("RANDOM UNIFORM",),
        xmile=("UNIFORM", "RANDOM"),
        random=True,
        expand=_vensim_uniform,
    ),
    *(
        Builtin(
            name=f"bounded_{name}",
            params=("low", "high", *params, *_VENSIM_TAIL),
            units=f"a, a, {'*, ' * len(params)}a, a, * -> a",
            meaning=f"{meaning}, times `stretch` plus `shift`, drawn again until it lies within the bounds.",
            mdl=(f"RANDOM {name.replace('_', ' ').upper()}",),
            random=True,
            expand=_vensim(name),
        )
        for name, params, meaning in (
            ("normal", (), "Normal with mean 0 and deviation 1"),
            ("exponential", (), "Exponential with mean 1"),
            ("gamma", ("order",), "Gamma of an order, at least 1, with scale 1"),
            ("beta", ("a", "b"), "Beta"),
            ("binomial", ("p", "n"), "Successes in n trials of probability p"),
            ("negative_binomial", ("p", "n"), "Trials of probability p until n succeed"),
            ("poisson", ("mean",), "Poisson"),
        )
    ),
    Builtin(
        name="bounded_triangular",
        params=("low", "high", "start", "peak", "stop", "seed"),
        units="a, a, a, a, a, * -> a",
        meaning="Triangular, drawn again until it lies within the bounds.",
        mdl=("RANDOM TRIANGULAR",),
        random=True,
        expand=_vensim_triangular,
    ),
    Builtin(
        name="bounded_weibull",
        params=("low", "high", "shape", *_VENSIM_TAIL),
        units="a, a, 1, a, a, * -> a",
        meaning="Weibull with mean 1, times `stretch` plus `shift`, drawn again until it lies within the bounds.",
        mdl=("RANDOM WEIBULL",),
        random=True,
        expand=_vensim_weibull,
    ),
    Builtin(
        name="random_lookup",
        params=("density", "low", "high", *_VENSIM_TAIL),
        units="*, a, a, a, a, * -> a",
        meaning="Distributed as the area under a lookup, which must not go below zero, times `stretch` plus `shift`,"
        " within bounds; NaN where there is no area.",
        mdl=("RANDOM LOOKUP",),
        random=True,
        expand=_vensim_lookup,
    ),
    *(
        Builtin(
            name=f"random_{name}",
            params=(*params, *_BOUNDS),
            units=f"{units}, *, a, a -> a",
            meaning=f"{meaning}, drawn again until it lies within the bounds.",
            xmile=(xmile,),
            random=True,
            expand=_plain(name, len(params), place),
        )
        for name, params, units, xmile, meaning, place in (
            ("normal", ("mean", "deviation"), "a, a", "NORMAL", "Normal", lambda mean, sd: ((), mean, sd)),
            ("exponential", ("mean",), "a", "EXPRND", "Exponential", lambda mean: ((), ZERO, mean)),
            ("poisson", ("mean",), "a", "POISSON", "Poisson", lambda mean: ((mean,), ZERO, ONE)),
            ("gamma", ("shape", "scale"), "*, a", "GAMMA", "Gamma", lambda k, scale: ((k,), ZERO, scale)),
            ("beta", ("a", "b"), "*, *", "BETA", "Beta", lambda a, b: ((a, b), ZERO, ONE)),
            (
                "binomial",
                ("n", "p"),
                "a, *",
                "BINOMIAL",
                "Successes in n trials of probability p",
                lambda n, p: ((p, n), ZERO, ONE),
            ),
            (
                "triangular",
                ("start", "peak", "stop"),
                "a, a, a",
                "TRIANGULAR",
                "Triangular",
                lambda a, c, b: ((a, c, b), ZERO, ONE),
            ),
            ("weibull", ("shape", "scale"), "*, a", "WEIBULL", "Weibull", lambda k, s: ((k,), ZERO, s)),
            ("logistic", ("mean", "scale"), "a, a", "LOGISTIC", "Logistic", lambda mean, s: ((), mean, s)),
        )
    ),
    Builtin(
        name="random_lognormal",
        params=("mean", "deviation", *_BOUNDS),
        units="a, a, *, a, a -> a",
        meaning="Log-normal; mean and deviation are those of the draws. Drawn again until it lies within the bounds.",
        xmile=("LOGNORMAL",),
        random=True,
        expand=_lognormal,
    ),
    Builtin(
        name="montecarlo",
        params=("percentage", "seed?"),
        units="*, * -> 1",
        meaning="1 with a chance of so many percent per unit of time, else 0.",
        xmile=("MONTECARLO",),
        random=True,
        expand=_monte_carlo,
    ),
    Builtin(
        name="pink_noise",
        params=("mean", "deviation", "correlation_time", "seed?"),
        units="a, a, time, * -> a",
        meaning="Normal noise whose values are correlated over a time.",
        random=True,
        expand=_pink_noise,
    ),
)
