"""Whether a conveyor's transit time may change during a run, told before the passes that find out for certain.

A belt whose transit time may change costs more memory, and answers no questions about its slats.
"""

from __future__ import annotations

from ..builtins import BUILTINS
from ..builtins.time import TIME
from ..expr import Call, Expr, Reference, children
from ..model import Ident, canonical
from .resolve import target
from .symbols import Role, Symbol, Symbols

_STEADY = frozenset({"initial"})
"""Built-ins with a memory whose value never changes."""


def may_vary(expr: Expr, symbols: Symbols) -> bool:
    """Whether an expression follows from time, from a stock, or from anything with a memory."""
    waiting, seen = [expr], set[Ident]()
    while waiting:
        stack = [waiting.pop()]
        while stack:
            node = stack.pop()
            if isinstance(node, Call) and node.function in _STEADY:
                continue
            if isinstance(node, Call) and _remembers(node):
                return True
            symbol = _symbol(node, symbols)
            if symbol is not None:
                if symbol.ident == TIME or symbol.role not in _FOLLOWING:
                    return True
                if symbol.ident not in seen:
                    seen.add(symbol.ident)
                    waiting += [part.expr for part in symbol.parts]
            stack += children(node)
    return False


_FOLLOWING = (Role.CLOCK, Role.CONSTANT, Role.INVARIANT, Role.HELD, Role.VARYING, Role.LOOKUP)


def _remembers(call: Call) -> bool:
    row = BUILTINS.get(call.function)
    return row is not None and row.lower is None and not row.reduces and not row.arrays


def _symbol(node: Expr, symbols: Symbols) -> Symbol | None:
    if isinstance(node, Reference):
        return target(node, symbols)
    return symbols.by_ident.get(canonical(node.function)) if isinstance(node, Call) else None
