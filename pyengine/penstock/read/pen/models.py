"""The lines about a model, and the blocks that it holds: macros, submodels and views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import error
from ...expr import Expr
from ...model import (
    Dimension,
    Macro,
    Model,
    Parameter,
    SimSpecs,
    UnitDefinition,
    View,
    canonical,
)
from ..dialects import PEN_TIME, Dialect
from ..expression import Parser
from ..lexer import Token
from . import parts
from .lines import Line
from .variables import Declared, Variables, title


class ModelBlock(Variables):
    """A model, or with a `header` a submodel, while its lines are read."""

    def __init__(self, dialect: Dialect, name: str, header: Line | None = None) -> None:
        super().__init__(dialect)
        self.header = header
        self.name = name
        self.documentation = ""
        self.specs: SimSpecs | None = None
        self.dimensions: list[Dimension] = []
        self.units: list[UnitDefinition] = []
        self.macros: list[Macro] = []
        self.submodels: list[ModelBlock] = []
        self.views: list[View] = []

    def open(self) -> None:
        """``submodel NAME "documentation"``"""
        assert self.header is not None
        self.name, self.documentation = title(self.header)

    def model(self, specs: SimSpecs) -> Model:
        """The model; submodels without a clock have this one's, `specs` where it says nothing."""
        specs = self.specs or specs
        return Model(
            name=self.name,
            variables=self.variables(),
            specs=specs,
            dimensions=tuple(self.dimensions),
            views=tuple(self.views),
            documentation=self.documentation,
            macros=tuple(self.macros),
            modules=tuple(item.module() for item in self.modules.values()),
            submodels=tuple(block.model(specs) for block in self.submodels),
            units=tuple(self.units),
            groups=tuple(self.groups),
            kept=tuple(self.kept),
        )

    def model_line(self, line: Line) -> None:
        """``model NAME "documentation"``"""
        self.name, self.documentation = title(line)

    def time_line(self, line: Line) -> None:
        """``time A to B by DT {units} save every S using METHOD``"""
        if self.specs is not None:
            raise error("PEN106", line.parser(PEN_TIME).passage.whole(), what="the time line")
        self.specs = line.part("time", _specs)

    def dim_line(self, line: Line) -> None:
        """``dim NAME = element, element -> other, (third: element, element) "documentation"``
        or ``dim NAME <-> other``"""
        parser = line.parser()
        name = parser.expect("name", "the name of a dimension")
        given: dict[str, Any] = {"elements": ()}
        if parser.accept("<->"):
            given["same_as"] = parser.expect("name", "the name of a dimension").text
        else:
            parser.expect("=", advice="Write = and what it is equal to.")
            given["external"] = parts.file(parser, "subscript")
            if given["external"] is None:
                given["elements"] = parts.names(parser, "the name of an element")
            given["mappings"] = parts.mappings(parser)
        if parser.token.kind == "string":
            given["documentation"] = parts.texts(parser)
        parser.finish("the end of the line")
        self.dimensions.append(Dimension(name.text, **given, span=parser.span_of(name)))

    def unit_line(self, line: Line) -> None:
        """``unit NAME = NAME = units``"""
        self.units.append(parts.unit(line.text, line.span))

    def module_line(self, line: Line) -> None:
        """``module NAME = MODEL {units} "documentation"``"""
        parser = line.parser(self.dialect)
        name = parser.expect("name", "the name of a module")
        model = parser.expect("name", "the name of a submodel").text if parser.accept("=") else ""
        span = parser.since(name)
        tail = parts.tail(parser)
        if tail.slider is not None:
            raise error("PEN105", line.span, text="slider", advice="Only constants have sliders.")
        if canonical(name.text) in self.modules:
            raise error("PEN202", parser.span_of(name), name=name.text)
        given = {"units": tail.units or "", "documentation": tail.documentation or ""}
        self.last = Declared("module", {"name": name.text, "model": model, **given, "span": span})
        self.modules[canonical(name.text)] = self.last


@dataclass(slots=True)
class _Head:
    """What a macro's own line says."""

    name: str = ""
    parameters: list[Parameter] = field(default_factory=list)
    outputs: tuple[str, ...] = ()
    value: Expr | None = None
    documentation: str = ""


def _specs(line: Line) -> SimSpecs:
    parser = line.parser(PEN_TIME)
    given: dict[str, Any] = {"start": parser.expression()}
    parser.expect("to", "an operator or `to`")
    given["stop"] = parser.expression()
    clauses: Mapping[str, tuple[str, Callable[[Token], object]]] = {
        "by": ("dt", lambda token: parser.expression()),
        "save every": ("save_step", lambda token: parser.expression()),
        "using": ("method", lambda token: parts.method(parser)),
        "units": ("time_units", parts.text_of),
    }
    while parser.token.kind in clauses:
        token = parser.advance()
        key, read = clauses[token.kind]
        if key in given:
            raise error("PEN106", parser.span_of(token), what=f"`{token.text}`")
        given[key] = read(token)
    parser.finish("the end of the line")
    return SimSpecs(**given)


class MacroBlock(Variables):
    """A macro while its lines are read."""

    def __init__(self, dialect: Dialect, header: Line) -> None:
        super().__init__(dialect)
        self.header = header
        self.head = _Head()

    def open(self) -> None:
        """``macro NAME(a, b = default : output, output) = value "documentation"``"""
        parser = self.header.parser(self.dialect)
        self.head.name = parser.expect("name", "the name of a macro").text
        opened = parser.expect("(", "the inputs of the macro: (")
        if parser.token.kind == "name":
            self.head.parameters.append(_parameter(parser))
            while parser.accept(","):
                self.head.parameters.append(_parameter(parser))
        if parser.accept(":"):
            self.head.outputs = parts.names(parser, "the name of an output")
        parser.close(")", opened, "a comma or ")
        if parser.accept("="):
            self.head.value = parser.expression()
        if parser.token.kind == "string":
            self.head.documentation = parts.texts(parser)
        parser.finish("the end of the line")

    def macro(self) -> Macro:
        head = self.head
        return Macro(
            head.name,
            tuple(head.parameters),
            self.variables(),
            head.outputs,
            head.value,
            head.documentation,
            self.header.span,
            tuple(self.kept),
        )


def _parameter(parser: Parser) -> Parameter:
    """``NAME``, or ``NAME = default``"""
    name = parser.expect("name", "the name of an input").text
    return Parameter(name, parser.expression() if parser.accept("=") else None)
