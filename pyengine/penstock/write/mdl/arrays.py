"""Arrays as Vensim writes them: with subscripts wherever they are named, none by a bare name or a star."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...builtins import BUILTINS
from ...expr import Call, Expr, Reference, Subscript, indices, rewrite_from, walk
from ...model import Dimension, Equation, Ident, Model, Stock, Variable, canonical
from ..losses import Losses

Names = tuple[str, ...]


class Arrays:
    """The dimensions of a model's arrays, by identifier."""

    def __init__(self, model: Model, losses: Losses) -> None:
        self.losses = losses
        self.ranges = {canonical(item.name): item for item in model.dimensions}
        self.dims = {item.ident: dims for item in model.variables if (dims := item.dims or self._dims(item))}

    def _dims(self, variable: Variable) -> Names:
        """The smallest dimensions that hold the subscripts of all equations; none where there are no such."""
        columns = zip(*(equation.subscripts for equation in variable.equations), strict=False)
        found = tuple(map(self._smallest, columns))
        return found if all(found) else ()

    def _smallest(self, column: Names) -> str:
        wanted = {element for name in column for element in self._elements(name)}
        same = next((name for name in column if canonical(name) in self.ranges), "")
        if set(self._elements(same)) == wanted:
            return same
        holding = [item for item in self.ranges.values() if wanted <= set(self._elements(item.name))]
        return min(holding, key=lambda item: len(item.elements), default=Dimension("", ())).name

    def _elements(self, name: str) -> Iterator[Ident]:
        """What a name stands for: the elements of a range and those within it, or itself."""
        waiting, seen = [canonical(name)], set()
        while waiting:
            ident = waiting.pop()
            found = self.ranges.get(ident)
            if found is None:
                yield ident
            elif ident not in seen:
                seen.add(ident)
                waiting += map(canonical, found.elements or (found.same_as,))

    def rate(self, stock: Stock, equation: Equation) -> Expr:
        """The net flow of a stock as an expression."""
        return equation.rate or self.explicit(stock.net_flow(span=equation.span), equation)

    def explicit(self, expr: Expr, equation: Equation, declared: Names = ()) -> Expr:
        """An expression of an equation with the subscripts that it leaves to be understood."""
        subscripts = equation.subscripts or declared
        loops = {canonical(name): name for name in subscripts}
        loops |= dict(zip(map(canonical, declared), subscripts, strict=False))
        for name in subscripts:
            loops |= {ident: name for ident in self.ranges if ident not in loops and self._is_in(name, ident)}
        return rewrite_from(expr, _Change(self, loops, _reduced(expr)))

    def _is_in(self, element: str, ident: Ident) -> bool:
        return canonical(element) not in self.ranges and canonical(element) in self._elements(ident)


class _Change:
    """What is done to the nodes of an expression; `loops` has what stands for a dimension, by its identifier."""

    def __init__(self, arrays: Arrays, loops: Mapping[Ident, str], reduced: set[int]) -> None:
        self.arrays = arrays
        self.loops = loops
        self.reduced = reduced

    def __call__(self, before: Expr, after: Expr) -> Expr:
        if not isinstance(after, Reference):
            return after
        if indices(after.subscripts):
            what = f"a subscript of {after.name} that is computed"
            self.arrays.losses.written_as(what, "an expression", after.span)
        dims = self.arrays.dims.get(canonical(after.name), ())
        inside = id(before) in self.reduced
        if not after.subscripts:
            return replace(after, subscripts=tuple(self._of_bare(dim, inside) for dim in dims))
        if len(dims) != len(after.subscripts):
            return after
        pairs = zip(after.subscripts, dims, strict=True)
        return replace(after, subscripts=tuple(self._of(item, dim, inside) for item, dim in pairs))

    def _of_bare(self, dim: str, inside: bool) -> Subscript:
        if inside:
            return Subscript(dim, reduced=True)
        return Subscript(self.loops.get(canonical(dim), dim))

    def _of(self, item: Subscript, dim: str, inside: bool) -> Subscript:
        """Stars, and in sums dimensions that the equation does not run over, are written with an exclamation mark."""
        ident = canonical(item.name)
        if item.name == "*":
            return Subscript(dim, reduced=True)
        if inside and ident in self.arrays.ranges and ident not in self.loops:
            return replace(item, reduced=True)
        return item


def _reduced(expr: Expr) -> set[int]:
    """The nodes inside of sums and their like, by identity."""
    return {
        id(part)
        for node in walk(expr)
        if isinstance(node, Call) and node.function in BUILTINS and BUILTINS[node.function].reduces
        for argument in node.arguments
        for part in walk(argument)
    }


def with_subscripts(model: Model, losses: Losses) -> Model:
    """The same model with the subscripts that it leaves to be understood."""
    arrays = Arrays(model, losses)
    if any(item.dims for item in model.variables):
        losses.written_as("the dimensions that variables declare", "subscripts of their equations")
    return replace(model, variables=tuple(_variable(item, arrays) for item in model.variables))


def _variable(variable: Variable, arrays: Arrays) -> Variable:
    def explicit(expr: Expr | None, equation: Equation) -> Expr | None:
        found = expr and arrays.explicit(expr, equation, variable.dims)
        if found != expr:
            arrays.losses.written_as(f"arrays without subscripts in {variable.name}", "arrays with them")
        return found

    found = (
        replace(
            item,
            subscripts=item.subscripts or variable.dims,
            expr=explicit(item.expr, item),
            rate=explicit(item.rate, item),
            initial=explicit(item.initial, item),
        )
        for item in variable.equations
    )
    return replace(variable, equations=tuple(found), dims=())
