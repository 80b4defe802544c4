"""What a written text does not say after all: it is read back and compared, so that no loss is silent."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import fields

from ...errors import Diagnostic, PenstockError
from ...model import Ident, Model, Variable
from ...place import Source
from ...read.mdl import read_mdl
from ..losses import Losses


def list_unsaid(model: Model, text: str, listed: Set[Ident], losses: Losses) -> None:
    """Add what a text says otherwise than the model that it was written from; variables that are `listed` are known
    to have other equations."""
    findings: list[Diagnostic] = []
    try:
        back = read_mdl(Source(f"{model.name}.mdl", text), findings)
    except PenstockError:
        losses.left_out("most of this model, whose names or words are none of Vensim's")
        return
    found = {item.ident: item for item in back.variables}
    for variable in model.variables:
        if variable.ident not in found:
            losses.left_out(f"{_kind(variable)} {variable.name}", variable.span)
        elif found[variable.ident] != variable:
            _compare(variable, found[variable.ident], variable.ident in listed, losses)
    for what, ours, theirs in (
        ("the dimension", model.dimensions, back.dimensions),
        ("the macro", model.macros, back.macros),
        ("the unit", model.units, back.units),
        ("the group", model.groups, back.groups),
    ):
        for item in ours:
            if item not in theirs:
                losses.written_as(f"all of {what} {item.name}", "what there is for it")
    for view, other in zip(model.views, back.views, strict=False):
        if view != other:
            losses.written_as(f"the sizes and routes of the diagram {view.name}", "Vensim's own")
    for field in fields(model.specs):
        if getattr(model.specs, field.name) != getattr(back.specs, field.name) and field.name != "method":
            losses.written_as(
                f"the {field.name.replace('_', ' ')} of the run", repr(getattr(back.specs, field.name))
            )


def _compare(ours: Variable, theirs: Variable, listed: bool, losses: Losses) -> None:
    if type(ours) is not type(theirs):
        losses.written_as(f"that {ours.name} is {_kind(ours)}", _kind(theirs), ours.span)
        return
    for field in fields(ours):
        mine, other = getattr(ours, field.name), getattr(theirs, field.name)
        if not field.compare or mine == other or field.name in _ELSEWHERE:
            continue
        if field.name != "equations":
            losses.written_as(f"the {field.name.replace('_', ' ')} of {ours.name}", repr(other), ours.span)
        elif not listed:
            losses.written_as(f"the equation of {ours.name} just so", "one that is read otherwise", ours.span)


_ELSEWHERE = frozenset({"non_negative", "access", "conveyor", "queue", "leak", "overflow", "documentation"})
"""Fields whose losses are listed where they are written."""


def _kind(variable: Variable) -> str:
    word = type(variable).__name__.lower()
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
