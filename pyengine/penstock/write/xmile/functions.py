"""Functions that XMILE has no name for, in terms of those that it has, where these mean exactly the same.

A function that its row makes of others (`Builtin.expand`) without any state is written out as the row says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...builtins import BUILTINS
from ...builtins.table import Builtin
from ...builtins.time import CLOCK_SPELLINGS, DT, START, STOP, TIME
from ...expr import Binary, Call, Expr, Reference, rewrite, walk
from ...model import Ident, canonical
from ..expression import Printer
from ..losses import Losses

_CLOCK: Mapping[Ident, str] = {TIME: "TIME", DT: "DT", START: "STARTTIME", STOP: "STOPTIME"}

_SAME: Mapping[str, Callable[..., Expr]] = {
    "zidz": lambda a, b: Call("safediv", (a, b)),
    "xidz": lambda a, b, x: Call("safediv", (a, b, x)),
    "power": lambda x, y: Binary("^", x, y),
    "vmax": lambda array: Call("max", (array,)),
    "vmin": lambda array: Call("min", (array,)),
    "smooth_n": lambda value, time, initial, order: Call("vensim_smthn", (value, time, order, initial)),
    "delay_n": lambda value, time, initial, order: Call("vensim_delayn", (value, time, order, initial)),
}
"""The same values from other functions, of the arguments of a row of `builtins`."""


OF_VENSIM: Mapping[str, str] = {"smooth_n": "vensim_smthn", "delay_n": "vensim_delayn"}
"""Functions whose substitutes are among those that XMILE files of Vensim's have."""


def in_xmile(expr: Expr, own: frozenset[Ident], printer: Printer, losses: Losses) -> Expr:
    """The expression with XMILE's functions, and its names of the clock but for those that are the model's own."""

    def change(node: Expr) -> Expr:
        if isinstance(node, Reference) and not node.subscripts:
            return _clock(node, own, losses)
        if isinstance(node, Call) and not node.subscripts:
            return _function(node, printer, losses) or node
        return node

    return rewrite(expr, change)


def _clock(node: Reference, own: frozenset[Ident], losses: Losses) -> Reference:
    ident = canonical(node.name)
    name = _CLOCK.get(CLOCK_SPELLINGS.get(ident, ident))
    if name is None or ident in own or ident == canonical(name):
        return node
    if not node.name.startswith("#"):
        losses.written_as(node.name, name)
    return Reference(name, span=node.span)


def _function(call: Call, printer: Printer, losses: Losses) -> Expr | None:
    """The same in other words; None where the call can stand, and where there are none."""
    row = BUILTINS.get(call.function)
    is_own = canonical(call.function) in printer.dialect.macros
    if row is None or is_own or printer.spelling(row, len(call.arguments)) is not None:
        return None
    if not row.fewest <= len(call.arguments) <= row.most:
        return None
    made = _SAME[row.name](*call.arguments) if row.name in _SAME else _written_out(row, call)
    if made is None:
        return None
    made = in_xmile(made, frozenset(), printer, losses)
    calls = [node for node in walk(made) if isinstance(node, Call) and not node.subscripts]
    if any(_unknown(node, printer) for node in calls):
        return None
    losses.written_as(f"the function {row.name.replace('_', ' ')}", "other functions of the same value")
    return made


def _unknown(call: Call, printer: Printer) -> bool:
    row = BUILTINS.get(call.function)
    return row is not None and printer.spelling(row, len(call.arguments)) is None


class _Inline:
    """An `Expansion` that makes no variables: for rows that only name intermediate values."""

    def auxiliary(self, label: str, value: Expr) -> Expr:
        return value


def _written_out(row: Builtin, call: Call) -> Expr | None:
    """What a row expands to, if that needs no state; arguments may come out twice, so none may be random."""
    nodes = [node for argument in call.arguments for node in walk(argument) if isinstance(node, Call)]
    if row.expand is None or any(
        BUILTINS[node.function].random for node in nodes if node.function in BUILTINS
    ):
        return None
    try:
        return row.expand(_Inline(), *call.arguments)
    except AttributeError:  # it asks for more than `_Inline` has
        return None
