"""XMILE's ``<module>``: a submodel in its place, and what its inputs are connected to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...errors import Diagnostic, error, finding
from ...model import Connection, Ident, Model, Module, canonical
from ..dialects import plain
from ..recovery import recovering, report
from .kept import MODULE, kept
from .tree import Element


def read_modules(model: Element, findings: list[Diagnostic]) -> Iterator[Module]:
    """The modules of a model, in order."""
    for place in (model, *model.all("variables")):
        for element in place.all("module"):
            with recovering(findings):
                yield _module(element)


def _module(element: Element) -> Module:
    name = plain(element.attributes.get("name", ""))
    if not name:
        advice = 'Give it a name: <module name="…">.'
        raise error("PEN101", element.span, expected="the name of a module", found="none", advice=advice)
    if element.attributes.get("resource", "").strip():
        construct = f"the module {name} in a file of its own"
        advice = "Put its <model> into this file, and remove the attribute `resource`."
        raise error("PEN401", element.span, construct=construct, advice=advice)
    if element.get("dimensions") is not None:
        advice = "Write a module for each element."
        raise error("PEN401", element.span, construct=f"the array of modules {name}", advice=advice)
    return Module(
        name,
        _model_name(element),
        tuple(_connections(element)),
        element.text_of("units"),
        element.text_of("doc"),
        element.span,
        kept("module", element, MODULE),
    )


def _model_name(element: Element) -> str:
    """The model that the module holds, where a tool says so; in the standard it has the module's name."""
    found = (value for key, value in element.attributes.items() if key.rpartition(":")[2] == "model_name")
    return plain(next(found, ""))


def _connections(element: Element) -> Iterator[Connection]:
    """``<connect to from>``; Stella says the same again as ``<connect2>``."""
    rows = list(element.all("connect")) or list(element.all("connect2"))
    for row in rows:
        target, source = (row.attributes.get(key, "").strip() for key in ("to", "from"))
        if not (target and source):
            advice = 'Write <connect to="module.input" from="variable"/>.'
            raise error("PEN101", row.span, expected="`to` and `from`", found="less", advice=advice)
        yield Connection(target, source, row.span)


def report_models(
    main: Model, submodels: Iterable[Model], elements: Iterable[Element], findings: list[Diagnostic]
) -> None:
    """Errors for models of the same name, warnings for those that no module holds."""
    models = (main, *submodels)
    held = {canonical(module.model or module.name) for model in models for module in model.modules}
    seen: set[Ident] = set()
    for model, element in zip(models[1:], elements, strict=True):
        ident = canonical(model.name)
        if ident in seen:
            report(findings, finding("PEN202", element.span, name=model.name or "a model without a name"))
        elif ident not in held and ident.rpartition(".")[2] not in held:
            construct = f"the model {model.name or 'without a name'}"
            advice = "No module holds it."
            report(findings, finding("PEN403", element.span, construct=construct, advice=advice))
        seen.add(ident)
