"""Subscripts: which element of a symbol a reference means, in terms of the loops around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..errors import PenstockError, error
from ..expr import Expr, Reference, Subscript, walk
from ..model import Ident, canonical
from ..place import Span
from .declare import did_you_mean
from .symbols import Axis, Dim, Symbol, Symbols


@dataclass(frozen=True, slots=True)
class Index:
    """A position along one dimension: `positions[counter]`, or the only position where `counter` is empty."""

    counter: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counter:
    """A loop over the elements of a dimension; `name` is the loop's i32 local."""

    name: str
    elements: tuple[Ident, ...]


Scope = Mapping[Ident, Counter]
"""The dimensions that loops run over where an expression stands."""


def scope_of(axes: tuple[Axis, ...], symbols: Symbols) -> dict[Ident, Counter]:
    """The loops of an equation, outermost first."""
    return {
        axis.dim: Counter(f"i{level}", axis.elements)
        for level, axis in enumerate(axes)
        if axis.dim is not None
    }


def indices(reference: Reference, symbol: Symbol, scope: Scope, symbols: Symbols) -> tuple[Index, ...]:
    """Where along each dimension of `symbol` the reference points. Raises PEN207, PEN211, PEN401."""
    subscripts = reference.subscripts
    if not subscripts and symbol.dims:  # a bare name inside loops over the same dimensions
        subscripts = tuple(Subscript(dim, span=reference.span) for dim in symbol.dims)
        if not all(dim in scope for dim in symbol.dims):
            raise _wrong_count(reference, symbol, 0)
    if len(subscripts) != len(symbol.dims):
        raise _wrong_count(reference, symbol, len(subscripts))
    return tuple(
        _index(subscript, symbols.dims[dim], scope, symbols, reference.span)
        for subscript, dim in zip(subscripts, symbol.dims, strict=True)
    )


def _wrong_count(reference: Reference, symbol: Symbol, found: int) -> PenstockError:
    advice = f"Write {symbol.name}[{', '.join(symbol.dims)}]." if symbol.dims else "Remove the subscripts."
    return error(
        "PEN207",
        reference.span,
        name=symbol.name,
        found=found or "no",
        expected=len(symbol.dims) or "none",
        advice=advice,
    )


def _index(subscript: Subscript, dim: Dim, scope: Scope, symbols: Symbols, span: Span) -> Index:
    if subscript.index is not None:
        raise error(
            "PEN401",
            span,
            construct="a computed subscript",
            advice="Use the name of an element or a dimension.",
        )
    ident = dim.ident if subscript.name == "*" else canonical(subscript.name)
    if ident in dim.elements and ident not in scope:
        return Index("", (dim.elements.index(ident),))
    for counter in _counters(ident, scope, symbols):
        found = [symbols.dimensions.corresponding(element, dim) for element in counter.elements]
        if None not in found:
            return Index(
                counter.name, tuple(dim.elements.index(element) for element in found if element is not None)
            )
    if ident in symbols.dims:
        advice = f"{subscript.name} is a dimension the equation does not run over; name an element, or sum over it."
    else:
        advice = did_you_mean(
            subscript.name, dim.names, f"Elements of {dim.name} are {', '.join(dim.names[:8])}."
        )
    raise error("PEN211", span, name=subscript.name, advice=advice)


def _counters(ident: Ident, scope: Scope, symbols: Symbols) -> Iterator[Counter]:
    """The loop over a dimension; where there is none, those whose elements a mapping ties to its elements."""
    if ident in scope:
        yield scope[ident]
    elif ident in symbols.dims:
        wanted = symbols.dims[ident]
        for counter in scope.values():
            through = [symbols.dimensions.corresponding(element, wanted) for element in counter.elements]
            if None not in through:
                yield Counter(counter.name, tuple(element for element in through if element is not None))


def reduced(argument: Expr, scope: Scope, symbols: Symbols) -> dict[Ident, Counter]:
    """The loops that a reduction adds: dimensions marked ``!`` or ``*``, and those of bare array names."""
    found: dict[Ident, Counter] = {}
    for dim in _reduced_dims(argument, scope, symbols):
        if dim in symbols.dims and dim not in found:
            found[dim] = Counter(f"j{len(scope) + len(found)}", symbols.dims[dim].elements)
    return found


def _reduced_dims(argument: Expr, scope: Scope, symbols: Symbols) -> Iterator[Ident]:
    for node in walk(argument):
        if not isinstance(node, Reference):
            continue
        symbol = symbols.by_ident.get(canonical(node.name))
        if symbol is None:
            continue
        if not node.subscripts:
            yield from symbol.dims
        for position, subscript in enumerate(node.subscripts[: len(symbol.dims)]):
            if subscript.name == "*":
                yield symbol.dims[position]
            elif subscript.reduced or (
                canonical(subscript.name) in symbols.dims and canonical(subscript.name) not in scope
            ):
                yield canonical(subscript.name)
