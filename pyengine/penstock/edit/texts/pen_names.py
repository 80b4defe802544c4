"""Penstock's own text for edits: its lines, and which words of them are names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from ...model import Ident, canonical
from ...read import ReadResult
from ...read.dialects import PEN, PEN_TIME, Dialect
from ...read.lexer import Token
from ...read.pen import _STARTS
from ...read.pen.lines import Line, lines
from ...read.pen.variables import KINDS, MODIFIERS, title
from ...read.pen.views import SYMBOLS
from ...write.expression import written_name
from ..meaning import MAIN, Role, Scope
from .base import Mention, looking_for, named_tokens

_POINT_KINDS = ("extrapolate", "discrete", "hold", "forward", "raw")
_WITHOUT_NAMES = (
    "model",
    "group",
    "unit",
    "looks",
    "this",
    "range",
    "leak",
    "as",
    "view",
    "submodel",
    "keep",
)
_TEXTS = ("comment", "picture")


class PenNames:
    """One text in Penstock's language."""

    format = "pen"

    def __init__(self, read: ReadResult) -> None:
        self.read = read
        self.source = read.source
        self.text = read.source.text
        self.dialect: Dialect = replace(PEN, macros=frozenset(item.ident for item in read.model.macros))
        self.end = len(self.text)

    @cached_property
    def lines(self) -> list[tuple[Line, Scope, str]]:
        """The lines with the scopes and the kinds of the blocks that they stand in; a macro's head stands in it."""
        found: list[tuple[Line, Scope, str]] = []
        blocks: list[tuple[Scope, str]] = [(MAIN, "")]
        for line in lines(self.source, _STARTS):
            del blocks[line.depth + 1 :]
            scope, block = blocks[-1]
            if line.word == "macro" and not block:
                scope = Scope("macro", canonical(line.parser().token.text))
                blocks.append((scope, "macro"))
            elif line.word == "submodel" and not block:
                blocks.append((Scope("model", canonical(title(line)[0])), "submodel"))
            elif line.word in ("view", "keep") and block in ("", "submodel", "macro"):
                blocks.append((scope, line.word))
            found.append((line, scope, block))
        return found

    def spelled(self, name: str) -> str:
        return written_name("pen", name)

    def mentions(self, ident: Ident) -> Iterator[Mention]:
        pattern = looking_for(ident)
        module = ""
        for line, scope, block in self.lines:
            if line.word == "module" and block != "keep":
                module = line.parser().token.text
            if pattern.search(self.text, line.start, line.end):
                yield from self._in_line(line, scope, block, module)

    def _in_line(self, line: Line, scope: Scope, block: str, module: str) -> Iterator[Mention]:
        if block == "view":
            yield from self._in_view(line, scope)
        elif block == "keep":
            token = line.parser().token
            if line.word in ("variable", "module") and token.kind == "name":
                yield self._mention(token, scope, "symbol")
        elif line.word == "submodel":
            yield from self._title(line)
        elif line.word == "dim":
            for token, _ in named_tokens(line.parser().passage, self.dialect):
                yield self._mention(token, scope, "subscript")
        elif line.word == "time":
            yield from self._clock(line, scope)
        elif line.word == "module":
            yield from self._module(line, scope)
        elif line.word == "connect":
            for place, (token, _) in enumerate(named_tokens(line.parser().passage, self.dialect)):
                yield self._mention(token, scope, "connection")._replace(joins=(module, place == 0))
        elif line.word not in _WITHOUT_NAMES:
            yield from self._declaration(line, scope)

    def _mention(self, token: Token, scope: Scope, role: Role, dialect: str = "pen") -> Mention:
        return Mention(
            token.start, token.end, token.text, scope, role, lambda name: written_name(dialect, name)
        )

    def _declaration(self, line: Line, scope: Scope) -> Iterator[Mention]:
        """A variable, a line below one, or the head of a macro."""
        is_head = line.word == "macro"
        while line.word in MODIFIERS:
            line = line.rest()
        declares = line.word in KINDS or is_head
        parser = line.parser(self.dialect)
        tokens = parser.tokens
        by_start = {token.start: place for place, token in enumerate(tokens)}
        first, end = True, len(self.text)
        for token in tokens:
            if token.kind == "slider":
                end = token.start
        for token, role in named_tokens(parser.passage, self.dialect, declares):
            if token.start > end:
                return
            place = by_start[token.start]
            if first and declares:
                role = "call" if is_head else role
            elif _is_clause(tokens, place):
                continue
            first = False
            yield self._mention(token, scope, role)

    def _clock(self, line: Line, scope: Scope) -> Iterator[Mention]:
        parser = line.parser(PEN_TIME)
        end = next((token.start for token in parser.tokens if token.kind == "using"), len(self.text))
        for token, role in named_tokens(parser.passage, PEN_TIME):
            if token.start < end:
                yield self._mention(token, scope, role, "pen_time")

    def _module(self, line: Line, scope: Scope) -> Iterator[Mention]:
        tokens = line.parser().tokens
        yield self._mention(tokens[0], scope, "symbol")
        if len(tokens) > 2 and tokens[1].kind == "=" and tokens[2].kind == "name":
            yield self._mention(tokens[2], MAIN, "call")

    def _title(self, line: Line) -> Iterator[Mention]:
        """The name of a submodel, as it stands."""
        text = self.text[line.start + len(line.word) : line.end]
        bare = re.match(r"\s*(`(?:[^`\n]|``)*+`|[^\"\n]*[^\"\s])", text)
        if bare is not None:
            start = line.start + len(line.word) + bare.start(1)
            yield Mention(start, start + len(bare[1]), title(line)[0], MAIN, "call", self.spelled)

    def _in_view(self, line: Line, scope: Scope) -> Iterator[Mention]:
        tokens = line.parser().tokens
        if line.word in SYMBOLS and line.word not in _TEXTS and tokens[0].kind == "name":
            yield self._mention(tokens[0], scope, "symbol")
        elif line.word in ("arrow", "pipe"):
            for place, token in enumerate(tokens[:3]):
                if token.kind == "name" and (place == 0 or tokens[place - 1].kind == "->"):
                    yield self._mention(token, scope, "symbol")


def _is_clause(tokens: list[Token], place: int) -> bool:
    """Whether a word belongs to a clause of a declaration, and names nothing."""
    before = tokens[place - 1].kind if place else ""
    after = tokens[place + 1].kind if place + 1 < len(tokens) else "end"
    word = tokens[place].text.lower()
    if word == "except" and before in ("name", "]") and after == "[":
        return True
    if word in _POINT_KINDS and before == ")":
        return True
    return after == "string" and before == ","
