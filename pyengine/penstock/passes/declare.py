"""Pass 1: the symbol table. Finds names, dimensions, duplicates and missing equations."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce

from ..builtins.time import CLOCK_SPELLINGS, DT, SAVE_STEP, START, STOP, TIME
from ..errors import Diagnostic, finding, raise_if_any
from ..expr import ArrayLiteral, Binary, Expr, Number, Reference, Unary
from ..methods import METHODS
from ..model import Equation, Flow, Ident, Lookup, Model, SimSpecs, Stock, Variable, canonical
from ..place import NOWHERE
from .symbols import Axis, Dim, Part, Role, Symbol, Symbols

_KINDS = {Stock: "stock", Flow: "flow", Lookup: "lookup"}


def declare(model: Model, method: str | None = None) -> Symbols:
    """The symbols of a model; `method` replaces the model's own. Raises every finding at once."""
    findings: list[Diagnostic] = []
    dims, elements = _dimensions(model, findings)
    table: dict[Ident, Symbol] = {symbol.ident: symbol for symbol in _clock(model.specs)}
    for variable in model.variables:
        ident = variable.ident
        if CLOCK_SPELLINGS.get(ident) == TIME or ident in table:
            findings.append(finding("PEN202", variable.span, name=variable.name))
            continue
        symbol = _symbol(variable, dims, elements, findings)
        if symbol is not None:
            table[ident] = symbol
    name = (method or model.specs.method).casefold()
    if name not in METHODS:
        findings.append(finding("PEN402", method=name, known=", ".join(METHODS)))
    raise_if_any(findings)
    return Symbols(model.name, METHODS[name], table, dims, elements)


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    close = difflib.get_close_matches(canonical(name), [canonical(item) for item in known], n=3, cutoff=0.7)
    return f"Did you mean {' or '.join(close)}?" if close else otherwise


def _dimensions(
    model: Model, findings: list[Diagnostic]
) -> tuple[dict[Ident, Dim], dict[Ident, tuple[Ident, int]]]:
    dims: dict[Ident, Dim] = {}
    elements: dict[Ident, tuple[Ident, int]] = {}
    for dimension in model.dimensions:
        if dimension.ident in dims:
            findings.append(finding("PEN202", dimension.span, name=dimension.name))
            continue
        idents = tuple(canonical(element) for element in dimension.elements)
        dims[dimension.ident] = Dim(
            dimension.ident, dimension.name, idents, dimension.elements, dimension.span
        )
        for position, element in enumerate(idents):
            known = elements.get(element)
            if known is None or len(dims[known[0]].elements) < len(idents):  # the widest dimension counts
                elements[element] = dimension.ident, position
    return dims, elements


def _clock(specs: SimSpecs) -> Iterator[Symbol]:
    exprs = {
        TIME: Reference(START),
        DT: specs.dt,
        START: specs.start,
        STOP: specs.stop,
        SAVE_STEP: Reference(DT) if specs.save_step is None else specs.save_step,
    }
    for ident, expr in exprs.items():
        is_time = ident == TIME
        yield Symbol(
            ident,
            "Time" if is_time else ident,
            "time",
            Role.CLOCK,
            (Part(expr),),
            units=specs.time_units,
            hidden=not is_time,
        )


def _symbol(
    variable: Variable,
    dims: dict[Ident, Dim],
    elements: dict[Ident, tuple[Ident, int]],
    findings: list[Diagnostic],
) -> Symbol | None:
    kind = _KINDS.get(type(variable), "auxiliary")
    if not variable.equations:
        findings.append(finding("PEN208", variable.span, name=variable.name))
        return None
    before = len(findings)
    shape = _shape(variable, dims, elements, findings)
    if len(findings) > before:
        return None
    parts: list[Part] = []
    for equation in variable.equations:
        subscripts = equation.subscripts or variable.dims
        if len(subscripts) != len(shape):
            findings.append(_wrong_subscripts(variable, equation, len(shape)))
            return None
        axes = tuple(_axis(name, dims[dim], dims) for name, dim in zip(subscripts, shape, strict=True))
        expr = equation.expr
        if expr is None and equation.lookup is None:
            findings.append(finding("PEN208", equation.span, name=variable.name))
            return None
        if isinstance(variable, Stock):
            equation = replace(equation, rate=_rate(variable, equation))
        if equation.lookup is not None:
            findings.extend(_lookup_findings(variable, equation))
        value = Number(0.0) if expr is None else expr
        parts.extend(_elementwise(variable, equation, value, axes, findings))
    findings.extend(_coverage(variable, parts, [dims[dim] for dim in shape]))
    symbol = Symbol(
        variable.ident,
        variable.name,
        kind,
        Role.VARYING,
        tuple(parts),
        tuple(shape),
        variable.units,
        non_negative=variable.non_negative,
        inflows=tuple(map(canonical, variable.inflows)) if isinstance(variable, Stock) else (),
        outflows=tuple(map(canonical, variable.outflows)) if isinstance(variable, Stock) else (),
        span=variable.span,
    )
    return _with_role(symbol)


def _with_role(symbol: Symbol) -> Symbol:
    """Role and kind as far as the equations alone tell; `order` finds out what else does not vary."""
    if symbol.kind == "stock":
        return replace(symbol, role=Role.STOCK)
    if symbol.kind == "lookup":
        return replace(symbol, role=Role.LOOKUP)
    if all(part.points is None and part.initial is None and is_literal(part.expr) for part in symbol.parts):
        kind = "constant" if symbol.kind == "auxiliary" else symbol.kind
        return replace(symbol, role=Role.CONSTANT, kind=kind)
    return symbol


def is_literal(expr: Expr) -> bool:
    """Whether an equation is a number, its sign included: what the modeller sees as a constant."""
    match expr:
        case Number():
            return True
        case Unary(operator="-" | "+", operand=operand):
            return is_literal(operand)
    return False


def literal(expr: Expr) -> float:
    match expr:
        case Number(value=value):
            return value
        case Unary(operator=operator, operand=operand):
            return -literal(operand) if operator == "-" else literal(operand)
    raise AssertionError(expr)


def _rate(stock: Stock, equation: Equation) -> Expr:
    """The net flow: as written, else the inflows less the outflows, in the order given."""
    if equation.rate is not None:
        return equation.rate
    span = equation.span
    inflows: list[Expr] = [Reference(flow, span=span) for flow in stock.inflows]
    outflows: list[Expr] = [Reference(flow, span=span) for flow in stock.outflows]
    if inflows:
        total = reduce(lambda a, b: Binary("+", a, b, span), inflows)
    elif outflows:
        total = Unary("-", outflows.pop(0), span)
    else:
        return Number(0.0)
    return reduce(lambda a, b: Binary("-", a, b, span), outflows, total)


# --- arrays -----------------------------------------------------------------------------------------


def _shape(
    variable: Variable,
    dims: dict[Ident, Dim],
    elements: dict[Ident, tuple[Ident, int]],
    findings: list[Diagnostic],
) -> list[Ident]:
    """The dimensions of a variable: declared, or the smallest that hold all subscripts of its equations."""
    if variable.dims:
        found = [canonical(name) for name in variable.dims]
        for ident, name in zip(found, variable.dims, strict=True):
            if ident not in dims:
                findings.append(_unknown_dimension(name, variable, dims))
        return found
    count = len(variable.equations[0].subscripts)
    columns: list[set[Ident]] = [set() for _ in range(count)]
    for equation in variable.equations:
        if len(equation.subscripts) != count:
            findings.append(_wrong_subscripts(variable, equation, count))
            return []
        for column, name in zip(columns, equation.subscripts, strict=True):
            column.add(canonical(name))
            if canonical(name) not in dims and canonical(name) not in elements:
                findings.append(_unknown_dimension(name, variable, dims))
    if findings:
        return []
    return [_smallest(column, dims, elements) for column in columns]


def _wrong_subscripts(variable: Variable, equation: Equation, expected: int) -> Diagnostic:
    advice = "All equations of a variable have the same number of subscripts."
    found = len(equation.subscripts)
    return finding("PEN207", equation.span, name=variable.name, found=found, expected=expected, advice=advice)


def _unknown_dimension(name: str, variable: Variable, dims: dict[Ident, Dim]) -> Diagnostic:
    advice = did_you_mean(name, [dim.name for dim in dims.values()], "Declare it among the dimensions.")
    return finding("PEN211", variable.equations[0].span, name=name, advice=advice)


def _smallest(names: set[Ident], dims: dict[Ident, Dim], elements: dict[Ident, tuple[Ident, int]]) -> Ident:
    if len(names) == 1 and (only := next(iter(names))) in dims:
        return only
    needed: set[Ident] = set()
    for name in names:
        needed |= set(dims[name].elements) if name in dims else {name}
    holding = [dim for dim in dims.values() if needed <= set(dim.elements)]
    if not holding:
        return elements[next(iter(needed))][0]
    return min(holding, key=lambda dim: len(dim.elements)).ident


def _axis(subscript: str, dim: Dim, dims: dict[Ident, Dim]) -> Axis:
    ident = canonical(subscript)
    if ident in dims:
        inner = dims[ident]
        positions = tuple(
            dim.elements.index(element) for element in inner.elements if element in dim.elements
        )
        return Axis(ident, positions)
    return Axis(None, (dim.elements.index(ident),))


def _elementwise(
    variable: Variable, equation: Equation, value: Expr, axes: tuple[Axis, ...], findings: list[Diagnostic]
) -> Iterator[Part]:
    """One part for an equation; one for each element where it lists values or leaves elements out."""
    whole = Part(value, axes, equation.rate, None, equation.initial, equation.lookup, equation.span)
    if equation.exceptions:
        findings.append(
            finding(
                "PEN401", equation.span, construct=":EXCEPT:", advice="Write one equation for each element."
            )
        )
        return
    if not isinstance(value, ArrayLiteral):
        yield whole
        return
    cells = [()]  # type: list[tuple[int, ...]]
    for axis in axes:
        cells = [(*cell, position) for cell in cells for position in axis.positions]
    if len(cells) != len(value.elements):
        findings.append(finding("PEN212", equation.span, found=len(value.elements), expected=len(cells)))
        return
    for cell, element in zip(cells, value.elements, strict=True):
        yield replace(whole, expr=element, axes=tuple(Axis(None, (position,)) for position in cell))


def _coverage(variable: Variable, parts: list[Part], shape: list[Dim]) -> Iterator[Diagnostic]:
    """Every element has exactly one equation."""
    if not shape:
        if len(parts) > 1:
            yield finding("PEN202", parts[1].span, name=variable.name)
        return
    seen: set[tuple[int, ...]] = set()
    for part in parts:
        cells: list[tuple[int, ...]] = [()]
        for axis in part.axes:
            cells = [(*cell, position) for cell in cells for position in axis.positions]
        for cell in cells:
            if cell in seen:
                yield finding("PEN213", part.span, name=variable.name, element=_element(cell, shape))
                return
            seen.add(cell)
    cells = [()]
    for dim in shape:
        cells = [(*cell, position) for cell in cells for position in range(len(dim.elements))]
    for cell in cells:
        if cell not in seen:
            yield finding("PEN214", variable.span, name=variable.name, element=_element(cell, shape))
            return


def _element(cell: tuple[int, ...], shape: list[Dim]) -> str:
    return ",".join(dim.names[position] for dim, position in zip(shape, cell, strict=True))


# --- lookups ----------------------------------------------------------------------------------------


def _lookup_findings(variable: Variable, equation: Equation) -> Iterator[Diagnostic]:
    points = equation.lookup
    assert points is not None
    span = points.span if points.span is not NOWHERE else equation.span
    if len(points.x) != len(points.y):
        yield finding("PEN302", span, name=variable.name, xs=len(points.x), ys=len(points.y))
    elif not points.x:
        yield finding("PEN303", span, name=variable.name)
    for before, after in zip(points.x, points.x[1:], strict=False):
        if not before <= after:
            yield finding("PEN301", span, name=variable.name, before=before, after=after)
            return
