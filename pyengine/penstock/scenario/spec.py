"""What a scenario says: roles with models, couplings between them, a network, faults, properties, checkpoints.

Times are ticks: a tick is `tick` units of model time, and a round takes every role one tick further. Latencies are
milliseconds, of which `Network.tick_ms` make a tick. Everything is frozen; `reading` makes it from TOML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SCHEMA = "penstock.scenario/1"

PlayerKind = Literal["rule", "human"]
CouplingKind = Literal["value", "order"]
TriggerKind = Literal["immediate", "at_tick", "after_step", "random", "on_event"]
FaultKind = Literal["message_drop", "message_delay", "message_corruption", "node_crash", "network_partition"]
CorruptionMode = Literal["negate", "noise", "stuck"]
EventKind = Literal["sent", "received", "opened", "closed", "invoked", "halted", "faulted"]
LayerKind = Literal["mean_field", "hamiltonian", "continuum_field"]
ActionKind = Literal["link", "partition", "handoff", "remove"]


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role: `model` is a path beside the scenario, empty where a material or an adapter brings it.

    `params` are values of its constants, initial values and settings; `initial` are all its stocks' first values in
    the order of the model; `policy` gives constants a value by a formula over the role's own variables before each
    round; `outputs` are variables recorded beside the stocks. A player may decide for a `human` role, and the model's
    rule does where there is none.
    """

    name: str
    model: str = ""
    engine: str = "wasm"
    params: Mapping[str, float] = field(default_factory=dict)
    initial: tuple[float, ...] | None = None
    outputs: tuple[str, ...] = ()
    policy: Mapping[str, str] = field(default_factory=dict)
    player: PlayerKind = "rule"


@dataclass(frozen=True, slots=True)
class Coupling:
    """What one role tells another: each round the value of `output` is sent, and becomes the constant `input`.

    A `value` holds until the next arrives; an `order` counts once: what arrives in a round is added up, and is 0
    where nothing arrives. `initial` is on its way when the scenario begins: the value before the first arrives.
    Messages pass `via` these roles in turn, each of which keeps them for `work` ticks.
    """

    source: str
    output: str
    target: str
    input: str
    kind: CouplingKind = "value"
    initial: float | None = None
    via: tuple[str, ...] = ()
    work: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Ticks from `start` to `end`, both inclusive; for ever where `end` is None."""

    start: int = 0
    end: int | None = None

    def holds(self, tick: int) -> bool:
        return self.start <= tick and (self.end is None or tick <= self.end)


@dataclass(frozen=True, slots=True)
class Partition:
    """Groups of roles that hear only their own; a role in none is cut off from those in one."""

    groups: tuple[tuple[str, ...], ...]
    window: Window = Window()

    def cuts(self, source: str, target: str) -> bool:
        """Whether a message between the two is lost."""

        def group(role: str) -> int:
            return next((i for i, names in enumerate(self.groups) if role in names), -1)

        return group(source) != group(target)


@dataclass(frozen=True, slots=True)
class LinkRule:
    """What holds for one direction of a link in a window, in place of the network's own numbers."""

    source: str
    target: str
    window: Window = Window()
    enabled: bool = True
    latency_ms: float | None = None
    variance: float | None = None
    loss: float | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """`reorder_window` is how many ticks a message may overtake those before it on its link; 0 keeps their order."""

    latency_ms: float = 0.0
    variance: float = 0.0
    loss: float = 0.0
    tick_ms: float = 1.0
    reorder_window: int = 0
    partitions: tuple[Partition, ...] = ()
    links: tuple[LinkRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """When something happens, once: `n` is a tick or a number of steps, `p` a probability each tick, `event` with an
    optional `role` what must have happened since the tick before."""

    kind: TriggerKind = "immediate"
    n: int = 0
    p: float = 0.0
    event: EventKind = "sent"
    role: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """`duration` in ticks, exclusive of its last; for ever where None. The rest is as the kind needs it."""

    kind: FaultKind
    trigger: Trigger = Trigger()
    probability: float = 1.0
    ticks: int = 0
    role: str = ""
    groups: tuple[tuple[str, ...], ...] = ()
    duration: int | None = None
    mode: CorruptionMode = "negate"
    sigma: float = 0.0


@dataclass(frozen=True, slots=True)
class Property:
    """Something that must hold while the scenario runs. `name` is the user's; the rest is as the kind needs it.

    Variables are written ``role.variable``, links ``from->to``.
    """

    kind: str
    name: str
    variable: str = ""
    other: str = ""
    formula: str = ""
    goal: str = ""
    low: float = float("-inf")
    high: float = float("inf")
    tolerance: float = 1e-8
    bound: int = 0
    direction: Literal["up", "down"] = "up"


@dataclass(frozen=True, slots=True)
class Reconfiguration:
    """A change of the network on the way: a link's rule, a partition, or a `middle` role that leaves a coupling's path.

    `coupling` is its number in the file, counted from 0. Without a `flush` messages may overtake each other; a handoff
    that takes more than `timeout` ticks is given up.

    A role that is removed is no forwarder: it has a model, and a stock of its own. `joins` are pairs of couplings, one
    that leads to it and one that leads on, which become one; `values` are what its constants become for its last
    round, in which it gives away what it has.
    """

    action: ActionKind
    trigger: Trigger = Trigger()
    link: LinkRule | None = None
    partition: Partition | None = None
    coupling: int = 0
    middle: str = ""
    flush: bool = True
    timeout: int = 100
    joins: tuple[tuple[int, int], ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Material:
    """One of the shipped fields that every role is a part of; `fields` says what it needs of `params`."""

    layer: LayerKind
    params: Mapping[str, float | tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`sample_every` rounds the trace gets a record; every `checkpoint_interval` ticks there is a checkpoint."""

    name: str
    roles: tuple[RoleSpec, ...]
    steps: int
    couplings: tuple[Coupling, ...] = ()
    seed: int = 0
    concurrency: int = 1
    tick: float = 1.0
    network: Network = Network()
    material: Material | None = None
    events: tuple[Fault, ...] = ()
    properties: tuple[Property, ...] = ()
    reconfigurations: tuple[Reconfiguration, ...] = ()
    max_concurrent: int | None = None
    checkpoint_interval: int | None = None
    sample_every: int = 1
    output_file: str = ""
    output_format: Literal["json", "jsonl"] = "json"
    sha256: str = field(default="", compare=False)

    @property
    def role_names(self) -> tuple[str, ...]:
        return tuple(role.name for role in self.roles)
