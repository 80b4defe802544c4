"""The settings at the end of a Vensim file: numbered lines, of which the method and the units are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...errors import Diagnostic, finding
from ...model import Kept, UnitDefinition
from ...place import Source, Span
from ..files import lines_that_start

_INTEGRATION = re.compile(r"[^,\n]*,[^,\n]*,[^,\n]*,[ \t]*([0-9]+)")

_LINE = re.compile(r"([^\n]*)")


def _lines(opening: str, rest: re.Pattern[str], text: str, start: int) -> Iterator[re.Match[str]]:
    """What a pattern finds behind the openings of lines."""
    size = len(opening)
    return filter(None, (rest.match(text, at + size) for at in lines_that_start(text, opening, start)))


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
    match = next(_lines("15:", _INTEGRATION, source.text, start), None)
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
    for match in _lines("22:", _LINE, source.text, start):
        names = [name.strip() for name in match[1].split(",") if name.strip()]
        if names:
            found.append(UnitDefinition(names[0], tuple(names[1:]), span=Span(source, *match.span(1))))
    return tuple(found)


def settings_of(text: str, start: int) -> Iterator[Kept]:
    """All of the settings, as they stand."""
    end = next(_lines("///---", _LINE, text, start), None)
    if end:
        yield Kept("mdl", "settings", text[end.end() :].strip("\n"))
