"""XMILE 1.0: what the standard and its schema have room for, and what Stella and others add to them.

What a reader kept of an XMILE file that says nothing about the model (`read.xmile.kept`) is given back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...builtins import BUILTINS
from ...builtins.time import CLOCK_SPELLINGS, DT
from ...expr import Expr, Number, Reference, Unary
from ...model import Model, SimSpecs, Stock, canonical
from ...passes.dimensions import dimensions
from ...read.dialects import XMILE, XMILE_VENSIM
from ...read.xmile.kept import FORMAT
from ...read.xmile.markup import FORBIDDEN, Node, printed
from ..expression import Printer, number
from ..foreign import list_foreign
from ..losses import Losses, Written
from .context import Context, give_back
from .functions import OF_VENSIM
from .parts import write_dimensions, write_macro, write_modules, write_units
from .renaming import calls, without_clashes
from .variables import write_variables
from .views import write_views

NAMESPACE = "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"
_NAMESPACES = {"isee": "http://iseesystems.com/XMILE", "simlin": "https://simlin.com/XMILE/v1.0"}


def write_xmile(model: Model) -> Written:
    """The model as an XMILE file, with all that is lost."""
    losses = Losses("XMILE")
    model = without_clashes(model, losses)
    macros = frozenset(macro.ident for macro in model.macros)
    of_vensim = _of_vensim(model, losses)
    printer = Printer(replace(XMILE_VENSIM if of_vensim else XMILE, macros=macros), losses)
    context = Context(printer, losses, dimensions(model.dimensions, []))
    root = Node("xmile", {"version": "1.0", "xmlns": NAMESPACE})
    _header(root, model, context)
    if of_vensim:
        root.child("header").child("options").attributes["namespace"] = "vensim, std"
    _specs(root, model.specs, context)
    write_units(root, model.units, context)
    write_dimensions(root, model.dimensions, context)
    for macro in model.macros:
        write_macro(root, macro, context)
    _model(root, model, context, model.specs)
    for submodel in model.submodels:
        _model(root, submodel, context, model.specs)
    give_back(root, model.kept, "file")
    _declare_prefixes(root)
    _unfit(root, losses)
    list_foreign(model, FORMAT, losses)
    text = printed(root, "\n")
    head = "".join(f"<!-- {comment} -->\n" for comment in _comments(model))
    return Written(f'<?xml version="1.0" encoding="utf-8"?>\n{head}{text}\n', tuple(losses.found))


def _comments(model: Model) -> Iterator[str]:
    """The comments that a file had anywhere; XML allows no two hyphens in one."""
    for item in model.kept:
        if item.format == FORMAT and item.part == "comment":
            yield re.sub("-(?=-)", "- ", FORBIDDEN.sub("\ufffd", item.text))


def _of_vensim(model: Model, losses: Losses) -> bool:
    """Whether the model has functions of Vensim's that go by the names of others in XMILE; the standard's option
    `namespace` says whose names count first."""
    found = False
    for call in calls(model):
        row = BUILTINS.get(OF_VENSIM.get(call.function, call.function))
        if row is not None and row.xmile_vensim and not row.xmile:
            found = True
            instead = (
                f"{row.xmile_vensim[0]} of the namespace vensim, which some tools take for their own function"
            )
            losses.written_as(
                f"Vensim's {row.mdl[0] if row.mdl else row.xmile_vensim[0]}", instead, call.span
            )
    return found


def _header(root: Node, model: Model, context: Context) -> None:
    """Who wrote the file, and which optional parts of the standard it needs."""
    from ... import __version__

    header = root.element("header")
    header.element("vendor", "Penstock")
    context.text(header, "name", model.name, "the model's name")
    options = header.element("options")
    models = (model, *model.submodels)
    stocks = [item for part in models for item in part.variables if isinstance(item, Stock)]
    if any(stock.conveyor for stock in stocks):
        options.element("uses_conveyor")
    if any(stock.queue for stock in stocks):
        options.element("uses_queue")
    if model.submodels:
        options.element("uses_submodels")
    if model.macros:
        options.element("uses_macros", references_macros="false", option_filters="false")
    most = max((_rank(model) for model in models), default=0)
    if most:
        options.element("uses_arrays", max_dimensions=str(most))
    if not options.content:
        header.content.remove(options)
    header.element("product", "Penstock", version=__version__, lang="en")


def _rank(model: Model) -> int:
    ranks = (
        max(len(item.dims), *(len(equation.subscripts) for equation in item.equations), 0)
        for item in model.variables
    )
    return max(ranks, default=0)


def _specs(parent: Node, specs: SimSpecs, context: Context) -> None:
    """The standard has no save step; Stella's attribute says it."""
    node = parent.element("sim_specs", method=specs.method)
    if specs.time_units:
        node.attributes["time_units"] = specs.time_units
    step = specs.save_step
    if isinstance(step, Reference) and CLOCK_SPELLINGS.get(canonical(step.name)) == DT:
        step = None  # dt is the save step where none is given
    if isinstance(step, Number):
        node.attributes["isee:save_interval"] = number(step.value)
    node.element("start", _setting(specs.start, "the start time", context))
    node.element("stop", _setting(specs.stop, "the stop time", context))
    if isinstance(specs.dt, Number) and (steps := _steps(specs.dt.value)):
        node.element("dt", str(steps), reciprocal="true")
    else:
        node.element("dt", _setting(specs.dt, "dt", context))
    if step is not None and not isinstance(step, Number):
        node.element("isee:save_interval", _setting(step, "the save step", context))


def _setting(expr: Expr, what: str, context: Context) -> str:
    """The standard wants numbers; Penstock reads equations too."""
    bare = expr.operand if isinstance(expr, Unary) else expr
    if not isinstance(bare, Number):
        what = f"{what} as an equation"
        context.losses.written_as(what, "an equation that other tools may refuse", expr.span)
    return context.expression(expr)


def _steps(dt: float) -> int:
    """How many time steps a unit of time has, where no short decimal says dt; else 0."""
    steps = round(1 / dt) if 1e-6 < dt < 1 else 0
    return steps if steps and 1 / steps == dt and len(number(dt)) > _SHORT else 0


_SHORT = len("0.0078125")


def _model(root: Node, model: Model, context: Context, specs: SimSpecs) -> None:
    """The main model has no name; a submodel has its own specs where they are others than the file's."""
    is_main = root_model(root) is None
    node = root.element("model", **({} if is_main else {"name": model.name}))
    if model.specs != specs:
        _specs(node, model.specs, context)
    context.text(node, "doc", model.documentation, "the model's documentation")
    variables = node.element("variables")
    write_variables(variables, model, context)
    write_modules(variables, model.modules, context)
    _groups(variables, model, context)
    write_views(node, model, context)
    give_back(node, model.kept, "model")
    node.content.sort(key=lambda part: _ORDER.get(part.tag, 0) if isinstance(part, Node) else 0)


_ORDER = {"sim_specs": -4, "behavior": -3, "doc": -2, "variables": -1, "views": 1}
"""The order of the schema; a vendor's own parts stand before the views, as anywhere."""


def root_model(root: Node) -> Node | None:
    return next((child for child in root.children() if child.tag == "model"), None)


def _groups(parent: Node, model: Model, context: Context) -> None:
    """``<group>`` with its variables, in the order of the model's groups, then of the variables."""
    nodes: dict[str, Node] = {}
    for group in model.groups:
        node = parent.element("group", name=group.name)
        context.text(node, "doc", group.documentation, f"the documentation of group {group.name}")
        nodes.setdefault(canonical(group.name), node)
    for variable in model.variables:
        if variable.group:
            ident = canonical(variable.group)
            if ident not in nodes:
                nodes[ident] = parent.element("group", name=variable.group)
            nodes[ident].element("entity", name=variable.name)


def _declare_prefixes(root: Node) -> None:
    """Declare the prefixes of namespaces that are used; files use some that they never declare."""
    for prefix in sorted(set(_prefixes(root)) - {"xml", "xmlns"}):
        root.attributes.setdefault(f"xmlns:{prefix}", _NAMESPACES.get(prefix, f"urn:{prefix}"))


def _prefixes(node: Node) -> Iterator[str]:
    stack = [node]
    while stack:
        current = stack.pop()
        yield from (key.partition(":")[0] for key in (current.tag, *current.attributes) if ":" in key)
        stack.extend(current.children())


def _unfit(root: Node, losses: Losses) -> None:
    """List the characters that XML 1.0 cannot hold."""
    stack = [root]
    while stack:
        node = stack.pop()
        texts: Iterable[str] = (*node.attributes.values(), *(p for p in node.content if isinstance(p, str)))
        for found in (match[0] for text in texts for match in FORBIDDEN.finditer(text)):
            losses.written_as(f"the character U+{ord(found):04X}", "U+FFFD")
        stack.extend(node.children())
