"""References to elements of arrays that no equation gives a value to: they are NaN, and so is what uses them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

from ..compiler import Compiled
from ..errors import Diagnostic, finding
from ..expr import Reference
from ..model import Ident
from ..passes.resolve import expressions, occurrences, target
from ..passes.subscripts import Index, indices, scope_of
from ..passes.symbols import Symbol, Symbols


def gaps(compiled: Compiled) -> list[Diagnostic]:
    """One finding for each reference; where only a run decides which element is meant, none."""
    symbols = compiled.schedule.symbols
    partial = {
        ident: _given(symbol) for ident, symbol in symbols.by_ident.items() if _is_partial(symbol, symbols)
    }
    return list(dict.fromkeys(_findings(partial, symbols))) if partial else []


def _is_partial(symbol: Symbol, symbols: Symbols) -> bool:
    if any(part.kernel is not None for part in symbol.parts):
        return False
    return sum(prod(len(axis.positions) for axis in part.axes) for part in symbol.parts) < symbols.size(
        symbol
    )


def _given(symbol: Symbol) -> set[tuple[int, ...]]:
    """The places of a symbol's elements that have an equation."""
    return {place for part in symbol.parts for place in product(*(axis.positions for axis in part.axes))}


def _findings(partial: dict[Ident, set[tuple[int, ...]]], symbols: Symbols) -> Iterator[Diagnostic]:
    for owner in symbols.by_ident.values():
        for part in owner.parts:
            for root in expressions(part):
                for expr, scope in occurrences(root, scope_of(part.axes, symbols), symbols):
                    symbol = target(expr, symbols) if isinstance(expr, Reference) else None
                    if isinstance(expr, Reference) and symbol is not None and symbol.ident in partial:
                        found = indices(expr, symbol, scope, symbols)
                        element = _gap(found, symbol, partial[symbol.ident], symbols)
                        if element is not None:
                            yield finding("PEN214", expr.span, name=symbol.name, element=element)


def _gap(
    found: tuple[Index, ...], symbol: Symbol, given: set[tuple[int, ...]], symbols: Symbols
) -> str | None:
    """The first element without an equation among those that a reference means."""
    if any(index.computed is not None for index in found):
        return None
    lengths = {index.counter: len(index.positions) for index in found}
    for places in product(*map(range, lengths.values())):
        at = dict(zip(lengths, places, strict=True))
        element = tuple(index.positions[at[index.counter]] for index in found)
        if min(element) >= 0 and element not in given:
            names = (symbols.dims[dim].names[place] for dim, place in zip(symbol.dims, element, strict=True))
            return ", ".join(names)
    return None
