"""A range holds every value that an expression takes while its variables stay in theirs."""

import math
from random import Random

import pytest

from penstock.model import canonical
from penstock.place import Source
from penstock.read.dialects import PEN
from penstock.read.expression import Parser
from penstock.read.lexer import passage
from penstock.structure.ranges import ANY, Ranges

pytestmark = pytest.mark.smoke


def python(rng: Random, depth: int) -> tuple[str, str]:
    """The same random expression in our own text and in Python."""
    if depth == 0:
        name = rng.choice("abc")
        return name, name
    (one, one_), (two, two_) = python(rng, depth - 1), python(rng, depth - 1)
    match rng.randrange(7):
        case 0:
            return f"max({one}, {two})", f"max({one_}, {two_})"
        case 1:
            return f"min({one}, {two})", f"min({one_}, {two_})"
        case 2:
            return f"(if {one} > {two} then {one} else {two})", f"({one_} if {one_} > {two_} else {two_})"
        case 3:
            return f"abs(-({one}))", f"abs(-({one_}))"
        case _:
            sign = rng.choice("+-*/")
            return f"(({one}) {sign} ({two}))", f"(({one_}) {sign} ({two_}))"


@pytest.mark.parametrize("seed", range(60))
def test_no_value_lies_outside(seed: int) -> None:
    rng = Random(seed)
    ours, theirs = python(rng, 3)
    bounds = {name: tuple(sorted((rng.uniform(-3, 3), rng.uniform(-3, 3)))) for name in "abc"}
    ranges = Ranges({}, {canonical(name): pair for name, pair in bounds.items()})
    low, high = ranges.of(Parser(passage(Source("", ours)), PEN).whole())
    for _ in range(60):
        values = {name: rng.uniform(*pair) for name, pair in bounds.items()}
        try:
            value = eval(theirs, {"max": max, "min": min, "abs": abs}, values)
        except ZeroDivisionError:
            continue
        slack = 1e-9 * max(1.0, abs(value))
        assert low - slack <= value <= high + slack, (ours, values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - b", (-3.0, 1.0)),
        ("a * b", (0.0, 6.0)),
        ("1 / b", (1 / 3, 1 / 2)),
        ("b / a", (1.0, math.inf)),
        ("max(1, a)", (1.0, 2.0)),
        ("a > b", (0.0, 1.0)),
        ("exp(c)", (0.36787944117144233, 2.718281828459045)),
        ("a / c", ANY),
    ],
)
def test_known_ranges_are_as_narrow_as_they_can_be(text: str, expected: tuple[float, float]) -> None:
    seen = {canonical("a"): (0.0, 2.0), canonical("b"): (2.0, 3.0), canonical("c"): (-1.0, 1.0)}
    if text == "a - b":
        seen[canonical("b")] = (1.0, 3.0)
    assert Ranges({}, seen).of(Parser(passage(Source("", text)), PEN).whole()) == expected
