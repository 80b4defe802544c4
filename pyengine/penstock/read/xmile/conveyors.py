"""XMILE's special stocks and flows: ``<conveyor>``, ``<queue>``, ``<leak>`` and ``<overflow>``.

What changes how they behave and is not built is refused by its name; nothing is passed over.
"""

from __future__ import annotations

from typing import Any

from ...errors import error
from ...expr import ArrayLiteral, Expr
from ...model import Conveyor, Equation, Leak
from ..dialects import Dialect
from ..expression import Parser
from .tree import Element

_FLAGS = {
    "discrete": "discrete",
    "exponential_leak": "exponential",
    "one_at_a_time": "one_at_a_time",
    "batch_integrity": "batch_integrity",
}
_WITHOUT_EFFECT = ("force_leak_fraction",)
"""Attributes that matter only where the transit time changes during a run, which is refused."""

_EXPRESSIONS = {"capacity": "capacity", "in_limit": "in_limit", "sample": "sample", "arrest": "arrest"}

STOCK = ("conveyor", "queue")
FLOW = ("leak", "overflow")

_ADVICE = "Leave it out, if the model can do without it."


def is_special(stock: Element) -> bool:
    """Whether a stock may have a list of initial values without being an array."""
    return stock.tag == "stock" and next(stock.all(*STOCK), None) is not None


def stock_fields(
    element: Element, name: str, equations: tuple[Equation, ...], dialect: Dialect
) -> dict[str, Any]:
    """The fields that a stock has more where it is a conveyor or a queue."""
    belt, queue = element.only("conveyor"), element.only("queue")
    if belt is not None and queue is not None:
        raise error("PEN401", queue.span, construct=f"{name} as a conveyor and a queue", advice="Keep one.")
    if belt is None and queue is None:
        return {}
    for part in element.all("element"):
        for child in part.all("conveyor", "queue"):
            construct = f"<{child.tag}> for single elements of {name}"
            raise error("PEN401", child.span, construct=construct, advice="Give it for the whole stock.")
    for equation in equations:
        if isinstance(equation.expr, ArrayLiteral) and not equation.subscripts:
            construct = f"a list of initial values of {name}"
            advice = "Give their sum, which is spread as a constant inflow would spread it."
            raise error("PEN401", equation.span, construct=construct, advice=advice)
    if belt is None:
        return {"queue": True, "non_negative": False}
    return {"conveyor": _conveyor(belt, name, dialect), "non_negative": False}


def _conveyor(belt: Element, name: str, dialect: Dialect) -> Conveyor:
    """The options of a ``<conveyor>``."""
    fields: dict[str, Any] = {"span": belt.span}
    for key in belt.attributes:
        if key in _FLAGS:
            fields[_FLAGS[key]] = _flag(belt, key)
        elif key not in _WITHOUT_EFFECT:
            construct = f"the attribute {key} of the conveyor {name}"
            raise error("PEN401", belt.span, construct=construct, advice=_ADVICE)
    for child in belt.children:
        if child.tag not in ("len", *_EXPRESSIONS):
            construct = f"<{child.tag}> of the conveyor {name}"
            raise error("PEN401", child.span, construct=construct, advice=_ADVICE)
    for tag, field in _EXPRESSIONS.items():
        fields[field] = _expression(belt, tag, dialect)
    length = _expression(belt, "len", dialect)
    if length is None:
        advice = "XMILE requires it: how long what enters stays."
        raise error(
            "PEN101", belt.span, expected=f"<len> of the conveyor {name}", found="none", advice=advice
        )
    return Conveyor(length, **fields)


def _flag(element: Element, key: str) -> bool:
    written = element.attributes[key].strip().lower()
    if written not in ("true", "false", "1", "0"):
        construct = f'{key}="{written}"'
        raise error("PEN401", element.span, construct=construct, advice="Write true or false.")
    return written in ("true", "1")


def _expression(element: Element, tag: str, dialect: Dialect) -> Expr | None:
    child = element.only(tag)
    return None if child is None or not child.text else Parser(child.content, dialect).whole()


def flow_fields(element: Element, name: str) -> dict[str, Any]:
    """The fields that a flow has more where it leaves a conveyor or a queue."""
    fields: dict[str, Any] = {}
    spread = element.attributes.get("isee:spreadflow", "beginning").strip().lower()
    if spread != "beginning":
        construct = f'isee:spreadflow="{spread}" of {name}'
        raise error(
            "PEN401", element.span, construct=construct, advice="Let what enters start at the beginning."
        )
    if element.get("overflow") is not None:
        fields["overflow"] = True
    leak = element.only("leak")
    zone = [key for key in ("leak_start", "leak_end") if key in element.attributes]
    if leak is not None or zone:
        fields["leak"] = _leak(element, name)
    return fields


def _leak(element: Element, name: str) -> Leak:
    ends = []
    for key, otherwise in (("leak_start", 0.0), ("leak_end", 1.0)):
        value = element.number(key) if key in element.attributes else otherwise
        if value is None or not 0.0 <= value <= 1.0:
            written = element.attributes[key]
            advice = "Write a number from 0 to 1."
            raise error("PEN401", element.span, construct=f'{key}="{written}" of {name}', advice=advice)
        ends.append(value)
    return Leak(ends[0], ends[1], element.span)
