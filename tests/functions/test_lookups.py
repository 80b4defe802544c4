"""Functions of lookups against the examples of Vensim's manual and against plain Python."""

import numpy as np
import pytest

from engine.covers import covers
from functions.models_in_text import aux, compiled, mdl, run, xmile
from penstock.errors import PenstockError

NA = -(2.0**109)
FLAT, STEEP = "((0,1),(1,1),(2,2))", "((0,0),(1,1),(3,2))"

# Those that Vensim's manual gives, and ends of ranges.
EXAMPLES = [
    (FLAT, "LOOKUP EXTRAPOLATE(L, -1)", 1.0),
    (FLAT, "LOOKUP EXTRAPOLATE(L, 1.5)", 1.5),
    (FLAT, "LOOKUP EXTRAPOLATE(L, 2.5)", 2.5),
    (FLAT, "LOOKUP FORWARD(L, -1)", 1.0),
    (FLAT, "LOOKUP FORWARD(L, 1)", 1.0),
    (FLAT, "LOOKUP FORWARD(L, 1.5)", 2.0),
    (FLAT, "LOOKUP FORWARD(L, 2.5)", 2.0),
    (FLAT, "LOOKUP BACKWARD(L, -1)", 1.0),
    (FLAT, "LOOKUP BACKWARD(L, 1.5)", 1.0),
    (FLAT, "LOOKUP BACKWARD(L, 2)", 2.0),
    (FLAT, "LOOKUP BACKWARD(L, 2.5)", 2.0),
    (FLAT, "LOOKUP AREA(L, 0, 1)", 1.0),
    (FLAT, "LOOKUP AREA(L, 2, 4)", 4.0),
    (FLAT, "LOOKUP AREA(L, 0.5, 2.5)", 3.0),
    (FLAT, "LOOKUP AREA(L, -2, 0.5)", 2.5),
    (FLAT, "LOOKUP AREA(L, 2.5, 0.5)", -3.0),
    (STEEP, "LOOKUP INVERT(L, -1)", NA),
    (STEEP, "LOOKUP INVERT(L, 3)", NA),
    (STEEP, "LOOKUP INVERT(L, 0)", 0.0),
    (STEEP, "LOOKUP INVERT(L, 0.5)", 0.5),
    (STEEP, "LOOKUP INVERT(L, 1.5)", 2.0),
    (STEEP, "LOOKUP INVERT(L, 2)", 3.0),
    ("((0,0),(1,2),(2,0),(3,4))", "LOOKUP INVERT(L, 1)", 0.5),
    ("((0,5),(1,5),(2,0))", "LOOKUP INVERT(L, 5)", 0.0),
    (STEEP, "LOOKUP SLOPE(L, -1, -1)", NA),
    (STEEP, "LOOKUP SLOPE(L, -1, 0)", 0.0),
    (STEEP, "LOOKUP SLOPE(L, -1, 1)", 1.0),
    (STEEP, "LOOKUP SLOPE(L, 1, 0)", 0.75),
    (STEEP, "LOOKUP SLOPE(L, 0.5, 0)", 1.0),
    (STEEP, "LOOKUP SLOPE(L, 1.5, 0)", 0.5),
    (STEEP, "LOOKUP SLOPE(L, 4, 1)", 0.5),
    ("((0,0),(1,1),(1,2),(3,2))", "LOOKUP SLOPE(L, 1, 0)", NA),
]


@covers(
    "lookup_extrapolate", "lookup_forward", "lookup_backward", "lookup_area", "lookup_invert", "lookup_slope"
)
@pytest.mark.parametrize(("points", "call", "value"), EXAMPLES)
def test_functions_of_a_lookup_have_the_values_of_the_manual(points: str, call: str, value: float) -> None:
    # An argument that moves keeps the optimiser from knowing the answer.
    text = mdl(f"L({points[1:-1]})\ny = {call.replace('(L,', '(L, 0 * Time +')}", stop=2)
    assert run(text, "y", ending="mdl")["y"] == [value] * 3


def test_an_area_is_the_integral_of_the_lines() -> None:
    text = mdl("L((0,3),(2,7),(3,-4),(7,1))\na = LOOKUP AREA(L, 0.7, Time / 3)", stop=30)
    found = run(text, "Time", "a", ending="mdl")
    for time, area in zip(found["Time"], found["a"], strict=True):
        x = np.unique(np.concatenate([np.linspace(0.7, time / 3, 3), [0.0, 2.0, 3.0, 7.0]]))
        x = x[(x >= min(0.7, time / 3)) & (x <= max(0.7, time / 3))]
        whole = np.trapezoid(np.interp(x, [0, 2, 3, 7], [3, 7, -4, 1]), x)
        assert area == pytest.approx(whole if time / 3 >= 0.7 else -whole, abs=1e-12)


@covers("lookup")
def test_an_array_of_lookups_gives_every_element_its_own_points() -> None:
    text = mdl(
        "Dim: A, B\nL[A]((0,0),(10,10))\nL[B]((0,5),(4,9),(10,9))\n"
        "y[Dim] = L[Dim](Time)\nz[Dim] = LOOKUP FORWARD(L[Dim], Time)\nb = LOOKUP INVERT(L[B], 7)"
    )
    found = run(text, "Time", "y[A]", "y[B]", "z[A]", "z[B]", "b", ending="mdl")
    assert found["y[A]"] == found["Time"]
    assert found["y[B]"] == [float(min(5 + k, 9)) for k in range(11)]
    assert found["z[A]"] == [0.0, *[10.0] * 10]
    assert found["z[B]"] == [5.0, *[9.0] * 10]
    assert found["b"] == [2.0] * 11


def test_xmiles_lookup_takes_a_graphical_function_or_a_variable_that_has_one() -> None:
    points = "<gf><xpts>0,10</xpts><ypts>0,20</ypts></gf>"
    variables = (
        f'<gf name="g"><xpts>0,10</xpts><ypts>0,20</ypts></gf><aux name="h"><eqn>3</eqn>{points}</aux>'
        + aux("y", "LOOKUP(g, TIME)")
        + aux("z", "LOOKUP(h, TIME) + h")
    )
    found = run(xmile(variables), "y", "z", ending="xmile")
    assert found["y"] == [2.0 * k for k in range(11)]
    assert found["z"] == [2.0 * k + 6.0 for k in range(11)]


@pytest.mark.parametrize("first", ["x", "3", "x + 1"])
def test_what_has_no_points_cannot_be_looked_up(first: str) -> None:
    with pytest.raises(PenstockError, match="PEN206"):
        compiled(mdl(f"x = 1\ny = LOOKUP FORWARD({first}, 2)"), "mdl")


def test_a_lookup_of_the_models_own_counts_before_a_function_of_the_same_name() -> None:
    text = mdl("floor((0,0),(10,100))\nx = floor(Time)", stop=2)
    assert run(text, "x", ending="mdl")["x"] == [0.0, 10.0, 20.0]


def test_a_constant_that_is_named_like_a_function_leaves_the_function_alone() -> None:
    assert run("time 0 to 2 by 1\nconst max = 7\naux x = max(1, time) + max\n", "x")["x"] == [8.0, 8.0, 9.0]


GF = "<gf name='g'><xscale min='0' max='3'/><ypts>0,2,2,5</ypts></gf>"


@covers("lookup_area_within")
def test_stellas_area_is_none_outside_of_the_points_and_takes_its_ends_in_any_order() -> None:
    calls = {"a": "TIME, 1", "b": "1, TIME", "up": "TIME", "whole": ""}
    lines = (aux(name, f"LOOKUPAREA(g{', ' * bool(ends)}{ends})") for name, ends in calls.items())
    found = run(xmile(GF + "".join(lines), stop=4), *calls, ending="xmile")
    assert found["a"] == found["b"] == [1.0, 0.0, 2.0, 5.5, 5.5]
    assert found["up"] == [0.0, 1.0, 3.0, 6.5, 6.5]
    assert found["whole"] == [6.5] * 5


@covers("lookup_invert_within")
def test_stellas_inverse_is_an_end_of_the_points_for_what_lies_beyond_them() -> None:
    falling = "<gf name='f'><xscale min='0' max='2'/><ypts>4,2,0</ypts></gf>"
    turning = "<gf name='t'><xscale min='0' max='2'/><ypts>0,4,1</ypts></gf>"
    asked = aux("a", "LOOKUPINV(g, TIME - 1)") + aux("b", "LOOKUPINV(f, TIME - 1)")
    text = xmile(GF + falling + turning + asked + aux("c", "LOOKUPINV(t, TIME - 1)"), stop=6)
    found = run(text, "a", "b", "c", ending="xmile")
    assert found["a"] == pytest.approx([0.0, 0.0, 0.5, 1.0, 7 / 3, 8 / 3, 3.0], rel=1e-15)
    assert found["b"] == [2.0, 2.0, 1.5, 1.0, 0.5, 0.0, 0.0]
    assert found["c"][1:6] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert all(value != value for value in (found["c"][0], found["c"][6]))


@pytest.mark.parametrize("call", ["LOOKUPAREA(s)", "LOOKUPINV(s, 1)"])
@pytest.mark.parametrize("kind", ["discrete", "extrapolate"])
def test_stellas_questions_are_refused_for_graphical_functions_that_are_not_continuous(call, kind) -> None:
    steps = f"<gf name='s' type='{kind}'><xscale min='0' max='2'/><ypts>4,2,0</ypts></gf>"
    with pytest.raises(PenstockError) as caught:
        compiled(xmile(steps + aux("a", call)), "xmile")
    assert [found.code for found in caught.value.diagnostics] == ["PEN401"]
