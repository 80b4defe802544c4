"""JSON Schemas and TypeScript of the calls, made from the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ..protocol import Field
from .table import CALLS, RECORDS, VALUE, Call
from .types import Type, parse_type

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_PLAIN = {"string": "string", "number": "number", "boolean": "boolean", "null": "null"}


def schema(call: Call) -> dict[str, Any]:
    """An object with the ``arguments`` of a call and its ``result``."""
    types = [parse_type(field.type) for field in call.parameters]
    used = dict.fromkeys(name for type_ in (*types, parse_type(call.result)) for name in _records(type_))
    return {
        "$schema": DIALECT,
        "title": call.name,
        "description": call.meaning,
        "type": "object",
        "properties": {"arguments": _object(call.parameters), "result": _schema(parse_type(call.result))},
        "required": ["arguments", "result"],
        "additionalProperties": False,
        "$defs": {
            name: {"description": RECORDS[name].meaning, **_object(RECORDS[name].fields)} for name in used
        },
    }


def _records(type_: Type) -> Iterator[str]:
    """The records that a type names, directly or not."""
    waiting, seen = [type_], set()
    while waiting:
        here = waiting.pop()
        waiting += [*here.options, *([here.item] if here.item else [])]
        if here.name in RECORDS and here.name not in seen:
            seen.add(here.name)
            yield here.name
            waiting += [parse_type(field.type) for field in reversed(RECORDS[here.name].fields)]


def _object(fields: Iterable[Field]) -> dict[str, Any]:
    fields = list(fields)
    return {
        "type": "object",
        "properties": {
            field.name: {"description": field.meaning, **_schema(parse_type(field.type))} for field in fields
        },
        "required": [field.name for field in fields if not field.optional],
        "additionalProperties": False,
    }


def _schema(type_: Type) -> dict[str, Any]:
    if type_.options:
        texts = [option.text for option in type_.options]
        if all(text is not None for text in texts):
            return {"enum": texts}
        return {"anyOf": [_schema(option) for option in type_.options]}
    if type_.text is not None:
        return {"const": type_.text}
    if type_.item is not None:
        return {"type": "array", "items": _schema(type_.item)}
    return {"type": _PLAIN[type_.name]} if type_.name in _PLAIN else {"$ref": f"#/$defs/{type_.name}"}


def typescript() -> str:
    """The whole text of `worker/tools.ts`."""
    shared = ("Override", "Specs", "Place", "Diagnostic")
    lines = [
        "// Made by `python build.py generate` from pyengine/penstock/tools/table.py; do not edit.",
        'import type { Diagnostic, Override, Specs } from "./protocol.js";',
        "",
        "/** A number; JSON has no other way to write the last three. */",
        f"export type Value = {VALUE};",
        "",
    ]
    for record in RECORDS.values():
        if record.name not in shared:
            lines += [
                f"/** {record.meaning[0].upper()}{record.meaning[1:]}. */",
                f"export interface {record.name} {{",
            ]
            lines += [*_fields(record.fields, "  "), "}", ""]
    lines += ["/** What each call takes, and what it answers. */", "export interface Calls {"]
    for call in CALLS.values():
        lines += [f"  /** {call.meaning} */", f"  {call.name}: {{"]
        if call.parameters:
            lines += ["    arguments: {", *_fields(call.parameters, "      "), "    };"]
        else:
            lines.append("    arguments: Record<string, never>;")
        lines += [f"    result: {call.result};", "  };"]
    return "\n".join([*lines, "}", ""])


def _fields(fields: Iterable[Field], indent: str) -> Iterator[str]:
    for field in fields:
        yield f"{indent}/** {field.meaning} */"
        yield f"{indent}{field.name}{'?' if field.optional else ''}: {field.type};"


def _text(call: Call) -> str:
    return json.dumps(schema(call), indent=1, ensure_ascii=False) + "\n"


FILES: Mapping[str, Callable[[], str]] = {f"{name}.json": partial(_text, row) for name, row in CALLS.items()}
"""The schema files, by name: for each call, what it takes and what it answers."""
