"""Variables as declarations, with the lines below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...expr import ArrayLiteral, Number, Unary
from ...model import Conveyor, Equation, Flow, Group, Lookup, Points, Stock, Variable
from ...read.dialects import PEN
from ..expression import Printer, number, parts
from . import texts


def lines(printer: Printer, variables: Iterable[Variable], groups: tuple[Group, ...] = ()) -> Iterator[str]:
    """The declarations, with a heading wherever the group changes."""
    variables = list(variables)
    used = list(dict.fromkeys(item.group for item in variables))
    known = {group.name: group.documentation for group in groups}
    group = ""
    if [name for name in used if name in known] != [item.name for item in groups]:
        for item in groups:
            yield texts.title("group", item.name, item.documentation)
            group = item.name
        known = {}
    for variable in variables:
        if variable.group != group:
            group = variable.group
            yield ""
            yield texts.title("group", group, known.pop(group, ""))
        yield from _variable(printer, variable)


def _variable(printer: Printer, variable: Variable) -> Iterator[str]:
    """A line for each equation; the first has what is said of the variable as a whole."""
    if variable.hidden:
        printer.losses.left_out(f"that {variable.name} is hidden", variable.span)
    equations: list[Equation | None] = list(variable.equations)
    if variable.dims or not equations:
        equations.insert(0, None)
    for place, equation in enumerate(equations):
        word = word_of(variable, variable.equations if equation is None else [equation])
        line = _declaration(printer, variable, word, equation)
        if place == 0:
            line = texts.documented(_modifiers(variable) + line + tail(variable), variable.documentation)
        yield line
        if equation is not None and equation.rate is not None:
            yield texts.wrapped(parts(f"  net {printer.expression(equation.rate)}", PEN))
        if place == 0:
            yield from _below(printer, variable)


def word_of(variable: Variable, equations: Sequence[Equation | None]) -> str:
    """The word that declares a variable, or the part of it that some of its equations are about."""
    match variable:
        case Stock():
            return "stock"
        case Flow():
            return "flow"
        case Lookup():
            return "lookup"
    constant = all(item is not None and _is_constant(item) for item in equations)
    return "const" if equations and constant else "aux"


def _is_constant(equation: Equation) -> bool:
    """Whether an equation is a number or a list of numbers, or reads them from a file."""
    expr = equation.expr
    if equation.external is not None:
        return equation.external.what == "constants"
    values = expr.elements if isinstance(expr, ArrayLiteral) else (expr,)
    plain = equation == Equation(expr, equation.subscripts, equation.exceptions)
    return plain and all(
        isinstance(value, Number) or (isinstance(value, Unary) and isinstance(value.operand, Number))
        for value in values
    )


def _modifiers(variable: Variable) -> str:
    words: list[str] = [variable.access]
    if variable.supplementary:
        words.append("supplementary")
    if variable.non_negative:
        words.append("non-negative")
    return "".join(f"{word} " for word in words if word)


def tail(variable: Variable) -> str:
    slider = variable.slider
    text = texts.units(variable.units)
    if slider is not None:
        text += f" slider {number(slider.low)} to {number(slider.high)}"
        text += f" by {number(slider.step)}" if slider.step is not None else ""
    return text


def _declaration(printer: Printer, variable: Variable, word: str, equation: Equation | None) -> str:
    name = printer.name(variable.name)
    if equation is None:
        return f"{word} {name}{texts.subscripts(printer, variable.dims)} = ?"
    left = name + texts.subscripts(printer, equation.subscripts)
    if equation.exceptions:
        left += f" except {', '.join(texts.subscripts(printer, item) for item in equation.exceptions)}"
    if equation.data is not None:
        if word == "aux":
            word = "data" if equation.data == "interpolate" else f"{equation.data} data"
        else:
            word = f"{equation.data} {word}"
        if equation.expr is None and equation.external is None:
            return f"{word} {left}"
    return texts.wrapped([*parts(f"{word} {left} = ", PEN), *_value(printer, variable, equation)])


def _value(printer: Printer, variable: Variable, equation: Equation) -> Iterator[str]:
    """What a variable is equal to, in parts between which lines may break."""
    if equation.external is not None:
        yield texts.file(equation.external) + " "
    elif equation.lookup is not None:
        if equation.expr is not None:
            yield from parts(f"lookup({printer.expression(equation.expr)}; ", PEN)
            *points, last = written_points(equation.lookup)
            yield from points
            yield last.rstrip() + ") "
        else:
            yield from written_points(equation.lookup)
    elif isinstance(equation.expr, ArrayLiteral) and len(equation.expr.elements) == 1:
        yield f"[{printer.expression(equation.expr.elements[0])}] "
    elif equation.expr is not None:
        yield from parts(f"{printer.expression(equation.expr)} ", PEN)
    else:
        printer.losses.written_as(f"the equation of {variable.name}, which has no value,", "0", equation.span)
        yield "0 "
    if equation.initial is not None:
        yield from parts(f"initially {printer.expression(equation.initial)}", PEN)


def written_points(points: Points) -> Iterator[str]:
    ranges = [
        f"{number(pair[0])} : {number(pair[1])}" if pair else "" for pair in (points.x_range, points.y_range)
    ]
    if any(ranges):
        yield f"[{', '.join(ranges).removesuffix(', ')}] "
    for x, y in zip(points.x, points.y, strict=True):
        yield f"({number(x)}, {number(y)}) "
    if points.kind != "continuous":
        yield f"{points.kind} "


def _below(printer: Printer, variable: Variable) -> Iterator[str]:
    """The lines that say more of the variable as a whole."""
    if isinstance(variable, Stock):
        for word, names in (("in", variable.inflows), ("out", variable.outflows)):
            if names:
                yield texts.wrapped(parts(f"  {word} {printer.names(names)}", PEN))
        if variable.conveyor is not None:
            yield from _conveyor(printer, variable.conveyor)
        if variable.queue:
            yield "  queue"
    elif isinstance(variable, Flow):
        if variable.leak is not None:
            zone = (variable.leak.start, variable.leak.end)
            yield "  leak" if zone == (0.0, 1.0) else f"  leak {number(zone[0])} to {number(zone[1])}"
        if variable.overflow:
            yield "  overflow"
    if variable.value_range is not None:
        low, high = ("?" if limit is None else number(limit) for limit in variable.value_range)
        yield f"  range {low} to {high}"


def _conveyor(printer: Printer, belt: Conveyor) -> Iterator[str]:
    yield f"  conveyor {printer.expression(belt.length)}"
    rows = (
        ("capacity", belt.capacity),
        ("limit", belt.in_limit),
        ("sample", belt.sample),
        ("arrest", belt.arrest),
    )
    for word, expr in rows:
        if expr is not None:
            yield f"  {word} {printer.expression(expr)}"
    options = {
        "discrete": belt.discrete,
        "exponential": belt.exponential,
        "many at a time": not belt.one_at_a_time,
        "batch integrity": belt.batch_integrity,
    }
    if any(options.values()):
        yield f"  as {', '.join(word for word, given in options.items() if given)}"
