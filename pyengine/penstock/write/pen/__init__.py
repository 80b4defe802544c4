"""Penstock's own text: a declaration a line, in the order of the model, its diagrams at the end.

It says all that a `Model` holds; `read.pen` has the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ...model import Dimension, DimensionMapping, Ident, Kept, Macro, Model, Module, SimSpecs, Variable
from ...read.dialects import PEN, PEN_TIME
from ..expression import Printer, parts
from ..foreign import list_unread
from ..losses import Losses, Written
from . import texts, variables, views


def write_pen(model: Model) -> Written:
    """The model and what of it was lost, which is nothing for any model that was read."""
    losses = Losses("Penstock text")
    list_unread(model, losses)
    writer = _Writer(losses, frozenset(macro.ident for macro in model.macros))
    text = _BLANKS.sub("\n\n", "\n".join(writer.main(model)))
    return Written(text.strip("\n") + "\n", tuple(losses.found))


_BLANKS = re.compile("\n{3,}")


class _Writer:
    """The lines of a model; every section has a blank line before it."""

    def __init__(self, losses: Losses, macros: frozenset[Ident]) -> None:
        self.printer = Printer(replace(PEN, macros=macros), losses)
        self.clock = Printer(replace(PEN_TIME, macros=macros), losses)

    def main(self, model: Model) -> Iterator[str]:
        yield texts.title("model", model.name, model.documentation)
        yield self.specs(model.specs)
        if model.units:
            yield ""
            yield from map(texts.unit, model.units)
        if model.dimensions:
            yield ""
            yield from map(self.dimension, model.dimensions)
        for macro in model.macros:
            yield ""
            yield self.macro_head(macro)
            yield from texts.indented(variables.lines(self.printer, macro.variables))
            yield from texts.indented(self.keep(macro.kept, macro.variables, ()))
        yield ""
        yield from self.body(model)
        for submodel in model.submodels:
            yield ""
            yield texts.title("submodel", submodel.name, submodel.documentation)
            yield from texts.indented(self.submodel(submodel, model.specs))
        for view in model.views:
            yield ""
            yield from views.lines(self.printer, view)
        yield ""
        yield from self.keep(model.kept, model.variables, model.modules)

    def submodel(self, model: Model, clock: SimSpecs) -> Iterator[str]:
        if model.specs != clock:
            yield self.specs(model.specs)
            yield ""
        for what in ("dimensions", "units", "macros", "submodels"):
            if getattr(model, what):
                self.printer.losses.left_out(f"{what} of the submodel {model.name}")
        yield from self.body(model)
        for view in model.views:
            yield from views.lines(self.printer, view)
        yield from self.keep(model.kept, model.variables, model.modules)

    def keep(
        self, own: tuple[Kept, ...], variables: tuple[Variable, ...], modules: tuple[Module, ...]
    ) -> Iterator[str]:
        """What other formats say besides the model, if there is any of it."""
        owners: list[tuple[str, tuple[Kept, ...]]] = [("this", own)]
        owners += [(f"variable {self.printer.name(item.name)}", item.kept) for item in variables]
        owners += [(f"module {self.printer.name(item.name)}", item.kept) for item in modules]
        found = [(owner, kept) for owner, all_kept in owners for kept in all_kept]
        if found:
            yield "keep"
        for owner, kept in found:
            head = f"  {owner} {texts.text(kept.format)} {texts.text(kept.part)}"
            yield "\n    ".join([head, *map(texts.text, kept.text.split("\n"))])

    def body(self, model: Model) -> Iterator[str]:
        """What main models and submodels have alike."""
        yield from variables.lines(self.printer, model.variables, model.groups)
        for module in model.modules:
            yield from self.module(module)

    def specs(self, specs: SimSpecs) -> str:
        show = self.clock.expression
        text = f"time {show(specs.start)} to {show(specs.stop)} by {show(specs.dt)}{texts.units(specs.time_units)}"
        if specs.save_step is not None:
            text += f" save every {show(specs.save_step)}"
        return text if specs.method == "euler" else f"{text} using {specs.method}"

    def dimension(self, dimension: Dimension) -> str:
        name = self.printer.name(dimension.name)
        if dimension.same_as:
            text = f"{name} <-> {self.printer.name(dimension.same_as)}"
        elif dimension.external is not None:
            text = f"{name} = {texts.file(dimension.external)}"
        else:
            text = f"{name} = {texts.elements(self.printer, dimension.elements)}"
        if dimension.mappings:
            text += f" -> {', '.join(map(self.mapping, dimension.mappings))}"
        return texts.documented(texts.wrapped(parts(f"dim {text}", PEN)), dimension.documentation)

    def mapping(self, mapping: DimensionMapping) -> str:
        target = self.printer.name(mapping.target)
        if not mapping.elements:
            return target
        return f"({target}: {texts.elements(self.printer, mapping.elements)})"

    def macro_head(self, macro: Macro) -> str:
        show = self.printer
        inputs = [
            show.name(item.name) + (f" = {show.expression(item.default)}" if item.default is not None else "")
            for item in macro.parameters
        ]
        outputs = f" : {show.names(macro.outputs)}" if macro.outputs else ""
        text = f"macro {show.name(macro.name)}({', '.join(inputs)}{outputs})"
        if macro.value is not None:
            text += f" = {show.expression(macro.value)}"
        return texts.documented(texts.wrapped(parts(text, PEN)), macro.documentation)

    def module(self, module: Module) -> Iterator[str]:
        text = f"module {self.printer.name(module.name)}"
        if module.model:
            text += f" = {self.printer.name(module.model)}"
        yield texts.documented(text + texts.units(module.units), module.documentation)
        for item in module.connections:
            yield f"  connect {self.printer.name(item.target)} = {self.printer.name(item.source)}"
