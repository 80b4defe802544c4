"""The catalogue of messages: every code with its text and its advice."""

from __future__ import annotations

import re
from itertools import groupby

from ..errors import CODES, GROUPS, Code
from . import markdown

_FIELD = re.compile(r"\{(\w+)[^}]*\}")

INTRODUCTION = """\
A message has a code, says what is wrong and where, and what to do about it. *Italic words* stand for what is found
in the model. Errors keep a model from running; warnings and hints do not."""


def page() -> str:
    blocks = [INTRODUCTION]
    for group, rows in groupby(CODES.values(), lambda row: row.code[:4]):
        blocks += [f"## {GROUPS[group]}", markdown.table(("Code", "Message", "Advice"), map(_row, rows))]
    return markdown.page("Messages", *blocks)


def _row(row: Code) -> tuple[str, str, str]:
    label = row.code if row.severity == "error" else f"{row.code} ({row.severity})"
    return label, _shown(row.message), _shown(row.advice) if row.advice != "{advice}" else "told case by case"


def _shown(text: str) -> str:
    parts = _FIELD.split(text)
    return "".join(
        f"*{part.replace('_', ' ')}*" if number % 2 else markdown.plain(part)
        for number, part in enumerate(parts)
        if part
    )
