"""XMILE 1.0, and what Stella and others write by that name: specs, dimensions, variables, views."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...changing import replace
from ...errors import Diagnostic, error
from ...model import Dimension, DimensionMapping, Kept, Model, SimSpecs, Unread
from ...place import Source
from ..dialects import Dialect, plain
from ..files import title
from ..recovery import recovering
from .data import report_imports
from .kept import FORMAT, ROOT, kept, model_row
from .macros import dialect_of, read_macros
from .markup import Node, printed
from .modules import read_modules, report_models
from .specs import read_specs
from .tree import Element, comments, read_tree
from .units import read_units
from .variables import Defaults, read_groups, read_variables
from .views import VIEWS, read_views

_MODEL = model_row(VIEWS)


def read_xmile(source: Source, findings: list[Diagnostic]) -> Model:
    """The model of an XMILE file; what is wrong with single elements goes to `findings`."""
    root = read_tree(source)
    if root.tag != "xmile":
        raise error("PEN007", root.span, found=root.tag)
    dialect = dialect_of(root)
    model, others = _models(root)
    header = root.get("header")
    name = header.text_of("name") if header else ""
    specs = read_specs(model.get("sim_specs") or root.get("sim_specs"), root, findings)
    main = _model(model, plain(name) or title(source), specs, root, dialect, findings)
    unread: list[Unread] = []
    macros = tuple(read_macros(root, _defaults(root, root), dialect, findings, unread))
    submodels = tuple(_submodel(other, specs, root, dialect, findings) for other in others)
    report_models(main, submodels, others, findings)
    report_imports(root, findings)
    return replace(
        main,
        dimensions=_dimensions(root, findings, unread),
        macros=macros,
        submodels=submodels,
        units=tuple(read_units(root)),
        unread=(*main.unread, *unread),
        kept=(*kept("file", root, ROOT), *main.kept, *_name_of(model), *_comments(source)),
    )


def _models(root: Element) -> tuple[Element, list[Element]]:
    """The main model, which is the one without a name or else the first, and the models of modules."""
    models = list(root.all("model"))
    if not models:
        raise error("PEN009", root.span)
    main = next((model for model in models if not model.attributes.get("name", "")), models[0])
    return main, [model for model in models if model is not main]


def _model(
    element: Element,
    name: str,
    specs: SimSpecs,
    root: Element,
    dialect: Dialect,
    findings: list[Diagnostic],
) -> Model:
    unread: list[Unread] = []
    return Model(
        name=name,
        variables=read_variables(element, _defaults(root, element), dialect, findings, unread),
        specs=specs,
        views=read_views(element),
        documentation=element.text_of("doc"),
        modules=tuple(read_modules(element, findings)),
        unread=tuple(unread),
        groups=read_groups(element),
        kept=kept("model", element, _MODEL),
    )


def _name_of(model: Element) -> tuple[Kept, ...]:
    """The main model's own name, which files need not give: the header has it."""
    name = model.attributes.get("name", "")
    return (Kept(FORMAT, "model", printed(Node("model", {"name": name}))),) if name else ()


def _comments(source: Source) -> Iterator[Kept]:
    for start, end in comments(source.text):
        if text := source.text[start + len("<!--") : end - len("-->")].strip():
            yield Kept(FORMAT, "comment", text)


def _submodel(
    element: Element, main: SimSpecs, root: Element, dialect: Dialect, findings: list[Diagnostic]
) -> Model:
    """A model that modules hold; it has the main model's clock unless it says otherwise."""
    own = element.get("sim_specs")
    specs = read_specs(own, element, findings) if own is not None else main
    name = plain(element.attributes.get("name", ""))
    return _model(element, name, specs, root, dialect, findings)


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


def _dimensions(root: Element, findings: list[Diagnostic], unread: list[Unread]) -> tuple[Dimension, ...]:
    """``<dim>`` elements, by the names of their elements or by their number."""
    found: list[Dimension] = []
    for group in root.all("dimensions"):
        for dim in group.all("dim"):
            with recovering(findings, unread, partial(Unread, plain(dim.attributes.get("name", "")), True)):
                found.append(_dimension(dim))
    return tuple(found)


_LARGEST = 1_000_000


def _dimension(dim: Element) -> Dimension:
    elements = tuple(plain(elem.attributes.get("name", "")) for elem in dim.all("elem"))
    size = dim.attributes.get("size", "").strip().lstrip("0")
    if not elements and size.isdecimal() and len(size) < 10 and int(size) <= _LARGEST:
        elements = tuple(str(number) for number in range(1, int(size) + 1))
    name = dim.attributes.get("name", "")
    if not (name and elements):
        advice = "Give it a name, and elements or a size."
        raise error(
            "PEN101", dim.span, expected="a dimension with elements", found=f"<dim {name}>", advice=advice
        )
    mappings = tuple(DimensionMapping(plain(item.text), span=item.span) for item in dim.all("isee:maps_to"))
    return Dimension(plain(name), elements, mappings, span=dim.span)
