"""The five questions that a model may ask about data, and how a backend can fail to answer.

A backend is any object with methods of these names. Each is called with an id or with nothing, and returns something
to await. A backend that cannot answer a kind of question raises `Unsupported`; one that knows that there is nothing
returns something empty; one that does not know an id raises `NotFound`.
"""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from ..errors import PenstockError, finding


@dataclass(frozen=True, slots=True)
class Series:
    """Times, ascending, and values; how values between and beyond them are taken."""

    t: tuple[float, ...]
    v: tuple[float, ...]
    interp: str = "interpolate"
    extrap: str = "hold"


@dataclass(frozen=True, slots=True)
class Table:
    """`data` row-major; `names` label the elements of each dimension."""

    shape: tuple[int, ...]
    data: tuple[float, ...]
    names: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """`takes_id` where the question is about one thing; `read` makes the answer from plain values, or raises
    ValueError; `plain` is the way back."""

    name: str
    kind: str
    takes_id: bool
    meaning: str
    read: Callable[[Any], Any]
    plain: Callable[[Any], Any]


class ResolverError(PenstockError):
    """`reason` is one of `REASONS`, `method` the question's name."""

    def __init__(self, method: str, reason: str, id_: str | None = None, detail: str = "") -> None:
        self.method, self.reason, self.id, self.detail = method, reason, id_, detail
        what = f"{method}({id_!r})" if id_ is not None else f"{method}()"
        said = REASONS[reason] + (f": {detail}" if detail else "")
        super().__init__([finding("PEN536", name=what, reason=said, advice=ADVICE[reason])])

    def __reduce__(self) -> Any:
        return type(self), (self.method, self.reason, self.id, self.detail)


REASONS: Mapping[str, str] = {
    "MissingMethod": "the backend has no such method",
    "NotAFunction": "the backend's attribute of that name is not a function",
    "CallFailed": "the call failed",
    "NotAPromise": "the call returned nothing to wait for",
    "Rejected": "the backend could not answer",
    "NotFound": "there are no data of that name",
    "Unsupported": "the backend does not answer such questions",
    "BadAnswer": "the answer cannot be used",
}
_MEND = "Correct the backend."
ADVICE: Mapping[str, str] = {
    "MissingMethod": "Give the backend all five methods; one may raise Unsupported.",
    "NotAFunction": _MEND,
    "CallFailed": _MEND,
    "NotAPromise": "Make it an async function.",
    "Rejected": "Check where the data are, and try again.",
    "NotFound": "Check the name, and what the backend holds.",
    "Unsupported": "Ask a backend that has such data, or overlay them.",
    "BadAnswer": _MEND,
}


class NotFound(Exception):  # noqa: N818  (the interface's own word)
    """A backend's word for: I do not know this id."""


class Unsupported(Exception):  # noqa: N818
    """A backend's word for: I do not answer such questions."""


def _series(value: Any) -> Series:
    made = (
        value
        if isinstance(value, Series)
        else Series(**{**value, "t": tuple(value["t"]), "v": tuple(value["v"])})
    )
    t, v = tuple(map(float, made.t)), tuple(map(float, made.v))
    if len(t) != len(v) or any(not a < b for a, b in pairwise(t)):
        raise ValueError("a series needs a value for each time, and times that ascend")
    if not all(map(math.isfinite, (*t, *v))):
        raise ValueError("a series has a value that is no finite number")
    if made.interp not in ("interpolate", "hold", "forward", "raw") or made.extrap != "hold":
        raise ValueError(f"interp {made.interp!r} or extrap {made.extrap!r} is not known")
    return Series(t, v, made.interp, made.extrap)


def _table(value: Any) -> Table:
    if isinstance(value, Table):
        value = asdict(value)
    shape, data = tuple(value["shape"]), tuple(map(float, value["data"]))
    names = tuple(tuple(map(str, row)) for row in value.get("names", ()))
    if not all(isinstance(n, int) and n >= 0 for n in shape) or math.prod(shape) != len(data):
        raise ValueError("a table's shape does not fit its data")
    if names and tuple(map(len, names)) != shape:
        raise ValueError("a table's names do not fit its shape")
    return Table(shape, data, names)


def _constants(value: Any) -> dict[str, float]:
    made = {str(name): float(number) for name, number in dict(value).items()}
    if not all(map(math.isfinite, made.values())):
        raise ValueError("a constant is no finite number")
    return made


def _units(value: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in dict(value).items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a script is a text")
    return value


METHODS: Mapping[str, Method] = {
    row.name: row
    for row in (
        Method("getSeries", "series", True, "values over time", _series, asdict),
        Method("getTable", "table", True, "an array of values", _table, asdict),
        Method("getUnits", "units", False, "units by name, each as a text", _units, dict),
        Method("getConstants", "constants", False, "values of constants by name", _constants, dict),
        Method("getScript", "script", True, "the text of a model or a scenario", _text, str),
    )
}
"""The same names in the page and here."""


async def asked(backend: object, method: str, id_: str | None = None) -> Any:
    """A backend's answer, checked. Raises `ResolverError` with the method's name and the exact reason."""
    row = METHODS[method]
    if not hasattr(backend, method):
        raise ResolverError(method, "MissingMethod", id_)
    function = getattr(backend, method)
    if not callable(function):
        raise ResolverError(method, "NotAFunction", id_)
    try:
        promise = function(id_) if row.takes_id else function()
    except Exception as problem:
        raise ResolverError(method, "CallFailed", id_, _said(problem)) from problem
    if not inspect.isawaitable(promise):
        raise ResolverError(method, "NotAPromise", id_, f"a {type(promise).__name__}")
    try:
        value = await promise
    except NotFound as problem:
        raise ResolverError(method, "NotFound", id_, str(problem)) from problem
    except Unsupported as problem:
        raise ResolverError(method, "Unsupported", id_, str(problem)) from problem
    except Exception as problem:
        raise ResolverError(method, "Rejected", id_, _said(problem)) from problem
    return read(row, value, id_)


def read(row: Method, value: Any, id_: str | None) -> Any:
    """An answer from plain values. Raises `ResolverError`."""
    try:
        return row.read(value)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise ResolverError(row.name, "BadAnswer", id_, _said(problem)) from problem


def _said(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:200]


def to_text(row: Method, value: Any) -> str:
    """An answer as JSON, which `read` of its plain values yields again."""
    return json.dumps(row.plain(value), allow_nan=False)
