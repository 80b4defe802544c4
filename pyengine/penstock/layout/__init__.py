"""Diagrams of models as data: from what an author drew, or laid out automatically.

Places are computed with arithmetic and square roots alone and rounded to a tenth of a pixel, so that the same
model gives the same diagram everywhere.
"""

from __future__ import annotations

from ..errors import error
from ..model import Model, View, canonical
from .auto import automatic, finished, framed, shelved
from .diagram import Arrow, Diagram, Frame, Label, Pipe, Symbol
from .drawn import view_scene, views_of
from .scene import Sheet, joined

__all__ = ["Arrow", "Diagram", "Frame", "Label", "Pipe", "Symbol", "automatic", "diagram", "views_of"]


def diagram(model: Model, *, view: str | int | None = None, auto: bool = False) -> Diagram:
    """The diagram of a model: all its views, each in a frame where there are several, or the one that `view` names.

    `view` is a name or a number from 1. A model without views, and any model with `auto`, is laid out
    automatically. Models that modules hold follow the main one. Raises `PenstockError` for an unknown view.
    """
    if view is not None and not auto:
        chosen = _chosen(model, view)
        return joined(chosen.name, [(finished(view_scene(model, chosen)), (0.0, 0.0))])
    parts = [part for part in (model, *model.submodels) if part.variables or part.modules]
    numbers = {id(view): number for number, view in enumerate(model.views)}
    sheets: list[Sheet] = []
    for part in parts:
        views = () if auto else views_of(part)
        drawn = [(view.name, finished(view_scene(part, view, numbers.get(id(view))))) for view in views]
        drawn = drawn or automatic(part)
        for title, sheet in drawn:
            if len(parts) > 1:
                title = f"{part.name}: {title}" if title and len(drawn) > 1 else part.name
            sheets.append(framed(sheet, title) if title and len(parts) + len(drawn) > 2 else sheet)
    return joined(model.name, shelved(sheets, tight=auto))


def _chosen(model: Model, view: str | int) -> View:
    views = views_of(model)
    number = int(view) if isinstance(view, int) or view.isdecimal() else 0
    for place, found in enumerate(views, start=1):
        if place == number or (isinstance(view, str) and canonical(found.name) == canonical(view)):
            return found
    known = "; ".join(f"{place} {found.name}" for place, found in enumerate(views[:40], start=1))
    advice = (
        f"There are: {known}." if views else "The model has none; leave --view out for an automatic layout."
    )
    raise error("PEN514", what="--view", value=view, advice=advice)
