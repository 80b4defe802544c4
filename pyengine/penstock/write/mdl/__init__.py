"""Vensim's ``.mdl``, so that Vensim opens it and Penstock reads the same model back, but for what is listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...model import Group, Macro, Model
from ...read.dialects import MDL
from ..expression import Printer
from ..losses import Losses, Written
from .arrays import Arrays
from .equations import Equations
from .plain import plain
from .settings import controls, heading, settings
from .sketch import written_views
from .unsaid import list_unsaid


def write_mdl(model: Model) -> Written:
    """The text of a Vensim file. Raises what `without_modules` does of modules that make no model."""
    losses = Losses("Vensim")
    model = plain(model, losses)
    dialect = replace(MDL, macros=frozenset(macro.ident for macro in model.macros))
    printer = Printer(dialect, losses)
    sizes = {item.name: len(item.elements) for item in model.dimensions}
    equations = Equations(printer, Arrays(model, losses), sizes)
    text = "".join(
        (
            "{UTF-8}\n",
            *(_macro(macro, model, equations) for macro in model.macros),
            *map(equations.dimension, model.dimensions),
            *_grouped(model, equations),
            controls(model, equations),
            written_views(model.views, printer),
            settings(model, equations),
        )
    )
    list_unsaid(model, text, equations.listed, losses)
    return Written(text, tuple(losses.found))


def _macro(macro: Macro, model: Model, outside: Equations) -> str:
    """A macro's head, its equations, whose names are its own, and its end."""
    arrays = Arrays(replace(model, variables=macro.variables), outside.losses)
    equations = Equations(outside.printer, arrays, outside.sizes)
    names = equations.printer.names
    outputs = f" : {names(macro.outputs)}" if macro.outputs else ""
    head = f":MACRO: {names([macro.name])}({names(item.name for item in macro.parameters)}{outputs})"
    return f"{head}\n{''.join(map(equations.variable, macro.variables))}:END OF MACRO:\n\n"


def _grouped(model: Model, equations: Equations) -> Iterator[str]:
    """The variables in their order, with a heading where a group begins; groups of none stand before the next."""
    used = {variable.group for variable in model.variables}
    waiting = list(model.groups)
    group = ""

    def headed(name: str, documentation: str) -> str:
        return heading(name, equations.documentation(documentation, f"the group {name}"))

    def empty() -> Iterator[str]:
        while waiting and waiting[0].name not in used:
            yield headed(waiting[0].name, waiting.pop(0).documentation)

    for variable in model.variables:
        if variable.group != group:
            group = variable.group
            yield from empty()
            about = next((item for item in waiting if item.name == group), Group(group))
            waiting = [item for item in waiting if item is not about]
            yield headed(group, about.documentation)
        yield equations.variable(variable)
    yield from empty()
