"""New modules: another submodel in its place, or one that is there already once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..expr import Number
from ..model import Auxiliary, Equation, Ident, Model, Module, ViewItem, canonical
from ..read import ReadResult
from .draft import Draft, refused
from .edit import Edit, finished
from .meaning import MAIN, Entity
from .patch import patch_of
from .rename import require_free
from .texts.mdl import MdlText

FIRST = "output"
"""What a new submodel holds, so that there is something to go on from."""


def add_module(
    read: ReadResult,
    name: str,
    model: str = "",
    *,
    place: Sequence[float] | None = None,
    format: str | None = None,
) -> Edit:
    """The edit that adds a module: of the submodel `model`, else of a new one of the module's own name.

    With a `place`, it gets a symbol in the first view there. Raises PEN902 for a name that is taken or reserved, a
    submodel that there is not, and in Vensim's files, which have no modules.
    """
    draft = Draft(read, format)
    edit = f"adding {name}"
    if isinstance(draft.text, MdlText):
        advice = "Save the model as Penstock text or XMILE, and go on in that."
        raise refused(edit, "Vensim's files have no modules", advice)
    require_free(Entity("module", MAIN, Ident("")), name, draft)
    known = {canonical(item.name): item.name for item in read.model.submodels}
    if model and canonical(model) not in known:
        raise refused(
            edit, f"there is no submodel {model}", f"There are {', '.join(known.values()) or 'none'}."
        )
    if not model and canonical(name) in known:
        raise refused(edit, "a submodel has that name", "Choose another name.")
    module = Module(name, known.get(canonical(model), "") if model else "")
    fresh = () if model else (_first(name, read.model),)
    changes = draft.text.add_module(module, fresh)
    new = replace(
        read.model, modules=(*read.model.modules, module), submodels=(*read.model.submodels, *fresh)
    )
    if place is not None and read.model.views:
        old = read.model.views[0]
        drawn = replace(
            old, items=(*old.items, ViewItem("auxiliary", name, float(place[0]), float(place[1])))
        )
        changes += draft.text.draw(0, drawn)
        new = replace(new, views=(drawn, *new.views[1:]))
    return finished(draft.text, patch_of(draft.text.text, changes), new, edit, redrawn=place is not None)


def _first(name: str, main: Model) -> Model:
    variable = Auxiliary(FIRST, (Equation(Number(0.0)),))
    return Model(name, (variable,), specs=main.specs)
