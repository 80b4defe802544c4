"""What only a diagram shows: second symbols, arrows and their curves, and where the ends of flows are.

Symbols and arrows go by their numbers in a view, from 0, as `layout` hands them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import atan2, degrees
from typing import Literal

from ..errors import finding
from ..layout.drawn import angle_through
from ..model import Connector, Model, Stock, View, ViewItem, canonical
from ..read import ReadResult
from .delete import without_flow
from .draft import Draft, references, refused, with_variables
from .edit import Edit, finished
from .flows import with_flow
from .meaning import MAIN
from .naming import NAMED
from .patch import patch_of
from .pipes import led_to
from .texts.base import Range

End = Literal["source", "target"]
Point = tuple[float, float]


def alias(
    read: ReadResult, name: str, place: Sequence[float], view: int = 0, format: str | None = None
) -> Edit:
    """The edit that draws a variable once more. Raises PEN201 for an unknown name, PEN902 without that view."""
    draft = Draft(read, format)
    _, variable, _ = draft.named(name)
    old = _view(draft, view)
    item = ViewItem("alias", variable.name, *_place(draft, place), uid=_free_uid(read.model))
    new = replace(old, items=(*old.items, item))
    return _drawn(draft, view, new, draft.text.draw(view, new), f"drawing {name} again")


def draw_arrow(read: ReadResult, source: str, target: str, view: int = 0, format: str | None = None) -> Edit:
    """The edit that draws a straight arrow from one variable to another; equations stay as they are.

    Raises PEN902 where one of the two is not drawn, or there is such an arrow.
    """
    draft = Draft(read, format)
    old = _view(draft, view)
    a, b = _symbol(old, source), _symbol(old, target)
    if any(_same(arrow.source, a.name) and _same(arrow.target, b.name) for arrow in old.connectors):
        raise refused("an arrow", f"there is one from {a.name} to {b.name}", "Nothing needs to be done.")
    angle = None if draft.text.format == "mdl" else round(degrees(atan2(a.y - b.y, b.x - a.x)), 3)
    new = replace(old, connectors=(*old.connectors, Connector(a.name, b.name, angle)))
    return _drawn(draft, view, new, draft.text.draw(view, new), "an arrow")


def bend(
    read: ReadResult, arrow: int, through: Sequence[float], view: int = 0, format: str | None = None
) -> Edit:
    """The edit that bends an arrow so that it runs through a point, or next to it where that is too far out."""
    draft = Draft(read, format)
    old = _view(draft, view)
    if not 0 <= arrow < len(old.connectors):
        raise refused("a bend", f"there is no arrow number {arrow}", f"There are {len(old.connectors)}.")
    before = old.connectors[arrow]
    by_uid = {item.uid: item for item in old.items if item.uid}
    by_uid |= {item.label.uid: item for item in old.items if item.label and item.label.uid}
    a, b = (
        by_uid.get(uid) or _symbol(old, name)
        for uid, name in zip(before.ends, (before.source, before.target), strict=True)
    )
    point = _place(draft, through)
    angle = None if draft.text.format == "mdl" else round(angle_through((a.x, a.y), (b.x, b.y), point), 3)
    after = replace(before, angle=angle)
    connectors = (*old.connectors[:arrow], after, *old.connectors[arrow + 1 :])
    changes = draft.text.bend(view, arrow, after, point)
    return _drawn(draft, view, replace(old, connectors=connectors), changes, "a bend")


def erase(
    read: ReadResult,
    symbols: Sequence[int] = (),
    arrows: Sequence[int] = (),
    view: int = 0,
    format: str | None = None,
) -> Edit:
    """The edit that takes symbols and arrows off a view; what they show stays in the model.

    Equations that use what an arrow came from are among the consequences.
    """
    draft = Draft(read, format)
    old = _view(draft, view)
    if not all(0 <= number < len(old.items) for number in symbols) or not all(
        0 <= number < len(old.connectors) for number in arrows
    ):
        raise refused("erasing", "there is no such symbol or arrow", "Name what the view has.")
    items = [old.items[number] for number in dict.fromkeys(symbols)]
    for item in items:
        if item.kind not in ("alias", "comment"):
            raise refused(f"erasing {item.name}", "it is the symbol of the variable", "Delete the variable.")
    uids = {item.uid for item in items if item.uid}
    gone = [
        arrow for number, arrow in enumerate(old.connectors) if number in set(arrows) or uids & {*arrow.ends}
    ]
    new = replace(
        old,
        items=tuple(item for item in old.items if not any(item is other for other in items)),
        connectors=tuple(arrow for arrow in old.connectors if not any(arrow is other for other in gone)),
    )
    follows = [
        finding(
            "PEN905",
            variable.span,
            what=f"{variable.name} still uses {arrow.source}",
            advice="Change its equation, or leave the arrow.",
        )
        for arrow in gone
        for variable in read.model.variables
        if _same(variable.name, arrow.target) and _uses(variable, arrow.source)
    ]
    changes = draft.text.erase(view, items, gone)
    views = _with(read.model, view, new)
    if draft.text.format == "xmile":
        views = replace(views, views=tuple(item for item in views.views if item.items))
    patch = patch_of(draft.text.text, changes)
    return finished(draft.text, patch, views, "erasing", tuple(follows), redrawn=True)


def attach(
    read: ReadResult,
    flow: str,
    end: End,
    stock: str | None = None,
    place: Sequence[float] | None = None,
    format: str | None = None,
) -> Edit:
    """The edit by which a flow comes from (``source``) or goes to (``target``) another stock, or the outside.

    Its pipe ends at the stock's symbol, or at the `place`, in the first view that shows the flow.
    Raises PEN201 for unknown names, PEN902 where the flow would join a stock with itself.
    """
    draft = Draft(read, format)
    scope, variable, _ = draft.named(flow)
    owners = [item for item in draft.where(scope) if isinstance(item, Stock)]
    chosen = next((item for item in owners if stock is not None and _same(item.name, stock)), None)
    edit = f"attaching {flow}"
    if end not in ("source", "target"):
        raise refused(edit, f"a flow has no {end}", "Name its source or its target.")
    if isinstance(variable, Stock) or (stock is not None and chosen is None):
        raise refused(
            edit, f"{stock or flow} is not what that takes", "Name a flow and a stock of one model."
        )
    if chosen is not None and _same_flow(chosen, flow, "target" if end == "source" else "source"):
        raise refused(edit, f"its other end is at {chosen.name}", "Choose another stock.")
    changes: list[Range] = []
    variables = list(draft.where(scope))
    for owner in owners:
        new = owner
        if owner is not chosen and _same_flow(owner, flow, end):
            new = without_flow(owner, flow, draft.text.format)
        elif owner is chosen and not _same_flow(owner, flow, end):
            new = with_flow(owner, variable.name, "out" if end == "source" else "in", draft.text.format)
        if new is not owner:
            changes += draft.text.flows(scope, owner, new)
            variables[variables.index(owner)] = new
    model = with_variables(read.model, scope, variables)
    if scope == MAIN:
        model, drawn = _rerouted(draft, model, variable.name, end, chosen, place)
        changes += drawn
    redrawn = draft.text.format == "mdl"
    return finished(draft.text, patch_of(draft.text.text, changes), model, edit, redrawn=redrawn)


def _same_flow(stock: Stock, flow: str, end: End) -> bool:
    return any(_same(name, flow) for name in (stock.outflows if end == "source" else stock.inflows))


def _rerouted(
    draft: Draft, model: Model, flow: str, end: End, stock: Stock | None, place: Sequence[float] | None
) -> tuple[Model, list[Range]]:
    """The model whose first view of a flow shows it with its new end."""
    for number, view in enumerate(model.views):
        for item in view.items:
            if item.kind != "flow" or not _same(item.name, flow) or len(item.points) < 2:
                continue
            drawn = next((one for one in view.items if stock and _same(one.name, stock.name)), None)
            if drawn is None and place is None:
                return model, []
            at = (drawn.x, drawn.y) if drawn else _place(draft, place or ())
            goal = drawn or ViewItem("cloud", "", *at)
            points = led_to(item, goal, end == "source")
            changes = draft.text.pipe(number, item, points, end == "source", goal)
            new = replace(item, points=points)
            items = tuple(new if one is item else one for one in view.items)
            pipes = view.pipes if draft.text.format == "mdl" else ()
            return _with(model, number, replace(view, items=items, pipes=pipes)), changes
    return model, []


def _drawn(draft: Draft, number: int, new: View, changes: list[Range], edit: str) -> Edit:
    model = _with(draft.read.model, number, new)
    return finished(draft.text, patch_of(draft.text.text, changes), model, edit, redrawn=True)


def _with(model: Model, number: int, view: View) -> Model:
    return replace(model, views=(*model.views[:number], view, *model.views[number + 1 :]))


def _view(draft: Draft, number: int) -> View:
    views = draft.read.model.views
    if not 0 <= number < len(views):
        known = f"There are {len(views)}, from 0." if views else "Move a symbol: that writes the first one."
        raise refused("this", f"there is no view number {number}", known)
    return views[number]


def _symbol(view: View, name: str) -> ViewItem:
    found = [item for item in view.items if item.kind in NAMED and _same(item.name, name)]
    found.sort(key=lambda item: item.kind == "alias")
    if not found:
        raise refused("this", f"{name} is not drawn in {view.name}", "Name what is drawn, or another view.")
    return found[0]


def _place(draft: Draft, place: Sequence[float]) -> Point:
    x, y = place
    if draft.text.format == "mdl":
        return float(round(x)), float(round(y))
    return round(float(x), 6), round(float(y), 6)


def _free_uid(model: Model) -> int:
    """A number that no symbol or arrow has; XMILE's are the file's, so they count over all views."""
    uids = [item.uid for view in model.views for item in view.items]
    uids += [item.label.uid for view in model.views for item in view.items if item.label]
    uids += [arrow.uid for view in model.views for arrow in (*view.connectors, *view.pipes)]
    return max(uids, default=0) + 1


def _same(one: str, other: str) -> bool:
    return canonical(one) == canonical(other)


def _uses(variable: object, name: str) -> bool:
    return any(_same(getattr(node, "name", ""), name) for node in references(variable))  # type: ignore[arg-type]
