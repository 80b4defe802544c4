"""Subscripts: which element of a symbol a reference means, in terms of the loops around it.

Loops have keys. That of an equation is the dimension on its left; where a dimension stands there twice, the
second one's key is marked with its number. Reductions run over dimensions marked ``!`` and over stars, with
keys of their own, so that ``SUM(x[dim, dim!])`` has two loops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..builtins import BUILTINS
from ..errors import PenstockError, error
from ..expr import Binary, Call, Expr, Number, Reference, Subscript, Unary, children
from ..model import Ident, canonical
from ..place import Span
from .declare import did_you_mean
from .symbols import Axis, Dim, Symbol, Symbols


@dataclass(frozen=True, slots=True)
class Index:
    """A position along one dimension: `positions[counter]`, or the only position where `counter` is empty.

    A position of -1 lies outside. Where `computed` is given, it is the position while the model runs, counting
    from 1, and `positions` are all that it may be.
    """

    counter: str
    positions: tuple[int, ...]
    computed: Expr | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """A loop over the elements of a dimension; `name` is the loop's i32 local."""

    name: str
    elements: tuple[Ident, ...]
    dim: Ident


Scope = Mapping[Ident, Counter]
"""The loops that run where an expression stands, by key."""


def scope_of(axes: tuple[Axis, ...], symbols: Symbols) -> dict[Ident, Counter]:
    """The loops of an equation, outermost first."""
    scope: dict[Ident, Counter] = {}
    for level, axis in enumerate(axes):
        if axis.dim is not None:
            key, number = axis.dim, 1
            while key in scope:
                number += 1
                key = _again(axis.dim, number)
            scope[key] = Counter(f"i{level}", axis.elements, plain(axis.dim))
    return scope


# --- keys


@lru_cache(maxsize=1 << 12)
def _again(dim: Ident, number: int) -> Ident:
    return Ident(f"#{number}#{dim}")


@lru_cache(maxsize=1 << 12)
def _marked(dim: Ident) -> Ident:
    return Ident(f"!#{dim}")


@lru_cache(maxsize=1 << 12)
def _star(dim: Ident, number: int) -> Ident:
    return Ident(f"*{number}#{dim}")


@lru_cache(maxsize=1 << 12)
def plain(key: Ident) -> Ident:
    """The dimension of a key."""
    return Ident(key.rpartition("#")[2]) if key[:1] in "!*#" else key


def subscript_of(key: Ident) -> Subscript:
    """The subscript that refers to a loop, where the key's number is that of its place in the reference."""
    if key[:1] == "*":
        return Subscript("*")
    return Subscript(plain(key), reduced=key[:1] == "!")


def _keys(subscripts: tuple[Subscript, ...], symbol: Symbol) -> list[tuple[Ident, ...]]:
    """For each subscript the keys that it may mean, the first that is there counts."""
    found: list[tuple[Ident, ...]] = []
    seen: dict[Ident, int] = {}
    for subscript, dim in zip(subscripts, symbol.dims, strict=True):
        if subscript.index is not None:
            found.append(())
            continue
        if subscript.name in ("", "*"):
            number = seen[_star(dim, 0)] = seen.get(_star(dim, 0), 0) + 1
            again = dim if number == 1 else _again(dim, number)
            found.append((_star(dim, number), again))
            continue
        ident = canonical(subscript.name)
        if subscript.reduced:
            found.append((_marked(ident),))
            continue
        number = seen[ident] = seen.get(ident, 0) + 1
        found.append((ident if number == 1 else _again(ident, number), _star(ident, number), ident))
    return found


# --- references


def indices(reference: Reference, symbol: Symbol, scope: Scope, symbols: Symbols) -> tuple[Index, ...]:
    """Where along each dimension of `symbol` the reference points. Raises PEN207, PEN211, PEN401."""
    subscripts = reference.subscripts
    if not subscripts and symbol.dims:  # a bare name inside loops over the same dimensions
        subscripts = _implied(symbol, scope, symbols)
        if not subscripts:
            raise _wrong_count(reference, symbol, 0, symbols)
    if len(subscripts) != len(symbol.dims):
        raise _wrong_count(reference, symbol, len(subscripts), symbols)
    _require_clear(subscripts, scope, reference.span)
    return tuple(
        _index(subscript, keys, symbols.dims[dim], scope, symbols, reference.span)
        for subscript, keys, dim in zip(subscripts, _keys(subscripts, symbol), symbol.dims, strict=True)
    )


def _implied(symbol: Symbol, scope: Scope, symbols: Symbols) -> tuple[Subscript, ...]:
    """The subscripts of an array's bare name: the loops over its dimensions, or over ones that stand for them."""
    bare = tuple(Subscript() for _ in symbol.dims)
    if all(any(key in scope for key in keys) for keys in _keys(bare, symbol)):
        return bare
    if all(_is_mapped(dim, scope, symbols) for dim in symbol.dims):
        return tuple(map(Subscript, symbol.dims))
    return ()


def _require_clear(subscripts: tuple[Subscript, ...], scope: Scope, span: Span) -> None:
    """Refuse a dimension written once where the equation runs over it twice."""
    names = [canonical(item.name) for item in subscripts if item.name and not item.reduced]
    for name in names:
        if _again(name, 2) in scope and names.count(name) == 1:
            advice = "Declare a second dimension with the same elements, and use it for one of the two."
            construct = f"the subscript {name} in an equation that runs over it twice"
            raise error("PEN401", span, construct=construct, advice=advice)


def _wrong_count(reference: Reference, symbol: Symbol, found: int, symbols: Symbols) -> PenstockError:
    names = ", ".join(symbols.dims[dim].name for dim in symbol.dims)
    advice = f"Write {symbol.name}[{names}]." if names else "Remove the subscripts."
    return error(
        "PEN207",
        reference.span,
        name=symbol.name,
        found=found or "none",
        expected=_count(len(symbol.dims)),
        advice=advice,
    )


def _count(number: int) -> str:
    return "1 subscript" if number == 1 else f"{number or 'no'} subscripts"


def _index(
    subscript: Subscript, keys: tuple[Ident, ...], dim: Dim, scope: Scope, symbols: Symbols, span: Span
) -> Index:
    if subscript.index is not None:
        return _computed(subscript.index, dim, scope, symbols)
    for key in keys:
        if key in scope:
            index = _along(scope[key], dim, symbols)
            if index is not None:
                return index
    ident = _element(canonical(subscript.name), symbols)
    if ident in dim.places and not subscript.reduced:
        return Index("", (dim.places[ident],))
    if ident in symbols.dims and not subscript.reduced:
        found = list(dict.fromkeys(_mapped(ident, dim, scope, symbols)))
        if len(found) == 1:
            return found[0]
        if found:
            advice = "Name the dimension that is meant."
            construct = f"the subscript {subscript.name}, which is mapped to several dimensions here"
            raise error("PEN401", span, construct=construct, advice=advice)
    raise _unknown(subscript, dim, symbols, span)


def _unknown(subscript: Subscript, dim: Dim, symbols: Symbols, span: Span) -> PenstockError:
    if subscript.reduced or subscript.name == "*":
        mark = f"{subscript.name}!" if subscript.reduced else "*"
        advice = f"A subscript {mark} belongs inside a function that runs over the elements, such as SUM."
    elif canonical(subscript.name) in symbols.dims:
        advice = f"{subscript.name} is a dimension the equation does not run over; name an element, or sum over it."
    else:
        advice = did_you_mean(
            subscript.name, dim.names, f"Elements of {dim.name} are {', '.join(dim.names[:8])}."
        )
    return error("PEN211", span, name=subscript.name, advice=advice)


def _along(counter: Counter, dim: Dim, symbols: Symbols) -> Index | None:
    """The positions in `dim` of a loop's elements, or of those they are mapped to; None where one has none."""
    if counter.elements is dim.elements:
        return Index(counter.name, tuple(range(len(dim.elements))))
    elements: tuple[Ident, ...] | None = counter.elements
    if not all(map(dim.places.__contains__, counter.elements)):
        elements = symbols.dimensions.through(counter.elements, counter.dim, dim)
    return None if elements is None else Index(counter.name, tuple(map(dim.places.__getitem__, elements)))


def _mapped(ident: Ident, dim: Dim, scope: Scope, symbols: Symbols) -> Iterator[Index]:
    """Through loops whose elements a mapping ties to those of a dimension that none runs over.

    A mapping that is declared between the two dimensions comes before one that follows from others.
    """
    wanted = symbols.dims[ident]
    candidates = [counter for key, counter in scope.items() if key[:1] not in "!*"]
    direct = [c for c in candidates if (c.dim, ident) in symbols.dimensions.mapped]
    for counter in direct or candidates:
        elements = symbols.dimensions.through(counter.elements, counter.dim, wanted)
        if elements is not None:
            index = _along(Counter(counter.name, elements, ident), dim, symbols)
            if index is not None:
                yield index


def _element(ident: Ident, symbols: Symbols) -> Ident:
    """An element by its name, or by XMILE's ``dimension.element``."""
    dim, dot, element = ident.partition(".")
    if dot and ident not in symbols.dimensions.elements and dim in symbols.dims:
        return Ident(element) if element in symbols.dims[Ident(dim)].places else ident
    return ident


# --- dimensions and elements as numbers


def number_of(reference: Reference, scope: Scope, symbols: Symbols) -> Index | None:
    """A dimension or an element used as a number; its value is the position, counting from 0.

    An element has its position in the largest dimension that it is part of, whichever subrange is written.
    """
    if reference.subscripts:
        return None
    ident = canonical(reference.name)
    elements = symbols.dimensions.elements
    if ident in scope:
        return _places(scope[ident], ident, symbols)
    if ident in symbols.dims:
        wanted = symbols.dims[ident]
        for counter in scope.values():
            through = symbols.dimensions.through(counter.elements, counter.dim, wanted)
            if through is not None:
                return _places(Counter(counter.name, through, ident), ident, symbols)
    if ident in elements:
        return Index("", (elements[ident][1],))
    dim, dot, element = ident.partition(".")
    if dot and dim in symbols.dims and element in symbols.dims[Ident(dim)].places:
        return Index("", (symbols.dims[Ident(dim)].places[Ident(element)],))
    return None


def _places(counter: Counter, ident: Ident, symbols: Symbols) -> Index:
    whole = symbols.dims[plain(ident)]
    known = symbols.dimensions.elements
    families = {known[element][0] for element in whole.elements if element in known}
    if len(families) == 1:
        family = symbols.dims[families.pop()]
        if len(family.elements) > len(whole.elements):
            whole = family
    return Index(counter.name, tuple(map(whole.places.__getitem__, counter.elements)))


# --- computed subscripts


def _computed(expr: Expr, dim: Dim, scope: Scope, symbols: Symbols) -> Index:
    """A subscript that is an expression, counting from 1: known now, or only while the model runs."""
    found = _known(expr, scope, symbols)
    if found is None:
        return Index("", tuple(range(len(dim.elements))), expr)
    counter, values = found
    places = tuple(int(value) - 1 if 1 <= value < len(dim.elements) + 1 else -1 for value in values)
    return Index(counter, places)


def _known(expr: Expr, scope: Scope, symbols: Symbols) -> tuple[str, tuple[float, ...]] | None:
    """The values of an expression of numbers and at most one loop, by that loop's count; None for others."""
    match expr:
        case Number(value=value):
            return "", (value,)
        case Reference() if canonical(expr.name) not in symbols.by_ident:
            index = number_of(expr, scope, symbols)
            return None if index is None else (index.counter, tuple(p + 1.0 for p in index.positions))
        case Unary(operator="-" | "+" as operator, operand=operand):
            inner = _known(operand, scope, symbols)
            return inner and (inner[0], tuple(-v if operator == "-" else v for v in inner[1]))
        case Binary(operator="+" | "-" | "*" as operator, left=left, right=right):
            a, b = _known(left, scope, symbols), _known(right, scope, symbols)
            if a is None or b is None or (a[0] and b[0] and a[0] != b[0]):
                return None
            length = max(len(a[1]), len(b[1]))
            pairs = zip(_spread(a[1], length), _spread(b[1], length), strict=True)
            return a[0] or b[0], tuple(_ARITHMETIC[operator](x, y) for x, y in pairs)
    return None


_ARITHMETIC = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
}


def _spread(values: tuple[float, ...], length: int) -> tuple[float, ...]:
    return values if len(values) == length else values * length


# --- reductions


def reduced(argument: Expr, scope: Scope, symbols: Symbols) -> dict[Ident, Counter]:
    """The loops that a reduction adds: dimensions marked ``!`` or ``*``, and those of bare array names."""
    found: dict[Ident, Counter] = {}
    first = sum(counter.name.startswith("j") for counter in scope.values())
    for key in reduced_keys(argument, scope, symbols):
        dim = plain(key)
        if dim in symbols.dims and key not in found:
            found[key] = Counter(f"j{first + len(found)}", symbols.dims[dim].elements, dim)
    return found


def reduced_keys(argument: Expr, scope: Scope, symbols: Symbols, *, bare: bool = True) -> Iterator[Ident]:
    """The keys of the loops that an expression needs a reduction around it for.

    With `bare`, names of arrays without subscripts stand for all their elements, and dimensions that no loop
    runs over for all of theirs.
    """
    stack = [argument]
    while stack:
        node = stack.pop()
        if isinstance(node, Call) and node.function in BUILTINS and BUILTINS[node.function].reduces:
            continue
        symbol = symbols.by_ident.get(canonical(node.name)) if isinstance(node, Reference) else None
        if isinstance(node, Call) and node.subscripts:
            symbol = symbols.by_ident.get(canonical(node.function))
        if symbol is not None and symbol.dims and isinstance(node, (Call, Reference)):
            for marked, key in _reference_keys(node.subscripts, symbol, scope, symbols):
                if marked or bare:
                    yield key
        stack.extend(reversed(children(node)))


def _reference_keys(
    subscripts: tuple[Subscript, ...], symbol: Symbol, scope: Scope, symbols: Symbols
) -> Iterator[tuple[bool, Ident]]:
    """The keys of one reference's subscripts that loops are needed for, and whether each is marked so."""
    written = bool(subscripts)
    subscripts = subscripts or tuple(Subscript("*") for _ in symbol.dims)
    if len(subscripts) != len(symbol.dims):
        return
    for subscript, keys in zip(subscripts, _keys(subscripts, symbol), strict=True):
        ident = canonical(subscript.name)
        if subscript.index is not None:
            continue
        if subscript.name == "*" or subscript.reduced:
            yield written, keys[0]
        elif ident in symbols.dims and ident not in scope and not _is_mapped(ident, scope, symbols):
            yield False, keys[1]


def _is_mapped(ident: Ident, scope: Scope, symbols: Symbols) -> bool:
    """Whether some loop stands for a dimension that none runs over."""
    return next(_mapped(ident, symbols.dims[ident], scope, symbols), None) is not None
