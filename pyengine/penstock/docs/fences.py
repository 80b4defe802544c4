"""Models in Markdown: fenced blocks whose language is `penstock`, and what stands in place of them.

A fence within another, longer one is text, as everywhere in Markdown. Lists, quotations and admonitions may hold
fences: what stands before the fence on its line stands before the block's other lines too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..errors import error
from ..place import Source
from .blocks import Block, placed

_FENCE = re.compile(r"(?P<before>[ \t>]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$")
_LANGUAGE = re.compile(r"penstock(?=$|[\s{])|\{\s*\.penstock(?=[\s}])|\{penstock\}", re.IGNORECASE)
_ITEM = re.compile(
    r"""(?: (?P<name>[\w-]+) (?: \s*=\s* (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<plain>[^\s"']+) ) )?
        | \#(?P<id>[\w-]+)
        | \.[\w-]+
        | (?P<file>[^\s"'=]+)
        ) (?:\s+|$)""",
    re.VERBOSE,
)
_LINE_OPTION = re.compile(r":([\w-]+):(?:[ \t]+(.*))?$")


@dataclass(frozen=True, slots=True)
class Fence:
    """Lines from `start` up to `end`, counted from 0, the fences included; `before` stands before each of them."""

    start: int
    end: int
    before: str
    block: Block


def fences(page: Source) -> Iterator[Fence]:
    """The blocks of a page, in order. Raises PEN514 for a first line that is not understood."""
    lines = page.text.split("\n")
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening is None or (opening["fence"][0] == "`" and "`" in opening["info"]):
            at += 1
            continue
        closing = re.compile(rf"[ \t>]*{re.escape(opening['fence'])}{opening['fence'][0]}*[ \t]*$")
        last = next((n for n in range(at + 1, len(lines)) if closing.match(lines[n])), len(lines))
        info = opening["info"].strip()
        if language := _LANGUAGE.match(info):
            inner = [_stripped(line, opening["before"]) for line in lines[at + 1 : last]]
            block = _block(page, at + 1, info[language.end() :], inner)
            yield Fence(at, min(last + 1, len(lines)), opening["before"], block)
        at = last + 1


def replaced(page: Source, write: Callable[[Block], str]) -> str:
    """The page with what `write` makes of each block, on a line of its own."""
    lines, made, done = page.text.split("\n"), [], 0
    for fence in fences(page):
        empty = fence.before.rstrip()
        made += [*lines[done : fence.start], empty, fence.before + write(fence.block), empty]
        done = fence.end
    return "\n".join([*made, *lines[done:]])


def _block(page: Source, line: int, info: str, inner: list[str]) -> Block:
    with placed(page, line):
        options = _options(info.strip().removeprefix("{").removesuffix("}").strip())
    first = line + 1
    while inner and (option := _LINE_OPTION.match(inner[0])):
        options[option[1]] = option[2] or ""
        inner, first = inner[1:], first + 1
    return Block(page, line, first, "\n".join([*inner, ""]) if any(inner) else "", options)


def _stripped(line: str, before: str) -> str:
    """Without what stands before the fence, as far as it stands there."""
    count = 0
    while count < min(len(before), len(line)) and line[count] in " \t>":
        count += 1
    return line[count:]


def _options(text: str) -> dict[str, str]:
    """``file.mdl height=420 sliders="a, b" autoplay #id``, as attributes of HTML are written."""
    options: dict[str, str] = {}
    at = 0
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None:
            advice = 'Write file.mdl, option=value or option="values with spaces".'
            raise error("PEN514", what="what stands after penstock,", value=text[at : at + 60], advice=advice)
        at = item.end()
        if name := item["name"]:
            options[name] = item["double"] or item["single"] or item["plain"] or ""
        elif item["id"] or item["file"]:
            options["id" if item["id"] else "file"] = item["id"] or item["file"]
    return options
