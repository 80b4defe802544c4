"""``<sim_specs>``: when a run starts and stops, its steps and its method."""

from __future__ import annotations

from ...errors import Diagnostic, PenstockError, error, finding
from ...expr import Binary, Expr, Number, Reference
from ...methods import METHODS
from ...model import SimSpecs, canonical
from ..dialects import XMILE
from ..expression import Parser
from ..recovery import recovering, report
from .tree import Element

_SAVE_STEP = ("savestep", "save_step", "isee:save_interval", "save_interval")
"""The elements and the attributes that give the save step: the standard has none, tools have these."""


def read_specs(specs: Element | None, root: Element, findings: list[Diagnostic]) -> SimSpecs:
    """The specs; Euler and a dt of 1 where the file gives none, as the standard says."""
    if specs is None:
        report(findings, _missing(root, "<sim_specs>"))
        return SimSpecs()
    with recovering(findings):
        return SimSpecs(
            start=_required(specs, "start"),
            stop=_required(specs, "stop"),
            dt=_dt(specs),
            save_step=_save_step(specs),
            method=_method(specs),
            time_units=specs.attributes.get("time_units", "").strip() or specs.text_of("time_units"),
        )
    return SimSpecs()


def _missing(parent: Element, what: str) -> Diagnostic:
    advice = "XMILE requires it: a run has to start and stop somewhere."
    return finding("PEN101", parent.span, expected=f"{what} in <{parent.tag}>", found="none", advice=advice)


def _required(specs: Element, tag: str) -> Expr:
    child = specs.get(tag)
    if child is None:
        raise PenstockError([_missing(specs, f"<{tag}>")])
    return Parser(child.content, XMILE).whole()


def _dt(specs: Element) -> Expr:
    """``reciprocal`` gives the steps in a unit of time."""
    child = specs.get("dt")
    if child is None:
        return Number(1.0)
    value = Parser(child.content, XMILE).whole()
    match value:  # Vensim exports ``TIME_STEP=1``
        case Binary(operator="=", left=Reference(name=name), right=right) if canonical(name) == "time_step":
            value = right
    if child.attributes.get("reciprocal", "").lower() != "true":
        return value
    if isinstance(value, Number) and value.value:
        return Number(1.0 / value.value, value.span)
    return Binary("/", Number(1.0, value.span), value, value.span)


def _save_step(specs: Element) -> Expr | None:
    for key in _SAVE_STEP:
        child = specs.get(key)
        if child is not None:
            return Parser(child.content, XMILE).whole()
        if key in specs.attributes:
            number = specs.number(key)
            if number is None:
                raise error("PEN104", specs.span, text=specs.attributes[key])
            return Number(number, specs.span)
    return None


def _method(specs: Element) -> str:
    """The method by its name in any case; of a list, which the standard allows, the first counts."""
    written = specs.attributes.get("method", "").strip() or "euler"
    method = written.partition(",")[0].strip().lower()
    if method not in METHODS:
        raise error("PEN402", specs.span, method=written, known=", ".join(METHODS))
    return method
