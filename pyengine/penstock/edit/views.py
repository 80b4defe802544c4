"""Places of symbols: moved in the view that there is, or in one that is laid out for the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..layout import diagram
from ..model import Connector, Model, View, ViewItem, ViewKind, canonical
from ..read import ReadResult
from .draft import Draft, refused
from .edit import Edit, finished
from .naming import NAMED
from .patch import patch_of
from .pipes import followed
from .texts import Text
from .texts.base import Range

_KINDS: dict[str, ViewKind] = {"constant": "auxiliary", "lookup": "auxiliary", "module": "auxiliary"}


class Move(NamedTuple):
    """A symbol by the name of what it shows, or by its number in its view from 0, and its new middle."""

    item: str | int
    x: float
    y: float
    view: int = 0


def move(read: ReadResult, moves: Iterable[Move | Sequence[object]], format: str | None = None) -> Edit:
    """The edit that moves symbols; the ends of pipes move with their stocks.

    A model without a view gets one first, from the automatic layout. Raises PEN902 for what is not drawn.
    """
    draft = Draft(read, format)
    wanted = [Move(*item) for item in moves]
    text = draft.text
    model = read.model
    if not model.views:
        view = _moved(laid_out(model, text.format), wanted, text.format)[0]
        expected = replace(model, views=(view,))
        changes = text.add_view(view)
        return finished(text, patch_of(text.text, changes), expected, "the first view", redrawn=True)
    views = list(model.views)
    places: dict[tuple[int, int], ViewItem] = {}
    for number in dict.fromkeys(item.view for item in wanted):
        if not 0 <= number < len(views):
            raise refused("a move", f"there is no view number {number}", f"There are {len(views)}, from 0.")
        here = [item for item in wanted if item.view == number]
        views[number], touched = _moved(views[number], here, text.format)
        places |= {(number, place): views[number].items[place] for place in touched}
    changes = _changes(text, model, places)
    return finished(
        text,
        patch_of(text.text, changes),
        replace(model, views=tuple(views)),
        "a move",
        redrawn=text.format == "mdl",
    )


def _changes(text: Text, model: Model, places: dict[tuple[int, int], ViewItem]) -> list[Range]:
    found: list[Range] = []
    for (view, number), new in places.items():
        old = model.views[view].items[number]
        found += text.place(view, old, new.x, new.y, new.points)
    return found


def _moved(view: View, wanted: Iterable[Move], format: str) -> tuple[View, list[int]]:
    """The view with symbols elsewhere, and the numbers of all symbols that changed by it."""
    places: dict[int, tuple[float, float]] = {}
    for item in wanted:
        x, y = (
            float(round(value)) if format == "mdl" else round(float(value), 6) for value in (item.x, item.y)
        )
        places[_number(view, item.item)] = x, y
    changed = followed(view.items, places)
    items = tuple(changed.get(number, item) for number, item in enumerate(view.items))
    return replace(view, items=items), list(changed)


def _number(view: View, wanted: str | int) -> int:
    if isinstance(wanted, int):
        if 0 <= wanted < len(view.items):
            return wanted
        raise refused(
            "a move", f"there is no symbol number {wanted}", f"There are {len(view.items)}, from 0."
        )
    ident = canonical(wanted)
    drawn = [n for n, item in enumerate(view.items) if item.kind in NAMED and canonical(item.name) == ident]
    drawn.sort(key=lambda number: view.items[number].kind == "alias")
    if not drawn:
        raise refused(
            "a move", f"{wanted} is not drawn in {view.name}", "Name what is drawn, or another view."
        )
    return drawn[0]


def laid_out(model: Model, format: str) -> View:
    """A view of the main model from the automatic layout, with half sizes as views have them."""
    only = replace(model, submodels=())
    made = diagram(only, auto=True)
    by_id = {item.id: item for item in made.symbols}
    pipes = {pipe.flow: pipe.points for pipe in made.pipes}

    def place(value: float) -> float:
        return float(round(value)) if format == "mdl" else value

    items = [
        ViewItem(
            _KINDS.get(item.kind, item.kind),  # type: ignore[arg-type]
            item.name,
            place(item.x),
            place(item.y),
            points=pipes.get(item.id, ()) if item.kind == "flow" else (),
        )
        for item in made.symbols
        if item.kind not in ("cloud", "comment")
    ]
    joined = ((by_id[arrow.source].name, by_id[arrow.target].name) for arrow in made.arrows)
    connectors = tuple(Connector(source, target) for source, target in joined if source and target)
    return View("View 1", tuple(items), connectors)
