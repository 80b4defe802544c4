"""XMILE's ``<macro>``: parameters, variables, and the equation that is its value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...changing import replace
from ...errors import Diagnostic, error, finding
from ...expr import Expr, Reference
from ...model import Macro, Parameter, Unread, Variable, canonical
from ...place import Span
from ..dialects import Dialect, plain, xmile_of
from ..expression import Parser
from ..lexer import passage
from ..recovery import recovering, report
from .kept import MACRO, kept
from .tree import Element, referred
from .variables import Defaults, read_variables

_REFUSED = {
    "sim_specs": (
        "a clock of its own for the macro {name}",
        "Remove it; a macro runs with the model's clock.",
    ),
    "module": ("a module within the macro {name}", "Write the module's variables into the macro."),
}


def dialect_of(root: Element) -> Dialect:
    """XMILE with the functions that the file's macros define, and the way its maker uses names."""
    names = (macro.attributes.get("name", "") for macro in root.all("macro"))
    header = root.get("header")
    vendor = header.text_of("vendor") if header else ""
    options = header.get("options") if header else None
    namespace = options.attributes.get("namespace", "") if options else ""
    return replace(xmile_of(vendor, namespace), macros=frozenset(map(canonical, names)))


def read_macros(
    root: Element, defaults: Defaults, dialect: Dialect, findings: list[Diagnostic], unread: list[Unread]
) -> Iterator[Macro]:
    for element in root.all("macro"):
        with recovering(findings, unread, partial(Unread, plain(element.attributes.get("name", "")))):
            yield _macro(element, defaults, dialect, findings)


def _macro(element: Element, defaults: Defaults, dialect: Dialect, findings: list[Diagnostic]) -> Macro:
    name = plain(element.attributes.get("name", ""))
    if not name:
        advice = 'Give it a name: <macro name="…">.'
        raise error("PEN101", element.span, expected="the name of a macro", found="none", advice=advice)
    for child in (
        *element.children,
        *(item for group in element.all("variables") for item in group.children),
    ):
        if child.tag in _REFUSED:
            construct, advice = _REFUSED[child.tag]
            found = finding("PEN401", child.span, construct=construct.format(name=name), advice=advice)
            report(findings, found)
    variables = read_variables(element, defaults, dialect, findings)
    return Macro(
        name,
        tuple(_parameter(parm, dialect) for parm in element.all("parm")),
        variables,
        value=_value(element, variables, dialect),
        documentation=element.text_of("doc"),
        span=Span(element.source, element.start, max(_end(element), element.start + 1)),
        kept=kept("macro", element, MACRO),
    )


def _parameter(parm: Element, dialect: Dialect) -> Parameter:
    """``<parm default="0">name</parm>``"""
    written = parm.attributes.get("default", "").strip()
    if not written:
        return Parameter(referred(parm.text))
    tag = parm.span.text
    start = parm.start + max(0, tag.find(written, tag.find("default")))
    default = Parser(passage(parm.source, start, start + len(written)), dialect).whole()
    return Parameter(referred(parm.text), default)


def _value(element: Element, variables: tuple[Variable, ...], dialect: Dialect) -> Expr | None:
    """The macro's equation; a variable's bare name needs no underscores there, as some tools write it."""
    eqn = element.get("eqn")
    if eqn is None or not eqn.text:
        return None
    ident = canonical(eqn.text)
    own = next((variable for variable in variables if variable.ident == ident), None)
    if own is not None:
        return Reference(own.name, span=eqn.content.whole())
    return Parser(eqn.content, dialect).whole()


def _end(element: Element) -> int:
    """Where the last text within an element ends."""
    ends = [element.inner, element.content.whole().end, *map(_end, element.children)]
    return max(ends)
