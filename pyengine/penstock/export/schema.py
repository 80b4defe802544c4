"""The bundle's JSON Schema, made from its fields, the document's types and the options."""

from __future__ import annotations

import json
from typing import Any

from ..abi import DescribedVariable, Document, SliderRow
from ..tools import CALLS
from ..tools.schemas import DIALECT, schema
from .bundle import FIELDS
from .view import OPTIONS

FILE = "bundle.json"

_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "number | null": {"type": ["number", "null"]},
    "string | null": {"type": ["string", "null"]},
    "number | auto": {"anyOf": [{"type": "number"}, {"const": "auto"}]},
    "strings": {"type": "array", "items": {"type": "string"}},
    "lists of strings": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
    "numbers by name": {"type": "object", "additionalProperties": {"type": "number"}},
    "Diagram | null": {"anyOf": [{"$ref": "#/$defs/Diagram"}, {"type": "null"}]},
    "Document": {"$ref": "#/$defs/Document"},
    "View": {"$ref": "#/$defs/View"},
}
_PYTHON = {"str": "string", "float": "number", "bool": "boolean", "float | None": "number | null"}


def text() -> str:
    """The whole file. More fields than these are allowed, and ignored."""
    drawn = schema(CALLS["diagram"])["$defs"]
    options = {row.name: {"description": row.help, **_TYPES[row.type]} for row in OPTIONS.values()}
    whole = {
        "$schema": DIALECT,
        "title": "bundle",
        "description": "What the element <penstock-model> needs of a model beside its blob.",
        "type": "object",
        "properties": {
            name: {"description": meaning, **(_constant(type_) or _TYPES[type_])}
            for name, (type_, meaning) in FIELDS.items()
        },
        "required": list(FIELDS),
        "$defs": {
            "View": {"type": "object", "properties": options},
            **{type_.__name__: _record(type_) for type_ in (Document, SliderRow, DescribedVariable)},
            **drawn,
        },
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _constant(type_: str) -> dict[str, Any] | None:
    return {"const": int(type_.removeprefix("const "))} if type_.startswith("const ") else None


def _record(type_: Any) -> dict[str, Any]:
    fields = {name: _field(annotation.__forward_arg__) for name, annotation in type_.__annotations__.items()}
    return {"type": "object", "properties": fields, "required": list(fields)}


def _field(annotation: str) -> dict[str, Any]:
    if annotation.startswith("list["):
        return {"type": "array", "items": {"$ref": f"#/$defs/{annotation[5:-1]}"}}
    return _TYPES[_PYTHON[annotation]]
