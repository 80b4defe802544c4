"""What XMILE files say besides the model (looks, preferences, dashboards), kept for when one is written again.

`Said` rows tell what the reader takes of an element; all else of it is kept: attributes, children, and the
elements that these stand in. So whatever a vendor adds survives, and nothing is kept that a `Model` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...model import Kept, canonical
from .markup import Node, node_of, printed
from .tree import Element

FORMAT = "xmile"

IDENTITY = ("name", "subscript")
"""The attributes that tell an element from others of its tag; they are kept along with anything else of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is read of an element: `attributes`, children as a `whole`, and children that are looked into; but none of
    the children that `unless` is true for."""

    attributes: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    inside: Mapping[str, Said] = field(default_factory=dict)
    unless: Callable[[Element], bool] = lambda _: False


_VARIABLES = ("stock", "flow", "aux", "gf")
_POINTS = Said(("type", "discrete"), ("xscale", "yscale", "xpts", "ypts"))
_EQUATION = ("eqn", "init_eqn", "mathml")  # MathML is to say the same as the equation
_CONVEYOR = Said(
    ("discrete", "exponential_leak", "one_at_a_time", "batch_integrity"),
    ("len", "capacity", "in_limit", "sample", "arrest"),
)

VARIABLE = Said(
    ("access", "leak_start", "leak_end", *_POINTS.attributes),
    (
        *_EQUATION,
        *_POINTS.whole,
        *("units", "doc", "dimensions", "inflow", "outflow", "non_negative", "queue", "overflow", "leak"),
    ),
    {
        "range": Said(("min", "max")),
        "gf": _POINTS,
        "conveyor": _CONVEYOR,
        "element": Said(whole=_EQUATION, inside={"gf": _POINTS}),
    },
)

MODULE = Said(whole=("connect", "connect2", "units", "doc"))

_VARIABLE_LIST = Said(
    whole=(*_VARIABLES, "module"),
    inside={"group": Said(whole=("var", "entity", "doc"))},
    unless=lambda child: child.tag == "group" and not any(child.all("var", "entity", "doc")),
)

MACRO = Said(whole=("parm", "eqn", "doc"), inside={"variables": _VARIABLE_LIST})

_CLOCK = ("savestep", "save_step", "isee:save_interval", "save_interval", "time_units")
_SPECS = Said(("method", *_CLOCK), ("start", "stop", "dt", *_CLOCK))

_BEHAVIOR = Said(
    whole=("non_negative",), inside={kind: Said(whole=("non_negative",)) for kind in ("stock", "flow")}
)

_OPTIONS = Said(
    inside={
        "uses_conveyor": Said(("arrest", "leak")),
        "uses_queue": Said(("overflow",)),
        "uses_arrays": Said(("max_dimensions",)),
        "uses_submodels": Said(),
        "uses_macros": Said(("references_macros", "recursive_macros", "option_filters")),
    }
)

_UNITS = Said(
    inside={"unit": Said(whole=("eqn", "alias"))},
    unless=lambda unit: unit.attributes.get("disabled", "").strip().lower() == "true",
)

ROOT = Said(
    ("version", "xmlns"),
    ("macro", "model"),
    {
        "header": Said(whole=("vendor", "name", "product"), inside={"options": _OPTIONS}),
        "sim_specs": _SPECS,
        "behavior": _BEHAVIOR,
        "dimensions": Said(inside={"dim": Said(("size",), ("elem", "isee:maps_to"))}),
        "model_units": _UNITS,
    },
)


def model_row(views: Said) -> Said:
    """A model, of which `views` are read."""
    return Said(
        whole=(*_VARIABLES, "module", "doc"),
        inside={"sim_specs": _SPECS, "behavior": _BEHAVIOR, "variables": _VARIABLE_LIST, "views": views},
    )


_REMARK = re.compile(r'"(?:[^"\\]|\\.)*+"|(\{[^{}]*+\})')


def remarks(element: Element) -> tuple[Kept, ...]:
    """The remarks in the equations of a variable, in braces; the part is `remark` and the equation's subscripts."""
    found = []
    for place in (element, *element.all("element")):
        texts = [match[1] for match in _REMARK.finditer(place.text_of("eqn")) if match[1]]
        if texts:
            found.append(Kept(FORMAT, remark_of(place.attributes.get("subscript", "")), " ".join(texts)))
    return tuple(found)


def remark_of(subscript: str) -> str:
    """The part of a file that a remark in an equation is."""
    return f"remark {','.join(map(canonical, subscript.split(',')))}"


def kept(part: str, element: Element, said: Said) -> tuple[Kept, ...]:
    """What is kept of an element, if there is anything."""
    text = rest(element, said)
    return (Kept(FORMAT, part, text),) if text else ()


def rest(element: Element, said: Said) -> str:
    """What is not read of an element, as an element; empty where all is."""
    node = _rest(element, said)
    return printed(node) if node else ""


def _rest(element: Element, said: Said) -> Node | None:
    taken = (*IDENTITY, *said.attributes)
    attributes = {key: value for key, value in element.attributes.items() if key not in taken}
    content: list[Node | str] = []
    for child in element.children:
        if child.tag not in (*said.inside, *said.whole) or said.unless(child):
            node: Node | None = node_of(child)
        else:
            node = _rest(child, said.inside[child.tag]) if child.tag in said.inside else None
        if node:
            content.append(node)
    if not (attributes or content):
        return None
    identity = {key: value for key, value in element.attributes.items() if key in IDENTITY}
    return Node(element.tag, identity | attributes, content)
