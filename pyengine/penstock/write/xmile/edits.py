"""Single parts of an XMILE file as nodes, for edits of a file that is there."""

from __future__ import annotations

from ...model import Model, Points, Variable, View
from ...passes.dimensions import dimensions
from ...read.dialects import Dialect
from ...read.xmile.markup import Node
from ..expression import Printer
from ..losses import Losses
from .context import Context
from .variables import tag_of, write_points, written_variable
from .views import written_view


def context_of(model: Model, dialect: Dialect) -> Context:
    """What the writer needs to know of a model; whoever reads the result finds what it could not say."""
    losses = Losses("XMILE")
    own = frozenset(variable.ident for variable in model.variables)
    return Context(Printer(dialect, losses), losses, dimensions(model.dimensions, []), own)


def variable_node(variable: Variable, context: Context) -> Node:
    return written_variable(variable, frozenset(), context)


def points_node(points: Points, name: str, context: Context) -> Node:
    node = Node("gf")
    write_points(node, points, name, context)
    return node


def view_node(view: View, model: Model, context: Context) -> Node:
    """A view: its symbols, then its arrows."""
    tags = {variable.ident: tag_of(variable) for variable in model.variables}
    tags |= {module.ident: "module" for module in model.modules}
    node = Node("view", {"type": "stock_flow"})
    written_view(node, view, tags, context)
    return node
