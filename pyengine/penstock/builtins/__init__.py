"""The tables of built-in functions; one more function is one more row in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import chain
from types import MappingProxyType

from ..model import Ident, canonical
from . import (
    allocation,
    arithmetic,
    arrays,
    arrivals,
    data,
    delays,
    distributions,
    financial,
    lookups,
    markets,
    random,
    time,
    transcendental,
    vector_lookups,
    vectors,
)
from .signature import signature
from .table import Builtin

TABLES: Mapping[str, tuple[Builtin, ...]] = {
    "Arithmetic and logic": arithmetic.ROWS,
    "Powers, exponentials, trigonometry": transcendental.ROWS,
    "Time": time.ROWS,
    "Delays and memory": (*delays.ROWS, *arrivals.ROWS),
    "Arrays": arrays.ROWS,
    "Vectors and matrices": (*vectors.ROWS, *vector_lookups.ROWS),
    "Allocation": (*allocation.ROWS, *markets.ROWS),
    "Graphical functions": lookups.ROWS,
    "Data": data.ROWS,
    "Finance": financial.ROWS,
    "Random numbers": random.ROWS,
    "Distributions": distributions.ROWS,
}
"""The rows by what they are about, as the manual lists them."""


def _table() -> Mapping[str, Builtin]:
    table: dict[str, Builtin] = {}
    for row in chain.from_iterable(TABLES.values()):
        assert row.name not in table, f"two rows for {row.name}"
        assert sum([row.lower is not None, row.reduces]) <= 1, row.name
        assert row.lower is not None or row.reduces or row.expand is not None, row.name
        params = {row.parameter(i) for i in range(len(row.params))}
        assert {*row.truths, *row.slopes, *row.lags, *row.at_start} <= params, row.name
        assert all(rule[0] in "+-" and {*rule[1:].split()} <= params for rule in row.slopes.values()), (
            row.name
        )
        assert len(signature(row.units).params) == len(row.params), row.name
        table[row.name] = row
    return MappingProxyType(table)


BUILTINS = _table()


@cache
def spellings(dialect: str) -> Mapping[Ident, str]:
    """Canonical spelling → name of the row, by the key of a dialect.

    ``xmile_isee`` is XMILE as Stella writes it, ``xmile_vensim`` as converters from Vensim do, ``xmile_ventana`` as
    Vensim itself does; ``pen_time`` has the functions of ``pen``.
    """
    language = dialect.partition("_")[0]
    found: dict[Ident, str] = {}
    for row in BUILTINS.values():
        others = row.xmile_others if language == "xmile" and dialect != "xmile_isee" else ()
        for spelling in (row.name,) if language == "pen" else (*getattr(row, language), *others):
            ident = canonical(spelling)
            assert ident not in found, f"{spelling} stands for two functions in {dialect}"
            found[ident] = row.name
    if dialect in ("xmile_vensim", "xmile_ventana"):
        found |= {canonical(spelling): row.name for row in BUILTINS.values() for spelling in row.xmile_vensim}
    if dialect == "xmile_ventana":
        found |= spellings("mdl")
    return MappingProxyType(found)
