"""Vensim's ``.mdl``, so that Vensim opens it and Penstock reads the same model back, but for what is listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...model import Macro, Model, Variable, canonical
from ...passes.modules import without_modules
from ...read.dialects import MDL
from ..expression import Printer
from ..losses import Losses, Written
from .equations import Equations, block
from .settings import controls, heading, settings
from .sketch import END, written_views


def write_mdl(model: Model) -> Written:
    """The text of a Vensim file. Raises what `without_modules` does of modules that make no model."""
    losses = Losses("Vensim")
    model = _plain(model, losses)
    dialect = replace(MDL, macros=frozenset(macro.ident for macro in model.macros))
    printer = Printer(dialect, losses)
    sizes = {item.name: len(item.elements) for item in model.dimensions}
    equations = Equations(printer, sizes)
    text = "".join(
        (
            "{UTF-8}\n",
            *(_macro(macro, equations) for macro in model.macros),
            *map(equations.dimension, model.dimensions),
            *_grouped(model, equations),
            controls(model, equations),
            written_views(model.views, printer),
            END,
            settings(model, equations),
        )
    )
    return Written(text, tuple(losses.found))
