"""From a model to a program: the passes in order, each a function named by its result."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..changing import replace
from ..model import Ident, Model, Variable
from ..program import Program
from ..settings import is_on
from ..spec import check
from .conveyors import convey
from .declare import declare
from .expand import Expanded, expand
from .flatten import flatten
from .limit import limit
from .lower import LowerMemo, lower
from .macros import naming_calls
from .memo import Memo
from .optimise import optimise
from .order import OrderMemo, Schedule, order
from .resolve import resolve
from .same import kept, kept_one
from .symbols import Symbol
from .unvarying import require_unvarying


def program(model: Model, *, model_hash: str = "", method: str | None = None) -> Program:
    """The program of a model as the VM runs it. Raises `PenstockError` with all findings of a pass."""
    return lowered(scheduled(model, method), model_hash)


@dataclass
class Memos:
    """What the passes keep of one version of a model for the next; see `memo`."""

    variables: dict[Ident, Variable] = field(default_factory=dict)
    symbols: dict[Ident, Symbol] = field(default_factory=dict)
    expanded: dict[Ident, Symbol] = field(default_factory=dict)
    declare: Memo[Variable, Symbol | None] = field(default_factory=Memo)
    expand: Memo[Symbol, Expanded] = field(default_factory=Memo)
    resolve: Memo[Symbol, None] = field(default_factory=Memo)
    order: OrderMemo = field(default_factory=OrderMemo)
    lower: LowerMemo = field(default_factory=LowerMemo)


def scheduled(model: Model, method: str | None = None, memos: Memos | None = None) -> Schedule:
    """The equations of a model in their order, all of them sound. Raises `PenstockError` likewise."""
    memos = memos or Memos()
    with naming_calls(model):
        model = _with_known(flatten(model), memos)
        symbols = declare(model, method, memos.declare)
        symbols = limit(symbols)
        symbols = convey(symbols, model.variables)
        memos.symbols = kept(memos.symbols, symbols.by_ident)
        symbols = expand(replace(symbols, by_ident=memos.symbols), memo=memos.expand)
        memos.expanded = kept(memos.expanded, symbols.by_ident)
        symbols = resolve(replace(symbols, by_ident=memos.expanded), memo=memos.resolve)
        schedule = order(symbols, memos.order)
        require_unvarying(schedule.symbols)
    return schedule


def _with_known(model: Model, memos: Memos) -> Model:
    """The flat model, with the objects that are known for the variables that say the same as before."""
    known, memos.variables = memos.variables, {}
    variables = tuple(kept_one(known.get(item.ident), item) for item in model.variables)
    memos.variables = {item.ident: item for item in variables}
    return replace(model, variables=variables)


def lowered(schedule: Schedule, model_hash: str = "", memos: Memos | None = None) -> Program:
    """The program of a schedule."""
    return checked(lower(schedule, model_hash, None if memos is None else memos.lower))


def optimised(program: Program) -> Program:
    """The program as wasm runs it."""
    return checked(optimise(program))


def checked(program: Program) -> Program:
    """The same program; verified where that is switched on."""
    return check(program) if is_on("PENSTOCK_CHECK") else program
