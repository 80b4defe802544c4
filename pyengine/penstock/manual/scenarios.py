"""The tables of scenario files: kinds of properties, faults and triggers, as the reader knows them."""

from __future__ import annotations

from ..scenario.properties import KINDS, ON_THE_WAY, WORDS
from ..scenario.reading_events import FAULTS, TRIGGERS
from . import markdown

INTRODUCTION = f"""\
What scenario files may say; [Models that talk to each other](../scenarios.md) tells what it is for. A key that is not
known is an error.

Formulas are those of models. They name variables as `role.variable`, with `{ON_THE_WAY.strip()}` behind one that a
coupling sends for the sum of what has not arrived yet, and {", ".join(map(markdown.code, WORDS))}."""


def page() -> str:
    properties = [
        (markdown.code(name), ", ".join(map(markdown.code, row.keys)), row.meaning)
        for name, row in KINDS.items()
    ]
    faults = [
        (markdown.code(name), ", ".join(map(markdown.code, row.keys)), row.meaning)
        for name, row in FAULTS.items()
    ]
    triggers = [(markdown.code(name), meaning) for name, meaning in TRIGGERS.items()]
    return markdown.page(
        "Scenario files",
        INTRODUCTION,
        "## Properties",
        "Each is a table in `properties.invariants`, those of kind `liveness` in `properties.liveness`. Every one may "
        "have a `name`. Only its first violation is reported.",
        markdown.table(("Kind", "Keys", "What must hold"), properties),
        "## Faults",
        "Each is an `action` of a table in `events`, and happens once. Without a `duration`, in ticks, it stays.",
        markdown.table(("Kind", "Keys", "What happens"), faults),
        "## Triggers",
        "At most one in the `trigger` of an event or a reconfiguration; without one it begins at once.",
        markdown.table(("Key", "When"), triggers),
    )
