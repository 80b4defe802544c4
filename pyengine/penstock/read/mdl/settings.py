"""The settings at the end of a Vensim file: numbered lines, of which the method and the units are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...errors import Diagnostic, finding
from ...model import Kept, UnitDefinition
from ...place import Source, Span

_INTEGRATION = re.compile(r"^15:[^,\n]*,[^,\n]*,[^,\n]*,[ \t]*([0-9]+)", re.MULTILINE)

_END_OF_SKETCHES = re.compile(r"^///---[^\n]*", re.MULTILINE)

_UNITS = re.compile(r"^22:([^\n]*)", re.MULTILINE)

METHODS: Mapping[str, tuple[str, bool]] = {
    "0": ("euler", True),
    "1": ("rk4_auto", True),
    "2": ("Difference", False),
    "3": ("rk2_auto", True),
    "4": ("rk2", True),
    "5": ("rk4", True),
}
"""The fourth number of line 15: the method's name, and whether Penstock has it (else Vensim's name for it).

Difference saves auxiliaries one step late.
"""


def read_method(source: Source, start: int, findings: list[Diagnostic]) -> str:
    """The integration method; Euler where the file has no settings, as Vensim takes it."""
    match = _INTEGRATION.search(source.text, start)
    if match is None:
        return "euler"
    method, known = METHODS.get(match[1], (f"number {match[1]}", False))
    if known:
        return method
    names = ", ".join(name for name, known in METHODS.values() if known)
    findings.append(finding("PEN402", Span(source, *match.span(1)), method=method, known=names))
    return "euler"


def read_units(source: Source, start: int) -> tuple[UnitDefinition, ...]:
    """The lines 22: names of the same unit, with commas between them."""
    found = []
    for match in _UNITS.finditer(source.text, start):
        names = [name.strip() for name in match[1].split(",") if name.strip()]
        if names:
            found.append(UnitDefinition(names[0], tuple(names[1:]), span=Span(source, *match.span(1))))
    return tuple(found)


def settings_of(text: str, start: int) -> Iterator[Kept]:
    """All of the settings, as they stand."""
    end = _END_OF_SKETCHES.search(text, start)
    if end:
        yield Kept("mdl", "settings", text[end.end() :].strip("\n"))
