"""Findings in the text of macros: at the call where only some calls have them, else once in the macro."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...errors import Diagnostic
from ...model import Model
from ...place import Span
from .equations import Requirement


def placed(
    found: list[tuple[Requirement, Diagnostic]], every: Iterable[Requirement], model: Model
) -> Iterator[Diagnostic]:
    """The findings with their places; `model` is as read, with its macros."""
    inside: dict[Span, list[tuple[Requirement, Diagnostic]]] = defaultdict(list)
    for item, diagnostic in found:
        macro = next((macro for macro in model.macros if _holds(macro.span, diagnostic.span)), None)
        if macro is None or not item.owner.hidden:
            yield diagnostic
        else:
            message = f"{diagnostic.message} (in the macro {macro.name})"
            inside[item.expr.span].append((item, replace(diagnostic, message=message)))
    calls = Counter(item.expr.span for item in every) if inside else Counter()
    for span, group in inside.items():
        if len(group) < calls[span]:
            yield from (replace(diagnostic, span=item.owner.span) for item, diagnostic in group)
        else:
            yield group[0][1]


def _holds(outer: Span, inner: Span) -> bool:
    return outer.source is inner.source and outer.start <= inner.start and inner.end <= outer.end
