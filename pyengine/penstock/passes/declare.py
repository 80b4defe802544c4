"""Pass 1: the symbol table. Finds names, dimensions, duplicates and missing equations."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from ..builtins.time import CLOCK_SPELLINGS, DT, SAVE_STEP, SEED, START, STEP, STOP, TIME
from ..changing import replace
from ..errors import Diagnostic, finding, raise_if_any
from ..expr import ArrayLiteral, Expr, Number, Reference, Subscript, Unary, rewrite
from ..methods import METHODS
from ..model import Equation, Flow, Ident, Lookup, Model, SimSpecs, Stock, Variable, canonical
from ..place import NOWHERE, Span
from .dimensions import Dimensions, dimensions
from .memo import Memo, Watched
from .symbols import Axis, Dim, Part, Role, Symbol, Symbols, cells

_KINDS = {Stock: "stock", Flow: "flow", Lookup: "lookup"}


def declare(
    model: Model, method: str | None = None, memo: Memo[Variable, Symbol | None] | None = None
) -> Symbols:
    """The symbols of a model; `method` replaces the model's own. Raises every finding at once."""
    memo = memo or Memo()
    findings: list[Diagnostic] = []
    known = dimensions(model.dimensions, findings)
    table: dict[Ident, Symbol] = {symbol.ident: symbol for symbol in _clock(model.specs)}
    memo.renew({item.ident: item for item in model.variables}, known)
    for variable in model.variables:
        ident = variable.ident
        if CLOCK_SPELLINGS.get(ident) == TIME or ident in table:
            findings.append(finding("PEN202", variable.span, name=variable.name))
            continue

        def made(table: Watched[Variable], variable: Variable = variable) -> Symbol | None:
            rated = _rated(variable, known, table) if isinstance(variable, Stock) else variable
            return symbol_of(rated, known, findings)

        symbol = memo.result(ident, ident, made, findings)
        if symbol is not None:
            table[ident] = symbol
    if (seed := table.get(canonical("noise seed"))) is not None and not seed.dims:
        table[SEED] = replace(table[SEED], parts=(Part(Reference(seed.name)),))
    name = (method or model.specs.method).casefold()
    if name not in METHODS:
        findings.append(finding("PEN402", method=name, known=", ".join(METHODS)))
    raise_if_any(findings)
    return Symbols(model.name, METHODS[name], table, known)


def _wrong_count(variable: Variable, equation: Equation, found: int, expected: int) -> Diagnostic:
    advice = "Give one value for each element."
    what = f"the {expected} elements of {variable.name}"
    if not equation.subscripts:
        advice = "Write decimals with a point, as in 3.5; only arrays take several values."
        what = f"{variable.name}, which is no array"
    return finding("PEN212", equation.span, found=found, expected=what, advice=advice)


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    return _question(_near(name, known), otherwise)


def unknown(code: str, name: str, known: Iterable[str], span: Span, otherwise: str) -> Diagnostic:
    """The finding that a name, alone or before arguments or subscripts, is not known, with what may be meant."""
    near = _near(name, known)
    found = finding(code, span, name=name, advice=_question(near, otherwise))
    return replace(found, fixes=tuple(_fixes(name, near, span)))


def _near(name: str, known: Iterable[str]) -> list[str]:
    written: dict[str, str] = {canonical(item): item for item in known}
    close = difflib.get_close_matches(canonical(name), written, n=3, cutoff=0.7)
    return [written[ident] for ident in close]


def _question(near: Sequence[str], otherwise: str) -> str:
    return f"Did you mean {' or '.join(near)}?" if near else otherwise


def _fixes(name: str, near: Iterable[str], span: Span) -> Iterator[str]:
    """The span's text with each of the names that every dialect takes without quotes."""
    head = re.split(r"[(\[]", span.text, maxsplit=1)[0].rstrip()
    if canonical(head) == canonical(name):
        joint = "_" if re.match(r"\ufeff?\s*<", span.source.text) else " "
        for item in near:
            if re.fullmatch(r"[^\W\d]\w*( \w+)*", item):
                yield item.replace(" ", joint) + span.text[len(head) :]


def _clock(specs: SimSpecs) -> Iterator[Symbol]:
    exprs = {
        TIME: Reference(START),
        DT: specs.dt,
        START: specs.start,
        STOP: specs.stop,
        SAVE_STEP: Reference(DT) if specs.save_step is None else specs.save_step,
        SEED: Number(1.0),
        STEP: Number(0.0),
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


def symbol_of(variable: Variable, known: Dimensions, findings: list[Diagnostic]) -> Symbol | None:
    """The symbol of a variable; None where findings say why there is none."""
    kind = _KINDS.get(type(variable), "auxiliary")
    if not variable.equations:
        findings.append(finding("PEN208", variable.span, name=variable.name))
        return None
    before = len(findings)
    shape = _shape(variable, known, findings)
    if len(findings) > before:
        return None
    parts: list[Part] = []
    for equation in variable.equations:
        subscripts = equation.subscripts or variable.dims
        if len(subscripts) != len(shape):
            findings.append(_wrong_subscripts(variable, equation, len(shape)))
            return None
        if equation.expr is None and equation.lookup is None:
            findings.append(finding("PEN208", equation.span, name=variable.name))
            return None
        if equation.lookup is not None:
            findings.extend(_lookup_findings(variable, equation))
        parts.extend(_parts(variable, equation, subscripts, shape, known, findings))
    findings.extend(_overlaps(variable, parts, shape))
    symbol = Symbol(
        variable.ident,
        variable.name,
        kind,
        Role.LOOKUP if kind == "lookup" else Role.STOCK if kind == "stock" else Role.VARYING,
        tuple(parts),
        tuple(dim.ident for dim in shape),
        variable.units,
        non_negative=variable.non_negative,
        inflows=tuple(map(canonical, variable.inflows)) if isinstance(variable, Stock) else (),
        outflows=tuple(map(canonical, variable.outflows)) if isinstance(variable, Stock) else (),
        hidden=variable.hidden,
        span=variable.span,
    )
    return symbol if symbol.hidden else _as_constant(symbol)


def _as_constant(symbol: Symbol) -> Symbol:
    """A variable whose equations are numbers can be set; `order` finds out what else does not vary."""
    literal_ = all(
        part.points is None and part.initial is None and is_literal(part.expr) for part in symbol.parts
    )
    if symbol.role is not Role.VARYING or not literal_:
        return symbol
    return replace(symbol, role=Role.CONSTANT, kind="constant" if symbol.kind == "auxiliary" else symbol.kind)


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


def _rank(variable: Variable) -> int:
    """How many dimensions a variable has."""
    return len(variable.dims) or max((len(item.subscripts) for item in variable.equations), default=0)


def _rated(stock: Stock, known: Dimensions, variables: Mapping[Ident, Variable]) -> Stock:
    """The stock with a net flow in every equation: as written, else what the flows come to.

    An equation for a single element takes that element of each flow that has as many dimensions as the stock.
    """

    def rate(equation: Equation) -> Expr:
        names = equation.subscripts
        if all(canonical(name) in known.dims for name in names):
            return stock.net_flow(span=equation.span)
        there = tuple(Subscript(name, span=equation.span) for name in names)

        def change(node: Expr) -> Expr:
            if isinstance(node, Reference) and (flow := variables.get(canonical(node.name))) is not None:
                return replace(node, subscripts=there) if _rank(flow) == len(names) else node
            return node

        return rewrite(stock.net_flow(span=equation.span), change)

    equations = (
        item if item.rate is not None else replace(item, rate=rate(item)) for item in stock.equations
    )
    return replace(stock, equations=tuple(equations))


# --- arrays -----------------------------------------------------------------------------------------


def _shape(variable: Variable, known: Dimensions, findings: list[Diagnostic]) -> list[Dim]:
    """The dimensions of a variable: declared, or the smallest that hold all subscripts of its equations."""
    if variable.dims:
        unknown = [name for name in variable.dims if canonical(name) not in known.dims]
        findings.extend(_unknown_dimension(name, variable, known) for name in unknown)
        return [] if unknown else [known.dims[canonical(name)] for name in variable.dims]
    count = len(variable.equations[0].subscripts)
    columns: list[set[Ident]] = [set() for _ in range(count)]
    before = len(findings)
    for equation in variable.equations:
        if len(equation.subscripts) != count:
            findings.append(_wrong_subscripts(variable, equation, count))
            return []
        for column, name in zip(columns, equation.subscripts, strict=True):
            column.add(canonical(name))
            if canonical(name) not in known.dims and canonical(name) not in known.elements:
                findings.append(_unknown_dimension(name, variable, known))
    if len(findings) > before:
        return []
    shape = []
    for position, column in enumerate(columns):
        dim = _smallest(column, known)
        if dim is None:
            name = variable.equations[-1].subscripts[position]
            advice = "Declare a dimension that holds all elements of this subscript."
            findings.append(finding("PEN211", variable.equations[-1].span, name=name, advice=advice))
            return []
        shape.append(dim)
    return shape


def _wrong_subscripts(variable: Variable, equation: Equation, expected: int) -> Diagnostic:
    advice = "All equations of a variable have the same number of subscripts."
    found = len(equation.subscripts)
    return finding("PEN207", equation.span, name=variable.name, found=found, expected=expected, advice=advice)


def _unknown_dimension(name: str, variable: Variable, known: Dimensions) -> Diagnostic:
    names = [dim.name for dim in known.dims.values()]
    advice = did_you_mean(name, names, "Declare it among the dimensions.")
    return finding("PEN211", variable.equations[0].span, name=name, advice=advice)


def _smallest(names: set[Ident], known: Dimensions) -> Dim | None:
    """The dimension that was written if there is only one, else the smallest that holds all elements."""
    if len(names) == 1 and (only := next(iter(names))) in known.dims:
        return known.dims[only]
    needed: set[Ident] = set()
    for name in names:
        needed |= set(known.dims[name].elements) if name in known.dims else {name}
    holding = [dim for dim in known.dims.values() if needed <= set(dim.elements)]
    return min(holding, key=lambda dim: len(dim.elements), default=None)


def _axis(subscript: str, dim: Dim, known: Dimensions) -> Axis | None:
    """None where the subscript is no part of the dimension."""
    ident = canonical(subscript)
    elements = known.dims[ident].elements if ident in known.dims else (ident,)
    if not all(element in dim.places for element in elements):
        return None
    positions = tuple(map(dim.places.__getitem__, elements))
    return Axis(ident if ident in known.dims else None, positions, elements)


def _parts(
    variable: Variable,
    equation: Equation,
    subscripts: tuple[str, ...],
    shape: list[Dim],
    known: Dimensions,
    findings: list[Diagnostic],
) -> Iterator[Part]:
    """One part for an equation; several where it lists values or leaves elements out."""
    axes: list[Axis] = []
    for name, dim in zip(subscripts, shape, strict=True):
        axis = _axis(name, dim, known)
        if axis is None:
            advice = f"Elements of {dim.name} are {', '.join(dim.names[:8])}."
            findings.append(finding("PEN211", equation.span, name=name, advice=advice))
            return
        axes.append(axis)
    value = Number(0.0) if equation.expr is None else equation.expr
    whole = Part(
        value,
        tuple(axes),
        rate=equation.rate,
        initial=equation.initial,
        points=equation.lookup,
        span=equation.span,
    )
    if isinstance(value, ArrayLiteral):
        apart = cells(whole)
        if len(apart) != len(value.elements):
            findings.append(_wrong_count(variable, equation, len(value.elements), len(apart)))
            return
        for part, element in zip(apart, value.elements, strict=True):
            yield replace(part, expr=element)
        return
    left_out = [_excepted(exception, shape, known) for exception in equation.exceptions]
    for rectangle in _without(whole.axes, left_out):
        yield replace(whole, axes=rectangle)


def _excepted(exception: tuple[str, ...], shape: list[Dim], known: Dimensions) -> list[set[int]]:
    """The positions along each dimension that an exception names."""
    found = []
    for name, dim in zip(exception, shape, strict=False):
        axis = _axis(name, dim, known)
        found.append(set(axis.positions) if axis is not None else set())
    return found


def _without(axes: tuple[Axis, ...], left_out: list[list[set[int]]]) -> Iterator[tuple[Axis, ...]]:
    """What is left of a block of elements, as blocks: cut along one axis after the other."""
    if not left_out:
        yield axes
        return
    first, others = left_out[0], left_out[1:]
    rest = list(axes)
    for level, (axis, positions) in enumerate(zip(axes, first, strict=True)):
        outside = [place for place, position in enumerate(axis.positions) if position not in positions]
        inside = [place for place, position in enumerate(axis.positions) if position in positions]
        if outside:
            yield from _without((*rest[:level], axis.only(outside), *rest[level + 1 :]), others)
        if not inside:
            return
        rest[level] = axis.only(inside)


def _overlaps(variable: Variable, parts: list[Part], shape: list[Dim]) -> Iterator[Diagnostic]:
    """No element may have two equations. One may have none; it has no value then, and is NaN."""
    if not shape:
        if len(parts) > 1:
            yield finding("PEN202", parts[1].span, name=variable.name)
        return
    seen: set[tuple[int, ...]] = set()
    for part in parts:
        for cell in product(*(axis.positions for axis in part.axes)):
            if cell in seen:
                element = ",".join(dim.names[position] for dim, position in zip(shape, cell, strict=True))
                yield finding("PEN213", part.span, name=variable.name, element=element)
                return
            seen.add(cell)


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
