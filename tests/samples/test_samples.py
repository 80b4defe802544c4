"""The sample models against solutions of their own: closed forms, scipy at a tight tolerance, a loop in Python.

Each equation is written here a second time, from what the model says it is about.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import build
from penstock.compiler import Compiled, compile_file
from penstock.hints import hints
from penstock.run import simulate

FOLDER = build.SAMPLES
NAMES = sorted(path.stem for path in FOLDER.glob("*.pen"))

# RK4 at the samples' steps is good to this, relative to the largest value; kinks (min, max, lookups) cost a
# smooth method some digits.
CLOSE = 2e-5
CLOSE_AT_KINKS = 2e-3

Series = Mapping[str, np.ndarray]


def model(name: str) -> Compiled:
    return compile_file(FOLDER / f"{name}.pen")


def series(name: str) -> Series:
    results = simulate(model(name), engine="wasm")
    return {
        label.lower() if label == "Time" else label: np.asarray(results[label]) for label in results.names
    }


def solved(
    slope: Callable[[float, np.ndarray], Sequence[float]], start: Sequence[float], times: np.ndarray
) -> np.ndarray:
    # Rows of stocks at the times; short steps so that no kink is jumped over.
    outcome = solve_ivp(
        slope, (times[0], times[-1]), start, t_eval=times, rtol=1e-10, atol=1e-10, max_step=0.1
    )
    assert outcome.success
    return outcome.y


def assert_close(found: Series, names: Sequence[str], expected: np.ndarray, tolerance: float = CLOSE) -> None:
    for name, values in zip(names, expected, strict=True):
        assert np.max(np.abs(found[name] - values)) <= tolerance * np.max(np.abs(values)), name


def test_every_sample_is_tested_here() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    assert len(NAMES) >= 8
    for name in NAMES:
        assert f'series("{name}")' in here, name


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_clean_and_documented(name: str) -> None:
    compiled = model(name)
    assert compiled.warnings == ()
    assert [
        str(item) for item in (*hints(compiled), *compiled.units.findings) if item.severity != "hint"
    ] == []
    assert len(compiled.model.documentation) > 40
    assert compiled.document["sliders"]


def test_the_tea_cools_as_newton_says() -> None:
    found = series("teacup")
    assert_close(found, ["tea temperature"], [70 + 110 * np.exp(-found["time"] / 10)])


def test_adopters_follow_the_closed_form_of_bass() -> None:
    found = series("bass-diffusion")
    p, q = 0.01, 0.6
    decay = np.exp(-(p + q) * found["time"])
    assert_close(found, ["Adopters"], [100_000 * (1 - decay) / (1 + q / p * decay)])


def test_the_epidemic_is_that_of_an_independent_solver() -> None:
    found = series("sir")

    def slope(_: float, y: np.ndarray) -> Sequence[float]:
        s, i, r = y
        infection, recovery, waning = s * i / 10_000 * 6 * 0.08, i / 5, r / 120
        return [waning - infection, infection - recovery, recovery - waning]

    expected = solved(slope, [9990, 10, 0], found["time"])
    assert_close(found, ["Susceptible", "Infected", "Recovered"], expected)


def test_hares_and_lynxes_are_those_of_an_independent_solver() -> None:
    found = series("predator-prey")

    def slope(_: float, y: np.ndarray) -> Sequence[float]:
        hares, lynxes = y
        catch = 0.05 * hares / (1 + 0.02 * 0.05 * hares)
        return [
            1.2 * hares * (1 - hares / 2000) - lynxes * catch,
            0.04 * lynxes * catch - 0.7 * lynxes,
        ]

    assert_close(found, ["Hares", "Lynxes"], solved(slope, [400, 12], found["time"]))


def test_the_fishery_is_that_of_an_independent_solver() -> None:
    found = series("fishery")

    def slope(_: float, y: np.ndarray) -> Sequence[float]:
        fish, boats = y
        density = fish / 8000
        per_boat = 40 * density / (density + 0.25)
        profit = boats * (per_boat * 2000 - 25_000)
        return [
            0.5 * fish * (1 - density) - boats * per_boat,
            max(0.0, profit) * 0.5 / 150_000 - boats / 15,
        ]

    assert_close(found, ["Fish", "Boats"], solved(slope, [7200, 20], found["time"]), CLOSE_AT_KINKS)


def test_the_project_is_that_of_an_independent_solver() -> None:
    found = series("project-rework")

    def slope(time: float, y: np.ndarray) -> Sequence[float]:
        to_do, rework, _, staff, fatigue = y
        wanted = min(30.0, to_do / max(1.0, 24 - time) / 2)
        overtime = min(1.4, max(1.0, wanted / staff))
        productivity = 2 * np.interp(fatigue, [1, 1.2, 1.4, 1.6], [1, 0.95, 0.85, 0.7])
        quality = 0.85 * np.interp(fatigue, [1, 1.2, 1.4, 1.6], [1, 0.93, 0.82, 0.68])
        work, discovery = min(staff * overtime * productivity, to_do / 0.5), rework / 6
        return [
            discovery - work,
            work * (1 - quality) - discovery,
            work * quality,
            (wanted - staff) / 4,
            (overtime - fatigue) / 3,
        ]

    names = ["Work to do", "Undiscovered rework", "Work done", "Staff", "Fatigue"]
    assert_close(found, names, solved(slope, [500, 0, 0, 10, 1], found["time"]), CLOSE_AT_KINKS)


def test_the_beer_game_is_that_of_a_loop_over_weeks() -> None:
    """Boxes for beer and orders as on the board of the game, moved by hand."""
    found = series("beer-game")
    stages = ["Retailer", "Wholesaler", "Distributor", "Brewery"]
    inventory, backlog, expected = [12.0] * 4, [0.0] * 4, [4.0] * 4
    moving = [[4.0, 4.0] for _ in stages]
    placed, cost = [4.0] * 4, 0.0
    for week in range(53):
        customers = 8.0 if week >= 4 else 4.0
        demand = [customers, *placed[:3]]
        arrivals = [box[0] for box in moving]
        shipped = [min(backlog[i] + demand[i], inventory[i] + arrivals[i]) for i in range(4)]
        on_the_way = [sum(box) for box in moving]
        gap = [12 - inventory[i] + backlog[i] + 0.34 * (8 - on_the_way[i]) for i in range(4)]
        orders = [max(0.0, expected[i] + gap[i] / 4) for i in range(4)]
        for i, stage in enumerate(stages):
            assert found[f"Inventory[{stage}]"][week] == pytest.approx(inventory[i], abs=1e-9)
            assert found[f"Backlog[{stage}]"][week] == pytest.approx(backlog[i], abs=1e-9)
            assert found[f"orders[{stage}]"][week] == pytest.approx(orders[i], abs=1e-9)
        assert found["Cost so far"][week] == pytest.approx(cost, abs=1e-7)
        cost += 0.5 * sum(inventory) + sum(backlog)
        sent = [*shipped[1:], placed[3]]
        for i in range(4):
            inventory[i] += arrivals[i] - shipped[i]
            backlog[i] += demand[i] - shipped[i]
            expected[i] += (demand[i] - expected[i]) * 0.36
            moving[i] = [moving[i][1], sent[i]]
        placed = orders


def test_orders_swing_wider_at_every_stage_of_the_beer_game() -> None:
    found = series("beer-game")
    peaks = [max(found[f"orders[{stage}]"]) for stage in ("Retailer", "Wholesaler", "Distributor", "Brewery")]
    assert peaks == sorted(peaks)
    assert peaks[3] > 3 * peaks[0]


def test_the_supply_chain_is_that_of_an_independent_solver() -> None:
    found = series("supply-chain")
    people, appetite = np.array([500.0, 900.0, 300.0]), np.array([2.0, 0.3])
    hours, usual = np.array([0.05, 0.2]), np.outer(people, appetite)

    def slope(time: float, y: np.ndarray) -> Sequence[float]:
        shelf, expected, capacity = y[:6].reshape(3, 2), y[6:12].reshape(3, 2), y[12]
        growth = np.array([[math.exp(0.01 * time)], [1.0], [1.0]])
        demand = usual * (1 + 0.15 * math.sin(2 * 3.14159265 * time / 52)) * growth
        sales = demand * np.minimum(1, shelf / (demand * 0.5))
        orders = np.maximum(0, expected + (expected * 2 - shelf) / 3)
        load = np.sum(orders.sum(axis=0) * hours)
        deliveries = orders * min(1.0, capacity / load)
        return [
            *(deliveries - sales).ravel(),
            *((demand - expected) / 6).ravel(),
            (load * 1.1 - capacity) / 26,
        ]

    start = [*(usual * 2).ravel(), *usual.ravel(), 1.1 * float(np.sum(usual.sum(axis=0) * hours))]
    expected = solved(slope, start, found["time"])
    cells = [
        f"[{region}, {product}]" for region in ("North", "Centre", "South") for product in ("Bread", "Cake")
    ]
    names = [f"{name}{cell}".replace(", ", ",") for name in ("Shelf", "expected demand") for cell in cells]
    assert_close(found, [*names, "Capacity"], expected, CLOSE_AT_KINKS)


def test_the_warming_world_is_that_of_an_independent_solver() -> None:
    found = series("climate-economy")

    def slope(time: float, y: np.ndarray) -> Sequence[float]:
        people, productivity, capital, intensity, _, air, upper, deep, warm, ocean = y
        years = time - 2015
        control = min(1.0, 0.03 + max(0.0, years - 10) * 0.01)
        backstop = 550 * math.exp(-0.00506 * years)
        gross = productivity * capital**0.3 * (people / 1000) ** 0.7
        net = gross * (1 - 0.00236 * warm**2) * (1 - backstop * intensity / 2.6 / 1000 * control**2.6)
        emissions = intensity * gross * (1 - control) + 2.6 * math.exp(-0.0244 * years)
        uptake, sinking = 0.024 * (air - upper * 588 / 360), 0.0014 * (upper - deep * 360 / 1720)
        forcing = 3.6813 * math.log2(air / 588) + np.interp(time, [2015, 2100], [0.5, 1])
        return [
            people * 0.0287 * (1 - people / 11500),
            productivity * 0.0152 * math.exp(-0.005 * years),
            0.25 * net - capital * 0.1,
            -intensity * 0.0152 * math.exp(-0.001 * years),
            emissions,
            emissions / 3.666 - uptake,
            uptake - sinking,
            sinking,
            0.0201 * (forcing - 3.6813 / 3.1 * warm - 0.088 * (warm - ocean)),
            0.005 * (warm - ocean),
        ]

    start = [7403, 5.115, 223, 0.3503, 0, 851, 460, 1740, 0.85, 0.0068]
    names = ["Population", "Productivity", "Capital", "Carbon intensity", "Emitted so far", "Carbon in air"]
    names += ["Carbon in upper ocean", "Carbon in deep ocean", "Air temperature", "Ocean temperature"]
    expected = solved(slope, start, found["time"])
    assert_close(found, names, expected, CLOSE_AT_KINKS)
    assert len(model("climate-economy").program.variables) >= 50
