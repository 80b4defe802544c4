"""Distributions of uncertain inputs: how they are written, cut to bounds and drawn from.

A text like ``normal(50, 10, low=0)`` is what users write; Vensim's ``RANDOM_NORMAL(0, 100, 50, 10)`` is read too.
Numbers are the same to the bit wherever they are drawn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from ..errors import PenstockError, error
from ..passes.declare import did_you_mean
from .kinds import ROWS, Below, Row, weibull_scale


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
    match = _CALL.fullmatch(text)
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
        values["scale"] = 1.0 / weibull_scale(values["shape"])
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
