"""The layout of a model that nobody drew: chains first, everything else around them, sector by sector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt

from ..model import Model
from .arcs import bend_all, clipped, drawn
from .chains import Body, bodies_of
from .diagram import Box, Frame, Label, Pipe, Point, Symbol
from .graph import Graph, graph_of
from .labels import place_labels
from .scene import Link, Scene, Sheet, Spot, Tube, joined, spot
from .search import Search
from .sectors import cut_out, sectors
from .shapes import SIZES, around, distance, grown, label, lines_of, size_of
from .stress import arrange, separate
from .text import width

_APART = 36.0
_TITLE = 22.0
_PADDING = 18.0


def automatic(model: Model) -> list[tuple[str, Sheet]]:
    """A sheet for each sector with its title, or one without a title; modules are boxes."""
    graph = graph_of(model)
    parts = sectors(graph)
    return [
        (title, packed([finished(scene) for scene in scenes(_alone(graph, part, parts), len(graph.nodes))]))
        for title, part in parts
    ]


def _alone(graph: Graph, part: list[int], parts: Sequence[object]) -> Graph:
    return cut_out(graph, part) if len(parts) > 1 else graph


def scenes(graph: Graph, whole: int) -> list[Scene]:
    """A scene for each part of the graph that hangs together, loose nodes in one of their own."""
    bodies = bodies_of(graph, range(len(graph.nodes)))
    held = {number for body in bodies for number in body.nodes}
    bodies += [_single(graph, number) for number in range(len(graph.nodes)) if number not in held]
    owner = {number: index for index, body in enumerate(bodies) for number in body.nodes}
    found, loose = [], []
    for group in _components(len(bodies), ((owner[a], owner[b]) for a, b in graph.arrows)):
        if len(group) == 1 and len(bodies[group[0]].nodes) == 1:
            loose.append(bodies[group[0]])
        else:
            found.append(_scene(graph, [bodies[index] for index in group], whole))
    return found + ([_row(graph, loose)] if loose else [])


def _single(graph: Graph, number: int) -> Body:
    node = graph.nodes[number]
    lines = lines_of(node.kind, node.name)
    size = size_of(node.kind, lines)
    wide, high = size[0] / 2, size[1] / 2
    solids: list[Box] = [grown((-wide, -high, wide, high), 5.0)]
    side = "inside"
    if SIZES[node.kind][0] and node.kind != "module":
        side = "below"
        solids.append(grown(label(node.kind, lines, (0.0, 0.0), size, side).box, 4.0))
    return Body(nodes={number: (0.0, 0.0)}, sides={number: side}, solids=solids)


def _components(count: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in links:
        near[a].append(b)
        near[b].append(a)
    seen = [False] * count
    found = []
    for start in range(count):
        if seen[start]:
            continue
        seen[start], group = True, [start]
        for number in group:
            for other in near[number]:
                if not seen[other]:
                    seen[other] = True
                    group.append(other)
        found.append(sorted(group))
    return found


def _scene(graph: Graph, bodies: list[Body], whole: int) -> Scene:
    inside = {number for body in bodies for number in body.nodes}
    arrows = [pair for pair in graph.arrows if pair[0] in inside]
    pipes = [
        (number, end)
        for number in sorted(inside)
        for end in (graph.nodes[number].source, graph.nodes[number].target)
        if end is not None
    ]
    links = [*arrows, *pipes]
    tries, sweeps, wide = next(row[1:] for row in _EFFORT if max(whole, len(arrows)) <= row[0])
    found: list[tuple[float, int, Search, Scene]] = []
    for seed in range(tries):
        search = _searched(bodies, arrows, links, seed, sweeps, wide)
        scene = _composed(graph, bodies, search.places, arrows)
        found.append((round(_settled(scene) + search.total(), 3), seed, search, scene))
    _, _, search, scene = min(found, key=lambda row: row[:2])
    return _again(graph, bodies, search, scene, arrows) if whole <= 60 else scene


_EFFORT = ((16, 6, 4, 4), (30, 3, 3, 3), (60, 2, 3, 2), (300, 1, 3, 2), (1 << 30, 1, 2, 1))
"""Up to how many nodes in all, or arrows: tries from different starts, sweeps, and how far a step may be."""


def _searched(
    bodies: Sequence[Body],
    arrows: Sequence[tuple[int, int]],
    links: Sequence[tuple[int, int]],
    seed: int,
    sweeps: int,
    wide: int,
) -> Search:
    masses = [float(len(body.nodes) * len(body.nodes)) for body in bodies]
    places = separate([body.solids for body in bodies], arrange(bodies, links, seed), masses)
    search = Search(bodies, arrows, places)
    search.run(sweeps, wide)
    return search


def _again(
    graph: Graph, bodies: Sequence[Body], search: Search, scene: Scene, arrows: Sequence[tuple[int, int]]
) -> Scene:
    """A second search, which knows the sides that labels have taken."""
    at = 0
    for body in bodies:
        if len(body.nodes) == 1 and not body.pipes and len(body.solids) == 2:
            [number] = body.nodes
            spot_ = scene.spots[at]
            text = label(spot_.kind, spot_.lines, (0.0, 0.0), spot_.size, spot_.side)
            body.sides[number] = spot_.side
            body.solids[1] = grown(text.box, 4.0)
        at += len(body.nodes) + len(body.clouds)
    masses = [float(len(body.nodes) * len(body.nodes)) for body in bodies]
    places = separate([body.solids for body in bodies], search.places, masses)
    better = Search(bodies, arrows, places)
    better.run(2, 2)
    return _composed(graph, bodies, better.places, arrows)


def _settled(scene: Scene) -> float:
    """Choose bends, and given these the sides of labels; what the bends cost."""
    spent = bend_all(scene, 1)
    place_labels(scene)
    scene.settled = True
    return spent


def _composed(
    graph: Graph, bodies: Sequence[Body], places: Sequence[Point], arrows: Iterable[tuple[int, int]]
) -> Scene:
    scene = Scene()
    at: dict[int, int] = {}
    for body, (dx, dy) in zip(bodies, places, strict=True):
        for number, (x, y) in body.nodes.items():
            node = graph.nodes[number]
            at[number] = len(scene.spots)
            scene.spots.append(
                spot(
                    node.kind,
                    node.name,
                    (x + dx, y + dy),
                    side=body.sides[number],
                    arrayed=node.arrayed,
                    belt=node.belt,
                    upright=number in body.upright,
                )
            )
        clouds: dict[tuple[int, str], int] = {}
        for (flow, end), (x, y) in body.clouds.items():
            clouds[flow, end] = len(scene.spots)
            scene.spots.append(spot("cloud", "", (x + dx, y + dy)))
        for flow, points in body.pipes.items():
            node = graph.nodes[flow]
            source = at[node.source] if node.source is not None else clouds.get((flow, "source"))
            target = at[node.target] if node.target is not None else clouds.get((flow, "target"))
            course = tuple((x + dx, y + dy) for x, y in points)
            scene.tubes.append(Tube(at[flow], source, target, course))
    scene.links = [Link(at[a], at[b], graph.arrows[a, b]) for a, b in arrows]
    return scene


def _row(graph: Graph, loose: Sequence[Body]) -> Scene:
    """Nodes that nothing joins, in rows like words."""
    scene = Scene()
    room = max(420.0, 44.0 * sqrt(len(loose)) * 4)
    x = y = row = 0.0
    for body in loose:
        box = around(body.solids)
        if x and x + box[2] - box[0] > room:
            x, y, row = 0.0, y + row + 12.0, 0.0
        [number] = body.nodes
        node = graph.nodes[number]
        place = x - box[0], y - box[1]
        more = {"side": body.sides[number], "fixed": True, "arrayed": node.arrayed}
        scene.spots.append(spot(node.kind, node.name, place, **more))
        x, row = x + box[2] - box[0] + 16.0, max(row, box[3] - box[1])
    return scene


def finished(scene: Scene) -> Sheet:
    """Labels to their sides, arrows bent, everything as data."""
    if not scene.settled:
        _settled(scene)
    for link in scene.links:
        if link.wanted is None and not link.through:
            link.course = ()
    bend_all(scene)
    place_labels(scene, 1)
    sheet = Sheet()
    for number, item in enumerate(scene.spots):
        sheet.symbols.append(_symbol(number, item))
    sheet.pipes = [_pipe(scene, tube) for tube in scene.tubes]
    sheet.arrows = [arrow for link in scene.links if (arrow := drawn(scene, link)) is not None]
    bends = [
        (*p, *p)
        for link in scene.links
        for p in clipped(link.course, scene.spots[link.source], scene.spots[link.target])
    ]
    sheet.box = around([*scene.boxes(), *bends])
    return sheet


def _symbol(number: int, item: Spot) -> Symbol:
    text: Label | None = item.label()
    (x, y), (wide, high) = item.centre, item.size
    looks = item.arrayed, item.belt, item.upright
    return Symbol(number, item.kind, item.name, x, y, wide, high, text, *looks, item.drawn)


def _pipe(scene: Scene, tube: Tube) -> Pipe:
    """A pipe with its ends at the bounds of what it joins; a cloud keeps its end within."""
    points = list(tube.points)
    for end, place, towards in ((tube.source, 0, 1), (tube.target, -1, -2)):
        if end is not None and scene.spots[end].kind == "cloud":
            points[place] = _edge(points[place], points[towards])
    return Pipe(tube.flow, tube.source, tube.target, tuple(points))


def _edge(end: Point, before: Point) -> Point:
    length = distance(end, before)
    reach = 13.0 if abs(end[1] - before[1]) < abs(end[0] - before[0]) else 9.0
    share = min(0.9, reach / length) if length else 0.0
    return end[0] + (before[0] - end[0]) * share, end[1] + (before[1] - end[1]) * share


def framed(sheet: Sheet, title: str) -> Sheet:
    box = grown(sheet.box, _PADDING)
    wide = max(box[2], box[0] + width(title, bold=True) + 24.0)
    box = box[0], box[1] - _TITLE, wide, box[3]
    return Sheet(sheet.symbols, sheet.pipes, sheet.arrows, [*sheet.frames, Frame(title, box)], box)


def packed(sheets: list[Sheet]) -> Sheet:
    """Several sheets as one, the largest first."""
    if len(sheets) == 1:
        return sheets[0]
    diagram = joined("", shelved(sheets, tight=True))
    box = 0.0, 0.0, diagram.width, diagram.height
    return Sheet(list(diagram.symbols), list(diagram.pipes), list(diagram.arrows), [], box)


def shelved(sheets: Sequence[Sheet], *, tight: bool = False) -> list[tuple[Sheet, Point]]:
    """Sheets in rows, the whole a little wider than tall; `tight` ones in the order of their heights."""
    if not sheets:
        return []
    sizes = [(item.box[2] - item.box[0], item.box[3] - item.box[1]) for item in sheets]
    area = 0.0
    for wide, high in sizes:
        area += (wide + _APART) * (high + _APART)
    room = max(max(wide for wide, _ in sizes), sqrt(area * 1.5))
    order = sorted(range(len(sheets)), key=lambda index: (-round(sizes[index][1]) if tight else 0, index))
    placed, x, y, row = [], 0.0, 0.0, 0.0
    for index in order:
        wide, high = sizes[index]
        if x and x + wide > room:
            x, y, row = 0.0, y + row + _APART, 0.0
        placed.append((sheets[index], (x - sheets[index].box[0], y - sheets[index].box[1])))
        x, row = x + wide + _APART, max(row, high)
    return placed
