"""XMILE files for edits: which attributes and texts name what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from ...model import Ident, canonical
from ...read import ReadResult
from ...read.dialects import XMILE, Dialect, plain, unquote, xmile_in
from ...read.lexer import passage
from ...read.xmile.markup import escaped
from ...write.expression import quoted, written_name
from ..meaning import MAIN, Role, Scope
from .base import Mention, looking_for, named_tokens
from .markup import Tag, parse_markup

VARIABLES = ("stock", "flow", "aux", "gf")
_EXPRESSIONS = frozenset(
    {"eqn", "init_eqn", "len", "capacity", "in_limit", "sample", "arrest", "leak"}
    | {"start", "stop", "dt", "savestep", "save_step", "isee:save_interval", "save_interval"}
)
_NAMES: dict[str, Role] = {
    **dict.fromkeys(("inflow", "outflow", "var", "parm"), "value"),
    **dict.fromkeys(("of", "from", "to"), "symbol"),
    "isee:maps_to": "subscript",
}
"""Elements whose whole text is a name."""

_ATTRIBUTES: dict[str, tuple[tuple[str, Role], ...]] = {
    **dict.fromkeys(VARIABLES, (("name", "symbol"),)),
    "module": (("name", "symbol"), ("isee:model_name", "connection"), ("simlin:model_name", "connection")),
    "dim": (("name", "subscript"),),
    "elem": (("name", "subscript"),),
    "entity": (("name", "symbol"),),
    "macro": (("name", "call"),),
    "connect": (("to", "connection"), ("from", "connection")),
    "connect2": (("to", "connection"), ("from", "connection")),
}


class XmileNames:
    """One XMILE file."""

    format = "xmile"

    def __init__(self, read: ReadResult) -> None:
        self.read = read
        self.source = read.source
        self.text = read.source.text
        macros = frozenset(item.ident for item in read.model.macros)
        self.dialect: Dialect = replace(xmile_in(self.text), macros=macros)
        self.end = len(self.text)

    @cached_property
    def root(self) -> Tag:
        return parse_markup(self.source)

    @cached_property
    def scopes(self) -> list[tuple[Tag, Scope]]:
        """The elements that hold variables; the main model is the one without a name, or else the first."""
        models = list(self.root.all("model"))
        main = next((item for item in models if not item.attribute("name")), models[0])
        found = [
            (item, Scope("model", canonical(item.attribute("name") or "")))
            for item in models
            if item is not main
        ]
        found += [
            (item, Scope("macro", canonical(item.attribute("name") or ""))) for item in self.root.all("macro")
        ]
        return [(main, MAIN), *found]

    # Names.

    def spelled(self, name: str) -> str:
        return written_name(self.dialect.key, name)

    def mentions(self, ident: Ident) -> Iterator[Mention]:
        pattern = looking_for(ident)
        scopes = {id(tag): scope for tag, scope in self.scopes}
        waiting: list[tuple[Tag, Scope]] = [(self.root, MAIN)]
        while waiting:
            tag, scope = waiting.pop()
            scope = scopes.get(id(tag), scope)
            yield from self._in_tag(tag, scope, pattern)
            found = (item for item in tag.children if pattern.search(self.text, item.start, item.end))
            waiting.extend((item, scope) for item in found)

    def _in_tag(self, tag: Tag, scope: Scope, pattern: re.Pattern[str]) -> Iterator[Mention]:
        for key, role in _ATTRIBUTES.get(tag.name, ()):
            yield from self._attribute(tag, key, scope, role)
        if tag.name == "element":
            yield from self._subscripts(tag, scope)
        if tag.name == "parm" and (place := tag.spot("default")):
            for token, role in named_tokens(passage(self.source, *place), self.dialect):
                yield Mention(
                    token.start, token.end, token.text, scope, role, self._in_attribute(self.spelled)
                )
        if tag.name == "model" and tag.spot("name"):
            yield from self._attribute(tag, "name", MAIN, "connection")
        if tag.name in _NAMES:
            yield from self._whole(tag, scope, _NAMES[tag.name])
        elif tag.name in _EXPRESSIONS and tag.texts and pattern.search(self.text, tag.inner, tag.outer):
            yield from self._expression(tag, scope)

    def _attribute(self, tag: Tag, key: str, scope: Scope, role: Role) -> Iterator[Mention]:
        place = tag.spot(key)
        value = tag.attribute(key)
        if place is None or not value:
            return
        if role == "connection" and tag.name in ("module", "model"):
            role = "call"  # the name of a model, which no scope has
        if tag.name in ("connect", "connect2") and tag.parent is not None:
            end = tag.parent.attribute("name") or "", key == "to"
            yield Mention(*place, value.strip(), scope, role, self._in_attribute(self._like(value)), end)
        else:
            yield Mention(*place, plain(value.strip('"')), scope, role, self._in_attribute(str))

    def _subscripts(self, tag: Tag, scope: Scope) -> Iterator[Mention]:
        """Names with commas between them."""
        place = tag.spot("subscript")
        if place is None:
            return
        at = place[0]
        for part in self.text[place[0] : place[1]].split(","):
            bare = part.strip()
            start = at + len(part) - len(part.lstrip())
            name = plain(decoded(bare))
            yield Mention(start, start + len(bare), name, scope, "subscript", self._in_attribute(str))
            at += len(part) + 1

    def _whole(self, tag: Tag, scope: Scope, role: Role) -> Iterator[Mention]:
        """A text that is a name, in quotes or not."""
        content = tag.content.text
        bare = content.strip()
        if not bare:
            return
        first = len(content) - len(content.lstrip())
        start, end, in_cdata = tag.source_range(first, first + len(bare))
        name = unquote(XMILE, bare) if len(bare) > 1 and bare[0] == bare[-1] == '"' else plain(bare)
        spell = self.spelled if bare.startswith('"') else self._like(bare)
        yield Mention(start, end, name, scope, role, spell if in_cdata else self._in_text(spell))

    def _expression(self, tag: Tag, scope: Scope) -> Iterator[Mention]:
        content = tag.content
        if tag.parent is not None and tag.parent.name == "macro" and "(" not in content.text:
            yield from self._whole(tag, scope, "value")  # may be a bare name, even with spaces
            return
        for token, role in named_tokens(content, self.dialect):
            start, end, in_cdata = tag.source_range(token.start, token.end)
            yield Mention(
                start, end, token.text, scope, role, self.spelled if in_cdata else self._in_text(self.spelled)
            )

    def _like(self, old: str) -> Callable[[str], str]:
        """Names without quotes, with underscores for spaces where the author wrote them so."""

        def spell(name: str) -> str:
            if '"' == name[:1] == name[-1:]:
                return quoted(XMILE, name)
            return name.replace(" ", "_") if "_" in old and " " not in old and "_" not in name else name

        return spell

    def _in_text(self, spell: Callable[[str], str]) -> Callable[[str], str]:
        return lambda name: escaped(spell(name))

    def _in_attribute(self, spell: Callable[[str], str]) -> Callable[[str], str]:
        return lambda name: escaped(spell(name), True).replace("'", "&apos;")


def decoded(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text
