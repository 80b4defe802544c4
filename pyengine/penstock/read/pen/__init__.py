r"""Penstock's own text, made to be written by hand and to be read in a diff.

One declaration a line. A line goes on where it ends in an operator, a comma or an opening bracket, and
where the next line is indented and starts with no ``in``, ``out`` or ``net``. ``#`` starts a comment::

    file       = { line }
    line       = "model" NAME [doc]
               | "time" expr "to" expr ["by" expr] { units | "save every" expr | "using" METHOD }
               | "group" NAME
               | "dim" NAME "=" NAME { "," NAME } [doc]
               | "unit" UNIT { "=" (UNIT | units of which it is made) }
               | ["non-negative"] "stock" left "=" values tail { stockline }
               | ["non-negative"] "flow" left "=" value tail
               | ("aux" | "const") left "=" value tail
               | "lookup" left "=" points tail
    stockline  = indented: ("in" | "out") NAME { "," NAME } | "net" expr
    left       = NAME [subscripts] ["except" subscripts { "," subscripts }]
    subscripts = "[" NAME { "," NAME } "]"
    value      = "lookup(" expr ";" points ")" | values ["initially" expr]
    values     = expr { ("," | ";") expr }          for each element, the last subscript fastest
    points     = "(" x "," y ")" { [","] "(" x "," y ")" } ["extrapolate" | "discrete"]
    tail       = { units | "slider" LOW "to" HIGH ["by" STEP] | doc }
    units      = "{" text "}"
    doc        = '"' text '"'                       \" and \\ and \n stand for themselves

A stock's value is its initial one; it changes by its flows ``in`` and ``out``, or by a ``net`` rate. An
expression after ``initially`` takes the place of the value while initial values are computed. A
graphical function holds its end values beyond its points, goes on with the end slopes (``extrapolate``)
or is a staircase (``discrete``). Elements may be given one by one, each in a declaration of its own.

Expressions have, from the loosest to the tightest: ``if a then b else c``; ``or``; ``and``; ``not``;
``= <> < <= > >=``; ``+ -``; ``* / mod``; signs; ``^``, which groups from the right. ``f(a, b)`` is a
function or a lookup, ``a[x, y]`` an element. Names hold letters, digits, spaces and ``_ $ '`` and count
without regard to case; the words ``and or not mod if then else initially slider`` end a name, and so
do ``to by using`` and ``save every`` in a ``time`` line. Any text between backquotes is a name too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from typing import Any

from ...errors import Diagnostic, PenstockError, error
from ...model import (
    Auxiliary,
    Dimension,
    Equation,
    Flow,
    Ident,
    Lookup,
    Model,
    SimSpecs,
    Stock,
    UnitDefinition,
    Unread,
    Variable,
    canonical,
)
from ...place import Source, Span
from .. import files
from ..dialects import PEN, PEN_TIME, Dialect, plain
from ..expression import Parser
from ..lexer import Token, passage
from ..recovery import recovering
from . import parts
from .lines import CHILDREN, Line, lines, rest

_KINDS: Mapping[str, type[Variable]] = {
    "stock": Stock,
    "flow": Flow,
    "aux": Auxiliary,
    "const": Auxiliary,
    "lookup": Lookup,
}
_NON_NEGATIVE = "non-negative"
_MAY_BE_NON_NEGATIVE = ("stock", "flow")


def read_pen(source: Source, findings: list[Diagnostic]) -> Model:
    """The model of a Penstock text; what is wrong with single lines goes to `findings`."""
    reader = _Reader(source)
    unread: list[Unread] = []
    for line in lines(source.text, _WORDS):
        if line.word in CHILDREN and reader.last is None and unread and unread[-1].name == reader.declaring:
            continue  # of a stock whose own line could not be read
        with recovering(findings, unread, partial(reader.name_of, line)):
            reader.read(line)
    return replace(reader.model(), unread=tuple(unread))


@dataclass(slots=True)
class _Declared:
    """A variable while its declarations are collected; `word` is the one that declares it."""

    word: str
    fields: dict[str, Any]
    equations: list[Equation] = field(default_factory=list)
    inflows: list[str] = field(default_factory=list)
    outflows: list[str] = field(default_factory=list)

    def variable(self) -> Variable:
        flows: dict[str, Any] = {}
        if self.word == "stock":
            flows = {"inflows": tuple(self.inflows), "outflows": tuple(self.outflows)}
        return _KINDS[self.word](equations=tuple(self.equations), **self.fields, **flows)


class _Reader:
    """What has been read so far, and a method for every kind of line."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.name = files.title(source)
        self.documentation = ""
        self.specs: SimSpecs | None = None
        self.dimensions: list[Dimension] = []
        self.units: list[UnitDefinition] = []
        self.declared: dict[Ident, _Declared] = {}
        self.group = ""
        self.last: _Declared | None = None
        self.declaring = ""  # the name that the last line outside of CHILDREN is about

    def model(self) -> Model:
        return Model(
            name=self.name,
            variables=tuple(item.variable() for item in self.declared.values()),
            specs=self.specs or SimSpecs(),
            dimensions=tuple(self.dimensions),
            documentation=self.documentation,
            units=tuple(self.units),
        )

    def read(self, line: Line) -> None:
        """Read one line by its first word."""
        if line.word not in CHILDREN:
            self.declaring = self.name_of(line)
        non_negative = line.word == _NON_NEGATIVE
        if non_negative:
            line = rest(self.source.text, line)
        known = _MAY_BE_NON_NEGATIVE if non_negative else _WORDS
        if line.word in _REFUSED:
            construct, advice = f"a {line.word} in Penstock text", _REFUSED[line.word]
            raise error("PEN401", self.word_of(line), construct=construct, advice=advice)
        if line.word not in known:
            raise self._unknown(line, known)
        if line.word in _KINDS:
            self.variable(line, non_negative)
        else:
            if line.word not in CHILDREN:
                self.last = None
            _READERS[line.word](self, line)

    def name_of(self, line: Line) -> str:
        """The name that a line is about, as far as it can be made out without reading it; empty for settings."""
        if line.word in CHILDREN:
            return self.declaring
        if line.word == _NON_NEGATIVE:
            line = rest(self.source.text, line)
        if line.word in _READERS and line.word != "dim":
            return ""
        name, equals, _ = self.text_of(line).partition("=")
        return plain(name.partition("[")[0].strip(" \t`")) if equals else ""

    def _unknown(self, line: Line, known: Sequence[str]) -> PenstockError:
        span = self.word_of(line)
        advice = f"A line starts with one of {', '.join(known)}."
        for close in get_close_matches(line.word, known, n=1):
            advice = f"Did you mean {close}? {advice}"
        return error("PEN105", span, text=span.text, advice=advice)

    def parser(self, line: Line, dialect: Dialect = PEN) -> Parser:
        """A parser for what follows the first word."""
        return Parser(passage(self.source, line.start + len(line.word), line.end), dialect)

    def word_of(self, line: Line) -> Span:
        """The first word, or the first character of a line that starts with none."""
        return Span(self.source, line.start, min(line.end, line.start + max(1, len(line.word))))

    def text_of(self, line: Line) -> str:
        """All that follows the first word."""
        return self.source.text[line.start + len(line.word) : line.end]

    # Lines about the model.

    def model_line(self, line: Line) -> None:
        """``model NAME "documentation"``"""
        name, quote, _ = self.text_of(line).partition('"')
        if quote:
            start = line.start + len(line.word) + len(name)
            parser = self.parser(Line(start, line.end, ""))
            self.documentation = parts.text_of(parser.expect("string", "the documentation"))
            parser.finish("the end of the line")
        self.name = plain(name)

    def group_line(self, line: Line) -> None:
        """``group NAME``"""
        self.group = plain(self.text_of(line))

    def time_line(self, line: Line) -> None:
        """``time A to B by DT {units} save every S using METHOD``"""
        parser = self.parser(line, PEN_TIME)
        if self.specs is not None:
            raise error("PEN106", parser.passage.whole(), what="the time line")
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
        self.specs = SimSpecs(**given)

    def dim_line(self, line: Line) -> None:
        """``dim NAME = element, element``"""
        parser = self.parser(line)
        name = parser.expect("name", "the name of a dimension")
        parser.expect("=")
        elements = parts.names(parser, "the name of an element")
        parser.finish("the end of the line")
        self.dimensions.append(Dimension(name.text, elements, span=parser.span_of(name)))

    def unit_line(self, line: Line) -> None:
        """``unit NAME = NAME = units``"""
        self.units.append(parts.unit(self.text_of(line), Span(self.source, line.start, line.end)))

    # Lines about a variable.

    def variable(self, line: Line, non_negative: bool) -> None:
        """A declaration of a variable, or of some elements of one."""
        self.last = None
        parser = self.parser(line)
        name = parser.expect("name", "the name of a variable")
        subscripts = parser.names() if parser.token.kind == "[" else ()
        exceptions = parts.exceptions(parser)
        parser.expect("=")
        if line.word == "lookup":
            equation = Equation(None, lookup=parts.read_points(parser, name.text))
        else:
            equation = parts.value(parser, name.text)
        span = parser.since(name)
        tail = parts.tail(parser)
        item = self._declare(line.word, name.text, subscripts, parser.span_of(name))
        item.equations.append(replace(equation, subscripts=subscripts, exceptions=exceptions, span=span))
        given = {"units": tail.units, "slider": tail.slider, "documentation": tail.documentation}
        item.fields.update((key, value) for key, value in given.items() if value is not None)
        if non_negative:
            item.fields["non_negative"] = True
        self.last = item

    def _declare(self, word: str, name: str, subscripts: tuple[str, ...], span: Span) -> _Declared:
        """The variable of a name, which may have been declared before if it is an array."""
        item = self.declared.get(canonical(name))
        if item is None:
            fields = {"name": name, "group": self.group, "span": span}
            item = self.declared[canonical(name)] = _Declared(word, fields)
        elif item.word != word:
            advice = "Declare all its elements alike."
            raise error("PEN206", span, name=name, kind=item.word, wanted=word, advice=advice)
        elif not subscripts or not item.equations[0].subscripts:
            raise error("PEN202", span, name=name)
        return item

    def flow_names(self, line: Line) -> None:
        """``in a, b`` or ``out a, b`` below a stock"""
        stock = self._stock(line)
        parser = self.parser(line)
        names = parts.names(parser, "the name of a flow")
        parser.finish("the end of the line")
        (stock.inflows if line.word == "in" else stock.outflows).extend(names)

    def net_rate(self, line: Line) -> None:
        """``net RATE`` below a stock"""
        stock = self._stock(line)
        stock.equations[-1] = replace(stock.equations[-1], rate=self.parser(line).whole())

    def _stock(self, line: Line) -> _Declared:
        if self.last is None or self.last.word != "stock":
            advice = "Indent it below the line of the stock that it belongs to."
            raise error(
                "PEN101", self.word_of(line), expected="a declaration", found=line.word, advice=advice
            )
        return self.last


_READERS: Mapping[str, Callable[[_Reader, Line], None]] = {
    "model": _Reader.model_line,
    "time": _Reader.time_line,
    "group": _Reader.group_line,
    "dim": _Reader.dim_line,
    "unit": _Reader.unit_line,
    "in": _Reader.flow_names,
    "out": _Reader.flow_names,
    "net": _Reader.net_rate,
}
_WORDS = (*_KINDS, *_READERS, _NON_NEGATIVE)
_REFUSED: Mapping[str, str] = {
    "module": "Write its variables into the model, with names like `module.variable`.",
    "macro": "Write its equations out where it is used.",
}
