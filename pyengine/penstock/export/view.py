"""How an author wants a model to look in a page: one row for each option, whoever takes it.

The command line, fenced blocks, directives and shortcodes all read their options here, and the element's attributes
and the bundle's ``view`` are written from the same rows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ..compiler import Compiled
from ..errors import error
from ..passes.declare import did_you_mean
from ..results import column_names, element_names, key

T = TypeVar("T")

View = dict[str, Any]
"""The bundle's ``view``: values by the options' names, see `OPTIONS`."""

MOST_ELEMENTS = 12
"""An array of more in `plots` must be named by its elements: nobody reads that many curves."""

# What the element takes: pixels of a chart, of a line of sliders and of the bar of time; sliders where none are named.
_CHART, _SLIDERS, _TIME_BAR, _FIRST = 190, 66, 53, 6

_CONTROLS = ("play", "time", "engine", "reset", "share", "fullscreen")


@dataclass(frozen=True, slots=True)
class Option:
    """`read` makes the value of what was written, and raises PEN514; `attribute` says it as the element takes it."""

    name: str
    metavar: str
    type: str  # in the bundle, see `schema`
    help: str
    read: Callable[[Compiled, str, str], Any]
    attribute: Callable[[Any], str | None] = str


def read_view(compiled: Compiled, written: Mapping[str, str]) -> View:
    """The view that options ask for, names as the model writes them. Raises PEN514 and PEN201."""
    unknown = [name for name in written if name not in OPTIONS]
    if unknown:
        advice = did_you_mean(unknown[0], list(OPTIONS), f"Options are {', '.join(OPTIONS)}.")
        raise error("PEN514", what="the option", value=unknown[0][:60], advice=advice)
    return {name: OPTIONS[name].read(compiled, name, text.strip()) for name, text in written.items()}


def written(options: Mapping[str, Any]) -> dict[str, str]:
    """What `read_view` takes, of options as Python says them: lists for names and charts, mappings for values."""
    return {name: _written(value) for name, value in options.items()}


def _written(value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case Mapping():
            return ",".join(f'"{name}"={number!r}' for name, number in value.items())
        case [[*_], *_]:
            return ";".join(_written(chart) for chart in value)
        case [*names]:
            return ",".join(f'"{name}"' for name in names)
    return str(value)


def attributes(view: View) -> dict[str, str]:
    """The element's attributes for a view; what cannot be said in one stands only in the bundle."""
    texts = ((name, OPTIONS[name].attribute(value)) for name, value in view.items())
    return {name: text for name, text in texts if text is not None}


def charts(compiled: Compiled, view: View) -> list[list[str]]:
    """The names in each chart: what the view asks for, else the model's first stocks, those of one unit together."""
    if "plots" in view:
        return [list(names) for names in view["plots"] if names]
    rows = [row for row in compiled.layout["variables"] if row["kind"] != "time" and not row.get("missing")]
    wanted = [row for row in rows if row["kind"] == "stock"] or [
        row for row in rows if row["kind"] == "auxiliary"
    ]
    groups: dict[str, list[str]] = {}
    for row in wanted:
        names = _elements(compiled, row)
        group = groups.setdefault(row.get("units", ""), [])
        if len(group) + len(names) <= 6:
            group += names
    return [names for names in groups.values() if names][:3]


def roomy(compiled: Compiled, view: View) -> View:
    """The view with a height where its charts and sliders need more than the element takes by itself."""
    if "height" in view or view.get("view") == "table":
        return view
    shown = charts(compiled, view) if view.get("view") != "diagram" else []
    rows = compiled.document["sliders"]
    sliders = view.get("sliders", [row for row in rows if row["authored"]] or rows[:_FIRST])
    lines = min(2, math.ceil(len(sliders) / 3))  # more than two are scrolled
    height = _CHART * len(shown) + _SLIDERS * lines + _TIME_BAR
    if lines == 2:
        height = max(height, 560)  # sliders get a quarter of the whole
    return {**view, "height": height} if height > 424 else view


def split(text: str, separators: str) -> list[str]:
    """Parts of a list; separators within ``[…]`` or quotes belong to a name."""
    return [part.strip('"').strip() for part in _parts(text, separators)]


def _parts(text: str, separators: str) -> list[str]:
    """As they are written, with their quotes."""
    inside = r'"[^"]*"|\[[^\]]*\]|'
    parts = re.findall(rf"((?:{inside}[^{separators}])*)(?:[{separators}]|$)", text)
    return [part.strip() for part in parts if part.strip()]


# Reading one value: (model, the option's name, what was written) ---------------------------------------------


def _one_of(*choices: str) -> Callable[[Compiled, str, str], str]:
    def read(_: Compiled, name: str, text: str) -> str:
        if text not in choices:
            raise _odd(name, text, f"Say one of {', '.join(choices)}.")
        return text

    return read


def _sliders(compiled: Compiled, name: str, text: str) -> list[str]:
    known = {key(row["name"]): row["name"] for row in compiled.document["sliders"]}
    return [_known(part, known, "Sliders move scalar constants.") for part in split(text, ",")]


def _plots(compiled: Compiled, name: str, text: str) -> list[list[str]]:
    known = {key(column): [column] for column in column_names(compiled.program)}
    for row in compiled.program.variables:
        if row.get("dims"):
            known[key(row["name"])] = _elements(compiled, row)
    asked = [split(chart, ",") for chart in _parts(text, ";")]
    found = [
        [(part, _known(part, known, "Names are those of the model.")) for part in chart] for chart in asked
    ]
    for part, names in (pair for chart in found for pair in chart):
        if not names:
            raise _odd(name, part, f"It has more than {MOST_ELEMENTS} elements: name some, as {part}[a].")
    return [[name for _, names in chart for name in names] for chart in found]


def _elements(compiled: Compiled, row: Any) -> list[str]:
    """Of an array; none where they are too many for a chart."""
    names = element_names(row["name"], row.get("dims", ()), compiled.program.dims)
    return names if len(names) <= MOST_ELEMENTS else []


def _known(part: str, known: Mapping[str, T], advice: str) -> T:
    found = known.get(key(part))
    if found is None:
        raise error("PEN201", name=part[:100], advice=did_you_mean(part, list(known), advice))
    return found


def _controls(_: Compiled, name: str, text: str) -> str:
    tokens = text.replace(",", " ").split()
    if tokens not in (["all"], ["min"], ["none"]) and not set(tokens) <= set(_CONTROLS):
        raise _odd(name, text, f"Say all, min, none, or some of {' '.join(_CONTROLS)}.")
    return " ".join(tokens) or "none"


def _height(_: Compiled, name: str, text: str) -> int | str:
    number = text.removesuffix("px").strip()
    if text != "auto" and not (number.isdecimal() and 80 <= int(number) <= 4000):
        raise _odd(name, text, "Say auto, or a height from 80 to 4000 in pixels.")
    return text if text == "auto" else int(number)


def _params(compiled: Compiled, name: str, text: str) -> dict[str, float]:
    """``name=3, other=0.5``"""
    values = {}
    for part in split(text, ","):
        constant, _, value = part.rpartition("=")
        (known,) = _sliders(compiled, name, f'"{constant.strip()}"') or [""]
        values[known] = _number(compiled, name, value)
    return values


def _number(_: Compiled, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _odd(name, text, "Say a finite number.")
    return value


def _switch(_: Compiled, name: str, text: str) -> bool:
    """On where nothing is said beside its name, as attributes of HTML are."""
    if text.lower() not in ("", "true", "yes", "on", "false", "no", "off"):
        raise _odd(name, text, "Say true or false.")
    return text.lower() not in ("false", "no", "off")


def _text(_: Compiled, name: str, text: str) -> str:
    return " ".join(text.split())


def _odd(name: str, text: str, advice: str) -> Exception:
    return error("PEN514", what=f"the option {name} with", value=text[:60] or "nothing", advice=advice)


# Saying one value as an attribute ----------------------------------------------------------------------------


def _said(names: list[str]) -> str | None:
    """None where a name has a separator outside its subscripts."""
    return ",".join(names) if all(split(name, ",;") == [name] for name in names) else None


def _said_charts(charts: list[list[str]]) -> str | None:
    said = [_said(names) for names in charts]
    return None if None in said else ";".join(text or "" for text in said)


def _said_params(params: Mapping[str, float]) -> str | None:
    plain = all(re.fullmatch(r"[^&=;,%+#]+", name) for name in params)
    return "&".join(f"{name}={value!r}" for name, value in params.items()) if plain else None


def _said_switch(on: bool) -> str | None:
    return "" if on else None


def _rows() -> Iterator[Option]:
    both, themes, times = (
        ("both", "chart", "diagram", "table"),
        ("auto", "light", "dark"),
        ("visible", "eager", "click"),
    )
    names = "a comma between them"
    yield Option("view", "WHAT", "string", "both, chart, diagram or table", _one_of(*both))
    yield Option(
        "sliders", "NAMES", "strings", f"constants to move, {names}; empty for none", _sliders, _said
    )
    yield Option(
        "plots",
        "NAMES",
        "lists of strings",
        f"variables to plot, {names}, a semicolon between charts",
        _plots,
        _said_charts,
    )
    yield Option(
        "controls", "WHICH", "string", "all, min, none, or some of " + " ".join(_CONTROLS), _controls
    )
    yield Option("height", "PX", "number | auto", "height in pixels, or auto", _height)
    yield Option("theme", "THEME", "string", "auto, light or dark", _one_of(*themes))
    yield Option("caption", "TEXT", "string", "a line below it", _text, lambda _: None)
    yield Option(
        "params", "VALUES", "numbers by name", "start values, as rate=0.3, delay=2", _params, _said_params
    )
    yield Option("autoplay", "", "boolean", "play when it comes into view", _switch, _said_switch)
    yield Option("loop", "", "boolean", "begin again at the end", _switch, _said_switch)
    yield Option("speed", "NUMBER", "number", "how fast it plays", _number, lambda value: f"{value:g}")
    yield Option("t", "TIME", "number", "the time it shows at first", _number, lambda value: f"{value!r}")
    yield Option("loading", "WHEN", "string", "visible, eager or click", _one_of(*times))


OPTIONS: Mapping[str, Option] = {row.name: row for row in _rows()}
"""By name; a `metavar` that is empty marks a switch."""
