"""Chains of stocks and flows as rigid bodies: stocks on a grid, flows between them where they are straightest.

A body is laid out around its own origin; what places bodies never turns or bends them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .diagram import Box, Point
from .graph import Graph
from .pipes import Router
from .shapes import extent, lines_of

Cell = tuple[int, int]
_ROW = 6  # stocks side by side before a long chain goes on below


@dataclass(slots=True)
class Body:
    """What moves as one: nodes with their centres, pipes by flow with their ends, clouds by flow and end.

    `solids` are the boxes that nothing else may cover, `labels` those of names among them; `sides` are where names
    stand.
    """

    nodes: dict[int, Point] = field(default_factory=dict)
    pipes: dict[int, tuple[Point, ...]] = field(default_factory=dict)
    clouds: dict[tuple[int, str], Point] = field(default_factory=dict)
    upright: set[int] = field(default_factory=set)
    sides: dict[int, str] = field(default_factory=dict)
    solids: list[Box] = field(default_factory=list)
    labels: dict[int, Box] = field(default_factory=dict)


def bodies_of(graph: Graph, numbers: Iterable[int]) -> list[Body]:
    """A body for every chain among the nodes `numbers`, those of other nodes not among them."""
    inside = [number for number in numbers if graph.nodes[number].kind in ("stock", "flow")]
    return [_body(graph, chain) for chain in _chains(graph, inside)]


def _chains(graph: Graph, numbers: list[int]) -> list[list[int]]:
    """Stocks and flows that hang together, in the order of the file."""
    leader = {number: number for number in numbers}

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for number in numbers:
        node = graph.nodes[number]
        for end in (node.source, node.target):
            if end is not None and end in leader:
                one, other = sorted((find(number), find(end)))
                leader[other] = one
    chains: dict[int, list[int]] = {}
    for number in numbers:
        chains.setdefault(find(number), []).append(number)
    return list(chains.values())


def _body(graph: Graph, chain: list[int]) -> Body:
    stocks = [number for number in chain if graph.nodes[number].kind == "stock"]
    inside = set(stocks)
    ends = {
        number: (
            graph.nodes[number].source if graph.nodes[number].source in inside else None,
            graph.nodes[number].target if graph.nodes[number].target in inside else None,
        )
        for number in chain
        if graph.nodes[number].kind == "flow"
    }
    links = [(a, b) for a, b in ends.values() if a is not None and b is not None and a != b]
    cells = _cells(stocks, links)
    centres = _centres(graph, cells, ends)
    body = Body(nodes=dict(centres))
    router = Router(graph, body.nodes)
    router.route(ends)
    body.nodes.update(router.valves)
    body.pipes, body.clouds = router.pipes, router.clouds
    body.upright, body.sides = router.upright, router.sides
    body.solids, body.labels = router.solids(), router.labels
    return body


def _cells(stocks: list[int], links: list[tuple[int, int]]) -> dict[int, Cell]:
    """A column and a row for each stock: the longest chain in rows, others beside what they are joined to."""
    cells: dict[int, Cell] = {}
    for place, stock in enumerate(_longest(stocks, links)):
        row, column = divmod(place, _ROW)
        cells[stock] = (column if row % 2 == 0 else _ROW - 1 - column, row)
    while len(cells) < len(stocks):
        joined = {number: [] for number in stocks if number not in cells}  # type: dict[int, list[tuple[int, bool]]]
        for a, b in links:
            if a in joined and b in cells:
                joined[a].append((b, False))
            if b in joined and a in cells:
                joined[b].append((a, True))
        stock = max(joined, key=lambda number: (len(joined[number]), -number))
        cells[stock] = _best_cell(cells, joined[stock])
    return cells


def _longest(stocks: list[int], links: list[tuple[int, int]]) -> list[int]:
    """A long path along the flows; the longest wherever a search of bounded length finds it."""
    after: dict[int, list[int]] = {stock: [] for stock in stocks}
    entered: dict[int, int] = dict.fromkeys(stocks, 0)
    for a, b in links:
        if b not in after[a]:
            after[a].append(b)
            entered[b] += 1
    best: list[int] = []
    budget = 4000
    for start in sorted(stocks, key=lambda number: (entered[number], number)):
        path, stack = [start], [iter(after[start])]
        while stack and budget > 0:
            budget -= 1
            if len(path) > len(best):
                best = list(path)
            following = next((number for number in stack[-1] if number not in path), None)
            if following is None:
                stack.pop()
                path.pop()
            else:
                path.append(following)
                stack.append(iter(after[following]))
    return best


def _best_cell(cells: Mapping[int, Cell], joined: list[tuple[int, bool]]) -> Cell:
    """The free cell with the straightest ways to the stocks that a new one is joined to."""
    taken = set(cells.values())
    around = [cells[number] for number, _ in joined] or [max(taken, default=(0, 0))]
    candidates = {
        (column + dx, row + dy)
        for column, row in around
        for dx in (-2, -1, 0, 1, 2)
        for dy in (-2, -1, 0, 1, 2)
    } - taken

    def cost(cell: Cell) -> tuple[float, Cell]:
        total = 0.0
        for number, leaves in joined or [(next(iter(cells)), True)]:
            column, row = cells[number]
            dx, dy = cell[0] - column, cell[1] - row
            total += 1.0 * abs(dx) + 1.3 * abs(dy) + (0.0 if dx == 0 or dy == 0 else 2.0)
            total += 0.4 if (dx < 0 if leaves else dx > 0) else 0.0
            total += 0.1 if dy < 0 else 0.0
            steps = max(abs(dx), abs(dy))
            if dx == 0 or dy == 0:
                between = ((column + dx * n // steps, row + dy * n // steps) for n in range(1, steps))
                total += 5.0 * sum(place in taken for place in between)
        return total, cell

    return min(candidates, key=cost)


def _centres(
    graph: Graph, cells: Mapping[int, Cell], ends: Mapping[int, tuple[int | None, int | None]]
) -> dict[int, Point]:
    """Places for the cells: columns and rows as far apart as labels and loose flows between them need."""
    across: dict[int, float] = {}
    down: dict[int, float] = {}
    loose: dict[int, int] = {}
    for flow, (source, target) in ends.items():
        wide, high = extent("flow", lines_of("flow", graph.nodes[flow].name))
        if source is None or target is None:
            stock = target if source is None else source
            if stock is not None:
                loose[stock] = loose.get(stock, 0) + 1
            continue
        (c0, r0), (c1, r1) = cells[source], cells[target]
        if r0 == r1:
            column = min(c0, c1)
            across[column] = max(across.get(column, 0.0), wide + 20.0)
        if c0 == c1:
            down[min(r0, r1)] = max(down.get(min(r0, r1), 0.0), high + 20.0)
    for stock, (column, row) in cells.items():
        name = extent("stock", lines_of("stock", graph.nodes[stock].name))[0]
        for side in (column - 1, column):
            across[side] = max(across.get(side, 0.0), name - 40.0)
        if loose.get(stock, 0) > 1:
            down[row] = max(down.get(row, 0.0), 150.0)
            down[row - 1] = max(down.get(row - 1, 0.0), 150.0)
    xs, ys = (
        _ticks((c for c, _ in cells.values()), across, 60.0),
        _ticks((r for _, r in cells.values()), down, 40.0),
    )
    return {stock: (xs[column], ys[row]) for stock, (column, row) in cells.items()}


def _ticks(used: Iterable[int], gaps: Mapping[int, float], size: float) -> dict[int, float]:
    ticks, at = {}, 0.0
    places = sorted(set(used))
    for place in range(places[0], places[-1] + 1) if places else ():
        ticks[place] = at
        at += size + max(90.0, gaps.get(place, 0.0))
    return ticks
