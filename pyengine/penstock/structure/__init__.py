"""What causes what in a model, as data: links with polarity, feedback loops, causes and effects of a variable."""

from .graph import Graph, Link, Node, causal_graph
from .loops import Loop, Loops, feedback_loops, strong_components
from .reach import Reached, fed_by, feeding

__all__ = [
    "Graph",
    "Link",
    "Loop",
    "Loops",
    "Node",
    "Reached",
    "causal_graph",
    "fed_by",
    "feedback_loops",
    "feeding",
    "strong_components",
]
