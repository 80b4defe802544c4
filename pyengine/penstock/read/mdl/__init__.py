"""Vensim's ``.mdl``: equations in blocks, then the sketches, then the settings."""

from __future__ import annotations

from ...errors import Diagnostic
from ...model import Model
from ...place import Source
from ..recovery import recovering
from .assemble import specs_of, variables_of
from .blocks import blocks, end_of_equations
from .equations import Definition, Statement, read_statement
from .settings import read_method
from .sketch import read_views


def read_mdl(source: Source, findings: list[Diagnostic]) -> Model:
    """The model of a Vensim file; what is wrong with single equations goes to `findings`."""
    end = end_of_equations(source.text)
    statements = _statements(source, end, findings)
    views, valves = read_views(source.text, end)
    definitions = [item for item in statements if isinstance(item, Definition)]
    method = read_method(source, end, findings)
    specs, rest = specs_of(definitions, method, findings)
    return Model(
        name=source.name,
        variables=variables_of(rest, valves, findings),
        specs=specs,
        dimensions=tuple(item for item in statements if not isinstance(item, Definition)),
        views=views,
    )


def _statements(source: Source, end: int, findings: list[Diagnostic]) -> list[Statement]:
    statements: list[Statement] = []
    group = ""
    for block in blocks(source, end, findings):
        if block.group is not None:
            group = block.group
            continue
        with recovering(findings):
            statements.append(read_statement(source, block, group))
    return statements
