"""Edits of a model as patches of its text: the author's line breaks, spacing and comments stay.

Every function takes a model as it was read and returns an `Edit`, or raises `PenstockError` and changes nothing. An
edit is proved before it is handed out: the patched text is read again, and must say just what the change to the
model means. Names may be qualified with dots, for variables of modules and macros.
"""

from __future__ import annotations

from .add import add
from .copies import copied, paste
from .delete import delete
from .edit import Edit
from .extract import extract
from .fields import set_documentation, set_equation, set_points, set_range, set_specs, set_units
from .flows import connect, disconnect
from .kinds import change_kind
from .modules import add_module
from .patch import Change, Patch, patch_from_json
from .rename import rename
from .sketch import alias, attach, bend, draw_arrow, erase
from .views import Move, move

__all__ = [
    "Change",
    "Edit",
    "Move",
    "Patch",
    "add",
    "add_module",
    "alias",
    "attach",
    "bend",
    "change_kind",
    "connect",
    "copied",
    "delete",
    "disconnect",
    "draw_arrow",
    "erase",
    "extract",
    "move",
    "paste",
    "patch_from_json",
    "rename",
    "set_documentation",
    "set_equation",
    "set_points",
    "set_range",
    "set_specs",
    "set_units",
]
