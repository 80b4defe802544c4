"""What each variable in an equation does to its value: which way, how late, and whether only at the start.

The sign of an effect is that of a partial derivative, found by rules over the equation as it was written: those of
the operators, those that rows of built-ins state, and the slopes of graphical functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..builtins import BUILTINS
from ..builtins.table import Builtin
from ..expr import ArrayLiteral, Binary, Call, Expr, Reference, Unary, indices
from ..model import Ident, Lookup, Points, canonical
from .ranges import ANY, Range, Ranges, sign

Sign = int | None
"""1 where the value never falls as the cause rises, -1 where it never rises, None where neither is known."""


@dataclass(frozen=True, slots=True)
class Effect:
    """`lagged` where it comes later than its cause, `initial` where the cause counts at the start only, `table`
    where the cause is a graphical function."""

    sign: Sign
    lagged: bool = False
    initial: bool = False
    table: bool = False

    def after(self, other: Effect) -> Effect:
        """This effect of what has the other effect itself."""
        return Effect(
            times(self.sign, other.sign),
            self.lagged or other.lagged,
            self.initial or other.initial,
            other.table,
        )


DIRECT = Effect(1)


def times(a: Sign, b: Sign) -> Sign:
    return None if a is None or b is None else a * b


def effects(root: Expr, ranges: Ranges) -> Iterator[tuple[Ident, Effect]]:
    """Every name in an expression, each time it stands there, with its effect on the expression's value."""
    stack: list[tuple[Expr, Effect]] = [(root, DIRECT)]
    while stack:
        expr, effect = stack.pop()
        match expr:
            case Reference(name=name, subscripts=subscripts, offset=offset):
                yield canonical(name), effect
                inner = [*indices(subscripts), *([] if offset is None else [offset])]
                stack.extend((index, replace(effect, sign=None)) for index in inner)
            case Call(function=function) if function not in BUILTINS:
                yield canonical(function), Effect(None, effect.lagged, effect.initial, table=True)
        stack.extend((child, effect.after(own)) for child, own in reversed(_operands(expr, ranges)))


def _operands(expr: Expr, ranges: Ranges) -> list[tuple[Expr, Effect]]:
    """The operands of a node, each with its effect on the node's value."""
    match expr:
        case Unary(operator=operator, operand=operand):
            return [(operand, Effect(1 if operator == "+" else -1))]
        case Binary(operator=operator, left=left, right=right):
            a, b = _binary(operator, left, right, ranges)
            return [(left, Effect(a)), (right, Effect(b))]
        case Call():
            return _arguments(expr, ranges)
        case ArrayLiteral(elements=elements):
            return [(element, DIRECT) for element in elements]
    return []


def _binary(operator: str, left: Expr, right: Expr, ranges: Ranges) -> tuple[Sign, Sign]:
    match operator:
        case "+":
            return 1, 1
        case "-":
            return 1, -1
        case "*":
            return sign(ranges.of(right)), sign(ranges.of(left))
        case "/":
            return sign(ranges.of(right)), times(-1, sign(ranges.of(left)))
        case "^":
            base, exponent = ranges.of(left), ranges.of(right)
            if base[0] < 0.0:
                return None, None
            return sign(exponent), 1 if base[0] >= 1.0 else -1 if base[1] <= 1.0 else None
        case "<" | "<=":
            return -1, 1
        case ">" | ">=":
            return 1, -1
        case "and" | "or":
            return _truth(ranges.of(left)), _truth(ranges.of(right))
    return None, None


def _truth(range_: Range) -> Sign:
    """How a number's truth goes with it: zero is false, so only one way below or above zero."""
    return 1 if range_[0] >= 0.0 else -1 if range_[1] <= 0.0 else None


def _arguments(call: Call, ranges: Ranges) -> list[tuple[Expr, Effect]]:
    row = BUILTINS.get(call.function)
    if row is None:
        slope = _slope(canonical(call.function), call.arguments[0], ranges) if call.arguments else None
        return [(argument, Effect(slope)) for argument in call.arguments]
    if row.name == "if_then_else" and len(call.arguments) == 3:
        condition, then, otherwise = call.arguments
        return [(condition, Effect(_choice(call, ranges))), (then, DIRECT), (otherwise, DIRECT)]
    given = {row.parameter(place): argument for place, argument in enumerate(call.arguments) if row.params}
    return [
        (argument, _argument(row, row.parameter(place) if row.params else "", given, ranges))
        for place, argument in enumerate(call.arguments)
    ]


def _choice(call: Call, ranges: Ranges) -> Sign:
    """A condition that becomes true raises the value where `then` cannot be below `otherwise`."""
    condition, then, otherwise = map(ranges.of, call.arguments)
    higher = 1 if then[0] >= otherwise[1] else -1 if then[1] <= otherwise[0] else None
    return times(_truth(condition), higher)


def _argument(row: Builtin, param: str, given: Mapping[str, Expr], ranges: Ranges) -> Effect:
    rule = row.slopes.get(param, "")
    own: Sign = None
    if rule:
        own = 1 if rule[0] == "+" else -1
        if rule[1:]:
            own = times(
                own, _sign_or_slope(given[rule[1:]], given[param], ranges) if rule[1:] in given else None
            )
    is_table = param == "lookup"
    return Effect(own, param in row.lags, param in row.at_start, is_table)


def _sign_or_slope(other: Expr, x: Expr, ranges: Ranges) -> Sign:
    """The sign of what a rule names; of a graphical function, its slope."""
    if isinstance(other, Reference):
        variable = ranges.variables.get(canonical(other.name))
        if isinstance(variable, Lookup):
            return _slope(variable.ident, x, ranges)
    return sign(ranges.of(other))


def _slope(ident: Ident, x: Expr, ranges: Ranges) -> Sign:
    """The one sign that the slopes of a graphical function have where its argument may be."""
    variable = ranges.variables.get(ident)
    points = [item.lookup for item in variable.equations if item.lookup is not None] if variable else []
    found = {slope_of(item, ranges.of(x)) for item in points}
    return found.pop() if len(found) == 1 else None


def slope_of(points: Points, x: Range = ANY) -> Sign:
    """1 for points that never fall within a range of x, -1 for ones that never rise; None for others and level ones."""
    lines = [
        (y1, y2)
        for x1, x2, y1, y2 in zip(points.x, points.x[1:], points.y, points.y[1:], strict=False)
        if (x2 > x[0] and x1 < x[1]) or (x1 <= x[0] and x[1] <= x2)
    ]
    if points.kind == "extrapolate" and len(points.x) > 1:
        first, last = (points.y[0], points.y[1]), (points.y[-2], points.y[-1])
        lines += [first] * (x[0] < points.x[0]) + [last] * (x[1] > points.x[-1])
    rises, falls = any(a < b for a, b in lines), any(a > b for a, b in lines)
    return None if rises == falls else 1 if rises else -1
