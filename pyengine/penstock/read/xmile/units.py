"""``<model_units>``: the names and equations of units."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import UnitDefinition
from ...units import is_name
from .tree import Element


def read_units(root: Element) -> Iterator[UnitDefinition]:
    """The units of a file; an equation that is a plain name is one more name for the unit."""
    for group in root.all("model_units"):
        for unit in group.all("unit"):
            name = unit.attributes.get("name", "").strip()
            if not name or unit.attributes.get("disabled", "").strip().lower() == "true":
                continue
            equation = unit.text_of("eqn")
            aliases = [alias.text for alias in unit.all("alias") if alias.text]
            if equation and is_name(equation):
                aliases.insert(0, equation)
                equation = ""
            yield UnitDefinition(name, tuple(aliases), equation, unit.span)
