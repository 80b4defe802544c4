"""Kernels of queues: what entered in a step stays together, a batch, and the first to enter is the first to leave.

For each element of the stock the region ``ring`` holds how many batches there is room for, where the first one is,
how many there are, and the batches. What flows in during a step can leave in the same step.
"""

from __future__ import annotations

from collections.abc import Callable

from ..abi import RUN_ERROR
from ..ir import If, Node, Statement, While, apply, constant, local, where
from ..ops import I32
from .belts import ELEMENT, assign, each, floor, least, most, real, whole
from .kernels import Body, Desk, Phase, counted, integer

MOST_BATCHES = 5_000_000
_HEADER = 3
_NEARLY = 1e-9
"""A batch that is larger than what is asked for by no more than this share of it is taken whole."""

_I, _BASE, _ROOM, _FIRST, _COUNT = (
    local(f"queue {name}", I32) for name in ("batch", "base", "room", "first", "count")
)
_ENTERING, _FRONT, _LEFT, _TAKEN = (local(f"queue {name}") for name in ("entering", "front", "left", "taken"))


def _place(number: Node) -> Node:
    """Where a batch stands, by its number from the front."""
    turned = _FIRST + number
    return _BASE + _HEADER + where(turned < _ROOM, turned, turned - _ROOM)


def located(desk: Desk, name: str = "queue") -> Body:
    """Find the queue of the element, by what the symbol of the queue holds."""
    return (
        assign(_BASE, whole(desk.read(name, ELEMENT))),
        assign(_ROOM, whole(desk.ring(_BASE))),
        assign(_FIRST, whole(desk.ring(_BASE + 1))),
        assign(_COUNT, whole(desk.ring(_BASE + 2))),
    )


def opened(desk: Desk) -> Body:
    """Make the queue, its initial value as one batch. Inputs: initial, start, stop, dt."""
    steps = floor((desk.read("stop", ELEMENT) - desk.read("start", ELEMENT)) / desk.read("dt", ELEMENT))
    fits = steps <= float(MOST_BATCHES)
    initial = desk.read("initial", ELEMENT)
    return each(
        desk,
        "initial",
        assign(_ROOM, integer(1)),
        If(fits, (assign(_ROOM, whole(most(steps, 0.0) + 4.0)),), (desk.fail(RUN_ERROR["TOO_MUCH_MEMORY"]),)),
        *desk.take(str(_BASE.imm), _ROOM + _HEADER),
        desk.write(real(_BASE), ELEMENT),
        desk.put(_BASE, real(_ROOM)),
        desk.put(_BASE + 1, 0.0),
        desk.put(_BASE + 2, where(initial > 0.0, 1.0, constant(0.0))),
        desk.put(_BASE + _HEADER, initial),
    )


def _arriving(desk: Desk) -> Body:
    """`_FRONT` is the first batch, which may be the one that is entering."""
    front = where(_COUNT >= 1, desk.ring(_place(integer(0))), _ENTERING)
    return (
        *located(desk),
        assign(_ENTERING, desk.read("entering", ELEMENT)),
        assign(_FRONT, front),
    )


def wanted(one_at_a_time: bool) -> Phase:
    """What would leave to a conveyor if it had room. Inputs: queue, entering."""

    def evaluate(desk: Desk) -> Body:
        if one_at_a_time:
            return each(desk, "queue", *_arriving(desk), desk.write(_FRONT, ELEMENT))
        summed = counted(str(_I.imm), _COUNT, assign(_LEFT, _LEFT + desk.ring(_place(_I))))
        total = (assign(_LEFT, constant(0.0)), *summed, assign(_LEFT, _LEFT + _ENTERING))
        return each(desk, "queue", *_arriving(desk), *total, desk.write(_LEFT, ELEMENT))

    return evaluate


def supplied(one_at_a_time: bool, whole_batches: bool) -> Phase:
    """What leaves to a conveyor. Inputs: queue, entering, wanted, accepted."""

    def evaluate(desk: Desk) -> Body:
        accepted = desk.read("accepted", ELEMENT)
        amount: Body
        if whole_batches and not one_at_a_time:
            amount = _whole_batches(desk)
        else:
            asked = desk.read("wanted", ELEMENT)
            part = constant(0.0) if whole_batches else least(asked, most(accepted, 0.0))
            amount = (assign(_TAKEN, where(_fits(asked, accepted), asked, part)),)
        return each(desk, "queue", *_arriving(desk), *amount, desk.write(_TAKEN, ELEMENT))

    return evaluate


def _fits(batch: Node, room: Node) -> Node:
    return batch - batch * _NEARLY <= room


def _whole_batches(desk: Desk) -> Body:
    """As many batches from the front as fit, the entering one last."""
    fitting = _fits(_FRONT, _LEFT)
    take = (assign(_TAKEN, _TAKEN + _FRONT), assign(_LEFT, _LEFT - _FRONT))
    return (
        assign(_TAKEN, constant(0.0)),
        assign(_LEFT, desk.read("accepted", ELEMENT)),
        assign(_I, integer(0)),
        While(
            _COUNT >= _I,
            (
                assign(_FRONT, where(_I < _COUNT, desk.ring(_place(_I)), _ENTERING)),
                If(fitting, (*take, assign(_I, _I + 1)), (assign(_I, _COUNT + 1),)),
            ),
        ),
    )


def serving(emptied: bool, taken: tuple[str, ...]) -> Phase:
    """Let the entering batch in and what leaves out. Inputs: queue, entering, and the volumes named in `taken`."""

    def advance(desk: Desk) -> Body:
        if emptied:
            leaving: Body = (assign(_COUNT, integer(0)),)
        else:
            leaving = tuple(statement for name in taken for statement in _removed(desk, name))
        return each(
            desk,
            "queue",
            *located(desk),
            assign(_ENTERING, desk.read("entering", ELEMENT)),
            If(
                _ENTERING > 0.0,
                (desk.put(_place(_COUNT), _ENTERING), assign(_COUNT, _COUNT + 1)),
            ),
            *leaving,
            desk.put(_BASE + 1, real(_FIRST)),
            desk.put(_BASE + 2, real(_COUNT)),
        )

    return advance


def _removed(desk: Desk, name: str) -> Body:
    """Take a volume from the front: whole batches, and a part of the one that is larger."""
    front = _place(integer(0))
    following = where(_FIRST + 1 < _ROOM, _FIRST + 1, integer(0))
    popped = (
        assign(_LEFT, _LEFT - _FRONT),
        assign(_FIRST, following),
        assign(_COUNT, _COUNT - 1),
    )
    split = (desk.put(front, _FRONT - _LEFT), assign(_LEFT, constant(0.0)))
    return (
        assign(_LEFT, desk.read(name, ELEMENT)),
        While(
            (_LEFT > 0.0) & (_COUNT >= 1),
            (assign(_FRONT, desk.ring(front)), If(_fits(_FRONT, _LEFT), popped, split)),
        ),
    )


# --- what equations may ask of a queue ----------------------------------------------------------------


def over_batches(body: Callable[[Desk, Node], Body]) -> Callable[[Desk], Body]:
    """Statements for every batch, from the front on, given its volume."""

    def loop(desk: Desk) -> Body:
        statements: tuple[Statement, ...] = body(desk, desk.ring(_place(_I)))
        return counted(str(_I.imm), _COUNT, *statements)

    return loop


def batch_count() -> Node:
    return real(_COUNT)


def batch(desk: Desk, position: int) -> Node:
    """The volume of a batch, 1 the front; not a number where there is none."""
    return where(
        apply("i32.ge_s", _COUNT, integer(position)), desk.ring(_place(integer(position - 1))), float("nan")
    )
