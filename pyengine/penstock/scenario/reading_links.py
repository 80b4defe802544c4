"""The parts of a scenario file that tell of roles and links: names, windows, partitions, rules of links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..strict import Table
from .spec import LinkRule, Partition, Window


class Names:
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


def window(table: Table) -> Window:
    start, end = table.whole("start_tick", 0), table.whole("end_tick", None)
    if end is not None and end < start:
        raise table.wrong("end_tick", f"is {end}, before start_tick {start}")
    return Window(start, end)


def partition(table: Table, known: Names) -> Partition:
    found = Partition(known.groups(table), window(table))
    table.finish()
    return found


def link_rule(table: Table, known: Names) -> LinkRule:
    source, target = known.pair(table)
    rule = LinkRule(
        source,
        target,
        window(table),
        table.flag("enabled", True),
        table.number("base_latency_ms", None, least=0.0),
        table.number("latency_variance", None, least=0.0),
        table.number("loss_probability", None, least=0.0, most=1.0),
    )
    table.finish()
    return rule
