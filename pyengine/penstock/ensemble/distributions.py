"""Distributions of uncertain inputs, a row each: how they are written, and where a share of them lies below.

A text like ``normal(50, 10, low=0)`` is what users write; Vensim's ``RANDOM_NORMAL(0, 100, 50, 10)`` is read too.
Numbers are the same to the bit wherever they are drawn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from ..errors import PenstockError, error
from ..passes.declare import did_you_mean
from .exact import (
    beta_below,
    exp,
    gamma_below,
    gamma_ln,
    inverse,
    ln,
    normal_below,
    normal_quantile,
    power,
)

Below = Callable[..., float]
Quantile = Callable[..., float]


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of distribution. `params` have defaults as ``name=value``; `holds` says what must be true of them.

    `quantile` is where a share lies below, `below` the share below a value; both take the parameters behind.
    `whole` where only whole numbers are drawn. Rows with a `below` can be cut to ``low`` and ``high``; `cut`, of a
    share, the two bounds and the parameters, does that where `below` is not accurate far out.
    """

    name: str
    params: tuple[str, ...]
    meaning: str
    quantile: Quantile
    below: Below | None = None
    holds: Callable[..., bool] = lambda *_: True
    needs: str = ""
    whole: bool = False
    variadic: bool = False
    cut: Quantile | None = None


def _normal_cut(u: float, low: float, high: float, mean: float, sd: float) -> float:
    """From the nearer tail, where shares are small and accurate."""
    if low > mean:
        return mean + (mean - _normal_cut(1.0 - u, mean - (high - mean), mean - (low - mean), mean, sd))
    least, most = normal_below((low - mean) / sd), normal_below((high - mean) / sd)
    return mean + sd * normal_quantile(least + (most - least) * u)


def _triangular(u: float, low: float, peak: float, high: float) -> float:
    width, left = high - low, peak - low
    if u * width < left:
        return low + math.sqrt(u * width * left)
    return high - math.sqrt((1.0 - u) * width * (high - peak))


def _triangular_below(x: float, low: float, peak: float, high: float) -> float:
    if x <= low:
        return 0.0
    if x >= high:
        return 1.0
    if x < peak:
        return (x - low) * (x - low) / ((high - low) * (peak - low))
    return 1.0 - (high - x) * (high - x) / ((high - low) * (high - peak))


def _beta(u: float, a: float, b: float) -> float:
    return inverse(lambda x: beta_below(x, a, b), u, 0.0, 1.0)


def _pert(u: float, low: float, peak: float, high: float, weight: float) -> float:
    a = 1.0 + weight * (peak - low) / (high - low)
    b = 1.0 + weight * (high - peak) / (high - low)
    return low + (high - low) * _beta(u, a, b)


def _logs(mean: float, sd: float) -> tuple[float, float]:
    """Middle and deviation of the logarithms of what has this mean and deviation."""
    ratio = sd / mean
    variance = ln(1.0 + ratio * ratio)
    return ln(mean) - 0.5 * variance, math.sqrt(variance)


def _lognormal(u: float, mean: float, sd: float) -> float:
    middle, deviation = _logs(mean, sd)
    return exp(middle + deviation * normal_quantile(u))


def _lognormal_below(x: float, mean: float, sd: float) -> float:
    if x <= 0.0:
        return 0.0
    middle, deviation = _logs(mean, sd)
    return normal_below((ln(x) - middle) / deviation)


def _discrete(u: float, *pairs: float) -> float:
    values, weights = pairs[::2], pairs[1::2]
    left = u * math.fsum(weights)
    for value, weight in zip(values, weights, strict=True):
        left -= weight
        if left < 0.0:
            return value
    return values[-1]


def _counted(start: float, next_: Callable[[int, float], float], u: float) -> float:
    """The first count whose share below or at it reaches u; shares follow each other by `next_`."""
    count, share, total = 0, start, start
    while total < u and (share > 0.0 or total < 0.5):
        count += 1
        share = next_(count, share)
        total += share
    return float(count)


def _counted_below(start: float, next_: Callable[[int, float], float], x: float) -> float:
    if x < 0.0:
        return 0.0
    shares, share = [start], start
    for count in range(1, int(min(x, 1e6)) + 1):
        share = next_(count, share)
        shares.append(share)
        if share == 0.0 and count > 1e4:
            break
    return min(1.0, math.fsum(shares))


def _poisson_terms(mean: float) -> tuple[float, Callable[[int, float], float]]:
    return exp(-mean), lambda count, share: share * mean / count


def _binomial_terms(n: float, p: float) -> tuple[float, Callable[[int, float], float]]:
    odds = p / (1.0 - p) if p < 1.0 else math.inf
    return power(1.0 - p, n), lambda count, share: share * odds * (n - count + 1.0) / count


def _weibull_scale(shape: float) -> float:
    """What a Weibull distribution is divided by to have the mean 1."""
    return exp(gamma_ln(1.0 + 1.0 / shape))


ROWS: Mapping[str, Row] = {
    row.name: row
    for row in (
        Row(
            "uniform",
            ("low", "high"),
            "anything between two bounds, equally likely",
            lambda u, low, high: low + (high - low) * u,
            holds=lambda low, high: low <= high,
            needs="low ≤ high",
        ),
        Row(
            "normal",
            ("mean", "sd"),
            "normal",
            lambda u, mean, sd: mean + sd * normal_quantile(u),
            lambda x, mean, sd: normal_below((x - mean) / sd),
            lambda mean, sd: sd > 0,
            "sd > 0",
            cut=_normal_cut,
        ),
        Row(
            "lognormal",
            ("mean", "sd"),
            "log-normal; mean and deviation are those of the values, not of their logarithms",
            _lognormal,
            _lognormal_below,
            lambda mean, sd: mean > 0 and sd > 0,
            "mean > 0, sd > 0",
        ),
        Row(
            "triangular",
            ("low", "peak", "high"),
            "rises in a line to the peak and falls in one",
            _triangular,
            _triangular_below,
            lambda low, peak, high: low <= peak <= high and low < high,
            "low ≤ peak ≤ high",
        ),
        Row(
            "pert",
            ("low", "peak", "high", "weight=4"),
            "a smooth hump over what an expert gave as least, likeliest and most",
            _pert,
            None,
            lambda low, peak, high, weight: low <= peak <= high and low < high and weight > 0,
            "low ≤ peak ≤ high, weight > 0",
        ),
        Row(
            "beta",
            ("a", "b"),
            "beta, from 0 to 1",
            _beta,
            beta_below,
            lambda a, b: 1e-3 <= a <= 1e6 and 1e-3 <= b <= 1e6,
            "a and b from 0.001 to 1e6",
        ),
        Row(
            "exponential",
            ("mean=1",),
            "exponential",
            lambda u, mean: -mean * ln(1.0 - u),
            lambda x, mean: 1.0 - exp(-x / mean) if x > 0 else 0.0,
            lambda mean: mean > 0,
            "mean > 0",
        ),
        Row(
            "gamma",
            ("shape", "scale=1"),
            "gamma; the mean is shape × scale",
            lambda u, shape, scale: scale * inverse(lambda x: gamma_below(x, shape), u, 0.0, math.inf),
            lambda x, shape, scale: gamma_below(x / scale, shape),
            lambda shape, scale: 1e-2 <= shape <= 1e4 and scale > 0,
            "shape from 0.01 to 10000, scale > 0",
        ),
        Row(
            "weibull",
            ("shape", "scale=1"),
            "Weibull",
            lambda u, shape, scale: scale * power(-ln(1.0 - u), 1.0 / shape),
            lambda x, shape, scale: 1.0 - exp(-power(x / scale, shape)) if x > 0 else 0.0,
            lambda shape, scale: shape > 0 and scale > 0,
            "shape > 0, scale > 0",
        ),
        Row(
            "poisson",
            ("mean",),
            "counts of what happens independently",
            lambda u, mean: _counted(*_poisson_terms(mean), u),
            lambda x, mean: _counted_below(*_poisson_terms(mean), x),
            lambda mean: 0 < mean <= 500,
            "mean from 0 to 500",
            whole=True,
        ),
        Row(
            "binomial",
            ("n", "p"),
            "successes in n trials of probability p",
            lambda u, n, p: _counted(*_binomial_terms(n, p), u),
            lambda x, n, p: _counted_below(*_binomial_terms(n, p), min(x, n)),
            lambda n, p: n == int(n) and 1 <= n <= 500 and 0 < p < 1,
            "whole n from 1 to 500, 0 < p < 1",
            whole=True,
        ),
        Row(
            "discrete",
            ("value", "weight"),
            "one of several values: value, weight, value, weight, …",
            _discrete,
            holds=lambda *pairs: (
                len(pairs) % 2 == 0 and all(weight >= 0 for weight in pairs[1::2]) and sum(pairs[1::2]) > 0
            ),
            needs="pairs of a value and its weight, not all zero",
            variadic=True,
        ),
    )
}


@dataclass(frozen=True)
class Distribution:
    """A distribution as it was written: `stretch` times what its row draws between two bounds, plus `shift`."""

    text: str
    row: Row
    params: tuple[float, ...]
    low: float = -math.inf
    high: float = math.inf
    shift: float = 0.0
    stretch: float = 1.0

    def quantile(self, u: float) -> float:
        """The value that a share u of all draws, 0 < u < 1, lies below."""
        low, high = self._bounds
        if self._is_cut and self.row.cut is not None:
            value = self.row.cut(u, low, high, *self.params)
        else:
            least, most = self._shares if self._is_cut else (0.0, 1.0)
            value = self.row.quantile(least + (most - least) * u, *self.params)
        if self._is_cut:  # the last bit of a share may stick out
            value = min(max(value, low), high)
        return self.shift + self.stretch * value

    @cached_property
    def _is_cut(self) -> bool:
        return self.low > -math.inf or self.high < math.inf

    @cached_property
    def _bounds(self) -> tuple[float, float]:
        """The bounds of what the row draws, whole numbers where it draws such."""
        bounds = sorted(((self.low - self.shift) / self.stretch, (self.high - self.shift) / self.stretch))
        low, high = (bound + 0.0 for bound in bounds)
        if self.row.whole:
            low = math.ceil(low) if low > -math.inf else low
            high = math.floor(high) if high < math.inf else high
        return low, high

    @cached_property
    def _shares(self) -> tuple[float, float]:
        assert self.row.below is not None
        low, high = self._bounds
        below = partial(_at, self.row.below, self.params)
        return below(low - 1.0 if self.row.whole else low), below(high)

    def __str__(self) -> str:
        return self.text


def _at(below: Below, params: tuple[float, ...], x: float) -> float:
    return 0.0 if x == -math.inf else 1.0 if x == math.inf else below(x, *params)


# --- texts

_CALL = re.compile(r"\s*([A-Za-z][\w ]*?)\s*\(([^()]*)\)\s*")
_BOUNDS = ("low", "high")
_TAIL = ("shift", "stretch")

VENSIM: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "uniform": ("uniform", (), ()),
    "normal": ("normal", ("mean", "sd"), ()),
    "triangular": ("triangular", ("low", "peak", "high"), ()),
    "exponential": ("exponential", (), _TAIL),
    "gamma": ("gamma", ("shape",), _TAIL),
    "beta": ("beta", ("a", "b"), _TAIL),
    "weibull": ("weibull", ("shape",), _TAIL),
    "poisson": ("poisson", ("mean",), _TAIL),
    "binomial": ("binomial", ("p", "n"), _TAIL),
}
"""Vensim's RANDOM_…: the row, the parameters behind the two bounds, and what stands behind those. A seed may follow
and has no effect: the study's own seed is used."""


def read(text: str, name: str = "a distribution") -> Distribution:
    """A distribution from its text; `name` is the input's, for messages. Raises PEN531."""
    match = _CALL.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise _wrong(
            name, text, "it is not written as kind(a, b, …)", "As in normal(50, 10) or uniform(0, 1)."
        )
    kind, inside = re.sub(r"\s+", "_", match[1].strip().lower()), match[2]
    given, named = _arguments(text, name, inside)
    if kind.startswith("random_"):
        return _vensim(text, name, kind.removeprefix("random_"), given, named)
    if kind not in ROWS:
        known = (*ROWS, *(f"RANDOM_{key.upper()}" for key in VENSIM))
        raise _wrong(
            name,
            text,
            f"{match[1].strip()} is not known",
            did_you_mean(kind, known, f"Known: {', '.join(known)}."),
        )
    row = ROWS[kind]
    low, high = -math.inf, math.inf
    if row.below is not None:
        own = {param.partition("=")[0] for param in row.params}
        low = low if "low" in own else named.pop("low", low)
        high = high if "high" in own else named.pop("high", high)
    return _made(text, name, row, _params(text, name, row, given, named), low, high)


def _arguments(text: str, name: str, inside: str) -> tuple[list[float], dict[str, float]]:
    given: list[float] = []
    named: dict[str, float] = {}
    for part in inside.split(",") if inside.strip() else ():
        word, equals, number = part.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            raise _wrong(
                name, text, f"{part.strip()!r} is no number", "Write numbers, as in uniform(0, 1)."
            ) from None
        if not math.isfinite(value):
            raise _wrong(name, text, f"{part.strip()!r} is not finite", "Leave out bounds that are none.")
        if equals:
            named[word.strip()] = value
        elif named:
            raise _wrong(
                name, text, f"{part.strip()!r} stands behind a named one", "Put those with names last."
            )
        else:
            given.append(value)
    return given, named


def _params(
    text: str, name: str, row: Row, given: Sequence[float], named: dict[str, float]
) -> tuple[float, ...]:
    """Parameters in the row's order."""
    if row.variadic:
        if named:
            raise _wrong(name, text, f"{next(iter(named))} is not known", f"Write {_form(row)}.")
        return tuple(given)
    if len(given) > len(row.params):
        raise _wrong(name, text, f"it has {len(given)} values", f"Write {_form(row)}.")
    params = list(given)
    for param in row.params[len(given) :]:
        word, _, default = param.partition("=")
        if word in named:
            params.append(named.pop(word))
        elif default:
            params.append(float(default))
        else:
            raise _wrong(name, text, f"{word} is missing", f"Write {_form(row)}.")
    if named:
        raise _wrong(name, text, f"{next(iter(named))} is not known or given twice", f"Write {_form(row)}.")
    return tuple(params)


def _vensim(text: str, name: str, kind: str, given: list[float], named: dict[str, float]) -> Distribution:
    if kind not in VENSIM:
        known = ", ".join(f"RANDOM_{key.upper()}" for key in VENSIM)
        raise _wrong(name, text, f"RANDOM_{kind.upper()} is not supported", f"Use one of {known}.")
    key, params, tail = VENSIM[kind]
    row, words = ROWS[key], ("low", "high", *params, *tail)
    if named or not len(words) <= len(given) <= len(words) + 1:
        form = f"RANDOM_{kind.upper()}({', '.join(('min', 'max', *words[2:]))})"
        raise _wrong(name, text, f"it has {len(given) + len(named)} values", f"Write {form}.")
    if key == "uniform":
        return _made(text, name, row, tuple(given[:2]), -math.inf, math.inf)
    low, high, *rest = given
    values = dict(zip(words[2:], rest, strict=False))
    shift, stretch = values.pop("shift", 0.0), values.pop("stretch", 1.0)
    if kind == "weibull":
        if values["shape"] <= 0:
            raise _wrong(name, text, "shape must be above 0", "Weibull needs shape > 0.")
        values["scale"] = 1.0 / _weibull_scale(values["shape"])
    return _made(text, name, row, _params(text, name, row, [], dict(values)), low, high, shift, stretch)


def _made(
    text: str,
    name: str,
    row: Row,
    params: tuple[float, ...],
    low: float,
    high: float,
    shift: float = 0.0,
    stretch: float = 1.0,
) -> Distribution:
    if not row.holds(*params):
        raise _wrong(name, text, "its values do not fit together", f"{row.name} needs {row.needs}.")
    if not low <= high or stretch == 0.0:
        raise _wrong(name, text, "its bounds leave nothing", "Give low ≤ high, and a stretch that is not 0.")
    made = Distribution(text.strip(), row, params, low, high, shift, stretch)
    if made._is_cut:
        least, most = made._shares
        if not most - least > 1e-12:
            raise _wrong(name, text, "its bounds leave nothing", "Move them to where draws are likely.")
    return made


def _form(row: Row) -> str:
    return f"{row.name}({', '.join(row.params)})"


def _wrong(name: str, text: object, problem: str, advice: str) -> PenstockError:
    return error("PEN531", name=name, text=str(text)[:60], reason=problem, advice=advice)
