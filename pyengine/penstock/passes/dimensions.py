"""Dimensions: subranges spelled out, other names for a dimension, and which elements stand for which.

A mapping ties each element of one dimension to elements of another. `corresponding` answers the one question
that equations ask: what an element of a dimension that an equation runs over means where another dimension
is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..errors import Diagnostic, finding
from ..model import Dimension, DimensionMapping, Ident, canonical
from .symbols import Dim


@dataclass(frozen=True)
class Dimensions:
    """`elements` gives for each element the widest dimension it belongs to, and its position there."""

    dims: dict[Ident, Dim] = field(default_factory=dict)
    elements: dict[Ident, tuple[Ident, int]] = field(default_factory=dict)
    links: dict[Ident, list[tuple[Ident, Ident]]] = field(
        default_factory=dict
    )  # element → (dimension, element)

    mapped: dict[tuple[Ident, Ident], dict[Ident, Ident | None]] = field(
        default_factory=dict
    )  # (from, to) → element → element; None where a mapping gives it several

    def corresponding(self, element: Ident, dim: Dim) -> Ident | None:
        """The element of `dim` that an element of another dimension stands for: itself, or by a mapping."""
        if element in dim.places:
            return element
        found = {
            other
            for target, other in self.links.get(element, ())
            if other in dim.places and self._fits(target, dim)
        }
        return found.pop() if len(found) == 1 else None

    def through(self, elements: tuple[Ident, ...], source: Ident, dim: Dim) -> tuple[Ident, ...] | None:
        """What elements of the dimension `source` mean where `dim` is written; None where one means nothing.

        A mapping between just these two says so before anything else: in ``next: b, c -> before``, with
        ``before: a, b``, the b of one is the a of the other.
        """
        if elements is dim.elements or source == dim.ident:
            return elements
        direct = self.mapped.get((source, dim.ident))
        found = [
            self.corresponding(element, dim) if direct is None else direct.get(element)
            for element in elements
        ]
        return None if None in found else tuple(element for element in found if element is not None)

    def _fits(self, target: Ident, dim: Dim) -> bool:
        """Whether a mapping to `target` says something about `dim`: it is the same, or a part of it."""
        return target == dim.ident or set(dim.elements) <= set(self.dims[target].elements)


def dimensions(declared: tuple[Dimension, ...], findings: list[Diagnostic]) -> Dimensions:
    """What a model declares; subranges may be declared before what they are parts of."""
    by_ident: dict[Ident, Dimension] = {}
    for dimension in declared:
        if dimension.ident in by_ident:
            findings.append(finding("PEN202", dimension.span, name=dimension.name))
        by_ident.setdefault(dimension.ident, dimension)
    made = Dimensions()
    for dimension in by_ident.values():
        names = _names(dimension, by_ident, frozenset())
        if names is None:
            findings.append(
                finding(
                    "PEN205",
                    dimension.span,
                    name=dimension.name,
                    path=dimension.name,
                    advice="List elements.",
                )
            )
            continue
        if not names:  # another name for a dimension that there is not
            advice = "Declare it, or list the elements here."
            name = dimension.same_as or dimension.name
            findings.append(finding("PEN211", dimension.span, name=name, advice=advice))
            continue
        idents = tuple(map(canonical, names))
        made.dims[dimension.ident] = Dim(
            dimension.ident, dimension.name, idents, tuple(names), dimension.span
        )
        for position, element in enumerate(idents):
            known = made.elements.get(element)
            if known is None or len(made.dims[known[0]].elements) < len(idents):
                made.elements[element] = dimension.ident, position
    for dimension in by_ident.values():
        for mapping in dimension.mappings:
            _link(dimension, mapping, made, findings)
    return made


def _names(
    dimension: Dimension, by_ident: Mapping[Ident, Dimension], seen: frozenset[Ident]
) -> list[str] | None:
    """Element names, ranges among them replaced by theirs; None for one that contains itself."""
    if dimension.ident in seen:
        return None
    seen |= {dimension.ident}
    if dimension.same_as and (original := by_ident.get(canonical(dimension.same_as))) is not None:
        return _names(original, by_ident, seen)
    names: list[str] = []
    for element in dimension.elements:
        inner = by_ident.get(canonical(element))
        if inner is None or inner.ident == dimension.ident:
            names.append(element)
            continue
        below = _names(inner, by_ident, seen)
        if below is None:
            return None
        names += below
    return names


def _link(
    dimension: Dimension, mapping: DimensionMapping, made: Dimensions, findings: list[Diagnostic]
) -> None:
    """Enter a mapping in both directions."""
    source, target = made.dims.get(dimension.ident), made.dims.get(canonical(mapping.target))
    if source is None:
        return
    if target is None:
        advice = "Declare the dimension that is mapped to."
        findings.append(finding("PEN211", mapping.span, name=mapping.target, advice=advice))
        return
    groups = list(_groups(mapping, target, made))
    if len(groups) != len(source.elements):
        what = f"the {len(source.elements)} elements of {source.name}"
        advice = "Map each of them."
        findings.append(finding("PEN212", mapping.span, found=len(groups), expected=what, advice=advice))
        return
    for element, group in zip(source.elements, groups, strict=True):
        for other in group:
            made.links.setdefault(element, []).append((target.ident, other))
            made.links.setdefault(other, []).append((source.ident, element))
    there = made.mapped.setdefault((source.ident, target.ident), {})
    back = made.mapped.setdefault((target.ident, source.ident), {})
    for element, group in zip(source.elements, groups, strict=True):
        there[element] = group[0] if len(group) == 1 and there.get(element) in (None, group[0]) else None
        for other in group:
            back[other] = element if back.get(other, element) == element else None


def _groups(mapping: DimensionMapping, target: Dim, made: Dimensions) -> Iterator[tuple[Ident, ...]]:
    """For each element of the source, in order, the elements of the target."""
    if not mapping.elements:
        yield from ((element,) for element in target.elements)
    for name in mapping.elements:
        ident = canonical(name)
        yield made.dims[ident].elements if ident in made.dims else (ident,)
