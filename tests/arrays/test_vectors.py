"""Sorting, selecting and mapping vectors, and inverting matrices, against plain Python and numpy."""

import math
import random

import numpy
import pytest

from arrays.both import aux, element_values, mdl, refused, xmile
from engine.covers import covers


def _listed(values: list[float]) -> str:
    return ", ".join(repr(value) for value in values)


@covers("vector_rank", "vector_reorder", "vector_sort_order")
@pytest.mark.parametrize("size", [1, 2, 3, 7, 40])
@pytest.mark.parametrize("direction", [1, 0, -1])
def test_the_sort_order_is_that_of_a_stable_sort(size: int, direction: int) -> None:
    values = [float(x) for x in random.Random(size).choices(range(-size, size), k=size)]
    equations = f"d: (e1-e{size})\n" if size > 1 else "d: e1\n"
    equations += f"x[d] = {_listed(values)}\n"
    equations += f"y[d] = VECTOR SORT ORDER(x[d], {direction})\nr[d] = VECTOR RANK(x[d], {direction})\n"
    equations += "s[d] = VECTOR REORDER(x[d], y[d])\n"
    series = mdl(equations)
    order = sorted(range(size), key=lambda place: values[place] if direction > 0 else -values[place])
    names = [f"e{number}" for number in range(1, size + 1)]
    assert [series[f"y[{name}]"][0] for name in names] == order
    assert [series[f"r[{name}]"][0] for name in names] == [order.index(place) + 1 for place in range(size)]
    assert [series[f"s[{name}]"][0] for name in names] == [values[place] for place in order]


def test_rows_are_sorted_one_by_one_while_the_run_goes_on() -> None:
    series = mdl("""
        d: a, b
        e: u, v, w
        x[a, e] = 3, 1, 2
        x[b, u] = Time
        x[b, v] = 1.5
        x[b, w] = 3 - Time
        y[d, e] = VECTOR SORT ORDER(x[d, e], 1)
    """)
    assert [series[f"y[a,{key}]"][0] for key in "uvw"] == [1, 2, 0]
    for time in range(4):
        values = [time, 1.5, 3 - time]
        order = sorted(range(3), key=values.__getitem__)
        assert [series[f"y[b,{key}]"][time] for key in "uvw"] == order


def test_a_computed_vector_is_sorted_too() -> None:
    x = element_values("x", "d", a="30", b="10", c="20")
    bump = element_values("bump", "d", a="0", b="100", c="0")
    series = xmile(
        {"d": ["a", "b", "c"]}, x + bump + aux("y", "VECTOR SORT ORDER(x[d] + bump[d] * TIME, 1)", "d")
    )
    assert [series[f"y[{key}]"][0] for key in "abc"] == [1, 2, 0]
    assert [series[f"y[{key}]"][1] for key in "abc"] == [2, 0, 1]


SELECTED = {
    0: lambda s, x: sum(a * b for a, b in zip(s, x, strict=True)),
    1: lambda s, x: math.prod(a * b for a, b in zip(s, x, strict=True)),
    2: lambda s, x: min(a * b for a, b in zip(s, x, strict=True)),
    3: lambda s, x: max(a * b for a, b in zip(s, x, strict=True)),
    4: lambda s, x: sum(a * b for a, b in zip(s, x, strict=True)) / len(s),
    5: lambda s, x: math.prod(b**a for a, b in zip(s, x, strict=True)),
    6: lambda s, x: sum(x),
    7: lambda s, x: math.prod(x),
    8: lambda s, x: min(x),
    9: lambda s, x: max(x),
    10: lambda s, x: sum(x) / len(x),
}


@covers("vector_select")
@pytest.mark.parametrize("action", SELECTED)
def test_vector_select_folds_the_elements_that_are_selected(action: int) -> None:
    selection, values = [0.0, 2.0, 0.0, 0.5, 3.0], [4.0, 5.0, -1.0, 9.0, 2.5]
    series = mdl(f"""
        d: (e1-e5)
        sel[d] = {_listed(selection)}
        x[d] = {_listed(values)}
        none[d] = 0
        how = {action}
        y = VECTOR SELECT(sel[d!], x[d!], -7, {action}, 0)
        z = VECTOR SELECT(sel[d!], x[d!], -7, how, 0)
        w = VECTOR SELECT(none[d!], x[d!], -7, {action}, 0)
    """)
    chosen = [(s, x) for s, x in zip(selection, values, strict=True) if s]
    expected = SELECTED[action]([s for s, _ in chosen], [x for _, x in chosen])
    # a power is at most an ulp from the library's
    assert series["y"][0] == pytest.approx(expected, rel=1e-15)
    assert series["z"] == series["y"]
    assert series["w"][0] == -7


@pytest.mark.parametrize(
    ("error", "none", "one", "two"), [(0, -7, 4, 9), (1, None, 4, 9), (2, -7, 4, None), (3, None, 4, None)]
)
def test_vector_select_is_nan_where_its_error_action_forbids_the_selection(
    error: int, none: float | None, one: float, two: float | None
) -> None:
    series = mdl(f"""
        d: a, b, c
        x[d] = 4, 5, 6
        nothing[d] = 0
        first[d] = 1, 0, 0
        pair[d] = 1, 1, 0
        how = {error}
        none = VECTOR SELECT(nothing[d!], x[d!], -7, 0, {error})
        one = VECTOR SELECT(first[d!], x[d!], -7, 0, how)
        two = VECTOR SELECT(pair[d!], x[d!], -7, 0, {error})
    """)
    for name, expected in (("none", none), ("one", one), ("two", two)):
        assert math.isnan(series[name][0]) if expected is None else series[name][0] == expected


def test_vector_select_refuses_actions_that_are_not_there() -> None:
    assert "error action 4" in refused("d: a, b\nx[d] = 1, 2\ny = VECTOR SELECT(x[d!], x[d!], 0, 0, 4)")
    assert "action 11" in refused("d: a, b\nx[d] = 1, 2\ny = VECTOR SELECT(x[d!], x[d!], 0, 11, 0)")


@covers("vector_elm_map")
def test_vector_elm_map_goes_on_through_the_rows_of_an_array() -> None:
    series = mdl("""
        d: a, b, c
        e: u, v
        m[d, e] = 1, 2; 3, 4; 5, 6;
        x[d] = 10, 20, 30
        by[d] = 0, 1, -1
        p[d] = VECTOR ELM MAP(m[d, u], by[d])
        q[d] = VECTOR ELM MAP(x[b], by[d])
        r[d] = VECTOR ELM MAP(x[d], 2)
    """)
    assert [series[f"p[{key}]"][0] for key in "abc"] == [1, 4, 4]
    assert [series[f"q[{key}]"][0] for key in "abc"] == [20, 30, 10]
    assert [series[f"r[{key}]"][0] for key in "abc"] == [30, 30, 30]


def test_vector_elm_map_is_nan_outside_of_the_array() -> None:
    series = mdl("d: a, b\nx[d] = 1, 2\ny = VECTOR ELM MAP(x[a], Time)\nz = VECTOR ELM MAP(x[a], Time - 1)")
    assert series["y"][:2] == [1, 2]
    assert all(map(math.isnan, series["y"][2:]))
    assert math.isnan(series["z"][0])
    assert series["z"][1] == 1


@covers("invert_matrix")
@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_the_inverse_times_the_matrix_is_the_identity(size: int) -> None:
    """The matrix has zeros on its diagonal, so pivots must be looked for."""
    generator = numpy.random.default_rng(size)
    matrix = generator.uniform(-1, 1, (size, size))
    if size > 1:
        numpy.fill_diagonal(matrix, 0.0)
    rows = "; ".join(_listed([float(x) for x in row]) for row in matrix)
    range_ = f"(e1-e{size})" if size > 1 else "e1"
    series = mdl(f"""
        d: {range_}
        e <-> d
        m[d, e] = {rows};
        i[d, e] = INVERT MATRIX(m[d, e], {size})
    """)
    found = [[series[f"i[e{a},e{b}]"][0] for b in range(1, size + 1)] for a in range(1, size + 1)]
    # the condition of these matrices is below 1e3
    assert numpy.allclose(numpy.array(found) @ matrix, numpy.eye(size), atol=1e-12)


def test_each_of_several_matrices_is_inverted() -> None:
    series = mdl("""
        k: one, two
        d: a, b
        e <-> d
        m[one, d, e] = 4, 7; 2, 6;
        m[two, d, e] = 1, 2; 3, 4;
        i[k, d, e] = INVERT MATRIX(m[k, d, e], ELMCOUNT(d))
    """)
    for key, matrix in (("one", [[4, 7], [2, 6]]), ("two", [[1, 2], [3, 4]])):
        inverse = numpy.linalg.inv(numpy.array(matrix, dtype=float))
        found = [[series[f"i[{key},{a},{b}]"][0] for b in "ab"] for a in "ab"]
        assert numpy.allclose(found, inverse, rtol=1e-14)


def test_a_part_of_a_matrix_is_refused() -> None:
    text = "d: a, b, c\ne <-> d\nm[d, e] = 1\ni[d, e] = INVERT MATRIX(m[d, e], 2)"
    assert "a part of a matrix" in refused(text)
