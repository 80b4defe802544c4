"""Vensim's ``.mdl``: equations in blocks, then the sketches, then the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from ...errors import Diagnostic
from ...model import Group, Kept, Model, Unread, canonical
from ...place import Source
from ..dialects import Dialect
from ..files import title
from ..recovery import recovering
from .assemble import CONTROLS, specs_of, variables_of
from .blocks import Block, blocks, end_of_equations
from .equations import Definition, Statement, join_units, read_statement, unread_of
from .macros import dialect_of, read_macros
from .settings import read_method, read_units, settings_of
from .sketch import read_views


def read_mdl(source: Source, findings: list[Diagnostic], *, sketches: bool = True) -> Model:
    """The model of a Vensim file; what is wrong with single equations goes to `findings`.

    Without `sketches`, in which nothing is ever wrong, it has no views, and flows that only these show are auxiliaries.
    """
    end = end_of_equations(source.text)
    found = list(blocks(source, end, findings))
    dialect = dialect_of(source, found)
    unread: list[Unread] = []
    macros, found = read_macros(source, found, dialect, findings, unread)
    statements = _statements(source, found, dialect, findings, unread)
    drawn = len(source.text) if sketches else end
    views, valves = source.part(end, drawn, "views", lambda part, a, b: read_views(part.text[:b], a))
    definitions = [item for item in statements if isinstance(item, Definition)]
    method = read_method(source, end, findings)
    specs, rest = specs_of(definitions, method, findings, unread)
    return Model(
        name=title(source),
        variables=variables_of(source, rest, valves, findings),
        specs=specs,
        dimensions=tuple(item for item in statements if not isinstance(item, Definition)),
        views=views,
        macros=macros,
        units=read_units(source, end),
        unread=tuple(unread),
        groups=_groups(found),
        kept=(*_about_controls(definitions), *settings_of(source.text, end)),
    )


def _groups(blocks: Iterable[Block]) -> tuple[Group, ...]:
    """The headings that say more than a name; what Vensim puts over the control variables is none of the model's."""
    found = {
        block.group: Group(block.group, block.documentation)
        for block in blocks
        if block.group not in (None, "Control") and block.documentation
    }
    return tuple(found.values())


def _about_controls(definitions: Iterable[Definition]) -> Iterator[Kept]:
    """The ranges and the documentation of the control variables."""
    for item in definitions:
        if canonical(item.name) in CONTROLS:
            limits = join_units("", item.value_range, item.step)
            yield Kept("mdl", canonical(item.name), f"{limits}~{item.documentation}")


def _statements(
    source: Source,
    blocks: Iterable[Block],
    dialect: Dialect,
    findings: list[Diagnostic],
    unread: list[Unread],
) -> list[Statement]:
    statements: list[Statement] = []
    group = ""
    for block in blocks:
        if block.group is not None:
            group = block.group
            continue
        with recovering(findings, unread, partial(unread_of, source, block)):
            statements.append(read_statement(source, block, group, dialect))
    return statements
