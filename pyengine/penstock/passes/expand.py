"""Pass 2: calls. Checks functions and their arguments, and replaces those that expand by hidden symbols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..builtins import BUILTINS
from ..builtins.table import Builtin
from ..errors import Diagnostic, finding, raise_if_any
from ..expr import Call, Expr, Number, Reference, Subscript, rewrite
from ..model import Ident, canonical
from ..place import Span
from .declare import did_you_mean
from .symbols import Axis, Part, Role, Symbol, Symbols


def expand(symbols: Symbols) -> Symbols:
    """The same model with every call either lowering or a lookup's; states of built-ins are hidden symbols."""
    findings: list[Diagnostic] = []
    table: dict[Ident, Symbol] = {}
    for symbol in symbols.by_ident.values():
        expander = _Expander(symbols, symbol, findings)
        parts = tuple(expander.part(number, part) for number, part in enumerate(symbol.parts))
        table |= expander.hidden
        table[symbol.ident] = replace(symbol, parts=parts)
    raise_if_any(findings)
    return replace(symbols, by_ident=table)


class _Expander:
    """Rewrites the equations of one symbol; it is the `Expansion` that the rows of built-ins use."""

    def __init__(self, symbols: Symbols, symbol: Symbol, findings: list[Diagnostic]) -> None:
        self.symbols = symbols
        self.symbol = symbol
        self.findings = findings
        self.hidden: dict[Ident, Symbol] = {}
        self.axes: tuple[Axis, ...] = ()
        self.number = 0
        self.label = ""

    def part(self, number: int, part: Part) -> Part:
        self.axes, self.number = part.axes, number

        def expanded(expr: Expr | None) -> Expr | None:
            return None if expr is None else rewrite(expr, self._node)

        value = expanded(part.expr)
        assert value is not None
        return replace(part, expr=value, rate=expanded(part.rate), initial=expanded(part.initial))

    def _node(self, expr: Expr) -> Expr:
        if not isinstance(expr, Call):
            return expr
        row = BUILTINS.get(expr.function)
        if row is None:
            return self._lookup(expr)
        if not row.fewest <= len(expr.arguments) <= row.most:
            self._wrong_count(expr, row)
            return Number(0.0)
        if row.expand is None:
            return expr
        self.label = row.name
        return rewrite(row.expand(self, *expr.arguments), lambda node: _placed(node, expr.span))

    def _lookup(self, expr: Call) -> Expr:
        """A call by a variable's name: the variable must have points, and takes one argument."""
        target = self.symbols.by_ident.get(canonical(expr.function))
        name = expr.function
        if target is None:
            known = [row.name for row in BUILTINS.values()] + [s.name for s in self.symbols.by_ident.values()]
            advice = did_you_mean(name, known, "The manual lists the functions that Penstock has.")
            self.findings.append(finding("PEN203", expr.span, name=name, advice=advice))
        elif any(part.points is None for part in target.parts):
            advice = "Write * between a variable and a parenthesis to multiply."
            self.findings.append(
                finding("PEN206", expr.span, name=name, kind=target.kind, wanted="function", advice=advice)
            )
        elif len(expr.arguments) != 1:
            self.findings.append(
                finding(
                    "PEN204",
                    expr.span,
                    name=name,
                    expected="1 argument (x)",
                    found=len(expr.arguments),
                    advice="",
                )
            )
        return expr

    def _wrong_count(self, expr: Call, row: Builtin) -> None:
        fewest, most = row.fewest, row.most
        if fewest == most:
            count = f"{fewest} argument{'s' if fewest != 1 else ''}"
        elif most == float("inf"):
            count = f"at least {fewest} argument{'s' if fewest != 1 else ''}"
        else:
            count = f"{fewest} to {most:.0f} arguments"
        self.findings.append(
            finding(
                "PEN204",
                expr.span,
                name=(row.mdl or row.xmile or (row.name,))[0],
                expected=f"{count} {row.signature}",
                found=len(expr.arguments),
                advice=row.meaning,
            )
        )

    # --- the Expansion interface

    def stock(self, label: str, initial: Expr, rate: Callable[[Expr], Expr]) -> Expr:
        return self._hide(label, Role.STOCK, lambda here: Part(initial, self.axes, rate=rate(here)))

    def auxiliary(self, label: str, value: Expr) -> Expr:
        if isinstance(value, (Number, Reference)):
            return value
        return self._hide(label, Role.VARYING, lambda _: Part(value, self.axes))

    def held(self, label: str, value: Expr) -> Expr:
        return self._hide(label, Role.HELD, lambda _: Part(value, self.axes))

    def memory(self, label: str, initial: Expr, following: Callable[[Expr], Expr]) -> Expr:
        return self._hide(
            label, Role.MEMORY, lambda here: Part(initial, self.axes, following=following(here))
        )

    def _hide(self, label: str, role: Role, part: Callable[[Expr], Part]) -> Expr:
        name = f"#{self.symbol.name}#{self.number}#{self.label} {label} {len(self.hidden) + 1}"
        here = Reference(name, self._subscripts())
        ident = canonical(name)
        made = part(here)
        self.hidden[ident] = Symbol(
            ident, name, "auxiliary", role, (made,), self.symbol.dims, hidden=True, span=self.symbol.span
        )
        return here

    def _subscripts(self) -> tuple[Subscript, ...]:
        """The subscripts of the enclosing equation, as a reference from inside it writes them."""
        names = []
        for axis, dim in zip(self.axes, self.symbol.dims, strict=True):
            names.append(axis.dim or self.symbols.dims[dim].elements[axis.positions[0]])
        return tuple(Subscript(name) for name in names)


def _placed(node: Expr, span: Span) -> Expr:
    """What a built-in made stands where its call stood."""
    return node if node.span.source.text else replace(node, span=span)
