"""Kernels: values that take statements rather than an expression, such as rings, sorting and allocation.

A hidden symbol with a kernel says what it reads, and yields statements for the phases of a run. Its own slots
hold what it computes; a kernel with a state may also keep doubles in the region ``ring``, which grows at the
start of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..expr import Reference
from ..ir import Node, Operand, Reserve, Set, Statement, Store, While, apply, constant, load, local
from ..ops import I32
from ..program import ERROR, RING, RING_TOP, ROW

Body = tuple[Statement, ...]
Phase = Callable[["Desk"], Body]


@dataclass(frozen=True, slots=True)
class Kernel:
    """`inputs` name whole symbols; subscripts are not looked at.

    `evaluate` runs at every stage, `initial` once at the start, `advance` once a step, before anything of the
    step has been taken. One that has `initial` is a state: it has its value before the stages. Inputs in
    `fixed` may not change during a run; it says in words what they are.
    """

    inputs: Mapping[str, Reference]
    evaluate: Phase | None = None
    initial: Phase | None = None
    advance: Phase | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a kernel builds its statements with. Indices count elements, from 0, row-major."""

    slot: int
    slots: Mapping[str, int]
    sizes: Mapping[str, int]

    def read(self, name: str, index: Node | int = 0) -> Node:
        """An element of an input."""
        return self._load(self.slots[name], index)

    def own(self, index: Node | int = 0) -> Node:
        """An element of the kernel's own symbol."""
        return self._load(self.slot, index)

    def size(self, name: str) -> int:
        """How many elements an input has."""
        return self.sizes[name]

    def write(self, value: Operand, index: Node | int = 0) -> Store:
        """Give an element of the kernel's own symbol a value."""
        if isinstance(index, int):
            return Store(ROW, self.slot + index, constant(value))
        return Store(ROW, self.slot, constant(value), index)

    @staticmethod
    def _load(slot: int, index: Node | int) -> Node:
        return load(ROW, slot + index) if isinstance(index, int) else load(ROW, slot, index)

    # --- the region that rings stand in

    def ring(self, index: Node) -> Node:
        return load(RING, 0, index)

    def put(self, index: Node, value: Operand) -> Store:
        return Store(RING, 0, constant(value), index)

    def take(self, base: str, count: Node) -> Body:
        """Set the i32 local `base` to the start of `count` (i32) new doubles of the ring region."""
        top = load(ROW, RING_TOP)
        return (
            Set(base, apply("i32.trunc_sat_f64_s", top)),
            Store(ROW, RING_TOP, top + apply("f64.convert_i32_s", count)),
            Reserve(local(base, I32) + count),
        )

    def fail(self, code: int) -> Store:
        """Stop the run with a code of `abi.RUN_ERROR`."""
        return Store(ROW, ERROR, constant(float(code)))


@dataclass(frozen=True, slots=True)
class _Listening(Desk):
    heard: set[str] = field(default_factory=set)

    def read(self, name: str, index: Node | int = 0) -> Node:
        self.heard.add(name)
        return Desk.read(self, name, index)


def read_by(phase: Phase, inputs: Mapping[str, int]) -> set[str]:
    """The inputs, given with their sizes, whose elements a phase reads."""
    desk = _Listening(0, dict.fromkeys(inputs, 0), inputs)
    phase(desk)
    return desk.heard


def integer(value: int) -> Node:
    return constant(value, I32)


def counted(name: str, count: Node, *body: Statement) -> Body:
    """A loop whose count is not known beforehand; the i32 local `name` goes from 0 to `count` - 1."""
    counter = local(name, I32)
    return (Set(name, integer(0)), While(counter < count, (*body, Set(name, counter + 1))))
