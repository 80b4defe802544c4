"""Paths of SVG as those of PDF, which have lines and cubic curves only."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

Matrix = tuple[float, float, float, float, float, float]
"""x' = a x + c y + e, y' = b x + d y + f."""

_STEP = re.compile(r"([MLHVCQAZmlhvcqaz])([^MLHVCQAZmlhvcqaz]*)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}
_Point = tuple[float, float]


def number(text: str) -> float:
    found = _NUMBER.match(text.strip())
    assert found is not None, text
    return float(found[0])


def shifted(matrix: Matrix, x: float, y: float) -> Matrix:
    a, b, c, d, e, f = matrix
    return a, b, c, d, a * x + c * y + e, b * x + d * y + f


def curves(path: str, matrix: Matrix) -> Iterator[str]:
    """The operators m, l, c and h that draw a path."""
    here = start = (0.0, 0.0)
    for letter, text in _STEP.findall(path):
        values = [float(found) for found in _NUMBER.findall(text)]
        takes = _TAKES[letter.upper()]
        for at in range(0, max(1, len(values)), max(1, takes)):
            some = values[at : at + takes]
            if letter.islower() and letter != "z":
                some = _absolute(letter, some, here)
            match letter.upper():
                case "M" if at == 0:
                    start = here = some[0], some[1]
                    yield _said([here], "m", matrix)
                case "M" | "L":
                    here = some[0], some[1]
                    yield _said([here], "l", matrix)
                case "H" | "V":
                    here = (some[0], here[1]) if letter in "Hh" else (here[0], some[0])
                    yield _said([here], "l", matrix)
                case "C":
                    here = some[4], some[5]
                    yield _said([(some[0], some[1]), (some[2], some[3]), here], "c", matrix)
                case "Q":
                    (x, y), end = (some[0], some[1]), (some[2], some[3])
                    ends = [(px + (x - px) * 2 / 3, py + (y - py) * 2 / 3) for px, py in (here, end)]
                    here = end
                    yield _said([*ends, here], "c", matrix)
                case "A":
                    end = some[5], some[6]
                    for points in _arc(here, end, some[0], some[3] != 0, some[4] != 0):
                        yield _said(points, "c", matrix)
                    here = end
                case "Z":
                    here = start
                    yield "h"


def _absolute(letter: str, some: list[float], here: _Point) -> list[float]:
    if letter == "a":
        return [*some[:5], some[5] + here[0], some[6] + here[1]]
    if letter in "hv":
        return [some[0] + here["hv".index(letter)]]
    return [value + here[place % 2] for place, value in enumerate(some)]


def _said(points: list[_Point], operator: str, matrix: Matrix) -> str:
    a, b, c, d, e, f = matrix
    return " ".join(f"{a * x + c * y + e:.2f} {b * x + d * y + f:.2f}" for x, y in points) + f" {operator}"


def _arc(start: _Point, end: _Point, radius: float, large: bool, sweep: bool) -> Iterator[list[_Point]]:
    """Of a circle, as curves of a quarter of it at most (the construction of SVG 1.1, appendix F.6)."""
    dx, dy = (end[0] - start[0]) / 2, (end[1] - start[1]) / 2
    half = math.hypot(dx, dy)
    if half == 0.0 or radius == 0.0:
        yield [start, end, end]
        return
    radius = max(radius, half)
    off = math.sqrt(max(0.0, radius * radius - half * half)) / half * (1 if large == sweep else -1)
    x, y = start[0] + dx + off * dy, start[1] + dy - off * dx
    first = math.atan2(start[1] - y, start[0] - x)
    turn = math.atan2(end[1] - y, end[0] - x) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    count = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    step = turn / count
    reach = 4 / 3 * math.tan(step / 4) * radius
    for part in range(count):
        one, two = first + part * step, first + (part + 1) * step
        begin = x + radius * math.cos(one), y + radius * math.sin(one)
        finish = end if part == count - 1 else (x + radius * math.cos(two), y + radius * math.sin(two))
        yield [
            (begin[0] - reach * math.sin(one), begin[1] + reach * math.cos(one)),
            (finish[0] + reach * math.sin(two), finish[1] - reach * math.cos(two)),
            finish,
        ]
