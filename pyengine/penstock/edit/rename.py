"""Another name for a variable, a dimension, an element, a module or a macro, wherever it is named."""

from __future__ import annotations

from ..builtins import spellings
from ..builtins.time import CLOCK_SPELLINGS
from ..errors import PenstockError, error
from ..model import canonical
from ..read import ReadResult
from ..read.dialects import plain
from .draft import Draft
from .edit import Edit, finished
from .meaning import Entity, Kind, Meaning
from .naming import renamed, with_part
from .patch import patch_of
from .texts import Text, text_of


def rename(read: ReadResult, old: str, new: str, kind: Kind | None = None, format: str | None = None) -> Edit:
    """The edit that gives what is called `old` the name `new`; `old` may be qualified with dots.

    Raises PEN201 for an unknown name, PEN902 where the new one is taken, reserved or none, PEN903 where the text is
    written in a way that makes the change unsafe.
    """
    text = text_of(read, format)
    meaning = Meaning(read.model)
    entity = meaning.find(old, kind)
    _require(entity, new, meaning, text)
    if entity.kind == "module":
        _require_named_model(entity, meaning)
    changes = []
    for item in text.mentions(entity.ident):
        if entity.ident in canonical(item.name):
            name = with_part(item.name, item.meant(meaning), entity, new)
            if name != item.name:
                changes.append((item.start, item.end, item.spell(name)))
    expected = renamed(meaning, entity, new)
    return finished(text, patch_of(text.text, changes), expected, f"rename {old}")


def _require(entity: Entity, new: str, meaning: Meaning, text: Text) -> None:
    """Refuse names that would mean something else, or nothing."""
    ident = canonical(new)
    if not ident or plain(new) != new or any(ord(mark) < 32 for mark in new):
        raise _refused(new, "it is no name", "Write a name on one line.")
    if ident == entity.ident:
        return
    if ident in CLOCK_SPELLINGS or ident in CLOCK_SPELLINGS.values():
        raise _refused(new, "it is the clock's", "Choose another name.")
    if ident in spellings(text.dialect.key):
        raise _refused(new, "it is the name of a built-in function", "Choose another name.")
    if "." in new and (meaning.model.modules or text.format == "xmile"):
        raise _refused(new, "a dot would make it a variable of a module", "Leave the dot out.")
    scopes = list(meaning.scopes) if entity.kind in ("range", "macro") else [entity.scope]
    for scope in scopes:
        if ident in meaning.locals[scope]:
            raise _refused(new, "a variable has that name", "Rename or delete that one first.")
        if any(item.ident == ident for item in meaning.modules(scope)):
            raise _refused(new, "a module has that name", "Rename that one first.")
    if ident in meaning.ranges:
        raise _refused(new, "a dimension or an element has that name", "Rename that one first.")
    if ident in meaning.macros:
        raise _refused(new, "a macro has that name", "Rename that one first.")


def require_free(entity: Entity, name: str, draft: Draft) -> None:
    """Raise PEN902 unless a name may be given to something; an `entity` may keep its own."""
    _require(entity, name, draft.meaning, draft.text)


def _require_named_model(entity: Entity, meaning: Meaning) -> None:
    module = next(item for item in meaning.modules(entity.scope) if item.ident == entity.ident)
    if not module.model:
        reason = "the model that it holds is known by the module's name"
        raise error(
            "PEN902",
            edit=f"the rename of {module.name}",
            reason=reason,
            advice="Name the model in the module.",
        )


def _refused(new: str, reason: str, advice: str) -> PenstockError:
    return error("PEN902", edit=f"the name {new!r}", reason=reason, advice=advice)
