"""A large model in sectors of a readable size: its author's groups, split and joined along its structure.

What a sector uses of another stands in it as an alias, so that no arrow runs between sectors.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import replace

from .chains import bodies_of
from .graph import Graph, Node
from .text import shown

LARGE = 56  # nodes that are still one picture
_TARGET = 36  # nodes that sectors are joined up to
_SMALL = 4


def sectors(graph: Graph) -> list[tuple[str, list[int]]]:
    """Titles and nodes of the sectors, in the order of the file; one without a title if the model is small."""
    everything = list(range(len(graph.nodes)))
    if len(everything) <= LARGE:
        return [("", everything)]
    by_group: dict[str, list[int]] = {}
    for number in everything:
        by_group.setdefault(_group(graph, number), []).append(number)
    if len(by_group) < 3:
        by_group = {"": everything}
    found = [
        (group, part)
        for group, members in by_group.items()
        for part in (_split(graph, members) if len(members) > LARGE else [members])
    ]
    merged = _without_crumbs(graph, found)
    return sorted(((_title(graph, group, part), part) for group, part in merged), key=lambda item: item[1][0])


def _group(graph: Graph, number: int) -> str:
    """A node's group as a title; a flow goes with its stock, so that no chain is cut."""
    node = graph.nodes[number]
    stock = node.target if node.target is not None else node.source
    if node.kind == "flow" and stock is not None:
        node = graph.nodes[stock]
    return shown(node.group.rpartition(".")[2]) if node.group.strip() else ""


def _split(graph: Graph, members: list[int]) -> list[list[int]]:
    """Clusters of about `_TARGET`, joined two by two where most arrows run for their sizes."""
    leader: dict[int, int] = {}
    for body in bodies_of(graph, members):
        first = min(body.nodes)
        leader.update(dict.fromkeys(body.nodes, first))
    for number in members:
        leader.setdefault(number, number)
    parts: dict[int, list[int]] = {}
    for number in members:
        parts.setdefault(leader[number], []).append(number)
    ties = _ties(graph, leader)
    heap = [
        (-_pull(parts, a, b, weight), a, b) for a, near in ties.items() for b, weight in near.items() if a < b
    ]
    heapq.heapify(heap)
    while heap:
        strength, a, b = heapq.heappop(heap)
        if (
            a not in parts
            or b not in parts
            or b not in ties[a]
            or -_pull(parts, a, b, ties[a][b]) != strength
        ):
            continue
        if len(parts[a]) + len(parts[b]) > _TARGET:
            continue
        parts[a] += parts.pop(b)
        for other, weight in ties.pop(b).items():
            del ties[other][b]
            if other != a:
                ties[a][other] = ties[other][a] = ties[a].get(other, 0.0) + weight
        for other, weight in ties[a].items():
            heapq.heappush(heap, (-_pull(parts, a, other, weight), min(a, other), max(a, other)))
    return [sorted(part) for part in parts.values()]


def _ties(graph: Graph, leader: Mapping[int, int]) -> dict[int, dict[int, float]]:
    """How many arrows run between clusters; those of things that much depends on count less."""
    uses: dict[int, int] = {}
    for source, _ in graph.arrows:
        uses[source] = uses.get(source, 0) + 1
    ties: dict[int, dict[int, float]] = {number: {} for number in leader.values()}
    for source, target in graph.arrows:
        if source in leader and target in leader and leader[source] != leader[target]:
            a, b = leader[source], leader[target]
            ties[a][b] = ties[b][a] = ties[a].get(b, 0.0) + 1.0 / uses[source]
    return ties


def _pull(parts: Mapping[int, list[int]], a: int, b: int, weight: float) -> float:
    return weight / (min(len(parts[a]), len(parts[b])) * (len(parts[a]) + len(parts[b])))


def _without_crumbs(graph: Graph, found: list[tuple[str, list[int]]]) -> list[tuple[str, list[int]]]:
    """Sectors of a few nodes joined to what they are tied to most, or else to each other."""
    sector_of = {number: index for index, (_, part) in enumerate(found) for number in part}
    ties = _ties(graph, sector_of)
    parts = {index: part for index, (_, part) in enumerate(found)}
    crumbs: list[int] = []
    for index in sorted(parts, key=lambda index: (len(parts[index]), index)):
        if len(parts[index]) > _SMALL:
            break
        homes = [
            (weight, -other)
            for other, weight in ties[index].items()
            if other in parts and other != index and len(parts[other]) + len(parts[index]) <= LARGE
        ]
        if not homes:
            crumbs.append(index)
            continue
        home = -max(homes)[1]
        parts[home] = sorted(parts[home] + parts.pop(index))
        for other, weight in ties.pop(index).items():
            ties[other].pop(index, None)
            if other != home:
                ties[home][other] = ties[other][home] = ties[home].get(other, 0.0) + weight
    rest = sorted(number for index in crumbs for number in parts.pop(index))
    joined = [(found[index][0], part) for index, part in parts.items()]
    return joined + [("", rest[place : place + LARGE]) for place in range(0, len(rest), LARGE)]


def _title(graph: Graph, group: str, part: Iterable[int]) -> str:
    """The group, and in it the stock or else the variable that most arrows meet."""
    weight: dict[int, float] = dict.fromkeys(part, 0.0)
    for source, target in graph.arrows:
        for number in (source, target):
            if number in weight:
                weight[number] += 1.0
    rank = {"stock": 2, "flow": 1, "module": 1, "auxiliary": 1}
    chief = max(weight, key=lambda number: (rank.get(graph.nodes[number].kind, 0), weight[number], -number))
    name = shown(graph.nodes[chief].name)
    return f"{group}: {name}" if group else name


def cut_out(graph: Graph, part: list[int]) -> Graph:
    """The graph of a sector by itself, with an alias for everything outside that it uses."""
    place = {number: index for index, number in enumerate(part)}
    alone = Graph(nodes=[_inside(graph, number, place) for number in part])
    for (source, target), initial in graph.arrows.items():
        if target not in place:
            continue
        if source not in place:
            place_of_alias = place.setdefault(-1 - source, len(alone.nodes))
            if place_of_alias == len(alone.nodes):
                origin = graph.nodes[source]
                alone.nodes.append(replace(origin, kind="alias", source=None, target=None, origin=source))
            alone.arrows[place_of_alias, place[target]] = initial
        else:
            alone.arrows[place[source], place[target]] = initial
    return alone


def _inside(graph: Graph, number: int, place: Mapping[int, int]) -> Node:
    node = graph.nodes[number]
    source = None if node.source is None else place.get(node.source)
    target = None if node.target is None else place.get(node.target)
    return replace(node, source=source, target=target)
