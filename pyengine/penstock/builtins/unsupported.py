"""Functions of other tools that are known and refused by name, with what to do instead.

A model's own functions and lookups count first, so that one may be called ``counter``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..model import Ident, canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """Functions of a tool, as it spells them: why they are not supported, and what to do instead."""

    tool: str
    names: tuple[str, ...]
    why: str
    advice: str


_TRACKING = "Material is not tracked one by one."
_ADD_TIMES = "Use a stock of material times its time of entry."

ROWS = (
    Unsupported(
        tool="Vensim",
        names=("DELAY CONVEYOR",),
        why="How it shares out its initial profile and changes its speed is not documented to the number.",
        advice="Use DELAY FIXED, or a conveyor of XMILE's, which may leak.",
    ),
    Unsupported(
        tool="Vensim",
        names=("DELAY BATCH",),
        why="Whether a batch takes all that has collected or only its size is not documented.",
        advice="Collect in a stock, and let SAMPLE IF TRUE and a fixed delay release batches.",
    ),
    Unsupported(
        tool="Vensim",
        names=("DELAY PROFILE",),
        why="How it makes steps of its profile is not documented.",
        advice="Add fixed delays, each with its share of the profile.",
    ),
    Unsupported(
        tool="Vensim",
        names=("ALLOC P", "MARKETP"),
        why="The scale of the priority that one hands to the other is not documented.",
        advice="Use ALLOCATE BY PRIORITY, which does the work of both.",
    ),
    Unsupported(
        tool="Vensim",
        names=("DEPRECIATE BY SCHEDULE",),
        why="How it divides fiscal periods into steps is not documented.",
        advice="Add fixed delays of the stream, each times its part of the schedule.",
    ),
    Unsupported(
        tool="Vensim",
        names=("INTERNAL RATE OF RETURN",),
        why="How it takes a fiscal period that has begun, and an investment within one, is not documented.",
        advice="Compute NPV for several rates, and read off where it is zero.",
    ),
    Unsupported(
        tool="Vensim",
        names=("FIND ZERO", "SIMULTANEOUS"),
        why="Their outcome depends on when an iteration stops.",
        advice="Close the loop with a stock that adjusts quickly, or solve the equation by hand.",
    ),
    Unsupported(
        tool="Vensim",
        names=(
            "QUEUE FIFO",
            "QUEUE FIFO ATTRIB",
            "QUEUE AGE AVERAGE",
            "QUEUE AGE IN RANGE",
            "QUEUE AGE OLDEST",
            "QUEUE ATTRIB AVERAGE",
            "QUEUE ATTRIB IN RANGE",
            "QUEUE ATTRIB MAX",
            "QUEUE ATTRIB MIN",
            "QUEUE ATTRIB QUANTITY",
        ),
        why=_TRACKING,
        advice="Use a queue of XMILE's, or stocks and DELAY MATERIAL.",
    ),
    Unsupported(
        tool="Vensim",
        names=("SHIFT IF TRUE",),
        why="It changes a stock from outside, at a moment within the step that is not documented.",
        advice="Move the cohorts by flows: IF THEN ELSE(condition, stock / TIME STEP, 0).",
    ),
    Unsupported(
        tool="Vensim",
        names=("TIME SHIFT", "CUMULATE", "CUMULATEF"),
        why="They make data of data, before the run.",
        advice="Give it a data variable of its own, with := and nothing else in its equation.",
    ),
    Unsupported(
        tool="Stella",
        names=("CTFLOW", "CTMAX", "CTMEAN", "CTMIN", "CTSTDDEV", "CYCLETIME", "THROUGHPUT"),
        why=_TRACKING,
        advice=_ADD_TIMES,
    ),
    Unsupported(
        tool="Stella",
        names=("ATTRCOUNT", "ATTRMAX", "ATTRMEAN", "ATTRMIN", "ATTRSTDDEV", "AGECOUNT"),
        why=_TRACKING,
        advice=_ADD_TIMES,
    ),
    Unsupported(
        tool="Stella",
        names=("OSTATE", "COOKTIME", "QELEM", "FLOWMEAN"),
        why="There are no ovens; how a queue's elements are counted is not documented.",
        advice="Use the stock's own value, or queue[1] for what is in front.",
    ),
    Unsupported(
        tool="Stella",
        names=("CAP", "CAPACITY", "TRANSTIME", "PROCTIME", "QLEN"),
        why="They are known of a conveyor, and QLEN of a queue; not of arrays, nor of a transit time that changes.",
        advice="Name a conveyor or a queue without dimensions, or use what its setting is read from.",
    ),
    Unsupported(
        tool="Stella",
        names=("ENDVAL", "RUNCOUNT", "SENSIRUNCOUNT", "SENSIRUNTOTAL", "CLOCKTIME"),
        why="A run knows nothing of other runs and of the clock.",
        advice="Give what it needs as a constant.",
    ),
    Unsupported(
        tool="Stella",
        names=("RANK",),
        why="It is the place of the element of a rank; which of equal ones comes first is not documented.",
        advice="Name the function that is meant: VECTOR SORT ORDER(a, 1) or VECTOR RANK(a, 1), as an array.",
    ),
    Unsupported(
        tool="Stella",
        names=("COUNTER",),
        why="Whether the end is a value of the cycle, or its start again, is not documented clearly.",
        advice="Write how it counts with MOD, as in 1 + (TIME - STARTTIME) MOD 12.",
    ),
    Unsupported(
        tool="Stella",
        names=("ROOTN",),
        why="What it is for negative values is not documented clearly.",
        advice="Write x ^ (1 / n).",
    ),
    Unsupported(
        tool="Stella",
        names=("DERIVN", "GRADIENT"),
        why="Which steps it looks at is not documented.",
        advice="Take (x - PREVIOUS(x, x)) / DT, or TREND.",
    ),
    Unsupported(
        tool="Stella",
        names=("GEOMETRIC", "NEGBINOMIAL", "PARETO"),
        why="Their parameters are not documented clearly.",
        advice="Turn a uniform draw into the distribution: a Pareto draw is scale / RANDOM(0, 1) ^ (1 / shape).",
    ),
    Unsupported(
        tool="Stella",
        names=("NPV", "IRR"),
        why="Whether the payment of a step is discounted in that step is not documented clearly.",
        advice="Add up payments times a discount factor in a stock.",
    ),
    Unsupported(
        tool="Stella",
        names=("LOOKUPXY", "LOOKUPMAX", "LOOKUPMEAN", "LOOKUPMIN", "INTERPOLATE"),
        why="What they are outside of their points is not documented clearly.",
        advice="Use a graphical function with points of its own.",
    ),
    Unsupported(
        tool="Stella",
        names=("REWORK", "PROPAGATE"),
        why="Their equations are not documented.",
        advice="Write the equation out.",
    ),
    Unsupported(
        tool="Stella",
        names=("PAUSE", "SOUND"),
        why="A run has no one to wait for, and no voice.",
        advice="Leave it out: it does not change the numbers.",
    ),
)


def _table() -> Mapping[Ident, Unsupported]:
    table: dict[Ident, Unsupported] = {}
    for row in ROWS:
        for name in row.names:
            assert canonical(name) not in table, f"{name} is refused twice"
            table[canonical(name)] = row
    return MappingProxyType(table)


UNSUPPORTED = _table()
