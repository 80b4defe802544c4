"""Kernels of conveyors: a belt of slats in the region ``ring``, one for each time step of the transit time.

For each element of the stock the region holds a header (the count of slats, where the exit slat is, and for each
leak its zone and what it took in this step), the slats' contents, what is left of them after this step's leaks,
and for each linear leak what it takes from a slat per step and unit of its fraction. Slats are numbered from the
exit, which is 0; the belt moves by moving the exit.

A leak with fraction f over a zone of m slats takes f/m of what a piece of material was when it reached the zone,
in each of the m steps that it is there, the last one in the step it leaves. An exponential leak takes f*dt of what
is there. Leaks come in the order of the outflows, and find no more than there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..ir import (
    For,
    If,
    Node,
    Operand,
    Set,
    Statement,
    apply,
    binary,
    constant,
    equal,
    local,
    where,
)
from ..ops import I32
from .kernels import Body, Desk, Phase, counted, integer

ELEMENT, SLAT, PLACE, BASE, COUNT, EXIT = (
    local(f"belt {name}", I32) for name in ("element", "slat", "place", "base", "count", "exit")
)
THERE, LEFT, SHED, RATE, _TOTAL, SCALE = (
    local(f"belt {name}") for name in ("there", "left", "shed", "rate", "total", "scale")
)
ENTERED = local("belt entered")


def whole(x: Node) -> Node:
    return apply("i32.trunc_sat_f64_s", x)


def real(x: Node) -> Node:
    return apply("f64.convert_i32_s", x)


def floor(x: Node) -> Node:
    return apply("f64.floor", x)


def least(a: Node, b: Operand) -> Node:
    return binary("min", a, b)


def most(a: Node, b: Operand) -> Node:
    return binary("max", a, b)


def assign(target: Node, value: Node) -> Set:
    """Give a local a value."""
    return Set(str(target.imm), value)


def each(desk: Desk, name: str, *body: Statement) -> Body:
    """For every element of an input."""
    return (For(str(ELEMENT.imm), desk.sizes[name], body),)


@dataclass(frozen=True, slots=True)
class Belt:
    """The shape of a belt's memory. `zones` are those of its leaks, as fractions of the belt from the entry.

    A belt of `varying` length, which has no leaks, has slats for all steps of a run.
    """

    zones: tuple[tuple[float, float], ...]
    exponential: bool
    discrete: bool
    varying: bool = False

    # --- places in the region, relative to the element's base

    @property
    def header(self) -> int:
        return 2 + 3 * len(self.zones)

    @property
    def width(self) -> int:
        """How many doubles a slat takes."""
        if not self.zones:
            return 1
        return 2 if self.exponential else 2 + len(self.zones)

    def content(self, place: Node) -> Node:
        return BASE + self.header + place

    def left(self, place: Node) -> Node:
        return self.content(place) + COUNT

    def basis(self, leak: int, place: Node) -> Node:
        return self.content(place) + COUNT * (2 + leak)

    def first(self, leak: int) -> Node:
        """The slat that a leak's zone starts with, the one farthest from the exit."""
        return BASE + (2 + 3 * leak)

    def last(self, leak: int) -> Node:
        return BASE + (3 + 3 * leak)

    def leaked(self, leak: int) -> Node:
        """How much a leak takes in this step."""
        return BASE + (4 + 3 * leak)

    def in_zone(self, desk: Desk, leak: int) -> Node:
        return (real(SLAT) <= desk.ring(self.first(leak))) & (real(SLAT) >= desk.ring(self.last(leak)))

    def enters_zone(self, desk: Desk, leak: int) -> Node:
        return equal(real(SLAT), desk.ring(self.first(leak)))

    def zone_size(self, desk: Desk, leak: int) -> Node:
        return desk.ring(self.first(leak)) - desk.ring(self.last(leak)) + 1.0

    def leaks(self) -> range:
        return range(len(self.zones))

    def bases(self, place: Node) -> list[Node]:
        """Where a slat keeps what linear leaks take from it."""
        return [] if self.exponential else [self.basis(leak, place) for leak in self.leaks()]


def located(desk: Desk, name: str = "belt") -> Body:
    """Find the belt of the element, by what the symbol of the belt holds."""
    return (
        assign(BASE, whole(desk.read(name, ELEMENT))),
        assign(COUNT, whole(desk.ring(BASE))),
        assign(EXIT, whole(desk.ring(BASE + 1))),
    )


def _from_exit(*body: Statement) -> Body:
    """For every slat, the exit first; `PLACE` is its place."""
    turned = EXIT + SLAT
    place = assign(PLACE, where(turned < COUNT, turned, turned - COUNT))
    return counted(str(SLAT.imm), COUNT, place, *body)


# --- a step ------------------------------------------------------------------------------------------


def leaking(belt: Belt) -> Phase:
    """What the exit slat holds after this step's leaks. Inputs: belt, dt, and a fraction for each leak."""

    def evaluate(desk: Desk) -> Body:
        if not belt.zones:
            return each(desk, "belt", *located(desk), desk.write(desk.ring(belt.content(EXIT)), ELEMENT))
        return each(
            desk,
            "belt",
            *located(desk),
            *(desk.put(belt.leaked(leak), 0.0) for leak in belt.leaks()),
            *_from_exit(
                assign(THERE, desk.ring(belt.content(PLACE))),
                *leaks_of(belt, desk, belt.leaked),
                desk.put(belt.left(PLACE), LEFT),
            ),
            desk.write(desk.ring(belt.left(EXIT)), ELEMENT),
        )

    return evaluate


def leaked(belt: Belt, leak: int) -> Phase:
    """How much a leak takes in this step. Inputs: belt, and what `leaking` computes."""

    def evaluate(desk: Desk) -> Body:
        return each(desk, "belt", *located(desk), desk.write(desk.ring(belt.leaked(leak)), ELEMENT))

    return evaluate


def leaks_of(belt: Belt, desk: Desk, totals: Callable[[int], Node] | None) -> Body:
    """Set `LEFT` to what the leaks leave of `THERE`, which is in slat `SLAT` at place `PLACE`."""
    made: list[Statement] = [assign(LEFT, THERE)]
    if belt.exponential:
        made += _sum_of_rates(belt, desk)
    for leak in belt.leaks():
        fraction = desk.read(f"fraction {leak}", ELEMENT)
        basis = belt.basis(leak, PLACE)
        if belt.exponential:
            before: Body = ()
            shed = THERE * (fraction * desk.read("dt", ELEMENT)) * SCALE
        else:
            entering = desk.put(basis, THERE / belt.zone_size(desk, leak))
            before = (If(belt.enters_zone(desk, leak), (entering,)),)
            shed = fraction * desk.ring(basis)
        counting: Body = ()
        if totals is not None:
            counting = (desk.put(totals(leak), desk.ring(totals(leak)) + SHED),)
        taken = (*before, assign(SHED, least(shed, LEFT)), assign(LEFT, LEFT - SHED), *counting)
        made.append(If(belt.in_zone(desk, leak), taken))
    return tuple(made)


def _sum_of_rates(belt: Belt, desk: Desk) -> list[Statement]:
    """Exponential leaks share what there is where together they would take more."""
    adding = (
        If(
            belt.in_zone(desk, leak),
            (assign(RATE, RATE + desk.read(f"fraction {leak}", ELEMENT) * desk.read("dt", ELEMENT)),),
        )
        for leak in belt.leaks()
    )
    return [
        assign(RATE, constant(0.0)),
        *adding,
        assign(SCALE, where(RATE > 1.0, 1.0 / RATE, 1.0)),
    ]


def moving(belt: Belt, inflows: int, *, arrested: bool, held: bool) -> Phase:
    """Move the belt by a slat and put what flows in on it.

    Inputs: belt, dt, what `leaking` computes, a rate for each inflow, and where they may be, `arrested` when the
    belt stands still, `held` when nothing may leave its exit, and `steps`, how long what enters now takes.
    """

    def advance(desk: Desk) -> Body:
        entering = [
            assign(ENTERED, ENTERED + desk.read(f"inflow {number}", ELEMENT) * desk.read("dt", ELEMENT))
            for number in range(inflows)
        ]
        kept = (desk.put(belt.content(SLAT), desk.ring(belt.left(SLAT))),) if belt.zones else ()
        step: Body = (
            assign(ENTERED, constant(0.0)),
            *entering,
            *(counted(str(SLAT.imm), COUNT, *kept) if kept else ()),
            *((If(differs(desk.read("held", ELEMENT)), _merged(belt, desk)),) if held else ()),
            *(_entering(belt, desk) if belt.varying else (desk.put(belt.content(EXIT), ENTERED),)),
            desk.put(BASE + 1, real(_following())),
        )
        if arrested:
            step = (If(equal(desk.read("arrested", ELEMENT), 0.0), step),)
        return each(desk, "belt", *located(desk), *step)

    return advance


def _entering(belt: Belt, desk: Desk) -> Body:
    """What enters joins what leaves as many steps later as it takes; after the run there is nothing to join."""
    steps = desk.read("steps", ELEMENT)
    turned = EXIT + whole(steps)
    return (
        desk.put(belt.content(EXIT), 0.0),
        assign(PLACE, where(turned < COUNT, turned, turned - COUNT)),
        If(
            steps <= real(COUNT),
            (desk.put(belt.content(PLACE), desk.ring(belt.content(PLACE)) + ENTERED),),
        ),
    )


def differs(x: Node) -> Node:
    return binary("ne", x, 0.0)


def _following() -> Node:
    return where(EXIT + 1 < COUNT, EXIT + 1, integer(0))


def _merged(belt: Belt, desk: Desk) -> Body:
    """What could not leave is joined by the slat behind it, or by what enters; no leak takes from it any more."""
    waiting = desk.ring(belt.content(EXIT))
    joined = desk.put(belt.content(PLACE), desk.ring(belt.content(PLACE)) + waiting)
    alone = assign(ENTERED, ENTERED + waiting)
    return (assign(PLACE, _following()), If(equal(COUNT, 1), (alone,), (joined,)))


# --- what equations may ask of a belt -----------------------------------------------------------------


def over_slats(belt: Belt, body: Callable[[Desk, Node], Body]) -> Callable[[Desk], Body]:
    """Statements for every slat, from the exit on, given its content."""
    return lambda desk: _from_exit(*body(desk, desk.ring(belt.content(PLACE))))


def slat_count() -> Node:
    return real(COUNT)


def slat(belt: Belt, desk: Desk, position: int) -> Node:
    """The content of a slat, 1 the exit; not a number where there is none."""
    turned = EXIT + (position - 1)
    place = where(turned < COUNT, turned, turned - COUNT)
    return where(apply("i32.ge_s", COUNT, integer(position)), desk.ring(belt.content(place)), float("nan"))
