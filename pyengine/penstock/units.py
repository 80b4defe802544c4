"""Units of measure: the algebra, the syntax that models write them in, and which names mean the same.

A unit is a product of powers of base units. Which names there are is for the model to say: any name is a base
unit of its own unless `DEFAULTS` or the model's definitions make it another name for one, or a product. Names
count without regard to case, spaces as underscores. Nothing converts: a day and a week are different units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from .model import UnitDefinition, canonical

Power = int | Fraction
Powers = tuple[tuple[str, Power], ...]

UNKNOWN = "?"
"""What the name of an unknown starts with; no base unit's does."""


@dataclass(frozen=True)
class Unit:
    """Base units with their powers, sorted by name and none of them zero. Names that start with `UNKNOWN` stand
    for units that are not known yet."""

    powers: Powers = ()

    def __mul__(self, other: Unit) -> Unit:
        return _product(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return _product(self, other, -1)

    def __pow__(self, power: Power) -> Unit:
        return _made({name: _power(value * power) for name, value in self.powers})

    @cached_property
    def unknowns(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.powers if name.startswith(UNKNOWN))


ONE = Unit()
"""Dimensionless."""


def base(name: str) -> Unit:
    return Unit(((name, 1),))


def _made(powers: Mapping[str, Power]) -> Unit:
    return Unit(tuple(sorted((name, power) for name, power in powers.items() if power)))


def _power(value: Power) -> Power:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


@lru_cache(maxsize=1 << 14)
def _product(left: Unit, right: Unit, sign: int) -> Unit:
    powers = dict(left.powers)
    for name, power in right.powers:
        powers[name] = _power(powers.get(name, 0) + sign * power)
    return _made(powers)


# --- the syntax -------------------------------------------------------------------------------------

_TOKEN = re.compile(r'\s*+(?:(?P<sign>\*\*|[*/^()-])|"(?P<quoted>[^"]*+)"|(?P<name>[^*/^()"-]++))')
_PER = re.compile(r"(?:^|(?<=[\s_]))per(?=[\s_])", re.IGNORECASE)
_EXPONENT = re.compile(
    r"\s*+(?:\(\s*+(-?[0-9]{1,3}+)\s*+/\s*+([0-9]{1,3}+)\s*+\)|(-?[0-9]{1,3}(?:\.[0-9]{1,6})?+))"
)
_DEEPEST = 40


class UnitsError(ValueError):
    """Units that cannot be read; the text says why."""


Product = tuple[tuple[str, Power], ...]
"""What a text says: names as written, with powers, in its order."""


def read(text: str) -> Product:
    """The names in ``widgets/(year*person)``, ``1/Month``, ``m^2``, ``Months Per Year``, ``Person-Years``.

    Raises `UnitsError`.
    """
    parser = _Parser(text)
    product = parser.product(0)
    if parser.at < len(parser.tokens):
        raise UnitsError(f"{parser.tokens[parser.at][1]} is not expected there")
    return tuple((name, power) for name, power in product)


def is_name(text: str) -> bool:
    """Whether units are a single name."""
    try:
        found = read(text)
    except UnitsError:
        return False
    return len(found) == 1 and found[0][1] == 1


Token = tuple[str, str, Power]


class _Parser:
    """Recursive only in brackets. A token is its kind, its text, and the power that follows a ``^``."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0

    def product(self, depth: int) -> list[tuple[str, Power]]:
        found: list[tuple[str, Power]] = []
        sign = 1
        if self._kind() == "/":  # "per year"
            self.at, sign = self.at + 1, -1
        while True:
            found += [(name, sign * power) for name, power in self._factor(depth)]
            if self._kind() not in ("*", "/", "-"):
                return found
            sign = -1 if self._kind() == "/" else 1
            self.at += 1

    def _kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else "the end"

    def _factor(self, depth: int) -> list[tuple[str, Power]]:
        kind = self._kind()
        if kind == "name":
            found: list[tuple[str, Power]] = [(self.tokens[self.at][1], 1)]
        elif kind == "(" and depth < _DEEPEST:
            self.at += 1
            found = self.product(depth + 1)
            if self._kind() != ")":
                raise UnitsError("a bracket is not closed")
        else:
            raise UnitsError(f"a name is missing before {kind}")
        self.at += 1
        while self._kind() == "^":
            power = self.tokens[self.at][2]
            found = [(name, _power(value * power)) for name, value in found]
            self.at += 1
        return found


def _tokens(text: str) -> Iterable[Token]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise UnitsError("a quotation mark is not closed")
        at = match.end()
        if match["sign"] in ("^", "**"):
            exponent = _EXPONENT.match(text, at)
            if exponent is None:
                raise UnitsError("a number is missing after ^")
            at = exponent.end()
            top, bottom, plain = exponent.groups()
            if top and not int(bottom):
                raise UnitsError("a power is divided by zero")
            power = Fraction(int(top), int(bottom)) if top else Fraction(plain)
            yield "^", "^", _power(power)
        elif match["sign"]:
            yield match["sign"], match["sign"], 1
        elif match["quoted"] is not None:
            yield "name", match["quoted"], 1
        else:
            yield from _words(match["name"])


def _words(text: str) -> Iterable[Token]:
    """A stretch of names with ``per`` between them."""
    for number, name in enumerate(_PER.split(text)):
        if number:
            yield "/", "per", 1
        if name.strip(" \t\n_"):
            yield "name", name.strip(), 1


# --- which names mean the same ----------------------------------------------------------------------

DIMENSIONLESS = "dmnl"

DEFAULTS: tuple[tuple[str, ...], ...] = (
    (DIMENSIONLESS, "dimensionless", "fraction", "unitless", "1"),
    ("$", "dollar", "dollars", "$s"),
    ("person", "people", "persons"),
    ("unit", "units"),
    ("second", "seconds"),
    ("minute", "minutes"),
    ("hour", "hours"),
    ("day", "days"),
    ("week", "weeks"),
    ("month", "months"),
    ("quarter", "quarters"),
    ("year", "years"),
    ("%", "percent"),
)
"""Names of the same unit in every model, as Vensim and Stella know them from the start."""

TIMES = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
"""The units of time, by their first names."""


class Table:
    """The names of a model's units. `time` is what the model's time is in; the name ``time`` means the same."""

    def __init__(self, definitions: Iterable[UnitDefinition] = (), time: str = "") -> None:
        self._same: dict[str, str] = {}
        self._made_of: dict[str, str] = {}
        self._open: set[str] = set()
        self._known: dict[str, Unit] = {}
        for names in DEFAULTS:
            self._join(names)
        definitions = tuple(definitions)
        for item in definitions:
            self._join((item.name, *item.aliases))
        for item in definitions:
            if item.equation:
                self._made_of.setdefault(self._first(item.name), item.equation)
        self.faulty = tuple(item for item in definitions if item.equation and self._fault(item.equation))
        if (
            time
            and canonical(time) != "time"
            and canonical("time") not in self._same
            and not self._fault(time)
        ):
            self._made_of["time"] = time

    def unit(self, text: str) -> Unit:
        """The unit that a text says. Raises `UnitsError`."""
        found = ONE
        for name, power in read(text):
            found *= self.named(name) ** power
        return found

    def named(self, name: str) -> Unit:
        """The unit of one name."""
        first = self._first(name)
        if first in self._known:
            return self._known[first]
        if first == self._first(DIMENSIONLESS):
            found = ONE
        elif first in self._made_of and first not in self._open and not self._fault(self._made_of[first]):
            self._open.add(first)
            found = self.unit(self._made_of[first])
            self._open.discard(first)
        else:
            return base(first)
        self._known[first] = found
        return found

    def _first(self, name: str) -> str:
        """The name that stands for all that mean the same."""
        found: str = canonical(name)
        while found in self._same and self._same[found] != found:
            found = self._same[found]
        return found.replace(UNKNOWN, "¿")

    def _join(self, names: Iterable[str]) -> None:
        names = [name for name in names if canonical(name)]
        firsts = [self._first(name) for name in names]
        for name, first in zip(names, firsts, strict=True):
            self._same.setdefault(canonical(name), firsts[0])
            self._same[first] = firsts[0]
        if firsts:
            self._same[firsts[0]] = firsts[0]

    def _fault(self, text: str) -> str:
        """Why a text cannot be read; empty where it can."""
        try:
            read(text)
        except UnitsError as problem:
            return str(problem)
        return ""
