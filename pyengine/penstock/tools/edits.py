"""Calls that edit: each answers with a patch for the model's text, with its inverse and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from .. import edit
from ..compiler import Compiled
from ..edit import Edit
from ..edit.patch import code_point
from ..errors import error
from ..place import Source
from ..read import ReadResult, read_partially

_known: WeakKeyDictionary[Compiled, ReadResult] = WeakKeyDictionary()


def reading(compiled: Compiled) -> ReadResult:
    """The model as it was read, always the same object for a compiled model, so that what edits know of its text is
    found out once. Edits need spans that count in the whole text, so what was recalled in parts is read anew."""
    if compiled not in _known:
        source = compiled.source
        if type(source) is Source:
            _known[compiled] = ReadResult(compiled.model, source, ())
        else:
            _known[compiled] = read_partially(source.text, source.name, compiled.format)
    return _known[compiled]


def copied(compiled: Compiled, names: Sequence[str]) -> dict[str, Any]:
    return {"text": edit.copied(reading(compiled), names, compiled.format)}


def _answer(make: Callable[..., Edit], compiled: Compiled, **arguments: Any) -> dict[str, Any]:
    return make(reading(compiled), **arguments, format=compiled.format).to_json()


def _extract(read: ReadResult, range: Sequence[float], new: str, **given: Any) -> Edit:
    try:
        start, end = (code_point(read.source, int(unit)) for unit in range)
    except ValueError:
        advice = "Give the first and the last place of the selection."
        raise error("PEN516", call="extract", reason="the range is none of the text", advice=advice) from None
    return edit.extract(read, start, end, new, **given)


def _add(read: ReadResult, new: str, **given: Any) -> Edit:
    return edit.add(read, name=new, **given)


def _add_module(read: ReadResult, new: str, of: str = "", **given: Any) -> Edit:
    return edit.add_module(read, new, of, **given)


def _settings(read: ReadResult, format: str, **settings: str) -> Edit:
    return edit.set_specs(read, settings, format)


def _range(read: ReadResult, low: float | None = None, high: float | None = None, **given: Any) -> Edit:
    return edit.set_range(read, low=low, high=high, **given)


def _move(read: ReadResult, moves: Sequence[Mapping[str, Any]], format: str) -> Edit:
    return edit.move(read, [edit.Move(**item) for item in moves], format)


_EDITS: dict[str, Callable[..., Edit]] = {
    "rename": edit.rename,
    "delete": edit.delete,
    "extract": _extract,
    "changeKind": edit.change_kind,
    "add": _add,
    "connect": edit.connect,
    "disconnect": edit.disconnect,
    "setEquation": edit.set_equation,
    "setUnits": edit.set_units,
    "setDocumentation": edit.set_documentation,
    "setPoints": edit.set_points,
    "setRange": _range,
    "setSettings": _settings,
    "move": _move,
    "addModule": _add_module,
    "alias": edit.alias,
    "attach": edit.attach,
    "drawArrow": edit.draw_arrow,
    "bend": edit.bend,
    "erase": edit.erase,
    "paste": edit.paste,
}
EDITORS: Mapping[str, Callable[..., dict[str, Any]]] = {
    name: partial(_answer, make) for name, make in _EDITS.items()
}
