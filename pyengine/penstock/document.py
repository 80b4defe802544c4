"""What people need beside a blob: text, documentation, and the sliders a page may offer."""

from __future__ import annotations

import math
import sys

from .abi import DescribedVariable, Document, SliderRow
from .model import Ident, Model, Variable, canonical
from .place import NOWHERE, Source
from .program import Program


def describe(model: Model, source: Source, format: str, program: Program) -> Document:
    by_ident = {variable.ident: variable for variable in model.variables}
    rows = [(by_ident.get(canonical(row["name"])), row) for row in program.variables]
    return Document(
        name=model.name,
        text=source.text,
        format=format,
        documentation=model.documentation,
        time_units=model.specs.time_units,
        method=program.method.name,
        sliders=_sliders(program, by_ident),
        variables=[
            DescribedVariable(
                name=variable.name,
                kind=row["kind"],
                units=variable.units,
                documentation=variable.documentation,
                equation=_equation(variable),
            )
            for variable, row in rows
            if variable is not None
        ],
    )


def _equation(variable: Variable) -> str:
    """The equations as written, one a line."""
    spans = [equation.span for equation in variable.equations if equation.span is not NOWHERE]
    return "\n".join(span.text.strip() for span in spans)


def _sliders(program: Program, by_ident: dict[Ident, Variable]) -> list[SliderRow]:
    """A row for every scalar constant: the author's range where there is one, else one around the value."""
    rows = []
    for row in program.inputs:
        variable = by_ident.get(canonical(row["name"]))
        if row["kind"] != "constant" or "count" in row or variable is None:
            continue
        value = program.defaults[row["input"]]
        low, high, step = _range(value)
        if variable.slider is not None:
            low, high, step = variable.slider.low, variable.slider.high, variable.slider.step
        elif variable.value_range is not None:
            least, most = variable.value_range
            low = least if least is not None and least <= value else low
            high = most if most is not None and most >= value else high
        authored = variable.slider is not None
        rows.append(
            SliderRow(name=variable.name, low=low, high=high, step=step, value=value, authored=authored)
        )
    return rows


def _range(value: float) -> tuple[float, float, float | None]:
    """From 0 to a round number of at least twice the value; mirrored for negative values."""
    if value == 0.0 or not math.isfinite(value):
        return 0.0, 1.0, None
    size = 10.0 ** math.floor(math.log10(abs(value)))
    top = next(
        (factor * size for factor in (2.0, 4.0, 5.0, 10.0, 20.0) if factor * size >= 2 * abs(value)),
        20 * size,
    )
    top = min(top, sys.float_info.max)
    return (0.0, top, None) if value > 0 else (-top, 0.0, None)
