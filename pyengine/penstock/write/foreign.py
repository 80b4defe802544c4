"""What a model does not hold: parts that could not be read, and what other formats say to their own tools."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Kept, Macro, Model
from ..place import NOWHERE
from .losses import Losses


def list_foreign(model: Model, own: str, losses: Losses) -> None:
    """Add both to the losses; what is kept of the format `own` is none."""
    list_unread(model, losses)
    parts = (model, *model.submodels)
    owners: Iterable[Model | Macro] = (*parts, *model.macros)
    kept: list[Kept] = [item for part in owners for item in part.kept]
    kept += [item for part in owners for variable in part.variables for item in variable.kept]
    formats = {item.format for item in kept} | {view.format for part in parts for view in part.views}
    for key in sorted(formats - {own, ""}):
        losses.left_out(f"how the .{key} file looks and what it says to its own tool")


def list_unread(model: Model, losses: Losses) -> None:
    """Add to the losses what could not be read, and is missing in any format."""
    for item in (item for part in (model, *model.submodels) for item in part.unread):
        losses.unread(item.name or "a part of the model", item.reasons[0].span if item.reasons else NOWHERE)
