"""Calls about structure: `causalGraph`, `feedbackLoops`, `feeds`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from ..compiler import Compiled
from ..errors import PenstockError, error
from ..model import Ident, canonical
from ..passes.declare import did_you_mean
from ..run import simulate
from ..structure import Graph, Link, Reached, causal_graph, fed_by, feedback_loops, feeding, strong_components
from ..structure.ranges import Range

_graphs: WeakKeyDictionary[Compiled, dict[bool, Graph]] = WeakKeyDictionary()


def graph_of(compiled: Compiled, run: bool) -> Graph:
    """The graph of a model, with the polarities of its own run where `run` says so."""
    known = _graphs.setdefault(compiled, {})
    if run not in known:
        known[run] = causal_graph(compiled.flat, seen_in_run(compiled) if run else None)
    return known[run]


def seen_in_run(compiled: Compiled) -> Mapping[Ident, Range]:
    """Least and greatest values of all variables in the model's own run; none where it cannot run, or where a
    variable has no value at some time."""
    try:
        results = simulate(compiled)
    except PenstockError:
        return {}
    seen: dict[Ident, list[Range]] = {}
    for place, name in enumerate(results.names):
        ident = canonical(name) if canonical(name) in seen else canonical(name.partition("[")[0])
        first = place * results.rows
        if place < len(results.columns):
            values = results.data[first : first + results.rows]
        else:
            at = len(results.columns) * results.rows + place - len(results.columns)
            values = results.data[at : at + 1]
        total = sum(values)
        if total - total == 0.0:  # neither NaN nor infinite
            seen.setdefault(ident, []).append((min(values), max(values)))
        else:
            seen.setdefault(ident, []).append((float("-inf"), float("inf")))
    return {
        ident: (min(low for low, _ in ranges), max(high for _, high in ranges))
        for ident, ranges in seen.items()
    }


def describe_graph(compiled: Compiled, run: bool = True) -> dict[str, Any]:
    graph = graph_of(compiled, run)
    return {
        "model": compiled.model_hash,
        "nodes": [{"name": node.name, "kind": node.kind} for node in graph.nodes.values()],
        "links": [_link(graph, link) for link in graph.links],
        "components": [[graph.nodes[ident].name for ident in part] for part in strong_components(graph)],
    }


def describe_loops(compiled: Compiled, run: bool = True, limit: float = 200) -> dict[str, Any]:
    if not 0 <= limit <= 10_000 or limit != int(limit):
        raise error("PEN504", name="limit", value=limit, advice="Give a whole number from 0 to 10000.")
    graph = graph_of(compiled, run)
    found = feedback_loops(graph, int(limit))
    return {
        "model": compiled.model_hash,
        "loops": [
            {
                "name": loop.name,
                "polarity": loop.polarity,
                "variables": [graph.nodes[ident].name for ident in loop.nodes],
                "stocks": [graph.nodes[ident].name for ident in loop.stocks],
                "links": [_link(graph, link) for link in loop.links],
                "delays": loop.delays,
            }
            for loop in found.loops
        ],
        "complete": found.complete,
        "limit": found.limit,
    }


def describe_neighbourhood(compiled: Compiled, name: str, depth: float | None = None) -> dict[str, Any]:
    graph = graph_of(compiled, run=False)
    ident = canonical(name)
    if ident not in graph.nodes:
        known = [node.name for node in graph.nodes.values()]
        advice = did_you_mean(name, known, "Names are those of the model's variables.")
        raise error("PEN201", name=name, advice=advice)
    far = None if depth is None else int(depth)
    return {
        "model": compiled.model_hash,
        "name": graph.nodes[ident].name,
        "causes": [_reached(graph, row) for row in fed_by(graph, ident, far)],
        "effects": [_reached(graph, row) for row in feeding(graph, ident, far)],
    }


def _link(graph: Graph, link: Link) -> dict[str, Any]:
    return {
        "source": graph.nodes[link.source].name,
        "target": graph.nodes[link.target].name,
        "polarity": link.polarity,
        "kind": link.kind,
        "delayed": link.delayed,
    }


def _reached(graph: Graph, row: Reached) -> dict[str, Any]:
    return {
        "name": graph.nodes[row.ident].name,
        "distance": row.distance,
        "via": graph.nodes[row.via].name,
    }
