"""What a writer yields: a text, and all that the format could not say of the model."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import Diagnostic, finding
from ..place import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Written:
    """`losses` are warnings, in the order of the text; without any, reading the text yields the same model."""

    text: str
    losses: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class Losses:
    """Collects what is lost in writing. `format` is what people call the format.

    `what` names the part of the model, as in "the value range of population"; `span` is where it was read.
    """

    format: str
    found: list[Diagnostic] = field(default_factory=list)

    def left_out(self, what: str, span: Span = NOWHERE) -> None:
        """The text does not say it at all."""
        self._add(finding("PEN601", span, format=self.format, what=what))

    def written_as(self, what: str, instead: str, span: Span = NOWHERE) -> None:
        """The text says it in other words, which read back as another model."""
        self._add(finding("PEN602", span, format=self.format, what=what, instead=instead))

    def unread(self, what: str, span: Span) -> None:
        """No text of any format says it, as it is no part of the model."""
        self._add(finding("PEN603", span, what=what))

    def _add(self, loss: Diagnostic) -> None:
        """The same words twice tell nobody anything."""
        if loss not in self.found:
            self.found.append(loss)
