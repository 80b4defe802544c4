"""Pass 5: order. Finds what varies in a run, and in which order parts are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..builtins.time import DT, SAVE_STEP, START, STOP, TIME
from ..errors import Diagnostic, error, finding, raise_if_any
from ..expr import Expr
from ..model import Ident
from .resolve import references
from .symbols import Part, Role, Symbol, Symbols

STATES = (Role.STOCK, Role.MEMORY, Role.HELD)
_GIVEN = (Role.CONSTANT, Role.LOOKUP)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Symbols with their final roles, and three sequences of them in the order of evaluation.

    `invariants` once before a run; `initials` once at its start (states and what they need); `steps` at
    every stage. A symbol's parts are evaluated together.
    """

    symbols: Symbols
    invariants: tuple[Symbol, ...]
    initials: tuple[Symbol, ...]
    steps: tuple[Symbol, ...]


def order(symbols: Symbols) -> Schedule:
    """Raises PEN205 for each loop without a state in it, PEN209 for settings that vary."""
    needs = _Needs(symbols)
    steps = _sorted(
        (s for s in symbols.by_ident.values() if s.role not in (*STATES, *_GIVEN)),
        lambda symbol: needs.during(symbol),
        initial=False,
    )
    invariant = _invariant(steps, needs)
    symbols = replace(
        symbols,
        by_ident={
            ident: replace(symbol, role=Role.INVARIANT)
            if ident in invariant and symbol.role is Role.VARYING
            else symbol
            for ident, symbol in symbols.by_ident.items()
        },
    )
    for ident in (START, DT, STOP, SAVE_STEP):
        _require_invariant(symbols.by_ident[ident], invariant, needs)
    final = symbols.by_ident
    initials = _sorted(
        (s for s in final.values() if s.role in STATES),
        lambda symbol: (s for s in needs.at_start(symbol) if s.ident not in invariant and s.ident != TIME),
        initial=True,
    )
    return Schedule(
        symbols,
        tuple(final[s.ident] for s in steps if s.ident in invariant),
        tuple(final[s.ident] for s in initials),
        tuple(final[s.ident] for s in steps if s.ident not in invariant and s.ident != TIME),
    )


class _Needs:
    """What a symbol is evaluated from, in each phase; each symbol's references are looked up once."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self._during: dict[Ident, tuple[Symbol, ...]] = {}
        self._at_start: dict[Ident, tuple[Symbol, ...]] = {}

    def during(self, symbol: Symbol) -> tuple[Symbol, ...]:
        """States and constants are there already, so they are left out."""
        if symbol.ident not in self._during:
            found = self._found(symbol, lambda part: part.expr)
            self._during[symbol.ident] = tuple(s for s in found if s.role not in (*STATES, *_GIVEN))
        return self._during[symbol.ident]

    def all_during(self, symbol: Symbol) -> Iterable[Symbol]:
        return self._found(symbol, lambda part: part.expr)

    def at_start(self, symbol: Symbol) -> tuple[Symbol, ...]:
        """States count by their initial values, and ACTIVE INITIAL by what stands in for the equation."""
        if symbol.ident not in self._at_start:
            found = self._found(symbol, lambda part: part.expr if part.initial is None else part.initial)
            self._at_start[symbol.ident] = tuple(s for s in found if s.role not in _GIVEN)
        return self._at_start[symbol.ident]

    def _found(self, symbol: Symbol, chosen: Callable[[Part], Expr]) -> list[Symbol]:
        found: dict[Ident, Symbol] = {}
        for part in symbol.parts:
            for other in references(chosen(part), self.symbols):
                found[other.ident] = other
        return list(found.values())


def _invariant(steps: list[Symbol], needs: _Needs) -> set[Ident]:
    """Those of the sorted symbols that only constants and other invariants feed."""
    found: set[Ident] = set()
    for symbol in steps:
        if symbol.ident == TIME or any(part.initial is not None for part in symbol.parts):
            continue
        if all(s.role in _GIVEN or s.ident in found for s in needs.all_during(symbol)):
            found.add(symbol.ident)
    return found


def _require_invariant(setting: Symbol, invariant: set[Ident], needs: _Needs) -> None:
    if setting.ident not in invariant:
        culprit = next(
            s for s in needs.all_during(setting) if s.role not in _GIVEN and s.ident not in invariant
        )
        advice = "Settings that vary during a run are not supported; give a constant."
        raise error(
            "PEN209",
            setting.parts[0].expr.span,
            what=setting.ident.removeprefix("#"),
            name=culprit.name,
            advice=advice,
        )


def _sorted(
    roots: Iterable[Symbol], needs: Callable[[Symbol], Iterable[Symbol]], *, initial: bool
) -> list[Symbol]:
    """All roots and what they need, each after its needs, otherwise in the order given; no recursion."""
    done: dict[Ident, Symbol] = {}
    findings: list[Diagnostic] = []
    for root in roots:
        if root.ident in done:
            continue
        path: dict[Ident, Symbol] = {root.ident: root}
        stack: list[Iterator[Symbol]] = [iter(needs(root))]
        while stack:
            following = next((s for s in stack[-1] if s.ident not in done), None)
            if following is None:
                stack.pop()
                ident, symbol = path.popitem()
                done[ident] = symbol
            elif following.ident in path:
                findings.append(_cycle(following, path, initial=initial))
                stack[-1] = iter(())  # leave the loop and go on, to find others
            else:
                path[following.ident] = following
                stack.append(iter(needs(following)))
    raise_if_any(findings)
    return list(done.values())


def _cycle(symbol: Symbol, path: Mapping[Ident, Symbol], *, initial: bool) -> Diagnostic:
    idents = list(path)
    loop = [path[ident].name for ident in idents[idents.index(symbol.ident) :]]
    advice = (
        "Give one of the stocks an initial value of its own, or use an initial equation."
        if initial
        else "A feedback loop needs a stock or a delay in it."
    )
    return finding(
        "PEN205", symbol.span, name=symbol.name, path=" → ".join([*loop, symbol.name]), advice=advice
    )
