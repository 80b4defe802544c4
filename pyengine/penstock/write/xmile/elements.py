"""Array equations as XMILE has them: one for a whole variable, or one for each element.

Vensim's equations for parts of an array, for subranges, with exceptions, with lists of values and over mapped
dimensions become equations for elements, in which the names of ranges are replaced by those of elements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from ...expr import ArrayLiteral, Call, Expr, Reference, Subscript, rewrite, walk
from ...model import Equation, Ident, Variable, canonical
from ...passes.dimensions import Dimensions
from ...passes.symbols import Dim


@dataclass(frozen=True, slots=True)
class Shaped:
    """A variable's equations: `dims` by name, and either one equation for all elements, or equations whose subscripts
    are elements. `spelled_out` where they were made from others."""

    dims: tuple[str, ...]
    equations: tuple[Equation, ...]
    spelled_out: bool = False

    @property
    def is_whole(self) -> bool:
        return len(self.equations) == 1 and self.equations[0].subscripts in ((), self.dims)


def shaped(variable: Variable, dimensions: Dimensions) -> Shaped:
    """Equations for XMILE: as they are where dimensions are missing, none where there would be too many."""
    dims = variable.dims or _dims(variable, dimensions)
    equations = variable.equations
    own = [dimensions.dims.get(canonical(name)) for name in dims]
    known = [dim for dim in own if dim is not None]
    is_array = bool(variable.dims) or any(equation.subscripts for equation in equations)
    if is_array and (len(known) < len(dims) or not dims):
        dims = variable.dims or (equations[0].subscripts if len(equations) == 1 else ())
        return Shaped(dims, () if any(equation.exceptions for equation in equations) else equations)
    if not is_array or _fits(variable, dims, dimensions):
        return Shaped(dims, equations)
    if len(equations) * prod(len(dim.elements) for dim in known) > _MOST:
        return Shaped(dims, ())
    parts = tuple(part for equation in equations for part in _elements(equation, known, dimensions))
    return Shaped(dims, parts, spelled_out=True)


_MOST = 100_000
"""Elements times equations of a variable that are spelled out."""


def _dims(variable: Variable, dimensions: Dimensions) -> tuple[str, ...]:
    """The dimensions that hold all subscripts of the equations, the smallest if there are several."""
    columns = zip(*(equation.subscripts for equation in variable.equations), strict=False)
    found = [_smallest(frozenset(map(canonical, column)), dimensions) for column in columns]
    return () if None in found else tuple(dim.name for dim in found if dim is not None)


def _smallest(names: frozenset[Ident], dimensions: Dimensions) -> Dim | None:
    if len(names) == 1 and (only := next(iter(names))) in dimensions.dims:
        return dimensions.dims[only]
    needed: set[Ident] = set()
    for name in names:
        needed |= set(dimensions.dims[name].elements) if name in dimensions.dims else {name}
    holding = [dim for dim in dimensions.dims.values() if needed <= set(dim.elements)]
    return min(holding, key=lambda dim: len(dim.elements), default=None)


def _fits(variable: Variable, dims: tuple[str, ...], dimensions: Dimensions) -> bool:
    """Whether the equations are of XMILE's kinds already."""
    wanted = tuple(map(canonical, dims))
    if any(equation.exceptions for equation in variable.equations):
        return False
    if len(variable.equations) == 1:
        (equation,) = variable.equations
        if tuple(map(canonical, equation.subscripts)) in ((), wanted):
            # Formats that name a variable's dimensions have lists of values too.
            return bool(variable.dims) or not _needs_elements(equation, frozenset(wanted), dimensions)
    return all(
        canonical(name) not in dimensions.dims
        for equation in variable.equations
        for name in equation.subscripts
    ) and not any(isinstance(equation.expr, ArrayLiteral) for equation in variable.equations)


def _needs_elements(equation: Equation, wanted: frozenset[Ident], dimensions: Dimensions) -> bool:
    """Whether an equation has a list of values, or names of ranges that it does not itself run over."""
    return any(
        isinstance(node, ArrayLiteral) or _running(node, dimensions) - wanted
        for expr in (equation.expr, equation.rate, equation.initial)
        if expr is not None
        for node in walk(expr)
    )


def _running(node: Expr, dimensions: Dimensions) -> set[Ident]:
    """The ranges that a reference has as subscripts."""
    subscripts = node.subscripts if isinstance(node, (Reference, Call)) else ()
    names = {canonical(item.name) for item in subscripts if item.index is None and not item.reduced}
    return names & dimensions.dims.keys()


def _elements(equation: Equation, own: list[Dim], dimensions: Dimensions) -> Iterator[Equation]:
    """An equation for each element that the equation is for, in row-major order."""
    names = equation.subscripts or tuple(dim.name for dim in own)
    left_out = {cell for written in equation.exceptions for cell in product(*_ranges(written, dimensions))}
    for place, cell in enumerate(product(*_ranges(names, dimensions))):
        if cell in left_out:
            continue
        within = {
            canonical(name): (element, canonical(name))
            for name, element in zip(names, cell, strict=True)
            if canonical(name) in dimensions.dims
        }
        spelled = tuple(
            next(
                (name for ident, name in zip(dim.elements, dim.names, strict=True) if ident == element),
                element,
            )
            for dim, element in zip(own, cell, strict=True)
        )
        expr, rate, initial = (
            None if value is None else _at(value, place, within, dimensions)
            for value in (equation.expr, equation.rate, equation.initial)
        )
        yield replace(equation, subscripts=spelled, exceptions=(), expr=expr, rate=rate, initial=initial)


def _ranges(names: tuple[str, ...], dimensions: Dimensions) -> list[tuple[Ident, ...]]:
    idents = map(canonical, names)
    return [dimensions.dims[ident].elements if ident in dimensions.dims else (ident,) for ident in idents]


def _at(expr: Expr, place: int, within: Mapping[Ident, tuple[Ident, Ident]], dimensions: Dimensions) -> Expr:
    """The expression at one element: the value of a list, and elements for ranges."""
    if isinstance(expr, ArrayLiteral):
        expr = expr.elements[place] if place < len(expr.elements) else expr

    def change(node: Expr) -> Expr:
        if not isinstance(node, (Reference, Call)) or not node.subscripts:
            return node
        subscripts = (_element(item, within, dimensions) for item in node.subscripts)
        return replace(node, subscripts=tuple(subscripts))

    return rewrite(expr, change)


def _element(
    item: Subscript, within: Mapping[Ident, tuple[Ident, Ident]], dimensions: Dimensions
) -> Subscript:
    """A subscript with the element that a range means, itself or through a mapping."""
    dim = dimensions.dims.get(canonical(item.name)) if item.index is None and not item.reduced else None
    if dim is None:
        return item
    if dim.ident in within:
        return replace(item, name=_spelled(within[dim.ident][0], dimensions))
    found = [dimensions.through((element,), source, dim) for element, source in within.values()]
    meant = [elements[0] for elements in found if elements]
    return replace(item, name=_spelled(meant[0], dimensions)) if len(meant) == 1 else item


def _spelled(element: Ident, dimensions: Dimensions) -> str:
    dim, place = dimensions.elements[element]
    return dimensions.dims[dim].names[place]
