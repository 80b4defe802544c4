"""A check after `order`: what a kernel reads once, at the start of a run, does not change during it."""

from __future__ import annotations

from collections.abc import Iterator

from ..builtins.time import STEP, TIME
from ..errors import Diagnostic, finding, raise_if_any
from ..model import canonical
from .order import read
from .symbols import Role, Symbol, Symbols


def require_unvarying(symbols: Symbols) -> None:
    """Raises PEN209 for inputs of kernels that follow from time or from a state."""
    raise_if_any(item for symbol in symbols.by_ident.values() for item in _findings(symbol, symbols))


def _findings(symbol: Symbol, symbols: Symbols) -> Iterator[Diagnostic]:
    kernels = [part.kernel for part in symbol.parts if part.kernel is not None]
    for kernel in kernels:
        for name, what in kernel.fixed.items():
            found = _varying(symbols.by_ident[canonical(kernel.inputs[name].name)], symbols)
            if found:
                advice = "Let it follow from constants, or take its value at the start with INIT."
                yield finding("PEN209", symbol.span, what=what, name=found, advice=advice)


def _varying(symbol: Symbol, symbols: Symbols) -> str:
    """The name of something that changes and that a symbol follows from; empty where there is none."""
    waiting = [(symbol, symbol.name)]
    seen = {symbol.ident}
    while waiting:
        here, name = waiting.pop()
        name = name if here.hidden else here.name
        if here.ident in (TIME, STEP) or here.role in (Role.STOCK, Role.MEMORY, Role.KEPT):
            return name
        if here.role is Role.HELD:
            continue
        for part in here.parts:
            if part.initial is not None:
                return name
            for other in read(part, symbols):
                if other.ident not in seen:
                    seen.add(other.ident)
                    waiting.append((other, name))
    return ""
