"""XMILE's stocks, flows, auxiliaries and graphical functions.

`_REFUSED` lists what changes how a variable behaves in ways that are not built yet; elements that are in
neither table nor of a vendor's own are reported as without effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import takewhile
from typing import Any

from ...changing import replace
from ...errors import Diagnostic, error, finding
from ...expr import ArrayLiteral, Expr, Number
from ...model import (
    Access,
    Auxiliary,
    Equation,
    Flow,
    Group,
    Ident,
    Lookup,
    Points,
    Stock,
    Unread,
    Variable,
    canonical,
)
from ..dialects import Dialect, plain
from ..expression import Parser
from ..recovery import recovering, report
from . import conveyors
from .kept import VARIABLE, kept, remarks
from .lookups import read_points
from .tree import Element, referred

Defaults = Mapping[str, bool]

_KINDS: Mapping[str, type[Variable]] = {"stock": Stock, "flow": Flow, "aux": Auxiliary, "gf": Lookup}

_REFUSED: Mapping[str, str] = {
    "oven": "Model it with stocks and flows.",
    "leak_integers": "Leave it out, if fractions of units may leak as well.",
    "multiplier": "Write the conversion of units into the equation.",
}

_SHOWN = ("range", "scale", "format", "display", "mathml")
_GF = ("xscale", "yscale", "xpts", "ypts")
_EQUATION = ("eqn", "init_eqn", "gf", "dimensions", "element", "inflow", "outflow", "non_negative")
_READ = frozenset((*_EQUATION, *_GF, *_SHOWN, *conveyors.STOCK, *conveyors.FLOW, "units", "doc"))
"""Elements of a variable that are read, or that say only how a number is shown."""

_WITHOUT_EFFECT = "It does not change the simulation."


def read_variables(
    model: Element,
    defaults: Defaults,
    dialect: Dialect,
    findings: list[Diagnostic],
    unread: list[Unread] | None = None,
) -> tuple[Variable, ...]:
    """All variables of a model in order, grouped as its groups say."""
    groups = _groups(model)
    refused, driven = _outflows(model, tuple(_REFUSED)), _outflows(model, conveyors.STOCK)
    in_module = model.tag != "model" or "name" in model.attributes
    seen: set[Ident] = set()
    found: list[Variable] = []
    for element in _elements(model):
        ident = canonical(element.attributes.get("name", ""))
        name = plain(element.attributes.get("name", ""))
        if ident in refused and not element.text_of("eqn"):
            if unread is not None:
                advice = "It goes with the stock that it drains."
                construct = f"{name}, an outflow without an equation,"
                reasons = (finding("PEN401", element.span, construct=construct, advice=advice),)
                unread.append(Unread(name, reasons=reasons))
            continue
        if ident and ident in seen:
            report(findings, finding("PEN202", element.span, name=name))
        seen.add(ident)
        with recovering(findings, unread, partial(_unread_of, element, name, defaults)):
            automatic = ident in driven
            unsupported = tuple(_unsupported(element, name))
            report(findings, *unsupported)
            errors = tuple(item for item in unsupported if item.severity == "error")
            if unread is not None and errors:
                unread.append(replace(_unread_of(element, name, defaults), reasons=errors))
            found.append(_variable(element, defaults, groups, dialect, in_module, automatic))
    return tuple(found)


def _unread_of(element: Element, name: str, defaults: Defaults) -> Unread:
    limits = any(child.tag in (*conveyors.STOCK, *_REFUSED) for child in element.children)
    flows = element.all("inflow", "outflow") if limits or _non_negative(element, defaults) else ()
    return Unread(name, flows=tuple(referred(item.text) for item in flows))


def _elements(model: Element) -> Iterator[Element]:
    """The variables' elements; early XMILE had them directly in the model."""
    yield from model.all(*_KINDS)
    for variables in model.all("variables"):
        yield from variables.all(*_KINDS)


def _outflows(model: Element, kinds: tuple[str, ...]) -> frozenset[Ident]:
    """The outflows of stocks that have a child of some kinds: conveyors and their like, which need no equation."""
    return frozenset(
        canonical(referred(outflow.text))
        for stock in _elements(model)
        if any(child.tag in kinds for child in stock.children)
        for outflow in stock.all("outflow")
    )


def _groups(model: Element) -> Mapping[Ident, str]:
    """The group of each variable that is in one."""
    return {
        canonical(name): plain(group.attributes.get("name", ""))
        for variables in model.all("variables")
        for group in variables.all("group")
        for name in _members(group)
    }


def _members(group: Element) -> Iterator[str]:
    """``<var>name</var>`` as tools write it, or ``<entity name="…"/>`` as the schema of the standard has it."""
    for item in group.all("var", "entity"):
        yield referred(item.text) or item.attributes.get("name", "")


def read_groups(model: Element) -> tuple[Group, ...]:
    """The groups of a model that are documented."""
    groups = (group for variables in model.all("variables") for group in variables.all("group"))
    documented = ((plain(group.attributes.get("name", "")), group.text_of("doc")) for group in groups)
    return tuple(Group(name, text) for name, text in documented if name and text)


def _variable(
    element: Element,
    defaults: Defaults,
    groups: Mapping[Ident, str],
    dialect: Dialect,
    may_lack: bool,
    is_driven: bool,
) -> Variable:
    """A variable; `may_lack` where it may have no equation, since a module may connect it to another.

    A flow that a conveyor or a queue drives has an equation only where it is a leak; without one it is zero.
    """
    name = plain(element.attributes.get("name", ""))
    if not name:
        advice = f'Give it a name: <{element.tag} name="…">.'
        raise error("PEN101", element.span, expected="the name of a variable", found="none", advice=advice)
    dims = _dims(element)
    equations = tuple(_equations(element, name, dims, dialect))
    if is_driven and element.get("leak") is None and not element.text_of("eqn"):
        equations = (Equation(Number(0.0), dims, span=element.span),)
    lacking = [item for item in equations if item.expr is None and item.lookup is None]
    may_lack = may_lack or _access(element) == "input"
    if lacking and not (may_lack and len(lacking) == len(equations)):
        raise error("PEN208", element.span, name=name)
    equations = tuple(item for item in equations if item not in lacking)
    kind = _KINDS[element.tag]
    if kind is Stock and _naming(_parsers(element, "eqn", dialect), name):
        kind = Auxiliary  # a level of Vensim's that is no INTEG, such as DELAY FIXED
    if kind is Auxiliary and equations and all(item.expr is None for item in equations):
        kind = Lookup
    fields: dict[str, Any] = {
        "name": name,
        "equations": equations,
        "units": element.text_of("units"),
        "documentation": element.text_of("doc"),
        "dims": () if _speak_for(dims, equations) else dims,
        "value_range": _range(element),
        "group": groups.get(canonical(name), ""),
        "non_negative": _non_negative(element, defaults),
        "access": _access(element),
        "span": element.span,
        "kept": (*kept("variable", element, VARIABLE), *remarks(element)),
    }
    if kind is Stock:
        fields["inflows"] = tuple(referred(item.text) for item in element.all("inflow"))
        fields["outflows"] = tuple(referred(item.text) for item in element.all("outflow"))
        fields |= conveyors.stock_fields(element, name, equations, dialect)
    elif kind is Flow:
        fields |= conveyors.flow_fields(element, name)
    return kind(**fields)


def _unsupported(element: Element, name: str) -> Iterator[Diagnostic]:
    """Errors for what cannot be run, warnings for what is passed over."""
    for child in element.children:
        if child.tag in _REFUSED:
            construct = f"<{child.tag}> of {name}"
            yield finding("PEN401", child.span, construct=construct, advice=_REFUSED[child.tag])
        elif child.tag not in _READ and ":" not in child.tag:
            yield finding("PEN403", child.span, construct=f"<{child.tag}> of {name}", advice=_WITHOUT_EFFECT)


def _speak_for(dims: tuple[str, ...], equations: tuple[Equation, ...]) -> bool:
    """Whether the equations say themselves which dimensions a variable has; lists of values are XMILE's own."""
    return bool(equations) and all(
        item.subscripts == dims and not isinstance(item.expr, ArrayLiteral) for item in equations
    )


def _dims(element: Element) -> tuple[str, ...]:
    dimensions = element.get("dimensions")
    return tuple(plain(dim.attributes.get("name", "")) for dim in dimensions.all("dim")) if dimensions else ()


def _range(element: Element) -> tuple[float | None, float | None] | None:
    """``<range min max>``, either of which may be missing."""
    found = element.get("range")
    if found is None:
        return None
    return found.number("min"), found.number("max")


def _non_negative(element: Element, defaults: Defaults) -> bool:
    flag = element.get("non_negative")
    return defaults.get(element.tag, False) if flag is None else flag.text.lower() != "false"


def _access(element: Element) -> Access:
    match element.attributes.get("access", "").strip().lower():
        case "input":
            return "input"
        case "output":
            return "output"
    return ""


def _equations(element: Element, name: str, dims: tuple[str, ...], dialect: Dialect) -> Iterator[Equation]:
    """One equation for all, or one for each ``<element>``, which takes what it lacks from the variable."""
    parts = list(element.all("element"))
    if not parts:
        yield _equation(element, None, name, dims, dialect)
    for part in parts:
        subscripts = tuple(plain(text) for text in part.attributes.get("subscript", "").split(","))
        yield _equation(part, element, name, subscripts, dialect)


def _equation(
    place: Element, fallback: Element | None, name: str, subscripts: tuple[str, ...], dialect: Dialect
) -> Equation:
    is_array = (bool(subscripts) and fallback is None) or conveyors.is_special(place)
    tag = "leak" if place.text_of("leak") else "eqn"
    expr = _expression(place, fallback, tag, is_array, dialect, name)
    lookup = _points(place, fallback, name)
    eqn = place.get("eqn")
    span = eqn.content.whole() if eqn else place.span
    initial = _expression(place, fallback, "init_eqn", is_array, dialect)
    return Equation(expr, subscripts, initial=initial, lookup=lookup, span=span)


def _expression(
    place: Element, fallback: Element | None, tag: str, is_array: bool, dialect: Dialect, name: str = ""
) -> Expr | None:
    """The expression in a child of `place`, else of `fallback`; None where it is missing or blank."""
    for parent in (place, fallback):
        parsers = _parsers(parent, tag, dialect) if parent else []
        for _ in range(_naming(parsers, name)):
            parsers[0].advance()
        if parsers and any(parser.token.kind != "end" for parser in parsers):
            return _values(parsers) if is_array else _value(parsers)
    return None


def _parsers(parent: Element, tag: str, dialect: Dialect) -> list[Parser]:
    return [Parser(child.content, dialect) for child in parent.all(tag)]


def _naming(parsers: list[Parser], name: str) -> int:
    """How many tokens of an equation are the variable's name, in words, and an equals sign, where that is no
    comparison; 0 for none."""
    if not parsers or not parsers[0].dialect.named:
        return 0
    parser = parsers[0]
    words = list(takewhile(lambda token: token.kind == "name", parser.tokens))
    written = canonical(" ".join(plain(token.text) for token in words))
    return len(words) + 1 if written == canonical(name) and parser.peek(len(words)) == "=" else 0


def _value(parsers: list[Parser]) -> Expr:
    """The whole of the one text that there should be."""
    if len(parsers) > 1:
        raise error("PEN106", parsers[1].passage.whole(), what="the equation")
    return parsers[0].whole()


def _values(parsers: list[Parser]) -> Expr:
    """What stands for an array: one expression, or a value for each element, as some tools write.

    The values are a list in one text or have a text each.
    """
    if len(parsers) > 1:
        elements = tuple(parser.whole() for parser in parsers)
        return ArrayLiteral(elements, elements[0].span.to(elements[-1].span))
    (parser,) = parsers
    expr = parser.expression()
    if parser.token.kind in (",", ";"):
        expr = parser.array(expr)
    parser.finish()
    return expr


def _points(place: Element, fallback: Element | None, name: str) -> Points | None:
    if place.tag == "gf":
        return read_points(place, name)
    gf = place.only("gf") or (fallback.only("gf") if fallback else None)
    return read_points(gf, name) if gf else None
