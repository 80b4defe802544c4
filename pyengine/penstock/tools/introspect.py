"""Calls about what a model has: `listModels`, `introspect`, `introspectResolved`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..compiler import Compiled
from ..halts import at_start
from ..model import Points
from ..passes.symbols import Symbol
from ..place import Span
from ..program import DT, SAVE_STEP, SEED, START, STOP
from ..results import element_names
from ..run import Override
from .values import json_value


def list_models(models: Mapping[str, Compiled]) -> list[dict[str, Any]]:
    return [
        {
            "model": model,
            "name": compiled.model.name,
            "source": compiled.source.name,
            "format": compiled.format,
            "variables": len(list(visible(compiled))),
        }
        for model, compiled in models.items()
    ]


def introspect(compiled: Compiled) -> dict[str, Any]:
    model = compiled.model
    rows = list(visible(compiled))
    by_ident = {variable.ident: variable for variable in compiled.flat.variables}
    variables = [(symbol, by_ident[symbol.ident]) for symbol in rows]
    return {
        "model": compiled.model_hash,
        "name": model.name,
        "format": compiled.format,
        "documentation": model.documentation,
        "method": compiled.program.method.name,
        "time_units": model.specs.time_units,
        "variables": [
            {
                "name": symbol.name,
                "kind": symbol.kind,
                "units": variable.units,
                "documentation": variable.documentation,
                "dims": dims_of(symbol, compiled),
                "group": variable.group,
                "access": variable.access,
                "range": range_of(variable.span),
            }
            for symbol, variable in variables
        ],
        "dimensions": dimensions(compiled),
        "modules": [
            {"name": item.name, "model": item.model or item.name, "range": range_of(item.span)}
            for item in model.modules
        ],
        "macros": [
            {
                "name": item.name,
                "parameters": [parameter.name for parameter in item.parameters],
                "range": range_of(item.span),
            }
            for item in model.macros
        ],
        "groups": list(
            dict.fromkeys(variable.group for variable in compiled.flat.variables if variable.group)
        ),
    }


def introspect_resolved(
    compiled: Compiled, overrides: Sequence[Override] = (), specs: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Values as the run would start with them; overrides from a later time on do not count."""
    row = at_start(compiled, overrides, specs, evaluated=compiled.program.clock_varies)
    rows = list(visible(compiled))
    return {
        "model": compiled.model_hash,
        "constants": _values(compiled, row, (symbol for symbol in rows if symbol.kind == "constant")),
        "initial": _values(compiled, row, (symbol for symbol in rows if symbol.kind == "stock")),
        "lookups": [item for symbol in rows for item in _points(symbol, compiled)],
        "dimensions": dimensions(compiled),
        "settings": {
            **{
                name: json_value(row[slot])
                for name, slot in (
                    ("start", START),
                    ("stop", STOP),
                    ("dt", DT),
                    ("save_step", SAVE_STEP),
                    ("seed", SEED),
                )
            },
            "method": compiled.program.method.name,
        },
    }


def visible(compiled: Compiled) -> Iterator[Symbol]:
    """The model's own variables in the order of the file."""
    symbols = compiled.schedule.symbols.by_ident
    for variable in compiled.flat.variables:
        symbol = symbols.get(variable.ident)
        if symbol is not None and not symbol.hidden:
            yield symbol


def dims_of(symbol: Symbol, compiled: Compiled) -> list[str]:
    return [compiled.schedule.symbols.dims[dim].name for dim in symbol.dims]


def dimensions(compiled: Compiled) -> list[dict[str, Any]]:
    known = compiled.schedule.symbols.dims
    return [
        {"name": item.name, "elements": list(known[item.ident].names)}
        for item in compiled.flat.dimensions
        if item.ident in known
    ]


def range_of(span: Span) -> list[int] | None:
    return list(span.utf16_range()) if span.source.text else None


def _values(compiled: Compiled, row: Sequence[float], chosen: Iterable[Symbol]) -> list[dict[str, Any]]:
    slots = {item["name"]: item["slot"] for item in compiled.program.variables}
    found = []
    for symbol in chosen:
        slot, count = slots[symbol.name], compiled.schedule.symbols.size(symbol)
        values = [json_value(value) for value in row[slot : slot + count]]
        found.append({"name": symbol.name, "elements": _elements(symbol, compiled), "values": values})
    return found


def _elements(symbol: Symbol, compiled: Compiled) -> list[str]:
    """``a,b`` for each element of an array, row-major."""
    dims = [compiled.schedule.symbols.dims[dim] for dim in symbol.dims]
    names = {str(number): dim.names for number, dim in enumerate(dims)}
    return [label[1:-1] for label in element_names("", names, names) if label]


def _points(symbol: Symbol, compiled: Compiled) -> Iterator[dict[str, Any]]:
    dims = [compiled.schedule.symbols.dims[dim] for dim in symbol.dims]
    for part in symbol.parts:
        if part.points is None:
            continue
        names = (
            dim.names[axis.positions[0]] if len(axis.positions) == 1 else dim.name
            for dim, axis in zip(dims, part.axes, strict=True)
        )
        points = part.points
        yield points_row(symbol.name, ",".join(names), points)


def points_row(name: str, element: str, points: Points) -> dict[str, Any]:
    x_range, y_range = points.x_range, points.y_range
    return {
        "name": name,
        "element": element,
        "kind": points.kind,
        "x": [json_value(x) for x in points.x],
        "y": [json_value(y) for y in points.y],
        "x_range": None if x_range is None else [json_value(x) for x in x_range],
        "y_range": None if y_range is None else [json_value(y) for y in y_range],
    }
