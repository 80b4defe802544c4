"""Pass 2: calls. Checks functions and their arguments, and replaces those that expand by hidden symbols."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from ..builtins import BUILTINS, spellings
from ..builtins.table import Builtin, Phase
from ..builtins.time import SEED, STEP, TIME
from ..builtins.unsupported import UNSUPPORTED
from ..changing import replace
from ..errors import Diagnostic, finding, raise_if_any
from ..expr import Call, Expr, Number, Reference, Subscript, children, rewrite, rewrite_from, walk
from ..model import Ident, LookupKind, Points, Question, Reading, canonical
from ..place import Span
from .arrayed import Arrayed
from .data import asked
from .declare import is_literal, literal, unknown
from .kernels import Kernel
from .memo import Memo, Watched
from .resolve import target
from .subscripts import plain
from .symbols import Axis, Part, Role, Symbol, Symbols

_OF_LINES: tuple[Reading, ...] = ("area_within", "quantile", "inverse_within")
"""Readings that take lookups as lines between their points, and know no values outside of them."""

_EQUAL = (Role.CONSTANT, Role.CLOCK, Role.VARYING)
"""Roles of symbols that are what their equation says at any time."""


Expanded = tuple[Mapping[Ident, Symbol], Symbol]
"""The hidden symbols that one makes, and itself with its calls expanded."""


def expand(
    symbols: Symbols, only: Container[Ident] | None = None, memo: Memo[Symbol, Expanded] | None = None
) -> Symbols:
    """The same model with every call either lowering or a lookup's; states of built-ins are hidden symbols.

    With `only`, the others have been expanded.
    """
    memo = memo or Memo()
    memo.renew(symbols.by_ident, symbols.dimensions, symbols.method)
    findings: list[Diagnostic] = []
    table: dict[Ident, Symbol] = {}
    for symbol in symbols.by_ident.values():
        if only is not None and symbol.ident not in only:
            table[symbol.ident] = symbol
            continue

        def made(seen: Watched[Symbol], symbol: Symbol = symbol) -> Expanded:
            expander = _Expander(replace(symbols, by_ident=seen), symbol, findings)
            parts = tuple(expander.part(number, part) for number, part in enumerate(symbol.parts))
            return expander.hidden, replace(symbol, parts=parts)

        hidden, expanded = memo.result(symbol.ident, symbol.ident, made, findings)
        table |= hidden
        table[symbol.ident] = expanded
    raise_if_any(findings)
    return replace(symbols, by_ident=table)


class _Expander(Arrayed):
    """Rewrites the equations of one symbol; it is the `Expansion` that the rows of built-ins use."""

    def __init__(self, symbols: Symbols, symbol: Symbol, findings: list[Diagnostic]) -> None:
        super().__init__(symbols, symbol)
        self.findings = findings
        self.shape: tuple[Axis, ...] = ()
        self.call = symbol.span
        self.sites = 0  # calls of random functions in the equation at hand, as far as it has been read
        self.site = 0  # which of them is at hand
        self.draws = 0  # how many draws it has asked for

    def part(self, number: int, part: Part) -> Part:
        self.axes, self.number, self.sites = part.axes, number, 0
        running = _running(part.axes, self.symbols)

        def expanded(expr: Expr | None) -> Expr | None:
            if expr is None:
                return None
            inside = _inside_array_functions(expr)
            sites = {id(call): site for site, call in enumerate(_random_calls(expr), self.sites + 1)}
            self.sites += len(sites)

            def changed(before: Expr, node: Expr) -> Expr:
                loops = self.reductions(node, bare=id(before) in inside) if isinstance(node, Call) else ()
                self.shape = running + self.over(loops)
                self.site, self.draws = sites.get(id(before), 0), 0
                return self._node(node)

            return rewrite_from(expr, changed)

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
        if expr.subscripts:
            return self.indexed(expr)
        known = target(expr, self.symbols) is not None or ident in self.symbols.dims
        if known or ident in self.symbols.dimensions.elements:
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
            refused = UNSUPPORTED.get(canonical(name))
            if refused is not None:
                self.findings.append(finding("PEN401", expr.span, construct=name, advice=refused.advice))
                return expr
            known = [row.name for row in BUILTINS.values()] + [s.name for s in self.symbols.by_ident.values()]
            otherwise = "The manual lists the functions that Penstock has."
            self.findings.append(unknown("PEN203", name, known, expr.span, otherwise))
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
                    advice="A lookup is a curve over one axis.",
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
            if symbol is None or symbol.dims or symbol.ident in (TIME, STEP) or symbol.role not in _EQUAL:
                return None
            part = symbol.parts[0]
            if part.points is not None or part.initial is not None:
                return None
            value = part.expr
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

    def table(self, kind: LookupKind | Reading | None, lookup: Expr, *arguments: Expr) -> Expr:
        symbol = target(lookup, self.symbols) if isinstance(lookup, Reference) else None
        if symbol is None and isinstance(lookup, Reference) and not lookup.subscripts:
            # so xmutil writes those of Vensim's functions that XMILE does not have
            row = BUILTINS.get(spellings("mdl").get(canonical(lookup.name), ""))
            if row is not None and row.fewest <= len(arguments) <= row.most and (row.reduces or row.lower):
                return Call(row.name, arguments, (), self.call)
        if symbol is None or not isinstance(lookup, Reference) or any(p.points is None for p in symbol.parts):
            name, what = (symbol.name, symbol.kind) if symbol is not None else ("this", "value")
            advice = "The first argument is the name of a graphical function."
            found = finding("PEN206", self.call, name=name, kind=what, wanted="lookup", advice=advice)
            self.findings.append(found)
            return Number(0.0)
        if kind is None:
            return Call(symbol.name, arguments, lookup.subscripts, self.call)
        if kind in _OF_LINES and any(p.points and p.points.kind != "continuous" for p in symbol.parts):
            construct = f"such a question about {symbol.name}, which is a lookup of another type,"
            return self.refuse(construct, "Ask a continuous lookup with the same points.")
        ident = canonical(f"#{symbol.name}#{kind}")
        if ident not in self.hidden:
            parts = tuple(replace(part, points=_read_as(kind, part.points)) for part in symbol.parts)
            self.hidden[ident] = replace(
                symbol, ident=ident, name=ident, kind="lookup", role=Role.LOOKUP, parts=parts, hidden=True
            )
        return Call(ident, arguments, lookup.subscripts, self.call)

    def draw(self, distribution: str, seed: Expr, *parameters: Expr) -> Expr:
        self.draws += 1
        own = self._own(self.call)
        arguments = (Reference(SEED), Reference(STEP), seed, *parameters)
        name = f"{self.symbol.ident} {self.site}" + (f" {self.draws}" if self.draws > 1 else "")
        return Call(distribution, arguments, own.subscripts, self.call, stream=name)

    def asked(self, question: LookupKind | Question, data: Expr, *arguments: Expr) -> Expr:
        symbol = target(data, self.symbols) if isinstance(data, Reference) else None
        holder, parts = (None, ()) if symbol is None else asked(question, symbol, self.symbols)
        if symbol is None or holder is None or not parts or not isinstance(data, Reference):
            construct = f"{BUILTINS[self.label].mdl[0]} of anything but a data variable"
            return self.refuse(construct, "Name a variable whose values come from a file or with the run.")
        name = f"#{symbol.name}#{question}"
        made = replace(holder, ident=canonical(name), name=name, kind="lookup", role=Role.LOOKUP, parts=parts)
        self.hidden.setdefault(canonical(name), replace(made, hidden=True))
        subscripts = data.subscripts or tuple(map(Subscript, symbol.dims))
        return Call(name, arguments, subscripts, data.span)

    def kept(
        self, label: str, inputs: Mapping[str, Expr], initial: Phase, advance: Phase | None = None
    ) -> Expr:
        copies = {name: self._copy(f"{label} {name}", value) for name, value in inputs.items()}
        kernel = Kernel(copies, initial=initial, advance=advance)
        return self._hide(label, Role.KEPT, lambda _: Part(Number(0.0), self.shape, kernel=kernel))

    def _copy(self, label: str, value: Expr) -> Reference:
        """A hidden symbol in the shape of the call; kernels read whole symbols, element by element."""
        shape = tuple(plain(axis.dim) for axis in self.shape if axis.dim is not None)
        made = self.hidden.get(canonical(value.name)) if isinstance(value, Reference) else None
        if isinstance(value, Reference) and made is not None and made.dims == shape:
            return value
        return self._hide(label, Role.VARYING, lambda _: Part(value, self.shape))

    def _hide(self, label: str, role: Role, part: Callable[[Expr], Part]) -> Reference:
        """Hidden symbols run over the dimensions that the equation and reductions around the call run over;
        single elements take no room."""
        return self.hide(label, role, part, self.shape)

    def _own(self, span: Span) -> Reference:
        """The variable that the equation is for, as a reference from inside it writes it."""
        names = []
        for axis, dim in zip(self.axes, self.symbol.dims, strict=True):
            names.append(axis.dim or self.symbols.dims[dim].elements[axis.positions[0]])
        return Reference(self.symbol.name, tuple(map(Subscript, names)), span)


def _random_calls(expr: Expr) -> list[Call]:
    """The calls of random functions, as they are read from left to right."""
    calls = [node for node in walk(expr) if isinstance(node, Call)]
    return [call for call in calls if call.function in BUILTINS and BUILTINS[call.function].random]


def _read_as(kind: LookupKind | Reading, points: Points | None) -> Points | None:
    """The points as a lookup of another kind; a single one is entered twice."""
    if points is None or len(points.x) != 1:
        return None if points is None else replace(points, kind=kind)
    return replace(points, x=points.x * 2, y=points.y * 2, kind=kind)


def _running(axes: tuple[Axis, ...], symbols: Symbols) -> tuple[Axis, ...]:
    """The axes that an equation runs over, with positions in the dimension or subrange that was written."""
    running = []
    for axis in axes:
        if axis.dim is not None:
            places = symbols.dims[axis.dim].places
            positions = tuple(map(places.__getitem__, axis.elements))
            running.append(Axis(axis.dim, positions, axis.elements))
    return tuple(running)


def _inside_array_functions(root: Expr) -> set[int]:
    """The nodes (by identity) inside arguments of functions that take whole arrays."""
    found: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, inside = stack.pop()
        if inside:
            found.add(id(node))
        row = BUILTINS.get(node.function) if isinstance(node, Call) else None
        stack.extend(
            (child, inside or (row is not None and (row.arrays or row.reduces))) for child in children(node)
        )
    return found


def _placed(node: Expr, span: Span) -> Expr:
    """What a built-in made stands where its call stood."""
    return node if node.span.source.text else replace(node, span=span)
