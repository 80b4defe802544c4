"""Equations as statements, one at a time: expressions become nodes."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from ..abi import InputLayout
from ..builtins import BUILTINS
from ..builtins.arrays import FOLDS
from ..builtins.random import DRAWS
from ..builtins.table import number, truth
from ..changing import replace
from ..expr import Binary, Call, Expr, Number, Reference, Unary
from ..ir import (
    For,
    Node,
    Set,
    Statement,
    Store,
    apply,
    binary,
    constant,
    differ,
    equal,
    load,
    local,
    negate,
    where,
)
from ..library.random import STREAM_FACTOR, hash_of
from ..library.transcendental import pow_ as power
from ..model import Ident, canonical
from ..ops import F64, I32, I64
from ..program import GIVEN, INPUT, ROW, SETTINGS
from .allocate import CLOCK_SLOTS, Places
from .circles import Step, Together, units
from .effects import Effects, Note
from .elements import Element, Elements
from .graphical import Graphical
from .kernels import Desk, Kernel, Phase
from .linked import Uses, used
from .memo import Memo, Watched
from .resolve import target
from .subscripts import Index, Scope, indices, number_of, reduced, scope_of
from .symbols import Part, Role, Symbol, Symbols

_ARITHMETIC: dict[str, Callable[[Node, Node], Node]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": power,
    "=": equal,
    "<>": differ,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_LOGIC: dict[str, Callable[[Node, Node], Node]] = {
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
}


_Chosen = Callable[["Lowering", Symbol, Part], Expr | Node | None]


@dataclass(frozen=True, slots=True)
class Lowered:
    """The statements of an equation, or of several in one loop; what they use of the library, and what was noted
    when they were made. `source` is what they were made from."""

    statements: tuple[Statement, ...]
    uses: Uses
    notes: tuple[Note, ...]
    source: object


def settings_or_value(lowering: Lowering, symbol: Symbol, part: Part) -> Expr | Node | None:
    if symbol.ident not in CLOCK_SLOTS:
        return part.expr
    place = SETTINGS.index(symbol.ident.removeprefix("#"))
    return lowering.given_or(place, None, lowering.number(part.expr, {}))


def initial(lowering: Lowering, symbol: Symbol, part: Part) -> Expr | Node | None:
    if symbol.ident in CLOCK_SLOTS:
        return settings_or_value(lowering, symbol, part)
    expr = part.expr if part.initial is None else part.initial
    if symbol.ident not in lowering.plan.initial_inputs:
        return expr
    place = lowering.plan.initial_inputs[symbol.ident] - lowering.plan.n_constants
    scope = scope_of(part.axes, lowering.symbols)
    element = lowering.place(symbol, lowering.own_indices(symbol, part), scope)
    return lowering.given_or(place + element.offset, element.index, lowering.number(expr, scope))


def body(units_: Iterable[Lowered]) -> tuple[Statement, ...]:
    return tuple(statement for unit in units_ for statement in unit.statements)


class Lowering:
    """Lowers equations one at a time; `effects` are what they leave besides statements."""

    def __init__(self, symbols: Symbols, plan: Places, memo: Memo[Symbol, Lowered] | None = None) -> None:
        self.symbols = symbols
        self.plan = plan
        self.effects = Effects()
        self._memo = memo or Memo()
        self._memo.renew(symbols.by_ident, symbols.dimensions, *plan.places)
        self._before: list[Statement] = []
        self._folds = 0
        self._noted: set[int] = set()  # what has been lowered, or asked for what it needs, once
        self._elements = Elements(symbols, self.effects)
        self._graphical = Graphical(symbols, self.effects)

    def assignments(
        self,
        phase: str,
        chosen: Iterable[Step],
        expr_of: _Chosen,
        slots: dict[Ident, int] | None = None,
        running: frozenset[int] = frozenset(),
    ) -> list[Lowered]:
        """Statements that store what `expr_of` picks of each part, by default at the symbol's own slot.

        Loops over the subscripts at the levels `running` stand around them already. `phase` is a name for all this;
        an equation whose initial value is what every step computes is lowered once for both.
        """
        made: list[Lowered] = []
        for step in chosen:
            if isinstance(step, Together):
                made.append(self._together(phase, step, expr_of, slots, running))
                continue
            symbol, part = step
            slot = (slots or self.plan.slots)[symbol.ident]
            starts_alike = part.initial is None and symbol.ident not in self.plan.initial_inputs
            picked = settings_or_value if expr_of is initial and starts_alike else expr_of
            key = "steps" if picked is settings_or_value else phase, id(part), running

            def statements(
                symbol: Symbol = symbol, part: Part = part, slot: int = slot, picked: _Chosen = picked
            ) -> Iterable[Statement]:
                return self._assignment(symbol, part, picked, slot, running)

            made.append(self._remembered(key, symbol, part, statements))
        return made

    def _together(
        self,
        phase: str,
        step: Together,
        expr_of: _Chosen,
        slots: dict[Ident, int] | None,
        running: frozenset[int],
    ) -> Lowered:
        inner = self.assignments(phase, step.body, expr_of, slots, running | {step.level})
        symbol, part = next(units(step.body))
        count = len(part.axes[step.level].positions)

        def loop() -> Iterable[Statement]:
            return (For(f"i{step.level}", count, body(inner)),)

        return self._remembered((step.level, *map(id, inner)), symbol, inner, loop)

    def _remembered(
        self, key: Hashable, owner: Symbol, source: object, make: Callable[[], Iterable[Statement]]
    ) -> Lowered:
        """What `make` yields, or yielded when all that it depends on was as it is now."""

        def made(table: Watched[Symbol]) -> Lowered:
            everything = self.symbols
            self.symbols = replace(everything, by_ident=table)
            self.effects.notes = []
            statements = tuple(make())
            self.symbols = everything
            return Lowered(statements, used(statements), tuple(self.effects.notes), source)

        before = self._memo.made
        found = self._memo.result(key, owner.ident, made)
        if self._memo.made == before and id(found) not in self._noted and not self.effects.again(found.notes):
            self._memo.drop(key)
            found = self._memo.result(key, owner.ident, made)
        self._noted.add(id(found))
        return found

    def _assignment(
        self, symbol: Symbol, part: Part, expr_of: _Chosen, slot: int, running: frozenset[int]
    ) -> list[Statement]:
        if part.kernel is not None:
            phase = part.kernel.initial if symbol.role is Role.KEPT else part.kernel.evaluate
            return [] if phase is None else list(phase(self._desk(symbol, part.kernel)))
        self._before, self._folds = [], 0
        picked = expr_of(self, symbol, part)
        assert picked is not None, symbol.name
        scope = scope_of(part.axes, self.symbols)
        value = picked if isinstance(picked, Node) else self.number(picked, scope)
        if part.points is not None and part.points.x and picked is part.expr:
            value = self._graphical.one(part.points, value)
        place = self.place(symbol, self.own_indices(symbol, part), scope)
        body: tuple[Statement, ...] = (*self._before, Store(ROW, slot + place.offset, value, place.index))
        for level in reversed(range(len(part.axes))):
            axis = part.axes[level]
            if axis.dim is not None and level not in running:
                body = (For(f"i{level}", len(axis.positions), body),)
        return list(body)

    def advances(self, symbols: Symbols) -> list[Lowered]:
        """What kernels do before each step."""
        made = []
        for symbol in symbols.by_ident.values():
            for part in symbol.parts:
                kernel = part.kernel
                if kernel is not None and (phase := kernel.advance) is not None:

                    def statements(
                        symbol: Symbol = symbol, kernel: Kernel = kernel, phase: Phase = phase
                    ) -> Iterable[Statement]:
                        return phase(self._desk(symbol, kernel))

                    made.append(self._remembered(("advance", id(part)), symbol, part, statements))
        return made

    def points_as_inputs(self) -> Iterator[InputLayout]:
        """The lookups that the program uses, hidden ones left out."""
        for symbol in self.symbols.by_ident.values():
            if not symbol.hidden:
                for name, at, count in self._graphical.settable(symbol):
                    yield InputLayout(name=name, kind="points", input=self.plan.n_inputs + at, count=count)

    def _desk(self, symbol: Symbol, kernel: Kernel) -> Desk:
        found = {name: self.symbols.by_ident[canonical(row.name)] for name, row in kernel.inputs.items()}
        return Desk(
            self.plan.slots[symbol.ident],
            {name: self.plan.slots[other.ident] for name, other in found.items()},
            {name: self.symbols.size(other) for name, other in found.items()},
        )

    def own_indices(self, symbol: Symbol, part: Part) -> tuple[Index, ...]:
        """The element that an equation is for, in terms of its own loops."""
        return tuple(
            Index("" if axis.dim is None else f"i{level}", axis.positions)
            for level, axis in enumerate(part.axes)
        )

    def given_or(self, place: int, index: Node | None, value: Node) -> Node:
        """The value that was set for an input, else the model's."""
        return where(differ(load(GIVEN, place, index), 0.0), load(INPUT, place, index), value)

    def number(self, expr: Expr, scope: Scope) -> Node:
        return number(self._node(expr, scope))

    def _node(self, root: Expr, scope: Scope) -> Node:
        """Operands first and without recursion, but for the arguments of reductions."""
        waiting: list[Expr] = []
        stack: list[Expr] = [root]
        while stack:
            expr = stack.pop()
            waiting.append(expr)
            match expr:
                case Unary(operand=operand):
                    stack.append(operand)
                case Binary(left=left, right=right):
                    stack += [left, right]
                case Call(arguments=arguments) if not reduces(expr):
                    stack += arguments
        done: dict[int, Node] = {}
        for expr in reversed(waiting):
            if id(expr) not in done:  # an expression that stands there twice is one value
                done[id(expr)] = self._one(expr, done, scope)
        return done[id(root)]

    def _one(self, expr: Expr, done: dict[int, Node], scope: Scope) -> Node:
        match expr:
            case Number(value=value):
                return constant(value)
            case Reference():
                return self._reference(expr, scope)
            case Unary(operator=operator, operand=operand):
                inner = done[id(operand)]
                if operator == "not":
                    return negate(truth(inner))
                return -number(inner) if operator == "-" else number(inner)
            case Binary(operator=operator, left=left, right=right):
                a, b = done[id(left)], done[id(right)]
                if operator in _LOGIC:
                    return _LOGIC[operator](truth(a), truth(b))
                if operator == "mod":
                    modulo = BUILTINS["modulo"].lower
                    assert modulo is not None
                    return modulo(number(a), number(b))
                return _ARITHMETIC[operator](number(a), number(b))
            case Call(function=function, arguments=arguments):
                if reduces(expr):
                    return self._fold(expr, scope)
                given = [done[id(argument)] for argument in arguments]
                if expr.stream:
                    return DRAWS[function](self._stream(expr, scope), *map(number, given))
                if function not in BUILTINS:
                    return self._table(expr, list(map(number, given)), scope)
                return self._call(function, given)
        raise AssertionError(f"{expr} has not been resolved")

    def _call(self, function: str, arguments: list[Node]) -> Node:
        row = BUILTINS[function]
        assert row.lower is not None, f"{row.name} has not been expanded"
        given = [
            truth(argument) if row.parameter(position) in row.truths else number(argument)
            for position, argument in enumerate(arguments)
        ]
        return row.lower(*given)

    def _stream(self, expr: Call, scope: Scope) -> Node:
        """The stream of a draw: the call's hash, mixed with those of the element's names, and of loops around it."""
        mixed = constant(hash_of(expr.stream), I64)
        keys = [canonical(subscript.name) for subscript in expr.subscripts]
        for key in (*keys, *(key for key in scope if key not in keys)):
            if key in scope:
                elements, counter = scope[key].elements, local(scope[key].name, I32)
                name = f"hashes of {' '.join(elements)}"
                self.effects.table(name, tuple(map(hash_of, elements)))
                element = load(name, 0, counter, I64)
            else:
                element = constant(hash_of(key), I64)
            mixed = (mixed ^ element) * STREAM_FACTOR
        return mixed

    def _table(self, expr: Call, x: list[Node], scope: Scope) -> Node:
        """A lookup variable, perhaps an array of them, applied to its arguments."""
        symbol = self.symbols.by_ident[canonical(expr.function)]
        points = self._graphical.shared(symbol)
        if points is not None:
            return self._graphical.one(points, *x)
        index = indices(Reference(symbol.name, expr.subscripts), symbol, scope, self.symbols)
        return self._graphical.of(symbol, self.place(symbol, index, scope), x)

    def _reference(self, expr: Reference, scope: Scope) -> Node:
        symbol = target(expr, self.symbols)
        if symbol is None:
            return self._position(expr, scope)
        index = indices(expr, symbol, scope, self.symbols)
        slot = self.plan.slots[symbol.ident]
        if expr.offset is not None:
            return self._further_on(symbol, index, slot, expr.offset, scope)
        place = self.place(symbol, index, scope)
        value = load(ROW, slot + place.offset, place.index)
        return value if place.inside is None else where(place.inside, value, 0.0)

    def _further_on(
        self, symbol: Symbol, index: tuple[Index, ...], slot: int, offset: Expr, scope: Scope
    ) -> Node:
        """An element with an offset; see `Reference`."""
        if index and index[-1].counter:
            index = (*index[:-1], Index("", (0,)))
        further = self.number(offset, scope)
        number_ = self.place(symbol, index, scope).number + apply("i32.trunc_sat_f64_s", further)
        inside = binary("lt_u", number_, self.symbols.size(symbol)) & equal(further, further)
        return where(inside, load(ROW, slot, where(inside, number_, constant(0, I32))), math.nan)

    def _position(self, expr: Reference, scope: Scope) -> Node:
        """A dimension or element as a number, counting from 1."""
        index = number_of(expr, scope, self.symbols)
        assert index is not None, expr.name
        if not index.counter:
            return constant(index.positions[0] + 1.0)
        first = index.positions[0]
        counter = local(index.counter, I32)
        if index.positions == tuple(range(first, first + len(index.positions))):
            return apply("f64.convert_i32_s", counter) + (first + 1.0)
        name = "numbers " + " ".join(map(str, index.positions))
        self.effects.table(name, tuple(position + 1.0 for position in index.positions))
        return load(name, 0, counter)

    def place(self, symbol: Symbol, index: tuple[Index, ...], scope: Scope) -> Element:
        """The element that indices mean."""
        return self._elements.find(symbol, index, lambda expr: self.number(expr, scope))

    def _fold(self, expr: Call, scope: Scope) -> Node:
        """Loops that run a local over the elements; they stand before the statement that needs them."""
        fold = FOLDS[expr.function]
        argument = expr.arguments[0]
        counters = reduced(argument, scope, self.symbols)
        self._folds += 1
        total = local(f"fold{self._folds}", F64)
        outside, self._before = self._before, []
        element = self.number(argument, {**scope, **counters})
        body: tuple[Statement, ...] = (*self._before, Set(str(total.imm), fold.next(total, element)))
        for counter in reversed(counters.values()):
            body = (For(counter.name, len(counter.elements), body),)
        self._before = [*outside, Set(str(total.imm), constant(fold.start)), *body]
        return total


def reduces(expr: Call) -> bool:
    row = BUILTINS.get(expr.function)
    return row is not None and row.reduces
