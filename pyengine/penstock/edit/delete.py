"""Taking a variable out of a model, with a list of what that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..errors import Diagnostic, finding
from ..expr import Call, Expr, Number, Reference, walk
from ..model import Connector, Stock, Variable, View, ViewItem, canonical
from ..passes.renaming import changed
from ..read import ReadResult
from .draft import Draft, references, refused, with_variables
from .edit import Edit, finished
from .meaning import MAIN, Entity, Scope
from .naming import NAMED
from .patch import patch_of
from .texts.base import Range


def delete(read: ReadResult, name: str, value: str | None = None, format: str | None = None) -> Edit:
    """The edit that removes a variable, its symbols and its arrows.

    Each use of it is among the consequences, as a warning with its place; with a `value`, an expression, that stands
    in the place of every use. A deleted flow is taken off its stocks. Raises PEN201 for an unknown name, PEN902 for
    uses that no value can replace.
    """
    draft = Draft(read, format)
    scope, variable, _ = draft.named(name)
    entity = Entity("variable", scope, variable.ident)
    if scope.kind == "macro" and scope.ident == variable.ident:
        raise refused(f"deleting {name}", "it is the value of the macro", "Delete the macro in the text.")
    replacement = None if value is None else draft.expression(value.strip())
    text = draft.text
    changes: list[Range] = text.remove(scope, variable)
    uses = tuple(_uses(draft, entity, variable))
    variables, flows = _without(draft, scope, variable, text.format)
    for old, new in flows:
        changes += text.flows(scope, old, new)
    if replacement is not None:
        changes += _replaced(draft, entity, variable, str(value).strip(), [old for old, _ in flows])
        rewrite = _Replacing(draft, entity, replacement)
        variables = [changed(item, rewrite.within(scope)) for item in variables]
    model = with_variables(read.model, scope, variables)
    if scope == MAIN:
        views = []
        for number, view in enumerate(read.model.views):
            items, arrows = _drawn(view, draft, entity)
            changes += text.erase(number, items, arrows)
            views.append(_cleared(view, items, arrows))
        # What is left of an XMILE view without symbols is none that draws something.
        model = replace(model, views=tuple(view for view in views if view.items or text.format != "xmile"))
    consequences = () if replacement is not None else uses
    patch = patch_of(text.text, changes)
    return finished(text, patch, model, f"deleting {name}", consequences, redrawn=text.format == "mdl")


def _without(
    draft: Draft, scope: Scope, variable: Variable, format: str
) -> tuple[list[Variable], list[tuple[Stock, Stock]]]:
    """The other variables, and the stocks among them that lose a flow, as they were and as they are."""
    found: list[Variable] = []
    flows: list[tuple[Stock, Stock]] = []
    for item in draft.where(scope):
        if item is variable:
            continue
        if isinstance(item, Stock) and draft.flow(item, variable.name):
            new = without_flow(item, variable.name, format)
            flows.append((item, new))
            item = new
        found.append(item)
    return found, flows


def without_flow(stock: Stock, flow: str, format: str) -> Stock:
    """A stock that a flow no longer fills or drains; Vensim's stocks say it in their rates."""
    ident = canonical(flow)
    inflows = tuple(name for name in stock.inflows if canonical(name) != ident)
    outflows = tuple(name for name in stock.outflows if canonical(name) != ident)
    bare = replace(stock, inflows=inflows, outflows=outflows)
    if format != "mdl" and all(item.rate is None for item in stock.equations):
        return bare
    equations = tuple(replace(item, rate=bare.net_flow(item.subscripts)) for item in stock.equations)
    return replace(bare, equations=equations)


def _uses(draft: Draft, entity: Entity, variable: Variable) -> Iterator[Diagnostic]:
    """Each place where another variable needs this one, as a warning."""
    for scope in draft.meaning.scopes:
        for item in draft.where(scope):
            if item is variable or entity.ident not in _text_of(item):
                continue
            for node in references(item):
                name = (
                    node.name
                    if isinstance(node, Reference)
                    else node.function
                    if isinstance(node, Call)
                    else ""
                )
                role: Any = "call" if isinstance(node, Call) else "value"
                if name and entity in draft.meaning.of(name, scope, role):
                    advice = f"Give {item.name} another equation, or delete with a value in its place."
                    yield finding("PEN904", node.span, user=item.name, name=variable.name, advice=advice)
    for module in (
        *draft.read.model.modules,
        *(m for sub in draft.read.model.submodels for m in sub.modules),
    ):
        for connection in module.connections:
            if entity.ident in (
                canonical(connection.source),
                canonical(connection.source.rpartition(".")[2]),
            ):
                advice = "Connect the input to another variable."
                yield finding("PEN904", connection.span, user=module.name, name=variable.name, advice=advice)


def _text_of(variable: Variable) -> str:
    """All that may hold a name, folded; cheaper than looking into expressions."""
    return " ".join(
        canonical(getattr(node, "name", "") or getattr(node, "function", "")) for node in references(variable)
    )


class _Replacing:
    """Puts an expression in the place of a variable."""

    def __init__(self, draft: Draft, entity: Entity, replacement: Expr) -> None:
        self.draft, self.entity, self.replacement = draft, entity, replacement

    def within(self, scope: Scope) -> Any:
        def change(expr: Expr) -> Expr:
            is_it = isinstance(expr, Reference) and self.entity in self.draft.meaning.of(
                expr.name, scope, "value"
            )
            return self.replacement if is_it else expr

        return change


def _replaced(
    draft: Draft, entity: Entity, variable: Variable, value: str, stocks: list[Stock]
) -> list[Range]:
    """The uses of a variable in expressions, as the value, in parentheses where it is no plain number."""
    written = value if isinstance(draft.expression(value), Number) else f"({value})"
    found: list[Range] = []
    for scope in draft.meaning.scopes:
        for item in draft.where(scope):
            if item is variable:
                continue
            for node in references(item):
                if isinstance(node, Call) and entity in draft.meaning.of(node.function, scope, "call"):
                    raise refused(
                        f"deleting {variable.name}",
                        f"{item.name} calls it as a function",
                        "Give that another equation first.",
                    )
                if not isinstance(node, Reference) or entity not in draft.meaning.of(
                    node.name, scope, "value"
                ):
                    continue
                if scope != entity.scope:
                    raise refused(
                        f"deleting {variable.name}", "a module uses it", "Give that another equation first."
                    )
                if item not in stocks or not _is_rate(item, node):
                    found.append((node.span.start, node.span.end, draft.text.written(written)))
    return found


def _is_rate(stock: Variable, node: Expr) -> bool:
    """Whether a reference is in a rate, which is written anew for a stock that loses the flow."""
    rates = (item.rate for item in stock.equations)
    return any(node is inner for rate in rates if rate is not None for inner in walk(rate))


def _drawn(view: View, draft: Draft, entity: Entity) -> tuple[list[ViewItem], list[Connector]]:
    """The symbols of a variable in a view, and the arrows and pipes to and from them."""

    def is_it(name: str) -> bool:
        return entity in draft.meaning.of(name, MAIN, "symbol")

    items = [item for item in view.items if item.kind in NAMED and is_it(item.name)]
    uids = {item.uid for item in items if item.uid} | {item.label.uid for item in items if item.label}
    arrows = [
        arrow
        for arrow in (*view.connectors, *view.pipes)
        if is_it(arrow.source) or is_it(arrow.target) or uids & {*arrow.ends}
    ]
    return items, arrows


def _cleared(view: View, items: list[ViewItem], arrows: list[Connector]) -> View:
    gone = {id(part) for part in (*items, *arrows)}
    return replace(
        view,
        items=tuple(item for item in view.items if id(item) not in gone),
        connectors=tuple(arrow for arrow in view.connectors if id(arrow) not in gone),
        pipes=tuple(arrow for arrow in view.pipes if id(arrow) not in gone),
    )
