"""Calls for tools: editors, inspectors and scripts ask about models, and get JSON.

`table` says what each call takes and answers; `call` makes one. The answers are the same in the page, on the
command line and in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..compiler import Compiled
from ..errors import PenstockError, error
from ..passes.declare import did_you_mean
from .causes import describe_graph, describe_loops, describe_neighbourhood
from .checks import validate, validate_for
from .diagrams import describe_diagram
from .edits import EDITORS, copied
from .engine import engine_hash, engine_version
from .exports import convert, draw
from .fields import field_descriptors
from .introspect import introspect, introspect_resolved, list_models
from .table import CALLS, RECORDS
from .trace import trace_run
from .types import fault, parse_type
from .written import written

__all__ = ["CALLS", "RECORDS", "call"]

Models = Mapping[str, Compiled]
Answer = dict[str, Any] | list[dict[str, Any]]

_ABOUT_MODELS: Mapping[str, Callable[..., Answer]] = {
    "introspect": introspect,
    "introspectResolved": introspect_resolved,
    "written": written,
    "validateFor": validate_for,
    "fieldDescriptors": field_descriptors,
    "traceRun": trace_run,
    "causalGraph": describe_graph,
    "feedbackLoops": describe_loops,
    "feeds": describe_neighbourhood,
    "diagram": describe_diagram,
    "draw": draw,
    "convert": convert,
    "copied": copied,
    **EDITORS,
}
_OTHERS: Mapping[str, Callable[..., Answer]] = {
    "validate": validate,
    "engineVersion": engine_version,
    "engineHash": engine_hash,
}
assert {"listModels", *_ABOUT_MODELS, *_OTHERS} == set(CALLS)


def call(name: str, arguments: Mapping[str, Any], models: Models) -> Answer:
    """The answer to a call, ready for JSON; `models` are those it may be about, by their hash.

    Raises PEN515 for a call that there is not, PEN516 for wrong arguments, PEN511 for a model that is not among
    them, and what the call itself raises.
    """
    row = CALLS.get(name)
    if row is None:
        advice = did_you_mean(name, CALLS, f"Calls are {', '.join(CALLS)}.")
        raise error("PEN515", call=name[:80], advice=advice)
    known = {field.name: field for field in row.parameters}
    given = {key: value for key, value in arguments.items() if value is not None}
    for key, value in given.items():
        problem = (
            fault(parse_type(known[key].type), value, key) if key in known else f"there is no {key[:80]}"
        )
        if problem:
            raise _wrong(name, problem)
    for field in row.parameters:
        if not field.optional and field.name not in given:
            raise _wrong(name, f"{field.name} is missing")
    if name == "listModels":
        return list_models(models)
    if name in _OTHERS:
        return _OTHERS[name](**given)
    model = _model(name, given.pop("model", None), models)
    return _ABOUT_MODELS[name](model, **given)


def _wrong(name: str, reason: str) -> PenstockError:
    taken = [f"{field.name}{'?' if field.optional else ''}: {field.type}" for field in CALLS[name].parameters]
    return error("PEN516", call=name, reason=reason, advice=f"It takes ({', '.join(taken)}).")


def _model(name: str, model: str | None, models: Models) -> Compiled:
    if model is None and len(models) == 1:
        return next(iter(models.values()))
    if model is None:
        raise _wrong(name, "model is missing")
    if model not in models:
        raise error("PEN511", model=model[:80])
    return models[model]
