"""XML as a tree whose texts know where they stand in the file; refuses what XML bombs are made of.

Namespaces are prefixes here: the root's own prefix is dropped and all others stay (``isee:label``), so
that files with a prefix they never declare, of which there are many, can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from ...errors import error
from ...place import Source, Span
from ..dialects import XMILE, plain, unquote
from ..lexer import Passage

MAX_DEPTH = 100
_BARE = re.compile(r"&(?!(?:#[0-9]+|#x[0-9a-fA-F]+|[A-Za-z_:][\w.:-]*+);)")
_STAND_INS = "\ue000\uf8ff\U000f0000\U0010fffd"
_VISIBLE = re.compile(r"\S")


@dataclass(slots=True)
class Element:
    """An element at [start, …) of the source; `content` is the text directly in it, entities resolved."""

    tag: str
    attributes: Mapping[str, str]
    source: Source
    start: int
    inner: int
    children: list[Element] = field(default_factory=list)
    _marks: list[int] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _stretches: list[tuple[int, int]] = field(default_factory=list)
    _length: int = 0

    def add_text(self, text: str, offset: int) -> None:
        """Text that stands at an offset of the source."""
        if not self._stretches or offset - self._stretches[-1][1] != self._length - self._stretches[-1][0]:
            self._stretches.append((self._length, offset))
        self._pieces.append(text)
        self._length += len(text)

    def add_child(self, child: Element) -> None:
        """A child that stands behind the text so far."""
        self.children.append(child)
        self._marks.append(self._length)

    @property
    def parts(self) -> Iterator[str | Element]:
        """Texts and children as they stand."""
        text, at = "".join(self._pieces), 0
        for child, mark in zip(self.children, self._marks, strict=True):
            if mark > at:
                yield text[at:mark]
            yield child
            at = mark
        if text[at:]:
            yield text[at:]

    @property
    def content(self) -> Passage:
        text = "".join(self._pieces)
        return Passage(self.source, text, 0, len(text), tuple(self._stretches) or ((0, self.inner),))

    @property
    def text(self) -> str:
        return "".join(self._pieces).strip()

    @property
    def span(self) -> Span:
        """The start tag."""
        return Span(self.source, self.start, max(self.start + 1, self.inner))

    def get(self, tag: str) -> Element | None:
        """The first child of a tag."""
        return next(self.all(tag), None)

    def all(self, *tags: str) -> Iterator[Element]:
        """The children of some tags, in order."""
        return (child for child in self.children if child.tag in tags)

    def only(self, tag: str) -> Element | None:
        """The child of a tag that may stand once."""
        found = list(self.all(tag))
        if len(found) > 1:
            raise error("PEN106", found[1].span, what=f"<{tag}>")
        return found[0] if found else None

    def number(self, key: str) -> float | None:
        """An attribute as a finite number; None where it is missing or anything else."""
        try:
            value = float(self.attributes[key])
        except (KeyError, ValueError):
            return None
        return value if isfinite(value) else None

    def text_of(self, tag: str) -> str:
        """The text of the first child of a tag; empty without one."""
        child = self.get(tag)
        return child.text if child else ""


class _Builder(ContentHandler):
    """Makes elements of what expat reports, at expat's byte offsets turned into code points."""

    def __init__(self, source: Source, text: str, stand_in: str) -> None:
        super().__init__()
        self.source = source
        self.root: Element | None = None
        self.open: list[Element] = []
        self.expat: Any = None
        self._home = ""
        self.stand_in = stand_in
        self._bytes = None if text.isascii() else text.encode("utf-8")
        self._known = (0, 0)

    def offset(self, byte: int) -> int:
        """Code points before a byte; cheap as long as bytes are asked for in ascending order."""
        if self._bytes is None:
            return byte
        at, count = self._known if self._known[0] <= byte else (0, 0)
        count += len(self._bytes[at:byte].decode("utf-8", errors="replace"))
        self._known = byte, count
        return count

    def here(self) -> int:
        return self.offset(self.expat.CurrentByteIndex)

    def meant(self, text: str) -> str:
        return text.replace(self.stand_in, "&") if self.stand_in else text

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        start = self.here()
        if len(self.open) >= MAX_DEPTH:
            raise error("PEN008", Span(self.source, start, start + 1), limit=MAX_DEPTH)
        if self.root is None:
            self._home = name[: name.find(":") + 1]
        tag = name.removeprefix(self._home)
        attributes = {key: self.meant(value) for key, value in attrs.items()}
        element = Element(tag, attributes, self.source, start, self.source.text.find(">", start) + 1)
        if self.root is None:
            self.root = element
        else:
            self.open[-1].add_child(element)
        self.open.append(element)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.open.pop()

    def characters(self, content: str) -> None:
        if self.open:
            self.open[-1].add_text(self.meant(content), self.here())


class _Parser(DefusedExpatParser):
    """Expat without namespaces, and without joining texts, whose offsets would be lost."""

    _parser: Any

    def __init__(self, builder: _Builder) -> None:
        super().__init__(namespaceHandling=0, forbid_dtd=True)
        self._builder = builder
        self.setContentHandler(builder)

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = False
        self._builder.expat = self._parser


def read_tree(source: Source) -> Element:
    """The root of an XML text."""
    text, stand_in = _without_bare_ampersands(_without_comments(source.text))
    builder = _Builder(source, text, stand_in)
    parser = _Parser(builder)
    try:
        parser.feed(text)
        parser.close()
    except SAXParseException as problem:
        at = builder.offset(max(0, builder.expat.ErrorByteIndex))
        raise error("PEN005", Span(source, at, at + 1), reason=problem.getMessage()) from problem
    except DefusedXmlException as problem:
        at = builder.here()
        raise error("PEN006", Span(source, at, at + 1)) from problem
    assert builder.root is not None
    return builder.root


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Where the comments of an XML text start and end, their marks included."""
    at = 0
    while (start := text.find("<!", at)) >= 0:
        comment = text.startswith("<!--", start)
        closing = "-->" if comment else "]]>" if text.startswith("<![CDATA[", start) else ">"
        at = text.find(closing, start + 4) + len(closing)
        if at < start:
            break
        if comment:
            yield start, at


def _without_comments(text: str) -> str:
    """The text with comments blanked out: files hold ``--`` in comments, which XML forbids."""
    parts: list[str] = []
    at = 0
    for start, end in comments(text):
        parts += text[at:start], _VISIBLE.sub(" ", text[start:end])
        at = end
    return "".join((*parts, text[at:]))


def _without_bare_ampersands(text: str) -> tuple[str, str]:
    """The text with a character of no other use for each & that begins no reference, which Vensim exports in
    documentation, and that character. XML forbids them, but they can mean nothing else."""
    stand_in = next((mark for mark in _STAND_INS if mark not in text), "") if _BARE.search(text) else ""
    return (_BARE.sub(stand_in, text), stand_in) if stand_in else (text, "")


def referred(text: str) -> str:
    """The name that a text refers to, which may stand in quotes as in equations."""
    mark = XMILE.quote[0]
    return unquote(XMILE, text) if len(text) > 1 and text[0] == text[-1] == mark else plain(text)
