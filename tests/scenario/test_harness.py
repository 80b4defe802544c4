"""The harness: other things than models in roles, which first state counts, contracts, presets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from penstock.scenario import (
    Contract,
    DirectAdapter,
    ModelAdapter,
    Scenario,
    ScenarioResult,
    parse_scenario,
    resume,
    run_with_scenario,
    save_checkpoint,
    start,
)
from penstock.scenario.harness import baseline, with_message_drop, with_standard_properties
from scenario.scenarios_in_text import PAIR, TEXTS

FIELD = """
name = "field"
roles = ["A", "B"]
steps = 1
[material]
layer = "continuum_field"
params = {coupling = 1.0, initial_fields = [1.0, 0.0], step_size = 0.5}
"""

HALVES = """
name = "halves"
roles = ["A", "B"]
steps = 8
[[couplings]]
from = "A"
out = "x"
to = "B"
in = "told"
[[couplings]]
from = "B"
out = "x"
to = "A"
in = "told"
"""


def towards(state: tuple[float, ...], inputs: Mapping[str, float]) -> tuple[float, ...]:
    return ((state[0] + inputs["told"]) / 2.0,)


FUNCTIONS = DirectAdapter({"A": (("x",), towards), "B": (("x",), towards)}, {"A": (8.0,), "B": (0.0,)})


def test_functions_play_roles() -> None:
    result, broken = run_with_scenario(parse_scenario(HALVES), FUNCTIONS)
    assert broken == []
    assert result.trace.series("A", "x") == [8.0] + [4.0] * 8


def test_functions_roles_are_resumed_from_checkpoints() -> None:
    scenario = parse_scenario(HALVES)
    whole = start(scenario, handlers=FUNCTIONS.handlers(scenario))
    whole.begin()
    whole.round()
    rest = resume(scenario, save_checkpoint(whole), handlers=FUNCTIONS.handlers(scenario))
    while not whole.is_over():
        whole.round()
    assert rest.trace.records == whole.trace.records[4:]


@dataclass(frozen=True)
class WithStates(ModelAdapter):
    """Has first states of its own, and an opinion of the result."""

    opinion: tuple[str, ...] = ()

    def initial_states(self, scenario: Scenario) -> Mapping[str, tuple[float, ...]] | None:
        return {"A": (5.0,), "B": (3.0,)}

    def validate_result(self, scenario: Scenario, result: ScenarioResult) -> Sequence[str]:
        return self.opinion


def first_states(text: str, adapter: ModelAdapter) -> list[tuple[float, ...]]:
    result, _ = run_with_scenario(parse_scenario(text), adapter)
    return [record.state for record in result.trace.records[:2]]


def test_an_explicit_state_counts_before_the_adapters_and_that_before_the_derived_one() -> None:
    assert first_states(FIELD, ModelAdapter()) == [(1.0,), (0.0,)]
    assert first_states(FIELD, WithStates()) == [(5.0,), (3.0,)]
    assert first_states(FIELD + "[role.B]\ninitial = [7.0]\n", WithStates()) == [(5.0,), (7.0,)]


def test_what_an_adapter_finds_wrong_with_a_result_is_reported() -> None:
    _, broken = run_with_scenario(parse_scenario(FIELD), WithStates(opinion=("too good to be true",)))
    assert broken == ["too good to be true"]


@pytest.mark.parametrize(
    ("contract", "broken"),
    [
        (Contract(), []),
        (Contract(min_rounds=13), ["12 rounds, not 13"]),
        (Contract(expected_roles=("A", "C")), ["no role C"]),
    ],
)
def test_a_contract_says_what_does_not_hold(contract: Contract, broken: list[str]) -> None:
    _, found = run_with_scenario(parse_scenario(PAIR), ModelAdapter(texts=TEXTS), contract)
    assert found == broken


def test_presets_take_faults_away_and_bring_them() -> None:
    scenario = with_standard_properties(parse_scenario(PAIR))
    adapter = ModelAdapter(texts=TEXTS)
    assert run_with_scenario(scenario, adapter)[1] == []
    lossy = with_message_drop(scenario, 0.5)
    assert [line.split(" @ ")[0] for line in run_with_scenario(lossy, adapter)[1]] == ["no_faults"]
    assert run_with_scenario(baseline(lossy), adapter)[1] == []
