"""Before all passes: data. Values that stand in files, or come with a run, are written into the model.

Constants become numbers, lookups points, ranges elements, and a data variable becomes an auxiliary that is a
graphical function of time, or for arrays, a hidden lookup of time. An element without data is `:NA:` all along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, product

from ..builtins.time import TIME
from ..changing import replace
from ..errors import Diagnostic, PenstockError, error, finding, raise_if_any
from ..expr import ArrayLiteral, Call, Expr, Number, Reference, Subscript, Unary
from ..model import (
    DataKind,
    Dimension,
    Equation,
    External,
    Ident,
    Lookup,
    LookupKind,
    Model,
    Points,
    Question,
    Variable,
    canonical,
)
from ..place import Span
from ..read.data import RunData, Shelf
from ..read.data.blocks import constants, elements, series
from ..read.data.series import Series
from .dimensions import Dimensions, dimensions
from .symbols import Part, Symbol, Symbols

NONE: Series = ((-(2.0**109),), (-(2.0**109),))
"""What stands for no data: :NA: all along, and that at no time that there is."""

KINDS: Mapping[DataKind, LookupKind] = {
    "interpolate": "continuous",
    "hold": "hold",
    "forward": "forward",
    "raw": "raw",
}

Names = tuple[str, ...]
Idents = tuple[Ident, ...]


def with_data(model: Model, shelf: Shelf, run: RunData) -> tuple[Model, tuple[Diagnostic, ...]]:
    """The model with all its values in it, and warnings. Raises every finding at once."""
    if not _asks(model):
        return model, ()
    findings: list[Diagnostic] = []
    found = [_dimension(item, shelf, findings) for item in model.dimensions]
    raise_if_any(findings)
    known = dimensions(tuple(found), findings)
    raise_if_any(findings)
    filling = _Filling(known, shelf, run, {item.ident: item for item in model.variables}, findings)
    variables = tuple(map(filling.variable, model.variables))
    raise_if_any(findings)
    tables = (_table(name, equations) for name, equations in filling.tables.items())
    return replace(model, dimensions=tuple(found), variables=(*variables, *tables)), tuple(findings)


def _asks(model: Model) -> bool:
    """Whether anything of a model stands elsewhere."""
    return any(dimension.external for dimension in model.dimensions) or any(_asking(model.variables))


def _asking(variables: Iterable[Variable]) -> Iterator[Variable]:
    """Those with an equation whose values stand elsewhere."""
    return (
        variable
        for variable in variables
        if any(equation.external or equation.data for equation in variable.equations)
    )


def _dimension(dimension: Dimension, shelf: Shelf, findings: list[Diagnostic]) -> Dimension:
    if dimension.external is None:
        return dimension
    try:
        return replace(dimension, elements=elements(dimension.external, shelf), external=None)
    except PenstockError as problem:
        findings.extend(problem.diagnostics)
        return dimension


@dataclass(slots=True)
class _Filling:
    """Fills equations one variable at a time; `done` keeps the series of data variables by element, `tables` the
    hidden lookups that hold those of arrays, which stay arrays that way."""

    known: Dimensions
    shelf: Shelf
    run: RunData
    variables: Mapping[Ident, Variable]
    findings: list[Diagnostic]
    tables: dict[str, list[Equation]] = field(default_factory=dict)
    done: dict[Ident, dict[Idents, Series]] = field(default_factory=dict)
    open: list[Ident] = field(default_factory=list)

    def variable(self, variable: Variable) -> Variable:
        """The variable with its own equations only; unchanged where a finding says why not."""
        if not any(_asking([variable])):
            return variable
        try:
            equations = tuple(self._equations(variable))
        except PenstockError as problem:
            self.findings.extend(problem.diagnostics)
            return variable
        return replace(variable, equations=equations)

    def _equations(self, variable: Variable) -> Iterator[Equation]:
        missing: list[Names] = []
        for equation in variable.equations:
            external = equation.external
            if equation.data is not None:
                yield from self._data(variable, equation, missing)
            elif external is None:
                yield equation
            elif external.what == "constants":
                yield from self._constants(variable, equation, external)
            else:
                yield from self._lookups(variable, equation, external)
        if missing:
            names = ", ".join(f"[{','.join(cell)}]" for cell in missing[:8]) or variable.name
            more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
            self.findings.append(finding("PEN326", variable.span, name=variable.name, elements=names + more))

    # --- what the subscripts of an equation name

    def _axes(self, equation: Equation) -> list[Names]:
        """The elements that each subscript stands for, as written; what is not known stands for itself."""
        dims = self.known.dims
        names = [(name, canonical(name)) for name in equation.subscripts]
        return [dims[ident].names if ident in dims else (name,) for name, ident in names]

    def _cells(self, equation: Equation) -> list[Names]:
        """The elements of an equation in row-major order, exceptions included."""
        return list(product(*self._axes(equation)))

    def _is_excepted(self, equation: Equation, cell: Names) -> bool:
        return any(
            all(
                canonical(element) in self._elements(name)
                for element, name in zip(cell, exception, strict=False)
            )
            for exception in equation.exceptions
        )

    def _elements(self, name: str) -> Idents:
        ident = canonical(name)
        return self.known.dims[ident].elements if ident in self.known.dims else (ident,)

    def _each(self, equation: Equation) -> Iterator[tuple[int, Names, Equation]]:
        """An equation for each element, without contents, and the element's number."""
        for number, cell in enumerate(self._cells(equation)):
            if not self._is_excepted(equation, cell):
                yield number, cell, Equation(None, subscripts=cell, span=equation.span)

    # --- contents

    def _constants(self, variable: Variable, equation: Equation, external: External) -> Iterator[Equation]:
        sizes = [len(axis) for axis in self._axes(equation)]
        numbers = [
            Number(value, external.span) for value in constants(external, variable.name, sizes, self.shelf)
        ]
        if not equation.exceptions:
            whole = numbers[0] if not equation.subscripts else ArrayLiteral(tuple(numbers), external.span)
            yield replace(equation, expr=whole, external=None)
            return
        for number, _, own in self._each(equation):
            yield replace(own, expr=numbers[number])

    def _lookups(self, variable: Variable, equation: Equation, external: External) -> Iterator[Equation]:
        found = series(external, variable.name, self._one_range(variable, equation, external), self.shelf)
        for number, _, own in self._each(equation):
            x, y = found[number]
            if not x:
                reason = f"{external.file} holds no numbers for it"
                advice = "Correct the cell, or the file."
                raise error("PEN321", external.span, name=variable.name, reason=reason, advice=advice)
            yield replace(own, lookup=Points(x, y, span=external.span))

    def _one_range(self, variable: Variable, equation: Equation, external: External) -> int:
        """How many elements an equation has, which stand side by side in a file: along one range at most."""
        sizes = [len(axis) for axis in self._axes(equation) if len(axis) != 1]
        if len(sizes) > 1:
            advice = "Write one equation for each element of all ranges but the last."
            construct = f"{variable.name}, a block of series along {len(sizes)} ranges,"
            raise error("PEN401", external.span, construct=construct, advice=advice)
        return sizes[0] if sizes else 1

    def _data(self, variable: Variable, equation: Equation, missing: list[Names]) -> Iterator[Equation]:
        assert equation.data is not None
        if equation.expr is not None and _is_number(equation.expr):
            yield replace(equation, data=None)
            return
        kind = KINDS[equation.data]
        table: list[Equation] = []
        found = self._series(variable)
        for _, cell, own in self._each(equation):
            x, y = found.get(tuple(map(canonical, cell)), NONE)
            if (x, y) == NONE:
                missing.append(cell)
            table.append(replace(own, lookup=Points(x, y, kind, span=equation.span)))
        now = Reference(TIME, span=equation.span)
        plain = replace(equation, external=None, data=None)
        if not equation.subscripts:
            yield replace(plain, expr=now, lookup=table[0].lookup)
            return
        name = _table_name(variable.name, kind)
        self.tables.setdefault(name, []).extend(table)
        subscripts = tuple(Subscript(name, span=equation.span) for name in equation.subscripts)
        yield replace(plain, expr=Call(name, (now,), subscripts, equation.span))

    # --- series of data variables

    def _series(self, variable: Variable) -> dict[Idents, Series]:
        """The series of a data variable by element; those without any data are left out. Raises PEN205, PEN321."""
        ident = variable.ident
        if ident in self.open:
            path = " → ".join([*self.open[self.open.index(ident) :], ident])
            raise error(
                "PEN205", variable.span, name=variable.name, path=path, advice="Give one of them data."
            )
        if ident not in self.done:
            self.open.append(ident)
            try:
                self.done[ident] = self._read_series(variable)
            finally:
                self.open.pop()
        return self.done[ident]

    def _read_series(self, variable: Variable) -> dict[Idents, Series]:
        found: dict[Idents, Series] = {}
        for equation in variable.equations:
            if equation.data is None or (equation.expr is not None and _is_number(equation.expr)):
                continue
            cells = [tuple(map(canonical, cell)) for cell in self._cells(equation)]
            if equation.external is not None:
                size = self._one_range(variable, equation, equation.external)
                rows = series(equation.external, variable.name, size, self.shelf)
                found |= {cell: row for cell, row in zip(cells, rows, strict=True) if row[0]}
            elif equation.expr is not None:
                found |= self._from_others(variable, equation, equation.expr)
            else:
                given = self.run.series
                found |= {
                    cell: given[ident, cell]
                    for ident in [variable.ident]
                    for cell in cells
                    if (ident, cell) in given
                }
        if not found:
            raise self._no_data(variable)
        return found

    def _no_data(self, variable: Variable) -> PenstockError:
        if any(equation.external for equation in variable.equations):
            reason, advice = "its file holds no numbers for it", "Correct the cell, or the file."
        elif self.run.files:
            reason = f"none of the run data files ({', '.join(self.run.files)}) has it"
            advice = "Add its values to one of them, or give another file."
        else:
            reason = "it has no equation, and no run data file was given"
            advice = "Give a file with its values (--data FILE), or write an equation."
        name = variable.span.text if variable.hidden else variable.name  # a macro's own go by what is written
        return error("PEN321", variable.span, name=name, reason=reason, advice=advice)

    def _from_others(self, variable: Variable, equation: Equation, expr: Expr) -> dict[Idents, Series]:
        """A data variable that is another one, perhaps shifted in time (Vensim's TIME SHIFT), or added up."""
        shift, summed = 0.0, _as_it_is
        named = canonical(expr.function) if isinstance(expr, Call) else ""
        if isinstance(expr, Call) and named == "time_shift" and len(expr.arguments) == 2:
            expr, by = expr.arguments
            if not _is_number(by):
                raise _computed(variable, equation.span)
            shift = by.value if isinstance(by, Number) else -by.operand.value  # type: ignore[union-attr]
        elif isinstance(expr, Call) and named in _SUMS and len(expr.arguments) == 1:
            summed, (expr,) = _SUMS[named], expr.arguments
        other = self.variables.get(canonical(expr.name)) if isinstance(expr, Reference) else None
        if not isinstance(expr, Reference) or other is None or isinstance(other, Lookup):
            raise _computed(variable, equation.span)
        source = self._series(other)
        found: dict[Idents, Series] = {}
        for cell in self._cells(equation):
            here = dict(zip(map(canonical, equation.subscripts), map(canonical, cell), strict=True))
            wanted = tuple(here.get(canonical(item.name), canonical(item.name)) for item in expr.subscripts)
            if wanted in source:
                x, y = summed(*source[wanted])
                found[tuple(map(canonical, cell))] = tuple(time - shift for time in x), y
        return found


def _as_it_is(x: tuple[float, ...], y: tuple[float, ...]) -> Series:
    return x, y


def _cumulated(x: tuple[float, ...], y: tuple[float, ...]) -> Series:
    return x, tuple(accumulate(y))


def _final(x: tuple[float, ...], y: tuple[float, ...]) -> Series:
    return x[-1:], _cumulated(x, y)[1][-1:]


_SUMS: Mapping[str, Callable[..., Series]] = {"cumulate": _cumulated, "cumulatef": _final}
"""Vensim's functions that add the values of data up, whatever the times between them are."""


def _is_number(expr: Expr) -> bool:
    return isinstance(expr, Number) or (
        isinstance(expr, Unary) and expr.operator == "-" and isinstance(expr.operand, Number)
    )


def _computed(variable: Variable, span: Span) -> PenstockError:
    construct = f"the data equation of {variable.name}, which computes with data before the run,"
    advice = "Write = instead of :=, so that it is computed during the run."
    return error("PEN401", span, construct=construct, advice=advice)


# --- what later passes know a data variable by


def _table_name(name: str, kind: LookupKind) -> str:
    return f"#{name}#data {kind}"


def _table(name: str, equations: list[Equation]) -> Variable:
    return Lookup(name, tuple(equations), hidden=True, span=equations[0].span)


def asked(
    question: LookupKind | Question, symbol: Symbol, symbols: Symbols
) -> tuple[Symbol, tuple[Part, ...]]:
    """The symbol that holds the points of a data variable, and its parts to be asked; none for other variables.

    The points of a scalar stand over the clock's own time, whose name no model can use.
    """
    tables = (symbols.by_ident.get(canonical(_table_name(symbol.name, kind))) for kind in KINDS.values())
    holders = [table for table in tables if table is not None]
    if not symbol.dims and any(
        isinstance(part.expr, Reference) and part.expr.name == TIME for part in symbol.parts
    ):
        holders = [symbol]
    parts = [part for holder in holders for part in holder.parts]
    taken = ((part, part.points) for part in parts)
    return (holders or [symbol])[0], tuple(
        replace(part, expr=Number(0.0), points=replace(points, kind=question))
        for part, points in taken
        if points is not None
    )
