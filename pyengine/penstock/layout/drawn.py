"""Diagrams as their authors drew them: places and bends are theirs, sizes and looks are the house's.

Where labels or symbols would cover each other everything is spread out first, then nudged. Vensim centres the
name where other tools have a circle, so there circle and name take that place together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import atan, atan2, radians, sqrt, tan
from math import degrees as degrees_of

from ..model import Connector, Ident, Model, View, ViewItem, canonical
from ..read.looks import looks_of
from .diagram import Box, Drawn, Point, SymbolKind
from .graph import Graph, graph_of
from .labels import place_labels
from .scene import Link, Scene, Spot, Tube, spot
from .shapes import INSIDE, distance, extent, grown, overlap, pipe_boxes
from .stress import separate
from .text import LINE, wrap

_SPREADS = (1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, 2.5)
_DRAWN = frozenset(("stock", "flow", "auxiliary", "alias", "module"))
_MOST_BEND = 1.2


def views_of(model: Model) -> tuple[View, ...]:
    """The views that show variables."""
    return tuple(
        view for view in model.views if any(item.kind in _DRAWN and item.name for item in view.items)
    )


def view_scene(model: Model, view: View, number: int | None = None) -> Scene:
    """A view as a scene; with a number, what is in it knows where it is from.

    Views of other tools, whose symbols have other sizes, are spread out until there are no overlaps; one that was
    drawn here stays as it is, so that what is moved by hand is where it was put.
    """
    graph = graph_of(model)
    if not view.format:
        return _Copy(graph, view, 1.0, number).scene()
    scene = Scene()
    for spread in _SPREADS:
        scene = _Copy(graph, view, spread, number).scene()
        if not _covered(scene):
            break
    _nudge(scene)
    return scene


@dataclass(slots=True)
class _Copy:
    """A scene while it is taken from a view."""

    graph: Graph
    view: View
    spread: float
    number: int | None
    spots: list[Spot] = field(default_factory=list)
    by_uid: dict[int, int] = field(default_factory=dict)
    by_ident: dict[Ident, int] = field(default_factory=dict)
    places: dict[int, Point] = field(default_factory=dict)  # the author's

    def scene(self) -> Scene:
        pipes: list[tuple[int, ViewItem]] = []
        for place, item in enumerate(self.view.items):
            found = self._spot(item)
            if found is None:
                continue
            found.drawn = self._drawn(place)
            number = len(self.spots)
            self.spots.append(found)
            self.places[number] = item.x, item.y
            if item.uid:
                self.by_uid[item.uid] = number
            if item.label and item.label.uid:
                self.by_uid[item.label.uid] = number
            if item.name and item.kind not in ("comment", "cloud"):
                ident = canonical(item.name)
                if ident not in self.by_ident or self.spots[self.by_ident[ident]].kind == "alias":
                    self.by_ident[ident] = number
            if item.kind == "flow":
                pipes.append((number, item))
        tubes = [tube for number, item in pipes if (tube := self._tube(number, item)) is not None]
        links = []
        for place, arrow in enumerate(self.view.connectors):
            if (link := self._link(arrow)) is not None:
                link.drawn = self._drawn(place)
                links.append(link)
        scene = Scene(self.spots, tubes, links)
        place_labels(scene)
        return scene

    def _drawn(self, place: int) -> Drawn | None:
        return None if self.number is None else (self.number, place)

    def _at(self, x: float, y: float) -> Point:
        return x * self.spread, y * self.spread

    def _spot(self, item: ViewItem) -> Spot | None:
        kind = self._kind(item)
        if kind is None:
            return None
        centre = self._at(item.x, item.y)
        number = self.graph.by_ident.get(canonical(item.name))
        node = None if number is None else self.graph.nodes[number]
        looks = looks_of(self.view.format, item)
        if looks.hidden or (kind == "comment" and (looks.control or _same(item.name, self.view.name))):
            return None
        found = spot(
            kind,
            item.name,
            centre,
            arrayed=node is not None and node.arrayed,
            belt=node is not None and node.belt,
        )
        if kind == "stock":
            _fit_stock(found, item)
        elif kind == "flow" and item.label is not None:
            found.side = found.liked = _side(item.label.x - item.x, item.label.y - item.y)
        elif kind == "comment":
            found.lines = wrap(" ".join(item.name.split()), max(92.0, min(item.width * 2, 320.0)))
            wide, high = extent(kind, found.lines)
            found.size = wide + 4.0, high + 2.0
        elif looks.centred and kind not in INSIDE and found.lines:
            found.centre = centre[0], centre[1] - (LINE * len(found.lines) + 3.0) / 2
        if looks.side and found.side != "inside":
            found.side = found.liked = looks.side
        return found

    def _kind(self, item: ViewItem) -> SymbolKind | None:
        """What a symbol is drawn as; the model knows constants, lookups and modules."""
        if item.kind == "cloud":
            return "cloud"
        if item.kind == "comment" or item.kind == "alias":
            return item.kind if item.name.strip() else None
        number = self.graph.by_ident.get(canonical(item.name))
        if item.kind == "flow":
            return "flow"
        if item.kind == "picture" or (number is None and not item.name):
            return None
        if number is None:
            return "stock" if item.kind == "stock" else "alias"
        kind = self.graph.nodes[number].kind
        return "auxiliary" if kind == "flow" else kind

    def _tube(self, number: int, item: ViewItem) -> Tube | None:
        """A flow's pipe, its ends at stocks and clouds; a cloud where the file leaves an end open."""
        valve = self.spots[number]
        points = [self._at(x, y) for x, y in item.points]
        node = self.graph.by_ident.get(canonical(item.name))
        ends: list[int | None] = [None, None]
        if node is not None:
            stocks = self.graph.nodes[node].source, self.graph.nodes[node].target
            ends = [None if end is None else self._drawn_stock(end) for end in stocks]
        if len(points) < 2:
            known = [self.spots[end].centre if end is not None else None for end in ends]
            if known == [None, None]:
                return None
            points = [known[0] or valve.centre, valve.centre, known[1] or valve.centre]
            points = [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]
        for place, index in ((0, 0), (1, -1)):
            end = self._end(ends[place], points[index])
            if end is None:
                end = len(self.spots)
                self.spots.append(spot("cloud", "", points[index]))
            ends[place] = end
            inner = points[1] if index == 0 else points[-2]
            points[index] = _touching(self.spots[end], points[index], inner)
        course = tuple(points)
        valve.centre, valve.upright = _on(course, valve.centre)
        return Tube(number, ends[0], ends[1], course)

    def _drawn_stock(self, node: int) -> int | None:
        return self.by_ident.get(canonical(self.graph.nodes[node].name))

    def _end(self, known: int | None, at: Point) -> int | None:
        """What stands at the end of a pipe: the stock that the model names if it is near, or what is nearest."""
        near = []
        for number, found in enumerate(self.spots):
            if found.kind in ("stock", "cloud", "alias", "module"):
                # Symbols keep their size when places are spread out, so ends are where the author has them.
                x, y = self.places.get(number, (found.centre[0] / self.spread, found.centre[1] / self.spread))
                wide, high = found.size[0] / 2 + 14.0, found.size[1] / 2 + 14.0
                if abs(at[0] / self.spread - x) <= wide and abs(at[1] / self.spread - y) <= high:
                    near.append((number != known, round(distance(found.centre, at), 3), number))
        return min(near)[2] if near else None

    def _link(self, arrow: Connector) -> Link | None:
        looks = looks_of(self.view.format, arrow)
        source = self._number(arrow.ends[0], arrow.source)
        target = self._number(arrow.ends[1], arrow.target)
        if looks.hidden or source is None or target is None or source == target:
            return None
        if "cloud" in (self.spots[source].kind, self.spots[target].kind):
            return None
        link = Link(source, target, self._initial(source, target))
        a, b = self.places.get(source), self.places.get(target)
        if a is not None and b is not None:
            if arrow.angle is not None:
                link.wanted = _bend_of_angle(a, b, arrow.angle)
            elif looks.through is not None:
                link.wanted = _bend_through(a, b, looks.through)
        return link

    def _initial(self, source: int, target: int) -> bool:
        ends = [self.graph.by_ident.get(canonical(self.spots[number].name)) for number in (source, target)]
        return self.graph.arrows.get((ends[0], ends[1]), False) if None not in ends else False  # type: ignore[arg-type]

    def _number(self, uid: int, name: str) -> int | None:
        if uid and uid in self.by_uid:
            return self.by_uid[uid]
        return self.by_ident.get(canonical(name)) if name else None


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _fit_stock(found: Spot, item: ViewItem) -> None:
    """The author's size within bounds; where that was meant to hold the name, it does."""
    wide, high = found.size
    if item.width > 0 and item.height > 0:
        wide, high = min(max(item.width * 2, 44.0), 180.0), min(max(item.height * 2, 34.0), 110.0)
    if item.width * 2 > 62.0:
        found.lines, found.side = wrap(" ".join(found.lines), wide - 10.0, bold=True), "inside"
        text = extent("stock", found.lines)
        wide, high = max(wide, text[0] + 12.0), max(high, text[1] + 8.0)
    found.size = wide, high


def _side(dx: float, dy: float) -> str:
    if abs(dx) > 2 * abs(dy):
        return "right" if dx > 0 else "left"
    return "above" if dy < 0 else "below"


def _touching(end: Spot, at: Point, inner: Point) -> Point:
    """Where a pipe that comes from `inner` meets a symbol's box; the pipe's own end for a cloud."""
    if end.kind == "cloud":
        level = abs(at[1] - inner[1]) <= abs(at[0] - inner[0])
        return (end.centre[0], at[1]) if level else (at[0], end.centre[1])
    x0, y0, x1, y1 = end.box()
    if abs(at[1] - inner[1]) <= abs(at[0] - inner[0]):
        return (x0 if inner[0] < end.centre[0] else x1), min(max(at[1], y0 + 2), y1 - 2)
    return min(max(at[0], x0 + 2), x1 - 2), (y0 if inner[1] < end.centre[1] else y1)


def _on(course: Sequence[Point], at: Point) -> tuple[Point, bool]:
    """The place on a pipe nearest to where the author put the valve, and whether the pipe is upright there."""
    best: tuple[float, Point, bool] | None = None
    for p, q in pairwise(course):
        dx, dy = q[0] - p[0], q[1] - p[1]
        length = dx * dx + dy * dy
        share = ((at[0] - p[0]) * dx + (at[1] - p[1]) * dy) / length if length else 0.5
        room = min(0.5, 14.0 / sqrt(length)) if length else 0.5
        share = min(max(share, room), 1.0 - room)
        here = p[0] + dx * share, p[1] + dy * share
        far = distance(here, at)
        if best is None or far < best[0] - 1e-9:
            best = far, here, abs(dy) > abs(dx)
    assert best is not None
    return best[1], best[2]


def _bend_of_angle(a: Point, b: Point, degrees: float) -> float:
    """XMILE's angle between the arc's start and the x axis, anticlockwise, as a bend; the chord is turned away."""
    chord = degrees_of(atan2(a[1] - b[1], b[0] - a[0]))
    turn = (degrees - chord + 180.0) % 360.0 - 180.0
    turn = min(max(turn, -134.0), 134.0)
    return _bounded(tan(radians(turn) / 2) / 2)


def angle_through(a: Point, b: Point, m: Point) -> float:
    """XMILE's angle of the arc from `a` to `b` that runs through `m`, as far as arcs are drawn; in degrees."""
    chord = degrees_of(atan2(a[1] - b[1], b[0] - a[0]))
    turn = 2 * degrees_of(atan(2 * _bend_through(a, b, m)))
    return (chord + turn + 180.0) % 360.0 - 180.0


def _bend_through(a: Point, b: Point, m: Point) -> float:
    """The bend of the arc of a circle from `a` to `b` through `m`."""
    chord = distance(a, b)
    if chord < 1.0:
        return 0.0
    along = ((m[0] - a[0]) * (b[0] - a[0]) + (m[1] - a[1]) * (b[1] - a[1])) / chord
    out = ((m[0] - a[0]) * (b[1] - a[1]) - (m[1] - a[1]) * (b[0] - a[0])) / chord
    if abs(out) < 1.0:
        return 0.0
    # With the chord on the x axis the centre is (c/2, k), as far from the start as from m.
    k = (along * along + out * out - chord * along) / (2.0 * out)
    radius = sqrt(chord * chord / 4 + k * k)
    sagitta = k + radius if out > 0 else k - radius
    return _bounded(sagitta / chord)


def _bounded(bend: float) -> float:
    return round(min(max(bend, -_MOST_BEND), _MOST_BEND), 3)


def _chain(scene: Scene) -> set[int]:
    """What pipes hold in place: stocks, valves and clouds."""
    return {
        number
        for number, found in enumerate(scene.spots)
        if found.kind in ("stock", "flow", "cloud", "module")
    }


def _parts(scene: Scene, number: int) -> list[Box]:
    found = scene.spots[number]
    text = found.label()
    boxes = [grown(found.box(), 1.0)]
    if text is not None and found.side != "inside":
        boxes.append(grown(text.box, 1.0))
    return boxes


def _covered(scene: Scene) -> bool:
    """Whether anything that pipes hold in place covers anything else of that sort, or much else is crowded."""
    fixed = sorted(_chain(scene))
    parts = [(number, _parts(scene, number)) for number in range(len(scene.spots))]
    clashes = 0
    for place, (a, mine) in enumerate(parts):
        for b, theirs in parts[place + 1 :]:
            if any(overlap(one, other) for one in mine for other in theirs):
                if a in fixed and b in fixed:
                    return True
                clashes += 1
    for tube in scene.tubes:
        ends = {tube.flow, tube.source, tube.target}
        boxes = pipe_boxes(tube.points, 4.0)
        for number in fixed:
            if number in ends:
                labels = parts[number][1][1:]
            else:
                labels = parts[number][1]
            if any(overlap(one, other) for one in boxes for other in labels):
                return True
    return clashes > 0.12 * len(parts)


def _nudge(scene: Scene) -> None:
    """Move what no pipe holds until nothing covers anything."""
    fixed = sorted(_chain(scene))
    free = [number for number in range(len(scene.spots)) if number not in set(fixed)]
    held = [box for number in fixed for box in _parts(scene, number)]
    held += [box for tube in scene.tubes for box in pipe_boxes(tube.points)]
    solids = [held, *(_parts(scene, number) for number in free)]
    if not held:
        solids[0] = [(-1e6, -1e6, -1e6, -1e6)]
    places = separate(solids, [(0.0, 0.0)] * len(solids), [1e9, *(1.0 for _ in free)])
    (x, y), *rest = places
    for number, (dx, dy) in zip(free, rest, strict=True):
        cx, cy = scene.spots[number].centre
        scene.spots[number].centre = cx + dx - x, cy + dy - y
