"""Where the parts of an XML text stand, to the character; the text is known to be well-formed.

The tree that the reader makes knows where texts stand; edits also need attributes, end tags and whole elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...place import Source
from ...read.lexer import Passage

_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[(?P<cdata>.*?)\]\]>|<\?.*?\?>"
    r"|</(?P<close>[^\s>]+)\s*>"
    r"|<(?P<open>[^\s/>!?]+)(?P<attributes>(?:[^\"'>]|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&(?:#([0-9]+)|#x([0-9a-fA-F]+)|(lt|gt|amp|quot|apos));")
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_SPACE = re.compile(r"[\t\n]")


def _character(match: re.Match[str]) -> str:
    """What a reference stands for."""
    if match[3]:
        return _CHARACTERS[match[3]]
    return chr(int(match[1])) if match[1] else chr(int(match[2], 16))


@dataclass(eq=False, slots=True)
class Tag:
    """An element at [start, end); its start tag ends at `inner`, its content at `outer`.

    `texts` are the stretches of text directly in it, with whether they are CDATA.
    """

    name: str
    source: Source
    start: int
    inner: int
    attributes: str
    parent: Tag | None
    outer: int = 0
    end: int = 0
    children: list[Tag] = field(default_factory=list)
    texts: list[tuple[int, int, bool]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.end == self.inner

    def get(self, name: str) -> Tag | None:
        return next(self.all(name), None)

    def all(self, *names: str) -> Iterator[Tag]:
        return (child for child in self.children if child.name in names)

    def walk(self) -> Iterator[Tag]:
        waiting = [self]
        while waiting:
            here = waiting.pop()
            yield here
            waiting.extend(reversed(here.children))

    def spot(self, key: str) -> tuple[int, int] | None:
        """Where the value of an attribute stands, its quotes left out."""
        for match in _ATTRIBUTE.finditer(self.attributes):
            if match[1] == key:
                group = 2 if match[2] is not None else 3
                first = self.inner - (2 if self.is_self_closed else 1) - len(self.attributes)
                return first + match.start(group), first + match.end(group)
        return None

    @property
    def is_self_closed(self) -> bool:
        return self.source.text[self.inner - 2] == "/"

    def attribute(self, key: str) -> str | None:
        """The value of an attribute as XML has it: references resolved, white space as spaces."""
        place = self.spot(key)
        if place is None:
            return None
        return _ENTITY.sub(_character, _SPACE.sub(" ", self.source.text[place[0] : place[1]]))

    @property
    def content(self) -> Passage:
        """The text directly in it, references resolved, that knows where it comes from."""
        pieces: list[str] = []
        stretches: list[tuple[int, int]] = []
        length = 0
        for start, end, is_cdata in self.texts:
            at = start
            for match in () if is_cdata else _ENTITY.finditer(self.source.text, start, end):
                for part, place in (
                    (self.source.text[at : match.start()], at),
                    (_character(match), match.start()),
                ):
                    if part:
                        stretches.append((length, place))
                        pieces.append(part)
                        length += len(part)
                at = match.end()
            if at < end:
                stretches.append((length, at))
                pieces.append(self.source.text[at:end])
                length += end - at
        text = "".join(pieces)
        return Passage(self.source, text, 0, len(text), tuple(stretches) or ((0, self.inner),))

    @property
    def text(self) -> str:
        return self.content.text.strip()

    def source_range(self, start: int, end: int) -> tuple[int, int, bool]:
        """Where [start, end) of the content stands in the source, with references whole; and whether in CDATA."""
        passage = self.content
        first = passage.span(start, start).start
        last = passage.span(end - 1, end - 1).start if end > start else first
        reference = _ENTITY.match(self.source.text, last)
        in_cdata = any(is_cdata for a, b, is_cdata in self.texts if a <= first < b)
        stop = reference.end() if reference and not in_cdata else last + 1
        return first, stop if end > start else first, in_cdata


def parse_markup(source: Source) -> Tag:
    """The root of a well-formed XML text; the root's own prefix is dropped from names, as the reader does."""
    text = source.text
    root: Tag | None = None
    open_: list[Tag] = []
    home, at = "", 0
    for match in _MARKUP.finditer(text):
        if open_ and match.start() > at:
            open_[-1].texts.append((at, match.start(), False))
        at = match.end()
        if match["cdata"] is not None and open_:
            open_[-1].texts.append((*match.span("cdata"), True))
        elif match["close"] is not None:
            tag = open_.pop()
            tag.outer, tag.end = match.start(), match.end()
        elif match["open"] is not None:
            if root is None:
                home = match["open"][: match["open"].find(":") + 1]
            parent = open_[-1] if open_ else None
            name = match["open"].removeprefix(home)
            tag = Tag(name, source, match.start(), match.end(), match["attributes"], parent)
            if match["empty"]:
                tag.outer = tag.end = match.end()
            if parent is not None:
                parent.children.append(tag)
            root = root or tag
            if not match["empty"]:
                open_.append(tag)
    assert root is not None
    return root
