"""Vensim's macros: ``:MACRO: name(inputs : outputs)``, equations, ``:END OF MACRO:``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from ...changing import replace
from ...errors import Diagnostic, finding
from ...model import Macro, Parameter, Unread, canonical
from ...place import Source, Span
from ..dialects import MDL, Dialect
from ..expression import Parser
from ..lexer import passage
from ..recovery import recovering, report
from .assemble import variables_of
from .blocks import Block
from .equations import Definition, read_statement


def dialect_of(source: Source, blocks: Iterable[Block]) -> Dialect:
    """Vensim's language with the functions that the file's macros define, wherever they stand."""
    names = (_name(source, block) for block in blocks if block.macro == "head")
    return replace(MDL, macros=frozenset(map(canonical, names)))


def _name(source: Source, block: Block) -> str:
    return source.text[block.start : block.end].partition("(")[0].rpartition(":")[2].strip()


def read_macros(
    source: Source,
    blocks: Iterable[Block],
    dialect: Dialect,
    findings: list[Diagnostic],
    unread: list[Unread],
) -> tuple[tuple[Macro, ...], list[Block]]:
    """The macros, and the blocks that stand outside them."""
    macros: list[Macro] = []
    outside: list[Block] = []
    current: _Open | None = None
    for block in blocks:
        if block.macro == "head":
            if current is not None:
                report(findings, current.unclosed(source))
            current = _Open(block)
        elif block.macro == "end" and current is not None:
            with recovering(findings, unread, partial(Unread, _name(source, current.head))):
                macros.append(current.macro(source, block.end, dialect, findings))
            current = None
        elif block.macro == "end":
            advice = "It closes a :MACRO: before it."
            span = Span(source, block.start, block.end)
            report(
                findings,
                finding("PEN101", span, expected="an equation", found=":END OF MACRO:", advice=advice),
            )
        elif current is not None:
            current.blocks.append(block)
        else:
            outside.append(block)
    if current is not None:
        report(findings, current.unclosed(source))
    return tuple(macros), outside


@dataclass(slots=True)
class _Open:
    """A macro while its blocks are collected."""

    head: Block
    blocks: list[Block] = field(default_factory=list)

    def unclosed(self, source: Source) -> Diagnostic:
        span = Span(source, self.head.start, self.head.end)
        what = f"the macro {_name(source, self.head)}"
        return finding("PEN103", span, what=what, closing=":END OF MACRO:")

    def macro(self, source: Source, end: int, dialect: Dialect, findings: list[Diagnostic]) -> Macro:
        name, inputs, outputs = _head(Parser(passage(source, self.head.start, self.head.end), dialect))
        definitions: list[Definition] = []
        for block in self.blocks:
            if block.group is not None:
                continue
            with recovering(findings):
                statement = read_statement(source, block, "", dialect)
                if isinstance(statement, Definition):
                    definitions.append(statement)
                else:
                    advice = "Declare it before the macro; ranges belong to the whole model."
                    construct = f"the subscript range {statement.name} within a macro"
                    report(findings, finding("PEN401", statement.span, construct=construct, advice=advice))
        variables = variables_of(source, definitions, frozenset(), findings, name)
        span = Span(source, self.head.start, end)
        return Macro(name, tuple(map(Parameter, inputs)), variables, outputs, span=span)


def _head(parser: Parser) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """``:MACRO: name(a, b : c)``: the name, the inputs and the outputs."""
    parser.expect(":macro:")
    name = parser.expect("name", "the name of a macro").text
    opened = parser.expect("(", "the inputs of the macro: (")
    sides: tuple[list[str], list[str]] = ([], [])
    for side in sides:
        if parser.token.kind == "name":
            side.append(parser.advance().text)
            while parser.accept(","):
                side.append(parser.expect("name", "the name of an input or output").text)
        if not parser.accept(":"):
            break
    parser.close(")", opened, "a comma or ")
    parser.finish("the end of the line")
    return name, tuple(sides[0]), tuple(sides[1])
