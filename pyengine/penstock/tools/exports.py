"""Calls that yield files: `draw` a model's diagram, `convert` a model to another format."""

from __future__ import annotations

from typing import Any

from ..compiler import Compiled
from ..drawing import Theme, svg
from ..layout import diagram
from ..write import write_text


def draw(compiled: Compiled, theme: Theme = "light") -> dict[str, Any]:
    return {"svg": svg(diagram(compiled.model), theme=theme)}


def convert(compiled: Compiled, format: str) -> dict[str, Any]:
    """`losses` are what the format has no words for; PEN516 refuses other formats before this is reached."""
    written = write_text(compiled.model, format)
    return {"text": written.text, "losses": [loss.to_json() for loss in written.losses]}
