"""Points of Vensim lookups that stand in a row are read together, as if each had been read by itself."""

import re

import pytest

from penstock.read import read_partially
from penstock.read.mdl import equations

TAIL = "\ng = 1 ~~|\nINITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\n"
GOOD = {
    "f((0,1),(2,3),(4,-5))": ((0, 2, 4), (1, 3, -5)),
    "f([(0,-10)-(40,10),(1,2),(3,4)],(0,.5),( 1 , 1e1 ),\\\n\t\t(2,+2.),(3,-0))": (
        (0, 1, 2, 3),
        (0.5, 10, 2, 0),
    ),
    "f((0,1),(2,3),{(9,9),(9,9)}(4,5),(6,- 7))": ((0, 2, 4, 6), (1, 3, 5, -7)),
    "f((0,1))": ((0,), (1,)),
    "f(0,1,2,10,11,12)": ((0, 1, 2), (10, 11, 12)),
    "f = WITH LOOKUP(Time, ([(0,0)-(1,1)],(0,1),(2,3)))": ((0, 2), (1, 3)),
    "f = WITH LOOKUP(Time, (((0,1),(2,3))))": ((0, 2), (1, 3)),
}
BAD = {
    "f((0,1),(2,1e999),(4,5))": ("PEN104", "1e999"),
    "f((0,1),(2,3),(4))": ("PEN101", ")"),
    "f((0,1),(2,3)": ("PEN103", "("),
    "f((0,1),(3,3),(2,3))": ("PEN301", "((0,1),(3,3),(2,3))"),
    "f = 2 * ((0,1),(2,3))": ("PEN101", ","),
}


def read(equation: str):  # type: ignore[no-untyped-def]
    return read_partially(f"{equation} ~~|{TAIL}", "f.mdl")


@pytest.mark.parametrize("equation", GOOD)
def test_points_are_the_numbers_that_are_written(equation: str) -> None:
    result = read(equation)
    (points,) = (item.lookup for item in result.model.variables[0].equations)
    assert not result.findings
    assert (points.x, points.y) == GOOD[equation]


@pytest.mark.parametrize("equation", BAD)
def test_what_is_wrong_is_said_where_it_stands(equation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = read(equation)
    (found,) = (item for item in result.findings if item.severity == "error")
    assert (found.code, found.span.text) == BAD[equation]
    monkeypatch.setattr(equations, "_POINTS", re.compile("(?!)"))  # each point by itself
    assert [item.to_json() for item in read(equation).findings] == [
        item.to_json() for item in result.findings
    ]
