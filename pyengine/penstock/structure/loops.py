"""Feedback loops: every one of them in small models, in others a set of short ones that covers every link in a loop.

Circuits are enumerated by Johnson's algorithm (SIAM J. Comput. 4, 1975), up to a limit. Where there are more, the
loops shown are a shortest independent loop set in the sense of Oliva (System Dynamics Review 20, 2004): for every
link the shortest loop through it, taken shortest first as long as each adds a link that no loop before it has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from ..model import Ident
from .graph import Graph, Link

LIMIT = 200
"""How many loops are enumerated before a covering set takes their place."""

Adjacent = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Loop:
    """`nodes` in the order of cause and effect, from the first stock on; `links` go from each to the next. `polarity`
    is R for reinforcing, B for balancing, ? where a link's is not known."""

    name: str
    polarity: Literal["R", "B", "?"]
    nodes: tuple[Ident, ...]
    stocks: tuple[Ident, ...]
    links: tuple[Link, ...]

    @property
    def delays(self) -> int:
        """How many of its links are delayed."""
        return sum(link.delayed for link in self.links)


@dataclass(frozen=True, slots=True)
class Loops:
    """`complete` where these are all loops there are; otherwise there are more than `limit`."""

    loops: tuple[Loop, ...]
    complete: bool
    limit: int


def feedback_loops(graph: Graph, limit: int = LIMIT) -> Loops:
    """The loops of a graph, shortest first, then in the order of the file."""
    order = {ident: number for number, ident in enumerate(graph.nodes)}
    between = {
        (order[link.source], order[link.target]): link
        for link in graph.links
        if link.kind in ("equation", "flow") and link.source in order
    }
    adjacent = _adjacent(len(order), between)
    circuits = list(islice(_circuits(adjacent), limit + 1))
    complete = len(circuits) <= limit
    if not complete:
        circuits = _covering(adjacent)
    names = list(graph.nodes)
    chosen = sorted(circuits, key=lambda circuit: (len(circuit), circuit))
    counts: dict[str, int] = {}
    loops = []
    for circuit in chosen:
        links = [between[pair] for pair in zip(circuit, (*circuit[1:], circuit[0]), strict=True)]
        loops.append(_loop(graph, [names[number] for number in circuit], links, counts))
    return Loops(tuple(loops), complete, limit)


def strong_components(graph: Graph) -> tuple[tuple[Ident, ...], ...]:
    """Variables that are in feedback with each other; those that are in none stand in no component."""
    order = {ident: number for number, ident in enumerate(graph.nodes)}
    pairs = [
        (order[link.source], order[link.target]) for link in graph.links if link.kind in ("equation", "flow")
    ]
    adjacent = _adjacent(len(order), pairs)
    names = list(graph.nodes)
    found = (
        part for part in _components(adjacent, adjacent) if len(part) > 1 or part[0] in adjacent[part[0]]
    )
    return tuple(tuple(names[number] for number in part) for part in sorted(found))


def _loop(graph: Graph, nodes: list[Ident], links: list[Link], counts: dict[str, int]) -> Loop:
    first = next((place for place, ident in enumerate(nodes) if graph.nodes[ident].kind == "stock"), 0)
    nodes, links = nodes[first:] + nodes[:first], links[first:] + links[:first]
    signs = [link.polarity for link in links]
    polarity: Literal["R", "B", "?"] = "?" if "?" in signs else "B" if signs.count("-") % 2 else "R"
    stocks = tuple(ident for ident in nodes if graph.nodes[ident].kind == "stock")
    counts[polarity] = counts.get(polarity, 0) + 1
    title = " → ".join(graph.nodes[ident].name for ident in stocks or nodes[:1])
    return Loop(f"{polarity}{counts[polarity]} {title}", polarity, tuple(nodes), stocks, tuple(links))


def _adjacent(count: int, pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    adjacent: dict[int, list[int]] = {number: [] for number in range(count)}
    for source, target in sorted(pairs):
        adjacent[source].append(target)
    return adjacent


def _components(adjacent: Adjacent, within: Iterable[int]) -> Iterator[list[int]]:
    """Strongly connected components of some nodes, each sorted; Tarjan's algorithm without recursion."""
    inside = set(within)
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    for root in sorted(inside):
        if root in index:
            continue
        work = [(root, iter(adjacent[root]))]
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        while work:
            node, following = work[-1]
            for other in following:
                if other not in inside:
                    continue
                if other not in index:
                    index[other] = low[other] = len(index)
                    path.append(other)
                    on_path.add(other)
                    work.append((other, iter(adjacent[other])))
                    break
                if other in on_path:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = path[path.index(node) :]
                    del path[-len(part) :]
                    on_path.difference_update(part)
                    yield sorted(part)


def _circuits(adjacent: Adjacent) -> Iterator[tuple[int, ...]]:
    """Every elementary circuit once, from its least node; Johnson's algorithm without recursion."""
    waiting = list(_components(adjacent, adjacent))
    while waiting:
        part = waiting.pop()
        start = part[0]
        inside = set(part)
        if len(part) > 1 or start in adjacent[start]:
            yield from _from(start, adjacent, inside)
            waiting.extend(_components(adjacent, part[1:]))


def _from(start: int, adjacent: Adjacent, inside: set[int]) -> Iterator[tuple[int, ...]]:
    """The circuits through a node within a component."""
    path = [start]
    blocked = {start}
    blocks: dict[int, set[int]] = {}
    closed: set[int] = set()  # nodes on the path from which a circuit was found
    work = [iter([node for node in adjacent[start] if node in inside])]
    while work:
        here = path[-1]
        for other in work[-1]:
            if other == start:
                yield tuple(path)
                closed.update(path)
            elif other not in blocked:
                path.append(other)
                blocked.add(other)
                closed.discard(other)
                work.append(iter([node for node in adjacent[other] if node in inside]))
                break
        else:
            if here in closed:
                _unblock(here, blocked, blocks)
            else:
                for other in adjacent[here]:
                    if other in inside:
                        blocks.setdefault(other, set()).add(here)
            work.pop()
            path.pop()


def _unblock(node: int, blocked: set[int], blocks: dict[int, set[int]]) -> None:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if here in blocked:
            blocked.remove(here)
            waiting.extend(blocks.pop(here, ()))


def _covering(adjacent: Adjacent) -> list[tuple[int, ...]]:
    """The shortest loop through each link, as few as cover all links that are in loops."""
    found: set[tuple[int, ...]] = set()
    for part in _components(adjacent, adjacent):
        inside = set(part)
        sources: dict[int, list[int]] = {node: [] for node in part}
        for node in part:
            for other in adjacent[node]:
                if other in inside:
                    sources[other].append(node)
        for node in part:
            back = _paths(node, adjacent, inside, set(sources[node]))
            found.update(_rotated(back(source)) for source in sources[node])
    covered: set[tuple[int, int]] = set()
    chosen = []
    for circuit in sorted(found, key=lambda circuit: (len(circuit), circuit)):
        pairs = set(zip(circuit, (*circuit[1:], circuit[0]), strict=True))
        if not pairs <= covered:
            covered |= pairs
            chosen.append(circuit)
    return chosen


def _paths(start: int, adjacent: Adjacent, inside: set[int], wanted: set[int]) -> Callable[[int], list[int]]:
    """Shortest paths from a node to those that are wanted, as a function of the end."""
    before = {start: start}
    waiting = deque([start])
    missing = wanted - {start}
    while waiting and missing:
        node = waiting.popleft()
        for other in adjacent[node]:
            if other in inside and other not in before:
                before[other] = node
                missing.discard(other)
                waiting.append(other)

    def path(end: int) -> list[int]:
        nodes = [end]
        while nodes[-1] != start:
            nodes.append(before[nodes[-1]])
        return nodes[::-1]

    return path


def _rotated(circuit: list[int]) -> tuple[int, ...]:
    """The same circuit from its least node on."""
    first = circuit.index(min(circuit))
    return tuple(circuit[first:] + circuit[:first])
