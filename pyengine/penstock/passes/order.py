"""Pass 5: order. Finds what varies in a run, and in which order equations are evaluated.

The unit is an equation, a part of a symbol. Where equations of arrays depend on each other in a circle that
their elements do not, they are taken apart into elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..builtins import BUILTINS
from ..builtins.time import DT, SAVE_STEP, SEED, START, STEP, STOP, TIME
from ..errors import Diagnostic, error, finding, raise_if_any
from ..expr import Call, Expr, Reference, children
from ..model import Ident, canonical
from .resolve import references, target
from .subscripts import Scope, indices, reduced, scope_of
from .symbols import Part, Role, Symbol, Symbols, cells

STATES = (Role.STOCK, Role.MEMORY, Role.HELD, Role.KEPT)
_GIVEN = (Role.CONSTANT, Role.LOOKUP)
_RUNNING = (TIME, STEP)

Unit = tuple[Symbol, Part]
_Key = tuple[Ident, int]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Symbols with their final roles, and three sequences of equations in the order of evaluation.

    `invariants` once before a run; `initials` once at its start (states and what they need); `steps` at
    every stage.
    """

    symbols: Symbols
    invariants: tuple[Unit, ...]
    initials: tuple[Unit, ...]
    steps: tuple[Unit, ...]


def order(symbols: Symbols) -> Schedule:
    """Raises PEN205 for each loop without a state in it, PEN209 for settings that vary."""
    symbols = _with_roles(symbols)
    for ident in (START, SEED):
        _require_invariant(symbols.by_ident[ident], symbols)
    steps = initials = None
    while steps is None or initials is None:
        steps, symbols = _sorted(symbols, _Phase(symbols, initial=False))
        if steps is not None:
            initials, symbols = _sorted(symbols, _Phase(symbols, initial=True))
    return Schedule(
        symbols,
        tuple(unit for unit in steps if unit[0].role in (Role.INVARIANT, Role.CLOCK)),
        tuple(initials),
        tuple(unit for unit in steps if unit[0].role is Role.VARYING),
    )


def _with_roles(symbols: Symbols) -> Symbols:
    """Variables that only constants and other such variables feed are invariant."""
    users: dict[Ident, list[Ident]] = {}
    varying: list[Ident] = []
    for symbol in symbols.by_ident.values():
        for part in symbol.parts:
            for other in read(part, symbols):
                users.setdefault(other.ident, []).append(symbol.ident)
        starts_apart = any(part.initial is not None for part in symbol.parts)
        if symbol.ident in _RUNNING or symbol.role in STATES or starts_apart:
            varying.append(symbol.ident)
    found = set(varying)
    while varying:
        for user in users.get(varying.pop(), ()):
            if user not in found:
                found.add(user)
                varying.append(user)
    table = {
        ident: replace(symbol, role=_final_role(symbol, ident in found))
        for ident, symbol in symbols.by_ident.items()
    }
    return replace(symbols, by_ident=table)


def _final_role(symbol: Symbol, varies: bool) -> Role:
    if varies and symbol.ident in (DT, STOP, SAVE_STEP):
        return Role.VARYING
    return Role.INVARIANT if symbol.role is Role.VARYING and not varies else symbol.role


def _require_invariant(setting: Symbol, symbols: Symbols) -> None:
    for symbol in references(setting.parts[0].expr, symbols):
        if symbol.ident in _RUNNING or symbol.role in (*STATES, Role.VARYING):
            advice = "Give a constant."
            span = setting.parts[0].expr.span
            raise error("PEN209", span, what=setting.ident.removeprefix("#"), name=symbol.name, advice=advice)


class _Phase:
    """Which equations a phase evaluates, and what each needs: by symbol and number of the part."""

    def __init__(self, symbols: Symbols, *, initial: bool) -> None:
        self.symbols = symbols
        self.initial = initial
        self._needs: dict[_Key, list[_Key]] = {}

    def roots(self) -> Iterator[_Key]:
        for symbol in self.symbols.by_ident.values():
            wanted = symbol.role in STATES if self.initial else symbol.role not in (*STATES, *_GIVEN)
            if wanted and symbol.ident not in _RUNNING:
                yield from ((symbol.ident, number) for number in range(len(symbol.parts)))

    def _is_there(self, symbol: Symbol) -> bool:
        """Whether a symbol has its value before the phase begins."""
        if symbol.role in _GIVEN or symbol.ident in _RUNNING:
            return True
        return symbol.role in (Role.INVARIANT, Role.CLOCK) if self.initial else symbol.role in STATES

    def needs(self, key: _Key) -> list[_Key]:
        if key not in self._needs:
            symbol = self.symbols.by_ident[key[0]]
            part = symbol.parts[key[1]]
            found: dict[_Key, None] = {}
            for other, covered in self._reads(part):
                if self._is_there(other):
                    continue
                for number, source in enumerate(other.parts):
                    if _overlap(covered, source):
                        found[other.ident, number] = None
            self._needs[key] = list(found)
        return self._needs[key]

    def _reads(self, part: Part) -> Iterator[tuple[Symbol, Sequence[Sequence[int]] | None]]:
        if part.kernel is not None:
            return ((symbol, None) for symbol in read(part, self.symbols))
        expr = part.initial if self.initial and part.initial is not None else part.expr
        return _reads(expr, scope_of(part.axes, self.symbols), self.symbols)


def read(part: Part, symbols: Symbols) -> Iterator[Symbol]:
    """The symbols that a part's value follows from."""
    if part.kernel is None:
        return references(part.expr, symbols)
    return (symbols.by_ident[canonical(reference.name)] for reference in part.kernel.inputs.values())


def _reads(
    root: Expr, outer: Scope, symbols: Symbols
) -> Iterator[tuple[Symbol, Sequence[Sequence[int]] | None]]:
    """The symbols that an expression reads, each with the positions along its dimensions (None: all)."""
    stack = [(root, outer)]
    while stack:
        expr, scope = stack.pop()
        if isinstance(expr, Reference) and (symbol := target(expr, symbols)) is not None:
            along = indices(expr, symbol, scope, symbols) if symbol.dims else ()
            yield symbol, [index.positions for index in along]
        if isinstance(expr, Call) and expr.function in BUILTINS and BUILTINS[expr.function].reduces:
            scope = {**scope, **reduced(expr.arguments[0], scope, symbols)}
        stack.extend((child, scope) for child in children(expr))


def _overlap(covered: Sequence[Sequence[int]] | None, part: Part) -> bool:
    if covered is None or len(part.axes) == 0:
        return True
    return all(
        not set(axis.positions).isdisjoint(read) for axis, read in zip(part.axes, covered, strict=True)
    )


def _sorted(symbols: Symbols, phase: _Phase) -> tuple[list[Unit] | None, Symbols]:
    """All roots and what they need, each after its needs, otherwise in the order given; no recursion.

    None, and symbols with equations taken apart, where that may open a circle. Raises PEN205.
    """
    done: dict[_Key, None] = {}
    findings: list[Diagnostic] = []
    for root in phase.roots():
        if root in done:
            continue
        path: dict[_Key, None] = {root: None}
        stack: list[Iterator[_Key]] = [iter(phase.needs(root))]
        while stack:
            following = next((key for key in stack[-1] if key not in done), None)
            if following is None:
                stack.pop()
                done[path.popitem()[0]] = None
            elif following in path:
                keys = list(path)
                loop = keys[keys.index(following) :]
                taken_apart = _taken_apart(symbols, loop)
                if taken_apart is not None:
                    return None, taken_apart
                findings.append(_cycle(symbols, loop, initial=phase.initial))
                stack[-1] = iter(())  # leave the loop and go on, to find others
            else:
                path[following] = None
                stack.append(iter(phase.needs(following)))
    raise_if_any(findings)
    table = symbols.by_ident
    return [(table[ident], table[ident].parts[number]) for ident, number in done], symbols


def _taken_apart(symbols: Symbols, loop: Iterable[_Key]) -> Symbols | None:
    """The symbols with every equation of the loop as one for each element; None where they all are already."""
    table = dict(symbols.by_ident)
    changed = False
    for ident, number in sorted(loop, reverse=True):  # later parts first, so that numbers stay right
        symbol = table[ident]
        part = symbol.parts[number]
        apart = cells(part) if part.kernel is None else [part]
        if len(apart) > 1:
            changed = True
            table[ident] = replace(
                symbol, parts=(*symbol.parts[:number], *apart, *symbol.parts[number + 1 :])
            )
    return replace(symbols, by_ident=table) if changed else None


def _cycle(symbols: Symbols, loop: list[_Key], *, initial: bool) -> Diagnostic:
    names = [symbols.by_ident[ident].name for ident, _ in loop]
    advice = (
        "Give one of the stocks an initial value of its own, or use an initial equation."
        if initial
        else "A feedback loop needs a stock or a delay in it."
    )
    first = symbols.by_ident[loop[0][0]]
    return finding("PEN205", first.span, name=first.name, path=" → ".join([*names, names[0]]), advice=advice)
