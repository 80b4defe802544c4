"""What other formats say besides the model, kept so that a file in that format can be given back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...errors import error
from ...model import Ident, Kept, canonical
from ..expression import Parser
from . import parts
from .lines import Line
from .variables import Declared, Variables


class KeepBlock:
    """What is kept of a model or a macro, and of what it holds; it stands at the end of its block."""

    def __init__(self, line: Line, owner: Variables) -> None:
        self.header = line
        self.owner = owner

    def open(self) -> None:
        """``keep``"""
        self.header.parser().finish("the end of the line")

    def this_line(self, line: Line) -> None:
        """``this "format" "part" "text" …``"""
        self.owner.kept.append(_kept(line.parser()))

    def part_line(self, line: Line) -> None:
        """``variable NAME "format" "part" "text" …``, or ``module`` for ``variable``"""
        parser = line.parser()
        name = parser.expect("name", f"the name of a {line.word}")
        item = _PARTS[line.word](self.owner).get(canonical(name.text))
        if item is None:
            advice = "Remove the line, or put it behind the declaration."
            raise error("PEN201", parser.span_of(name), name=name.text, advice=advice)
        item.kept.append(_kept(parser))


_PARTS: Mapping[str, Callable[[Variables], Mapping[Ident, Declared]]] = {
    "variable": lambda owner: owner.declared,
    "module": lambda owner: owner.modules,
}
PARTS = tuple(_PARTS)


def _kept(parser: Parser) -> Kept:
    """The format, the part of the file, and its text, a line each."""
    format, part = (parts.text_of(parser.expect("string", "a text in quotes")) for _ in range(2))
    text = parts.texts(parser)
    parser.finish("the end of the line")
    return Kept(format, part, text)
