"""Every built-in function: how it is called, what it means, how other tools spell it, examples."""

from __future__ import annotations

import math

from ..builtins import TABLES
from ..builtins.table import Builtin
from . import markdown

INTRODUCTION = """\
Functions are listed under the name that they have in Penstock text, where words may be separated by spaces or by
underscores and case does not count. A parameter with `?` may be left out; one with `…` takes any number of
arguments. Units of arguments and result stand in one line: a letter for any units, the same wherever it stands,
`time` for those of time, `1` for none, `*` for anything. The examples are run by the tests."""


def page() -> str:
    blocks = [INTRODUCTION]
    for title, rows in TABLES.items():
        blocks.append(f"## {title}")
        blocks.extend(_entry(row) for row in rows if not row.name.startswith("#"))
    return markdown.page("Functions", *blocks)


def _entry(row: Builtin) -> str:
    parts = [f"### {row.name.replace('_', ' ')}", markdown.code(f"{row.name}{row.signature}"), row.meaning]
    spellings = [
        f"{tool}: {', '.join(markdown.code(name) for name in names)}"
        for tool, names in (("Vensim", row.mdl), ("XMILE", row.xmile))
        if names
    ]
    if spellings:
        parts.append("  \n".join(spellings))
    parts.append(f"Units: {markdown.code(row.units)}")
    if row.examples:
        lines = [f"{text}  # {_number(value)}" for text, value in row.examples]
        parts.append(markdown.fenced("\n".join(lines), "pen"))
    return "\n\n".join(parts)


def _number(value: float) -> str:
    whole = math.isfinite(value) and value.is_integer() and abs(value) < 1e15
    return repr(int(value)) if whole and math.copysign(1.0, value) > 0 else repr(float(value))
