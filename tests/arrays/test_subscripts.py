"""What a subscript means: mappings, subranges, marks, stars, positions and numbers."""

import math

import pytest

from arrays.both import aux, element_values, mdl, refused, xmile

pytestmark = pytest.mark.smoke


def test_a_mapping_between_two_ranges_comes_before_elements_they_share() -> None:
    series = mdl("""
        age: infant, child, teen
        older: child, teen
        younger: infant, child -> older
        aging[age] = 30, 28, 20
        population[infant] = 100
        population[older] = aging[younger] - aging[older]
    """)
    assert series["population[child]"][0] == 30 - 28
    assert series["population[teen]"][0] == 28 - 20


def test_a_mapping_works_in_both_directions() -> None:
    series = mdl("""
        a: a1, a2
        b: b1, b2 -> a
        x[a] = 1, 2
        y[b] = x[a] * 10
        z[a] = y[b] + 1
    """)
    assert [series[f"{name}"][0] for name in ("y[b1]", "y[b2]", "z[a1]", "z[a2]")] == [10, 20, 11, 21]


def test_a_mapping_to_subranges_gives_their_elements_the_same_element() -> None:
    series = mdl("""
        part: p1, p2, p3
        low: p1, p2
        group: g1, g2 -> (part: low, p3)
        x[group] = 5, 7
        y[part] = x[group]
    """)
    assert [series[f"y[p{number}]"][0] for number in (1, 2, 3)] == [5, 5, 7]


def test_another_name_for_a_range_may_run_beside_it() -> None:
    series = mdl("""
        d: a, b
        e <-> d
        x[d] = 1, 2
        y[d, e] = x[d] * 10 + x[e]
    """)
    assert [series[f"y[{key}]"][0] for key in ("a,a", "a,b", "b,a", "b,b")] == [11, 12, 21, 22]


def test_a_marked_dimension_is_another_loop_than_the_equation_s_own() -> None:
    series = mdl("""
        d: a, b, c
        m[d, d2] = d * 10 + d2
        d2 <-> d
        x[d] = SUM(m[d, d!])
        y[d] = SUM(m[d!, d])
    """)
    assert [series[f"x[{key}]"][0] for key in "abc"] == [36, 66, 96]
    assert [series[f"y[{key}]"][0] for key in "abc"] == [63, 66, 69]


def test_an_element_counts_from_its_place_in_the_whole_dimension() -> None:
    series = mdl("""
        d: a, b, c
        sub: c, b
        x[d, sub] = IF THEN ELSE(d = sub, 1, 0)
        y[d] = IF THEN ELSE(d = b, 1, 0)
        z = c
    """)
    assert [key for key, values in series.items() if key.startswith("x[") and values[0]] == [
        "x[b,b]",
        "x[c,c]",
    ]
    assert [series[f"y[{key}]"][0] for key in "abc"] == [0, 1, 0]
    assert series["z"][0] == 3


def test_a_mapped_dimension_may_be_used_as_a_number() -> None:
    series = mdl("""
        a: a1, a2
        b: b1, b2, b3
        c: c1, c2 -> (a: a2, a1)
        x[a] = c
    """)
    assert [series["x[a1]"][0], series["x[a2]"][0]] == [2, 1]


def test_exceptions_leave_elements_to_other_equations() -> None:
    series = mdl("""
        d: a, b, c
        e: u, v
        x[d, e] :EXCEPT: [a, e], [b, v] = 1
        x[a, e] = 2
        x[b, v] = 3
    """)
    found = [series[f"x[{key}]"][0] for key in ("a,u", "a,v", "b,u", "b,v", "c,u", "c,v")]
    assert found == [2, 2, 1, 3, 1, 1]


def test_an_element_without_an_equation_is_nan() -> None:
    series = mdl("""
        d: a, b, c
        x[a] = 1
        x[c] = 2
        y[d] = 2 * x[d]
    """)
    assert math.isnan(series["x[b]"][0])
    assert math.isnan(series["y[b]"][0])
    assert series["y[c]"][0] == 4


def test_lists_of_values_fill_the_last_subscript_first() -> None:
    series = mdl("""
        d: a, b
        e: u, v, w
        x[d, e] = 1, 2, 3; 4, 5, 6;
    """)
    keys = ("a,u", "a,v", "a,w", "b,u", "b,v", "b,w")
    assert [series[f"x[{key}]"][0] for key in keys] == [1, 2, 3, 4, 5, 6]


def test_arrays_of_lookups_may_have_points_of_different_number() -> None:
    series = mdl("""
        d: a, b
        e: u, v
        tab[a]((0,0),(2,20))
        tab[b]((0,1),(1,3),(2,3),(9,10))
        x[d] = tab[d](Time)
        y = tab[b](0.5)
        z = SUM(tab[d!](Time))
    """)
    assert series["x[a]"] == [0, 10, 20, 20]
    assert series["x[b]"] == [1, 3, 3, 4]
    assert series["y"][0] == 2
    assert series["z"] == [1, 13, 23, 24]


DIM = {"d": ["a", "b", "c"]}
X = element_values("x", "d", a="1", b="20", c="300")


def test_a_computed_subscript_counts_from_1_and_gives_0_outside() -> None:
    series = xmile(DIM, X + aux("y", "x[TIME + 1]") + aux("z", "x[TIME - 1]"))
    assert series["y"] == [1, 20, 300, 0]
    assert series["z"] == [0, 0, 1, 20]


def test_a_dimension_in_a_subscript_may_be_shifted() -> None:
    series = xmile(DIM, X + aux("y", "x[d + 1]", "d") + aux("z", "x[d - 1]", "d") + aux("w", "x[4 - d]", "d"))
    assert [series[f"y[{key}]"][0] for key in "abc"] == [20, 300, 0]
    assert [series[f"z[{key}]"][0] for key in "abc"] == [0, 1, 20]
    assert [series[f"w[{key}]"][0] for key in "abc"] == [300, 20, 1]


def test_a_variable_as_a_subscript_is_a_position() -> None:
    series = xmile(DIM, X + element_values("to", "d", a="2", b="3", c="1") + aux("y", "x[to]", "d"))
    assert [series[f"y[{key}]"][0] for key in "abc"] == [20, 300, 1]


def test_bare_names_of_arrays_mean_the_element_that_the_equation_is_for() -> None:
    series = xmile(DIM, X + aux("y", "x * 2 + d", "d"))
    assert [series[f"y[{key}]"][0] for key in "abc"] == [3, 42, 603]


def test_a_dimension_written_twice_is_matched_in_order() -> None:
    square = aux("m", "x * 0 + TIME", "d", "d")
    assert "runs over it twice" in refused(X + aux("m", "x[d] + 1", "d", "d"), dimensions=DIM)
    assert "x has no subscripts" not in refused(X + square.replace("x * 0", "x[d] * 0"), dimensions=DIM)
    series = xmile(
        DIM,
        X
        + aux("m", "x[1] + TIME", "d", "d")
        + aux("n", "m[d, d] * 2", "d", "d")
        + aux("o", "m + n", "d", "d"),
    )
    assert series["o[b,c]"] == [3, 6, 9, 12]


def test_an_element_may_be_named_with_its_dimension() -> None:
    series = xmile(DIM, X + aux("y", "x[d.b] + d.c"))
    assert series["y"][0] == 23


def test_what_no_loop_runs_over_is_refused_with_its_place() -> None:
    assert "PEN211" in refused("d: a, b\nx[d] = 1, 2\ny = x[d]")
    assert "SUM" in refused("d: a, b\nx[d] = 1, 2\ny = x[d!]")
    assert "PEN211" in refused("d: a, b\nx[d] = 1, 2\ny = x[c]")


def test_a_subscript_that_is_mapped_to_two_loops_is_refused() -> None:
    message = refused("""
        a: a1, a2
        b: b1, b2
        c: c1, c2 -> a, b
        x[c] = 1, 2
        y[a, b] = x[c]
    """)
    assert "mapped to several dimensions" in message


def test_a_stock_with_an_initial_value_for_each_element_takes_that_element_of_its_flows() -> None:
    series = xmile(
        {"D": ["a", "b"]},
        """<stock name="s"><dimensions><dim name="D"/></dimensions><inflow>in</inflow><outflow>all</outflow>
             <element subscript="a"><eqn>1</eqn></element><element subscript="b"><eqn>2</eqn></element></stock>
           <flow name="in"><dimensions><dim name="D"/></dimensions>
             <element subscript="a"><eqn>10</eqn></element><element subscript="b"><eqn>20</eqn></element></flow>
           <flow name="all"><eqn>3</eqn></flow>""",
    )
    assert (series["s[a]"][0], series["s[a]"][1]) == (1, 1 + 10 - 3)
    assert (series["s[b]"][0], series["s[b]"][1]) == (2, 2 + 20 - 3)
