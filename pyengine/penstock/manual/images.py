"""Pictures of the manual: diagrams of the sample models, as `penstock draw` makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from ..drawing import svg
from ..layout import diagram
from ..read import read_file

_SAMPLES = Path(__file__).resolve().parents[3] / "web" / "samples"
_DRAWN = ("sir", "fishery", "climate-economy")


def _image(name: str) -> str:
    return svg(diagram(read_file(_SAMPLES / f"{name}.pen").model))


IMAGES: Mapping[str, Callable[[], str]] = {f"{name}.svg": partial(_image, name) for name in _DRAWN}
