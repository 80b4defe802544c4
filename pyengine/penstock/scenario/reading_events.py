"""The parts of a scenario file that say what happens and what must hold: triggers, faults, properties, changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from ..strict import Table
from . import spec
from .properties import KINDS
from .reading_links import Names, link_rule, partition
from .spec import Coupling, Fault, Property, Reconfiguration, Trigger


def _trigger(table: Table, known: Names) -> Trigger:
    """Exactly one; none is at once."""
    kinds = [kind for kind in TRIGGERS if kind in table]
    if len(kinds) > 1:
        raise table.wrong("", f"has {len(kinds)} triggers: {', '.join(kinds)}", "Keep one.")
    match kinds:
        case ["at_tick" | "after_step" as kind]:
            trigger = Trigger(kind, n=table.whole(kind))
        case ["random"]:
            trigger = Trigger("random", p=table.number("random", least=0.0, most=1.0))
        case ["on_event"]:
            row = table.table("on_event")
            event = row.text("kind", choices=get_args(spec.EventKind))
            trigger = Trigger("on_event", event=event, role=known.role(row, "role", ""))
            row.finish()
        case _:
            trigger = Trigger()
            if "immediate" in table and not table.flag("immediate", True):
                raise table.wrong("immediate", "is false", "Leave it out.")
    table.finish()
    return trigger


_Reader = Callable[[Table, str, Names], Any]
_FAULT_FIELDS: Mapping[str, _Reader] = {
    "probability": lambda table, key, _: table.number(key, 1.0, least=0.0, most=1.0),
    "ticks": lambda table, key, _: table.whole(key, least=1),
    "role": lambda table, key, known: known.role(table, key),
    "groups": lambda table, key, known: known.groups(table),
    "duration": lambda table, key, _: table.whole(key, None, least=1),
    "mode": lambda table, key, _: table.text(key, "negate", get_args(spec.CorruptionMode)),
    "sigma": lambda table, key, _: table.number(key, 0.0, least=0.0),
}


@dataclass(frozen=True, slots=True)
class FaultRow:
    """`keys` are those of the file; `meaning` is what the manual says."""

    keys: tuple[str, ...]
    meaning: str


FAULTS: Mapping[str, FaultRow] = {
    "message_drop": FaultRow(
        ("probability", "duration"), "Messages are lost; the chances of several such faults combine."
    ),
    "message_delay": FaultRow(
        ("ticks", "duration"),
        "Messages are held back for so many ticks; of several such faults the longest counts.",
    ),
    "message_corruption": FaultRow(
        ("probability", "mode", "sigma", "duration"),
        "Values are spoiled. Mode `negate` turns the sign, `stuck` repeats the value before, `noise` adds a normal "
        "error of deviation `sigma`.",
    ),
    "node_crash": FaultRow(("role", "duration"), "The role stands still; what it is sent waits for it."),
    "network_partition": FaultRow(
        ("groups", "duration"), "Messages between different groups are lost; those in no group are one."
    ),
}
assert set(FAULTS) == set(get_args(spec.FaultKind))

TRIGGERS: Mapping[str, str] = {
    "immediate": "In the first round.",
    "at_tick": "In the first round that is not before this one.",
    "after_step": "After so many rounds in which a role took a step.",
    "random": "With this probability in each round, until it happens.",
    "on_event": "When there was an event of this `kind`, and of this `role` if one is given, since the round before: "
    + ", ".join(f"`{kind}`" for kind in get_args(spec.EventKind))
    + ".",
}
assert set(TRIGGERS) == set(get_args(spec.TriggerKind))


def fault(table: Table, known: Names) -> Fault:
    trigger, action = _trigger(table.table("trigger"), known), table.table("action")
    kind = action.text("kind", choices=tuple(FAULTS))
    given = {key: _FAULT_FIELDS[key](action, key, known) for key in FAULTS[kind].keys}
    if given.get("sigma") and given["mode"] != "noise":
        raise action.wrong("sigma", 'goes with mode = "noise" only')
    action.finish()
    table.finish()
    return Fault(kind, trigger, **given)


def properties(table: Table) -> tuple[Property, ...]:
    """`invariants` and `liveness`; a liveness is one kind of property more."""
    rows = [property_of(row, row.text("kind", choices=_invariants())) for row in table.tables("invariants")]
    rows += [property_of(row, "liveness") for row in table.tables("liveness")]
    table.finish()
    names = [row.name for row in rows]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise table.wrong("", f"has two named {twice!r}", "Give each a name of its own.")
    return tuple(rows)


def _invariants() -> tuple[str, ...]:
    return tuple(kind for kind in KINDS if kind != "liveness")


_PROPERTY_FIELDS: Mapping[str, tuple[str, Callable[[Table, str], Any]]] = {
    "variable": ("variable", lambda table, key: table.text(key)),
    "other": ("other", lambda table, key: table.text(key)),
    "link": ("variable", lambda table, key: table.text(key)),
    "predicate": ("formula", lambda table, key: table.text(key)),
    "precondition": ("formula", lambda table, key: table.text(key)),
    "goal": ("goal", lambda table, key: table.text(key)),
    "low": ("low", lambda table, key: table.number(key, float("-inf"))),
    "high": ("high", lambda table, key: table.number(key, float("inf"))),
    "tolerance": ("tolerance", lambda table, key: table.number(key, 1e-8, least=0.0)),
    "bound": ("bound", lambda table, key: table.whole(key)),
    "most": ("high", lambda table, key: table.number(key)),
    "direction": ("direction", lambda table, key: table.text(key, "up", ("up", "down"))),
}
"""Keys of the file, which field of `Property` each is, and how it is read."""


def property_of(table: Table, kind: str) -> Property:
    """A property of a kind, from the rest of its table."""
    given = {_PROPERTY_FIELDS[key][0]: _PROPERTY_FIELDS[key][1](table, key) for key in KINDS[kind].keys}
    words = [str(given[key]) for key in ("variable", "other") if key in given]
    name = table.text("name", " ".join([kind, *words]))
    table.finish()
    return Property(kind, name, **given)


def reconfiguration(table: Table, known: Names, couplings: Sequence[Coupling]) -> Reconfiguration:
    trigger, action = _trigger(table.table("trigger"), known), table.table("action")
    kind = action.text("kind", choices=get_args(spec.ActionKind))
    match kind:
        case "link":
            made = Reconfiguration(kind, trigger, link=link_rule(action, known))
        case "partition":
            made = Reconfiguration(kind, trigger, partition=partition(action, known))
        case "remove":
            made = _removal(action, trigger, known, couplings)
        case _:
            made = _handoff(action, trigger, known, couplings)
    table.finish()
    return made


def _handoff(action: Table, trigger: Trigger, known: Names, couplings: Sequence[Coupling]) -> Reconfiguration:
    source, target = known.pair(action)
    found = [i for i, row in enumerate(couplings) if (row.source, row.target) == (source, target)]
    if "out" in action:
        output = action.text("out")
        found = [i for i in found if couplings[i].output == output]
    if len(found) != 1:
        problem = f"fits {len(found)} couplings from {source} to {target}"
        raise action.wrong("", problem, "Name the coupling by from, to and out.")
    middle = known.role(action, "middle")
    if middle not in couplings[found[0]].via:
        raise action.wrong("middle", f"is {middle!r}, which is not on the coupling's way")
    made = Reconfiguration(
        "handoff",
        trigger,
        coupling=found[0],
        middle=middle,
        flush=action.flag("flush", True),
        timeout=action.whole("timeout", 100, least=1),
    )
    action.finish()
    return made


def _removal(action: Table, trigger: Trigger, known: Names, couplings: Sequence[Coupling]) -> Reconfiguration:
    """Every coupling that leads to the role needs one of the same kind that leads on."""
    middle, joins = known.role(action, "middle"), []
    names = [f"{row.source}.{row.output}" for row in couplings]
    for row in action.tables("joins"):
        pair = [row.text("from"), row.text("to")]
        unknown = next((name for name in pair if name not in names), None)
        if unknown is not None:
            raise row.wrong("", f"names no coupling: {unknown!r}", f"The couplings are {', '.join(names)}.")
        into, onward = (names.index(name) for name in pair)
        if couplings[into].target != middle or couplings[onward].source != middle:
            raise row.wrong("", f"does not lead to {middle} and on", "Join what comes in to what goes out.")
        if couplings[into].via or couplings[onward].via:
            raise row.wrong("", "leads through other roles", "Take those out first.")
        joins.append((into, onward))
        row.finish()
    left = [i for i, row in enumerate(couplings) if middle in (row.source, row.target)]
    if not joins or sorted(left) != sorted(i for pair in joins for i in pair):
        raise action.wrong("joins", f"leaves couplings of {middle} without an end", "Join each, once.")
    values = action.map_of_numbers("values")
    made = Reconfiguration(
        "remove",
        trigger,
        middle=middle,
        joins=tuple(joins),
        values=values,
        timeout=action.whole("timeout", 100, least=1),
    )
    action.finish()
    return made
