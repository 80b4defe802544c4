"""What rows of built-ins ask about arrays while they expand: loops, vectors, and values over them.

`Expansion` in `builtins.table` says what each function is for.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from ..builtins.table import Phase
from ..changing import replace
from ..errors import PenstockError
from ..expr import Expr, Number, Reference, Subscript, rewrite, walk
from ..model import Ident, canonical
from ..place import Span
from .kernels import Kernel
from .subscripts import Counter, indices, number_of, plain, reduced_keys, scope_of, subscript_of
from .symbols import Axis, Dim, Part, Role, Symbol, Symbols


class Arrayed:
    """The part of the `Expansion` interface that is about arrays. A *loop* is named by its key (see `subscripts`)."""

    def __init__(self, symbols: Symbols, symbol: Symbol) -> None:
        self.hidden: dict[Ident, Symbol] = {}
        self.symbols = replace(symbols, by_ident=ChainMap(self.hidden, cast(Any, symbols.by_ident)))
        self.symbol = symbol
        self.axes: tuple[Axis, ...] = ()
        self.number = 0
        self.label = ""

    # --- questions

    def reductions(self, value: Expr, *, bare: bool = True) -> tuple[Ident, ...]:
        return tuple(dict.fromkeys(reduced_keys(value, self._scope(), self.symbols, bare=bare)))

    def is_array(self, value: Expr) -> bool:
        return bool(self.reductions(value, bare=False)) or self._loops(value) is None

    def loops(self, *values: Expr) -> tuple[Ident, ...]:
        extra = {key: None for value in values for key in self._extra(value)}
        used = {key for value in values for key in self._loops(value, tuple(extra)) or ()}
        return tuple(key for key in (*self._scope(), *extra) if key in used)

    def _extra(self, value: Expr) -> tuple[Ident, ...]:
        """Loops besides the equation's, as few as will do."""
        marked = self.reductions(value, bare=False)
        return marked if self._loops(value, marked) is not None else self.reductions(value)

    def vector(self, value: Expr) -> Ident | None:
        for node in walk(value):
            if isinstance(node, Reference) and (symbol := self._array(node)) is not None:
                loops = self.loops(replace(node, subscripts=_last_only(node, symbol)))
                return loops[-1] if loops else None
        return None

    def length(self, loop: Ident) -> int:
        dim = self.symbols.dims.get(plain(loop))  # unknown ones are found by `resolve`
        return 1 if dim is None else len(dim.elements)

    def names_dimension(self, value: Expr) -> Ident | None:
        if (
            not isinstance(value, Reference)
            or value.subscripts
            or canonical(value.name) in self.symbols.by_ident
        ):
            return None
        ident = canonical(value.name)
        return ident if ident in self.symbols.dims else None

    def _scope(self) -> dict[Ident, Counter]:
        return scope_of(self.axes, self.symbols)

    def _array(self, node: Reference) -> Symbol | None:
        symbol = self.symbols.by_ident.get(canonical(node.name))
        return symbol if symbol is not None and symbol.dims else None

    def _loops(self, value: Expr, extra: Sequence[Ident] = ()) -> set[Ident] | None:
        """The loops that references in an expression use; None where one cannot be told in these loops."""
        scope = self._scope() | {
            key: Counter(f"j{at}", self.symbols.dims[plain(key)].elements, plain(key))
            for at, key in enumerate(extra)
        }
        keys = {counter.name: key for key, counter in scope.items()}
        used: set[Ident] = set()
        for node in walk(value):
            if not isinstance(node, Reference):
                continue
            symbol = self.symbols.by_ident.get(canonical(node.name))
            try:
                found = [*indices(node, symbol, scope, self.symbols)] if symbol else []
            except PenstockError:
                return None
            number = number_of(node, scope, self.symbols) if symbol is None else None
            found += [] if number is None else [number]
            used |= {keys[index.counter] for index in found if index.counter}
        return used

    # --- answers

    def array(self, label: str, value: Expr, loops: Sequence[Ident]) -> Reference:
        return self.hide(label, Role.VARYING, lambda _: Part(value, self.over(loops)), self.over(loops))

    def calculated(
        self, label: str, inputs: Mapping[str, Reference], loops: Sequence[Ident], evaluate: Phase
    ) -> Reference:
        kernel = Kernel(inputs, evaluate=evaluate)
        axes = self.over(loops)
        return self.hide(label, Role.VARYING, lambda _: Part(Number(0.0), axes, kernel=kernel), axes)

    def element(self, array: Reference, loops: Sequence[Ident], places: Mapping[Ident, Expr]) -> Reference:
        subscripts = (Subscript(index=places[key]) if key in places else subscript_of(key) for key in loops)
        return Reference(array.name, tuple(subscripts))

    def at_home(self, array: Reference, loops: Sequence[Ident]) -> Expr:
        scope = self._scope()
        subscripts = []
        for key in loops:
            homes = [home for home, counter in scope.items() if counter.dim == plain(key)]
            if key not in scope and len(homes) != 1:
                construct = f"{self.label} of a vector that the equation does not run over"
                return self.refuse(construct, "Name its dimension on the left.")
            subscripts.append(subscript_of(key if key in scope else homes[0]))
        return Reference(array.name, tuple(subscripts))

    def matrix(self, value: Expr) -> tuple[Expr, tuple[Ident, ...], tuple[Ident, ...]] | None:
        scope = tuple(self._scope())
        if isinstance(value, Reference) and self._array(value) is not None:
            written = self.written(value)
            keys = [canonical(item.name) for item in written[-2:]]
            if len(written) < 2 or not all(_runs(item, self.symbols) for item in written[-2:]):
                return None
            if len(set(keys)) < 2 or not set(keys) <= set(scope):
                keys = list(scope[-2:])
            value = replace(value, subscripts=(*written[:-2], Subscript("*"), Subscript("*")))
            ends = tuple(self.reductions(value, bare=False))[-2:]
            outer = tuple(loop for loop in self.loops(value) if loop not in ends)
            return (value, (*outer, *ends), (*outer, *keys)) if len(keys) == len(ends) == 2 else None
        loops = self.loops(value)
        return (value, loops, loops) if len(loops) >= 2 else None

    def is_variable(self, value: Reference) -> bool:
        symbol = self._array(value)
        return symbol is not None and not symbol.hidden

    def written(self, value: Reference) -> tuple[Subscript, ...]:
        symbol = self._array(value)
        assert symbol is not None
        return value.subscripts or tuple(Subscript("*") for _ in symbol.dims)

    def following(self, value: Expr, count: int) -> tuple[Reference, ...] | None:
        symbol = self._array(value) if isinstance(value, Reference) else None
        if symbol is None or not isinstance(value, Reference) or not value.subscripts:
            return None
        dim = self.symbols.dims[symbol.dims[-1]]
        place = dim.places.get(canonical(value.subscripts[-1].name))
        if place is None or place + count > len(dim.elements):
            return None
        names = dim.names[place : place + count]
        return tuple(replace(value, subscripts=(*value.subscripts[:-1], Subscript(name))) for name in names)

    def aligned(self, value: Expr, loop: Ident) -> Expr:
        """Stars over the dimension of a loop of the equation stand for that loop."""

        def change(node: Expr) -> Expr:
            if not isinstance(node, Reference) or (symbol := self._array(node)) is None:
                return node
            subscripts = tuple(
                subscript_of(loop) if item.name == "*" and dim == plain(loop) and loop[:1] != "*" else item
                for item, dim in zip(self.written(node), symbol.dims, strict=False)
            )
            return replace(node, subscripts=subscripts)

        return rewrite(value, change)

    def plain_loop(self, size: int) -> Ident:
        """The key of a hidden dimension of a size."""
        ident = Ident(f"places_to_{size}.")
        names = tuple(Ident(f"{ident}{place}") for place in range(1, size + 1))
        self.symbols.dimensions.dims.setdefault(ident, Dim(ident, f"#{size}", names, names))
        return ident

    def refuse(self, construct: str, advice: str) -> Expr:
        raise NotImplementedError

    def indexed(self, expr: Reference) -> Reference:
        """A reference whose subscripts name variables: those are positions, computed while the model runs."""
        changed = tuple(
            replace(item, name="", index=Reference(item.name, span=expr.span))
            if self._is_position(item)
            else item
            for item in expr.subscripts
        )
        return expr if changed == expr.subscripts else replace(expr, subscripts=changed)

    def _is_position(self, subscript: Subscript) -> bool:
        ident = canonical(subscript.name)
        known = ident in self.symbols.dims or ident in self.symbols.dimensions.elements
        return not known and not subscript.reduced and ident in self.symbols.by_ident

    def over(self, loops: Sequence[Ident]) -> tuple[Axis, ...]:
        """Axes over all elements of the loops' dimensions; unknown ones are found by `resolve`."""
        found = []
        for key in loops:
            if plain(key) not in self.symbols.dims:
                continue
            elements = self.symbols.dims[plain(key)].elements
            found.append(Axis(key, tuple(range(len(elements))), elements))
        return tuple(found)

    def hide(self, label: str, role: Role, part: Callable[[Expr], Part], axes: tuple[Axis, ...]) -> Reference:
        """A hidden symbol over axes, and the reference to it from inside loops over them."""
        name = f"#{self.symbol.name}#{self.number}#{self.label} {label} {len(self.hidden) + 1}"
        keys = [axis.dim for axis in axes if axis.dim is not None]
        here = Reference(name, tuple(map(subscript_of, keys)))
        made = part(here)
        ident = canonical(name)
        dims = tuple(map(plain, keys))
        span: Span = self.symbol.span
        self.hidden[ident] = Symbol(ident, name, "auxiliary", role, (made,), dims, hidden=True, span=span)
        return here


def _runs(subscript: Subscript, symbols: Symbols) -> bool:
    """Whether a subscript is a dimension's name, or a star."""
    return subscript.name == "*" or canonical(subscript.name) in symbols.dims


def _last_only(node: Reference, symbol: Symbol) -> tuple[Subscript, ...]:
    """The reference's subscripts, all but the last held at their first element."""
    subscripts = node.subscripts or tuple(Subscript("*") for _ in symbol.dims)
    return (*(Subscript(index=Number(1.0)) for _ in subscripts[:-1]), subscripts[-1])
