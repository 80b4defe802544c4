"""Models as text in the languages that Penstock reads: `read(write(model)) == model`, but for listed losses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import error
from ..model import Model
from ..read import FORMATS
from .losses import Losses, Written
from .mdl import write_mdl
from .pen import write_pen
from .xmile import write_xmile

__all__ = ["WRITERS", "Losses", "Writer", "Written", "write_text"]


@dataclass(frozen=True, slots=True)
class Writer:
    """How one format is written; `key` is that of `read.FORMATS`, which has its endings."""

    key: str
    write: Callable[[Model], Written]

    @property
    def endings(self) -> tuple[str, ...]:
        return next(row.endings for row in FORMATS if row.key == self.key)


WRITERS: tuple[Writer, ...] = (
    Writer("mdl", write_mdl),
    Writer("pen", write_pen),
    Writer("xmile", write_xmile),
)


def write_text(model: Model, format: str) -> Written:
    """The model in a format: a key of `WRITERS`, or an ending of its files."""
    for row in WRITERS:
        if format == row.key or format.lower() in row.endings:
            return row.write(model)
    raise error("PEN003", name=format)
