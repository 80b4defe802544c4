"""The tables of built-in functions; one more function is one more row in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ..model import Ident, canonical
from . import arithmetic, arrays, delays, time, transcendental
from .table import Builtin


def _table() -> Mapping[str, Builtin]:
    table: dict[str, Builtin] = {}
    for module in (arithmetic, transcendental, time, delays, arrays):
        for row in module.ROWS:
            assert row.name not in table, f"two rows for {row.name}"
            assert sum([row.lower is not None, row.expand is not None, row.reduces]) == 1, row.name
            assert set(row.truths) <= {row.parameter(i) for i in range(len(row.params))}, row.name
            table[row.name] = row
    return MappingProxyType(table)


BUILTINS = _table()


@cache
def spellings(dialect: str) -> Mapping[Ident, str]:
    """Canonical spelling → name of the row, for `mdl`, `xmile` or `pen`."""
    found: dict[Ident, str] = {}
    for row in BUILTINS.values():
        for spelling in (row.name,) if dialect == "pen" else getattr(row, dialect):
            ident = canonical(spelling)
            assert ident not in found, f"{spelling} stands for two functions in {dialect}"
            found[ident] = row.name
    return MappingProxyType(found)
