"""Functions that XMILE has no name for, in terms of those that it has, where these mean exactly the same.

A function that its row makes of others (`Builtin.expand`) without any state is written out as the row says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...builtins import BUILTINS
from ...builtins.table import Builtin
from ...builtins.time import CLOCK_SPELLINGS, DT, START, STOP, TIME
from ...expr import Binary, Call, Expr, Number, Reference, rewrite, walk
from ...model import Ident, canonical
from ..expression import Printer
from ..losses import Losses

_CLOCK: Mapping[Ident, str] = {TIME: "TIME", DT: "DT", START: "STARTTIME", STOP: "STOPTIME"}

_SAME: Mapping[str, Callable[..., Expr]] = {
    "zidz": lambda a, b: Call("safediv", (a, b)),
    "xidz": lambda a, b, x: Call("safediv", (a, b, x)),
    "power": lambda x, y: Binary("^", x, y),
    "game": lambda x: x,
    "vmax": lambda array: Call("max", (array,)),
    "vmin": lambda array: Call("min", (array,)),
    "smooth_n": lambda value, time, initial, order: Call("vensim_smthn", (value, time, order, initial)),
    "delay_n": lambda value, time, initial, order: Call("vensim_delayn", (value, time, order, initial)),
}
"""The same values from other functions, of the arguments of a row of `builtins`."""


_NEARLY: Mapping[str, Callable[..., Expr]] = {
    "log": lambda x, base: Binary("/", Call("ln", (x,)), Call("ln", (base,))),
}
"""The same but for rounding."""

OF_VENSIM: Mapping[str, str] = {"smooth_n": "vensim_smthn", "delay_n": "vensim_delayn"}
"""Functions whose substitutes are among those that XMILE files of Vensim's have."""


def in_xmile(expr: Expr, own: frozenset[Ident], printer: Printer, losses: Losses) -> Expr:
    """The expression with XMILE's functions, and its names of the clock but for those that are the model's own."""

    def change(node: Expr) -> Expr:
        if isinstance(node, Reference) and not node.subscripts:
            return _clock(node, own, losses)
        if isinstance(node, Call) and not node.subscripts:
            return _function(node, own, printer, losses) or node
        return node

    return rewrite(expr, change)


def sampling(expr: Expr, own: Reference, losses: Losses) -> Expr:
    """Vensim's SAMPLE IF TRUE as a whole equation: until the condition holds again, the variable is what it was."""
    if not isinstance(expr, Call) or expr.function != "sample_if_true" or len(expr.arguments) != 3:
        return expr
    condition, value, initial = expr.arguments
    losses.written_as("the function sample if true", "the previous value unless its condition holds")
    return Call("if_then_else", (condition, value, Call("previous", (own, initial))), span=expr.span)


def _clock(node: Reference, own: frozenset[Ident], losses: Losses) -> Reference:
    ident = canonical(node.name)
    name = _CLOCK.get(CLOCK_SPELLINGS.get(ident, ident))
    if name is None or {ident, canonical(name)} & own or ident == canonical(name):
        return node
    if not node.name.startswith("#"):
        losses.written_as(node.name, name)
    return Reference(name, span=node.span)


def _function(call: Call, own: frozenset[Ident], printer: Printer, losses: Losses) -> Expr | None:
    """The same in other words; None where the call can stand, and where there are none."""
    row = BUILTINS.get(call.function)
    is_own = canonical(call.function) in printer.dialect.macros
    if row is None or is_own or printer.spelling(row, len(call.arguments)) is not None:
        return None
    if not row.fewest <= len(call.arguments) <= row.most:
        return None
    otherwise = _SAME.get(row.name) or _NEARLY.get(row.name)
    made = otherwise(*call.arguments) if otherwise else _written_out(row, call)
    if made is None:
        return None
    made = in_xmile(made, own, printer, losses)
    if any(_unknown(node, printer) for node in walk(made)):
        return None
    same = "nearly the same" if row.name in _NEARLY else "the same"
    losses.written_as(f"the function {row.name.replace('_', ' ')}", f"others that come to {same} value")
    return made


def _unknown(node: Expr, printer: Printer) -> bool:
    """Whether XMILE has no name for a function, or the model took the name of the clock's time or step."""
    if isinstance(node, Reference):
        return node.name.startswith("#")
    if not isinstance(node, Call) or node.subscripts:
        return False
    row = BUILTINS.get(node.function)
    return row is not None and printer.spelling(row, len(node.arguments)) is None


class _Inline:
    """An `Expansion` that makes no variables: for rows that only name intermediate values."""

    def auxiliary(self, label: str, value: Expr) -> Expr:
        return value

    def constant(self, value: Expr) -> float | None:
        return value.value if isinstance(value, Number) else None


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
