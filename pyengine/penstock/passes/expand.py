"""Pass 2: calls. Checks functions and their arguments, and replaces those that expand by hidden symbols."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..builtins import BUILTINS
from ..builtins.table import Builtin, Phase
from ..errors import Diagnostic, finding, raise_if_any
from ..expr import Call, Expr, Number, Reference, Subscript, rewrite
from ..model import Ident, canonical
from ..place import Span
from .declare import did_you_mean, is_literal, literal
from .kernels import Kernel
from .resolve import target
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
        self.shape: tuple[Axis, ...] = ()
        self.call = symbol.span
        self.number = 0
        self.label = ""

    def part(self, number: int, part: Part) -> Part:
        self.axes, self.number = part.axes, number
        self.shape = _running(part.axes, self.symbols)

        def expanded(expr: Expr | None) -> Expr | None:
            return None if expr is None else rewrite(expr, self._node)

        value = expanded(part.expr)
        assert value is not None
        return replace(part, expr=value, rate=expanded(part.rate), initial=expanded(part.initial))

    def _node(self, expr: Expr) -> Expr:
        if isinstance(expr, Reference):
            return self._word(expr)
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
        self.label, self.call = row.name, expr.span
        return rewrite(row.expand(self, *expr.arguments), lambda node: _placed(node, expr.span))

    def _word(self, expr: Reference) -> Expr:
        """A name that the model does not define may be ``self``, or a function without arguments such as pi."""
        ident = canonical(expr.name)
        known = target(expr, self.symbols) is not None or ident in self.symbols.dims
        if known or expr.subscripts or ident in self.symbols.dimensions.elements:
            return expr
        if ident == "self":
            return self._own(expr.span)
        row = BUILTINS.get(ident)
        return expr if row is None or row.params else Call(row.name, (), (), expr.span)

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

    @property
    def method(self) -> str:
        return self.symbols.method.name

    def refuse(self, construct: str, advice: str) -> Expr:
        self.findings.append(finding("PEN401", self.call, construct=construct, advice=advice))
        return Number(0.0)

    def constant(self, value: Expr) -> float | None:
        for _ in range(len(self.symbols.by_ident)):
            if is_literal(value):
                return literal(value)
            symbol = target(value, self.symbols) if isinstance(value, Reference) else None
            if symbol is None or symbol.dims or len(symbol.parts) != 1:
                return None
            value = symbol.parts[0].expr
        return None

    def stock(self, label: str, initial: Expr, rate: Callable[[Expr], Expr]) -> Expr:
        return self._hide(label, Role.STOCK, lambda here: Part(initial, self.shape, rate=rate(here)))

    def auxiliary(self, label: str, value: Expr) -> Expr:
        if isinstance(value, (Number, Reference)):
            return value
        return self._hide(label, Role.VARYING, lambda _: Part(value, self.shape))

    def held(self, label: str, value: Expr) -> Expr:
        return self._hide(label, Role.HELD, lambda _: Part(value, self.shape))

    def memory(self, label: str, initial: Expr, following: Callable[[Expr], Expr]) -> Expr:
        return self._hide(
            label, Role.MEMORY, lambda here: Part(initial, self.shape, following=following(here))
        )

    def kept(self, label: str, inputs: Mapping[str, Expr], initial: Phase, advance: Phase | None = None) -> Expr:
        copies = {name: self._copy(f"{label} {name}", value) for name, value in inputs.items()}
        kernel = Kernel(copies, initial=initial, advance=advance)
        return self._hide(label, Role.KEPT, lambda _: Part(Number(0.0), self.shape, kernel=kernel))

    def _copy(self, label: str, value: Expr) -> Reference:
        """A hidden symbol in the shape of the equation; kernels read whole symbols, element by element."""
        if isinstance(value, Reference) and canonical(value.name) in self.hidden:
            return value
        return self._hide(label, Role.VARYING, lambda _: Part(value, self.shape))

    def _hide(self, label: str, role: Role, part: Callable[[Expr], Part]) -> Reference:
        """Hidden symbols run over the dimensions that the equation runs over; single elements take no room."""
        name = f"#{self.symbol.name}#{self.number}#{self.label} {label} {len(self.hidden) + 1}"
        here = Reference(name, tuple(Subscript(axis.dim) for axis in self.shape if axis.dim is not None))
        ident = canonical(name)
        dims = tuple(axis.dim for axis in self.shape if axis.dim is not None)
        span = self.symbol.span
        made = part(here)
        self.hidden[ident] = Symbol(ident, name, "auxiliary", role, (made,), dims, hidden=True, span=span)
        return here

    def _own(self, span: Span) -> Reference:
        """The variable that the equation is for, as a reference from inside it writes it."""
        names = []
        for axis, dim in zip(self.axes, self.symbol.dims, strict=True):
            names.append(axis.dim or self.symbols.dims[dim].elements[axis.positions[0]])
        return Reference(self.symbol.name, tuple(map(Subscript, names)), span)


def _running(axes: tuple[Axis, ...], symbols: Symbols) -> tuple[Axis, ...]:
    """The axes that an equation runs over, with positions in the dimension or subrange that was written."""
    running = []
    for axis in axes:
        if axis.dim is not None:
            elements = symbols.dims[axis.dim].elements
            positions = tuple(elements.index(element) for element in axis.elements)
            running.append(Axis(axis.dim, positions, axis.elements))
    return tuple(running)


def _placed(node: Expr, span: Span) -> Expr:
    """What a built-in made stands where its call stood."""
    return node if node.span.source.text else replace(node, span=span)
