"""Scenario files: TOML into `Scenario`, strictly. What is wrong is refused with its path in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from ..errors import error
from ..protocol import ENGINES
from ..strict import Table, parse
from . import spec
from .fields import FIELDS
from .properties import KINDS
from .spec import (
    SCHEMA,
    Coupling,
    Fault,
    LinkRule,
    Material,
    Network,
    Partition,
    Property,
    Reconfiguration,
    RoleSpec,
    Scenario,
    Trigger,
    Window,
)


def read_scenario(path: str | Path) -> Scenario:
    """The scenario in a file. Raises PEN001, PEN550, PEN551."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise error("PEN001", name=str(path), reason=str(problem)) from None
    return parse_scenario(text, Path(path).name)


def parse_scenario(text: str, name: str = "scenario.toml") -> Scenario:
    """The scenario in a text; `name` is shown in messages. Raises PEN550, PEN551."""
    top = parse(text, name)
    top.text("schema", SCHEMA, (SCHEMA,))
    names = top.texts("roles")
    if not names or len(set(names)) != len(names):
        raise top.wrong("roles", "must name at least one role, and each once")
    known = _Names(names)
    material = _material(top.table("material")) if "material" in top else None
    couplings = tuple(_coupling(table, known) for table in top.tables("couplings"))
    scenario = Scenario(
        name=top.text("name"),
        roles=_roles(top.table("role"), names, material),
        steps=top.whole("steps", least=1),
        couplings=couplings,
        seed=top.whole("seed", 0),
        concurrency=top.whole("concurrency", 1, least=1),
        tick=top.number("tick", 1.0, least=1e-12),
        network=_network(top.table("network"), known),
        material=material,
        events=tuple(_fault(table, known) for table in top.tables("events")),
        properties=_properties(top.table("properties")),
        reconfigurations=tuple(
            _reconfiguration(table, known, couplings) for table in top.tables("reconfigurations")
        ),
        max_concurrent=top.whole("max_concurrent", None, least=1),
        checkpoint_interval=top.whole("checkpoint_interval", None, least=1),
        sample_every=top.whole("sample_every", 1, least=1),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        **_output(top.table("output")),
    )
    top.finish()
    return scenario


class _Names:
    """The roles that the file may speak of."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)

    def role(self, table: Table, key: str, default: Any = ...) -> Any:
        name = table.text(key) if default is ... else table.text(key, default)
        if name != default and name not in self.names:
            raise table.wrong(key, f"names no role: {name!r}", f"The roles are {', '.join(self.names)}.")
        return name

    def pair(self, table: Table) -> tuple[str, str]:
        source, target = self.role(table, "from"), self.role(table, "to")
        if source == target:
            raise table.wrong("to", "is the same role as from")
        return source, target

    def groups(self, table: Table) -> tuple[tuple[str, ...], ...]:
        groups = table.take("groups")
        if not isinstance(groups, list) or not groups:
            raise table.wrong("groups", "is not a list of groups of roles")
        seen: set[str] = set()
        for i, group in enumerate(groups):
            for role in group if isinstance(group, list) and group else [None]:
                if role not in self.names:
                    raise table.wrong(f"groups[{i}]", f"names no role: {role!r}")
                if role in seen:
                    raise table.wrong(f"groups[{i}]", f"has {role} in a second group")
                seen.add(role)
        return tuple(tuple(group) for group in groups)


def _roles(table: Table, names: Iterable[str], material: Material | None) -> tuple[RoleSpec, ...]:
    roles = []
    for name in names:
        row = table.table(name)
        role = RoleSpec(
            name,
            row.text("model", ""),
            row.text("engine", "wasm", ENGINES),
            row.map_of_numbers("params"),
            row.numbers("initial", None),
            row.texts("outputs", ()),
            row.map_of_texts("policy"),
            row.text("player", "rule", get_args(spec.PlayerKind)),
        )
        if role.model and material:
            raise row.wrong("model", "and a material exclude each other", "Remove one of the two.")
        row.finish()
        roles.append(role)
    table.finish()
    return tuple(roles)


def _coupling(table: Table, known: _Names) -> Coupling:
    source, target = known.pair(table)
    coupling = Coupling(
        source,
        table.text("out"),
        target,
        table.text("in"),
        table.text("kind", "value", get_args(spec.CouplingKind)),
        table.number("initial", None),
        table.texts("via", ()),
        table.whole("work", 0),
    )
    ends = {coupling.source, coupling.target}
    if len(set(coupling.via)) != len(coupling.via) or ends & set(coupling.via):
        raise table.wrong("via", "has a role twice, or an end of the path")
    unknown = next((role for role in coupling.via if role not in known.names), None)
    if unknown is not None:
        raise table.wrong("via", f"names no role: {unknown!r}", f"The roles are {', '.join(known.names)}.")
    table.finish()
    return coupling


def _window(table: Table) -> Window:
    start, end = table.whole("start_tick", 0), table.whole("end_tick", None)
    if end is not None and end < start:
        raise table.wrong("end_tick", f"is {end}, before start_tick {start}")
    return Window(start, end)


def _network(table: Table, known: _Names) -> Network:
    network = Network(
        table.number("base_latency_ms", 0.0, least=0.0),
        table.number("latency_variance", 0.0, least=0.0),
        table.number("loss_probability", 0.0, least=0.0, most=1.0),
        table.number("tick_ms", 1.0, least=1e-9),
        table.whole("reorder_window", 0),
        tuple(_partition(row, known) for row in table.tables("partitions")),
        tuple(_link(row, known) for row in table.tables("links")),
    )
    table.finish()
    return network


def _partition(table: Table, known: _Names) -> Partition:
    partition = Partition(known.groups(table), _window(table))
    table.finish()
    return partition


def _link(table: Table, known: _Names) -> LinkRule:
    source, target = known.pair(table)
    rule = LinkRule(
        source,
        target,
        _window(table),
        table.flag("enabled", True),
        table.number("base_latency_ms", None, least=0.0),
        table.number("latency_variance", None, least=0.0),
        table.number("loss_probability", None, least=0.0, most=1.0),
    )
    table.finish()
    return rule


def _trigger(table: Table, known: _Names) -> Trigger:
    """Exactly one; none is at once."""
    kinds = [kind for kind in get_args(spec.TriggerKind) if kind in table]
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


_Reader = Callable[[Table, str, _Names], Any]
_FAULT_FIELDS: Mapping[str, _Reader] = {
    "probability": lambda table, key, _: table.number(key, 1.0, least=0.0, most=1.0),
    "ticks": lambda table, key, _: table.whole(key, least=1),
    "role": lambda table, key, known: known.role(table, key),
    "groups": lambda table, key, known: known.groups(table),
    "duration": lambda table, key, _: table.whole(key, None, least=1),
    "mode": lambda table, key, _: table.text(key, "negate", get_args(spec.CorruptionMode)),
    "sigma": lambda table, key, _: table.number(key, 0.0, least=0.0),
}
_FAULTS: Mapping[str, tuple[str, ...]] = {
    "message_drop": ("probability", "duration"),
    "message_delay": ("ticks", "duration"),
    "message_corruption": ("probability", "mode", "sigma", "duration"),
    "node_crash": ("role", "duration"),
    "network_partition": ("groups", "duration"),
}
"""The keys of each kind of fault."""
assert set(_FAULTS) == set(get_args(spec.FaultKind))


def _fault(table: Table, known: _Names) -> Fault:
    trigger, action = _trigger(table.table("trigger"), known), table.table("action")
    kind = action.text("kind", choices=tuple(_FAULTS))
    given = {key: _FAULT_FIELDS[key](action, key, known) for key in _FAULTS[kind]}
    if given.get("sigma") and given["mode"] != "noise":
        raise action.wrong("sigma", 'goes with mode = "noise" only')
    action.finish()
    table.finish()
    return Fault(kind, trigger, **given)


def _properties(table: Table) -> tuple[Property, ...]:
    """`invariants` and `liveness`; a liveness is one kind of property more."""
    rows = [_property(row, row.text("kind", choices=_invariants())) for row in table.tables("invariants")]
    rows += [_property(row, "liveness") for row in table.tables("liveness")]
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


def _property(table: Table, kind: str) -> Property:
    given = {_PROPERTY_FIELDS[key][0]: _PROPERTY_FIELDS[key][1](table, key) for key in KINDS[kind].keys}
    words = [str(given[key]) for key in ("variable", "other") if key in given]
    name = table.text("name", " ".join([kind, *words]))
    table.finish()
    return Property(kind, name, **given)


def _reconfiguration(table: Table, known: _Names, couplings: Sequence[Coupling]) -> Reconfiguration:
    trigger, action = _trigger(table.table("trigger"), known), table.table("action")
    kind = action.text("kind", choices=get_args(spec.ActionKind))
    match kind:
        case "link":
            made = Reconfiguration(kind, trigger, link=_link(action, known))
        case "partition":
            made = Reconfiguration(kind, trigger, partition=_partition(action, known))
        case "remove":
            made = _removal(action, trigger, known, couplings)
        case _:
            made = _handoff(action, trigger, known, couplings)
    table.finish()
    return made


def _handoff(
    action: Table, trigger: Trigger, known: _Names, couplings: Sequence[Coupling]
) -> Reconfiguration:
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


def _removal(
    action: Table, trigger: Trigger, known: _Names, couplings: Sequence[Coupling]
) -> Reconfiguration:
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


def _material(table: Table) -> Material:
    layer = table.text("layer", choices=tuple(FIELDS))
    params = table.table("params")
    values = {name: reader(params, name) for name, reader in FIELDS[layer].params.items()}
    params.finish()
    table.finish()
    return Material(layer, values)


def _output(table: Table) -> dict[str, Any]:
    given = {
        "output_file": table.text("file", ""),
        "output_format": table.text("format", "json", ("json", "jsonl")),
    }
    table.finish()
    return given
