"""The price that clears a market, against scipy's distributions and its root finder."""

import math
from collections.abc import Callable

import pytest
from scipy.optimize import brentq
from scipy.stats import laplace, norm, triang, uniform

from arrays.both import mdl, refused
from engine.covers import covers

LEFT: dict[int, Callable[[float, float, float], float]] = {
    1: lambda p, middle, width: float(uniform.sf(p, middle - width / 2, width)),
    2: lambda p, middle, width: float(triang.sf(p, 0.5, middle - width / 2, width)),
    3: lambda p, middle, width: float(norm.sf(p, middle, width)),
    4: lambda p, middle, width: float(laplace.sf(p, middle, width)),
}
DEMAND, DEMAND_CURVES = [500.0, 300.0], [(5.0, 2.0), (7.0, 4.0)]
SUPPLY, SUPPLY_CURVES = [200.0, 300.0, 450.0], [(1.0, 2.0), (3.0, 4.0), (9.0, 4.0)]


def _model(kind: int) -> str:
    return f"""
        supplier: s1, s2, s3
        demander: d1, d2
        part: ptype, ppriority, pwidth, pextra
        wants[demander] = 500, 300
        capacity[supplier] = 200, 300, 450
        demand curve[d1, part] = {kind}, 5, 2, 0
        demand curve[d2, part] = {kind}, 7, 4, 0
        supply curve[s1, part] = {kind}, 1, 2, 0
        supply curve[s2, part] = {kind}, 3, 4, 0
        supply curve[s3, part] = {kind}, 9, 4, 0
        now[demander] = wants[demander] * (1 + Time / 4)
        price = FIND MARKET PRICE(now[d1], demand curve[d1, ptype], capacity[s1], supply curve[s1, ptype])
        taken[demander] = DEMAND AT PRICE(now[demander], demand curve[demander, ptype], price)
        given[supplier] = SUPPLY AT PRICE(capacity[supplier], supply curve[supplier, ptype], price)
    """


@covers("find_market_price", "demand_at_price", "supply_at_price")
@pytest.mark.parametrize("kind", LEFT)
def test_all_that_is_given_is_taken_at_the_market_price(kind: int) -> None:
    series, left = mdl(_model(kind)), LEFT[kind]
    for time in range(4):
        wants = [value * (1 + time / 4) for value in DEMAND]

        def taken(price: float, wants: list[float] = wants) -> list[float]:
            return [q * left(price, *curve) for q, curve in zip(wants, DEMAND_CURVES, strict=True)]

        def given(price: float) -> list[float]:
            return [q * (1 - left(price, *curve)) for q, curve in zip(SUPPLY, SUPPLY_CURVES, strict=True)]

        price = brentq(lambda p, f=taken: sum(f(p)) - sum(given(p)), -50, 50, xtol=1e-14)
        assert series["price"][time] == pytest.approx(price, rel=1e-11)
        assert [series[f"taken[d{k}]"][time] for k in (1, 2)] == pytest.approx(taken(price), rel=1e-9)
        assert [series[f"given[s{k}]"][time] for k in (1, 2, 3)] == pytest.approx(given(price), rel=1e-9)


def test_each_region_has_a_market_of_its_own() -> None:
    series = mdl("""
        region: north, south
        who: a, b
        part: ptype, ppriority, pwidth, pextra
        wants[region, who] = 10, 20; 30, 40;
        curve[who, part] = 1, 4, 2, 0; 1, 6, 2, 0;
        capacity[region, who] = 5, 5; 35, 35;
        price[region] = FIND MARKET PRICE(wants[region, a], curve[a, ptype], capacity[region, a], curve[a, ptype])
    """)
    # Straight lines: b takes 20 (7 - p) / 2 of the north's, where both give all they have but for p < 7.
    north = (70 - 5 - 5 * (1 - 3.5)) / (10 + 2.5)
    assert series["price[north]"] == pytest.approx([north] * 4, rel=1e-12)
    # The south's a takes nothing above 5 and gives all; b takes 20 (7 - p) and gives 17.5 (p - 5).
    south = (140 + 87.5 - 35) / 37.5
    assert series["price[south]"] == pytest.approx([south] * 4, rel=1e-12)


def test_a_market_that_clears_at_many_prices_has_no_price() -> None:
    series = mdl("""
        who: a, b
        part: ptype, ppriority, pwidth, pextra
        q[who] = 10, 10
        low[who, part] = 1, 2, 1, 0; 1, 2, 1, 0;
        high[who, part] = 1, 8, 1, 0; 1, 8, 1, 0;
        none = FIND MARKET PRICE(q[a], low[a, ptype], q[a], high[a, ptype])
        all = FIND MARKET PRICE(q[a], high[a, ptype], q[a], low[a, ptype])
    """)
    assert all(math.isnan(value) for value in series["none"] + series["all"])


@pytest.mark.parametrize(
    "call",
    [
        "FIND MARKET PRICE(q[b], c[a, ptype], q[a], c[a, ptype])",
        "FIND MARKET PRICE(q[a], c[a, ppriority], q[a], c[a, ptype])",
        "FIND MARKET PRICE(Time, c[a, ptype], q[a], c[a, ptype])",
        "DEMAND AT PRICE(q[a], q[a], 3)",
    ],
)
def test_other_arguments_are_refused(call: str) -> None:
    text = f"""
        who: a, b
        part: ptype, ppriority, pwidth, pextra
        q[who] = 10, 10
        c[who, part] = 1, 2, 1, 0; 1, 2, 1, 0;
        price = {call}
    """
    assert "PEN401" in refused(text)
