"""Pass 4: references. Checks that every name means something that may stand where it stands."""

from __future__ import annotations

from collections.abc import Container, Iterator

from ..builtins import BUILTINS
from ..builtins.time import CLOCK_SPELLINGS
from ..changing import replace
from ..errors import Diagnostic, PenstockError, finding, raise_if_any
from ..expr import ArrayLiteral, Call, Expr, Reference, children
from ..model import Ident, canonical
from .declare import unknown
from .memo import Memo, Watched
from .subscripts import Scope, indices, number_of, reduced, scope_of
from .symbols import Part, Role, Symbol, Symbols


def resolve(
    symbols: Symbols, known: Container[Ident] = (), memo: Memo[Symbol, None] | None = None
) -> Symbols:
    """The same symbols, every reference in them sound; those `known` are. Raises every finding at once."""
    memo = memo or Memo()
    memo.renew(symbols.by_ident, symbols.dimensions)
    findings: list[Diagnostic] = []
    for symbol in (item for ident, item in symbols.by_ident.items() if ident not in known):

        def check(table: Watched[Symbol], symbol: Symbol = symbol) -> None:
            seen = replace(symbols, by_ident=table)
            for part in symbol.parts:
                for expr in expressions(part):
                    findings.extend(_findings(expr, scope_of(part.axes, seen), seen))

        memo.result(symbol.ident, symbol.ident, check, findings)
    raise_if_any(dict.fromkeys(findings))
    return symbols


def expressions(part: Part) -> Iterator[Expr]:
    for expr in (part.expr, part.rate, part.following, part.initial):
        if expr is not None:
            yield expr


def target(reference: Reference, symbols: Symbols) -> Symbol | None:
    """The symbol that a name stands for; the clock answers to all its spellings, unless a model uses them."""
    ident = canonical(reference.name)
    return symbols.by_ident.get(ident) or symbols.by_ident.get(CLOCK_SPELLINGS.get(ident, ident))


def occurrences(root: Expr, outer: Scope, symbols: Symbols) -> Iterator[tuple[Expr, Scope]]:
    """An expression and all below it, each with the loops that run there."""
    stack = [(root, outer)]
    while stack:
        expr, scope = stack.pop()
        yield expr, scope
        if isinstance(expr, Call) and expr.function in BUILTINS and BUILTINS[expr.function].reduces:
            scope = {**scope, **reduced(expr.arguments[0], scope, symbols)}
        stack.extend((child, scope) for child in reversed(children(expr)))


def _findings(root: Expr, outer: Scope, symbols: Symbols) -> Iterator[Diagnostic]:
    for expr, scope in occurrences(root, outer, symbols):
        if isinstance(expr, Reference):
            yield from _reference(expr, scope, symbols)
        elif isinstance(expr, ArrayLiteral):
            advice = "A list of values can only be a whole equation of an array."
            yield finding(
                "PEN401", expr.span, construct="a list of values inside an expression", advice=advice
            )
        elif isinstance(expr, Call) and expr.function not in BUILTINS and not expr.stream:
            yield from _lookup(expr, scope, symbols)


def _reference(expr: Reference, scope: Scope, symbols: Symbols) -> Iterator[Diagnostic]:
    symbol = target(expr, symbols)
    if symbol is None:
        if number_of(expr, scope, symbols) is None:
            known = [symbol.name for symbol in symbols.by_ident.values() if not symbol.hidden]
            otherwise = "Add a variable of that name, or correct the spelling."
            yield unknown("PEN201", expr.name, known, expr.span, otherwise)
        return
    if symbol.role is Role.LOOKUP:
        advice = f"Give it an argument: {symbol.name}(x)."
        yield finding("PEN206", expr.span, name=symbol.name, kind="lookup", wanted="value", advice=advice)
        return
    try:
        indices(expr, symbol, scope, symbols)
    except PenstockError as problem:
        yield from problem.diagnostics


def _lookup(expr: Call, scope: Scope, symbols: Symbols) -> Iterator[Diagnostic]:
    """A lookup's subscripts are those of an array; all its elements have points of the same kind."""
    symbol = symbols.by_ident[canonical(expr.function)]
    kinds = {part.points.kind for part in symbol.parts if part.points is not None}
    if len(kinds) > 1:
        construct = f"the lookup {symbol.name}, whose elements have points of different types,"
        advice = "Give all its elements the same type."
        yield finding("PEN401", expr.span, construct=construct, advice=advice)
    try:
        indices(Reference(symbol.name, expr.subscripts, expr.span), symbol, scope, symbols)
    except PenstockError as problem:
        yield from problem.diagnostics


def references(root: Expr, symbols: Symbols) -> Iterator[Symbol]:
    """The symbols with a value that an expression names."""
    stack = [root]
    while stack:
        expr = stack.pop()
        if isinstance(expr, Reference) and (symbol := target(expr, symbols)) is not None:
            yield symbol
        stack.extend(children(expr))
