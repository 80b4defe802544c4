"""VECTOR LOOKUP against the lookups that Vensim's manual says its modes are equivalent to."""

import pytest

from engine.covers import covers
from functions.models_in_text import compiled, mdl, run
from penstock.errors import PenstockError

LIKE = {
    0: "L(x)",
    1: "LOOKUP AREA(L, 2, x)",
    2: "LOOKUP BACKWARD(L, x)",
    3: "LOOKUP EXTRAPOLATE(L, x)",
    4: "LOOKUP FORWARD(L, x)",
}
ARRAY = "D: A1,A2,A3,A4\nE: B,C\nv[E,D] = 5,5,5,5;1,3,2,-4;\nL((2,1),(4,3),(6,2),(8,-4))\nx = Time/2"


@covers("vector_lookup")
@pytest.mark.parametrize("mode", LIKE)
def test_a_vector_is_read_as_the_lookup_with_its_values(mode: int) -> None:
    text = mdl(f"{ARRAY}\nhere = VECTOR LOOKUP(v[C, A1], x, 2, 8, {mode})\nthere = {LIKE[mode]}", stop=20)
    found = run(text, "here", "there", ending="mdl")
    assert found["here"] == pytest.approx(found["there"], abs=1e-14)


def test_an_extrapolated_area_goes_on_along_the_end_lines() -> None:
    text = mdl(f"{ARRAY}\ny = VECTOR LOOKUP(v[C, A1], x, 2, 8, 7)", stop=20)
    found = run(text, "x", "y", ending="mdl")
    for x, area in zip(found["x"], found["y"], strict=True):
        if x < 2:  # the line 1 + (x - 2)
            assert area == pytest.approx((x - 2) + (x - 2) ** 2 / 2, abs=1e-14)
        if x > 8:  # 4 + 5 - 2 up to there, then the line -4 - 3 (x - 8)
            assert area == pytest.approx(7 - 4 * (x - 8) - 1.5 * (x - 8) ** 2, abs=1e-13)


def test_each_row_of_an_array_is_a_vector_and_values_may_change_during_the_run() -> None:
    each = "v[B,A1]=Time\nv[B,A2]=0\nv[B,A3]=1\nv[C,A1]=0\nv[C,A2]=Time\nv[C,A3]=2\n"
    text = mdl("D: A1,A2,A3\nE: B,C\n" + each + "y[E] = VECTOR LOOKUP(v[E,A1], 0.5, 0, 2, 0)")
    found = run(text, "y[B]", "y[C]", ending="mdl")
    assert found["y[B]"] == found["y[C]"] == [k / 2 for k in range(11)]


@pytest.mark.parametrize(
    "call", ["v[C,A1], x, 2, 8, 5", "v[C,A1], x, 2, 8, x", "v[C,A2], x, 2, 8, 0", "x, x, 2, 8, 0"]
)
def test_other_modes_and_other_vectors_are_refused(call: str) -> None:
    with pytest.raises(PenstockError) as caught:
        compiled(mdl(f"{ARRAY}\ny = VECTOR LOOKUP({call})"), "mdl")
    assert [found.code for found in caught.value.diagnostics] == ["PEN401"]
