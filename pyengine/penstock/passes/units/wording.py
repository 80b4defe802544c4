"""Findings about units in words: both sides as the author spells them, and what to do."""

from __future__ import annotations

from ...builtins import BUILTINS
from ...errors import Diagnostic, finding
from ...expr import Binary, Expr, Number
from ...place import NOWHERE, Span
from ...units import ONE, TIMES, Unit
from .blame import Culprit
from .equations import Requirement
from .evaluate import Misfit
from .vocabulary import Vocabulary

_CONSTRUCTS = {"+": "the sum", "if_then_else": "the choice", "mod": "mod"}


def misfit(item: Misfit, requirement: Requirement, words: Vocabulary) -> Diagnostic:
    """What does not fit within an expression, or between it and its variable."""
    span = place(item.expr, requirement)
    found, expected = words.text(item.found), words.text(item.expected)
    sides = {"found": found, "expected": expected, "advice": _advice(item, words)}
    if item.fault == "alike":
        what = _CONSTRUCTS.get(item.function) or _construct(item.function)
        return finding("PEN702", span, what=what, **sides)
    if item.fault == "value":
        return _value(requirement, span, sides, words)
    function = "the operator ^" if item.function == "^" else item.function.replace("_", " ")
    parameter = f"the {item.fault}" if item.function == "^" else item.parameter.replace("_", " ")
    return finding("PEN704", span, function=function, parameter=parameter, **sides)


def _value(requirement: Requirement, span: Span, sides: dict[str, str], words: Vocabulary) -> Diagnostic:
    owner = words.name(requirement.owner.ident)
    if requirement.kind in ("rate", "flow"):
        assert requirement.subject is not None
        name = "its rate" if requirement.kind == "rate" else owner
        return finding("PEN705", span, stock=words.name(requirement.subject), name=name, **sides)
    if requirement.kind in ("belt", "leak"):
        what = "the conveyor" if requirement.kind == "belt" else "the leak"
        return finding("PEN704", span, function=f"{what} {owner}", parameter="this", **sides)
    if requirement.subject in words.given:
        sides["expected"] = requirement.owner.units
    return finding("PEN703", span, name=owner, **sides)


def culprit(item: Culprit, words: Vocabulary) -> Diagnostic:
    """A variable whose units are to blame for several equations."""
    variable = words.variables.get(item.ident)
    names = list(dict.fromkeys(requirement.owner.name for requirement in item.cured))
    return finding(
        "PEN706",
        place(item.cured[0].expr, item.cured[0]) if variable is None else variable.span,
        name="time" if variable is None else variable.name,
        given=words.text(words.time) if variable is None else variable.units,
        count=item.faults,
        needed=words.text(item.needed),
        equations=_listed(names),
    )


def same_names(
    left: str, right: str, faults: list[tuple[Requirement, Misfit]], words: Vocabulary
) -> Diagnostic:
    """Two names that are taken for one."""
    requirement, item = faults[0]
    source = requirement.owner.span.source.name.lower()
    left, right = sorted((words.word(left), words.word(right)))
    how = f"unit {left} = {right}"
    if source.endswith(".mdl"):
        how = f"{left},{right} among the units equivalences"
    elif not source.endswith(".pen"):
        how = f"{right} as an alias of {left} in <model_units>"
    count = len({id(requirement) for requirement, _ in faults})
    taken = "an equation takes" if count == 1 else f"{count} equations take"
    return finding("PEN707", place(item.expr, requirement), left=left, right=right, count=taken, how=how)


def missing(name: str, unit: Unit, span: Span, words: Vocabulary) -> Diagnostic:
    return finding("PEN708", span, name=name, units=words.text(unit))


def place(expr: Expr, requirement: Requirement) -> Span:
    """The expression's place, or its variable's where it has none."""
    return requirement.owner.span if expr.span is NOWHERE else expr.span


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _construct(function: str) -> str:
    return function.replace("_", " ") if function in BUILTINS else "the comparison"


def _advice(item: Misfit, words: Vocabulary) -> str:
    gap = item.expected / item.found
    if gap == ONE or gap.unknowns:
        return "Correct the units of one of the two."
    needed = words.text(gap)
    if isinstance(item.expr, Binary) and (constant := _hidden_constant(item.expr, gap)):
        number, units = constant
        return (
            f"If {number} stands for something that is measured, make it a constant in {words.text(units)}."
        )
    if item.expected == ONE and item.fault != "value":
        return f"Divide by a reference value in {words.text(item.found)}."
    if gap in (words.time, ONE / words.time):
        word = "Multiply" if gap == words.time else "Divide"
        return (
            f"One is an amount, the other a rate. {word} by a time, or correct the units of one of the two."
        )
    names = [name for name, _ in gap.powers]
    if len(names) == 2 and all(name in TIMES for name in names):
        return f"Convert one to the other with a constant in {needed}."
    return f"Correct the units of one of the two, or multiply by a constant in {needed}."


def _hidden_constant(expr: Expr, gap: Unit) -> tuple[str, Unit] | None:
    """A number, as written, that is a factor of a product and may stand for a constant, and its units then; one
    that is no rate rather than one that is."""
    found: list[tuple[str, Unit]] = []
    stack = [(expr, 1)]
    while stack:
        node, sign = stack.pop()
        if isinstance(node, Binary) and node.operator in ("*", "/"):
            stack += [(node.right, sign if node.operator == "*" else -sign), (node.left, sign)]
        elif isinstance(node, Number) and node.value not in (0.0, 1.0) and node.span is not NOWHERE:
            found.append((node.span.text, gap**sign))
    return min(found, key=lambda item: sum(power < 0 for _, power in item[1].powers), default=None)
