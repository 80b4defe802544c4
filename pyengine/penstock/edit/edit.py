"""What an edit hands out: the patch, the model that it leads to, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..errors import Diagnostic
from ..model import Model
from ..place import Source
from ..read import ReadResult
from .patch import Patch
from .proof import proved
from .texts import Text


@dataclass(frozen=True, eq=False)
class Edit:
    """`consequences` point into the text before the edit: what breaks, and what else a person should know."""

    patch: Patch
    source: Source
    after: ReadResult
    consequences: tuple[Diagnostic, ...] = ()

    @property
    def model(self) -> Model:
        """The model that the patched text says."""
        return self.after.model

    @cached_property
    def text(self) -> str:
        """The patched text."""
        return self.after.source.text

    def to_json(self) -> dict[str, Any]:
        return {
            "patch": self.patch.to_json(self.source),
            "inverse": self.patch.inverse().to_json(self.after.source),
            "consequences": [item.to_json() for item in self.consequences],
        }


def finished(
    text: Text,
    patch: Patch,
    expected: Model,
    what: str,
    consequences: tuple[Diagnostic, ...] = (),
    *,
    redrawn: bool = False,
) -> Edit:
    """The edit, once it is proved. Raises PEN903 where it cannot be."""
    after = proved(text.read, text.format, patch, expected, what, redrawn=redrawn)
    return Edit(patch, text.source, after, consequences)
