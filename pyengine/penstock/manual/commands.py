"""The command line, as its own parser describes it."""

from __future__ import annotations

import argparse

from ..cli import COMMANDS, parser
from . import markdown

INTRODUCTION = """\
Errors go to standard error. The exit status is 0 when all is well, 1 for an error in the model or the request, and
70 for a fault of Penstock."""


def page() -> str:
    sections = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    blocks = [INTRODUCTION]
    for row in COMMANDS:
        blocks += [f"## penstock {row.name}", f"{row.help[0].upper()}{row.help[1:]}."]
        blocks.append(_arguments(sections.choices[row.name]))
    return markdown.page("Commands", *blocks)


def _arguments(command: argparse.ArgumentParser) -> str:
    rows = [
        (_form(action), markdown.plain((action.help or "").replace("%(default)s", str(action.default))))
        for action in command._actions
        if not isinstance(action, argparse._HelpAction)
    ]
    return markdown.table(("Argument", "Meaning"), rows)


def _form(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    name = value if isinstance(value, str) else " ".join(value)
    if not action.option_strings:
        return markdown.code(name)
    takes = "" if action.nargs == 0 else f" {name}"
    return markdown.code(f"{action.option_strings[-1]}{takes}")
