"""From a model to a program: the passes in order, each a function named by its result."""

from __future__ import annotations

from ..model import Model
from ..program import Program
from ..settings import is_on
from ..spec import check
from .conveyors import convey
from .declare import declare
from .expand import expand
from .flatten import flatten
from .limit import limit
from .lower import lower
from .macros import naming_calls
from .optimise import optimise
from .order import Schedule, order
from .resolve import resolve
from .unvarying import require_unvarying


def program(model: Model, *, model_hash: str = "", method: str | None = None) -> Program:
    """The program of a model as the VM runs it. Raises `PenstockError` with all findings of a pass."""
    return lowered(scheduled(model, method), model_hash)


def scheduled(model: Model, method: str | None = None) -> Schedule:
    """The equations of a model in their order, all of them sound. Raises `PenstockError` likewise."""
    with naming_calls(model):
        model = flatten(model)
        symbols = declare(model, method)
        symbols = limit(symbols)
        symbols = convey(symbols, model.variables)
        symbols = expand(symbols)
        symbols = resolve(symbols)
        schedule = order(symbols)
        require_unvarying(schedule.symbols)
    return schedule


def lowered(schedule: Schedule, model_hash: str = "") -> Program:
    """The program of a schedule."""
    return checked(lower(schedule, model_hash))


def optimised(program: Program) -> Program:
    """The program as wasm runs it."""
    return checked(optimise(program))


def checked(program: Program) -> Program:
    """The same program; verified where that is switched on."""
    return check(program) if is_on("PENSTOCK_CHECK") else program
