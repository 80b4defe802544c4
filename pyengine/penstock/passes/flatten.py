"""Pass 0: one flat model. Modules become variables with qualified names, macros are written out."""

from __future__ import annotations

from ..model import Model
from .macros import without_macros
from .modules import without_modules


def flatten(model: Model) -> Model:
    """The same model without modules and macros; itself where it has none."""
    if model.modules:
        model = without_modules(model)
    return without_macros(model) if model.macros else model
