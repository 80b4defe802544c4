"""Sharing a scarce supply: against bisection with scipy's distributions, and against a process in small steps."""

from itertools import pairwise

import mpmath
import pytest
from scipy.optimize import brentq
from scipy.stats import norm, triang

from arrays.both import CLOCK, mdl, refused
from engine.covers import covers
from library.evaluate import evaluate

REQUESTS = [3.0, 2.0, 4.0]
PRIORITIES = [1.0, 2.0, 2.5]
WIDTHS = [1.0, 2.0, 1.5]


def _taken(kind: int, request: float, priority: float, width: float, price: float) -> float:
    match kind:
        case 1:
            return request * min(max(0.5 - (price - priority) / width, 0.0), 1.0)
        case 2:
            return request * float(triang.sf(price, 0.5, loc=priority - width / 2, scale=width))
        case 3:
            return request * float(norm.sf(price, priority, width))
    raise AssertionError(kind)


def _model(kind: int) -> str:
    return f"""
        who: a, b, c
        part: ptype, ppriority, pwidth, pextra
        request[who] = 3, 2, 4
        profile[who, ptype] = {kind}
        profile[a, ppriority] = 1
        profile[b, ppriority] = 2
        profile[c, ppriority] = 2.5
        profile[a, pwidth] = 1
        profile[b, pwidth] = 2
        profile[c, pwidth] = 1.5
        profile[who, pextra] = 0
        supply = 4 * Time
        share[who] = ALLOCATE AVAILABLE(request[who], profile[who, ptype], supply)
    """


@covers("allocate", "allocate_available")
@pytest.mark.parametrize("kind", [1, 2, 3])
def test_shares_follow_the_curves_and_use_up_the_supply(kind: int) -> None:
    series = mdl(_model(kind))
    shares = [[series[f"share[{key}]"][time] for key in "abc"] for time in range(4)]
    assert shares[0] == [0, 0, 0]
    assert shares[3] == REQUESTS
    rows = list(zip(REQUESTS, PRIORITIES, WIDTHS, strict=True))
    for time in (1, 2):
        price = brentq(
            lambda p, t=time: sum(_taken(kind, *row, p) for row in rows) - 4 * t, -20, 20, xtol=1e-14
        )
        assert sum(shares[time]) == pytest.approx(4 * time, rel=1e-14)
        # brentq stops 1e-14 from the price, and the curves rise by a few units per unit
        assert shares[time] == pytest.approx([_taken(kind, *row, price) for row in rows], rel=1e-11)


def test_the_exponential_curve_is_symmetric() -> None:
    """Two equal requests around a price in the middle: what one lacks the other has."""
    series = mdl("""
        who: a, b
        part: ptype, ppriority, pwidth, pextra
        request[who] = 5
        profile[who, ptype] = 4
        profile[a, ppriority] = 1
        profile[b, ppriority] = 3
        profile[who, pwidth] = 2
        profile[who, pextra] = 0
        share[who] = ALLOCATE AVAILABLE(request[who], profile[who, ptype], 5)
    """)
    tail = 0.5 * 2.718281828459045 ** (-0.5)
    assert series["share[a]"][0] == pytest.approx(5 * tail, rel=1e-13)
    assert series["share[b]"][0] == pytest.approx(5 * (1 - tail), rel=1e-13)


def test_kinds_of_curves_that_are_not_there_are_refused() -> None:
    equations = _model(3).replace("profile[who, ptype] = 3", "profile[who, ptype] = kind\nkind = 5")
    assert "supported" in refused(
        equations.replace(
            "share[who] = ALLOCATE AVAILABLE(request[who], profile[who, ptype]",
            "share[who] = ALLOCATE AVAILABLE(request[who], request[who]",
        )
    )


def _by_steps(requests: list[float], priorities: list[float], width: float, supply: float) -> list[float]:
    """The process in small steps: all that have started fill at the same pace."""
    order = sorted(range(len(requests)), key=lambda i: -priorities[i])
    starts = dict.fromkeys(order, 0.0)
    for before, after in pairwise(order):
        starts[after] = starts[before] + min((priorities[before] - priorities[after]) / width, 1.0)

    def taken(clock: float) -> list[float]:
        return [r * min(max(clock - starts[i], 0.0), 1.0) for i, r in enumerate(requests)]

    if supply >= sum(requests):
        return requests
    clock = brentq(lambda c: sum(taken(c)) - supply, 0.0, len(requests) + 1.0, xtol=1e-14)
    return taken(clock)


@covers("allocate_by_priority")
@pytest.mark.parametrize("width", [0.5, 1.0, 3.0])
def test_allocation_by_priority_fills_one_request_after_the_other(width: float) -> None:
    clock = CLOCK.replace("FINAL TIME = 3", "FINAL TIME = 12")
    series = mdl(
        f"""
        who: a, b, c, e
        request[who] = 3, 2, 0, 4
        priority[who] = 1, 2, 5, 2.5
        share[who] = ALLOCATE BY PRIORITY(request[who], priority[who], ELMCOUNT(who), {width}, Time)
        """,
        clock,
    )
    for time in range(13):
        found = [series[f"share[{key}]"][time] for key in "abe"]
        expected = _by_steps([3.0, 2.0, 4.0], [1.0, 2.0, 2.5], width, float(time))
        assert found == pytest.approx(expected, abs=1e-12)
        assert series["share[c]"][time] == 0


def test_equal_priorities_share_in_proportion_to_their_requests() -> None:
    series = mdl("""
        who: a, b
        request[who] = 6, 2
        priority[who] = 1, 1
        share[who] = ALLOCATE BY PRIORITY(request[who], priority[who], 2, 1, 4)
    """)
    assert [series["share[a]"][0], series["share[b]"][0]] == [3, 1]


def test_supplies_and_widths_may_have_subscripts_of_their_own() -> None:
    series = mdl("""
        who: a, b
        where: north, south
        request[who] = 2, 2
        priority[where, who] = 2, 1; 1, 2;
        supply[where] = 1, 3
        share[where, who] = ALLOCATE BY PRIORITY(request[who], priority[where, who], 2, 1, supply[where])
    """)
    assert [series[f"share[north,{key}]"][0] for key in "ab"] == [1, 0]
    assert [series[f"share[south,{key}]"][0] for key in "ab"] == [1, 2]


@pytest.mark.parametrize("x", [0.0, 1e-9, 0.3, 1.0, 1.4999, 1.5, 2.5, 6.0, 20.0, 26.0, 40.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_complementary_error_function_is_close_to_mpmath_s(x: float, sign: float) -> None:
    found = evaluate("erfc", sign * x)
    # exp(-x²) multiplies the rounding of x² by x²
    assert found == pytest.approx(
        float(mpmath.erfc(mpmath.mpf(sign * x))), rel=2e-14 + 2.3e-16 * x * x, abs=1e-307
    )
