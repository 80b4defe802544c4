"""What there is to draw in a model: its variables and modules, what flows between stocks, what influences what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..expr import ArrayLiteral, Call, Expr, Number, Reference, Unary, walk
from ..model import Auxiliary, Equation, Flow, Ident, Lookup, Model, Stock, Variable, canonical
from .diagram import SymbolKind


@dataclass(slots=True)
class Node:
    """A variable or module; `source` and `target` are the stocks at a flow's ends."""

    kind: SymbolKind
    name: str
    group: str = ""
    arrayed: bool = False
    belt: bool = False
    source: int | None = None
    target: int | None = None
    origin: int | None = None  # of an alias: the node that it stands for


@dataclass(slots=True)
class Graph:
    """Nodes by number in the order of the file; arrows as pairs of numbers, True where for initial values only."""

    nodes: list[Node] = field(default_factory=list)
    arrows: dict[tuple[int, int], bool] = field(default_factory=dict)
    by_ident: dict[Ident, int] = field(default_factory=dict)


def graph_of(model: Model) -> Graph:
    """All that is visible of a model, without what modules hold inside."""
    graph = Graph()
    variables = [variable for variable in model.variables if not variable.hidden]
    for variable in variables:
        arrayed = bool(variable.dims) or any(item.subscripts for item in variable.equations)
        belt = isinstance(variable, Stock) and (variable.conveyor is not None or variable.queue)
        _add(graph, Node(kind_of(variable), variable.name, variable.group, arrayed, belt))
    for module in model.modules:
        _add(graph, Node("module", module.name))
    for variable in variables:
        if isinstance(variable, Stock):
            _connect(graph, variable)
    for variable in variables:
        _influences(graph, variable)
    for module in model.modules:
        for connection in module.connections:
            _arrow(graph, _node(graph, connection.source), _node(graph, connection.target), False)
    return graph


def kind_of(variable: Variable) -> SymbolKind:
    match variable:
        case Stock():
            return "stock"
        case Flow():
            return "flow"
        case Lookup():
            return "lookup"
    if any(item.lookup is not None for item in variable.equations):
        return "lookup"
    constant = isinstance(variable, Auxiliary) and all(map(_constant, variable.equations))
    return "constant" if constant else "auxiliary"


def _constant(equation: Equation) -> bool:
    """Whether an equation is a plain number, or a table of them."""
    if equation.expr is None:
        return equation.external is not None and equation.external.what == "constants"
    return equation.data is None and all(
        isinstance(part, Number | Unary | ArrayLiteral) for part in walk(equation.expr)
    )


def _add(graph: Graph, node: Node) -> None:
    graph.by_ident.setdefault(canonical(node.name), len(graph.nodes))
    graph.nodes.append(node)


def _node(graph: Graph, name: str) -> int | None:
    """The node that a name is for; a name in a module is for the module."""
    ident = canonical(name)
    found = graph.by_ident.get(ident)
    while found is None and "." in ident:
        ident = canonical(ident.rpartition(".")[0])
        found = graph.by_ident.get(ident)
    return found


def _connect(graph: Graph, stock: Stock) -> None:
    """A flow runs from one stock to one other; a second stock that it fills or drains is an influence."""
    here = graph.by_ident[stock.ident]
    for names, end in ((stock.inflows, "target"), (stock.outflows, "source")):
        for name in names:
            number = _node(graph, name)
            if number is None or graph.nodes[number].kind == "stock":
                continue
            flow = graph.nodes[number]
            if flow.kind == "flow" and getattr(flow, end) is None:
                setattr(flow, end, here)
            elif getattr(flow, end) != here:
                _arrow(graph, number, here, False)


def _influences(graph: Graph, variable: Variable) -> None:
    here = graph.by_ident[variable.ident]
    piped = isinstance(variable, Stock) and bool(variable.inflows or variable.outflows)
    for expr, initial in _expressions(variable, piped):
        for name in names_in(expr):
            _arrow(graph, _node(graph, name), here, initial)


def _expressions(variable: Variable, piped: bool) -> Iterator[tuple[Expr, bool]]:
    stock = isinstance(variable, Stock)
    for equation in variable.equations:
        if equation.expr is not None:
            yield equation.expr, stock
        if equation.initial is not None:
            yield equation.initial, True
        if equation.rate is not None and not piped:
            yield equation.rate, False
    if isinstance(variable, Stock) and variable.conveyor is not None:
        belt = variable.conveyor
        for part in (belt.length, belt.capacity, belt.in_limit, belt.sample, belt.arrest):
            if part is not None:
                yield part, False


def names_in(expr: Expr) -> Iterator[str]:
    """The names of variables, lookups and anything else that an expression mentions."""
    for part in walk(expr):
        if isinstance(part, Reference):
            yield part.name
        elif isinstance(part, Call):
            yield part.function


def _arrow(graph: Graph, source: int | None, target: int | None, initial: bool) -> None:
    """Note an influence once; one that always counts outdoes one on the initial value."""
    if source is None or target is None or source == target:
        return
    if graph.nodes[target].kind == "stock" and graph.nodes[source].kind == "flow" and not initial:
        flow = graph.nodes[source]
        if target in (flow.source, flow.target):
            return
    graph.arrows[source, target] = graph.arrows.get((source, target), True) and initial
