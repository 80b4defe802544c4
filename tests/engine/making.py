"""Random programs: statements over trees that share parts, with everything that an engine may meet.

Where the bits of a NaN could come to light (its sign, its payload) a choice keeps them covered, since they are
the one thing that engines may differ in.
"""

from collections.abc import Callable
from random import Random

from engine.bits import SPECIAL, integers
from engine.programs import FIRST
from penstock.ir import (
    For,
    If,
    Node,
    Set,
    Statement,
    Store,
    While,
    apply,
    constant,
    equal,
    load,
    local,
    postorder,
    where,
)
from penstock.library import transcendental
from penstock.library.lookups import BY_KIND, records
from penstock.library.registry import LibraryFunction
from penstock.ops import F64, I32, I64, OPS, SCALARS, Type
from penstock.program import POINTS, ROW, TIME

SLOTS = 8
"""Values that a random program has in its row."""

SAMPLES = "samples"
WORDS = "words"
_SIZE = 32
_COUNTER = "counter"

_BY_RESULT = {type_: [op for op in OPS.values() if op.result is type_] for type_ in SCALARS}
_LOOKUPS = ("continuous", "extrapolate", "discrete")
_CALLS = [
    row
    for name in transcendental.__all__
    if isinstance(row := getattr(transcendental, name), LibraryFunction)
]
"""Those that built-ins call; the functions behind them may count on arguments that are positive, or no NaN."""


class Maker:
    """Makes one program's statements from a seed; `tables` are those that they read.

    Some programs are mostly about copying slots: their trees are small, and many are a load alone.
    """

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.locals: dict[Type, list[str]] = {F64: [], I32: [], I64: []}
        self.made: dict[Type, list[Node]] = {F64: [], I32: [], I64: []}
        self.count = 0
        self.copying = self.rng.random() < 0.4
        samples = [self.double() for _ in range(_SIZE)]
        words = [self.rng.choice((*integers(64), self.rng.getrandbits(64))) for _ in range(_SIZE)]
        xs, ys = (
            sorted(self.rng.uniform(-5, 5) for _ in range(6)),
            [self.rng.uniform(-9, 9) for _ in range(6)],
        )
        xs[3] = self.rng.choice((xs[3], xs[2]))
        self.points = tuple(records(tuple(xs), tuple(ys), 0))
        self.tables: dict[str, tuple[float | int, ...]] = {
            SAMPLES: tuple(samples),
            WORDS: tuple(words),
            POINTS: self.points,
        }

    def double(self) -> float:
        return self.rng.choice((self.rng.choice(SPECIAL), self.rng.uniform(-10, 10), self.rng.gauss(0, 1e3)))

    def program(self, statements: int) -> list[Statement]:
        """Starts with locals of every type whose values change from one time to the next."""
        now = apply("i32.trunc_sat_f64_s", load(ROW, TIME))
        start: list[Statement] = []
        for place in range(4):
            start += [self.set(F64, self.sample(now + place)), self.set(I64, self.word(now + place))]
        start.append(self.set(I32, now))
        return [*start, *self.block(statements, 2)]

    # --- statements

    def block(self, count: int, depth: int) -> list[Statement]:
        return [self.statement(depth) for _ in range(count)]

    def inner(self, count: int, depth: int) -> tuple[Statement, ...]:
        """A block of its own: what is defined in it, and what uses that, is not known behind it."""
        locals_ = {type_: list(names) for type_, names in self.locals.items()}
        made = {type_: list(known) for type_, known in self.made.items()}
        body = tuple(self.block(count, depth))
        self.locals, self.made = locals_, made
        return body

    def statement(self, depth: int) -> Statement:
        kind = self.rng.random()
        if kind < 0.45 or not depth:
            return self.store()
        if kind < 0.7:
            type_ = self.rng.choice(SCALARS)
            known = [name for name in self.locals[type_] if not name.startswith(_COUNTER)]
            value = self.tree(type_)
            return (
                Set(self.rng.choice(known), value)
                if known and self.rng.random() < 0.5
                else self.set(type_, value)
            )
        if kind < 0.85:
            condition = self.tree(I32)
            then = self.inner(self.rng.randint(1, 3), depth - 1)
            return If(condition, then, self.inner(self.rng.randint(0, 3), depth - 1))
        if kind < 0.93:
            return self.loop(depth)
        return self.turns(depth)

    def set(self, type_: Type, value: Node) -> Set:
        self.count += 1
        name = f"{type_.prefix} {self.count}"
        self.locals[type_].append(name)
        return Set(name, value)

    def store(self) -> Store:
        value = self.slot() if self.rng.random() < 0.1 + 0.4 * self.copying else self.tree(F64)
        if self.rng.random() < 0.3:
            return Store(ROW, FIRST + SLOTS // 2, value, self.masked(self.tree(I32), SLOTS // 2))
        return Store(ROW, FIRST + self.rng.randrange(SLOTS), value)

    def loop(self, depth: int) -> For:
        self.count += 1
        name = f"{_COUNTER} {self.count}"
        self.locals[I32].append(name)
        body = self.inner(self.rng.randint(1, 3), depth - 1)
        self.locals[I32].remove(name)
        for type_, known in self.made.items():
            self.made[type_] = [node for node in known if not _reads(node, name)]
        return For(name, self.rng.randint(1, 4), body)

    def turns(self, depth: int) -> Statement:
        """A `while` of a few turns."""
        self.count += 1
        left = f"left {self.count}"
        condition = (local(left, I32) < self.rng.randint(1, 4)) & self.tree(I32)
        body = self.inner(self.rng.randint(1, 3), depth - 1)
        again = While(condition, (*body, Set(left, local(left, I32) + 1)))
        return If(constant(1, I32), (Set(left, constant(0, I32)), again))

    # --- trees

    def tree(self, type_: Type) -> Node:
        """Shares parts with itself, and small ones with the trees before it."""
        for kind, known in self.made.items():
            small = (node for node in known[-4:] if sum(1 for _ in postorder(node, set())) < 40)
            self.made[kind] = list(small)
        return self.node(type_, self.rng.randint(1, 2 if self.copying else 5))

    def node(self, type_: Type, depth: int) -> Node:
        made = self._new(type_, depth)
        self.made[type_].append(made)
        return made

    def _new(self, type_: Type, depth: int) -> Node:
        rng = self.rng
        known = self.made[type_]
        if known and rng.random() < 0.3:
            return rng.choice(known[-12:])
        if depth <= 0 or rng.random() < 0.08:
            return self.leaf(type_)
        kind = rng.random()
        if kind < 0.25:
            return where(self.node(I32, depth - 1), self.node(type_, depth - 1), self.node(type_, depth - 1))
        if type_ is F64 and kind < 0.35:
            row = rng.choice(_CALLS)
            return row(*(self.node(F64, depth - 1) for _ in row.params))
        if type_ is F64 and kind < 0.38:
            return BY_KIND[rng.choice(_LOOKUPS)](self.node(F64, depth - 1), 0, 6)
        op = rng.choice(_BY_RESULT[type_])
        args = [self.node(param, depth - 1) for param in op.params]
        if op.name == "i64.reinterpret_f64":
            return where(equal(args[0], args[0]), apply(op.name, args[0]), constant(0, I64))
        if op.name == "f64.copysign":
            args[1] = where(equal(args[1], args[1]), args[1], 1.0)
        return apply(op.name, *args)

    def leaf(self, type_: Type) -> Node:
        rng = self.rng
        choices: list[Callable[[], Node]] = [lambda: self.constant(type_)]
        if self.locals[type_]:
            choices += [lambda: local(rng.choice(self.locals[type_]), type_)] * 3
        if type_ is F64:
            choices += [self.slot] * (5 if self.copying else 1)
            choices.append(lambda: load(ROW, FIRST, self.masked(self.leaf(I32), SLOTS)))
            choices.append(lambda: self.sample(self.leaf(I32)))
        if type_ is I64:
            choices.append(lambda: self.word(self.leaf(I32)))
            choices.append(lambda: load(WORDS, rng.randrange(_SIZE), type_=I64))
        return rng.choice(choices)()

    def slot(self) -> Node:
        return load(ROW, FIRST + self.rng.randrange(SLOTS))

    def constant(self, type_: Type) -> Node:
        if type_ is F64:
            return constant(self.double())
        return constant(self.rng.choice(integers(32 if type_ is I32 else 64)), type_)

    def masked(self, index: Node, size: int) -> Node:
        return index & (size - 1)

    def sample(self, index: Node) -> Node:
        return load(SAMPLES, 0, self.masked(index, _SIZE))

    def word(self, index: Node) -> Node:
        return load(WORDS, 0, self.masked(index, _SIZE), I64)


def _reads(root: Node, name: str) -> bool:
    return any(node.op == "local" and node.imm == name for node in postorder(root, set()))
