"""The start of a conveyor's belt: its memory, the zones of its leaks, and the initial value spread over the slats."""

from __future__ import annotations

from ..abi import RUN_ERROR
from ..ir import If, Node, While, apply, constant, equal, local, negate, where
from .belts import (
    BASE,
    COUNT,
    ELEMENT,
    EXIT,
    LEFT,
    PLACE,
    SCALE,
    SLAT,
    THERE,
    Belt,
    assign,
    differs,
    each,
    floor,
    leaks_of,
    least,
    most,
    real,
    whole,
)
from .kernels import Body, Desk, Phase, counted, integer

MOST_SLATS = 2_000_000
"""A transit time of more steps stops the run with an error, as does one that is not above zero."""

_NEARLY = 1e-9
"""Rounding that the middle of a slat may lie outside of a leak's zone by."""

_TOTAL = local("belt total")


def filled(belt: Belt) -> Phase:
    """Make the belt, with the initial value as a constant inflow would have spread it.

    Inputs: initial, length, dt, and a fraction for each leak; for a belt of varying length the steps of the run.
    """

    def initial(desk: Desk) -> Body:
        return each(
            desk,
            "initial",
            *_made(belt, desk),
            *(statement for leak in belt.leaks() for statement in _zone(belt, desk, leak)),
            *_profile(belt, desk),
            *_scaled(belt, desk),
            *(_lumped(belt, desk) if belt.discrete else ()),
            *(_lengthened(belt, desk) if belt.varying else ()),
        )

    return initial


def _made(belt: Belt, desk: Desk) -> Body:
    steps = floor(desk.read("length", ELEMENT) / desk.read("dt", ELEMENT) + 0.5)
    fits = (desk.read("length", ELEMENT) > 0.0) & (steps <= float(MOST_SLATS))
    return (
        assign(COUNT, integer(1)),
        If(fits, (assign(COUNT, whole(most(steps, 1.0))),), (desk.fail(RUN_ERROR["TOO_MUCH_MEMORY"]),)),
        *desk.take(str(BASE.imm), (_slats(desk) if belt.varying else COUNT * belt.width) + belt.header),
        assign(EXIT, integer(0)),
        desk.write(real(BASE), ELEMENT),
        desk.put(BASE, real(COUNT)),
        desk.put(BASE + 1, 0.0),
    )


def _slats(desk: Desk) -> Node:
    """How many slats a belt of varying length has: for all steps of the run, and for what it starts with."""
    steps = whole(least(desk.read("run", ELEMENT), float(MOST_SLATS)))
    return where(apply("i32.lt_s", COUNT, steps), steps, COUNT)


def _lengthened(belt: Belt, desk: Desk) -> Body:
    """Slats behind those that are filled."""
    return (
        assign(SLAT, COUNT),
        assign(COUNT, _slats(desk)),
        While(SLAT < COUNT, (desk.put(belt.content(SLAT), 0.0), assign(SLAT, SLAT + 1))),
        desk.put(BASE, real(COUNT)),
    )


def _zone(belt: Belt, desk: Desk, leak: int) -> Body:
    """The slats whose middle lies in the zone; none where the zone is narrower than a slat may be."""
    start, end = belt.zones[leak]
    middle = 1.0 - (real(SLAT) + 0.5) / real(COUNT)
    inside = (middle >= start - _NEARLY) & (middle <= end + _NEARLY)
    return (
        desk.put(belt.first(leak), -1.0),
        desk.put(belt.last(leak), 0.0),
        desk.put(belt.leaked(leak), 0.0),
        *counted(
            str(SLAT.imm),
            COUNT,
            If(
                inside,
                (
                    If(desk.ring(belt.first(leak)) < 0.0, (desk.put(belt.last(leak), real(SLAT)),)),
                    desk.put(belt.first(leak), real(SLAT)),
                ),
            ),
        ),
    )


def _profile(belt: Belt, desk: Desk) -> Body:
    """One unit of material followed from the entry to the exit."""
    return (
        assign(THERE, constant(1.0)),
        assign(_TOTAL, constant(0.0)),
        assign(SLAT, COUNT),
        While(
            SLAT >= 1,
            (
                assign(SLAT, SLAT - 1),
                assign(PLACE, SLAT),
                assign(_TOTAL, _TOTAL + THERE),
                desk.put(belt.content(PLACE), THERE),
                *_followed(belt, desk),
                *leaks_of(belt, desk, None),
                assign(THERE, LEFT),
            ),
        ),
    )


def _followed(belt: Belt, desk: Desk) -> Body:
    """What a linear leak takes stays the same from slat to slat of its zone."""
    return tuple(
        desk.put(
            basis,
            where(
                belt.in_zone(desk, leak) & negate(belt.enters_zone(desk, leak)),
                desk.ring(belt.basis(leak, PLACE + 1)),
                0.0,
            ),
        )
        for leak, basis in enumerate(belt.bases(PLACE))
    )


def _scaled(belt: Belt, desk: Desk) -> Body:
    scale = where(_TOTAL > 0.0, desk.read("initial", ELEMENT) / _TOTAL, 0.0)
    rows = (belt.content(SLAT), *belt.bases(SLAT))
    return (
        assign(SCALE, scale),
        *counted(str(SLAT.imm), COUNT, *(desk.put(row, desk.ring(row) * SCALE) for row in rows)),
    )


def _lumped(belt: Belt, desk: Desk) -> Body:
    """All that leaves within a unit of time where the last of it is, as if it had come there together."""
    unit = floor(real(SLAT) * desk.read("dt", ELEMENT) + 1e-9)
    following = floor(real(SLAT + 1) * desk.read("dt", ELEMENT) + 1e-9)
    here, behind = desk.ring(belt.content(SLAT)), desk.ring(belt.content(SLAT + 1))
    moved: Body = (
        assign(SCALE, where(differs(behind), (behind + here) / behind, 1.0)),
        desk.put(belt.content(SLAT + 1), behind + here),
        desk.put(belt.content(SLAT), 0.0),
        *(desk.put(basis, desk.ring(basis) * SCALE) for basis in belt.bases(SLAT + 1)),
        *(desk.put(basis, 0.0) for basis in belt.bases(SLAT)),
    )
    return counted(str(SLAT.imm), COUNT - 1, If(equal(unit, following), moved))
