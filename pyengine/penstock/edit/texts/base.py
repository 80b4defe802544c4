"""What the texts of all formats have alike for edits: names in them, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ...builtins import spellings
from ...errors import PenstockError
from ...model import Ident, canonical
from ...read.dialects import Dialect
from ...read.lexer import Passage, Token, tokenize
from ..meaning import Entity, Meaning, Role, Scope

Range = tuple[int, int, str]
"""A change: where, and the new text."""


class Mention(NamedTuple):
    """A name at [start, end) of the text, and how another one is written in its place.

    `joins` is set for the ends of connections: the module that they stand in, and whether it is the target.
    """

    start: int
    end: int
    name: str
    scope: Scope
    role: Role
    spell: Callable[[str], str]
    joins: tuple[str, bool] | None = None

    def meant(self, meaning: Meaning) -> tuple[Entity | None, ...]:
        """What the name means; of a qualified one, what each of its parts does."""
        if self.joins is None:
            return meaning.of(self.name, self.scope, self.role)
        module, is_target = self.joins
        return meaning.end(self.name, module, self.scope, is_target)


@lru_cache(maxsize=256)
def looking_for(ident: Ident) -> re.Pattern[str]:
    """A pattern that finds every text that may hold a name; in doubt it matches anything."""
    if not ident.isascii() or not ident.replace("_", "").replace(".", "").isalnum():
        return re.compile("")
    words = map(re.escape, filter(None, ident.split("_")))
    return re.compile(r"(?:[\s_\u00a0]|\\n|\\\s*\n|&[#\w]*;)+".join(words), re.IGNORECASE)


def named_tokens(passage: Passage, dialect: Dialect, declares: bool = False) -> Iterator[tuple[Token, Role]]:
    """The names in an expression, but for those of built-in functions; or in a declaration, which starts with the
    name that it declares. What cannot be read holds none."""
    try:
        tokens = tokenize(passage, dialect)
    except PenstockError:
        return
    brackets: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind in ("(", "["):
            brackets.append(token.kind)
        elif token.kind in (")", "]") and brackets:
            brackets.pop()
        elif token.kind == "name":
            end = at + 1
            while tokens[min(end, len(tokens) - 1)].kind == "name":
                end += 1
            following = tokens[min(end, len(tokens) - 1)].kind
            if end > at + 1 and following == "(":
                # Dialects whose names hold no spaces take several words before an argument list for one name.
                words = tokens[at:end]
                token = Token("name", " ".join(word.text for word in words), token.start, words[-1].end)
                at = end - 1
            role: Role = "value" if declares and at == 0 else _role(tokens, at, brackets)
            if not (role == "call" and _is_builtin(passage, dialect, token)):
                yield token, role
        at += 1


def _role(tokens: list[Token], at: int, brackets: list[str]) -> Role:
    before = tokens[at - 1].kind if at else ""
    after = tokens[at + 1].kind if at + 1 < len(tokens) else "end"
    if brackets[-1:] == ["["] and before in ("[", ",", ":") and after in (",", "]", "!"):
        return "subscript"
    if after == "(":
        return "call"
    if after == "[":
        depth, place = 0, at + 1
        while place < len(tokens):
            depth += (tokens[place].kind == "[") - (tokens[place].kind == "]")
            place += 1
            if depth == 0:
                break
        if place < len(tokens) and tokens[place].kind == "(":
            return "call"
    return "value"


def _is_builtin(passage: Passage, dialect: Dialect, token: Token) -> bool:
    ident = canonical(token.text)
    if ident in dialect.macros:
        return False
    if dialect.own_in_quotes and passage.text.startswith(dialect.quote[0], token.start):
        return False
    return ident in spellings(dialect.key)


def bare_range(text: str, start: int, end: int) -> tuple[int, int]:
    """A field without the white space around it; of an empty one, the place behind its first blanks."""
    field = text[start:end]
    if field.strip():
        return start + len(field) - len(field.lstrip()), start + len(field.rstrip())
    first = start + len(field) - len(field.lstrip(" \t"))
    return first, first


def number(value: float) -> str:
    """A coordinate as files have it: whole where it is."""
    return str(int(value)) if value == int(value) else repr(value)
