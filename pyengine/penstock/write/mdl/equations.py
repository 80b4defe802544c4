"""Vensim's equations: blocks of an equation, units, documentation and flags."""

from __future__ import annotations

import re
from math import copysign

from ...expr import ArrayLiteral, Expr, Number
from ...model import DataKind, Dimension, Equation, External, Ident, Lookup, Points, Stock, Variable
from ...read.dialects import MDL
from ...read.mdl.equations import join_units
from ..expression import Printer, number, parts, wrapped
from .arrays import Arrays

WIDTH = 80
_JOINT = "\\\n\t\t"

_DATA_WORDS: dict[DataKind, str] = {
    "interpolate": ":INTERPOLATE:",
    "hold": ":HOLD BACKWARD:",
    "forward": ":LOOK FORWARD:",
    "raw": ":RAW:",
}

_CONTINUED = re.compile(r"\\+$", re.MULTILINE)
_END = re.compile(r"~(?=\s*(?:\Z|:))")
_GAP = re.compile(r"(?<=\S )(?=\S)")


class Equations:
    """Writes the blocks of variables and dimensions; `sizes` are the numbers of elements of dimensions by name.

    Variables that are `listed` are among the losses.
    """

    def __init__(self, printer: Printer, arrays: Arrays, sizes: dict[str, int]) -> None:
        self.printer = printer
        self.arrays = arrays
        self.losses = printer.losses
        self.sizes = sizes
        self.listed: set[Ident] = set()

    def variable(self, variable: Variable) -> str:
        """All blocks of a variable; what they share stands with the last."""
        before = len(self.losses.found)
        text = self._variable(variable)
        if len(self.losses.found) > before:
            self.listed.add(variable.ident)
        return text

    def _variable(self, variable: Variable) -> str:
        *others, last = (self._equation(variable, equation) for equation in variable.equations)
        step = variable.slider.step if variable.slider else None
        limits = variable.value_range
        if limits is None and variable.slider:
            limits = (variable.slider.low, variable.slider.high)
        units = join_units(self.plain(variable.units, f"the units of {variable.name}"), limits, step)
        flags = "\n\t~\t:SUPPLEMENTARY" if variable.supplementary else ""
        documentation = self.documentation(variable.documentation, variable.name)
        return "".join(f"{text} ~~|\n" for text in others) + block(last, units, documentation, flags)

    def dimension(self, dimension: Dimension) -> str:
        """A subscript range."""
        name, documentation = self.printer.name(dimension.name), dimension.documentation
        if dimension.same_as:
            text = f"{name} <-> {self.printer.name(dimension.same_as)}"
        else:
            elements = self.printer.names(dimension.elements)
            text = f"{name}: {self.external(dimension.external) if dimension.external else elements}"
        if dimension.mappings:
            text += " -> " + ", ".join(
                f"({self.printer.name(item.target)}: {self.printer.names(item.elements)})"
                if item.elements
                else self.printer.name(item.target)
                for item in dimension.mappings
            )
        return block(self.lines(text), "", self.documentation(documentation, dimension.name))

    def plain(self, text: str, what: str) -> str:
        """A field's text without the characters that end fields."""
        clean = _tidy(_CONTINUED.sub("", text.replace("|", "/").replace("~", "-")))
        if clean != text:
            self.losses.written_as(what, repr(clean))
        return clean

    def documentation(self, text: str, name: str) -> str:
        """Documentation on lines of a readable length, without what would end it."""
        clean = _CONTINUED.sub("", text.replace("|", "/"))
        clean = _END.sub("-", clean)
        clean = _tidy(clean)
        if clean != text:
            self.losses.written_as(f"the documentation of {name} as it is", "plain lines without | and ~")
        return "\n\t\t".join(wrapped(_GAP.split(line), WIDTH, f" {_JOINT}") for line in clean.split("\n"))

    def _equation(self, variable: Variable, equation: Equation) -> str:
        """Everything before the units."""
        left = self.printer.name(variable.name)
        if equation.subscripts:
            left += f"[{self.printer.names(equation.subscripts)}]"
        if equation.exceptions:
            groups = ", ".join(f"[{self.printer.names(names)}]" for names in equation.exceptions)
            left += f" :EXCEPT: {groups}"
        if equation.data:
            return self._data(left, equation, equation.data)
        if isinstance(variable, Lookup):
            if equation.external:
                return f"{left}({self.external(equation.external)})"
            return f"{left}{self._points(equation.lookup, variable)}" if equation.lookup else left
        if isinstance(variable, Stock):
            rate = self.arrays.rate(variable, equation)
            return f"{left}= INTEG (\n\t{self.text(rate)},\n\t\t{self.text(equation.expr)})"
        return f"{left}={self._right(variable, equation)}"

    def _right(self, variable: Variable, equation: Equation) -> str:
        """What follows the equals sign."""
        if equation.external:
            return f"\n\t{self.external(equation.external)}"
        expr = equation.expr
        if isinstance(expr, ArrayLiteral):
            return f"\n\t{self._array(expr, equation)}"
        if equation.lookup:
            points = self._points(equation.lookup, variable)
            if equation.initial:
                self.losses.left_out(f"the initial value of {variable.name}", equation.span)
            return f" WITH LOOKUP (\n\t{self.text(expr)},\n\t\t{points} )"
        if equation.initial:
            return f" ACTIVE INITIAL (\n\t{self.text(expr)},\n\t\t{self.text(equation.initial)})"
        return f"\n\t{self.text(expr)}"

    def _data(self, left: str, equation: Equation, kind: DataKind) -> str:
        word = "" if kind == "interpolate" and not equation.external else f" {_DATA_WORDS[kind]}"
        if equation.external:
            return f"{left}{word} =\n\t{self.external(equation.external)}"
        return f"{left}{word} :=\n\t{self.text(equation.expr)}" if equation.expr else f"{left}{word}"

    def text(self, expr: Expr | None) -> str:
        """An expression on as many lines as it takes."""
        return self.lines(self.printer.expression(expr or Number(0.0)))

    def lines(self, text: str) -> str:
        return wrapped(parts(text, MDL), WIDTH, _JOINT)

    def _array(self, array: ArrayLiteral, equation: Equation) -> str:
        """Values with commas; rows of a table end with semicolons. Negative ones are numbers in tabbed arrays only."""
        row = self.sizes.get(equation.subscripts[-1], 0) if len(equation.subscripts) > 1 else 0
        numbers = [item.value for item in array.elements if isinstance(item, Number)]
        if len(numbers) == len(array.elements) and any(copysign(1.0, value) < 0 for value in numbers):
            return self._tabbed(list(map(self.printer.number, numbers)), row or len(numbers))
        values = [self.printer.expression(element) for element in array.elements]
        if not row or len(values) % row:
            return self.lines(", ".join(values)) + (";" if len(values) == 1 else "")
        rows = (", ".join(values[at : at + row]) for at in range(0, len(values), row))
        return "".join(f"{self.lines(line)};{_JOINT}" for line in rows).removesuffix(_JOINT)

    def _tabbed(self, values: list[str], row: int) -> str:
        rows = ("\t".join(values[at : at + row]) for at in range(0, len(values), row))
        table = "\n\t\t".join(rows)
        return f"TABBED ARRAY(\n\t\t{table})"

    def _points(self, points: Points, variable: Variable) -> str:
        """``([(x,y)-(x,y)],(x,y),…)``"""
        if points.kind != "continuous":
            self.losses.written_as(
                f"the way between the points of {variable.name} ({points.kind})", "straight lines"
            )
        pairs = [f"({number(x)},{number(y)})" for x, y in zip(points.x, points.y, strict=True)]
        if points.x_range or points.y_range:
            (left, right), (bottom, top) = _range(points.x_range, points.x), _range(points.y_range, points.y)
            corners = f"({number(left)},{number(bottom)})-({number(right)},{number(top)})"
            pairs.insert(0, f"[{corners}]")
        lines = [""]
        for pair in pairs:
            if len(lines[-1]) > WIDTH:
                lines.append("")
            lines[-1] += f"{pair},"
        return f"({_JOINT.join(lines).removesuffix(',')})"

    def external(self, external: External) -> str:
        fields = {
            "data": (external.file, external.tab, external.along, external.cell),
            "lookups": (external.file, external.tab, external.along, external.cell),
            "constants": (external.file, external.tab, external.cell),
            "subscript": (external.file, external.tab, external.cell, external.last, external.prefix),
        }[external.what]
        return f"GET DIRECT {external.what.upper()}({', '.join(map(_string, fields))})"


def block(equation: str, units: str, documentation: str, flags: str = "") -> str:
    """An equation with what is said about it."""
    return f"{equation}\n\t~\t{units}\n\t~\t{documentation}{flags}\n\t|\n\n"


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def _range(given: tuple[float, float] | None, values: tuple[float, ...]) -> tuple[float, float]:
    return given or (min(values), max(values))


def _string(text: str) -> str:
    """A text in single quotes; in double ones where it holds what would end the block."""
    if any(mark in text for mark in "'|~{"):
        return '"' + text.replace('"', '\\"') + '"'
    return f"'{text}'"
