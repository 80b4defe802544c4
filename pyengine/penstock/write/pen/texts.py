"""The small parts of Penstock's text: quotes, units, documentation, files, and how lines are laid out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...model import External, UnitDefinition
from ...read.dialects import PEN, plain
from ...read.pen.lines import is_incomplete
from ...units import is_name
from .. import expression
from ..expression import Printer, quoted

WIDTH = 100
_GOES_ON = "\n    "


def text(content: str) -> str:
    """A text in quotes."""
    content = content.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{content}"'


def units(content: str) -> str:
    """Units in braces with a space before them, or nothing."""
    for mark in "\\{}":
        content = content.replace(mark, f"\\{mark}")
    content = content.replace("\n", "\\n")
    return f" {{{content}}}" if content else ""


def unit(definition: UnitDefinition) -> str:
    """The line of a unit; names that do not read as one stand in braces, and so does what might be one."""
    names = (definition.name, *definition.aliases)
    text = " = ".join(name if _SIMPLE(name) and is_name(name) else units(name).strip() for name in names)
    if not definition.equation:
        return f"unit {text}"
    if is_name(definition.equation) or not _SIMPLE(definition.equation):
        return f"unit {text} : {units(definition.equation).strip()}"
    return f"unit {text} = {definition.equation}"


_SIMPLE = re.compile(r"[^={}:#\"`\n]+").fullmatch


_TITLE = re.compile(r'[^"#`{\n]+').fullmatch


def title(word: str, name: str, documentation: str = "") -> str:
    """The line of a model, a group or a view."""
    bare = not name or (name == plain(name) and bool(_TITLE(name)) and not is_incomplete(name))
    return documented(f"{word} {name if bare else quoted(PEN, name)}".rstrip(), documentation)


def documented(line: str, documentation: str) -> str:
    """A line with its documentation: behind it where there is room, else below it, a text for each line."""
    if not documentation:
        return line
    written = [text(part) for part in documentation.split("\n")]
    room = WIDTH - len(line.rpartition("\n")[2])
    if len(written) == 1 and len(written[0]) + 2 <= room:
        return f"{line}  {written[0]}"
    return "\n  ".join([line, *written])


def wrapped(parts: Iterable[str]) -> str:
    return expression.wrapped(parts, WIDTH, _GOES_ON)


def indented(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a block; no text spans lines, so all can be moved."""
    for line in lines:
        for physical in line.split("\n"):
            yield f"  {physical}" if physical else ""


def elements(printer: Printer, names: Iterable[str]) -> str:
    """Names of elements, of which whole numbers need no quotes."""
    return ", ".join(name if name.isdecimal() and name.isascii() else printer.name(name) for name in names)


def subscripts(printer: Printer, names: tuple[str, ...]) -> str:
    return f"[{elements(printer, names)}]" if names else ""


def file(external: External) -> str:
    """Where values stand."""
    parts = [text(external.file), text(external.tab)]
    for word in ("cell", "along", "last", "prefix"):
        content = getattr(external, word)
        if content:
            parts.append(f"{word} {text(content)}")
    return f"file({', '.join(parts)})"
