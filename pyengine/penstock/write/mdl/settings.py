"""The control variables of a Vensim file, and the settings at its end."""

from __future__ import annotations

import re

from ...expr import Reference
from ...model import Model, canonical
from ...read.mdl.assemble import CONTROLS
from ...read.mdl.settings import METHODS
from .equations import Equations, block
from .sketch import END, HEADER

_STARS = "*" * 56

_ABOUT = {
    "FINAL TIME": "~The final time for the simulation.",
    "INITIAL TIME": "~The initial time for the simulation.",
    "SAVEPER": "[0,?]~The frequency with which output is stored.",
    "TIME STEP": "[0,?]~The time step for the simulation.",
}
"""Vensim's own ranges and words, for models that do not come from Vensim."""

_DEFAULT = """\
:L\x7f<%^E!@
1:Current.vdf
9:Current
15:0,0,0,0,0,0
19:100,0
27:2,
34:0,
4:Time
35:Date
36:YYYY-MM-DD
37:2000
38:1
39:1
40:2
41:0
42:1"""

_NO_HEADING = re.compile(r'[*|~"{}\n]')
_METHOD = re.compile(r"^(15:[^,\n]*,[^,\n]*,[^,\n]*,)[^,\n]*", re.MULTILINE)
_UNITS = re.compile(r"^22:.*\n?", re.MULTILINE)


def heading(name: str, documentation: str) -> str:
    """The name of a group between lines of stars, without what would end it, and its documentation."""
    return f"{_STARS}\n\t.{_NO_HEADING.sub('-', name)}\n{_STARS}~\n\t\t{documentation}\n\t|\n\n"


def controls(model: Model, equations: Equations) -> str:
    """The group of control variables."""
    kept = {item.part: item.text for item in model.kept if item.format == "mdl"}
    parts = [heading("Control", "Simulation Control Parameters")]
    for name, about in _ABOUT.items():
        expr = getattr(model.specs, CONTROLS[canonical(name)]) or Reference("TIME STEP")
        if isinstance(expr, Reference) and canonical(expr.name) == canonical(name):
            continue  # it is a variable of the model
        limits, _, documentation = kept.get(canonical(name), about).partition("~")
        units = f"{equations.plain(model.specs.time_units, 'the units of time')} {limits}".strip()
        text = f"{name} =\n\t{equations.text(expr)}"
        parts.append(block(text, units, equations.documentation(documentation, name)))
    return "".join(parts)


def settings(model: Model, equations: Equations) -> str:
    """The numbered lines, with the model's method and units; none where nothing differs from what Vensim takes."""
    kept = (item.text for item in model.kept if (item.format, item.part) == ("mdl", "settings"))
    text = next(kept, "")
    numbers = {name: number for number, (name, known) in METHODS.items() if known}
    method = numbers.get(model.specs.method.casefold(), "")
    if not method:
        equations.losses.written_as(f"the method {model.specs.method}", "Euler's")
    if not (text or model.views or model.units or method.strip("0")):
        return ""
    method, text = method or "0", text or _DEFAULT
    text = _METHOD.sub(rf"\g<1>{method}", text)
    if not _METHOD.search(text):
        text += f"\n15:0,0,0,{method},0,0"
    first = _UNITS.search(text)
    at = first.start() if first else len(text)
    lines = "".join(f"22:{','.join((item.name, *item.aliases))}\n" for item in model.units)
    for item in model.units:
        if item.equation:
            equations.losses.left_out(f"what the unit {item.name} is made of", item.span)
    before, after = text[:at], _UNITS.sub("", text[at:])
    opened = END if model.views else HEADER + END
    return f"{opened}{before.rstrip()}\n{lines}{after}".strip("\n") + "\n"
