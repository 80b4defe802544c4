"""Functions over the elements of arrays, with left folds in declared order."""

import math
import statistics

import pytest

from arrays.both import aux, element_values, mdl, xmile

pytestmark = pytest.mark.smoke

DIM = {"d": ["a", "b", "c"], "e": ["u", "v"]}
VALUES = {"a": 0.1, "b": 0.7, "c": -0.3}
X = element_values("x", "d", **{key: str(value) for key, value in VALUES.items()})


def test_sums_are_left_folds_in_declared_order() -> None:
    values = [1e16, 1.0, -1e16, 1.0]
    series = mdl("d: a, b, c, e\nx[d] = 1e16, 1, -1e16, 1\ny = SUM(x[d!])")
    total = 0.0
    for value in values:
        total += value
    assert series["y"][0] == total == 1.0


def test_a_sum_runs_over_several_dimensions() -> None:
    series = mdl(
        "d: a, b\ne: u, v, w\nx[d] = 1, 2\ny[e] = 10, 20, 30\nz = SUM(x[d!] + y[e!])\nw[d] = SUM(x[d] * y[e!])"
    )
    assert series["z"][0] == sum(x + y for x in (1, 2) for y in (10, 20, 30))
    assert [series["w[a]"][0], series["w[b]"][0]] == [60, 120]


def test_a_reduction_inside_another_has_loops_of_its_own() -> None:
    series = mdl(
        "d: a, b\ne: u, v\nx[d] = 1, 2\ny[e] = 10, 20\nz = SUM(x[d!] * SUM(y[e!]))\nw = SUM(x[d!] * SUM(x[d!]))"
    )
    assert series["z"][0] == 90
    assert series["w"][0] == 9


def test_a_condition_inside_a_sum_chooses_elements() -> None:
    series = mdl("d: a, b, c\nx[d] = 1, 2, 3\ny = SUM(IF THEN ELSE(x[d!] > Time, x[d!], 0))")
    assert series["y"] == [6, 5, 3, 0]


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("SUM(x)", 0.0 + 0.1 + 0.7 + -0.3),
        ("SUM(x[*]) + SUM(x[*])", 2 * (0.1 + 0.7 + -0.3)),
        ("MEAN(x[*])", (0.1 + 0.7 + -0.3) / 3),
        ("MEAN(x[*], 4)", (0.1 + 0.7 + -0.3 + 4) / 4),
        ("MAX(x)", 0.7),
        ("MIN(x[*])", -0.3),
        ("MAX(x[*], 0.9)", 0.9),
        ("MIN(2, 1)", 1.0),
        ("PROD(x)", 0.1 * 0.7 * -0.3),
        ("SIZE(x)", 3.0),
        ("SIZE(d)", 3.0),
        ("SUM(1, 2, x[*])", 1 + 2 + (0.1 + 0.7 + -0.3)),
        ("SUM(x[*] * x[*])", 0.1 * 0.1 + 0.7 * 0.7 + 0.3 * 0.3),
    ],
)
def test_xmile_takes_arrays_and_numbers_alike(equation: str, expected: float) -> None:
    assert xmile(DIM, X + aux("y", equation))["y"][0] == pytest.approx(expected, rel=1e-15)


def test_the_standard_deviation_is_the_population_s() -> None:
    series = xmile(DIM, X + aux("y", "STDDEV(x[*])"))
    # two roundings more than the reference, which sums exactly
    assert series["y"][0] == pytest.approx(statistics.pstdev(VALUES.values()), rel=4e-16)


def test_each_element_may_be_compared_with_all() -> None:
    series = xmile(DIM, X + aux("y", "x / SUM(x[*])", "d") + aux("z", "MAX(x, 0.5)", "d"))
    total = 0.1 + 0.7 + -0.3
    assert [series[f"y[{key}]"][0] for key in "abc"] == [value / total for value in VALUES.values()]
    assert [series[f"z[{key}]"][0] for key in "abc"] == [0.5, 0.7, 0.5]


def test_stars_over_a_subrange_take_its_elements() -> None:
    series = xmile({"d": ["a", "b", "c"], "sub": ["b", "c"]}, X + aux("y", "SUM(x[*:sub])"))
    assert series["y"][0] == 0.7 + -0.3


def test_a_matrix_is_reduced_along_either_subscript() -> None:
    matrix = aux("m", "d * 10 + e", "d", "e")
    series = xmile(
        DIM, matrix + aux("r", "SUM(m[d, *])", "d") + aux("c", "SUM(m[*, e])", "e") + aux("t", "SUM(m[*, *])")
    )
    assert [series[f"r[{key}]"][0] for key in "abc"] == [23, 43, 63]
    assert [series[f"c[{key}]"][0] for key in "uv"] == [63, 66]
    assert series["t"][0] == 129


def test_states_of_functions_inside_reductions_are_arrays() -> None:
    """SMOOTH of each element, then the sum: the closed form of an Euler step is y + (x - y) / time."""
    series = mdl(
        "d: a, b\ng[d] = 1, 3\nx[d] = g[d] * Time\ny = SUM(SMOOTH(x[d!], 2))\nz[d] = SUM(SMOOTH(x[d] + x[d!], 2))"
    )
    levels, expected = [0.0, 0.0], []
    for time in range(4):
        expected.append(levels[0] + levels[1])
        levels = [level + (gain * time - level) / 2 for level, gain in zip(levels, (1, 3), strict=True)]
    assert series["y"] == expected
    assert series["z[a]"][2] == pytest.approx(expected[2] + 2 * series["y"][2] / 4, rel=1e-15)


def test_a_nan_among_the_elements_is_not_passed_over() -> None:
    series = mdl("d: a, b, c\nx[a] = 1\nx[c] = 2\ny = VMAX(x[d!])\nz = SUM(x[d!])")
    assert math.isnan(series["y"][0])
    assert math.isnan(series["z"][0])


def test_elmcount_counts_a_range() -> None:
    assert mdl("d: (e1-e12)\nx = ELMCOUNT(d)")["x"][0] == 12
