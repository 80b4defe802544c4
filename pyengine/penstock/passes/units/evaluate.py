"""The units of an expression, from the inside out, and the places in it where they do not fit.

A number has no units of its own: beside something that has units it is taken to have the same, and as a factor
it has none, except that zero times anything fits everything. That is how Vensim takes it. `loosely`, a factor
may be anything, since it may stand for a constant that nobody named. What is once reported fits everything from
there on, so that one fault is reported once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Literal

from ...builtins import BUILTINS
from ...builtins.signature import TIME, Signature, signature
from ...expr import Binary, Call, Expr, Number, Reference, Unary, walk
from ...units import ONE, Product, Unit, combined
from .solver import Unknowns


class Free(Enum):
    """What has no units of its own."""

    NUMBER = "a number"
    ANY = "anything"


Value = Unit | Free
Fault = Literal["value", "alike", "argument", "exponent", "base"]

_NUMBER, _ANY = Free.NUMBER, Free.ANY
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_LOGICAL = ("and", "or")


@dataclass(frozen=True, slots=True, eq=False)
class Misfit:
    """A place where units do not fit: what was found there and what was expected. `function` is the built-in's or
    the operator's name, `parameter` the argument's."""

    fault: Fault
    expr: Expr
    found: Unit
    expected: Unit
    function: str = ""
    parameter: str = ""


class Evaluation:
    """Of one expression at a time; `units` tells those of names, `time` those of time."""

    def __init__(
        self, units: Callable[[str], Value], time: Unit, unknowns: Unknowns, *, loosely: bool = False
    ) -> None:
        self.units = units
        self.time = time
        self.unknowns = unknowns
        self.loosely = loosely
        self.misfits: list[Misfit] = []
        self._values: dict[int, Value] = {}
        self._wanted: dict[int, Unit] = {}
        self._terms: dict[int, list[Expr]] = {}

    def value(self, root: Expr, wanted: Unit | None) -> Value:
        """The units of an expression; `wanted` are those it is expected to have."""
        self.misfits, self._values, self._wanted, self._terms = [], {}, {}, {}
        if wanted is not None:
            self._wanted[id(root)] = wanted
        nodes = list(walk(root))
        inner: set[int] = set()
        for node in nodes:
            if id(node) not in inner:
                self._prepare(node, inner)
        for node in reversed(nodes):
            if id(node) not in inner:
                self._values[id(node)] = self._value(node)
        return self._values[id(root)]

    def fits(self, left: Unit, right: Unit) -> bool:
        return self.unknowns.unify(left, right)

    # From the outside in: sums as lists of terms, and what is wanted of the parts.

    def _prepare(self, node: Expr, inner: set[int]) -> None:
        parts: Sequence[Expr] = ()
        if isinstance(node, Binary) and node.operator in ("+", "-"):
            parts = self._terms[id(node)] = _terms(node, inner)
        elif isinstance(node, Unary) and node.operator != "not":
            parts = (node.operand,)
        elif isinstance(node, Call) and (row := BUILTINS.get(node.function)) is not None:
            rule = signature(row.units)
            alike = rule.result if rule.power is None and _is_letter(rule.result) else None
            parts = [arg for i, arg in enumerate(node.arguments) if alike and rule.param(i) == alike]
        wanted = self._wanted.get(id(node))
        if wanted is not None:
            self._wanted.update((id(part), wanted) for part in parts)

    # From the inside out.

    def _value(self, node: Expr) -> Value:
        match node:
            case Number():
                return _NUMBER
            case Reference():
                return self.units(node.name)
            case Unary(operator="not"):
                return ONE
            case Unary(operand=operand):
                return self._values[id(operand)]
            case Binary():
                return self._binary(node)
            case Call() if node.function in BUILTINS:
                return self._builtin(node, signature(BUILTINS[node.function].units))
            case Call():
                return self.units(node.function)
        return _ANY

    def _binary(self, node: Binary) -> Value:
        operator = node.operator
        left, right = self._values.get(id(node.left), _ANY), self._values.get(id(node.right), _ANY)
        if operator in ("+", "-"):
            return self._alike(node, self._terms[id(node)], "+")
        if operator in ("*", "/"):
            return self._product(node, left, right)
        if operator == "^":
            return self._power(node.left, left, node.right, right)
        if operator in _LOGICAL:
            return ONE
        value = self._alike(node, (node.left, node.right), operator)
        return ONE if operator in _COMPARISONS else value

    def _product(self, node: Binary, left: Value, right: Value) -> Value:
        if left is _NUMBER and right is _NUMBER:
            return _NUMBER
        left, right = self._factor(node.left, left), self._factor(node.right, right)
        if not (isinstance(left, Unit) and isinstance(right, Unit)):
            return _ANY
        found = left * right if node.operator == "*" else left / right
        return found if found.is_sensible else _ANY

    def _factor(self, node: Expr, value: Value) -> Value:
        """A number as a factor has no units; loosely, it may have any unless it only turns the sign."""
        if value is not _NUMBER:
            return value
        number = number_of(node)
        return _ANY if number == 0 or (self.loosely and number not in (1, -1)) else ONE

    def _power(self, base: Expr, value: Value, exponent: Expr, power: Value) -> Value:
        if isinstance(power, Unit) and not self.fits(power, ONE):
            self._report("exponent", exponent, power, ONE, "^", "exponent")
        number = number_of(exponent)
        if not isinstance(value, Unit):
            return value
        if number is not None:
            raised = value**number
            return raised if raised.is_sensible else _ANY
        if not self.fits(value, ONE):
            self._report("base", base, value, ONE, "^", "base")
        return ONE

    def _builtin(self, node: Call, rule: Signature) -> Value:
        values = [self._values[id(argument)] for argument in node.arguments]
        if rule.power is not None and len(values) > rule.power:
            return self._power(node.arguments[0], values[0], node.arguments[rule.power], values[rule.power])
        bound: dict[str, Value] = {TIME: self.time}
        letters: dict[str, list[Expr]] = {}
        for position, argument in enumerate(node.arguments):
            specification = rule.param(position) if rule.params else None
            if specification is not None and _is_letter(specification):
                letters.setdefault(specification[0][0], []).append(argument)
        for letter, alike in letters.items():
            bound[letter] = self._alike(node, alike, node.function)
        for position, (argument, value) in enumerate(zip(node.arguments, values, strict=True)):
            specification = rule.param(position) if rule.params else None
            if specification is None or _is_letter(specification) or not isinstance(value, Unit):
                continue
            expected = _combined(specification, bound)
            if isinstance(expected, Unit) and not self.fits(value, expected):
                name = BUILTINS[node.function].parameter(position)
                self._report("argument", argument, value, expected, node.function, name)
        return _ANY if rule.result is None else _combined(rule.result, bound)

    def _alike(self, node: Expr, parts: Sequence[Expr], function: str) -> Value:
        """The units that all parts have; numbers among them have the same."""
        values = [(part, self._values[id(part)]) for part in parts]
        units = [(part, self.unknowns.reduced(value)) for part, value in values if isinstance(value, Unit)]
        if not units:
            return _ANY if any(value is _ANY for _, value in values) else _NUMBER
        wanted = self._wanted.get(id(node)) if function not in _COMPARISONS else None
        expected = self._expected([unit for _, unit in units], wanted)
        odd = [(part, unit) for part, unit in units if not self.fits(unit, expected)]
        whole = len(units) == 2 and (wanted is None or self.unknowns.reduced(wanted) != expected)
        for part, unit in odd:
            self._report("alike", node if whole else part, unit, expected, function)
        return _ANY if odd else expected

    def _expected(self, units: list[Unit], wanted: Unit | None) -> Unit:
        """Of different units the ones that are wanted, else those of most, else the first that are known."""
        if wanted is not None and (reduced := self.unknowns.reduced(wanted)) in units:
            return reduced
        known = [unit for unit in units if not unit.unknowns]
        return Counter(known or units).most_common(1)[0][0]

    def _report(
        self, fault: Fault, expr: Expr, found: Unit, expected: Unit, function: str, parameter: str = ""
    ) -> None:
        found, expected = self.unknowns.reduced(found), self.unknowns.reduced(expected)
        self.misfits.append(Misfit(fault, expr, found, expected, function, parameter))


def _terms(node: Expr, inner: set[int]) -> list[Expr]:
    """The terms of a chain of sums and differences in order; the sums within it are `inner`."""
    found: list[Expr] = []
    while isinstance(node, Binary) and node.operator in ("+", "-"):
        found.append(node.right)
        node = node.left
        if isinstance(node, Binary) and node.operator in ("+", "-"):
            inner.add(id(node))
    return [node, *reversed(found)]


def _is_letter(specification: Product | None) -> bool:
    return (
        specification is not None
        and len(specification) == 1
        and (specification[0][1] == 1 and specification[0][0] != TIME)
    )


def _combined(specification: Product, bound: dict[str, Value]) -> Value:
    """What a specification says of units that letters stand for."""
    values = [(bound.get(name, _NUMBER), power) for name, power in specification]
    if any(value is _ANY for value, _ in values):
        return _ANY
    if any(value is _NUMBER for value, _ in values):
        return _NUMBER if len(values) == 1 else _ANY
    return combined((value, power) for value, power in values if isinstance(value, Unit))


def number_of(expr: Expr) -> Fraction | None:
    """The number that an expression is when it holds nothing but numbers, as near as a power needs it."""
    match expr:
        case Number(value=value):
            return Fraction(value).limit_denominator(1000) if abs(value) < 1e6 else None
        case Unary(operator="-", operand=operand):
            inner = number_of(operand)
            return None if inner is None else -inner
        case Binary(operator="/", left=left, right=right):
            top, bottom = number_of(left), number_of(right)
            return top / bottom if top is not None and bottom else None
    return None


def names(expr: Expr) -> Iterable[str]:
    """The names of variables and lookups that an expression mentions."""
    for node in walk(expr):
        if isinstance(node, Reference):
            yield node.name
        elif isinstance(node, Call) and node.function not in BUILTINS:
            yield node.function
