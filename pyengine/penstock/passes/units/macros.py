"""Findings in the text of macros: at the call where only some calls have them, else once in the macro."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...errors import Diagnostic
from ...expr import Call, walk
from ...model import Macro, Model, canonical
from ...place import Span
from .equations import Requirement
from .evaluate import Misfit

Row = tuple[Requirement, Misfit, Diagnostic]


def placed(found: list[Row], every: Iterable[Requirement], model: Model) -> Iterator[Row]:
    """The findings with their places; `model` is as read, with its macros."""
    inside: dict[Span, list[tuple[Macro, Row]]] = defaultdict(list)
    for row in found:
        item, fault, diagnostic = row
        macro = next((macro for macro in model.macros if _holds(macro.span, diagnostic.span)), None)
        if macro is None or not item.owner.hidden:
            yield row
        else:
            message = f"{diagnostic.message} (in the macro {macro.name})"
            inside[item.expr.span].append((macro, (item, fault, replace(diagnostic, message=message))))
    calls = Counter(item.expr.span for item in every) if inside else Counter()
    for span, group in inside.items():
        if len(group) == calls[span]:
            yield group[0][1]
            continue
        for macro, (item, fault, diagnostic) in group:
            place = _call(macro, item.owner.name, model) or diagnostic.span
            yield item, fault, replace(diagnostic, span=place)


def _call(macro: Macro, name: str, model: Model) -> Span | None:
    """The call that made a hidden variable, or the variable that it stands in where there are several; see
    `passes.macros` for how the names are made."""
    match = re.match(rf"#(.*?)>{re.escape(macro.name)} \d+#", name)
    owner = match and next((item for item in model.variables if item.name == match[1]), None)
    if not owner:
        return None
    spans = [
        node.span
        for equation in owner.equations
        for expr in (equation.expr, equation.rate, equation.initial)
        for node in (walk(expr) if expr is not None else ())
        if isinstance(node, Call) and canonical(node.function) == macro.ident
    ]
    return spans[0] if len(spans) == 1 else owner.span


def _holds(outer: Span, inner: Span) -> bool:
    return outer.source is inner.source and outer.start <= inner.start and inner.end <= outer.end
