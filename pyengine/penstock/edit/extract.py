"""A part of an equation as an auxiliary of its own, with the same results to the last bit."""

from __future__ import annotations

import re
from dataclasses import replace

from ..builtins import BUILTINS
from ..expr import ArrayLiteral, Call, Expr, Reference, Subscript, children, walk
from ..model import Auxiliary, Equation, Lookup, Model, Variable, canonical
from ..passes import scheduled
from ..passes.flatten import flatten
from ..passes.macros import naming_calls
from ..passes.renaming import changed, expressions_of
from ..passes.units import check_units
from ..read import ReadResult
from .draft import Draft, refused, with_variables
from .edit import Edit, finished
from .meaning import MAIN, Entity, Scope
from .patch import patch_of
from .rename import require_free

_WHOLE = "Select a number, a name, a call or all that an operator joins."


def extract(
    read: ReadResult, start: int, end: int, name: str, units: str | None = None, format: str | None = None
) -> Edit:
    """The edit that moves the expression at [start, end) of the text into a new auxiliary.

    In an array, the new variable is one over the same dimensions. Its `units` are inferred where they are not given
    and can be. Raises PEN902 for a selection that is no whole expression, or that means something else elsewhere.
    """
    draft = Draft(read, format)
    text = draft.text
    start, end = _trimmed(text.text, start, end)
    scope, owner, equation, node = _selected(draft, start, end)
    require_free(Entity("variable", scope, Auxiliary("", ()).ident), name, draft)
    dims = _dims(draft, owner, equation)
    _require_movable(draft, scope, equation, node)
    reference = Reference(name, tuple(map(Subscript, dims)))
    made = Auxiliary(name, (Equation(node, dims),), group=owner.group if text.format != "xmile" else "")

    def change(expr: Expr) -> Expr:
        return reference if expr is node else expr

    variables: list[Variable] = []
    for item in draft.where(scope):
        variables += [changed(item, change), made] if item is owner else [item]
    model = with_variables(read.model, scope, variables)
    _require_sound(draft, model)
    if units is None:
        units = _units(model, name) if scope == MAIN else ""
    variables[variables.index(made)] = made = replace(made, units=units)
    body = re.sub(r"\n[ \t]*", "\n    ", text.slice(node.span.start, node.span.end))
    written = text.spelled(name) + (f"[{', '.join(map(text.spelled, dims))}]" if dims else "")
    changes = [(start, end, text.written(written)), *text.add(scope, made, owner, body)]
    expected = with_variables(read.model, scope, variables)
    return finished(text, patch_of(text.text, changes), expected, f"extracting {name}")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A selection without the white space around it."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _selected(draft: Draft, start: int, end: int) -> tuple[Scope, Variable, Equation, Expr]:
    """The expression that a selection is, with or without parentheses around it, and where it stands."""
    text = draft.text.text
    inner = start, end
    while text[inner[0] : inner[0] + 1] == "(" and text[inner[1] - 1 : inner[1]] == ")":
        inner = _trimmed(text, inner[0] + 1, inner[1] - 1)
    for scope in draft.meaning.scopes:
        for variable in draft.where(scope):
            for equation in variable.equations:
                for root in expressions_of(replace(variable, equations=(equation,))):
                    for node in walk(root):
                        here = node.span.start, node.span.end
                        if here in ((start, end), inner) and node.span.source is draft.read.source:
                            return scope, variable, equation, node
    raise refused("this extraction", "the selection is no whole expression of an equation", _WHOLE)


def _dims(draft: Draft, owner: Variable, equation: Equation) -> tuple[str, ...]:
    """The dimensions that an equation runs over."""
    if equation.exceptions:
        raise refused("this extraction", f"the equation of {owner.name} has exceptions", "Extract by hand.")
    known = {dim.ident for dim in draft.read.model.dimensions}
    return tuple(name for name in equation.subscripts or owner.dims if canonical(name) in known)


def _require_movable(draft: Draft, scope: Scope, equation: Equation, node: Expr) -> None:
    """Refuse what would mean something else, or draw other numbers, in an equation of its own."""
    inside = list(walk(node))
    if isinstance(node, ArrayLiteral):
        raise refused("this extraction", "a list of values is no value", _WHOLE)
    if any(
        isinstance(item, Call) and item.function in BUILTINS and BUILTINS[item.function].random
        for item in inside
    ):
        reason = "which random numbers a function draws depends on the equation it stands in"
        raise refused("this extraction", reason, "Move the function by hand, if other draws will do.")
    if any(isinstance(item, Call) and item.outputs for item in inside):
        raise refused("this extraction", "the call of a macro gives names to its outputs", "Extract by hand.")
    if isinstance(node, Reference):
        variable = draft.meaning.locals[scope].get(canonical(node.name))
        if isinstance(variable, Lookup):
            raise refused("this extraction", f"{node.name} is a graphical function, not a value", _WHOLE)
    for root in expressions_of(Auxiliary("", (equation,))):
        if any(parent is not node and _runs(parent, node) for parent in walk(root)):
            reason = "it stands in a function that runs over elements"
            raise refused("this extraction", reason, "Select the whole function.")


def _runs(parent: Expr, node: Expr) -> bool:
    """Whether an expression stands in a call that runs over elements."""
    is_call = isinstance(parent, Call) and parent.function in BUILTINS and BUILTINS[parent.function].reduces
    return is_call and any(inner is node for child in children(parent) for inner in walk(child))


def _require_sound(draft: Draft, model: Model) -> None:
    """Raise what the compiler has against the changed model, where it can be known without data."""
    models = (model, *model.submodels)
    if any(item.external or item.data for part in models for var in part.variables for item in var.equations):
        return
    if any(dim.external for dim in model.dimensions) or model.unread:
        return
    with naming_calls(model):
        scheduled(flatten(model), None)


def _units(model: Model, name: str) -> str:
    found = check_units(model).variables.get(name)
    return found.inferred if found is not None else ""
