"""XML as it is written: nodes, and their text.

Any text comes out as text and any attribute as an attribute, whatever they hold; names of elements and attributes
are ours, or come from a tree that a parser made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .tree import Element


@dataclass(slots=True)
class Node:
    """An element; `content` are children, or texts with children between them."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list[Node | str] = field(default_factory=list)

    def add(self, child: Node) -> Node:
        self.content.append(child)
        return child

    def element(self, tag: str, text: str = "", **attributes: str) -> Node:
        """A new child, with a text if there is any."""
        return self.add(Node(tag, attributes, [text] if text else []))

    def children(self) -> Iterator[Node]:
        return (part for part in self.content if isinstance(part, Node))

    def child(self, tag: str) -> Node:
        """The first child of a tag, made where there is none."""
        return next((node for node in self.children() if node.tag == tag), None) or self.element(tag)


_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE = {**_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_SPECIAL = re.compile(r'[&<>"\n\t\r]')

FORBIDDEN = re.compile("[^\t\n\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


def escaped(text: str, quoted: bool = False) -> str:
    """The text within an element, or between the quotes of an attribute; what XML cannot hold becomes U+FFFD."""
    table = _ATTRIBUTE if quoted else _TEXT
    return _SPECIAL.sub(lambda match: table.get(match[0], match[0]), FORBIDDEN.sub("\ufffd", text))


def printed(node: Node, indent: str | None = None) -> str:
    """The node as XML; with an indentation, a line for each child of those that hold no text."""
    return "".join(_pieces(node, indent))


def _pieces(node: Node, indent: str | None) -> Iterator[str]:
    attributes = "".join(f' {key}="{escaped(value, True)}"' for key, value in node.attributes.items())
    if not node.content:
        yield f"<{node.tag}{attributes}/>"
        return
    yield f"<{node.tag}{attributes}>"
    # White space around a text would become part of it.
    inner = None if any(isinstance(part, str) for part in node.content) else indent
    for part in node.content:
        if isinstance(part, str):
            yield escaped(part)
        else:
            if inner is not None:
                yield inner + "\t"
            yield from _pieces(part, None if inner is None else inner + "\t")
    yield f"{'' if inner is None else inner}</{node.tag}>"


def node_of(element: Element) -> Node:
    """An element that was read, with all that is in it; white space between children is no text."""
    parts = list(element.parts)
    is_text = not element.children or any(isinstance(part, str) and part.strip() for part in parts)
    content = [
        part if isinstance(part, str) else node_of(part)
        for part in parts
        if is_text or not isinstance(part, str)
    ]
    return Node(element.tag, dict(element.attributes), content)
