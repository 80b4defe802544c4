"""The causal graph of a model: its variables, and a link for each that stands in another's equation.

Arrays are one node. Variables that macros make are seen through; those of modules have qualified names. Links are
those that the modeller wrote: limits that keep stocks from going below zero are none, but a conveyor or a queue is
linked to what it lets out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..builtins.time import CLOCK_SPELLINGS, TIME
from ..expr import Expr
from ..model import Equation, Flow, Ident, Lookup, Model, Stock, Variable, canonical
from ..passes.declare import is_literal
from ..passes.flatten import flatten
from .effects import DIRECT, Effect, Sign, effects, slope_of, times
from .ranges import Range, Ranges

Polarity = Literal["+", "-", "?"]
LinkKind = Literal["equation", "flow", "lookup", "initial"]

POLARITIES: Mapping[Sign, Polarity] = {1: "+", -1: "-", None: "?"}


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` is stock, flow, auxiliary, constant, lookup or time."""

    ident: Ident
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    """`flow` links fill or drain a stock; `lookup` ones go from a graphical function to what calls it; `initial` ones
    matter at the start only. `delayed` where the cause acts only through a delay, smooth or the like."""

    source: Ident
    target: Ident
    polarity: Polarity
    kind: LinkKind = "equation"
    delayed: bool = False


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of the file, links by target and then in the order in which the equation names them."""

    nodes: Mapping[Ident, Node]
    links: tuple[Link, ...]
    into: Mapping[Ident, tuple[Link, ...]] = field(repr=False, default_factory=dict)
    out_of: Mapping[Ident, tuple[Link, ...]] = field(repr=False, default_factory=dict)


def causal_graph(model: Model, seen: Mapping[Ident, Range] | None = None) -> Graph:
    """The graph of a model. `seen` are ranges that variables had in a run: with them polarities hold for that run,
    without them for every run. Raises `PenstockError` where modules or macros cannot be written out."""
    flat = flatten(model)
    variables = {variable.ident: variable for variable in flat.variables}
    causes = _Causes(variables, Ranges(variables, seen or {}))
    nodes = {ident: _node(variable) for ident, variable in variables.items() if not variable.hidden}
    links: list[Link] = []
    for ident in nodes:
        for source, found in causes.visible(ident).items():
            if source == TIME:
                nodes = {**nodes, TIME: Node(TIME, "Time", "time")}
            links.append(_link(source, ident, found, is_stock=isinstance(variables[ident], Stock)))
    return Graph(nodes, tuple(links), _grouped(links, "target"), _grouped(links, "source"))


def _node(variable: Variable) -> Node:
    exprs = [equation.expr for equation in variable.equations]
    plain = all(expr is not None and is_literal(expr) for expr in exprs) and not any(
        equation.lookup or equation.initial for equation in variable.equations
    )
    if isinstance(variable, (Stock, Flow, Lookup)):
        kind = type(variable).__name__.casefold()
    else:
        kind = "constant" if plain else "auxiliary"
    return Node(variable.ident, variable.name, kind)


def _grouped(links: Iterable[Link], end: Literal["source", "target"]) -> dict[Ident, tuple[Link, ...]]:
    groups: dict[Ident, list[Link]] = {}
    for link in links:
        groups.setdefault(link.source if end == "source" else link.target, []).append(link)
    return {ident: tuple(group) for ident, group in groups.items()}


def _link(source: Ident, target: Ident, found: Iterable[Effect], *, is_stock: bool) -> Link:
    """One link for all that a cause does; what it does at the start alone counts only where that is all."""
    running = [effect for effect in found if not effect.initial]
    values = [effect for effect in running if not effect.table]
    chosen = values or running or list(found)
    signs = {effect.sign for effect in chosen}
    polarity = POLARITIES[signs.pop() if len(signs) == 1 else None]
    kind: LinkKind = (
        "initial" if not running else "lookup" if not values else "flow" if is_stock else "equation"
    )
    return Link(source, target, polarity, kind, bool(running) and all(effect.lagged for effect in chosen))


class _Causes:
    """What each variable follows from directly, hidden ones included, and through them."""

    def __init__(self, variables: Mapping[Ident, Variable], ranges: Ranges) -> None:
        self.variables = variables
        self.ranges = ranges
        self._direct: dict[Ident, tuple[tuple[Ident, Effect], ...]] = {}
        self._contents: dict[Ident, list[tuple[Ident, Effect]]] = {}
        for variable in variables.values():
            if isinstance(variable, Stock):
                self._contain(variable)

    def visible(self, ident: Ident) -> dict[Ident, list[Effect]]:
        """The visible causes of a variable, each with all that it does; circles among hidden ones do not count."""
        found: dict[Ident, list[Effect]] = {}
        waiting = [(source, effect, frozenset[Ident]()) for source, effect in reversed(self.direct(ident))]
        done: set[tuple[Ident, Effect]] = set()
        while waiting:
            source, effect, path = waiting.pop()
            if (source, effect) in done or source in path:
                continue
            done.add((source, effect))
            variable = self.variables.get(source)
            if variable is None or not variable.hidden:
                found.setdefault(source, []).append(effect)
            elif not isinstance(variable, Lookup):
                lag = Effect(1, lagged=isinstance(variable, Stock))
                waiting.extend(
                    (cause, effect.after(lag).after(inner), path | {source})
                    for cause, inner in reversed(self.direct(source))
                )
        return found

    def direct(self, ident: Ident) -> tuple[tuple[Ident, Effect], ...]:
        if ident not in self._direct:
            self._direct[ident] = tuple(self._find(self.variables[ident]))
        return self._direct[ident]

    def _find(self, variable: Variable) -> Iterator[tuple[Ident, Effect]]:
        if isinstance(variable, Stock):
            yield from ((canonical(flow), Effect(1)) for flow in variable.inflows)
            yield from ((canonical(flow), Effect(-1)) for flow in variable.outflows)
        for equation in variable.equations:
            yield from self._equation(variable, equation)
        yield from self._contents.get(variable.ident, ())

    def _equation(self, variable: Variable, equation: Equation) -> Iterator[tuple[Ident, Effect]]:
        at_start = Effect(1, initial=True)
        if equation.rate is not None:
            yield from self._named(equation.rate, DIRECT)
        if equation.expr is not None:
            own = DIRECT if equation.lookup is None else self._through(equation)
            yield from self._named(equation.expr, at_start if isinstance(variable, Stock) else own)
        if equation.initial is not None:
            yield from self._named(equation.initial, at_start)

    def _through(self, equation: Equation) -> Effect:
        assert equation.lookup is not None and equation.expr is not None
        return Effect(slope_of(equation.lookup, self.ranges.of(equation.expr)))

    def _named(self, expr: Expr, outer: Effect) -> Iterator[tuple[Ident, Effect]]:
        """Causes that are variables or the time; dimensions and the simulation settings are none."""
        for ident, effect in effects(expr, self.ranges):
            if ident not in self.variables:
                ident = CLOCK_SPELLINGS.get(ident, ident)
            if ident in self.variables or ident == TIME:
                yield ident, outer.after(effect)

    def _contain(self, stock: Stock) -> None:
        """What a conveyor or a queue does to the flows at its ends."""
        if stock.conveyor is None and not stock.queue:
            return
        ends: dict[str, tuple[str, ...]] = {"outflows": stock.outflows, "inflows": stock.inflows}
        leaving = Effect(1, lagged=stock.conveyor is not None)
        affected = [(flow, stock.ident, leaving) for flow in ends["outflows"]]
        conveyor = stock.conveyor
        if conveyor is not None:
            for end, exprs in (
                ("outflows", (conveyor.length, conveyor.sample, conveyor.arrest)),
                ("inflows", (conveyor.capacity, conveyor.in_limit, conveyor.arrest)),
            ):
                affected += [
                    (flow, cause, Effect(times(None, effect.sign), effect.lagged, effect.initial))
                    for expr in exprs
                    if expr is not None
                    for cause, effect in self._named(expr, DIRECT)
                    for flow in ends[end]
                ]
            if conveyor.capacity is not None:
                affected += [(flow, stock.ident, Effect(-1)) for flow in ends["inflows"]]
        for flow, cause, effect in affected:
            self._contents.setdefault(canonical(flow), []).append((cause, effect))
