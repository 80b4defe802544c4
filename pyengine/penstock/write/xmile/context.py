"""What all parts of the XMILE writer share: how expressions are printed, what is lost, and the dimensions."""

from __future__ import annotations

from dataclasses import dataclass

from ...expr import Expr
from ...model import Ident, Kept
from ...passes.dimensions import Dimensions
from ...place import NOWHERE, Source, Span
from ...read.xmile.kept import FORMAT, IDENTITY
from ...read.xmile.markup import Node, node_of
from ...read.xmile.tree import read_tree
from ..expression import Printer
from ..losses import Losses
from .functions import in_xmile


@dataclass(frozen=True, slots=True)
class Context:
    printer: Printer
    losses: Losses
    dimensions: Dimensions
    own: frozenset[Ident] = frozenset()
    """The names of the model's variables."""

    def expression(self, expr: Expr) -> str:
        return self.printer.expression(in_xmile(expr, self.own, self.printer, self.losses))

    def text(self, node: Node, tag: str, text: str, what: str, span: Span = NOWHERE) -> None:
        """A child with a text, if there is any; readers take no notice of white space around it."""
        if text != text.strip():
            self.losses.written_as(f"white space around {what}", "the bare text", span)
        if text.strip():
            node.element(tag, text.strip())


_MERGED = frozenset(
    (
        *("header", "options", "uses_conveyor", "uses_queue", "uses_arrays", "uses_submodels", "sim_specs"),
        *("dimensions", "dim", "model_units", "unit", "behavior", "variables", "group", "views"),
        *("range", "gf", "conveyor", "element"),
    )
)
"""Elements of which only a part may be kept, which joins what is written of them."""


def give_back(node: Node, kept: tuple[Kept, ...], part: str) -> None:
    """Add what a reader kept of an element; what the model says comes first."""
    for item in kept:
        if item.format == FORMAT and item.part == part:
            add_rest(node, item.text)


def add_rest(node: Node, text: str) -> None:
    """Add the attributes and children of an element that a text holds; it is read anew, since it may come from
    anywhere."""
    if text:
        _merge(node, node_of(read_tree(Source("what was kept", text))))


def _merge(node: Node, rest: Node) -> None:
    for key, value in rest.attributes.items():
        node.attributes.setdefault(key, value)
    written = {_key(child): child for child in reversed(list(node.children())) if child.tag in _MERGED}
    for child in rest.children():
        same = written.get(_key(child))
        if same is None:
            node.add(child)
        else:
            _merge(same, child)


def _key(node: Node) -> tuple[str | None, ...]:
    return (node.tag, *map(node.attributes.get, IDENTITY))
