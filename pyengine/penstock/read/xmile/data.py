"""XMILE's persistent data: exports are of no matter to a run, imports change what it starts from."""

from __future__ import annotations

from ...errors import Diagnostic, finding
from ..recovery import report
from .tree import Element


def report_imports(root: Element, findings: list[Diagnostic]) -> None:
    """Refuse values that another file gives at each run; those that were imported on demand are in the model."""
    holders = (root, *root.all("model"))
    for element in (item for holder in holders for data in holder.all("data") for item in data.all("import")):
        resource = element.attributes.get("resource", "")
        construct = f"the import of values from {resource or 'a file'}"
        off = element.attributes.get("enabled", "true").lower() in ("false", "0")
        if off or element.attributes.get("frequency", "automatic").lower() == "on_demand":
            advice = "The values that the model holds are used."
            report(findings, finding("PEN403", element.span, construct=construct, advice=advice))
        else:
            advice = "Import the values in the tool that made the model, then switch the import off."
            report(findings, finding("PEN401", element.span, construct=construct, advice=advice))
