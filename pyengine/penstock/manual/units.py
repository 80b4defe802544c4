"""Names of units that mean the same in every model."""

from __future__ import annotations

from ..units import DEFAULTS
from . import markdown

INTRODUCTION = """\
These names are known from the start; case does not count, and a space is the same as an underscore. Any other name
is a unit of its own until a model says otherwise. `time` stands for whatever the model's time is in."""


def page() -> str:
    rows = [
        (
            markdown.code(names[0]),
            ", ".join(map(markdown.code, names[1:])),
        )
        for names in DEFAULTS
    ]
    return markdown.page("Names of units", INTRODUCTION, markdown.table(("Unit", "Also written"), rows))
