"""The scenarios that come with Penstock, against published numbers, closed forms and computations of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import build
from penstock.cli import main
from penstock.scenario import Scenario, ScenarioResult, read_scenario, run_scenario

FOLDER = build.ROOT / "web" / "scenarios"
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
FIRMS = ("retailer", "wholesaler", "distributor", "factory")


def read(name: str) -> Scenario:
    return read_scenario(FOLDER / name / f"{name}.toml")


def run(name: str, change: Callable[[Scenario], Scenario] = lambda scenario: scenario) -> ScenarioResult:
    return run_scenario(change(read(name)), folder=FOLDER / name)


def with_params(params: Mapping[str, Mapping[str, float]]) -> Callable[[Scenario], Scenario]:
    def change(scenario: Scenario) -> Scenario:
        roles = [replace(role, params={**role.params, **params[role.name]}) for role in scenario.roles]
        return replace(scenario, roles=tuple(roles))

    return change


def test_all_that_were_promised_are_there() -> None:
    fields = {"mean_field", "hamiltonian", "continuum_field"}
    assert set(NAMES) == fields | {"beer_game", "broker_bypass", "middleman_removed", "two_regions"}


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_keeps_its_properties_on_both_engines(name: str) -> None:
    result = run(name)
    assert result.ok
    assert all(report["phase"] == "direct" for report in result.stats["handoffs"])

    def on_the_vm(scenario: Scenario) -> Scenario:
        return replace(scenario, roles=tuple(replace(role, engine="vm") for role in scenario.roles))

    assert run(name, on_the_vm).trace.sha256 == result.trace.sha256


# The Beer Game -----------------------------------------------------------------------------------------------


def test_the_beer_games_benchmark_costs_are_those_that_were_published() -> None:
    """Sterman, Modeling managerial behavior, Management Science 35 (1989): with the best parameters of his rule, which
    are no forecast, the whole gap and the whole pipeline, the four firms' costs of 36 weeks are 46, 50, 54 and 54."""
    best = {"forecast weight": 0.0, "correction": 1.0, "pipeline weight": 1.0}
    wanted = dict(zip(FIRMS, (28.0, 28.0, 28.0, 20.0), strict=True))
    result = run("beer_game", with_params({firm: {**best, "wanted": wanted[firm]} for firm in FIRMS}))
    assert [result.trace.series(firm, "Cost")[-1] for firm in FIRMS] == [46.0, 50.0, 54.0, 54.0]


def board(wanted: float, forecast: float, correction: float, pipeline: float) -> list[list[float]]:
    """The same game with counters on a board: each firm's orders by week."""
    inventory, backlog, expected = [12.0] * 4, [0.0] * 4, [4.0] * 4
    transit = [[4.0, 4.0], [4.0, 4.0], [4.0, 4.0], [4.0, 4.0, 4.0]]
    slips = [[], [4.0, 4.0], [4.0, 4.0], [4.0, 4.0]]
    placed: list[list[float]] = [[] for _ in FIRMS]
    for week in range(1, 37):
        asked = [4.0 if week < 5 else 8.0] + [slips[i].pop(0) for i in (1, 2, 3)]
        for i in range(4):
            inventory[i] += transit[i].pop(0)
            shipped = min(inventory[i], backlog[i] + asked[i])
            inventory[i] -= shipped
            backlog[i] += asked[i] - shipped
            if i:
                transit[i - 1].append(shipped)
        for i in range(4):
            expected[i] = forecast * asked[i] + (1 - forecast) * expected[i]
            line = sum(transit[i]) + (sum(slips[i + 1]) + backlog[i + 1] if i < 3 else 0.0)
            order = max(
                0.0, expected[i] + correction * (wanted - (inventory[i] - backlog[i]) - pipeline * line)
            )
            order = 4.0 if week < 5 else order
            placed[i].append(order)
            (slips[i + 1] if i < 3 else transit[3]).append(order)
    return placed


def test_firms_that_order_as_people_were_found_to_order_as_a_game_on_a_board_does() -> None:
    result = run("beer_game")
    for firm, orders in zip(FIRMS, board(17.0, 0.36, 0.26, 0.34), strict=True):
        assert result.trace.series(firm, "Ordered")[1:] == pytest.approx(orders, rel=1e-12)


def test_with_a_constant_demand_nothing_moves() -> None:
    calm = {
        firm: {"step in demand": 0.0, "wanted": 12.0 + 0.34 * (8 if firm == "factory" else 12)}
        for firm in FIRMS
    }
    trace = run("beer_game", with_params(calm)).trace
    for firm in FIRMS:
        assert trace.series(firm, "Inventory") == pytest.approx([12.0] * 37, abs=1e-9)
        assert trace.series(firm, "Ordered") == pytest.approx([4.0] * 37, abs=1e-9)


def test_a_step_in_demand_grows_from_firm_to_firm() -> None:
    trace = run("beer_game").trace
    peaks = [max(trace.series(firm, "Ordered")) for firm in FIRMS]
    assert 8.0 < peaks[0] < peaks[1] < peaks[2] < peaks[3]


def test_a_player_orders_in_a_firms_place() -> None:
    result = run_scenario(
        read("beer_game"),
        folder=FOLDER / "beer_game",
        players={"wholesaler": lambda week, seen: {"my order": week}},
    )
    assert result.trace.series("wholesaler", "Ordered")[1:] == [float(week) for week in range(1, 37)]


# Middlemen ---------------------------------------------------------------------------------------------------


def test_goods_are_conserved_while_a_middleman_leaves_whatever_the_network_does() -> None:
    for seed in range(20):
        assert run("middleman_removed", lambda scenario, n=seed: replace(scenario, seed=n)).ok  # type: ignore[misc]


def test_goods_that_are_in_nobodys_books_are_found_by_the_property() -> None:
    def greedy(scenario: Scenario) -> Scenario:
        row = replace(scenario.reconfigurations[0], values={})
        return replace(scenario, reconfigurations=(row,), properties=scenario.properties[:1])

    def forgotten(scenario: Scenario) -> Scenario:
        """Once it has left, what it kept is in nobody's books."""
        row = scenario.properties[0]
        row = replace(row, formula=row.formula.replace("- middleman.I", "- 0 * middleman.I"))
        return replace(greedy(scenario), properties=(row,))

    assert [violation.name for violation in run("middleman_removed", forgotten).violations] == ["goods"]


def test_without_the_flush_orders_overtake_each_other_and_it_is_reported() -> None:
    def naive(scenario: Scenario) -> Scenario:
        rows = [replace(row, flush=False) for row in scenario.reconfigurations]
        return replace(scenario, reconfigurations=tuple(rows))

    names = [violation.name for violation in run("broker_bypass", naive).violations]
    assert "no order overtakes another" in names
    assert "no order is lost" not in names


# Regions -----------------------------------------------------------------------------------------------------


def test_trading_regions_are_what_their_equations_say_step_by_step() -> None:
    result = run("two_regions")
    capacity, quarter = {"north": 12.0, "south": 8.0}, 0.25
    other = {"north": "south", "south": "north"}
    goods = dict.fromkeys(other, 100.0)
    told: dict[int, dict[str, tuple[float, float]]] = {}
    leaving, heard = dict.fromkeys(other, 0.0), dict.fromkeys(other, 1.0)
    for tick in range(481):
        assert {n: result.trace.series(n, "Goods")[tick] for n in other} == pytest.approx(goods, rel=1e-9)
        price = {name: 100.0 / max(goods[name], 1.0) for name in other}
        if not 200 <= tick <= 247:
            told[tick + 1 + 4] = {other[name]: (price[name], leaving[name]) for name in other}
        arrived = told.pop(tick + 1, {})
        change = {}
        for name in other:
            heard[name] = arrived[name][0] if arrived else heard[name]
            imports = (arrived[name][1] if arrived else 0.0) / quarter
            exports = 0.05 * max(0.0, heard[name] - price[name]) * goods[name]
            used = 10.0 * price[name] ** -0.5
            change[name] = capacity[name] + imports - used - exports
            leaving[name] = quarter * exports
        goods = {name: goods[name] + quarter * change[name] for name in other}


# The command line --------------------------------------------------------------------------------------------


def test_the_command_line_runs_checkpoints_replays_and_verifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = FOLDER / "middleman_removed" / "middleman_removed.toml", tmp_path / "trace.json"
    text = "checkpoint_interval = 50\n" + path.read_text(encoding="utf-8")
    for model in path.parent.glob("*.pen"):
        (tmp_path / model.name).write_text(model.read_text(encoding="utf-8"), encoding="utf-8")
    given = tmp_path / "s.toml"
    given.write_text(text, encoding="utf-8")
    assert (
        main(["scenario", "run", str(given), "--output", str(out), "--checkpoints", str(tmp_path / "c")]) == 0
    )
    whole = json.loads(out.read_text())
    replay = ["replay", "--scenario", str(given), "--checkpoint", str(tmp_path / "c" / "checkpoint_50.json")]
    assert main([*replay, "--json"]) == 0
    rest = json.loads(capsys.readouterr().out)
    assert rest["trace"]["records"] == [row for row in whole["trace"]["records"] if row["step"] > 50]
    assert main([*replay, "--rounds", "3", "--verify"]) == 0
    assert "verified" in capsys.readouterr().out
    given.write_text(text.replace("at_tick = 40", "at_tick = 41"), encoding="utf-8")
    assert main(replay) == 1
    assert "another scenario" in capsys.readouterr().err


def test_a_violation_ends_with_2_and_is_printed_with_its_tick(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = FOLDER / "broker_bypass"
    for model in source.glob("*.pen"):
        (tmp_path / model.name).write_text(model.read_text(encoding="utf-8"), encoding="utf-8")
    text = (
        (source / "broker_bypass.toml").read_text(encoding="utf-8").replace("flush = true", "flush = false")
    )
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    assert main(["scenario", "run", str(tmp_path / "s.toml"), "--output", str(tmp_path / "o.json")]) == 2
    assert "no order overtakes another @ " in capsys.readouterr().err
    assert main(["scenario", "run", str(tmp_path / "none.toml")]) == 1


def test_a_fault_of_ours_ends_with_70(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.scenario.runner.Run.round", lambda *_: 1 / 0)
    assert main(["scenario", "run", str(FOLDER / "mean_field" / "mean_field.toml")]) == 70
