"""What the `style` texts of views say about how their symbols and arrows look, as far as drawings use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..model import Connector, ViewItem


@dataclass(frozen=True, slots=True)
class Looks:
    """`side` is where a name stands, if the format says; `centred` names take the place of a symbol.

    A `control` is a slider or a graph rather than a text. What is `hidden` is not to be seen. An arrow may run
    `through` a point.
    """

    side: str = ""
    centred: bool = False
    control: bool = False
    hidden: bool = False
    through: tuple[float, float] | None = None


_HANDLE = re.compile(r"\|\((-?[0-9]{1,7}),(-?[0-9]{1,7})\)")
_SIDE = re.compile(r'\blabel_side="(top|bottom|left|right|center)"')
_SIDES = {"top": "above", "bottom": "below", "left": "left", "right": "right", "center": "below"}
_CURVED = 1  # of an arrow's shape bits
_CONTROL = 32  # of the second bits of a comment


def looks_of(format: str, part: ViewItem | Connector) -> Looks:
    """What a part of a view of a format looks like; the default where the format says nothing."""
    reader = _READERS.get(format)
    return Looks() if reader is None else reader(part)


def _mdl(part: ViewItem | Connector) -> Looks:
    fields = part.style.split(",")
    if isinstance(part, Connector):
        handle = _HANDLE.search(part.style)
        point = (float(handle[1]), float(handle[2])) if handle and _bits(fields, 0) & _CURVED else None
        return Looks(hidden=_bits(fields, 1) == 1, through=point)
    named = part.kind not in ("flow", "cloud", "comment", "picture")  # of others a number comes first
    return Looks(
        centred=part.kind == "auxiliary",
        control=part.kind == "comment" and bool(_bits(fields, 2) & _CONTROL),
        hidden=_bits(fields, 2 if named else 3) == 1,
    )


def _bits(fields: list[str], place: int) -> int:
    text = fields[place] if place < len(fields) else ""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _xmile(part: ViewItem | Connector) -> Looks:
    side = _SIDE.search(part.style)
    return Looks(side=_SIDES[side[1]] if side else "")


_READERS: Mapping[str, Callable[[ViewItem | Connector], Looks]] = {"mdl": _mdl, "xmile": _xmile}
