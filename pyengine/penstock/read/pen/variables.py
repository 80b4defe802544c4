"""Declarations of variables, and the indented lines below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args

from ...changing import replace
from ...errors import PenstockError, error
from ...model import (
    Access,
    Auxiliary,
    Connection,
    Conveyor,
    DataKind,
    Equation,
    Flow,
    Group,
    Ident,
    Kept,
    Leak,
    Lookup,
    Module,
    Stock,
    Variable,
    canonical,
)
from ...place import Span
from ..dialects import PEN_TIME, Dialect, plain
from ..expression import Parser
from . import parts
from .lines import Line

KINDS: Mapping[str, type[Variable]] = {
    "stock": Stock,
    "flow": Flow,
    "aux": Auxiliary,
    "const": Auxiliary,
    "data": Auxiliary,
    "lookup": Lookup,
}
"""The words that declare a variable."""


@dataclass(frozen=True, slots=True)
class _Modifier:
    """A word before a declaration: the field that it sets, and the declarations that it goes with."""

    field: str
    value: object
    kinds: tuple[str, ...] = tuple(KINDS)


_INPUT: Access = "input"
_OUTPUT: Access = "output"
_DATA: tuple[DataKind, ...] = get_args(DataKind)

MODIFIERS: Mapping[str, _Modifier] = {
    "non-negative": _Modifier("non_negative", True, ("stock", "flow")),
    "input": _Modifier("access", _INPUT),
    "output": _Modifier("access", _OUTPUT),
    "supplementary": _Modifier("supplementary", True),
    **{kind: _Modifier("data", kind, ("data", "aux", "stock", "flow")) for kind in _DATA},
}


@dataclass(slots=True)
class Declared:
    """A variable or a module while its lines are collected; `word` is the one that declares it."""

    word: str
    fields: dict[str, Any]
    is_array: bool = False
    equations: list[Equation] = field(default_factory=list)
    inflows: list[str] = field(default_factory=list)
    outflows: list[str] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def variable(self) -> Variable:
        flows: dict[str, Any] = {}
        if self.word == "stock":
            flows = {"inflows": tuple(self.inflows), "outflows": tuple(self.outflows)}
        return KINDS[self.word](
            equations=tuple(self.equations), kept=tuple(self.kept), **self.fields, **flows
        )

    def module(self) -> Module:
        return Module(connections=tuple(self.connections), kept=tuple(self.kept), **self.fields)

    def give(self, line: Line, key: str, value: object) -> None:
        """Set a field that only one line may set."""
        if key in self.fields:
            raise error("PEN106", line.first, what=f"`{line.word}`")
        self.fields[key] = value


class Variables:
    """The variables of a model or a macro, in the order of their first lines."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.declared: dict[Ident, Declared] = {}
        self.modules: dict[Ident, Declared] = {}
        self.groups: list[Group] = []
        self.kept: list[Kept] = []
        self.group = ""
        self.last: Declared | None = None

    def variables(self) -> tuple[Variable, ...]:
        return tuple(item.variable() for item in self.declared.values())

    def group_line(self, line: Line) -> None:
        """``group NAME "documentation"``"""
        self.group, documentation = title(line)
        if documentation:
            self.groups.append(Group(self.group, documentation))

    def variable_line(self, line: Line) -> None:
        """A declaration of a variable, or of some elements of one, with the modifiers before it."""
        given: dict[str, Any] = {}
        modifiers: list[Line] = []
        while line.word in MODIFIERS:
            modifier = MODIFIERS[line.word]
            if modifier.field in given:
                raise error("PEN106", line.first, what=f"`{line.word}`")
            given[modifier.field] = modifier.value
            modifiers.append(line)
            line = line.rest()
        for before in modifiers:
            kinds = MODIFIERS[before.word].kinds
            if line.word not in kinds:
                advice = f"After {before.word} comes {' or '.join(kinds)}."
                raise error("PEN105", line.first, text=line.first.text, advice=advice)
        self._declaration(line, given)

    def _declaration(self, line: Line, given: dict[str, Any]) -> None:
        kind, dialect = given.pop("data", None), self.dialect
        key = ("declaration", kind, dialect.macros)
        found = line.part(key, lambda part: _read_declaration(part, kind, dialect))
        item = self._declare(line.word, found.name, found.subscripts, found.at)
        if found.equation is not None:
            item.equations.append(found.equation)
        elif found.subscripts:
            item.fields["dims"] = found.subscripts
        tail = found.tail
        given |= {"units": tail.units, "slider": tail.slider, "documentation": tail.documentation}
        item.fields.update((key, value) for key, value in given.items() if value is not None)
        self.last = item

    def _declare(self, word: str, name: str, subscripts: tuple[str, ...], span: Span) -> Declared:
        """The variable of a name, which may have been declared before if it is an array."""
        item = self.declared.get(canonical(name))
        if item is None:
            fields = {"name": name, "group": self.group, "span": span}
            item = self.declared[canonical(name)] = Declared(word, fields, bool(subscripts))
        elif KINDS[item.word] is not KINDS[word]:
            advice = "Declare all its elements alike."
            raise error("PEN206", span, name=name, kind=item.word, wanted=word, advice=advice)
        elif not subscripts or not item.is_array:
            raise error("PEN202", span, name=name)
        return item

    def child_line(self, line: Line) -> None:
        """A line below the declaration that it belongs to."""
        owners, read = _CHILDREN[line.word]
        if self.last is None or self.last.word not in owners:
            owner = "variable" if len(owners) > 1 else owners[0]
            advice = f"Indent it below the line of the {owner} that it belongs to."
            raise error("PEN101", line.first, expected="a declaration", found=line.word, advice=advice)
        read(self.last, line, line.parser(self.dialect))


class _Declaration(NamedTuple):
    """What one line says of a variable, whose name stands `at`; a question mark in place of the equation: None."""

    name: str
    at: Span
    subscripts: tuple[str, ...]
    equation: Equation | None
    tail: parts.Tail


def _read_declaration(line: Line, kind: DataKind | None, dialect: Dialect) -> _Declaration:
    parser = line.parser(dialect)
    name = parser.expect("name", "the name of a variable")
    subscripts = parts.subscripts(parser) if parser.token.kind == "[" else ()
    exceptions = parts.exceptions(parser)
    equation = _equation(line.word, parser, name.text, kind)
    if equation is not None:
        span = parser.since(name)
        equation = replace(equation, subscripts=subscripts, exceptions=exceptions, span=span)
    return _Declaration(name.text, parser.span_of(name), subscripts, equation, parts.tail(parser))


def title(line: Line) -> tuple[str, str]:
    """``NAME "documentation"``, where the name is any text, in backquotes if it holds a ``"`` or a ``#``."""
    name, quote, _ = line.text.partition('"')
    if line.text.lstrip().startswith("`"):
        parser = line.parser()
        token = parser.expect("name", "a name")
        name = parser.span_of(token).text[1:-1].replace("``", "`")
    elif quote:
        start = line.start + len(line.word) + len(name)
        parser = Line(line.source, start, line.end, "").parser()
        name = plain(name)
    else:
        return plain(name), ""
    documentation = parts.texts(parser) if parser.token.kind == "string" else ""
    parser.finish("the end of the line")
    return name, documentation


def _equation(word: str, parser: Parser, name: str, kind: DataKind | None) -> Equation | None:
    """What stands behind the name and its subscripts; None where a question mark says that there is nothing."""
    if parser.token.kind == "=" and parser.peek() == "?":
        parser.advance()
        parser.advance()
        return None
    if word == "data" or kind is not None:
        return parts.data(parser, kind or "interpolate")
    parser.expect("=", advice="Write = and what it is equal to.")
    return parts.lookup(parser, name) if word == "lookup" else parts.value(parser, name)


def _flow_names(item: Declared, line: Line, parser: Parser) -> None:
    """``in a, b`` or ``out a, b``"""
    names = parts.names(parser, "the name of a flow")
    parser.finish("the end of the line")
    (item.inflows if line.word == "in" else item.outflows).extend(names)


def _net_rate(item: Declared, line: Line, parser: Parser) -> None:
    """``net RATE``, of the equation before it"""
    if not item.equations or item.equations[-1].rate is not None:
        raise error(
            "PEN106" if item.equations else "PEN208", line.first, what="`net`", name=item.fields["name"]
        )
    rate = line.part(("net", parser.dialect.macros), lambda part: part.parser(parser.dialect).whole())
    item.equations[-1] = replace(item.equations[-1], rate=rate)


def _range(item: Declared, line: Line, parser: Parser) -> None:
    """``range LOW to HIGH``"""
    parser = line.parser(PEN_TIME)
    item.give(line, "value_range", parts.limits(parser))
    parser.finish("the end of the line")


def _conveyor(item: Declared, line: Line, parser: Parser) -> None:
    """``conveyor LENGTH``"""
    item.give(line, "conveyor", Conveyor(parser.whole(), span=line.span))


_BELT: Mapping[str, str] = {
    "capacity": "capacity",
    "limit": "in_limit",
    "sample": "sample",
    "arrest": "arrest",
}
OPTIONS: Mapping[str, tuple[str, bool]] = {
    "discrete": ("discrete", True),
    "exponential": ("exponential", True),
    "many at a time": ("one_at_a_time", False),
    "batch integrity": ("batch_integrity", True),
}


def _belt(item: Declared, line: Line) -> Conveyor:
    belt = item.fields.get("conveyor")
    if not isinstance(belt, Conveyor):
        raise _no_conveyor(line)
    return belt


def _no_conveyor(line: Line) -> PenstockError:
    advice = "Write `conveyor` and its length of time in the line before."
    return error("PEN101", line.first, expected="a conveyor", found=line.word, advice=advice)


def _belt_field(item: Declared, line: Line, parser: Parser) -> None:
    """``capacity VALUE`` and its like"""
    belt, key = _belt(item, line), _BELT[line.word]
    if getattr(belt, key) is not None:
        raise error("PEN106", line.first, what=f"`{line.word}`")
    given: dict[str, Any] = {key: parser.whole()}
    item.fields["conveyor"] = replace(belt, **given)


def _options(item: Declared, line: Line, parser: Parser) -> None:
    """``as discrete, exponential``"""
    belt = _belt(item, line)
    for name in parts.names(parser, f"one of {', '.join(OPTIONS)}"):
        if name.lower() not in OPTIONS:
            advice = f"A conveyor may be {', '.join(OPTIONS)}."
            raise error("PEN105", line.span, text=name, advice=advice)
        given: dict[str, Any] = dict([OPTIONS[name.lower()]])
        belt = replace(belt, **given)
    parser.finish("the end of the line")
    item.fields["conveyor"] = belt


def _flag(item: Declared, line: Line, parser: Parser) -> None:
    """``queue`` or ``overflow``"""
    parser.finish("the end of the line")
    item.give(line, line.word, True)


def _leak(item: Declared, line: Line, parser: Parser) -> None:
    """``leak``, or ``leak START to END``"""
    parser = line.parser(PEN_TIME)
    zone = (0.0, 1.0)
    if parser.token.kind != "end":
        start = parser.signed_number()
        parser.expect("to")
        zone = (start, parser.signed_number())
        if not 0.0 <= zone[0] <= 1.0 or not 0.0 <= zone[1] <= 1.0:
            advice = "Write fractions of the conveyor's length, from 0 to 1."
            raise error("PEN514", line.span, what="the zone", value=line.text.strip(), advice=advice)
    parser.finish("the end of the line")
    item.give(line, "leak", Leak(*zone, span=line.span))


def _connect(item: Declared, line: Line, parser: Parser) -> None:
    """``connect TARGET = SOURCE``"""
    target = parser.expect("name", "the name of an input")
    parser.expect("=")
    source = parser.expect("name", "the name of a variable")
    parser.finish("the end of the line")
    item.connections.append(Connection(target.text, source.text, parser.since(target)))


Child = Callable[[Declared, Line, Parser], None]
_STOCK, _FLOW = ("stock",), ("flow",)
_CHILDREN: Mapping[str, tuple[tuple[str, ...], Child]] = {
    "in": (_STOCK, _flow_names),
    "out": (_STOCK, _flow_names),
    "net": (_STOCK, _net_rate),
    "conveyor": (_STOCK, _conveyor),
    **dict.fromkeys(_BELT, (_STOCK, _belt_field)),
    "as": (_STOCK, _options),
    "queue": (_STOCK, _flag),
    "leak": (_FLOW, _leak),
    "overflow": (_FLOW, _flag),
    "range": (tuple(KINDS), _range),
    "connect": (("module",), _connect),
}
"""The lines below a declaration: the words of the declarations that they may belong to, and their readers."""
