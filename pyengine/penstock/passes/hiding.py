"""Hidden symbols for a pass that writes stocks and flows anew; they have the shape of the variable they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..changing import replace
from ..expr import Expr, Number, Reference, Subscript
from ..model import Ident, canonical
from .kernels import Kernel, Phase
from .symbols import Axis, Part, Role, Symbol, Symbols


class Hiding:
    """Makes symbols in a copy of the table, which is `table` in the end."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.table: dict[Ident, Symbol] = dict(symbols.by_ident)

    def here(self, symbol: Symbol) -> Reference:
        """A symbol as an equation over the same dimensions refers to it."""
        return Reference(symbol.name, tuple(Subscript(dim) for dim in symbol.dims))

    def axes(self, symbol: Symbol) -> tuple[Axis, ...]:
        """All elements of a symbol."""
        dims = [self.symbols.dims[dim] for dim in symbol.dims]
        return tuple(Axis(dim.ident, tuple(range(len(dim.elements))), dim.elements) for dim in dims)

    def value(self, owner: Symbol, label: str, expr: Expr) -> Reference:
        return self._make(owner, label, Role.VARYING, [Part(expr, self.axes(owner))])

    def memory(self, owner: Symbol, label: str) -> Reference:
        """A state that is zero at the start; `remember` says what it takes."""
        return self._make(owner, label, Role.MEMORY, [Part(Number(0.0), self.axes(owner))])

    def remember(self, memory: Reference, following: Expr) -> None:
        symbol = self.table[canonical(memory.name)]
        self.table[symbol.ident] = replace(symbol, parts=(replace(symbol.parts[0], following=following),))

    def kernel(
        self,
        owner: Symbol,
        label: str,
        inputs: Mapping[str, Reference],
        *,
        evaluate: Phase | None = None,
        initial: Phase | None = None,
        advance: Phase | None = None,
        fixed: Mapping[str, str] | None = None,
    ) -> Reference:
        """What statements compute; a state where it has an initial value."""
        kernel = Kernel(inputs, evaluate=evaluate, initial=initial, advance=advance, fixed=fixed or {})
        role = Role.VARYING if initial is None else Role.KEPT
        return self._make(owner, label, role, [Part(Number(0.0), self.axes(owner), kernel=kernel)])

    def moved(self, symbol: Symbol, label: str) -> Reference:
        """A hidden symbol with the equations that a variable has, to give the variable others."""
        return self._make(symbol, label, Role.VARYING, symbol.parts)

    def redefine(self, symbol: Symbol, expr: Expr) -> None:
        part = Part(expr, self.axes(symbol), span=symbol.span)
        self.table[symbol.ident] = replace(symbol, parts=(part,), role=Role.VARYING)

    def _make(self, owner: Symbol, label: str, role: Role, parts: Iterable[Part]) -> Reference:
        name = f"#{owner.name}#{label}"
        ident = canonical(name)
        assert ident not in self.table, name
        self.table[ident] = Symbol(
            ident, name, "auxiliary", role, tuple(parts), owner.dims, hidden=True, span=owner.span
        )
        return self.here(self.table[ident])
