"""Between which values an expression lies: interval arithmetic over an equation as it was written.

Ranges are as wide as what is known allows, never narrower: what a run showed, a constant's value, the range that
the author gave, zero for what cannot be negative, the heights of a graphical function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from itertools import product

from ..builtins import BUILTINS
from ..builtins.table import Builtin
from ..expr import ArrayLiteral, Binary, Call, Expr, Number, Reference, Unary
from ..ir import constant
from ..library import FUNCTIONS
from ..model import Equation, Ident, Lookup, Points, Stock, Variable, canonical
from ..passes.fold import Rewriter

Range = tuple[float, float]
ANY: Range = (-math.inf, math.inf)
_POSITIVE: Range = (0.0, math.inf)
_TRUTH: Range = (0.0, 1.0)

_LIBRARY = {name: row.function for name, row in FUNCTIONS.items()}


def sign(range_: Range) -> int | None:
    """1 or -1 where no value of a range is of the other sign; None where there may be both, or nothing but zero."""
    low, high = range_
    if low >= 0.0 and high > 0.0:
        return 1
    return -1 if high <= 0.0 and low < 0.0 else None


def hull(ranges: Iterable[Range]) -> Range:
    """The smallest range around some; `ANY` around none."""
    found = list(ranges)
    return (min(low for low, _ in found), max(high for _, high in found)) if found else ANY


def heights(points: Points) -> Range:
    """What a graphical function may say; lines that go on beyond the points may say anything."""
    return ANY if points.kind == "extrapolate" or not points.y else (min(points.y), max(points.y))


class Ranges:
    """Ranges of the variables of a flat model; `seen` are those that a run showed, by identifier."""

    def __init__(self, variables: Mapping[Ident, Variable], seen: Mapping[Ident, Range]) -> None:
        self.variables = variables
        self._known: dict[Ident, Range] = dict(seen)

    def of_variable(self, ident: Ident) -> Range:
        if ident not in self._known:
            self._known[ident] = ANY  # what comes round to itself may be anything
            variable = self.variables.get(ident)
            self._known[ident] = ANY if variable is None else self._variable(variable)
        return self._known[ident]

    def _variable(self, variable: Variable) -> Range:
        if isinstance(variable, Lookup):
            points = [equation.lookup for equation in variable.equations]
            return hull(heights(item) for item in points if item is not None)
        low, high = variable.value_range or (None, None)
        given = (-math.inf if low is None else low, math.inf if high is None else high)
        if variable.non_negative:
            given = (max(given[0], 0.0), given[1])
        computed = ANY if isinstance(variable, Stock) else hull(map(self._equation, variable.equations))
        return max(given[0], computed[0]), min(given[1], computed[1])

    def _equation(self, equation: Equation) -> Range:
        if equation.lookup is not None:
            return heights(equation.lookup)
        ranges = [self.of(expr) for expr in (equation.expr, equation.initial) if expr is not None]
        return ANY if equation.data is not None or equation.external is not None else hull(ranges)

    def of(self, expr: Expr) -> Range:
        """The range of an expression; may recurse as deep as its tree is high, and into the variables it names."""
        match expr:
            case Number(value=value):
                return ANY if math.isnan(value) else (value, value)
            case Reference(name=name):
                return self.of_variable(canonical(name))
            case Unary(operator="not"):
                return _TRUTH
            case Unary(operator=operator, operand=operand):
                low, high = self.of(operand)
                return (-high, -low) if operator == "-" else (low, high)
            case Binary(operator=operator, left=left, right=right):
                rule = _ARITHMETIC.get(operator)
                if rule is None:
                    return ANY if operator in ("mod", "^") else _TRUTH
                return rule(self.of(left), self.of(right))
            case Call():
                return self._call(expr)
            case ArrayLiteral(elements=elements):
                return hull(map(self.of, elements))

    def _call(self, call: Call) -> Range:
        row = BUILTINS.get(call.function)
        if row is None:
            return self.of_variable(canonical(call.function))
        if row.name == "if_then_else" and len(call.arguments) == 3:
            return hull(map(self.of, call.arguments[1:]))
        given = [self.of(argument) for argument in call.arguments]
        if row.lags and all(row.slopes.get(param) == "+" for param in row.lags):
            return _same_sign(range_ for range_, param in _named(row, given) if row.slopes.get(param) == "+")
        one_way = all(row.slopes.get(param) in ("+", "-") for _, param in _named(row, given))
        if given and row.lower is not None and not row.truths and one_way:
            return _at_corners(row, given)
        return row.within


def _named(row: Builtin, given: list[Range]) -> list[tuple[Range, str]]:
    return [(range_, row.parameter(place)) for place, range_ in enumerate(given) if row.params]


def _same_sign(ranges: Iterable[Range]) -> Range:
    low, high = hull(ranges)
    return _POSITIVE if low >= 0.0 else (-math.inf, 0.0) if high <= 0.0 else ANY


def _at_corners(row: Builtin, given: list[Range]) -> Range:
    """The range of a function that goes one way with each of its parameters."""
    assert row.lower is not None
    ends = []
    for lowest in (True, False):
        at = [
            low if lowest == (row.slopes[param] == "+") else high for (low, high), param in _named(row, given)
        ]
        node = Rewriter(_LIBRARY).node(row.lower(*map(constant, at)))
        value = node.imm if node.op == "const" and isinstance(node.imm, float) else math.nan
        ends.append(value)
    low, high = ends
    return (
        max(row.within[0], -math.inf if math.isnan(low) else low),
        min(row.within[1], math.inf if math.isnan(high) else high),
    )


# --- arithmetic; a product of zero and infinity is zero, since ranges have no infinite values in them


def _added(a: Range, b: Range) -> Range:
    return a[0] + b[0], a[1] + b[1]


def _subtracted(a: Range, b: Range) -> Range:
    return a[0] - b[1], a[1] - b[0]


def _multiplied(a: Range, b: Range) -> Range:
    corners = [0.0 if 0.0 in (x, y) else x * y for x, y in product(a, b)]
    return min(corners), max(corners)


def _divided(a: Range, b: Range) -> Range:
    """A range that only touches zero counts as if it did not hold it: a division by it has no value."""
    if b[0] < 0.0 < b[1] or b == (0.0, 0.0):
        return ANY
    signed = math.copysign(1.0, b[0] + b[1])
    inverse = [signed * math.inf if end == 0.0 else 1.0 / end for end in b]
    return _multiplied(a, (min(inverse), max(inverse)))


_ARITHMETIC: Mapping[str, Callable[[Range, Range], Range]] = {
    "+": _added,
    "-": _subtracted,
    "*": _multiplied,
    "/": _divided,
}
