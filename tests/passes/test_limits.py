"""Non-negative stocks and flows against a plain simulation of the rule."""

import random

import pytest

import penstock
from penstock.errors import PenstockError

ENGINES = ["wasm", "vm"]

SHARED = """
time 0 to 12 by 0.5
non-negative stock Tank = 10
  in filling
  out first
  out second
flow filling = {filling}
flow first = {first}
flow second = {second}
"""


def plain(
    filling: float, first: float, second: float, dt: float = 0.5, steps: int = 24
) -> list[tuple[float, ...]]:
    """Level and outflows: each takes what it wants of what is there and comes in, the first before the second."""
    level, rows = 10.0, []
    for _ in range(steps + 1):
        there = level / dt + filling
        one = min(first, max(0.0, there))
        two = min(second, max(0.0, there - one))
        rows.append((level, one, two))
        level = max(0.0, level + dt * (filling - one - two))
    return rows


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(8))
def test_outflows_take_what_is_there_in_their_order(engine, seed):
    draw = random.Random(seed)
    filling, first, second = (round(draw.uniform(0, 8), 3) for _ in range(3))
    run = penstock.simulate(
        penstock.loads(SHARED.format(filling=filling, first=first, second=second)), engine=engine
    )
    found = list(zip(run["Tank"], run["first"], run["second"], strict=True))
    for ours, expected in zip(found, plain(filling, first, second), strict=True):
        # Sums are associated differently here and there; 1e-12 is some thousand roundings of these sizes.
        assert ours == pytest.approx(expected, abs=1e-12)
    assert min(run["Tank"]) >= 0.0


@pytest.mark.parametrize("engine", ENGINES)
def test_what_leaves_one_stock_is_what_reaches_the_next(engine):
    run = penstock.simulate(
        penstock.loads(
            """
time 0 to 10 by 0.25
non-negative stock A = 3
  out move
stock B = 0
  in move
flow move = 2
"""
        ),
        engine=engine,
    )
    assert [a + b for a, b in zip(run["A"], run["B"], strict=True)] == [3.0] * 41
    assert run["A"][-1] == 0.0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_non_negative_flow_is_never_below_zero_even_with_a_graphical_function(engine):
    run = penstock.simulate(
        penstock.loads(
            """
time 0 to 4 by 1
stock S = 0
  in f
non-negative flow f = lookup(time; (0, -2) (4, 2))
"""
        ),
        engine=engine,
    )
    assert list(run["f"]) == [0.0, 0.0, 0.0, 1.0, 2.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_flow_that_two_stocks_give_away_is_not_limited_and_each_stops_at_zero(engine):
    run = penstock.simulate(
        penstock.loads(
            "time 0 to 4 by 1\nnon-negative stock A = 2\n  out f\nstock B = 2\n  out f\nflow f = 1\n"
        ),
        engine=engine,
    )
    assert list(run["A"]) == [2, 1, 0, 0, 0]
    assert list(run["B"]) == [2, 1, 0, -1, -2]
    assert list(run["f"]) == [1] * 5


@pytest.mark.parametrize("engine", ENGINES)
def test_non_negative_stocks_in_a_circle_keep_what_they_hold_together(engine):
    model = penstock.loads(
        """
time 0 to 20 by 0.5
non-negative stock A = 5
  in back
  out there
non-negative stock B = 1
  in there
  out back
flow there = 9
flow back = 4
"""
    )
    run = penstock.simulate(model, engine=engine)
    assert [a + b for a, b in zip(run["A"], run["B"], strict=True)] == pytest.approx([6.0] * 41, abs=1e-12)
    assert min(*run["A"], *run["B"]) >= 0.0


def test_limits_are_refused_for_methods_that_look_inside_a_step():
    with pytest.raises(PenstockError) as refusal:
        penstock.loads(SHARED.format(filling=1, first=1, second=1), method="rk4")
    assert [item.code for item in refusal.value.diagnostics] == ["PEN401"]
    assert "Tank" in str(refusal.value)
