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
    """Functions of a tool, as it spells them, that one piece of advice is for."""

    tool: str
    names: tuple[str, ...]
    advice: str


_TRACKING = "Material is not tracked one by one; use a stock of material times its time of entry."
_INSIDE = "Use the stock's own value, or a variable that its settings are read from as well."

ROWS = (
    Unsupported(
        tool="Vensim",
        names=("DELAY CONVEYOR",),
        advice="Use DELAY FIXED, or a conveyor of XMILE's, which may leak.",
    ),
    Unsupported(
        tool="Vensim",
        names=("DELAY BATCH",),
        advice="Collect in a stock, and let SAMPLE IF TRUE and a fixed delay release batches.",
    ),
    Unsupported(
        tool="Vensim",
        names=("DELAY PROFILE",),
        advice="Add fixed delays, each with its share of the profile.",
    ),
    Unsupported(
        tool="Vensim",
        names=("RANDOM LOOKUP",),
        advice="Draw a uniform number, and read the inverse distribution from a lookup.",
    ),
    Unsupported(
        tool="Vensim",
        names=("ALLOC P", "MARKETP"),
        advice="Use ALLOCATE BY PRIORITY, which does the work of both.",
    ),
    Unsupported(
        tool="Vensim",
        names=("DEPRECIATE BY SCHEDULE",),
        advice="Add fixed delays of the stream, each times its part of the schedule.",
    ),
    Unsupported(
        tool="Vensim",
        names=("INTERNAL RATE OF RETURN",),
        advice="Compute NPV for several rates, and read off where it is zero.",
    ),
    Unsupported(
        tool="Vensim",
        names=("FIND ZERO", "SIMULTANEOUS"),
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
        advice="Use a queue of XMILE's, or stocks and DELAY MATERIAL.",
    ),
    Unsupported(
        tool="Vensim",
        names=("SHIFT IF TRUE",),
        advice="Move the cohorts by flows: IF THEN ELSE(condition, stock / TIME STEP, 0).",
    ),
    Unsupported(
        tool="Vensim",
        names=("VECTOR LOOKUP",),
        advice="Use a lookup, or VECTOR ELM MAP with a line between two elements.",
    ),
    Unsupported(
        tool="Vensim",
        names=("TIME SHIFT",),
        advice="Ask for data at another time with GET DATA AT TIME(data, Time + shift).",
    ),
    Unsupported(
        tool="Vensim",
        names=("CUMULATE", "CUMULATEF"),
        advice="Add the data up in a stock, or in the file that they come from.",
    ),
    Unsupported(
        tool="Stella",
        names=("CTFLOW", "CTMAX", "CTMEAN", "CTMIN", "CTSTDDEV", "CYCLETIME", "THROUGHPUT"),
        advice=_TRACKING,
    ),
    Unsupported(
        tool="Stella",
        names=("ATTRCOUNT", "ATTRMAX", "ATTRMEAN", "ATTRMIN", "ATTRSTDDEV", "AGECOUNT"),
        advice=_TRACKING,
    ),
    Unsupported(
        tool="Stella",
        names=("CAP", "CAPACITY", "TRANSTIME", "PROCTIME", "OSTATE", "COOKTIME", "QELEM", "QLEN", "FLOWMEAN"),
        advice=_INSIDE,
    ),
    Unsupported(
        tool="Stella",
        names=("ENDVAL", "RUNCOUNT", "SENSIRUNCOUNT", "CLOCKTIME"),
        advice="A run knows nothing of other runs and of the clock; give what it needs as a constant.",
    ),
    Unsupported(
        tool="Stella",
        names=("COUNTER",),
        advice="Write how it counts with MOD, as in 1 + INT(TIME - STARTTIME) MOD 12.",
    ),
    Unsupported(
        tool="Stella",
        names=("SWITCH",),
        advice="Write IF first > second THEN 1 ELSE 0.",
    ),
    Unsupported(tool="Stella", names=("ROOTN",), advice="Write x ^ (1 / n)."),
    Unsupported(
        tool="Stella",
        names=("DERIVN", "GRADIENT"),
        advice="Take (x - PREVIOUS(x, x)) / DT, or TREND.",
    ),
    Unsupported(
        tool="Stella",
        names=("NORMALCDF", "INVNORM"),
        advice="Read the distribution from a graphical function.",
    ),
    Unsupported(
        tool="Stella",
        names=("GEOMETRIC", "NEGBINOMIAL", "PARETO"),
        advice="Turn a uniform draw into the distribution: a Pareto draw is scale / RANDOM(0, 1) ^ (1 / shape).",
    ),
    Unsupported(
        tool="Stella",
        names=("NPV", "IRR"),
        advice="Add up payments times a discount factor in a stock.",
    ),
    Unsupported(
        tool="Stella",
        names=("LOOKUPXY", "LOOKUPINV", "LOOKUPMAX", "LOOKUPMEAN", "LOOKUPMIN", "INTERPOLATE"),
        advice="Use a graphical function with points of its own.",
    ),
    Unsupported(
        tool="Stella",
        names=("REWORK", "PROPAGATE"),
        advice="Write the equation out.",
    ),
    Unsupported(
        tool="Stella",
        names=("PAUSE", "SOUND"),
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
