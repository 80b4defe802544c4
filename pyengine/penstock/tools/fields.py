"""`fieldDescriptors`: what completion and sliders need, in the dialect that is asked for."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ..builtins import TABLES, spellings
from ..builtins.table import Builtin
from ..compiler import Compiled
from ..errors import error
from ..place import Source
from ..read.dialects import DIALECTS, Dialect
from ..read.expression import Parser
from ..read.lexer import passage
from ..write.expression import Printer, written_name
from ..write.losses import Losses
from .introspect import dimensions, dims_of, visible
from .values import json_value

LANGUAGES = ("mdl", "xmile", "pen")

_WORD = re.compile(r":?[A-Za-z]+:?")


def field_descriptors(compiled: Compiled, dialect: str | None = None) -> dict[str, Any]:
    """Raises PEN514 for a dialect that there is not."""
    language = compiled.format if dialect is None else dialect
    if language not in LANGUAGES:
        advice = f"Use one of {', '.join(LANGUAGES)}."
        raise error("PEN514", what="the dialect", value=language, advice=advice)
    sliders = {row["name"]: row for row in compiled.document["sliders"]}
    by_ident = {variable.ident: variable for variable in compiled.flat.variables}
    names = []
    for symbol in visible(compiled):
        variable, slider = by_ident[symbol.ident], sliders.get(symbol.name)
        bounds = variable.value_range or (None, None)
        names.append(
            {
                "name": symbol.name,
                "insert": written_name(language, symbol.name),
                "kind": symbol.kind,
                "units": variable.units,
                "dims": dims_of(symbol, compiled),
                "value_range": [None if bound is None else json_value(bound) for bound in bounds],
                "slider": None
                if slider is None
                else {
                    "low": json_value(slider["low"]),
                    "high": json_value(slider["high"]),
                    "step": None if slider["step"] is None else json_value(slider["step"]),
                    "value": json_value(slider["value"]),
                },
            }
        )
    return {
        "dialect": language,
        "names": names,
        "dimensions": dimensions(compiled),
        "functions": _functions(language),
        "words": _words(DIALECTS[language]),
    }


@cache
def _functions(language: str) -> list[dict[str, Any]]:
    """The built-ins that a dialect can call, by the name it has for each."""
    known: dict[str, list[str]] = {}
    for spelling, name in spellings(language).items():
        known.setdefault(name, []).append(spelling)
    printer = Printer(DIALECTS[language], Losses(language))
    rows = [
        _function(row, group, known[row.name], printer)
        for group, table in TABLES.items()
        for row in table
        if row.name in known
    ]
    return sorted(rows, key=lambda row: str(row["name"]).casefold())


def _function(row: Builtin, group: str, spelled: list[str], printer: Printer) -> dict[str, Any]:
    name = printer.spelling(row, row.fewest) or spelled[0]
    return {
        "name": name,
        "spellings": list(_as_written(row, printer.dialect.key)),
        "signature": row.signature,
        "parameters": [param.rstrip("?*") for param in row.params],
        "meaning": row.meaning,
        "group": group,
        "examples": [
            {"expression": text, "value": json_value(value)}
            for expression, value in row.examples
            if (text := _translated(expression, printer.dialect)) is not None
        ],
    }


def _as_written(row: Builtin, language: str) -> tuple[str, ...]:
    return (row.name.replace("_", " "),) if language == "pen" else getattr(row, language)


def _translated(example: str, dialect: Dialect) -> str | None:
    """An example of the table in another dialect; None where that has no words for it."""
    if dialect.key == "pen":
        return example
    losses = Losses(dialect.key)
    text = Printer(dialect, losses).expression(
        Parser(passage(Source("example", example)), DIALECTS["pen"]).whole()
    )
    return None if losses.found else text


def _words(dialect: Dialect) -> list[str]:
    return sorted(
        word for word in {*dialect.prefix, *dialect.infix, *dialect.constants} if _WORD.fullmatch(word)
    )
