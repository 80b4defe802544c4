"""Units of measure: the algebra, the syntax that models write them in, and which names mean the same.

A unit is a product of powers of base units. Which names there are is for the model to say: any name is a base
unit of its own unless `DEFAULTS` or the model's definitions make it another name for one, or a product. Names
count without regard to case, spaces as underscores. Nothing converts: a day and a week are different units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from graphlib import CycleError, TopologicalSorter

from .model import UnitDefinition, canonical

Power = int | Fraction
Powers = tuple[tuple[str, Power], ...]

MOST_NAMES = 60
MOST_POWER = 1000
"""No units that anyone means have more names, or powers beyond that."""

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
    def is_sensible(self) -> bool:
        """Whether anyone could mean it: the bounds keep work with odd models small."""
        if len(self.powers) > MOST_NAMES:
            return False
        return all(max(abs(power.numerator), power.denominator) <= MOST_POWER for _, power in self.powers)

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


def combined(factors: Iterable[tuple[Unit, Power]]) -> Unit:
    """The product of powers of units."""
    powers: dict[str, Power] = {}
    for unit, factor in factors:
        for name, power in unit.powers:
            powers[name] = _power(powers.get(name, 0) + power * factor)
    return _made(powers)


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
    if len(product) > MOST_NAMES:
        raise UnitsError(f"it has more than {MOST_NAMES} names")
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
    at, end = 0, len(text.rstrip())
    while at < end:
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
TIME = "time"

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
    """The names of a model's units. `time` is what the model's time is in; the name ``time`` means the same.

    `faulty` are definitions that say nothing, with the reason: their names are base units.
    """

    def __init__(self, definitions: Iterable[UnitDefinition] = (), time: str = "") -> None:
        self._same: dict[str, str] = {}
        self._known: dict[str, Unit] = {}
        self.faulty: list[tuple[UnitDefinition, str]] = []
        definitions = tuple(definitions)
        for names in (*DEFAULTS, *((item.name, *item.aliases) for item in definitions)):
            self._join(names)
        self._known[self._first(DIMENSIONLESS)] = ONE
        if time and canonical(time) != TIME and canonical(TIME) not in self._same:
            definitions += (UnitDefinition(TIME, (), time),)
        self._define([item for item in definitions if item.equation])

    def unit(self, text: str) -> Unit:
        """The unit that a text says. Raises `UnitsError`."""
        return self._combined(read(text))

    def named(self, name: str) -> Unit:
        """The unit of one name."""
        first = self._first(name)
        return self._known.get(first) or base(first)

    def _combined(self, product: Product) -> Unit:
        return combined((self.named(name), power) for name, power in product)

    def _define(self, definitions: list[UnitDefinition]) -> None:
        """The units that are made of others, each after those it is made of."""
        products: dict[str, tuple[UnitDefinition, Product]] = {}
        for item in definitions:
            try:
                products.setdefault(self._first(item.name), (item, read(item.equation)))
            except UnitsError as problem:
                self.faulty.append((item, str(problem)))
        order = TopologicalSorter(
            {
                first: {self._first(name) for name, _ in product} & products.keys()
                for first, (_, product) in products.items()
            }
        )
        with suppress(CycleError):
            order.prepare()
        while ready := order.get_ready():
            for first in ready:
                self._known.setdefault(first, self._combined(products[first][1]))
            order.done(*ready)
        circular = [item for first, (item, _) in products.items() if first not in self._known]
        self.faulty += [(item, "it is made of itself") for item in circular]

    def _first(self, name: str) -> str:
        """The name that stands for all that mean the same."""
        given: str = canonical(name)
        found = given
        while self._same.get(found, found) != found:
            found = self._same[found]
        if found != given:
            self._same[given] = found  # a shorter way next time
        return found.replace(UNKNOWN, "¿")

    def _join(self, names: Iterable[str]) -> None:
        names = [name for name in names if canonical(name)]
        firsts = [self._first(name) for name in names]
        for name, first in zip(names, firsts, strict=True):
            self._same.setdefault(canonical(name), firsts[0])
            self._same[first] = firsts[0]
