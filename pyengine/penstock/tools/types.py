"""The types of the table, which are written as TypeScript spells them, as data: for checks and for schemas."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .table import RECORDS, VALUE

PLAIN: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


@dataclass(frozen=True, slots=True)
class Type:
    """One of: a plain type or a record by `name`, a literal `text`, a list of `item`, any of `options`."""

    name: str = ""
    text: str | None = None
    item: Type | None = None
    options: tuple[Type, ...] = ()


@cache
def parse_type(written: str) -> Type:
    written = written.strip()
    if written == "Value":
        written = VALUE
    options = _split(written)
    if len(options) > 1:
        return Type(options=tuple(map(parse_type, options)))
    if written.endswith("[]"):
        return Type(item=parse_type(written[:-2]))
    if written.startswith("(") and written.endswith(")"):
        return parse_type(written[1:-1])
    if written.startswith('"'):
        return Type(text=json.loads(written))
    assert written in PLAIN or written in RECORDS, written
    return Type(name=written)


def _split(written: str) -> list[str]:
    """The options of a union that is not in parentheses."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(written):
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            parts.append(written[start:at])
            start = at + 1
    return [*parts, written[start:]]


def fault(type_: Type, value: object, path: str) -> str:
    """What is wrong with a value, by its path; empty where nothing is."""
    if type_.options:
        faults = [fault(option, value, path) for option in type_.options]
        return "" if "" in faults else f"{path} is no {_shown(type_)}"
    if type_.text is not None:
        return "" if value == type_.text else f"{path} is not {type_.text}"
    if type_.item is not None:
        if not isinstance(value, (list, tuple)):
            return f"{path} is no list"
        inner = (fault(type_.item, item, f"{path}[{place}]") for place, item in enumerate(value))
        return next(filter(None, inner), "")
    if type_.name in PLAIN:
        fits = isinstance(value, PLAIN[type_.name]) and (
            type_.name == "boolean" or not isinstance(value, bool)
        )
        if fits and isinstance(value, float) and not math.isfinite(value):
            return f"{path} is not finite"
        return "" if fits else f"{path} is no {type_.name}"
    return _record_fault(type_.name, value, path)


def _record_fault(name: str, value: object, path: str) -> str:
    if not isinstance(value, Mapping):
        return f"{path} is no {name}"
    fields = {field.name: field for field in RECORDS[name].fields}
    for key in value:
        if key not in fields:
            return f"{path} has no {str(key)[:80]}"
    for field in fields.values():
        given: Any = value.get(field.name)
        if given is None and field.optional:
            continue
        problem = fault(parse_type(field.type), given, f"{path}.{field.name}")
        if problem:
            return problem
    return ""


def _shown(type_: Type) -> str:
    return " or ".join(option.text or option.name or "list" for option in type_.options)
