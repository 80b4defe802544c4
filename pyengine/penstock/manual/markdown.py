"""Pieces of Markdown; every text that goes in is shown as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

DERIVED = "<!-- Made from the tables of the package by `python build.py generate`; do not edit. -->"

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|])")


def page(title: str, *blocks: str) -> str:
    return "\n\n".join((f"# {title}", DERIVED, *blocks)) + "\n"


def plain(text: str) -> str:
    """Text whose special characters mean nothing."""
    return _SPECIAL.sub(r"\\\1", text)


def code(text: str) -> str:
    """A span of code, which may stand in a table."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}".replace("|", "\\|")


def fenced(text: str, language: str = "") -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
