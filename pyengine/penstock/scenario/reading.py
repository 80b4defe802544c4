"""Scenario files: TOML into `Scenario`, strictly. What is wrong is refused with its path in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from ..errors import error
from ..protocol import ENGINES
from ..strict import Table, parse
from . import spec
from .fields import FIELDS
from .reading_events import fault, properties, reconfiguration
from .reading_links import Names, link_rule, partition
from .spec import (
    SCHEMA,
    Coupling,
    Material,
    Network,
    RoleSpec,
    Scenario,
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
    known = Names(names)
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
        events=tuple(fault(table, known) for table in top.tables("events")),
        properties=properties(top.table("properties")),
        reconfigurations=tuple(
            reconfiguration(table, known, couplings) for table in top.tables("reconfigurations")
        ),
        max_concurrent=top.whole("max_concurrent", None, least=1),
        checkpoint_interval=top.whole("checkpoint_interval", None, least=1),
        sample_every=top.whole("sample_every", 1, least=1),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        **_output(top.table("output")),
    )
    top.finish()
    return scenario


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


def _coupling(table: Table, known: Names) -> Coupling:
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


def _network(table: Table, known: Names) -> Network:
    network = Network(
        table.number("base_latency_ms", 0.0, least=0.0),
        table.number("latency_variance", 0.0, least=0.0),
        table.number("loss_probability", 0.0, least=0.0, most=1.0),
        table.number("tick_ms", 1.0, least=1e-9),
        table.whole("reorder_window", 0),
        tuple(partition(row, known) for row in table.tables("partitions")),
        tuple(link_rule(row, known) for row in table.tables("links")),
    )
    table.finish()
    return network


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
