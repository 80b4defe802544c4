"""What must have the same units in a model, as a flat list: a variable's side of each equation, and the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ...expr import ArrayLiteral, Expr, Reference
from ...model import Equation, Flow, Ident, Model, Stock, Variable, canonical

Kind = Literal["value", "rate", "flow", "belt", "leak"]

TIME = Ident("#time")


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """`expr` has the units of `subject` times those of time to the power `time`; of the latter alone without a
    subject, and any units where it is `free`: then only what is inside counts. It stands with `owner`."""

    kind: Kind
    owner: Variable
    expr: Expr
    subject: Ident | None
    time: int = 0
    free: bool = False


def requirements(model: Model) -> list[Requirement]:
    """All of a flat model, in an order that does not depend on the file's."""
    by_ident = {variable.ident: variable for variable in model.variables}
    found = [
        item
        for ident in sorted(by_ident)
        for item in (*_of_equations(by_ident[ident]), *_of_stock(by_ident[ident], by_ident))
    ]
    specs = model.specs
    clock = Variable("time", ())
    times = (specs.start, specs.stop, specs.dt, *([specs.save_step] if specs.save_step is not None else []))
    return [*found, *(Requirement("value", clock, expr, None, 1) for expr in times)]


def _of_equations(variable: Variable) -> Iterator[Requirement]:
    leaks = isinstance(variable, Flow) and variable.leak is not None
    for equation in variable.equations:
        if equation.rate is not None:
            yield Requirement("rate", variable, equation.rate, variable.ident, -1)
        for expr in _values(equation):
            free = leaks or equation.lookup is not None
            yield Requirement("value", variable, expr, variable.ident, free=free)


def _values(equation: Equation) -> Iterator[Expr]:
    for expr in (equation.expr, equation.initial):
        if isinstance(expr, ArrayLiteral):
            yield from expr.elements
        elif expr is not None:
            yield expr


def _of_stock(stock: Variable, by_ident: dict[Ident, Variable]) -> Iterator[Requirement]:
    if not isinstance(stock, Stock):
        return
    if all(equation.rate is None for equation in stock.equations):
        yield from _pipes(stock, (*stock.inflows, *stock.outflows), by_ident)
    if (belt := stock.conveyor) is not None:
        yield Requirement("belt", stock, belt.length, None, 1)
        if belt.capacity is not None:
            yield Requirement("belt", stock, belt.capacity, stock.ident)
        if belt.in_limit is not None:
            yield Requirement("belt", stock, belt.in_limit, stock.ident, -1)
        for expr in (belt.sample, belt.arrest):
            if expr is not None:
                yield Requirement("belt", stock, expr, None, free=True)
        for name in stock.outflows:
            flow = by_ident.get(canonical(name))
            if isinstance(flow, Flow) and flow.leak is not None:
                power = -1 if belt.exponential else 0
                for equation in flow.equations:
                    yield from (Requirement("leak", flow, expr, None, power) for expr in _values(equation))


def _pipes(stock: Stock, names: Iterable[str], by_ident: dict[Ident, Variable]) -> Iterator[Requirement]:
    for name in names:
        flow = by_ident.get(canonical(name))
        if flow is not None:
            yield Requirement("flow", flow, Reference(flow.name, span=flow.span), stock.ident, -1)
