"""`written`: what the text says of a variable, part by part, as an editor shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from ..compiler import Compiled
from ..edit.draft import Draft
from ..edit.meaning import Scope
from ..errors import PenstockError
from ..model import Variable
from ..passes.units import UnitReport, check_units
from .edits import reading
from .introspect import points_row
from .values import json_value

_units: WeakKeyDictionary[Compiled, UnitReport] = WeakKeyDictionary()


def written(compiled: Compiled, name: str) -> dict[str, Any]:
    """Raises PEN201 for a name that the text does not have."""
    draft = Draft(reading(compiled), compiled.format)
    scope, variable, _ = draft.named(name)
    limits = variable.value_range or (None, None)
    if variable.slider is not None:
        limits = variable.slider.low, variable.slider.high
    report = _units.get(compiled) or _units.setdefault(compiled, check_units(compiled.model, compiled.flat))
    units = report.variables.get(variable.name)
    return {
        "name": variable.name,
        "units": variable.units,
        "inferred_units": "" if units is None else units.inferred,
        "documentation": variable.documentation,
        "limits": [None if limit is None else json_value(limit) for limit in limits],
        "step": None
        if variable.slider is None or variable.slider.step is None
        else json_value(variable.slider.step),
        "equations": [
            row for index in range(len(variable.equations)) for row in _parts(draft, scope, variable, index)
        ],
    }


def _parts(draft: Draft, scope: Scope, variable: Variable, index: int) -> Iterator[dict[str, Any]]:
    equation = variable.equations[index]
    name = variable.name + (f"[{', '.join(equation.subscripts)}]" if equation.subscripts else "")
    points = (
        None
        if equation.lookup is None
        else points_row(variable.name, ", ".join(equation.subscripts), equation.lookup)
    )
    has = {"rate": equation.rate is not None, "value": True, "initial": equation.initial is not None}
    for part in (part for part, there in has.items() if there):
        has_text = part != "value" or equation.expr is not None
        start, end = _place(draft, scope, variable, index, part) if has_text else (0, 0)
        if start == end and (points is None or part != "value"):
            continue
        yield {
            "name": name,
            "part": part,
            "text": draft.text.slice(start, end),
            "range": [*map(draft.read.source.utf16, (start, end))],
            "points": points if part == "value" else None,
        }


def _place(draft: Draft, scope: Scope, variable: Variable, index: int, part: str) -> tuple[int, int]:
    """Where a part of an equation stands; nowhere where the text does not have it by itself."""
    try:
        return draft.text.part(scope, variable, index, part)
    except PenstockError:
        return 0, 0
