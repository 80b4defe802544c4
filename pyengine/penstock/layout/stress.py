"""Where bodies go at first: distances on paper as close as may be to distances in the graph, then no overlaps.

Stress is lessened pair by pair (Zheng, Pawar and Goodman: Graph Drawing by Stochastic Gradient Descent, 2018)
in an order that a fixed generator shuffles. Only arithmetic and square roots: the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt

from .chains import Body
from .diagram import Box, Point
from .shapes import around

_EDGE = 96.0
_FLAT = 0.8  # widths count less than heights, so that drawings become wider than tall
_ROUNDS, _COOLING = 30, 0.82


def shuffled(count: int, seed: int) -> list[int]:
    """The numbers below `count` in an order that looks random and is always the same for a seed."""
    order, state = list(range(count)), 12345 + seed
    for last in range(count - 1, 0, -1):
        state = (state * 1103515245 + 12345) % 2147483648
        chosen = (state >> 8) % (last + 1)
        order[last], order[chosen] = order[chosen], order[last]
    return order


def arrange(bodies: Sequence[Body], links: Iterable[tuple[int, int]], seed: int) -> list[Point]:
    """An origin for each body; `links` join nodes, those along pipes included. Other seeds, other outcomes."""
    owner = {number: index for index, body in enumerate(bodies) for number in body.nodes}
    hops = _hops(sorted(owner), links)
    pairs = [
        (a, b, _EDGE * steps, 1.0 / (steps * steps))
        for (a, b), steps in sorted(hops.items())
        if owner[a] != owner[b]
    ]
    places = _start(bodies, seed)
    masses = [float(len(body.nodes)) for body in bodies]
    order = shuffled(len(pairs), seed)
    eta = 60.0
    for _ in range(_ROUNDS):
        for index in order:
            a, b, ideal, weight = pairs[index]
            _pull(bodies, places, masses, (owner[a], a), (owner[b], b), ideal, min(1.0, weight * eta))
        eta *= _COOLING
    return [(x, y) for x, y in places]


def _pull(
    bodies: Sequence[Body],
    places: list[list[float]],
    masses: list[float],
    one: tuple[int, int],
    other: tuple[int, int],
    ideal: float,
    strength: float,
) -> None:
    """Move two bodies so that two of their nodes come nearer to their ideal distance."""
    (i, a), (j, b) = one, other
    ax, ay = bodies[i].nodes[a]
    bx, by = bodies[j].nodes[b]
    dx = (places[j][0] + bx - places[i][0] - ax) * _FLAT
    dy = places[j][1] + by - places[i][1] - ay
    length = sqrt(dx * dx + dy * dy)
    if length < 1e-6:
        dx, dy, length = 0.6 + 0.01 * i, 0.8, 1.0
    total = masses[i] + masses[j]
    push = strength * (length - ideal) / length
    move_i, move_j = push * masses[j] / total, push * masses[i] / total
    places[i][0] += dx / _FLAT * move_i
    places[i][1] += dy * move_i
    places[j][0] -= dx / _FLAT * move_j
    places[j][1] -= dy * move_j


def _start(bodies: Sequence[Body], seed: int) -> list[list[float]]:
    """Chains one below the other, single nodes scattered around them."""
    places, y, state = [], 0.0, 4242 + 977 * seed
    height = 120.0 * sqrt(len(bodies))
    for body in bodies:
        if len(body.nodes) > 1:
            box = around(body.solids)
            places.append([-(box[0] + box[2]) / 2, y - box[1]])
            y += box[3] - box[1] + 120.0
            continue
        spot = []
        for _ in range(2):
            state = (state * 1103515245 + 12345) % 2147483648
            spot.append(((state >> 8) % 4096 / 4096.0 - 0.5) * 2 * height)
        places.append([spot[0], spot[1] + y / 2])
    return places


def _hops(numbers: list[int], links: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Steps between all pairs that hang together, smaller number first."""
    near: dict[int, list[int]] = {number: [] for number in numbers}
    for a, b in links:
        near[a].append(b)
        near[b].append(a)
    found: dict[tuple[int, int], int] = {}
    for start in numbers:
        seen, front, steps = {start}, [start], 0
        while front:
            steps += 1
            front = [b for a in front for b in near[a] if b not in seen and not seen.add(b)]  # type: ignore[func-returns-value]
            for number in front:
                if start < number:
                    found[start, number] = steps
    return found


def separate(
    solids: Sequence[Sequence[Box]], places: Sequence[Point], masses: Sequence[float]
) -> list[Point]:
    """Places near the given ones where no box of a body covers one of another.

    Overlapping pairs are pushed apart the short way; where pushing does not settle, everything is spread out.
    """
    spots = [[x, y] for x, y in places]
    hulls = [around(boxes) for boxes in solids]
    for round_ in range(400):
        if not _push(solids, hulls, spots, masses):
            break
        if round_ % 40 == 39:
            for spot in spots:
                spot[0], spot[1] = spot[0] * 1.12, spot[1] * 1.12
    return [(x, y) for x, y in spots]


def _push(
    solids: Sequence[Sequence[Box]],
    hulls: Sequence[Box],
    spots: list[list[float]],
    masses: Sequence[float],
) -> bool:
    """One round of pushes; whether there was anything to push."""
    pushed = False
    order = sorted(range(len(spots)), key=lambda index: (spots[index][0] + hulls[index][0], index))
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            dx, dy = spots[j][0] - spots[i][0], spots[j][1] - spots[i][1]
            if hulls[j][0] + dx >= hulls[i][2] + 1.0:
                if spots[j][0] + hulls[j][0] > spots[i][0] + hulls[i][2] + 60.0:
                    break
                continue
            if hulls[j][1] + dy >= hulls[i][3] or hulls[i][1] >= hulls[j][3] + dy:
                continue
            depth = _depth(solids[i], solids[j], dx, dy)
            if depth is None:
                continue
            pushed = True
            total = masses[i] + masses[j]
            for index, sign, share in ((i, -1.0, masses[j] / total), (j, 1.0, masses[i] / total)):
                spots[index][0] += sign * depth[0] * share
                spots[index][1] += sign * depth[1] * share
    return pushed


def _depth(one: Sequence[Box], other: Sequence[Box], dx: float, dy: float) -> Point | None:
    """The push on the second that frees the worst overlap of two bodies the short way; None without overlap."""
    worst, push = 0.0, None
    for a in one:
        for b in other:
            left, right = a[2] - b[0] - dx, b[2] + dx - a[0]
            up, down = a[3] - b[1] - dy, b[3] + dy - a[1]
            if left <= 0.0 or right <= 0.0 or up <= 0.0 or down <= 0.0:
                continue
            sideways, upwards = min(left, right), min(up, down)
            if min(sideways, upwards) <= worst:
                continue
            worst = min(sideways, upwards)
            if sideways < upwards:
                push = (left + 0.5 if left <= right else -right - 0.5), 0.0
            else:
                push = 0.0, (up + 0.5 if up <= down else -down - 0.5)
    return push
