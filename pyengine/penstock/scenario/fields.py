"""The three shipped fields: what each role's model is, how roles are coupled, and where they begin.

Each is an ordinary model of two stocks or one that takes a step of its own in every round. `mean_field` is a population
split between two states (a technology's share, an opinion), `hamiltonian` two masses on a spring, `continuum_field` a
substance that diffuses between regions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import error
from ..strict import Table
from .spec import Coupling, Material


def _positive(table: Table, key: str) -> float:
    return float(table.number(key, least=1e-12))


def _plain(table: Table, key: str) -> float:
    return float(table.number(key))


def _list(table: Table, key: str) -> tuple[float, ...]:
    return tuple(table.numbers(key))


def _count(table: Table, key: str) -> int | None:
    """How many values the lists are to have."""
    return table.whole(key, None, least=1)  # type: ignore[no-any-return]


def _two(table: Table, key: str) -> tuple[float, ...]:
    """One component or two names: what stands for two."""
    values = table.take(key)
    if not isinstance(values, list) or len(values) != 2:
        raise table.wrong(key, "is not a list of exactly two", "This field has two components.")
    return tuple(values)


@dataclass(frozen=True, slots=True)
class Field:
    """`params` say how each parameter is read; `model` is the text of a role's model, `constants` which parameters are
    constants of it; `states` are the stocks' first values of so many roles; `exchange` are pairs of what is sent and
    the constant that it becomes."""

    params: Mapping[str, Callable[[Table, str], Any]]
    constants: tuple[str, ...]
    model: str
    states: Callable[[Mapping[str, Any], int], list[tuple[float, ...]]]
    exchange: tuple[tuple[str, str], ...] = ()


_MEAN_FIELD = """model "Mean field"
time 0 to 1 by 1
stock First = 0.5
  net kept / both - First
stock Second = 0.5
  net other / both - Second
aux difference = First - Second
aux drift = tanh(beta * difference) - difference
# The drift moves what one state loses to the other; both are then kept within 0 and 1, and adding up to 1.
aux kept = max(0, min(1, First + drift * step size))
aux other = max(0, min(1, Second - drift * step size))
aux both = kept + other
const beta = 0
const step size = 0
"""

_HAMILTONIAN = """model Oscillator
time 0 to 1 by 1
# A step of leapfrog takes two rounds, as its second half needs where both masses have come to: in the first the
# momentum takes half of its kick and moves the position, in the second it takes the other half.
stock Position = 0
  net if modulo(time, 2) < 0.5 then step size * (Momentum + kick) / mass else 0
stock Momentum = 0
  net kick
aux kick = step size / 2 * force
aux force = -spring constant * (Position - peer)
const peer = 0
const spring constant = 0
const mass = 1
const step size = 0
"""

_CONTINUUM = """model Diffusion
time 0 to 1 by 1
stock Amount = 0
  in drift
flow drift = step size * coupling * (peer - Amount)
const peer = 0
const coupling = 0
const step size = 0
"""


def _same(key: str) -> Callable[[Mapping[str, Any], int], list[tuple[float, ...]]]:
    return lambda params, count: [tuple(params[key])] * count


def _each(*keys: str) -> Callable[[Mapping[str, Any], int], list[tuple[float, ...]]]:
    """Role i begins with the i-th of each list."""

    def states(params: Mapping[str, Any], count: int) -> list[tuple[float, ...]]:
        for key in keys:
            given = params.get("dimensions", params.get("components"))
            if given is not None and given != len(params[key]):
                problem = f"has {len(params[key])} values, and {given} are announced"
                raise error(
                    "PEN551", path=f"material.params.{key}", problem=problem, advice="Make them agree."
                )
            if len(params[key]) < count:
                problem = f"has {len(params[key])} values for {count} roles"
                raise error(
                    "PEN551", path=f"material.params.{key}", problem=problem, advice="Give one a role."
                )
        return [tuple(float(params[key][i]) for key in keys) for i in range(count)]

    return states


FIELDS: Mapping[str, Field] = {
    "mean_field": Field(
        {"beta": _plain, "species": _two, "initial_state": _two, "step_size": _positive},
        ("beta", "step_size"),
        _MEAN_FIELD,
        _same("initial_state"),
    ),
    "hamiltonian": Field(
        {
            "spring_constant": _plain,
            "mass": _positive,
            "dimensions": _count,
            "initial_positions": _list,
            "initial_momenta": _list,
            "step_size": _positive,
        },
        ("spring_constant", "mass", "step_size"),
        _HAMILTONIAN,
        _each("initial_positions", "initial_momenta"),
        (("Position", "peer"),),
    ),
    "continuum_field": Field(
        {
            "coupling": _plain,
            "components": _count,
            "initial_fields": _list,
            "step_size": _positive,
        },
        ("coupling", "step_size"),
        _CONTINUUM,
        _each("initial_fields"),
        (("Amount", "peer"),),
    ),
}


def couplings(material: Material, roles: tuple[str, ...]) -> tuple[Coupling, ...]:
    """Every role tells the next, round in a ring; two tell each other."""
    pairs = [(a, b) for a, b in zip(roles, (*roles[1:], roles[0]), strict=True) if a != b]
    if len(roles) == 2:
        pairs = [(roles[0], roles[1]), (roles[1], roles[0])]
    return tuple(
        Coupling(source, output, target, into)
        for source, target in pairs
        for output, into in FIELDS[material.layer].exchange
    )
