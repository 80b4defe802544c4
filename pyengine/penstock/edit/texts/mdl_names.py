"""Vensim's files for edits: blocks, what stands in them, and the lines of sketches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from ...model import Ident, canonical
from ...place import Source
from ...read import ReadResult
from ...read.dialects import MDL, Dialect, plain, unquote
from ...read.lexer import passage
from ...read.mdl.blocks import Block, blocks, end_of_equations
from ...read.mdl.sketch import TEXT_BELOW
from ...write.expression import written_name
from ..meaning import MAIN, Role, Scope
from .base import Mention, looking_for, named_tokens

SYMBOL = re.compile(
    r'(10|11|12|30|31),([0-9]{1,9}),("(?:[^"\\\n]|\\.)*+"|[^,\n]*+),([^,\n]*+),([^,\n]*+),([^,\n]*+),([^,\n]*+),(.*)'
)
_WATCHED = re.compile(r"^:VAR ([^\n]*)$|^5:([^\n]*)$", re.MULTILINE)


class MdlNames:
    """One Vensim file."""

    format = "mdl"

    def __init__(self, read: ReadResult) -> None:
        self.read = read
        self.source: Source = read.source
        self.text = read.source.text
        self.dialect: Dialect = replace(MDL, macros=frozenset(item.ident for item in read.model.macros))
        self.end = end_of_equations(self.text)

    @cached_property
    def blocks(self) -> list[tuple[Block, Scope]]:
        """The blocks with the scopes that they stand in; a macro's head stands in the macro."""
        found: list[tuple[Block, Scope]] = []
        scope = MAIN
        for block in blocks(self.source, self.end, []):
            if block.macro == "head":
                name = self.text[block.start : block.end].partition("(")[0].rpartition(":")[2].strip()
                scope = Scope("macro", canonical(name))
            found.append((block, scope))
            if block.macro == "end":
                scope = MAIN
        return found

    # Names.

    def spelled(self, name: str) -> str:
        return written_name("mdl", name)

    def mentions(self, ident: Ident) -> Iterator[Mention]:
        """Every place where a name may stand that is, or holds, the identifier."""
        pattern = looking_for(ident)
        for block, scope in self.blocks:
            if block.group is not None or block.macro == "end":
                continue
            if pattern.search(self.text, block.start, block.end):
                yield from self._in_block(block, scope)
            if not block.macro:
                yield from self._runs(block)
        yield from self._in_sketches(pattern)
        for match in _WATCHED.finditer(self.text, self.end):
            group = 1 if match[1] is not None else 2
            yield Mention(*match.span(group), plain(match[group]), MAIN, "symbol", str)

    def _in_block(self, block: Block, scope: Scope) -> Iterator[Mention]:
        found = named_tokens(passage(self.source, block.start, block.end), self.dialect, True)
        first = True
        is_range = False
        for token, role in found:
            if first and block.macro == "head":
                role = "call"
            elif first:
                rest = self.text[token.end : block.end].lstrip()
                is_range = rest.startswith("<->") or (rest.startswith(":") and not _KEYWORD.match(rest))
            if is_range:
                role = "subscript"
            first = False
            if is_range and self._is_run(token.start, token.end):
                continue
            yield Mention(token.start, token.end, token.text, scope, role, self.spelled)

    def _runs(self, block: Block) -> Iterator[Mention]:
        """Runs like (a1-a9), which a new name for one element takes apart; the name is that of all, with commas."""
        for match in _RUN.finditer(self.text, block.start, block.end):
            names = numbered(match[1], match[2])
            for name in names:
                yield Mention(*match.span(), name, MAIN, "subscript", _apart(names, name, self.spelled))

    def _is_run(self, start: int, end: int) -> bool:
        """Whether a name is one end of a run."""
        before, after = self.text[:start].rstrip()[-1:], self.text[end : end + 80].lstrip()[:1]
        return (before == "(" and after == "-") or (before == "-" and after == ")")

    def _in_sketches(self, pattern: re.Pattern[str]) -> Iterator[Mention]:
        role: Role = "symbol"
        for match in self.symbols():
            if match[1] == "10" and pattern.search(match[3]):
                text = match[3]
                name = unquote(MDL, text) if text.startswith('"') else plain(text)
                yield Mention(*match.span(3), name, MAIN, role, self.spelled)

    def symbols(self) -> Iterator[re.Match[str]]:
        """The lines of all symbols, those that are the text of a comment left out."""
        at, inside = self.end, False
        while at < len(self.text):
            end = self.text.find("\n", at)
            end = len(self.text) if end < 0 else end
            if self.text.startswith("///---", at):
                return
            inside = inside or self.text.startswith("*", at)
            match = SYMBOL.fullmatch(self.text, at, end) if inside else None
            at = end + 1
            if match is not None:
                yield match
                if match[1] == "12" and bits_of(match) & TEXT_BELOW:
                    end = self.text.find("\n", at)
                    at = len(self.text) if end < 0 else end + 1


def _apart(names: list[str], old: str, spelled: Callable[[str], str]) -> Callable[[str], str]:
    """How a run is written once one of its elements has another name."""
    return lambda new: ", ".join(spelled(new if name == old else name) for name in names)


def numbered(first: str, last: str) -> list[str]:
    """The elements of a run, which the reader knows to be one."""
    low, high = _NUMBER.search(first), _NUMBER.search(last)
    if low is None or high is None:
        return []
    return [f"{first[: low.start()]}{number}" for number in range(int(low[0]), int(high[0]) + 1)]


_RUN = re.compile(r"\(\s*([^\W\d][^-(),\n]*?[0-9]+)\s*-\s*([^\W\d][^-(),\n]*?[0-9]+)\s*\)")
_NUMBER = re.compile(r"[0-9]+\Z")
_KEYWORD = re.compile(r":[A-Za-z][A-Za-z _]*+:|:=")


def bits_of(match: re.Match[str]) -> int:
    fields = match[8].split(",")
    return int(fields[1]) if len(fields) > 1 and fields[1].isdecimal() and len(fields[1]) < 10 else 0
