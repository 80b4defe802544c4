"""Running scenarios with other things than models in their roles, and holding the result to a contract.

A role's first state is the one that the scenario gives, else the one that the adapter has for it, else the one that
the material derives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from .roles import Handler, make_roles
from .runner import ScenarioResult
from .running import run_scenario
from .spec import Fault, Property, Scenario


class HostAdapter(Protocol):
    """What brings the roles of a scenario to life."""

    def handlers(self, scenario: Scenario) -> Mapping[str, Handler]:
        """What plays each role."""

    def initial_states(self, scenario: Scenario) -> Mapping[str, tuple[float, ...]] | None:
        """The first state of roles that the scenario says none for; None to leave it to the material or the models."""

    def validate_result(self, scenario: Scenario, result: ScenarioResult) -> Sequence[str]:
        """What is wrong with a result, in words."""


@dataclass(frozen=True)
class ModelAdapter:
    """Roles are the models that the scenario names, in a folder or by name in `texts`."""

    folder: str | Path = "."
    texts: Mapping[str, str] = field(default_factory=dict)

    def handlers(self, scenario: Scenario) -> Mapping[str, Handler]:
        return make_roles(scenario, Path(self.folder), self.texts)

    def initial_states(self, scenario: Scenario) -> Mapping[str, tuple[float, ...]] | None:
        return None

    def validate_result(self, scenario: Scenario, result: ScenarioResult) -> Sequence[str]:
        return ()


Step = Callable[[tuple[float, ...], Mapping[str, float]], tuple[float, ...]]
"""From a role's state and what its inputs are to its state a tick later; it may keep nothing beside these."""


@dataclass
class FunctionRole:
    """A role that is a function of its state and inputs. `columns` name the state."""

    columns: tuple[str, ...]
    state: tuple[float, ...]
    function: Step
    artifact: str = "function"
    inputs: dict[str, float] = field(default_factory=dict)
    done: bool = False

    def begin(self) -> None: ...

    def set(self, name: str, value: float) -> None:
        self.inputs[name] = value

    def step(self, n: int) -> None:
        self.state = tuple(self.function(self.state, self.inputs))

    def value(self, name: str) -> float:
        return self.state[self.columns.index(name)]

    def stocks(self) -> tuple[float, ...]:
        return self.state

    def recorded(self) -> tuple[float, ...]:
        return self.state

    def save(self) -> dict[str, Any]:
        return {"state": list(self.state), "inputs": dict(self.inputs)}

    def load(self, state: Mapping[str, Any]) -> None:
        self.state, self.inputs = tuple(state["state"]), dict(state["inputs"])


@dataclass(frozen=True)
class DirectAdapter:
    """Roles are functions: by role the names of its state and the function. States come from the scenario or from
    `states`."""

    functions: Mapping[str, tuple[tuple[str, ...], Step]]
    states: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def handlers(self, scenario: Scenario) -> Mapping[str, Handler]:
        return {
            role.name: FunctionRole(
                columns, role.initial or self.states.get(role.name, (0.0,) * len(columns)), function
            )
            for role in scenario.roles
            for columns, function in [self.functions[role.name]]
        }

    def initial_states(self, scenario: Scenario) -> Mapping[str, tuple[float, ...]] | None:
        return self.states

    def validate_result(self, scenario: Scenario, result: ScenarioResult) -> Sequence[str]:
        return ()


@dataclass(frozen=True)
class Contract:
    """What a result is held to beside the scenario's own properties."""

    no_violations: bool = True
    coherent: bool = True
    min_rounds: int = 0
    expected_roles: tuple[str, ...] = ()

    def broken(self, result: ScenarioResult) -> list[str]:
        """What does not hold, in words."""
        found = [str(row) for row in result.violations] if self.no_violations else []
        if self.coherent:
            found += _incoherent(result)
        if result.stats["rounds"] < self.min_rounds:
            found.append(f"{result.stats['rounds']} rounds, not {self.min_rounds}")
        missing = [role for role in self.expected_roles if role not in result.trace.roles]
        return found + [f"no role {role}" for role in missing]


def _incoherent(result: ScenarioResult) -> list[str]:
    """What the events and the transcript say must agree."""
    events: Mapping[str, int] = result.stats["events"]
    delivered = sum(line.outcome == "delivered" for line in result.transcript)
    found = []
    if delivered != events.get("received", 0):
        found.append(f"{delivered} messages delivered, and {events.get('received', 0)} received")
    if delivered > events.get("sent", 0) + result.stats["preloaded"]:
        found.append("more messages were received than sent")
    return found


def run_with_scenario(
    scenario: Scenario, adapter: HostAdapter, contract: Contract | None = None, **given: Any
) -> tuple[ScenarioResult, list[str]]:
    """A run, and what of the contract and of the adapter's own checks does not hold; `given` as for `run_scenario`."""
    states = adapter.initial_states(scenario) or {}
    roles = [
        replace(role, initial=states.get(role.name)) if role.initial is None else role
        for role in scenario.roles
    ]
    scenario = replace(scenario, roles=tuple(roles))
    result = run_scenario(scenario, handlers=adapter.handlers(scenario), **given)
    broken = (contract or Contract()).broken(result)
    return result, [*broken, *adapter.validate_result(scenario, result)]


# Presets: scenarios made from others -------------------------------------------------------------------------


def baseline(scenario: Scenario) -> Scenario:
    """The same without faults, losses, jitter and latencies."""
    network = replace(scenario.network, latency_ms=0.0, variance=0.0, loss=0.0, partitions=(), links=())
    return replace(scenario, events=(), network=network, name=f"{scenario.name} (baseline)")


def with_standard_properties(scenario: Scenario, bound: int = 100) -> Scenario:
    """The same, checked for what every run without faults should keep."""
    there = {row.name for row in scenario.properties}
    added = [
        Property("no_faults", "no_faults"),
        Property("finite", "finite"),
        Property("buffer_bound", f"buffer_bound {bound}", bound=bound),
        Property("send_recv_liveness", f"send_recv_liveness {bound}", bound=bound),
    ]
    return replace(
        scenario, properties=(*scenario.properties, *(row for row in added if row.name not in there))
    )


def with_message_drop(scenario: Scenario, probability: float) -> Scenario:
    """The same with a share of all messages lost."""
    return replace(scenario, events=(*scenario.events, Fault("message_drop", probability=probability)))
