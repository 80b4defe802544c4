"""A role: a model under the runner's hands. All its state is in its snapshot, none beside it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from ..compiler import Compiled, compile_file, compile_text
from ..errors import PenstockError, error
from ..program import DT, STOP, TIME
from ..protocol import ENGINES
from ..results import element_names
from ..run import Simulation
from .fields import FIELDS
from .formulas import Formula
from .spec import Material, RoleSpec, Scenario
from .trace import bits

Player = Callable[[int, Mapping[str, float]], Mapping[str, float]]
"""A human's or a program's hand: from the tick and what a role sees of itself to values of its constants."""


class Handler(Protocol):
    """What plays a role. `ModelRole` plays a model; an adapter may bring others, whose state must all be in `save`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of what `recorded` gives."""

    @property
    def artifact(self) -> str:
        """What a checkpoint of it fits: the hash of a model."""

    @property
    def done(self) -> bool:
        """Whether there is no further tick."""

    def begin(self) -> None:
        """Compute the initial state."""

    def set(self, name: str, value: float) -> None: ...
    def step(self, n: int) -> None:
        """Take the n-th tick of the role's own, counted from 1."""

    def value(self, name: str) -> float: ...
    def stocks(self) -> tuple[float, ...]: ...
    def recorded(self) -> tuple[float, ...]: ...
    def save(self) -> dict[str, Any]:
        """All its state as JSON."""

    def load(self, state: Mapping[str, Any]) -> None: ...


class ModelRole:
    """A role that is a model: takes a tick of model time each round."""

    def __init__(self, spec: RoleSpec, compiled: Compiled, tick: float, stop: float | None = None) -> None:
        self.spec = spec
        self.compiled = compiled
        self.artifact = compiled.model_hash
        self._tick = tick
        program = compiled.program
        stocks = [row for row in program.variables if row["kind"] == "stock"]
        self._stock_names = [
            name for row in stocks for name in element_names(row["name"], row.get("dims", []), program.dims)
        ]
        self.columns = (*self._stock_names, *spec.outputs)
        self._policy = {
            name: Formula(text, f"role.{spec.name}.policy.{name}") for name, text in spec.policy.items()
        }
        self._inputs: dict[str, int] = {}
        self._slots: dict[str, int] = {}
        self._row: Sequence[float] | None = None
        self.simulation = self._started(stop)
        for name in self._policy:
            self.require_input(name)
        for name in [*spec.outputs, *(name for formula in self._policy.values() for name in formula.names)]:
            self.require(name)

    def _started(self, stop: float | None) -> Simulation:
        spec, simulation = self.spec, Simulation(self.compiled, self.spec.engine)
        with _about(f"role.{spec.name}"):
            if stop is not None:
                simulation.set_setting("stop", stop)
            for name, value in spec.params.items():
                simulation.set_value(name, value)
            if spec.initial is not None:
                if len(spec.initial) != len(self._stock_names):
                    problem = f"has {len(spec.initial)} values for {len(self._stock_names)} stocks"
                    advice = f"The stocks are {', '.join(self._stock_names)}."
                    raise error("PEN551", path=f"role.{spec.name}.initial", problem=problem, advice=advice)
                for name, value in zip(self._stock_names, spec.initial, strict=True):
                    simulation.set_value(name, value)
        return simulation

    def require(self, name: str) -> None:
        """That the model has a variable. Raises PEN551."""
        with _about(f"role {self.spec.name}"):
            self.simulation.place_of(name)

    def require_input(self, name: str) -> None:
        """That it is a constant which can be set while the model runs. Raises PEN551."""
        program = self.compiled.program
        with _about(f"role {self.spec.name}"):
            number = self.simulation.input_of(name)
            if not program.clock_constants <= number < len(program.defaults):
                advice = "Name a constant of the model."
                raise error("PEN502", name=name, reason="it is read once, at the start", advice=advice)

    def begin(self) -> None:
        self.simulation.run_initials()
        self._start = self.simulation.time
        row = self.simulation.engine.row
        dt, self._stop = row[DT], row[STOP]
        steps = self._tick / dt
        if abs(steps - round(steps)) > 1e-9 * steps or steps < 0.5:
            problem = f"of {self._tick:g} is no multiple of the dt of {self.spec.name}, {dt:g}"
            raise error("PEN551", path="tick", problem=problem, advice="Choose one that is.")

    def set(self, name: str, value: float) -> None:
        self.simulation.set_input(self._input(name), name, value)
        self._row = None

    def _input(self, name: str) -> int:
        if name not in self._inputs:
            self._inputs[name] = self.simulation.input_of(name)
        return self._inputs[name]

    def step(self, n: int) -> None:
        for name, formula in self._policy.items():
            self.set(name, formula.of(self.value))
        self.simulation.run_to(self._start + n * self._tick)
        self._row = None

    @property
    def row(self) -> Sequence[float]:
        """The live row, read from the engine once a round."""
        if self._row is None:
            self._row = self.simulation.engine.row
        return self._row

    @property
    def done(self) -> bool:
        return self.row[TIME] + self._tick > self._stop + 1e-9 * self._tick

    def value(self, name: str) -> float:
        if name not in self._slots:
            self._slots[name] = self.simulation.place_of(name)
        return self.row[self._slots[name]]

    def stocks(self) -> tuple[float, ...]:
        return tuple(self.value(name) for name in self._stock_names)

    def recorded(self) -> tuple[float, ...]:
        return tuple(self.value(name) for name in self.columns)

    def save(self) -> dict[str, Any]:
        return {"snapshot": base64.b64encode(self.simulation.snapshot()).decode()}

    def load(self, state: Mapping[str, Any]) -> None:
        self.begin()
        self.simulation.restore(base64.b64decode(state["snapshot"]))
        self._row = None


class Forwarder:
    """A role without a model: it stands in the way of couplings, and passes on what it gets."""

    columns: tuple[str, ...] = ()
    artifact = "forwarder"
    done = False

    def begin(self) -> None: ...
    def step(self, n: int) -> None: ...
    def set(self, name: str, value: float) -> None: ...
    def load(self, state: Mapping[str, Any]) -> None: ...

    def require(self, name: str) -> None:
        """It has no variables. Raises PEN551."""
        raise error("PEN551", path=name, problem="is not there", advice="The role only passes messages on.")

    require_input = require

    def value(self, name: str) -> float:
        raise KeyError(name)

    def stocks(self) -> tuple[float, ...]:
        return ()

    def recorded(self) -> tuple[float, ...]:
        return ()

    def save(self) -> dict[str, Any]:
        return {}


class Shadow:
    """A role and the same one on the other engine, which hears all that the first one hears."""

    def __init__(self, first: ModelRole, second: ModelRole) -> None:
        self.pair = (first, second)
        self.columns, self.artifact = first.columns, first.artifact

    @property
    def done(self) -> bool:
        return self.pair[0].done

    def begin(self) -> None:
        for role in self.pair:
            role.begin()

    def set(self, name: str, value: float) -> None:
        for role in self.pair:
            role.set(name, value)

    def step(self, n: int) -> None:
        for role in self.pair:
            role.step(n)

    def value(self, name: str) -> float:
        return self.pair[0].value(name)

    def require(self, name: str) -> None:
        self.pair[0].require(name)

    def require_input(self, name: str) -> None:
        self.pair[0].require_input(name)

    def stocks(self) -> tuple[float, ...]:
        return self.pair[0].stocks()

    def recorded(self) -> tuple[float, ...]:
        return self.pair[0].recorded()

    def differs(self) -> bool:
        first, second = (role.recorded() for role in self.pair)
        return any(bits(a) != bits(b) for a, b in zip(first, second, strict=True))

    def save(self) -> dict[str, Any]:
        return {"pair": [role.save() for role in self.pair]}

    def load(self, state: Mapping[str, Any]) -> None:
        for role, part in zip(self.pair, state["pair"], strict=True):
            role.load(part)


def make_roles(
    scenario: Scenario, folder: Path, texts: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Handler]:
    """The roles of a scenario whose models stand in a folder; `texts` are models by name, where there are no files.

    Raises `PenstockError`.
    """
    shadowed = any(row.kind == "engine_parity" for row in scenario.properties)
    compiled: dict[str, Compiled] = {}
    roles: dict[str, Handler] = {}
    forwarders = {name for row in scenario.couplings for name in row.via}
    for i, spec in enumerate(scenario.roles):
        if spec.name in forwarders and not spec.model and scenario.material is None:
            roles[spec.name] = Forwarder()
            continue
        spec, stop = _derived(spec, scenario, i)
        if spec.model not in compiled:
            compiled[spec.model] = _compiled(spec, scenario.material, folder, texts)
        made = [ModelRole(spec, compiled[spec.model], scenario.tick, stop)]
        if shadowed:
            other = next(name for name in ENGINES if name != spec.engine)
            made.append(ModelRole(replace(spec, engine=other), compiled[spec.model], scenario.tick, stop))
        roles[spec.name] = Shadow(*made) if shadowed else made[0]
    return roles


def _derived(spec: RoleSpec, scenario: Scenario, i: int) -> tuple[RoleSpec, float | None]:
    """The role with what a material gives it, and the stop time of its model where the scenario says it."""
    material = scenario.material
    if material is None:
        return spec, None
    field = FIELDS[material.layer]
    states = field.states(material.params, len(scenario.roles))
    params = {name: float(material.params[name]) for name in field.constants}  # type: ignore[arg-type]
    return (
        replace(spec, params={**params, **spec.params}, initial=spec.initial or states[i]),
        scenario.steps * scenario.tick,
    )


def _compiled(spec: RoleSpec, material: Material | None, folder: Path, texts: Mapping[str, str]) -> Compiled:
    if material is not None:
        return compile_text(FIELDS[material.layer].model, f"{material.layer}.pen", "pen")
    with _about(f"role.{spec.name}.model"):
        if spec.model in texts:
            return compile_text(texts[spec.model], spec.model)
        if not spec.model:
            problem, advice = "is missing", "Name the file of the role's model."
            raise error("PEN551", path=f"role.{spec.name}.model", problem=problem, advice=advice)
        path = (folder / spec.model).resolve()
        if not path.is_relative_to(folder.resolve()):
            problem, advice = "is outside of the scenario's folder", "Put the model beside the scenario."
            raise error("PEN551", path=f"role.{spec.name}.model", problem=problem, advice=advice)
        return compile_file(path)


@contextmanager
def _about(path: str) -> Iterator[None]:
    """Errors of a model say which role's they are."""
    try:
        yield
    except PenstockError as problem:
        first = problem.diagnostics[0]
        if first.code == "PEN551":
            raise
        reason = f"is refused: {first}"
        raise error("PEN551", path=path, problem=reason, advice="") from None
