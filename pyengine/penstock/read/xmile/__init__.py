"""XMILE 1.0, and what Stella and others write by that name: specs, dimensions, variables, views."""

from __future__ import annotations

from ...errors import Diagnostic, error, finding
from ...model import Dimension, DimensionMapping, Model
from ...place import Source
from ..dialects import plain
from ..files import title
from ..recovery import recovering, report
from .specs import read_specs
from .tree import Element, read_tree
from .variables import Defaults, read_variables
from .views import read_views


def read_xmile(source: Source, findings: list[Diagnostic]) -> Model:
    """The model of an XMILE file; what is wrong with single elements goes to `findings`."""
    root = read_tree(source)
    if root.tag != "xmile":
        raise error("PEN007", root.span, found=root.tag)
    for macro in root.all("macro"):
        construct = f"the macro {macro.attributes.get('name', '')}".rstrip()
        advice = "Write the macro's equations out where it is used."
        report(findings, finding("PEN401", macro.span, construct=construct, advice=advice))
    model = root.get("model")
    if model is None:
        raise error("PEN009", root.span)
    for other in list(root.all("model"))[1:]:
        construct = f"the model {other.attributes.get('name', 'without a name')}"
        advice = "Only the first model of a file is read as long as modules are not."
        report(findings, finding("PEN403", other.span, construct=construct, advice=advice))
    header = root.get("header")
    return Model(
        name=plain(header.text_of("name")) if header and header.text_of("name") else title(source),
        variables=read_variables(model, _defaults(root, model), findings),
        specs=read_specs(model.get("sim_specs") or root.get("sim_specs"), root, findings),
        dimensions=_dimensions(root, findings),
        views=read_views(model),
        documentation=model.text_of("doc"),
    )


def _defaults(root: Element, model: Element) -> Defaults:
    """Which kinds of variables are non-negative unless they say otherwise; the model's word counts more."""
    kinds = {"stock": False, "flow": False}
    for behavior in (root.get("behavior"), model.get("behavior")):
        if behavior is None:
            continue
        for kind in kinds:
            for place in (behavior, behavior.get(kind)):
                flag = place.get("non_negative") if place else None
                if flag is not None:
                    kinds[kind] = flag.text.lower() != "false"
    return kinds


def _dimensions(root: Element, findings: list[Diagnostic]) -> tuple[Dimension, ...]:
    """``<dim>`` elements, by the names of their elements or by their number."""
    found: list[Dimension] = []
    for group in root.all("dimensions"):
        for dim in group.all("dim"):
            with recovering(findings):
                found.append(_dimension(dim))
    return tuple(found)


_LARGEST = 1_000_000


def _dimension(dim: Element) -> Dimension:
    elements = tuple(plain(elem.attributes.get("name", "")) for elem in dim.all("elem"))
    size = dim.attributes.get("size", "").strip()
    if not elements and size.isdecimal() and int(size[:9]) <= _LARGEST:
        elements = tuple(str(number) for number in range(1, int(size) + 1))
    name = dim.attributes.get("name", "")
    if not (name and elements):
        advice = "Give it a name, and elements or a size."
        raise error(
            "PEN101", dim.span, expected="a dimension with elements", found=f"<dim {name}>", advice=advice
        )
    mappings = tuple(DimensionMapping(plain(item.text), span=item.span) for item in dim.all("isee:maps_to"))
    return Dimension(plain(name), elements, mappings, span=dim.span)
