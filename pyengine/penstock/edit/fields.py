"""New equations, units, documentation, points, ranges and settings, each as the smallest patch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from ..errors import error
from ..methods import METHODS
from ..model import Equation, Points, Slider, Stock, Variable
from ..read import ReadResult
from .draft import Draft, refused, with_variable
from .edit import Edit, finished
from .patch import patch_of
from .texts.base import Range

Part = Literal["value", "rate", "initial"]


def set_equation(
    read: ReadResult, name: str, equation: str, part: Part = "value", format: str | None = None
) -> Edit:
    """Another equation in the text's language, for a variable or for the subscripts behind its name.

    For a stock the value is its initial value; `rate` is its net flow where that is written out. Raises PEN201 for an
    unknown name, and what is wrong with the equation, whose ranges are in its own text.
    """
    draft = Draft(read, format)
    scope, variable, subscripts = draft.named(name)
    index = draft.index(variable, subscripts)
    equation = equation.strip()
    expr = draft.expression(equation)
    old = variable.equations[index]
    if part == "rate":
        new = replace(old, rate=expr)
    elif part == "initial" and not isinstance(variable, Stock):
        new = replace(old, initial=expr)
    else:
        new = replace(old, expr=expr, external=None, data=None)
    place = draft.text.part(scope, variable, index, part)
    changed = _with_equation(variable, index, new)
    if part == "rate" and draft.text.format == "mdl":
        changed = _written_out(changed)
    change = (*place, draft.text.written(equation))
    return _finished(draft, scope, variable, changed, [change], f"the new equation of {name}")


def _written_out(variable: Variable) -> Variable:
    """A Vensim stock says its rates; which flows these name follows from them."""
    assert isinstance(variable, Stock)
    equations = tuple(
        replace(item, rate=item.rate if item.rate is not None else variable.net_flow(item.subscripts))
        for item in variable.equations
    )
    return replace(variable, equations=equations, inflows=(), outflows=())


def _with_equation(variable: Variable, index: int, equation: Equation) -> Variable:
    equations = (*variable.equations[:index], equation, *variable.equations[index + 1 :])
    return replace(variable, equations=equations)


def _finished(
    draft: Draft, scope: Any, variable: Variable, changed: Variable, changes: Sequence[Range], what: str
) -> Edit:
    expected = with_variable(draft, scope, variable, changed)
    return finished(draft.text, patch_of(draft.text.text, changes), expected, what)


def set_units(read: ReadResult, name: str, units: str, format: str | None = None) -> Edit:
    """Other units, or none where the text is empty."""
    draft = Draft(read, format)
    scope, variable, _ = draft.named(name)
    units = units.strip()
    changes = draft.text.units(scope, variable, units)
    return _finished(
        draft, scope, variable, replace(variable, units=units), changes, f"the new units of {name}"
    )


def set_documentation(read: ReadResult, name: str, text: str, format: str | None = None) -> Edit:
    draft = Draft(read, format)
    scope, variable, _ = draft.named(name)
    text = "\n".join(line.strip() for line in text.strip().split("\n"))
    changes = draft.text.documentation(scope, variable, text)
    changed = replace(variable, documentation=text)
    return _finished(draft, scope, variable, changed, changes, f"the new documentation of {name}")


def set_points(
    read: ReadResult, name: str, x: Sequence[float], y: Sequence[float], format: str | None = None
) -> Edit:
    """Other points of a graphical function; its kind and its ranges stay. Raises PEN301 to PEN303 as readers do."""
    draft = Draft(read, format)
    scope, variable, subscripts = draft.named(name)
    index = draft.index(variable, subscripts)
    old = variable.equations[index]
    if old.lookup is None:
        raise refused(f"the new points of {name}", "it has none", "Name a graphical function.")
    points = _checked(name, replace(old.lookup, x=tuple(map(float, x)), y=tuple(map(float, y))))
    changes = draft.text.points(scope, variable, index, points)
    changed = _with_equation(variable, index, replace(old, lookup=points))
    return _finished(draft, scope, variable, changed, changes, f"the new points of {name}")


def _checked(name: str, points: Points) -> Points:
    if len(points.x) != len(points.y):
        raise error("PEN302", name=name, xs=len(points.x), ys=len(points.y))
    if not points.x:
        raise error("PEN303", name=name)
    for before, after in zip(points.x, points.x[1:], strict=False):
        if not before <= after:
            raise error("PEN301", name=name, before=before, after=after)
    return points


def set_range(
    read: ReadResult,
    name: str,
    low: float | None,
    high: float | None,
    step: float | None = None,
    format: str | None = None,
) -> Edit:
    """The range in which a constant is dragged: as each format has it, for values or for a slider; none without
    limits."""
    draft = Draft(read, format)
    scope, variable, _ = draft.named(name)
    limits = None if low is None and high is None else (low, high)
    slider = None
    if low is not None and high is not None and (step is not None or draft.text.format == "pen"):
        slider = Slider(float(low), float(high), step)
    changed = replace(variable, slider=slider, value_range=limits)
    if draft.text.format == "pen":
        changed = replace(changed, value_range=None if slider else limits)
    changes = draft.text.limits(scope, variable, changed.value_range, slider)
    return _finished(draft, scope, variable, changed, changes, f"the new range of {name}")


SETTINGS = ("start", "stop", "dt", "save_step", "method", "time_units")


def set_specs(read: ReadResult, settings: Mapping[str, str], format: str | None = None) -> Edit:
    """Other settings of the clock: expressions for start, stop, dt and save_step, a method's name, or units.

    Raises PEN514 for a setting or a method that there is not.
    """
    draft = Draft(read, format)
    changes: list[Range] = []
    fields: dict[str, Any] = {}
    for key, value in settings.items():
        value = str(value).strip()
        if key not in SETTINGS:
            raise error(
                "PEN514", what="the setting", value=key, advice=f"Settings are {', '.join(SETTINGS)}."
            )
        if key == "method" and value not in METHODS:
            raise error("PEN402", method=value, known=", ".join(METHODS))
        fields[key] = value if key in ("method", "time_units") else draft.expression(value)
        changes += draft.text.setting(key, value)
    model = draft.read.model
    specs = replace(model.specs, **fields)
    # Submodels without a clock of their own have the main model's.
    submodels = (
        replace(item, specs=specs) if item.specs == model.specs else item for item in model.submodels
    )
    expected = replace(model, specs=specs, submodels=tuple(submodels))
    return finished(draft.text, patch_of(draft.text.text, changes), expected, "the new settings")
