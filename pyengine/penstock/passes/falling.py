"""What a model loses together with some of its variables: all that could mean something else without them.

That is what names them; the stocks that a missing flow fills or drains; where a stock limits its flows, these with
the stock and with all others on them; random draws, without the model's own noise seed; and the shapes of arrays
that follow from the dimensions there are, without one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..builtins import BUILTINS
from ..expr import Call, Expr, Reference, walk
from ..model import Ident, Model, Stock, Variable, canonical
from .renaming import expressions_of

_NOISE_SEED = canonical("noise seed")


def falling(
    flat: Model, roots: Iterable[Ident], lost_dimensions: set[Ident]
) -> dict[Ident, tuple[Ident, ...]]:
    """Every variable that goes, the roots first, each with a shortest way from what it needs to a root, both
    included; empty for a root itself."""
    users: dict[Ident, list[Ident]] = {}
    there = {item.ident for item in flat.variables}
    for user, needed in _needs(flat, lost_dimensions):
        users.setdefault(needed, []).append(user)
    paths: dict[Ident, tuple[Ident, ...]] = dict.fromkeys(roots, ())
    waiting = list(paths)
    for here in waiting:
        for user in users.get(here, ()):
            if user in there and user not in paths:
                paths[user] = (here, *paths[here])
                waiting.append(user)
    return paths


def names_in(expr: Expr) -> set[Ident]:
    """All that an expression names: variables, functions, dimensions and elements."""
    found: set[Ident] = set()
    for node in walk(expr):
        if isinstance(node, Reference | Call):
            found.add(canonical(node.name if isinstance(node, Reference) else node.function))
            found.update(canonical(item.name) for item in node.subscripts)
        if isinstance(node, Call) and node.function in BUILTINS and BUILTINS[node.function].random:
            found.add(_NOISE_SEED)
    return found


def _needs(flat: Model, lost_dimensions: set[Ident]) -> Iterator[tuple[Ident, Ident]]:
    """Pairs of a variable and a name that it needs."""
    stocks = [item for item in flat.variables if isinstance(item, Stock)]
    limited = {flow for stock in stocks if _limits(stock) for flow in _flows(stock)}
    ranges = {item.ident for item in flat.dimensions}
    for variable in flat.variables:
        for expr in expressions_of(variable):
            yield from ((variable.ident, name) for name in names_in(expr))
        for name in _subscripts(variable):
            yield variable.ident, canonical(name)
            if not variable.dims and canonical(name) not in ranges:
                yield from ((variable.ident, dim) for dim in lost_dimensions)
    for stock in stocks:
        for flow in _flows(stock):
            yield stock.ident, flow
            if flow in limited:
                yield flow, stock.ident


def _flows(stock: Stock) -> tuple[Ident, ...]:
    return tuple(map(canonical, (*stock.inflows, *stock.outflows)))


def _limits(stock: Stock) -> bool:
    return stock.non_negative or stock.queue or stock.conveyor is not None


def _subscripts(variable: Variable) -> set[str]:
    found = set(variable.dims)
    for equation in variable.equations:
        found.update(equation.subscripts, *equation.exceptions)
    return found
