"""Pass 5: order. Finds what varies in a run, and in which order equations are evaluated.

The unit is an equation, a part of a symbol. Where equations of arrays depend on each other in a circle that
their elements do not, `circles` finds the order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ..builtins import BUILTINS
from ..builtins.time import DT, SAVE_STEP, SEED, START, STEP, STOP, TIME
from ..changing import replace
from ..errors import Diagnostic, error, finding, raise_if_any
from ..expr import Call, Expr, Reference, children
from ..model import Ident, canonical
from ..place import NOWHERE
from .circles import Step, Unit, arranged, components, units
from .kernels import Kernel, read_by
from .memo import Memo, Watched
from .resolve import references, target
from .subscripts import Index, Scope, indices, reduced, scope_of
from .symbols import Part, Role, Symbol, Symbols

STATES = (Role.STOCK, Role.MEMORY, Role.HELD, Role.KEPT)
_GIVEN = (Role.CONSTANT, Role.LOOKUP)
_RUNNING = (TIME, STEP)

_Key = tuple[Ident, int]
_Circles = dict[tuple[bool, tuple[_Key, ...]], tuple[list[int], list[Step]]]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Symbols with their final roles, and three sequences of equations in the order of evaluation.

    `invariants` once before a run; `initials` once at its start (states and what they need); `steps` at
    every stage.
    """

    symbols: Symbols
    invariants: tuple[Step, ...]
    initials: tuple[Step, ...]
    steps: tuple[Step, ...]


@dataclass
class OrderMemo:
    """What `order` keeps for the next version of a model: what each symbol reads, symbols with their roles, what
    each phase needs, and how circles were arranged, with the versions of what the equations in them need."""

    reads: Memo[Symbol, tuple[Ident, ...]] = field(default_factory=Memo)
    roles: dict[Ident, tuple[Symbol, Symbol]] = field(default_factory=dict)
    steps: Memo[Symbol, list[list[_Key]]] = field(default_factory=Memo)
    initials: Memo[Symbol, list[list[_Key]]] = field(default_factory=Memo)
    circles: _Circles = field(default_factory=dict)
    components: dict[bool, _Components] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Components:
    """What `components` found for a phase, and what it asked for."""

    roots: list[_Key]
    needs: dict[Ident, list[list[_Key]]]
    found: list[list[_Key]]


def order(symbols: Symbols, memo: OrderMemo | None = None) -> Schedule:
    """Raises PEN205 for each loop without a state in it, PEN209 for settings that vary."""
    memo = memo or OrderMemo()
    symbols = _with_roles(symbols, memo)
    for ident in (START, SEED):
        _require_invariant(symbols.by_ident[ident], symbols)
    circles = memo.circles
    memo.circles = {}
    steps = _sorted(_Phase(symbols, memo.steps, initial=False), memo, circles)
    initials = _sorted(_Phase(symbols, memo.initials, initial=True), memo, circles)
    return Schedule(
        symbols,
        tuple(step for step in steps if _role(step) in (Role.INVARIANT, Role.CLOCK)),
        tuple(initials),
        tuple(step for step in steps if _role(step) is Role.VARYING),
    )


def _role(step: Step) -> Role:
    """Equations in one loop need each other, so they have one role."""
    return next(units([step]))[0].role


def _with_roles(symbols: Symbols, memo: OrderMemo) -> Symbols:
    """Variables that only constants and other such variables feed are invariant."""
    memo.reads.renew(symbols.by_ident)
    users: dict[Ident, list[Ident]] = {}
    varying: list[Ident] = []
    for symbol in symbols.by_ident.values():

        def reads(table: Watched[Symbol], symbol: Symbol = symbol) -> tuple[Ident, ...]:
            seen = replace(symbols, by_ident=table)
            return tuple({other.ident: None for part in symbol.parts for other in read(part, seen)})

        for other in memo.reads.result(symbol.ident, symbol.ident, reads):
            users.setdefault(other, []).append(symbol.ident)
        starts_apart = any(part.initial is not None for part in symbol.parts)
        if symbol.ident in _RUNNING or symbol.role in STATES or starts_apart:
            varying.append(symbol.ident)
    found = set(varying)
    while varying:
        for user in users.get(varying.pop(), ()):
            if user not in found:
                found.add(user)
                varying.append(user)
    known, memo.roles = memo.roles, {}
    for ident, symbol in symbols.by_ident.items():
        role = _final_role(symbol, ident in found)
        before, after = known.get(ident, (symbol, symbol))
        if before is not symbol or after.role is not role:
            after = symbol if role is symbol.role else replace(symbol, role=role)
        memo.roles[ident] = symbol, after
    return replace(symbols, by_ident={ident: after for ident, (_, after) in memo.roles.items()})


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

    def __init__(self, symbols: Symbols, memo: Memo[Symbol, list[list[_Key]]], *, initial: bool) -> None:
        self.symbols = symbols
        self.initial = initial
        self.memo = memo
        memo.renew(symbols.by_ident, symbols.dimensions)

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
        return self.all_needs(key[0])[key[1]]

    def all_needs(self, ident: Ident) -> list[list[_Key]]:
        """What each part of a symbol needs."""
        return self.memo.result(ident, ident, lambda table: self._all_needs(ident, table))

    def components(self, known: _Components | None) -> _Components:
        """The equations in their order, those of a circle together; what is known, if nothing needs anything else."""
        roots, there = list(self.roots()), self.symbols.by_ident
        if (
            known is not None
            and known.roots == roots
            and all(ident in there and self.all_needs(ident) == needs for ident, needs in known.needs.items())
        ):
            return known
        found = list(components(roots, self.needs))
        return _Components(
            roots, {ident: self.all_needs(ident) for keys in found for ident, _ in keys}, found
        )

    def _all_needs(self, ident: Ident, table: Watched[Symbol]) -> list[list[_Key]]:
        seen = replace(self.symbols, by_ident=table)
        return [list(self._needs(part, seen)) for part in table[ident].parts]

    def _needs(self, part: Part, symbols: Symbols) -> dict[_Key, None]:
        found: dict[_Key, None] = {}
        for other, along in self._reads(part, symbols):
            if not self._is_there(other):
                covered = None if along is None else [set(index.positions) for index in along]
                for number, source in enumerate(other.parts):
                    if _overlap(covered, source):
                        found[other.ident, number] = None
        return found

    def reads(self, part: Part) -> Iterator[tuple[Symbol, Sequence[Index] | None]]:
        return self._reads(part, self.symbols)

    def _reads(self, part: Part, symbols: Symbols) -> Iterator[tuple[Symbol, Sequence[Index] | None]]:
        if part.kernel is not None:
            return ((symbol, None) for symbol in self._read_by_kernel(part.kernel, symbols))
        expr = part.initial if self.initial and part.initial is not None else part.expr
        return _reads(expr, scope_of(part.axes, symbols), symbols)

    def _read_by_kernel(self, kernel: Kernel, symbols: Symbols) -> list[Symbol]:
        """All inputs; for an initial value only those that it follows from, so that a delay may be in a loop."""
        found = {name: symbols.by_ident[canonical(row.name)] for name, row in kernel.inputs.items()}
        if self.initial and kernel.initial is not None:
            heard = read_by(kernel.initial, {name: symbols.size(row) for name, row in found.items()})
            return [symbol for name, symbol in found.items() if name in heard]
        return list(found.values())


def read(part: Part, symbols: Symbols) -> Iterator[Symbol]:
    """The symbols that a part's value follows from."""
    if part.kernel is None:
        return references(part.expr, symbols)
    return (symbols.by_ident[canonical(reference.name)] for reference in part.kernel.inputs.values())


def _reads(root: Expr, outer: Scope, symbols: Symbols) -> Iterator[tuple[Symbol, Sequence[Index] | None]]:
    """The symbols that an expression reads, each with the positions along its dimensions (None: all)."""
    stack = [(root, outer)]
    while stack:
        expr, scope = stack.pop()
        if isinstance(expr, Reference) and (symbol := target(expr, symbols)) is not None:
            along = indices(expr, symbol, scope, symbols) if symbol.dims else ()
            yield symbol, along if expr.offset is None else None
        if isinstance(expr, Call) and expr.function in BUILTINS and BUILTINS[expr.function].reduces:
            scope = {**scope, **reduced(expr.arguments[0], scope, symbols)}
        stack.extend((child, scope) for child in children(expr))


def _overlap(covered: Sequence[set[int]] | None, part: Part) -> bool:
    if covered is None or len(part.axes) == 0:
        return True
    return all(not read.isdisjoint(axis.positions) for axis, read in zip(part.axes, covered, strict=True))


def _sorted(phase: _Phase, memo: OrderMemo, known: _Circles) -> list[Step]:
    """All roots and what they need, each after its needs, otherwise in the order given. Raises PEN205.

    Circles that are `known` and have not changed need not be arranged again; those that are found go to the memo.
    """
    symbols = phase.symbols
    sorted_ = memo.components[phase.initial] = phase.components(memo.components.get(phase.initial))
    steps: list[Step] = []
    findings: list[Diagnostic] = []
    for keys in sorted_.found:
        circle = [(symbols.by_ident[ident], symbols.by_ident[ident].parts[number]) for ident, number in keys]
        if len(keys) == 1 and keys[0] not in phase.needs(keys[0]):
            steps.extend(circle)
            continue
        versions = [phase.memo.version(ident) for ident, _ in keys]
        which = phase.initial, tuple(keys)
        if which in known and known[which][0] == versions:
            found = known[which][1]
        else:
            found, circles = arranged(circle, phase.reads)
            findings.extend(_cycle(symbols, units_, phase) for units_ in circles)
        steps.extend(found)
        if not findings:
            memo.circles[which] = versions, found
    raise_if_any(findings)
    return steps


def _path(circle: list[Unit], phase: _Phase) -> list[Unit]:
    """Some equations of a circle, each needed by the one before it, the first by the last."""
    of_symbol: dict[Ident, list[int]] = {}
    for number, (symbol, _) in enumerate(circle):
        of_symbol.setdefault(symbol.ident, []).append(number)
    path: dict[int, None] = {0: None}
    while True:
        here = next(reversed(path))
        following = next(
            number
            for symbol, along in phase.reads(circle[here][1])
            for number in of_symbol.get(symbol.ident, ())
            if _overlap(
                None if along is None else [set(index.positions) for index in along], circle[number][1]
            )
        )
        if following in path:
            keys = list(path)
            return [circle[number] for number in keys[keys.index(following) :]]
        path[following] = None


def _label(unit: Unit, symbols: Symbols) -> str:
    symbol, part = unit
    if symbol.hidden:
        return symbol.name.removeprefix("#").partition("#")[0]
    if not part.axes or any(len(axis.positions) != 1 for axis in part.axes):
        return symbol.name.removeprefix("#")
    dims = (symbols.dims[dim] for dim in symbol.dims)
    names = (dim.names[axis.positions[0]] for dim, axis in zip(dims, part.axes, strict=True))
    return f"{symbol.name}[{', '.join(names)}]"


_SHOWN = 16
"""Names of a longer circle are left out in its middle."""


def _cycle(symbols: Symbols, circle: list[Unit], phase: _Phase) -> Diagnostic:
    path = _path(circle, phase)
    names = [name for name, _ in groupby(_label(unit, symbols) for unit in path)]
    shown = [*names, names[0]]
    if len(shown) > _SHOWN:
        shown[_SHOWN // 2 : -_SHOWN // 2] = [f"… ({len(shown) - _SHOWN:,} more) …"]
    advice = (
        "Give one of the stocks an initial value of its own, or use an initial equation."
        if phase.initial
        else "A feedback loop needs a stock or a delay in it."
    )
    first, part = path[0]
    span = part.expr.span if first.span is NOWHERE else first.span
    return finding("PEN205", span, name=names[0], path=" → ".join(shown), advice=advice)
