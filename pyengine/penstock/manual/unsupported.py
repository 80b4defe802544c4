"""What models of other tools may hold and Penstock refuses, by name, with what to do instead."""

from __future__ import annotations

from itertools import groupby

from ..builtins.unsupported import ROWS
from ..read.dialects import MDL, Refusal
from . import markdown

INTRODUCTION = """\
Penstock computes what a model says, or refuses it; it puts nothing similar in its place. These functions of other
tools are known and refused. A model that has them can still be opened in part, see [Models with errors](../partial.md).
A model's own lookups and macros may have these names."""


def page() -> str:
    blocks = [INTRODUCTION]
    for tool, rows in groupby(sorted(ROWS, key=lambda row: row.tool), lambda row: row.tool):
        table = [
            (", ".join(map(markdown.code, row.names)), markdown.plain(row.why), markdown.plain(row.advice))
            for row in rows
        ]
        blocks += [f"## {tool}", markdown.table(("Function", "Why", "Instead"), table)]
        if tool == "Vensim":
            blocks += ["In the text of an equation:", markdown.table(("Form", "Instead"), _forms())]
    return markdown.page("What is not supported", *blocks)


def _forms() -> list[tuple[str, str]]:
    return [(_form(row), markdown.plain(row.advice)) for row in MDL.refused]


def _form(row: Refusal) -> str:
    name = markdown.code(
        row.name.replace("_", " ").strip().upper() + (" …" if row.name.endswith("_") else "")
    )
    return markdown.plain(row.construct).replace(r"\{name\}", name)
